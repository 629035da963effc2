package asterisk

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
)

// pbx hands out connections to a PBX that is a server, in a bubble of time.
type pbx struct {
	dialled chan net.Conn
	mu      sync.Mutex
	times   []time.Time
	down    bool
}

func newPBX() *pbx { return &pbx{dialled: make(chan net.Conn)} }

func (p *pbx) dial(ctx context.Context) (net.Conn, error) {
	p.mu.Lock()
	p.times = append(p.times, time.Now())
	down := p.down
	p.mu.Unlock()
	if down {
		return nil, errors.New("connection refused")
	}
	ours, theirs := net.Pipe()
	select {
	case p.dialled <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// bubble runs a feed of a PBX in a bubble of time, until play returns.
func bubble(t *testing.T, change func(*Config), play func(t *testing.T, f *Feed, p *pbx, h *hear)) {
	synctest.Test(t, func(t *testing.T) {
		h, p := newHear(), newPBX()
		c := Config{Name: "office", Tenant: "t", Site: "s", Address: "127.0.0.1:5038", User: "watcher", Secret: goodSecret, Numbers: dutch(t)}
		if change != nil {
			change(&c)
		}
		f, err := New(c, h)
		if err != nil {
			t.Fatal(err)
		}
		f.dial = p.dial
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- f.Run(ctx) }()
		play(t, f, p, h)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// accept is the PBX's end of the next connection, logged in and answering.
func (p *pbx) accept(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, conn: <-p.dialled, asked: make(chan string, 1024)}
	if !s.greet() {
		t.Fatal("the log-in was wrong")
	}
	go s.serve()
	synctest.Wait()
	return s
}

// A call of 201 abroad, as a PBX tells it.
const (
	newCaller = "Event: Newchannel\r\nChannel: PJSIP/201-00000001\r\nChannelState: 4\r\nCallerIDNum: 201\r\nContext: internal\r\nExten: 0032470000101\r\n" +
		"Uniqueid: 1795532035.0\r\nLinkedid: 1795532035.0\r\n\r\n"
	newTrunk = "Event: Newchannel\r\nChannel: PJSIP/trunk-00000002\r\nChannelState: 0\r\nContext: from-trunk\r\nExten: s\r\n" +
		"Uniqueid: 1795532035.1\r\nLinkedid: 1795532035.0\r\n\r\n"
	dialTrunk = "Event: DialBegin\r\nChannel: PJSIP/201-00000001\r\nChannelState: 4\r\nCallerIDNum: 201\r\nContext: outbound\r\n" +
		"Exten: 0032470000101\r\nUniqueid: 1795532035.0\r\n" +
		"Linkedid: 1795532035.0\r\nDestChannel: PJSIP/trunk-00000002\r\nDestUniqueid: 1795532035.1\r\nDestLinkedid: 1795532035.0\r\n" +
		"DialString: 0032470000101@trunk\r\n\r\n"
	answerTrunk = "Event: DialEnd\r\nChannel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\nLinkedid: 1795532035.0\r\nDestChannel: PJSIP/trunk-00000002\r\n" +
		"DestUniqueid: 1795532035.1\r\nDestLinkedid: 1795532035.0\r\nDialStatus: ANSWER\r\n\r\n"
	hangCaller = "Event: Hangup\r\nChannel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\nCause: 16\r\n\r\n"
	hangTrunk  = "Event: Hangup\r\nChannel: PJSIP/trunk-00000002\r\nUniqueid: 1795532035.1\r\nCause: 16\r\n\r\n"
	theCall    = "1795532035.0"
)

// kinds writes the kinds of events in short, those of the feed itself among them.
func kinds(events []belwacht.Event) string {
	var words []string
	for _, e := range events {
		w := [...]string{"", "attempt", "answer", "end", "tick", "registration", "failure", "change", "gap"}[e.Kind]
		if e.Kind == belwacht.EventFeedGap && e.Talk > 0 {
			w = "over"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func TestEnd(t *testing.T) {
	for _, c := range []struct {
		name     string
		answered bool
		hang     string // the events after each Hangup, by its channel
		want     string
		code     belwacht.Code
		within   time.Duration
	}{
		{"while it rings", false, hangTrunk + hangCaller, "help? Hangup PJSIP/201-00000001 21 ", "", 10 * time.Millisecond},
		{"while they talk", true, hangCaller + hangTrunk, "help? Hangup PJSIP/201-00000001 16 ", "", 10 * time.Millisecond},
		{"the caller goes, the trunk stays", true, hangCaller, "help? Hangup PJSIP/201-00000001 16 |Hangup PJSIP/trunk-00000002 16 ", "", time.Second},
		{"a PBX that says yes and does nothing", false, "", "help? Hangup PJSIP/201-00000001 21 |help? Hangup PJSIP/201-00000001 21 |help? Hangup PJSIP/201-00000001 21 |" +
			"help? Hangup PJSIP/201-00000001 21 |Hangup PJSIP/trunk-00000002 21 ", belwacht.Unreachable, 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
				s := p.accept(t)
				s.onHang = func(channel string) {
					if channel == "PJSIP/trunk-00000002" && c.code == "" {
						s.write(hangTrunk)
					} else {
						s.write(c.hang)
					}
				}
				s.write(newCaller + newTrunk + dialTrunk)
				if c.answered {
					s.write(answerTrunk)
				}
				synctest.Wait()
				if n := f.State().Running; n != 1 {
					t.Fatalf("%d calls run", n)
				}
				for len(s.asked) > 0 {
					<-s.asked
				}
				began := time.Now()
				err := f.End(t.Context(), theCall)
				if c.code == "" && err != nil || c.code != "" && (err == nil || belwacht.CodeOf(err) != c.code) {
					t.Errorf("%v", err)
				}
				if took := time.Since(began); took > c.within {
					t.Errorf("it took %s, over %s", took, c.within)
				}
				var asked []string
				for len(s.asked) > 0 {
					asked = append(asked, <-s.asked)
				}
				if got := strings.ReplaceAll(strings.Join(asked, "|"), "Getvar PJSIP/201-00000001  BW_HELP|", "help? "); got != c.want {
					t.Errorf("asked %q, not %q", got, c.want)
				}
				if err := f.End(t.Context(), "none"); belwacht.CodeOf(err) != belwacht.NotFound {
					t.Errorf("a call that does not run: %v", err)
				}
				_ = s.conn.Close()
				synctest.Wait()
				if c.code != "" {
					if err := f.End(t.Context(), theCall); belwacht.CodeOf(err) != belwacht.Unreachable {
						t.Errorf("without a connection: %v", err)
					}
				}
			})
		})
	}
}

func TestSilence(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		s := p.accept(t)
		began := time.Now()
		s.write(newCaller + newTrunk + dialTrunk)
		time.Sleep(time.Minute) // pings are answered: a quiet feed is no gap
		synctest.Wait()
		if got := kinds(h.all()); got != "attempt" || h.all()[0].Time != belwacht.InstantOf(began) {
			t.Fatalf("heard %s", show(h.all()))
		}
		s.write(answerTrunk) // its time is ours, whatever clock the answers to Ping show
		synctest.Wait()
		if e := h.all()[1]; e.Kind != belwacht.EventAnswer || e.Time != belwacht.InstantOf(time.Now()) {
			t.Errorf("heard %s", show(h.all()))
		}
		if st := f.State(); !st.Connected || st.Running != 1 || time.Since(st.LastEvent) > pingEvery {
			t.Errorf("%+v", st)
		}
		s.silent.Store(true) // a PBX that has stopped: it takes what is written and says nothing
		time.Sleep(45 * time.Second)
		synctest.Wait()
		if got := kinds(h.all()); got != "attempt answer gap" || f.State().Connected {
			t.Fatalf("heard %s, %+v", got, f.State())
		}
		s = p.accept(t) // the call has ended meanwhile
		synctest.Wait()
		events := h.all()
		if got := kinds(events); got != "attempt answer gap over end" || f.State().Reconnects != 1 || f.State().Running != 0 {
			t.Fatalf("heard %s, %+v", got, f.State())
		}
		if n := len(h.running); n != 2 || len(h.running[1]) != 0 {
			t.Errorf("running: %q", h.running)
		}
		_ = s.conn.Close()
	})
}

// TestGapKeepsCalls loses the connection while a call runs: it goes on, and is not told twice.
func TestGapKeepsCalls(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		s := p.accept(t)
		s.write(newCaller + newTrunk + dialTrunk + answerTrunk)
		time.Sleep(time.Second)
		_ = s.conn.Close()
		s = &server{t: t, conn: <-p.dialled, list: []string{
			"Event: CoreShowChannel\r\nChannel: PJSIP/201-00000001\r\nChannelState: 6\r\nUniqueid: 1795532035.0\r\nLinkedid: 1795532035.0\r\n" +
				"Application: Dial\r\nDuration: 00:00:02\r\n\r\n",
			"Event: CoreShowChannel\r\nChannel: PJSIP/trunk-00000002\r\nChannelState: 6\r\nUniqueid: 1795532035.1\r\nLinkedid: 1795532035.0\r\n" +
				"Application: AppDial\r\nDuration: 00:00:02\r\n\r\n"}}
		if !s.greet() {
			t.Fatal("the log-in was wrong")
		}
		go s.serve()
		time.Sleep(3 * time.Second)
		s.write(hangCaller + hangTrunk)
		synctest.Wait()
		if got := kinds(h.all()); got != "attempt answer gap over end" || h.all()[4].Talk < 4 {
			t.Errorf("heard %s", show(h.all()))
		}
		if len(h.running) != 2 || strings.Join(h.running[1], " ") != theCall {
			t.Errorf("running: %q", h.running)
		}
		_ = s.conn.Close()
	})
}

// TestTakenUpAfterTransfer comes to a call abroad whose dialler has gone: an attended transfer. A real Asterisk lists it so.
func TestTakenUpAfterTransfer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		const row = "Event: CoreShowChannel\r\nLinkedid: 1795532214.201\r\nChannelState: 6\r\nBridgeId: b\r\nDuration: 00:00:09\r\n"
		s := &server{t: t, conn: <-p.dialled, list: []string{
			row + "Channel: PJSIP/202-00000077\r\nUniqueid: 1795532217.203\r\nContext: internal\r\nExten: 201\r\nCallerIDNum: 202\r\n" +
				"Application: Dial\r\nApplicationData: PJSIP/201,20,tT\r\n\r\n",
			row + "Channel: PJSIP/trunk-00000076\r\nUniqueid: 1795532214.202\r\nContext: from-trunk\r\nCallerIDNum: 0032470000127\r\nApplication: AppDial\r\n" +
				"ApplicationData: (Outgoing Line)\r\n\r\n"}}
		if !s.greet() {
			t.Fatal("the log-in was wrong")
		}
		go s.serve()
		synctest.Wait()
		events := h.all()
		if got := kinds(events); got != "attempt answer" || events[0].Direction != belwacht.Out ||
			events[0].Dialled != "0032470000127" || events[0].Trunk != "trunk" {
			t.Errorf("heard %s", show(events))
		}
		_ = s.conn.Close()
	})
}

// TestToldBeforeListed comes to a call while it is answered: its events overtake the list of what runs.
func TestToldBeforeListed(t *testing.T) {
	const caller, trunk = "Channel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\nLinkedid: 1795532035.0\r\n",
		"Channel: PJSIP/trunk-00000002\r\nUniqueid: 1795532035.1\r\nLinkedid: 1795532035.0\r\n"
	up := func(channel string) string { return "Event: Newstate\r\nChannelState: 6\r\n" + channel + "\r\n" }
	in := func(channel string) string { return "Event: BridgeEnter\r\nBridgeUniqueid: b\r\n" + channel + "\r\n" }
	id := "Event: NewCallerid\r\nCallerIDNum: 201\r\n" + caller + "\r\n"
	for name, before := range map[string]string{"the answer": up(trunk) + answerTrunk + up(caller), "the answer, both known": id + up(trunk) + answerTrunk + up(caller),
		"the bridge": in(trunk) + in(caller), "one of it": up(caller), "the other": up(trunk)} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
				const row = "Event: CoreShowChannel\r\nChannelState: 6\r\nBridgeId: b\r\nDuration: 00:00:02\r\n"
				s := &server{t: t, conn: <-p.dialled, list: []string{row + caller + "Context: outbound\r\nExten: 0032470000101\r\nCallerIDNum: 201\r\n" +
					"Application: Dial\r\nApplicationData: PJSIP/0032470000101@trunk,300\r\n\r\n",
					row + trunk + "Context: from-trunk\r\nExten: s\r\nApplication: AppDial\r\nApplicationData: (Outgoing Line)\r\n\r\n"}}
				if !s.greet() {
					t.Fatal("the log-in was wrong")
				}
				s.write(before)
				go s.serve()
				synctest.Wait()
				events := h.all()
				if got := kinds(events); got != "attempt answer" || events[0].Account != "201" || events[0].Dialled != "0032470000101" || events[0].Trunk != "trunk" {
					t.Errorf("heard %s", show(events))
				}
				if len(h.running) != 1 || strings.Join(h.running[0], " ") != theCall {
					t.Errorf("running: %q", h.running)
				}
				s.write(hangCaller + hangTrunk)
				synctest.Wait()
				if got := kinds(h.all()); got != "attempt answer end" {
					t.Errorf("heard %s", show(h.all()))
				}
				_ = s.conn.Close()
			})
		})
	}
}

// TestWithoutRights is let in by a PBX that denies to say what runs.
func TestWithoutRights(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		s := &server{t: t, conn: <-p.dialled, denies: true}
		if !s.greet() {
			t.Fatal("the log-in was wrong")
		}
		go s.serve()
		s.write(newCaller + newTrunk + dialTrunk)
		synctest.Wait()
		if st := f.State(); st.Denied != "CoreShowChannels" || st.Running != 1 || len(h.running) != 1 {
			t.Errorf("%+v, running %q", st, h.running)
		}
		_ = s.conn.Close()
	})
}

// TestRefusedLogin keeps the wrong password from being tried often, and from being told often or at all.
func TestRefusedLogin(t *testing.T) {
	var log strings.Builder
	wrong := func(c *Config) {
		c.Secret = "quite-another-secret"
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
	}
	bubble(t, wrong, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		began := time.Now()
		tries := 0
		for time.Since(began) < time.Hour {
			select {
			case conn := <-p.dialled:
				s := &server{t: t, conn: conn}
				if s.greet() {
					t.Fatal("a wrong secret was let in")
				}
				tries++
			case <-time.After(time.Hour):
			}
		}
		if tries < 4 || tries > 20 {
			t.Errorf("%d tries in an hour", tries)
		}
		if st := f.State(); !st.LoginRefused || st.Connected {
			t.Errorf("%+v", st)
		}
		if got := kinds(h.all()); got != "gap" {
			t.Errorf("heard %s", got)
		}
	})
	if n := strings.Count(log.String(), "\n"); n != 1 || strings.Contains(log.String(), "secret\"") || strings.Contains(log.String(), "quite-another") {
		t.Errorf("%d lines: %s", n, log.String())
	}
}

// TestNoHammering looks at the pauses between connections to a PBX that is down.
func TestNoHammering(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		conn := <-p.dialled
		p.mu.Lock()
		p.down = true
		p.mu.Unlock()
		_ = conn.Close()
		time.Sleep(10 * time.Minute)
		p.mu.Lock()
		defer p.mu.Unlock()
		if n := len(p.times); n < 15 || n > 45 {
			t.Errorf("%d tries in ten minutes", n)
		}
		if d := p.times[len(p.times)-1].Sub(p.times[len(p.times)-2]); d < pauseMost/2 || d > pauseMost*3/2 {
			t.Errorf("the last pause was %s", d)
		}
	})
}

// TestSlowSink fills the queue of a sink that has stopped, and looks at what it is told when it goes on.
func TestSlowSink(t *testing.T) {
	h := newHear()
	h.hold = make(chan struct{})
	b := newBoard(&Config{Numbers: dutch(t)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := newFeed(t, "127.0.0.1:1", h)
	f.board = b
	go b.out.deliver(ctx, f.show, f.deliver)
	for range queued + 1000 {
		take(t, b, message{"Event: InvalidPassword\r\nService: AMI\r\nAccountID: admin\r\nRemoteAddress: IPV4/TCP/192.0.2.1/1\r\n\r\n", time.Now()})
	}
	began := time.Now()
	take(t, b, message{newCaller + newTrunk + dialTrunk + answerTrunk, began})
	if n := f.State().Dropped; n < 1000 || n > 1010 {
		t.Errorf("%d dropped", n)
	}
	close(h.hold)
	h.until(t, "half of the queue", func(e []belwacht.Event) bool { return len(e) > queued/2+10 })
	f.tick()
	take(t, b, message{hangCaller + hangTrunk, began.Add(time.Minute)})
	h.until(t, "the end", func(e []belwacht.Event) bool { return e[len(e)-1].Kind == belwacht.EventEnd })
	events := h.all()
	if got := kinds(events[len(events)-4:]); got != "over attempt answer end" || events[len(events)-1].Talk != 60 {
		t.Errorf("heard %s", show(events[len(events)-4:]))
	}
	if len(h.running) != 1 || strings.Join(h.running[0], " ") != theCall {
		t.Errorf("running: %q", h.running)
	}
}

// foreseer is a sink that notes of what it was told beforehand.
type foreseer struct {
	*hear
	groups []int
	next   []string
	wrong  []string
}

func (s *foreseer) Ahead(events []*belwacht.Event) {
	s.groups = append(s.groups, len(events))
	for _, ev := range events {
		s.next = append(s.next, ev.Call)
	}
}

func (s *foreseer) Event(ev *belwacht.Event) {
	if len(s.next) > 0 && s.next[0] == ev.Call {
		s.next = s.next[1:]
	} else if ev.Call != "alone" {
		s.wrong = append(s.wrong, ev.Call)
	}
	s.hear.Event(ev)
}

// TestForeseen lets events wait for a sink that is told what comes: each of them is, in its order, and one that waits alone is not.
func TestForeseen(t *testing.T) {
	const n = 100
	h := &foreseer{hear: newHear()}
	f := newFeed(t, "127.0.0.1:1", h)
	for i := range n {
		f.board.out.put(item{event: belwacht.Event{Kind: belwacht.EventAttempt, Call: strconv.Itoa(i)}})
		if i == n/2 {
			f.board.out.put(item{running: []string{"1"}})
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.board.out.deliver(ctx, f.show, f.deliver)
	}()
	h.until(t, "all that waited", func(e []belwacht.Event) bool { return len(e) == n })
	f.board.out.put(item{event: belwacht.Event{Kind: belwacht.EventAttempt, Call: "alone"}})
	h.until(t, "one more", func(e []belwacht.Event) bool { return len(e) == n+1 })
	cancel()
	<-done
	if len(h.wrong) > 0 || len(h.next) > 0 || len(h.running) != 1 || !slices.Equal(h.groups, []int{together, together - 1, n + 1 - 2*together}) {
		t.Errorf("told of groups of %d; %q came untold and %q never", h.groups, h.wrong, h.next)
	}
}

func TestNewRefuses(t *testing.T) {
	good := Config{Address: "127.0.0.1:5038", User: "u", Secret: "s", Numbers: dutch(t)}
	for name, change := range map[string]func(*Config){
		"address": func(c *Config) { c.Address = "127.0.0.1" },
		"user":    func(c *Config) { c.User = "" },
		"secret":  func(c *Config) { c.Secret = "" },
		"numbers": func(c *Config) { c.Numbers = nil },
	} {
		c := good
		change(&c)
		if _, err := New(c, newHear()); err == nil {
			t.Errorf("without %s", name)
		}
	}
	f, err := New(good, newHear())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Run(ctx); err != nil {
		t.Error(err)
	}
	if err := f.Run(ctx); belwacht.CodeOf(err) != belwacht.Internal {
		t.Errorf("a second Run: %v", err)
	}
}

// TestTLS feeds over TLS, and not from a PBX whose certificate nobody vouches for.
func TestTLS(t *testing.T) {
	web := httptest.NewUnstartedServer(nil) // for its certificate
	web.StartTLS()
	defer web.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	h := newHear()
	f, err := New(Config{Address: l.Addr().String(), TLS: &tls.Config{RootCAs: roots}, User: "watcher", Secret: goodSecret, Numbers: dutch(t)}, h)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, conn: conn}
	if !s.greet() {
		t.Fatal("the log-in was wrong")
	}
	go s.serve()
	s.write(sentinel)
	h.until(t, "the end", ended)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	_ = conn.Close()
	f.cfg.TLS = &tls.Config{}
	go func() {
		if conn, err := l.Accept(); err == nil {
			_ = conn.(*tls.Conn).Handshake()
		}
	}()
	if _, err := f.connect(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown certificate: %v", err)
	}
}
