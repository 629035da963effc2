package asterisk

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/belwacht/belwacht"
)

// Bounds on what the manager interface may send. Asterisk's longest events have some 60 headers and 3 KB.
const (
	maxAMILine    = 8192  // bytes of one line, its end counted in
	maxAMIMessage = 65536 // bytes of one message
	maxAMIHeaders = 512
)

// Message is one message of the manager interface: an event or the response to an action. What its methods return are views into it, valid until the
// next Read into it. All values are the PBX's own words and those of callers: they can hold anything but a line break.
type Message struct {
	text    []byte
	headers []header
}

// header is where in the text one header stands.
type header struct{ name, colon, value, end int32 }

// Get is the value of the first header of a name, nil where there is none. Names are written as Asterisk writes them.
func (m *Message) Get(name string) []byte {
	for _, h := range m.headers {
		if string(m.text[h.name:h.colon]) == name {
			return m.text[h.value:h.end]
		}
	}
	return nil
}

// Is says whether the first header of a name has a value.
func (m *Message) Is(name, value string) bool { return string(m.Get(name)) == value }

// Kind is the name of an event; nil for a response.
func (m *Message) Kind() []byte {
	if len(m.headers) == 0 || string(m.text[m.headers[0].name:m.headers[0].colon]) != "Event" {
		return nil
	}
	return m.text[m.headers[0].value:m.headers[0].end]
}

// Variable is the value of a channel's variable among the repeated headers of a name, such as ChanVariable or DestChanVariable: NAME=VALUE. Nil where
// the message does not have it.
func (m *Message) Variable(header, name string) []byte {
	for _, h := range m.headers {
		if string(m.text[h.name:h.colon]) != header {
			continue
		}
		v := m.text[h.value:h.end]
		if len(v) > len(name) && v[len(name)] == '=' && string(v[:len(name)]) == name {
			return v[len(name)+1:]
		}
	}
	return nil
}

// Len is how many headers the message has, repeated ones counted in.
func (m *Message) Len() int { return len(m.headers) }

// AMI reads messages of the manager interface from a connection. It is for one goroutine and allocates only as a message grows beyond all before it.
type AMI struct {
	r      *bufio.Reader
	wanted func(event []byte) bool
	// Skipped are events that nobody wanted, TooLarge are messages that were dropped for their size.
	Skipped, TooLarge int64
}

// NewAMI makes a reader of r. wanted says by an event's name whether the event is read; nil = all are. Responses always are.
func NewAMI(r io.Reader, wanted func(event []byte) bool) *AMI {
	return &AMI{r: bufio.NewReaderSize(r, maxAMILine), wanted: wanted}
}

// Banner reads the line by which Asterisk greets, Asterisk Call Manager/VERSION, and returns the version. An error of code Invalid says that something
// else answers there; the reader's own errors come as they are.
func (a *AMI) Banner() (string, error) {
	line, err := a.r.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		return "", err
	}
	version, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r\n"), "Asterisk Call Manager/")
	if !ok || len(version) > 32 {
		return "", belwacht.Errorf(belwacht.Invalid, "what answers there is no manager interface of Asterisk: it does not say Asterisk Call Manager")
	}
	return version, nil
}

// Read reads the next message that is wanted into m. A message that is too large is passed over and counted; lines that are no header are left out. The
// errors are the reader's own; what has come of a message by then is lost.
func (a *AMI) Read(m *Message) error {
	for {
		m.text, m.headers = m.text[:0], m.headers[:0]
		keep, fits := true, true
		for {
			line, whole, err := a.line()
			if err != nil {
				return err
			}
			if !whole {
				fits = false
				continue
			}
			if len(line) == 0 {
				break
			}
			if !keep || !fits {
				continue
			}
			fits = m.add(line)
			if len(m.headers) == 1 && a.wanted != nil {
				if event := m.Kind(); event != nil && !a.wanted(event) {
					keep = false
				}
			}
		}
		switch {
		case !fits:
			a.TooLarge++
		case !keep:
			a.Skipped++
		case len(m.headers) > 0:
			return nil
		}
	}
}

// line reads one line without its end; whole says that it fitted.
func (a *AMI) line() (line []byte, whole bool, err error) {
	line, err = a.r.ReadSlice('\n')
	whole = true
	for errors.Is(err, bufio.ErrBufferFull) {
		whole = false
		_, err = a.r.ReadSlice('\n')
	}
	if err != nil {
		return nil, false, err
	}
	if !whole {
		return nil, false, nil
	}
	line = line[:len(line)-1]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, true, nil
}

// add keeps a line as a header; false where the message gets too large by it.
func (m *Message) add(line []byte) bool {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return true
	}
	at := len(m.text)
	if at+len(line) > maxAMIMessage || len(m.headers) >= maxAMIHeaders {
		return false
	}
	m.text = append(m.text, line...)
	value := colon + 1
	if value < len(line) && line[value] == ' ' {
		value++
	}
	m.headers = append(m.headers, header{int32(at), int32(at + colon), int32(at + value), int32(at + len(line))})
	return true
}

// AppendAction appends one action for the manager interface: its name, its id, and headers as pairs of name and value. Control characters (CR, LF and NUL
// among them) are left out, so that no value can become a header or an action of its own.
func AppendAction(dst []byte, action, id string, headers ...string) []byte {
	dst = appendHeader(dst, "Action", action)
	dst = appendHeader(dst, "ActionID", id)
	for i := 0; i+1 < len(headers); i += 2 {
		dst = appendHeader(dst, headers[i], headers[i+1])
	}
	return append(dst, '\r', '\n')
}

func appendHeader(dst []byte, name, value string) []byte {
	dst = appendSafe(dst, name)
	dst = append(dst, ':', ' ')
	dst = appendSafe(dst, value)
	return append(dst, '\r', '\n')
}

func appendSafe(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= ' ' && c != 0x7f {
			dst = append(dst, c)
		}
	}
	return dst
}
