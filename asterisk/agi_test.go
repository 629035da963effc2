package asterisk

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

func TestReadAGI(t *testing.T) {
	in := "agi_network: yes\nagi_network_script: ask\nagi_request: agi://127.0.0.1:4575/ask\nagi_channel: PJSIP/201-00000001\nagi_language: en\n" +
		"agi_uniqueid: 1771812720.2\nagi_version: 22.10.1\nagi_callerid: 201\nagi_calleridname: Een: twee\nagi_dnid: unknown\nagi_rdnis: unknown\nagi_accountcode: \n" +
		"agi_arg_1: key=1&number=0032\r\nagi_arg_2: \n\nSET VARIABLE"
	r := bufio.NewReader(strings.NewReader(in))
	a, err := ReadAGI(r)
	if err != nil || a.Script != "ask" || a.Channel != "PJSIP/201-00000001" || a.UniqueID != "1771812720.2" || a.Caller != "201" || a.Name != "Een: twee" || a.Diverted != "" ||
		len(a.Args) != 2 || a.Args[0] != "key=1&number=0032" {
		t.Errorf("%+v %v", a, err)
	}
	if rest, _ := r.ReadString(0); rest != "SET VARIABLE" {
		t.Errorf("read beyond the empty line: %q is left", rest)
	}
	for name, in := range map[string]string{
		"no header": "GET / HTTP/1.1\n\n", "cut off": "agi_network: yes\n", "long line": "agi_arg_1: " + strings.Repeat("x", 9000) + "\n\n",
		"many lines": strings.Repeat("agi_arg_1: x\n", 200) + "\n", "much": strings.Repeat("agi_arg_1: "+strings.Repeat("x", 8000)+"\n", 9) + "\n", "nothing": "",
	} {
		if _, err := ReadAGI(bufio.NewReader(strings.NewReader(in))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAGIReply(t *testing.T) {
	for in, want := range map[string]AGIReply{
		"200 result=1\n":                          {200, "1", ""},
		"200 result=1 (a (b) c)\r\n":              {200, "1", "a (b) c"},
		"HANGUP\n200 result=-1\n":                 {200, "-1", ""},
		"510 Invalid or unknown command\n":        {Code: 510},
		"520-Invalid command syntax.  Proper …\n": {Code: 520},
	} {
		if got, err := ReadAGIReply(bufio.NewReader(strings.NewReader(in))); err != nil || got != want {
			t.Errorf("%q: %+v %v", in, got, err)
		}
	}
	for _, in := range []string{"\n", "x\n", "20", "HANGUP\n"} {
		if got, err := ReadAGIReply(bufio.NewReader(strings.NewReader(in))); err == nil {
			t.Errorf("%q: %+v", in, got)
		}
	}
}

func TestAppendAGI(t *testing.T) {
	got := string(AppendAGI(nil, "SET VARIABLE"[:3], "VARIABLE", "X", "a b\r\nHANGUP\x00\"\\"))
	if want := "SET VARIABLE X \"a bHANGUP\"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := string(AppendPlain(nil, "a\nb,c d:1${X}", 5)); got != "abcd:" {
		t.Errorf("%q", got)
	}
}

// FuzzAGI: any session's beginning is read without harm, and whatever is written is one line with quotes that match.
func FuzzAGI(f *testing.F) {
	f.Add("agi_network: yes\nagi_arg_1: number=0032\n\n", "200 result=1 (x)")
	f.Add("agi_x\n", "HANGUP\n\"\\\x00")
	f.Fuzz(func(t *testing.T, in, word string) {
		if a, err := ReadAGI(bufio.NewReader(strings.NewReader(in))); err == nil && len(a.Args) > maxAGILines {
			t.Errorf("%d arguments", len(a.Args))
		}
		_, _ = parseAGIReply(word)
		line := AppendAGI(nil, "SET", "VARIABLE", "X", word)
		if n := bytes.IndexAny(line, "\r\n\x00"); n != len(line)-1 || bytes.Count(line, []byte{'"'})%2 != 0 || bytes.IndexByte(line, '\\') >= 0 || len(line) > len(word)+20 {
			t.Errorf("%q", line)
		}
		if p := AppendPlain(nil, word, 16); len(p) > 16 || len(p) > 0 && !Plain(string(p)) {
			t.Errorf("%q", p)
		}
	})
}
