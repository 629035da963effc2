package door

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// How long somebody may take between the steps of signing in, and what is kept of a browser's name.
const (
	stepWithin = 10 * time.Minute
	agentMost  = 200
	triesMost  = 5 // wrong second factors in one session
)

// Attempt is who tries to come in. Strings are hostile.
type Attempt struct {
	Login    string
	Password string
	Code     string // of TOTP, or a recovery code
	From     netip.Addr
	Agent    string
	Device   string // what the browser keeps from an earlier sign-in, "" = nothing
	Origin   string // scheme and host of the request, for passkeys
}

// Ticket is what somebody has come to: a session in a stage, and what the browser must keep from now on. What it kept before opens nothing any more.
type Ticket struct {
	Token   string // of the session
	Device  string // of the browser, "" = it keeps what it has
	Session belwacht.Session
	User    belwacht.User
	New     bool // this browser was not seen before
}

// open makes a session. A former one of the same browser ends: what it showed before signing in is worth nothing after (session fixation).
func (d *Door) open(ctx context.Context, u *belwacht.User, stage belwacht.Stage, means string, a *Attempt, former *belwacht.Session) (*Ticket, error) {
	p := d.policy.Load()
	now := d.instant()
	token, sum := access.NewToken()
	s := &belwacht.Session{ID: access.NewID(), Stage: stage, Begun: now, Seen: now, Until: now + belwacht.Instant(stepWithin.Milliseconds()),
		From: a.From.Unmap().String(), Agent: text.Clean(a.Agent, agentMost), Means: means, Sum: sum}
	if former != nil {
		s.Local = former.Local
	}
	t := &Ticket{Token: token}
	if u != nil {
		s.User, t.User = u.ID, *u
	}
	if stage == belwacht.StageFull {
		s.Until, s.Proved = now+belwacht.Instant(p.Longest.Milliseconds()), now
	}
	d.mu.Lock()
	if former != nil {
		d.drop(former)
	}
	gone := d.room(s, p.Each)
	d.sessions[sum] = s
	d.mu.Unlock()
	t.Session = *s
	if former != nil && former.Stage == belwacht.StageFull {
		gone = append(gone, former)
	}
	for _, old := range gone {
		if err := d.c.Sessions.EndSession(ctx, old.ID); err != nil && !d.late(err) {
			return nil, err
		}
	}
	if stage != belwacht.StageFull {
		return t, nil // not worth a disk
	}
	if err := d.c.Sessions.PutSession(ctx, s); err != nil && !d.late(err) {
		return nil, err
	}
	return t, nil
}

// drop forgets a session in memory. d.mu is held.
func (d *Door) drop(s *belwacht.Session) {
	delete(d.sessions, s.Sum)
	delete(d.setups, s.ID)
	delete(d.tries, s.ID)
}

// room ends what must end for a new session: the oldest of the same user beyond what each may have, what is over, and, where all is full, the oldest of those
// that have not signed in. It returns those that the store must forget. d.mu is held.
func (d *Door) room(s *belwacht.Session, each int) []*belwacht.Session {
	var own, gone []*belwacht.Session
	now := d.instant()
	var waiting *belwacht.Session
	for _, o := range d.sessions {
		switch {
		case now >= o.Until:
			gone = append(gone, o)
		case s.Stage == belwacht.StageFull && o.Stage == belwacht.StageFull && o.User == s.User:
			own = append(own, o)
		case o.Stage != belwacht.StageFull && (waiting == nil || o.Begun < waiting.Begun):
			waiting = o
		}
	}
	slices.SortFunc(own, func(a, b *belwacht.Session) int { return cmp.Compare(a.Seen, b.Seen) })
	if over := len(own) - each + 1; over > 0 {
		gone = append(gone, own[:over]...)
	}
	if len(d.sessions)-len(gone) >= sessionsMost && waiting != nil {
		gone = append(gone, waiting)
	}
	for _, o := range gone {
		d.drop(o)
	}
	return slices.DeleteFunc(gone, func(o *belwacht.Session) bool { return o.Stage != belwacht.StageFull })
}

// session is a token's session; nil where there is none or it is over.
func (d *Door) session(token string) *belwacht.Session {
	if token == "" || len(token) > 100 {
		return nil
	}
	sum, now := access.SumOf(token), d.instant()
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.sessions[sum]
	if s == nil {
		return nil
	}
	idle := belwacht.Instant(d.policy.Load().Idle.Milliseconds())
	if now >= s.Until || s.Stage == belwacht.StageFull && now >= s.Seen+idle {
		d.drop(s)
		return nil
	}
	return s
}

// Visit is who shows a token from an address with a browser. nil and no error: nobody. An error of code Forbidden: somebody, and the door is not open to them
// now. A token that another browser shows ends its session: it was stolen.
func (d *Door) Visit(ctx context.Context, token string, from netip.Addr, agent string) (*access.Visitor, error) {
	s := d.session(token)
	if s == nil {
		return nil, nil
	}
	var u belwacht.User
	if s.User != "" {
		var there bool
		if u, there = d.User(s.User); !there || u.Disabled {
			return nil, d.end(ctx, s)
		}
	}
	if !s.Local {
		if err := d.policy.Load().Admits(from, d.c.Now()); err != nil {
			return nil, err
		}
	}
	if s.Agent != text.Clean(agent, agentMost) {
		d.c.Log.Warn("a session's token was shown by another browser; the session is ended", "event", "access.stolen", "user", u.Login, "from", from.String())
		e := &belwacht.Entry{Act: access.SessionEnd, Who: "belwacht", Via: "belwacht", From: from.Unmap().String(), Subject: u.Login,
			Detail: "another browser showed its token"}
		if err := d.record(ctx, e); err != nil {
			d.late(err)
		}
		return nil, d.end(ctx, s)
	}
	if now := d.instant(); now >= s.Seen+belwacht.Minute {
		d.mu.Lock()
		seen := *s
		seen.Seen = now
		if d.sessions[s.Sum] == s {
			d.sessions[s.Sum] = &seen
		}
		d.mu.Unlock()
		if s.Stage == belwacht.StageFull {
			d.c.Sessions.SeenSession(s.ID, now)
		}
	}
	return &access.Visitor{User: u, Session: *s, Via: "console", From: from}, nil
}

// end ends a session in memory at once, and on disk.
func (d *Door) end(ctx context.Context, s *belwacht.Session) error {
	d.mu.Lock()
	d.drop(s)
	d.mu.Unlock()
	if err := d.c.Sessions.EndSession(ctx, s.ID); err != nil && !d.late(err) {
		return err
	}
	return nil
}

// SignOut ends the session of a token. No error where there is none.
func (d *Door) SignOut(ctx context.Context, token string) error {
	s := d.session(token)
	if s == nil {
		return nil
	}
	if u, there := d.User(s.User); there && s.Stage == belwacht.StageFull {
		if err := d.record(ctx, &belwacht.Entry{Act: access.SignOut, Who: u.Login, User: u.ID, Via: "console", From: s.From}); err != nil && !d.late(err) {
			return err
		}
	}
	return d.end(ctx, s)
}

// Sessions are those of a user, or of all where user is "", that are signed in, last used first.
func (d *Door) Sessions(user string) []belwacht.Session {
	now := d.instant()
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []belwacht.Session
	for _, s := range d.sessions {
		if s.Stage == belwacht.StageFull && now < s.Until && (user == "" || s.User == user) {
			list = append(list, *s)
		}
	}
	slices.SortFunc(list, func(a, b belwacht.Session) int {
		return cmp.Or(cmp.Compare(b.Seen, a.Seen), strings.Compare(a.ID, b.ID))
	})
	return list
}

// endAll ends a user's sessions, but the one of that ID.
func (d *Door) endAll(ctx context.Context, user, but string) error {
	d.mu.Lock()
	var gone []*belwacht.Session
	for _, s := range d.sessions {
		if s.User == user && s.ID != but {
			gone = append(gone, s)
		}
	}
	for _, s := range gone {
		d.drop(s)
	}
	d.mu.Unlock()
	for _, s := range gone {
		if err := d.c.Sessions.EndSession(ctx, s.ID); err != nil && !d.late(err) {
			return err
		}
	}
	return nil
}

// EndSession ends a session by its ID: one's own, or anybody's with the right to.
func (d *Door) EndSession(ctx context.Context, v *access.Visitor, id string) error {
	d.mu.Lock()
	var s *belwacht.Session
	for _, o := range d.sessions {
		if o.ID == id && o.Stage == belwacht.StageFull {
			s = o
		}
	}
	d.mu.Unlock()
	own := s != nil && v.May(access.OwnAccount) && s.User == v.User.ID
	if !own && !v.May(access.SessionsEnd) {
		return forbidden()
	}
	var u belwacht.User
	if s != nil {
		u, _ = d.User(s.User)
	}
	if s == nil || !own && !v.Sees(u.Tenant) { // one of another organisation is none
		return access.Errorf(belwacht.NotFound, "there is no such session; it may be over already",
			"deze sessie is er niet; misschien is ze al voorbij")
	}
	e := v.Entry(&access.Deed{Act: access.SessionEnd, Tenant: u.Tenant, Subject: u.Login, Detail: s.From})
	if err := d.record(ctx, e); err != nil && !d.late(err) {
		return err
	}
	return d.end(ctx, s)
}
