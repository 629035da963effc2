package asterisk

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// shape says whether events make sense together, whatever the PBX said: no call answered or ended that was not attempted, none ended twice, every
// string within its bound.
func shape(t *testing.T, events []belwacht.Event) {
	t.Helper()
	state := map[string]belwacht.EventKind{}
	for i, e := range events {
		if i > 0 && e.Time < events[i-1].Time {
			t.Errorf("time goes back to %s", e.Time)
		}
		for _, s := range []string{e.Account, e.Root, e.Trunk, e.Caller, e.Dialled} {
			if len(s) > maxText {
				t.Errorf("a string of %d bytes", len(s))
			}
		}
		was := state[e.Call]
		switch {
		case e.Kind == belwacht.EventAttempt && (was == 0 || was == belwacht.EventEnd),
			e.Kind == belwacht.EventAnswer && was == belwacht.EventAttempt,
			e.Kind == belwacht.EventEnd && (was == belwacht.EventAttempt || was == belwacht.EventAnswer):
			state[e.Call] = e.Kind
		case e.Kind > belwacht.EventEnd:
		default:
			t.Errorf("%s: kind %d after %d", e.Call, e.Kind, was)
		}
		if e.Kind == belwacht.EventAttempt && (e.Account == "" || e.Dialled == "" || e.Direction == belwacht.DirectionUnknown) {
			t.Errorf("an attempt of nobody: %+v", e)
		}
	}
}

// TestTorture changes each recording in ways in which a feed may be wrong, and looks whether what is told still makes sense and nothing stays.
func TestTorture(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and 600 recordings: nothing for a short run under the race detector")
	}
	for name, change := range map[string]func([]message, *rand.Rand) []message{
		"duplicated": func(in []message, _ *rand.Rand) (out []message) {
			for _, m := range in {
				out = append(out, m, m)
			}
			return out
		},
		"blocks reordered": func(in []message, r *rand.Rand) []message {
			out := append([]message(nil), in...)
			for i := 0; i+4 <= len(out); i += 4 {
				r.Shuffle(4, func(a, b int) { out[i+a].text, out[i+b].text = out[i+b].text, out[i+a].text })
			}
			return out
		},
		"holes": func(in []message, r *rand.Rand) (out []message) {
			for _, m := range in {
				if r.IntN(4) > 0 || strings.HasPrefix(m.text, "Event: Hangup\r\n") {
					out = append(out, m)
				}
			}
			return out
		},
		"headers lost": func(in []message, r *rand.Rand) (out []message) {
			for _, m := range in {
				lines := strings.SplitAfter(m.text, "\r\n")
				kept := lines[:1:1]
				for _, l := range lines[1:] {
					if r.IntN(8) > 0 || l == "\r\n" || strings.HasPrefix(m.text, "Event: Hangup\r\n") {
						kept = append(kept, l)
					}
				}
				out = append(out, message{strings.Join(kept, ""), m.at})
			}
			return out
		},
		"backwards": func(in []message, _ *rand.Rand) []message {
			out := append([]message(nil), in...)
			for i := range out {
				out[i].text = in[len(in)-1-i].text
			}
			return out
		},
	} {
		for folder := range cases(t) {
			t.Run(name+"/"+filepath.Base(folder), func(t *testing.T) {
				in := readRecorded(t, folder, "ami").messages
				for seed := range uint64(3) {
					b := newBoard(&Config{Tenant: "t", Site: "s", Numbers: dutch(t)})
					for _, m := range change(in, rand.New(rand.NewPCG(seed, 1))) {
						take(t, b, m)
					}
					b.now += belwacht.Minute
					b.tick()
					shape(t, told(b))
					if filepath.Base(folder) != "26-ami-reconnects" && name != "backwards" && len(b.calls) != 0 {
						for _, c := range b.calls {
							t.Errorf("seed %d: still runs: %+v of %s, legs %v", seed, c.attempt, c.channel.name, c.legs)
						}
					}
				}
			})
		}
	}
}

// TestDuplicatedIsOnce says of a feed that says everything twice what is said of one that does not.
func TestDuplicatedIsOnce(t *testing.T) {
	for folder := range cases(t) {
		b, n := newBoard(&Config{Numbers: dutch(t)}), 0
		for _, m := range readRecorded(t, folder, "ami").messages {
			take(t, b, m)
			take(t, b, m)
		}
		for _, e := range told(b) {
			if e.Kind <= belwacht.EventEnd {
				n++
			}
		}
		for _, e := range play(t, folder) {
			if e.Kind <= belwacht.EventEnd {
				n--
			}
		}
		if n != 0 {
			t.Errorf("%s: %d events of calls more than once", filepath.Base(folder), n)
		}
	}
}

// TestManyChannels makes more channels than are remembered: memory stays bounded, and what is forgotten is counted and ended.
func TestManyChannels(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and 40,000 channels: nothing for a short run under the race detector")
	}
	b := newBoard(&Config{Numbers: dutch(t)})
	at := time.Unix(1795532035, 0)
	events := 0
	for i := range maxChannels + 50 {
		text := strings.NewReplacer(
			"1795532035.0", fmt.Sprintf("1795532035.%d", 2*i), "1795532035.1", fmt.Sprintf("1795532035.%d", 2*i+1),
			"-00000001", fmt.Sprintf("-%08x", 2*i), "-00000002", fmt.Sprintf("-%08x", 2*i+1)).Replace(newCaller + newTrunk + dialTrunk)
		take(t, b, message{text, at})
		events += len(told(b))
	}
	c := b.channels
	if len(c.byID) > maxChannels || len(c.byName) > maxChannels || len(c.order) > 2*maxChannels+1 || len(c.gone) > maxGone || len(b.calls) > maxChannels {
		t.Errorf("%d and %d channels, %d in order, %d gone, %d calls", len(c.byID), len(c.byName), len(c.order), len(c.gone), len(b.calls))
	}
	if c.forgotten < maxChannels || events < maxChannels {
		t.Errorf("%d forgotten, %d events", c.forgotten, events)
	}
}

// TestManySessions keeps what is remembered of log-ins bounded, and counts each attempt of an attacker who uses one Call-ID for all.
func TestManySessions(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and 36,000 log-ins: nothing for a short run under the race detector")
	}
	b := newBoard(&Config{Numbers: dutch(t)})
	event := func(kind, user, session string) int {
		take(t, b, message{fmt.Sprintf("Event: %s\r\nService: PJSIP\r\nAccountID: %s\r\nSessionID: %s\r\nRemoteAddress: IPV4/UDP/192.0.2.1/5060\r\n\r\n", kind, user, session), time.Unix(1795532035, 0)})
		return len(told(b))
	}
	for i := range 3 * maxSessions {
		event("InvalidAccountID", fmt.Sprint(i), fmt.Sprint(i))
		event("SuccessfulAuth", fmt.Sprint(i), fmt.Sprint(i))
		event("InvalidAccountID", fmt.Sprint(i), fmt.Sprintf("open-%d", i))
	}
	if len(b.logins.open) > maxSessions || len(b.logins.entered) > maxSessions {
		t.Errorf("%d open, %d entered", len(b.logins.open), len(b.logins.entered))
	}
	for _, c := range []struct {
		name  string
		kinds []string
		want  int
	}{
		{"an unknown name, as phones do", []string{"InvalidAccountID", "ChallengeSent", "InvalidAccountID", "ChallengeResponseFailed"}, 1},
		{"twice with one Call-ID", []string{"InvalidAccountID", "ChallengeSent", "InvalidAccountID", "ChallengeResponseFailed", "InvalidAccountID", "ChallengeSent", "InvalidAccountID",
			"ChallengeResponseFailed"}, 2},
		{"challenges that are not answered", []string{"InvalidAccountID", "ChallengeSent", "InvalidAccountID", "ChallengeSent", "InvalidAccountID", "ChallengeSent"}, 3},
		{"wrong passwords with one Call-ID", []string{"ChallengeSent", "ChallengeResponseFailed", "ChallengeSent", "ChallengeResponseFailed"}, 2},
	} {
		n := 0
		for _, k := range c.kinds {
			n += event(k, "999", "one-"+c.name)
		}
		if n != c.want {
			t.Errorf("%s: %d failures, not %d", c.name, n, c.want)
		}
	}
}

// TestHostileSocket sends what no Asterisk sends, and then what one does.
func TestHostileSocket(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := newHear()
	f := newFeed(t, l.Addr().String(), h)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	next := func() *server {
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return &server{t: t, conn: conn}
	}
	s := next() // another server
	s.write("SSH-2.0-OpenSSH_9.2\r\n")
	_ = s.conn.Close()
	s = next() // cut in the middle of the greeting
	s.write("Asterisk Call Ma")
	_ = s.conn.Close()
	s = next() // cut in the middle of an event
	if !s.greet() {
		t.Fatal("the log-in was wrong")
	}
	go s.serve()
	s.write(strings.ReplaceAll(newCaller, "1795532035", "1795532034") + newTrunk[:60])
	_ = s.conn.Close()
	s = next()
	if !s.greet() {
		t.Fatal("the log-in was wrong")
	}
	go s.serve()
	big := strings.Repeat("x", 1<<20)
	for _, text := range []string{
		"Event: Newchannel\r\nChannel: " + big + "\r\nUniqueid: 1.1\r\n\r\n",
		"Event: DialBegin\r\n" + strings.Repeat("ChanVariable: a="+big[:4000]+"\r\n", 200) + "\r\n",
		big + big + "\r\n\r\n",
		"Event: Newchannel\r\nChannel: PJSIP/201-1\x00\x1b[2J\r\nUniqueid: \xff\xfe\r\nExten: 00\x07\r\nChannelState: 4\r\n\r\n",
		"Event: DialBegin\r\nDestChannel: Local/@-;1\r\nDestUniqueid: 1.5\r\nChannel: Local/@-;2\r\nUniqueid: 1.6\r\nDialString: &&&&@@@//\r\n\r\n",
		"Event: DialBegin\r\nDestChannel: PJSIP/a-1\r\nDestUniqueid: 1.7\r\nChannel: PJSIP/a-1\r\nUniqueid: 1.7\r\nDialString: 1@a\r\n\r\n",
		"Event: SuccessfulAuth\r\nService: PJSIP\r\nAccountID: " + big[:8000] + "\r\nRemoteAddress: ///////\r\n\r\n",
		"Event: ContactStatus\r\nContactStatus: Created\r\nAOR: a),SHELL(reboot\r\nURI: sip:@[::\r\n\r\n",
		"Event: CoreShowChannelsComplete\r\nActionID: 99\r\n\r\nResponse: Success\r\nActionID: 99\r\n\r\n",
		":\r\n\r\n\r\n\r\n\x00\r\n\r\n",
	} {
		s.write(text)
	}
	slow := newCaller + newTrunk + dialTrunk + answerTrunk + hangTrunk + hangCaller + sentinel
	for ; len(slow) > 7; slow = slow[7:] { // in pieces that end anywhere
		s.write(slow[:7])
	}
	s.write(slow)
	h.until(t, "the end", ended)
	var of []belwacht.Event
	for _, e := range h.all() {
		if e.Call == theCall {
			of = append(of, e)
		}
	}
	if kinds(of) != "attempt answer end" {
		t.Errorf("heard %s", show(h.all()))
	}
	if st := f.State(); st.TooLarge != 3 || st.Reconnects != 1 || !st.Connected {
		t.Errorf("%+v", st)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	_ = s.conn.Close()
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(newCaller + newTrunk + dialTrunk + answerTrunk + hangTrunk + hangCaller))
	f.Add([]byte("Event: DialBegin\r\nChannel: Local/1@a-1;2\r\nUniqueid: 1\r\nDestChannel: PJSIP/t-1\r\nDestUniqueid: 2\r\nDialString: 0032470000101@t\r\n\r\n" +
		"Event: BlindTransfer\r\nResult: Success\r\nTransfererChannel: PJSIP/2-1\r\nTransfereeUniqueid: 1\r\n\r\nEvent: Hangup\r\nUniqueid: 2\r\n\r\n"))
	site := dutch(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		b := newBoard(&Config{Tenant: "t", Site: "s", Numbers: site})
		take(t, b, message{string(data), time.Unix(1795532035, 0)})
		for _, c := range b.channels.order {
			if b.channels.byID[c.id] == c {
				b.hangup(c, belwacht.DispositionUnknown)
			}
		}
		b.now += belwacht.Minute
		b.tick()
		if len(b.calls) != 0 || len(b.channels.byID) != 0 || len(b.channels.byName) != 0 || len(b.channels.bridges) != 0 {
			t.Fatalf("%d calls, %d channels, %d names, %d bridges stay", len(b.calls), len(b.channels.byID), len(b.channels.byName), len(b.channels.bridges))
		}
		ended := map[string]bool{}
		for _, e := range told(b) {
			if e.Kind == belwacht.EventEnd && ended[e.Call] {
				t.Fatalf("%q ends twice", e.Call)
			}
			if e.Kind <= belwacht.EventEnd {
				ended[e.Call] = e.Kind == belwacht.EventEnd
			}
		}
	})
}

// nobody is a Sink that hears nothing.
type nobody struct{}

func (nobody) Event(*belwacht.Event)              {}
func (nobody) Running(belwacht.Instant, []string) {}

// bursts are the recorded burst of calls so often, with other uniqueids each time: more channels than are remembered as gone.
func bursts(b *testing.B) (texts [][]byte, events int) {
	b.Helper()
	var text bytes.Buffer
	for _, m := range readRecorded(b, "testdata/asterisk22/25-burst", "ami").messages {
		text.WriteString(m.text)
		events++
	}
	for i := range 2 * maxGone / 60 {
		texts = append(texts, bytes.ReplaceAll(text.Bytes(), []byte("id: 17955321"), fmt.Appendf(nil, "id: 1%07d", i)))
	}
	return texts, events
}

// BenchmarkFeed reads the burst of recorded calls over and over from a socket: what one event costs, of all that a PBX sends.
func BenchmarkFeed(b *testing.B) {
	texts, n := bursts(b)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	f := newFeed(b, l.Addr().String(), nobody{})
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	conn, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	s := &server{t: b, conn: conn}
	if !s.greet() {
		b.Fatal("the log-in was wrong")
	}
	go s.serve()
	w := bufio.NewWriterSize(conn, 1<<16)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += n {
		if _, err := w.Write(texts[i/n%len(texts)]); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	for last := int64(0); ; { // until the PBX's last word has been read
		runtime.Gosched()
		if now := f.heard.Load(); now == last && time.Since(time.Unix(0, now)) > time.Millisecond {
			break
		} else {
			last = now
		}
	}
	if f.State().Running > 16 {
		b.Errorf("%d calls still run", f.State().Running)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.StopTimer()
	cancel()
	<-done
	_ = conn.Close()
}
