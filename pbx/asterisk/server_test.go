package asterisk

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/number"
)

// recorded is one connection of a case, as a manager user of least rights received it.
type recorded struct {
	messages []message         // events, in order
	answers  map[string]string // what Getvar gave
	channels []string          // what CoreShowChannels listed
	ends     time.Time         // the last word
}

// message is one event and when it arrived.
type message struct {
	text string
	at   time.Time
}

func unzip(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// cdrAnswers is what CDR(answer,u) would have given where a recording begins while a call runs: the provider's 200 of truth.json, as Asterisk writes it.
var cdrAnswers = map[string]string{"PJSIP/trunk-00000074": "1795532204.752000"}

// readRecorded reads NAME.txt.gz and NAME-times.csv.gz of a case.
func readRecorded(t testing.TB, folder, name string) *recorded {
	t.Helper()
	arrived := map[int]time.Time{}
	for line := range strings.Lines(string(unzip(t, filepath.Join(folder, name+"-times.csv.gz")))) {
		n, at, _ := strings.Cut(strings.TrimSpace(line), ",")
		row, err := strconv.Atoi(n)
		seconds, micros, _ := strings.Cut(at, ".")
		s, err2 := strconv.ParseInt(seconds, 10, 64)
		us, err3 := strconv.ParseInt(micros, 10, 64)
		if err != nil || err2 != nil || err3 != nil {
			t.Fatalf("%s: %q", folder, line)
		}
		arrived[row] = time.Unix(s, us*1000)
	}
	r := &recorded{answers: map[string]string{}}
	var text strings.Builder
	begin, at, first := 0, time.Time{}, ""
	n := 0
	for line := range strings.Lines(string(unzip(t, filepath.Join(folder, name+".txt.gz")))) {
		n++
		if strings.HasPrefix(line, "Asterisk Call Manager") {
			continue
		}
		if text.Len() == 0 {
			begin, first = n, strings.TrimSpace(line)
			if when, ok := arrived[begin]; ok {
				at = when
			}
		}
		text.WriteString(line)
		if strings.TrimSpace(line) != "" {
			continue
		}
		r.add(first, message{text.String(), at})
		r.ends = at
		text.Reset()
	}
	if len(r.messages) == 0 {
		t.Fatalf("%s: no messages", folder)
	}
	return r
}

// add sorts one message: events are played as they came, the answers to what the recorder asked are kept for who asks the same.
func (r *recorded) add(first string, m message) {
	field := func(name string) string {
		_, rest, _ := strings.Cut(m.text, "\r\n"+name+": ")
		value, _, _ := strings.Cut(rest, "\r\n")
		return value
	}
	switch {
	case strings.HasPrefix(first, "Response:"):
		if v := field("Variable"); v != "" {
			r.answers[v] = field("Value")
		}
	case first == "Event: CoreShowChannel":
		r.channels = append(r.channels, strings.Replace(m.text, "\r\nActionID: "+field("ActionID"), "", 1))
	case first == "Event: CoreShowChannelsComplete", first == "Event: Status", first == "Event: StatusComplete":
	default:
		r.messages = append(r.messages, m)
	}
}

// server is a PBX that lets in who knows the secret, answers what a Feed asks, and says what it is told to.
type server struct {
	t       testing.TB
	conn    net.Conn
	r       *bufio.Reader
	mu      sync.Mutex // one writer at a time
	answers map[string]string
	list    []string
	asked   chan string // each action, as ACTION header=value …
	silent  atomic.Bool // answers to nothing but the log-in
	denies  bool        // the manager user has no rights
	onHang  func(channel string)
}

const goodSecret = "fake-secret-watcher"

// greet answers the log-in; false where it was refused.
func (s *server) greet() bool {
	s.r = bufio.NewReader(s.conn)
	s.write("Asterisk Call Manager/11.0.0\r\n")
	a := s.read()
	if a["Action"] != "Login" || a["Secret"] != goodSecret {
		s.write("Response: Error\r\nActionID: " + a["ActionID"] + "\r\nMessage: Authentication failed\r\n\r\n")
		return false
	}
	s.write("Response: Success\r\nActionID: " + a["ActionID"] + "\r\nMessage: Authentication accepted\r\n\r\n")
	return true
}

func (s *server) write(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.WriteString(s.conn, text) // a client that has gone is what some tests are about
}

// read reads one action; nil at the end.
func (s *server) read() map[string]string {
	a := map[string]string{}
	for {
		line, err := s.r.ReadString('\n')
		if err != nil {
			return nil
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			return a
		}
		name, value, _ := strings.Cut(line, ": ")
		a[name] = value
	}
}

// serve answers actions until the client has gone.
func (s *server) serve() {
	for {
		a := s.read()
		if a == nil {
			return
		}
		if s.asked != nil {
			select {
			case s.asked <- fmt.Sprintf("%s %s %s %s", a["Action"], a["Channel"], a["Cause"], a["Variable"]):
			default:
			}
		}
		if s.silent.Load() {
			continue
		}
		id := "ActionID: " + a["ActionID"] + "\r\n"
		if s.denies {
			a["Action"] = ""
		}
		switch a["Action"] {
		case "Ping":
			s.write("Response: Success\r\n" + id + "Ping: Pong\r\nTimestamp: 1600000000.000000\r\n\r\n")
		case "Getvar":
			value := s.answers[a["Variable"]]
			if a["Variable"] == "CDR(answer,u)" {
				value = cdrAnswers[a["Channel"]]
			}
			s.write("Response: Success\r\n" + id + "Variable: " + a["Variable"] + "\r\nValue: " + value + "\r\n\r\n")
		case "CoreShowChannels":
			var b strings.Builder
			b.WriteString("Response: Success\r\n" + id + "EventList: start\r\nMessage: Channels will follow\r\n\r\n")
			for _, c := range s.list {
				event, rest, _ := strings.Cut(c, "\r\n")
				b.WriteString(event + "\r\n" + id + rest)
			}
			s.write(b.String() + "Event: CoreShowChannelsComplete\r\n" + id + "EventList: Complete\r\nListItems: 0\r\n\r\n")
		case "Hangup":
			s.write("Response: Success\r\n" + id + "Message: Channel Hungup\r\n\r\n")
			if s.onHang != nil {
				s.onHang(a["Channel"])
			}
		default:
			s.write("Response: Error\r\n" + id + "Message: Permission denied\r\n\r\n")
		}
	}
}

// hear is a Sink that keeps all it is told.
type hear struct {
	mu      sync.Mutex
	events  []belwacht.Event
	delays  []belwacht.Event // by themselves: they come once a minute whatever happens
	running [][]string
	came    chan struct{} // one for each
	hold    chan struct{} // where it is not nil, each event waits for one from it
}

func newHear() *hear { return &hear{came: make(chan struct{}, 1<<16)} }

func (h *hear) Event(ev *belwacht.Event) {
	if h.hold != nil {
		<-h.hold
	}
	h.mu.Lock()
	e := *ev
	if ev.Login != nil {
		l := *ev.Login
		e.Login = &l
	}
	if ev.Kind == belwacht.EventDelay {
		h.delays = append(h.delays, e)
	} else {
		h.events = append(h.events, e)
	}
	h.mu.Unlock()
	h.came <- struct{}{}
}

func (h *hear) Running(_ belwacht.Instant, calls []string) {
	h.mu.Lock()
	h.running = append(h.running, calls)
	h.mu.Unlock()
	h.came <- struct{}{}
}

// all is what was heard so far.
func (h *hear) all() []belwacht.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]belwacht.Event(nil), h.events...)
}

// until waits for something to be true of what was heard.
func (h *hear) until(t testing.TB, what string, ok func([]belwacht.Event) bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	for !ok(h.all()) {
		select {
		case <-h.came:
		case <-late:
			t.Fatalf("%s did not come; heard: %s", what, show(h.all()))
		}
	}
}

// show writes events for people.
func show(events []belwacht.Event) string {
	var b strings.Builder
	kinds := [...]string{"", "attempt", "answer", "end", "tick", "registration", "failure", "change", "gap"}
	for _, e := range events {
		fmt.Fprintf(&b, "\n  %s %s %s %s acc=%s root=%s trunk=%s %s->%s %s talk=%d %s",
			e.Time, kinds[e.Kind], e.Call, e.Direction, e.Account, e.Root, e.Trunk, e.Caller, e.Dialled,
			e.Lineage, e.Talk, e.Disposition)
		if e.Login != nil {
			fmt.Fprintf(&b, " %+v", *e.Login)
		}
	}
	return b.String()
}

func dutch(t testing.TB) *number.Site {
	t.Helper()
	s, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newFeed makes a feed whose connections are made by dial; nil dials the address.
func newFeed(t testing.TB, address string, sink Sink) *Feed {
	t.Helper()
	f, err := New(Config{Name: "office", Tenant: "t", Site: "s", Address: address, User: "watcher", Secret: goodSecret, Numbers: dutch(t)}, sink)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// stamped adds the header that timestampevents adds.
func stamped(m message) string {
	if strings.Contains(m.text, "\r\nTimestamp: ") {
		return m.text
	}
	first, rest, _ := strings.Cut(m.text, "\r\n")
	return fmt.Sprintf("%s\r\nTimestamp: %d.%06d\r\n%s", first, m.at.Unix(), m.at.Nanosecond()/1000, rest)
}

// parse reads all messages of a text for the board.
func parse(t testing.TB, text string, each func(*wire.Message)) {
	t.Helper()
	r := wire.NewAMI(bytes.NewReader([]byte(text)), wanted)
	var m wire.Message
	for r.Read(&m) == nil {
		each(&m)
	}
}

// take gives a message to a board at its time.
func take(t testing.TB, b *board, m message) {
	t.Helper()
	parse(t, m.text, func(w *wire.Message) {
		b.clock(belwacht.InstantOf(m.at), w.Get("Timestamp"))
		b.tick()
		if kind := w.Kind(); kind != nil && !b.security(kind, w) {
			b.event(kind, w)
		}
	})
}

// told is what a board has queued, taken out of the queue.
func told(b *board) []belwacht.Event {
	var list []belwacht.Event
	for {
		select {
		case it := <-b.out.items:
			list = append(list, it.event)
		default:
			return list
		}
	}
}
