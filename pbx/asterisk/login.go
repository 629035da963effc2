package asterisk

import (
	"net/netip"
	"strings"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// Bounds of what is remembered of log-ins.
const (
	maxSessions = 4096
	agentWithin = 10 * belwacht.Second // a contact that comes so soon after a log-in came by it
)

// attempt is what is known of one attempt to log in that is not over: Asterisk says up to three things of it.
type attempt struct {
	user       string
	challenged bool
}

// entrance is the last good log-in of an account.
type entrance struct {
	session string
	from    netip.Addr
	at      belwacht.Instant
}

// logins remembers attempts that are not over, by session, and good log-ins, by account, each at most maxSessions.
type logins struct {
	open    map[string]*attempt
	ring    [maxSessions]string
	next    int
	entered map[string]entrance
}

func newLogins() *logins { return &logins{open: map[string]*attempt{}, entered: map[string]entrance{}} }

// begin remembers an attempt of a session.
func (s *logins) begin(session, user string) {
	if _, known := s.open[session]; !known {
		delete(s.open, s.ring[s.next])
		s.ring[s.next] = session
		s.next = (s.next + 1) % maxSessions
	}
	s.open[session] = &attempt{user: user}
}

// enter remembers a good log-in.
func (s *logins) enter(user string, e entrance) {
	if _, known := s.entered[user]; !known && len(s.entered) >= maxSessions {
		for k, old := range s.entered { // those that no contact can be waited for any more, else all
			if e.at-old.at > agentWithin {
				delete(s.entered, k)
			}
		}
		if len(s.entered) >= maxSessions {
			clear(s.entered)
		}
	}
	s.entered[user] = e
}

// security takes one event of the security framework (main/security_events.c). false says that it is none.
//
// Of one attempt with an unknown name PJSIP says InvalidAccountID, ChallengeSent, InvalidAccountID and ChallengeResponseFailed, all with one SessionID,
// the Call-ID, which the other side chooses: it may use one for all its attempts, so that what tells them apart is the challenge between them.
func (b *board) security(kind []byte, m *wire.Message) bool {
	switch string(kind) {
	case "ChallengeSent":
		if a := b.logins.open[string(m.Get("SessionID"))]; a != nil {
			if a.challenged { // the challenge before was never answered
				b.failed(m, a.user, belwacht.LoginNoSuchAccount)
			}
			a.challenged = true
		}
	case "InvalidAccountID":
		session := clip(m.Get("SessionID"))
		if service(m) != "sip" {
			b.failed(m, clip(m.Get("AccountID")), belwacht.LoginNoSuchAccount)
		} else if b.logins.open[session] == nil {
			user := clip(m.Get("AccountID"))
			b.logins.begin(session, user)
			b.failed(m, user, belwacht.LoginNoSuchAccount)
		}
	case "ChallengeResponseFailed":
		session := clip(m.Get("SessionID"))
		if b.logins.open[session] != nil && service(m) == "sip" {
			delete(b.logins.open, session)
			break
		}
		user, result := clip(m.Get("AccountID")), belwacht.LoginWrongSecret
		if user == "" { // <unknown>: nobody is called so, and what was tried is not said
			result = belwacht.LoginNoSuchAccount
		}
		b.failed(m, user, result)
	case "InvalidPassword":
		b.failed(m, clip(m.Get("AccountID")), belwacht.LoginWrongSecret)
	case "FailedACL", "UnexpectedAddress", "RequestNotAllowed", "AuthMethodNotAllowed":
		b.failed(m, clip(m.Get("AccountID")), belwacht.LoginNotAllowed)
	case "SuccessfulAuth":
		b.entered(m)
	default:
		return false
	}
	return true
}

// failed tells of a log-in that failed.
func (b *board) failed(m *wire.Message, user string, r belwacht.LoginResult) {
	b.login(belwacht.EventAuthFailure, &belwacht.Login{Service: service(m), User: user, From: remote(m.Get("RemoteAddress")), Result: r,
		Session: clip(m.Get("SessionID"))})
}

// entered tells of a log-in that was good.
func (b *board) entered(m *wire.Message) {
	l := &belwacht.Login{Service: service(m), User: clip(m.Get("AccountID")), From: remote(m.Get("RemoteAddress")),
		Result: belwacht.LoginGood, Session: clip(m.Get("SessionID"))}
	if l.Service == "sip" {
		delete(b.logins.open, l.Session)
		b.logins.enter(l.User, entrance{l.Session, l.From, b.now})
	}
	b.login(belwacht.EventRegistration, l)
}

func (b *board) login(kind belwacht.EventKind, l *belwacht.Login) {
	ev := belwacht.Event{Kind: kind, Time: b.now, Login: l}
	b.tell(&ev)
}

// contact tells that the contact of an account is known, with its user agent.
func (b *board) contact(aor, uri, agent string) {
	l := &belwacht.Login{Service: "sip", User: aor, From: host(uri), Agent: agent, Result: belwacht.LoginGood}
	if e, ok := b.logins.entered[aor]; ok && b.now-e.at <= agentWithin {
		l.Session, l.From = e.session, e.from
	}
	b.login(belwacht.EventRegistration, l)
}

// registry tells of the PBX's own registration at its provider (res_pjsip_outbound_registration, chan_sip, chan_iax2).
func (b *board) registry(m *wire.Message) {
	l := &belwacht.Login{Service: "trunk", User: clip(m.Get("Username"))}
	switch status := clip(m.Get("Status")); status {
	case "Registered":
		l.Result = belwacht.LoginGood
	case "Rejected", "No Authentication", "Failed":
		l.Result = belwacht.LoginNotAllowed
	}
	b.login(belwacht.EventRegistration, l)
}

// peer tells of a registration at a channel driver that has no contacts (chan_sip, chan_iax2).
func (b *board) peer(m *wire.Message) {
	if !m.Is("PeerStatus", "Registered") || m.Is("ChannelType", "PJSIP") {
		return
	}
	_, user, _ := strings.Cut(clip(m.Get("Peer")), "/")
	l := &belwacht.Login{Service: strings.ToLower(clip(m.Get("ChannelType"))), User: user, From: host(clip(m.Get("Address"))), Result: belwacht.LoginGood}
	b.login(belwacht.EventRegistration, l)
}

// service is what was logged in to.
func service(m *wire.Message) string {
	switch s := strings.ToLower(clip(m.Get("Service"))); s {
	case "pjsip":
		return "sip"
	default:
		return s
	}
}

// remote reads IPV4/UDP/127.0.0.1/5060; the zero Addr where it is no such thing.
func remote(v []byte) netip.Addr {
	parts := strings.SplitN(clip(v), "/", 4)
	if len(parts) != 4 {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(parts[2])
	return a.Unmap()
}

// host is the address in sip:USER@ADDRESS:PORT;… or ADDRESS:PORT; the zero Addr where it is a name.
func host(uri string) netip.Addr {
	if i := strings.LastIndexByte(uri, '@'); i >= 0 {
		uri = uri[i+1:]
	}
	uri, _, _ = strings.Cut(uri, ";")
	if p, err := netip.ParseAddrPort(uri); err == nil {
		return p.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(strings.Trim(uri, "[]"))
	return a.Unmap()
}
