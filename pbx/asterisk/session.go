package asterisk

import (
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/text"
)

// maxPending bounds the actions that have not been answered; of what comes beyond only Hangup is sent, and the question before it whether a call is for help.
const maxPending = 256

// session is one connection. What it holds is guarded by the Feed's mutex, but for in, which is the reader's.
type session struct {
	feed     *Feed
	conn     net.Conn
	in       *wire.AMI
	out      chan []byte // actions to be written
	next     int64
	pending  map[string]func(*wire.Message) // what to do with the response to an action
	own      bool                           // the PBX is still to say that we have logged in
	listing  *listing
	tooLarge int64
}

func newSession(f *Feed, conn net.Conn) *session {
	s := &session{feed: f, conn: conn, out: make(chan []byte, 2*maxPending), pending: map[string]func(*wire.Message){}, own: true}
	s.in = wire.NewAMI(s, wanted)
	return s
}

// Read reads from the connection and notes that the PBX spoke, whatever it said.
func (s *session) Read(p []byte) (int, error) {
	n, err := s.conn.Read(p)
	if n > 0 {
		s.feed.heard.Store(time.Now().UnixNano())
	}
	return n, err
}

// login waits for the greeting and logs in. An error of code Config says that the PBX refuses us.
func (s *session) login() (version string, err error) {
	if err := s.conn.SetDeadline(time.Now().Add(dialTime)); err != nil {
		return "", err
	}
	if version, err = s.in.Banner(); err != nil {
		return "", belwacht.Errorf(belwacht.Unreachable, "%s does not greet as the manager interface of Asterisk does: %w", s.feed.cfg.Address, err)
	}
	const id = "login"
	if _, err = s.conn.Write(wire.AppendAction(nil, "Login", id, "Username", s.feed.cfg.User, "Secret", s.feed.cfg.Secret,
		"Events", "on")); err != nil {
		return "", belwacht.Errorf(belwacht.Unreachable, "%s takes no log-in: %w", s.feed.cfg.Address, err)
	}
	var m wire.Message
	for !m.Is("ActionID", id) {
		if err = s.in.Read(&m); err != nil {
			return "", belwacht.Errorf(belwacht.Unreachable, "%s does not answer to the log-in: %w", s.feed.cfg.Address, err)
		}
	}
	if !m.Is("Response", "Success") {
		return "", belwacht.Errorf(belwacht.Config, "%s refuses the manager user %q (%s); compare user, secret and permit with its manager.conf", s.feed.cfg.Address,
			s.feed.cfg.User, text.Clean(clip(m.Get("Message")), 80))
	}
	return version, s.conn.SetDeadline(time.Time{})
}

// write writes actions, and one to keep the connection alive every ten seconds, until done is closed or the connection fails.
func (s *session) write(done <-chan struct{}) {
	ping, second := time.NewTicker(pingEvery), time.NewTicker(time.Second)
	defer ping.Stop()
	defer second.Stop()
	listed := time.Now()
	for {
		var action []byte
		select {
		case <-done:
			return
		case action = <-s.out:
		case <-ping.C:
			if time.Since(time.Unix(0, s.feed.heard.Load())) >= silentAfter {
				s.feed.silent(s)
				return
			}
			s.ping()
			if time.Since(listed) >= listEvery {
				listed = time.Now()
				s.relist()
			}
		case <-second.C:
			s.feed.tick()
		}
		if len(action) == 0 {
			continue
		}
		_ = s.conn.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := s.conn.Write(action); err != nil {
			_ = s.conn.Close() // the reader notices
			return
		}
	}
}

// ping measures how long the PBX takes to answer.
func (s *session) ping() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	sent := time.Now()
	s.send(func(*wire.Message) { s.pong(time.Since(sent)) }, "Ping")
}

func (s *session) relist() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.list(false)
}

// send queues an action; then is called with its response, with the Feed's mutex held. False where too much is waiting.
func (s *session) send(then func(*wire.Message), action string, headers ...string) bool {
	return len(s.pending) < maxPending && s.insist(then, action, headers...)
}

// insist is send however many actions have not been answered.
func (s *session) insist(then func(*wire.Message), action string, headers ...string) bool {
	s.next++
	id := strconv.FormatInt(s.next, 10)
	select {
	case s.out <- wire.AppendAction(nil, action, id, headers...):
	default:
		return false
	}
	s.pending[id] = func(m *wire.Message) {
		if m.Is("Message", "Permission denied") {
			if s.feed.state.Denied == "" {
				s.feed.log.Warn("the PBX denies an action; its manager user needs write=call,reporting", "pbx", s.feed.cfg.Name, "action", action)
			}
			s.feed.state.Denied = action
		}
		if then != nil {
			then(m)
		}
	}
	return true
}

// handle takes one message. The Feed's mutex is held.
func (s *session) handle(m *wire.Message) {
	f, b := s.feed, s.feed.board
	s.tooLarge = s.in.TooLarge
	kind, stamp := m.Kind(), m.Get("Timestamp")
	if kind == nil {
		stamp = nil // the answer to Ping has one, whether events have or not
	}
	b.clock(belwacht.InstantOf(time.Now()), stamp)
	b.tick()
	f.caughtUp(b.now)
	if kind == nil {
		id := string(m.Get("ActionID"))
		if then := s.pending[id]; then != nil {
			delete(s.pending, id)
			then(m)
		}
		return
	}
	switch string(kind) {
	case "CoreShowChannel", "CoreShowChannelsComplete":
		s.listed(string(kind), m)
	case "ContactStatus":
		s.contact(m)
	case "FullyBooted":
		s.booted(m)
	case "Shutdown":
		f.changed("stopped")
	case "Reload":
		f.changed("reloaded " + clip(m.Get("Module")))
	case "Registry":
		b.registry(m)
	case "PeerStatus":
		b.peer(m)
	case "SuccessfulAuth":
		if s.own && m.Is("Service", "AMI") && m.Is("AccountID", f.cfg.User) {
			s.own = false // that was us
			return
		}
		b.security(kind, m)
	default:
		if !b.security(kind, m) {
			b.event(kind, m)
		}
	}
}

// changed tells of a change at the PBX.
func (f *Feed) changed(what string) {
	ev := belwacht.Event{Kind: belwacht.EventConfigChange, Time: f.board.now, Call: what}
	f.board.tell(&ev)
}

// booted takes FullyBooted, which comes after each log-in too: the PBX was started anew where it runs for a shorter time than we know it.
func (s *session) booted(m *wire.Message) {
	f := s.feed
	up, err := strconv.ParseInt(string(m.Get("Uptime")), 10, 32)
	if err != nil {
		up = 0
	}
	began := f.board.now - belwacht.Instant(up)*belwacht.Second
	if f.booted != 0 && began > f.booted+belwacht.Minute {
		f.changed("started")
	}
	if f.booted == 0 || began > f.booted+belwacht.Minute {
		f.booted = began
	}
}

// contact asks for the user agent of a contact that has come about by a registration. Contacts whose reachability changes are not asked for.
func (s *session) contact(m *wire.Message) {
	aor, uri := clip(m.Get("AOR")), clip(m.Get("URI"))
	e, known := s.feed.board.logins.entered[aor]
	recent := known && s.feed.board.now-e.at <= agentWithin
	switch string(m.Get("ContactStatus")) {
	case "Created", "NonQualified":
	case "Reachable", "Updated":
		if !recent {
			return
		}
	default:
		return
	}
	if !variable(aor) {
		s.feed.board.contact(aor, uri, "")
		return
	}
	s.send(func(m *wire.Message) {
		contact, _, _ := strings.Cut(clip(m.Get("Value")), ",")
		if contact == "" || !variable(contact) {
			s.feed.board.contact(aor, uri, "")
			return
		}
		s.send(func(m *wire.Message) { s.feed.board.contact(aor, uri, clip(m.Get("Value"))) }, "Getvar", "Variable", "PJSIP_CONTACT("+contact+",user_agent)")
	}, "Getvar", "Variable", "PJSIP_AOR("+aor+",contact)")
}

// variable says whether a name that a phone chose can stand in a function's arguments without meaning anything there.
func variable(s string) bool { return s != "" && !strings.ContainsAny(s, "(),${}\"\\ ") }
