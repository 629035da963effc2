package asterisk

import (
	"bufio"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// Bounds on what a FastAGI client may send before its request is complete. Asterisk sends about 25 lines.
const (
	maxAGILines = 160  // 30 of its own and at most 128 arguments
	maxAGILine  = 8192 // bytes of one line
	maxAGIBytes = 32768
)

// AGI is the environment that Asterisk sends as an AGI session begins (res/res_agi.c, setup_env): agi_NAME: VALUE, a line each, and an empty line at
// the end. Values are the PBX's own words and those of callers: they can hold anything but a line break.
type AGI struct {
	Script      string // agi_network_script: the path of the agi:// address
	Channel     string
	UniqueID    string
	Caller      string // agi_callerid: the number presented; "" where it is unknown
	Name        string // agi_calleridname
	Diverted    string // agi_rdnis: who sent the call on; names the phone that answered 302
	AccountCode string
	Args        []string // agi_arg_1 …, at most 128
}

// ReadAGI reads the environment of one session from r, and nothing behind it. Lines that are too long, too many or no header are an error of code
// Invalid; the reader's own errors come as they are. It does not wait longer than r does: whoever reads from a network sets a deadline.
func ReadAGI(r *bufio.Reader) (AGI, error) {
	var a AGI
	total := 0
	for range maxAGILines {
		line, err := readAGILine(r)
		if err != nil {
			return a, err
		}
		if total += len(line); total > maxAGIBytes {
			break
		}
		if line == "" {
			return a, nil
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !strings.HasPrefix(name, "agi_") {
			return a, belwacht.Errorf(belwacht.Invalid, "a line of an AGI session's beginning is no agi_NAME: VALUE")
		}
		a.set(name[4:], strings.TrimPrefix(value, " "))
	}
	return a, belwacht.Errorf(belwacht.Invalid, "the beginning of an AGI session is longer than %d lines or %d bytes", maxAGILines, maxAGIBytes)
}

// set keeps one header. "unknown" is how Asterisk writes what it does not have.
func (a *AGI) set(name, value string) {
	if value == "unknown" {
		value = ""
	}
	switch name {
	case "network_script":
		a.Script = value
	case "channel":
		a.Channel = value
	case "uniqueid":
		a.UniqueID = value
	case "callerid":
		a.Caller = value
	case "calleridname":
		a.Name = value
	case "rdnis":
		a.Diverted = value
	case "accountcode":
		a.AccountCode = value
	default:
		if strings.HasPrefix(name, "arg_") {
			a.Args = append(a.Args, value)
		}
	}
}

// readAGILine reads one line without its end, LF or CRLF.
func readAGILine(r *bufio.Reader) (string, error) {
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(long)+len(part) > maxAGILine {
			return "", belwacht.Errorf(belwacht.Invalid, "a line of an AGI session is longer than %d bytes", maxAGILine)
		}
		if err == bufio.ErrBufferFull {
			long = append(long, part...)
			continue
		}
		if err != nil {
			return "", err
		}
		if long != nil {
			part = append(long, part...)
		}
		return strings.TrimSuffix(string(part[:len(part)-1]), "\r"), nil
	}
}

// AGIReply is what Asterisk answers to one command.
type AGIReply struct {
	Code   int    // 200 done, 510 no such command, 511 not on a dead channel, 520 wrong use
	Result string // behind result=, such as 1 or -1
	Data   string // in parentheses, such as a variable's value
}

// ReadAGIReply reads the answer to one command. A HANGUP line, which Asterisk puts between as the caller goes, is passed over once; the usage text of a
// 520- answer is left unread, since nobody goes on after it.
func ReadAGIReply(r *bufio.Reader) (AGIReply, error) {
	line, err := readAGILine(r)
	if err == nil && line == "HANGUP" {
		line, err = readAGILine(r)
	}
	if err != nil {
		return AGIReply{}, err
	}
	return parseAGIReply(line)
}

// parseAGIReply reads NNN result=R (DATA), where data may hold spaces and parentheses.
func parseAGIReply(line string) (AGIReply, error) {
	if len(line) < 3 || strings.Trim(line[:3], "0123456789") != "" {
		return AGIReply{}, belwacht.Errorf(belwacht.Invalid, "an AGI answer does not begin with a code of three digits")
	}
	var a AGIReply
	a.Code, _ = strconv.Atoi(line[:3])
	_, rest, ok := strings.Cut(line, "result=")
	if !ok {
		return a, nil
	}
	a.Result, rest, _ = strings.Cut(rest, " ")
	if strings.HasPrefix(rest, "(") {
		if end := strings.LastIndexByte(rest, ')'); end > 0 {
			a.Data = rest[1:end]
		}
	}
	return a, nil
}

// AppendAGI appends one command as one line: its words with a space between, each that needs it in quotes. Control characters (CR, LF and NUL among
// them), double quotes and backslashes are left out of words, so that no word can become two, or a line of its own.
func AppendAGI(dst []byte, words ...string) []byte {
	for i, w := range words {
		if i > 0 {
			dst = append(dst, ' ')
		}
		quoted := !Plain(w)
		if quoted {
			dst = append(dst, '"')
		}
		for j := 0; j < len(w); j++ {
			if c := w[j]; c >= ' ' && c != 0x7f && c != '"' && c != '\\' {
				dst = append(dst, c)
			}
		}
		if quoted {
			dst = append(dst, '"')
		}
	}
	return append(dst, '\n')
}

// Plain says whether a word means nothing but itself wherever Asterisk reads it: letters, digits and any of . _ + : -, at least one. Words of other
// characters must not be written into a dial plan.
func Plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if !plain(s[i]) {
			return false
		}
	}
	return s != ""
}

// AppendPlain appends what of s is plain, at most max bytes.
func AppendPlain(dst []byte, s string, max int) []byte {
	for i := 0; i < len(s) && max > 0; i++ {
		if plain(s[i]) {
			dst = append(dst, s[i])
			max--
		}
	}
	return dst
}

func plain(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '.' || c == '_' || c == '+' || c == ':' || c == '-'
}
