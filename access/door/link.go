package door

import (
	"context"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// How long a one-time link may be used, by what it is for, and how many wait at most.
const (
	linkWithin   = 15 * time.Minute
	inviteWithin = 48 * time.Hour
	linksMost    = 200
)

// link is a one-time link that was not used yet.
type link struct {
	stage belwacht.Stage
	user  string // "" = for the first administrator
	local bool   // made on the machine itself: hours and networks do not hold for it
	until time.Time
}

// LinkPath is where a link's secret is put behind: the page that takes it.
const LinkPath = "/enter/"

// Link makes a one-time link on the machine itself, the way in that nothing closes, and returns its secret. Without an administrator it makes the first one;
// else it lets login choose a new password and second factor. who is whom the machine knows. It is told to all administrators.
func (d *Door) Link(ctx context.Context, login, who string) (secret string, err error) {
	l := &link{stage: belwacht.StageFirst, local: true}
	everybody := d.Administrators()
	switch u := d.byLogin(login); {
	case login == "" && len(everybody) > 0:
		return "", belwacht.Errorf(belwacht.Usage, "there are administrators already; name the one who cannot sign in, for example: belwacht access link %s", everybody[0].Login)
	case login == "":
	case u == nil:
		return "", belwacht.Errorf(belwacht.NotFound, "nobody signs in as %.64q; belwacht access users lists who does", login)
	default:
		l.stage, l.user = belwacht.StageReset, u.ID
	}
	secret, err = d.keep(l, linkWithin)
	if err != nil {
		return "", err
	}
	e := &belwacht.Entry{Act: access.LinkMake, Who: who, Via: "socket", Subject: login}
	if err := d.record(ctx, e); err != nil && !d.late(err) {
		return "", err
	}
	d.tell(belwacht.NoticeLink, everybody, e)
	return secret, nil
}

// Guest makes a one-time link that signs a user in fully, without password and second factor: for demonstrations, whose users and organisation are made up.
// It is offered by no page, operation or command.
func (d *Door) Guest(login string) (secret string, err error) {
	u := d.byLogin(login)
	if u == nil {
		return "", belwacht.Errorf(belwacht.NotFound, "nobody signs in as %.64q", login)
	}
	return d.keep(&link{stage: belwacht.StageFull, user: u.ID, local: true}, inviteWithin)
}

// keep holds a link until it is used or over.
func (d *Door) keep(l *link, within time.Duration) (string, error) {
	secret, sum := access.NewToken()
	now := d.c.Now()
	l.until = now.Add(within)
	d.mu.Lock()
	defer d.mu.Unlock()
	for s, o := range d.links {
		if now.After(o.until) {
			delete(d.links, s)
		}
	}
	if len(d.links) >= linksMost {
		return "", access.Errorf(belwacht.TooMany, "%d one-time links wait to be used; no more are made until some are over",
			"er wachten %d eenmalige links op gebruik; er komen er pas meer als er een paar verlopen zijn", len(d.links))
	}
	d.links[sum] = l
	return secret, nil
}

// Waits says whether a link's secret may be used, without using it: a browser that looks ahead must not use it up.
func (d *Door) Waits(secret string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.links[access.SumOf(secret)]
	return l != nil && d.c.Now().Before(l.until)
}

// Enter uses a link.
func (d *Door) Enter(ctx context.Context, secret string, a *Attempt) (*Ticket, error) {
	now := d.c.Now()
	if wait := d.guess.Wait(now, access.LongestWait, access.SourceKey(a.From)); wait > 0 {
		return nil, slow(wait)
	}
	sum := access.SumOf(secret)
	d.mu.Lock()
	l := d.links[sum]
	if l != nil && now.After(l.until) {
		delete(d.links, sum)
	}
	d.mu.Unlock()
	if l == nil || now.After(l.until) || l.stage == belwacht.StageFirst && len(d.Administrators()) > 0 {
		return nil, access.Errorf(belwacht.Forbidden, "this link was used already, or is too old; make another on the machine itself: belwacht access link",
			"deze link is al gebruikt, of te oud; maak er een nieuwe op de machine zelf: belwacht access link")
	}
	if !l.local {
		if err := d.policy.Load().Admits(a.From, now); err != nil { // the link stays good for a place and a time from which it may be used
			return nil, err
		}
	}
	d.mu.Lock()
	here := d.links[sum] == l
	delete(d.links, sum)
	d.mu.Unlock()
	if !here { // somebody else was quicker
		return nil, wrong()
	}
	d.guess.Good(access.SourceKey(a.From))
	former := &belwacht.Session{Local: l.local}
	if l.stage == belwacht.StageFull {
		return d.enter(ctx, l.user, a, former, func(*belwacht.User) (string, error) { return "link", nil })
	}
	var u *belwacht.User
	e := &belwacht.Entry{Act: access.LinkUse, Via: "console", From: a.From.Unmap().String(), Detail: string(l.stage)}
	if l.user != "" {
		v, there := d.User(l.user)
		if !there {
			return nil, wrong()
		}
		u, e.Who, e.User, e.Tenant = &v, v.Login, v.ID, v.Tenant
	}
	if err := d.record(ctx, e); err != nil && !d.late(err) {
		return nil, err
	}
	if l.local {
		d.tell(belwacht.NoticeLink, d.others(e.User, e.Tenant), e)
	}
	return d.open(ctx, u, l.stage, "link", a, former)
}
