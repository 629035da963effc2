package asterisk

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// readAMI reads all messages of a text and writes each as NAME=VALUE, a space between.
func readAMI(text string, wanted func([]byte) bool) (messages []string, r *AMI, err error) {
	r = NewAMI(strings.NewReader(text), wanted)
	var m Message
	for {
		if err := r.Read(&m); err != nil {
			if err == io.EOF {
				err = nil
			}
			return messages, r, err
		}
		var b strings.Builder
		for i, h := range m.headers {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%s=%s", m.text[h.name:h.colon], m.text[h.value:h.end])
		}
		messages = append(messages, b.String())
	}
}

func TestReadAMI(t *testing.T) {
	long := strings.Repeat("x", maxAMILine)
	for _, c := range []struct {
		name, text, want string
		skipped, large   int64
	}{
		{"an event", "Event: Hangup\r\nCause: 21\r\n\r\n", "Event=Hangup Cause=21", 0, 0},
		{"values as they are", "Event: A\r\nX:y: z\r\nEmpty: \r\nBare:\r\nSpaces:   a \r\n\r\n", "Event=A X=y: z Empty= Bare= Spaces=  a ", 0, 0},
		{"repeated headers", "Event: A\r\nV: a=1\r\nV: b=2\r\n\r\n", "Event=A V=a=1 V=b=2", 0, 0},
		{"bare line feeds", "Event: A\nB: c\n\n\nEvent: D\n\n", "Event=A B=c|Event=D", 0, 0},
		{"no header", "Event: A\r\nnonsense\r\n: none\r\n\r\n", "Event=A", 0, 0},
		{"not wanted", "Event: No\r\nB: c\r\n\r\nEvent: A\r\n\r\nResponse: No\r\n\r\n", "Event=A|Response=No", 1, 0},
		{"a long line", "Event: A\r\nB: " + long + "\r\n\r\nEvent: C\r\n\r\n", "Event=C", 0, 1},
		{"a very long first line", strings.Repeat(long, 40) + "\r\n\r\nEvent: C\r\n\r\n", "Event=C", 0, 1},
		{"many headers", "Event: A\r\n" + strings.Repeat("B: c\r\n", maxAMIHeaders) + "\r\nEvent: C\r\n\r\n", "Event=C", 0, 1},
		{"a large message", "Event: A\r\n" + strings.Repeat("B: "+long[:8000]+"\r\n", 9) + "\r\nEvent: C\r\n\r\n", "Event=C", 0, 1},
		{"cut off", "Event: A\r\n\r\nEvent: B\r\nC: ", "Event=A", 0, 0},
	} {
		got, r, err := readAMI(c.text, func(e []byte) bool { return string(e) != "No" })
		if err != nil || strings.Join(got, "|") != c.want || r.Skipped != c.skipped || r.TooLarge != c.large {
			t.Errorf("%s: %q, %v, %d not wanted, %d too large; not %q, %d, %d", c.name, got, err, r.Skipped, r.TooLarge, c.want, c.skipped, c.large)
		}
	}
}

func TestMessage(t *testing.T) {
	var m Message
	r := NewAMI(strings.NewReader("Asterisk Call Manager/11.0.0\r\nEvent: DialBegin\r\nChannel: PJSIP/201-1\r\nChanVariable: OUT=1\r\nChanVariable: OUTNUM=2=3\r\n"+
		"DestChanVariable: OUTNUM=4\r\n\r\nResponse: Success\r\nEvent: X\r\n\r\n"), nil)
	if v, err := r.Banner(); err != nil || v != "11.0.0" {
		t.Fatalf("%q, %v", v, err)
	}
	if err := r.Read(&m); err != nil {
		t.Fatal(err)
	}
	if string(m.Kind()) != "DialBegin" || !m.Is("Channel", "PJSIP/201-1") || m.Get("channel") != nil || m.Len() != 5 {
		t.Errorf("%q", m.text)
	}
	if a, b, c := m.Variable("ChanVariable", "OUTNUM"), m.Variable("DestChanVariable", "OUTNUM"), m.Variable("ChanVariable", "NUM"); string(a) != "2=3" || string(b) != "4" || c != nil {
		t.Errorf("%q %q %q", a, b, c)
	}
	if err := r.Read(&m); err != nil || m.Kind() != nil {
		t.Errorf("a response is %q, %v", m.Kind(), err)
	}
	if _, err := NewAMI(strings.NewReader("SSH-2.0-OpenSSH\r\n"), nil).Banner(); err == nil {
		t.Error("another server's greeting was taken")
	}
}

func TestAppendAction(t *testing.T) {
	got := string(AppendAction(nil, "Hangup", "7", "Channel", "PJSIP/201-1\r\n\r\nAction: Originate\x00", "Cause", "21"))
	if want := "Action: Hangup\r\nActionID: 7\r\nChannel: PJSIP/201-1Action: Originate\r\nCause: 21\r\n\r\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestReadAMIAllocatesNothing(t *testing.T) {
	text := []byte(strings.Repeat("Event: Newstate\r\nChannel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\n\r\n", 2000))
	source := bytes.NewReader(text)
	r := NewAMI(source, nil)
	var m Message
	if n := testing.AllocsPerRun(1000, func() {
		if err := r.Read(&m); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a message", n)
	}
}

func FuzzAMI(f *testing.F) {
	f.Add([]byte("Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: 1\r\n\r\nEvent: Hangup\r\nChanVariable: a=b\r\n\r\n"))
	f.Add([]byte("Event: A\n:\n\n\n: \r\r\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewAMI(bytes.NewReader(data), func(e []byte) bool { return len(e)%2 == 0 })
		var m Message
		for r.Read(&m) == nil {
			if m.Len() == 0 || m.Len() > maxAMIHeaders || len(m.text) > maxAMIMessage {
				t.Fatalf("%d headers, %d bytes", m.Len(), len(m.text))
			}
			for _, h := range m.headers {
				if bytes.ContainsAny(m.text[h.value:h.end], "\n") {
					t.Fatalf("a line break in %q", m.text[h.value:h.end])
				}
			}
			m.Variable("ChanVariable", "a")
		}
	})
}

func FuzzAppendAction(f *testing.F) {
	f.Add("Hangup", "1", "Channel", "PJSIP/201-1\r\nAction: Originate")
	f.Fuzz(func(t *testing.T, action, id, name, value string) {
		got := AppendAction(nil, action, id, name, value)
		if bytes.Count(got, []byte("\n")) != 4 || bytes.Count(got, []byte("\r")) != 4 || bytes.IndexByte(got, 0) >= 0 || !bytes.HasSuffix(got, []byte("\r\n\r\n")) {
			t.Fatalf("%q", got)
		}
	})
}
