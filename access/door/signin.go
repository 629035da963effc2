package door

import (
	"context"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// able says whether a user could sign in with what there is.
func able(s *belwacht.Secrets) bool { return s.Password != "" || len(s.Passkeys) > 0 }

// wrong is what everybody is told whose name or password is not right: not which of the two.
func wrong() error {
	return access.Errorf(belwacht.Forbidden, "name or password is wrong",
		"naam of wachtwoord klopt niet")
}

// slow says how long to wait.
func slow(wait time.Duration) error {
	return access.Errorf(belwacht.TooMany, "too many wrong tries; wait %s and try again",
		"te veel verkeerde pogingen; wacht %s en probeer het opnieuw", wait.Round(time.Second)+time.Second)
}

// knows is the place of a browser among those that a user signed in with; -1 = it is none of them.
func knows(u *belwacht.User, device string) int {
	if u == nil || device == "" || len(device) > 100 {
		return -1
	}
	sum := access.SumOf(device)
	return slices.IndexFunc(u.Devices, func(k belwacht.KnownDevice) bool { return k.Sum == sum })
}

// counts are the keys that a try counts for, and the longest that it may have to wait. A browser that the user knows is counted by itself: no stranger can
// slow it.
func (d *Door) counts(u *belwacht.User, what string, a *Attempt) (keys []string, longest time.Duration, known bool) {
	if i := knows(u, a.Device); i >= 0 {
		return []string{what + " " + u.ID + " by " + u.Devices[i].Sum}, access.LongestWait, true
	}
	return []string{access.SourceKey(a.From)}, access.LongestWait, false
}

// SignIn is the first step: name and password. The ticket's stage says what comes next.
func (d *Door) SignIn(ctx context.Context, a *Attempt) (*Ticket, error) {
	now, p := d.c.Now(), d.policy.Load()
	if err := p.Admits(a.From, now); err != nil {
		return nil, err
	}
	login := strings.ToLower(strings.TrimSpace(a.Login))
	u := d.byLogin(login)
	keys, longest, known := d.counts(u, "password", a)
	if wait := d.guess.Wait(now, longest, keys...); wait > 0 {
		return nil, slow(wait)
	}
	// Of many addresses each has a few tries. An account that many try is slow for all who are strangers to it; names that nobody has are slow in the same way.
	account := "account " + login[:min(len(login), 64)]
	if !known {
		if wait := d.guess.Wait(now, access.StrangerWait, account); wait > 0 {
			return nil, slow(wait)
		}
	}
	stored := ""
	if u != nil && !u.Disabled {
		stored = u.Secrets.Password
	}
	ok, err := d.hash.Check(ctx, known, a.Password, stored)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, d.failed(ctx, u, login, keys[0], a)
	}
	d.guess.Good(append(keys, account)...)
	if access.Stale(stored) {
		if fresh, err := d.hash.Make(ctx, a.Password); err == nil {
			if _, err := d.change(ctx, u.ID, func(u *belwacht.User) error { u.Secrets.Password = fresh; return nil }); err != nil {
				d.late(err)
			}
		}
	}
	switch {
	case u.SecondFactor():
		return d.open(ctx, u, belwacht.StageSecond, "password", a, nil)
	case !p.NeedsSecond(u, a.From):
		return d.enter(ctx, u.ID, a, nil, func(*belwacht.User) (string, error) { return "password", nil })
	case access.Administrative(u.Role) || p.Within(a.From):
		return d.open(ctx, u, belwacht.StageEnrol, "password", a, nil)
	}
	return nil, access.Errorf(belwacht.Forbidden, "from outside a second factor is needed; sign in from inside first and set one up",
		"van buiten is een tweede factor nodig; meld u eerst van binnen aan en stel die in")
}

// failed records a wrong try and says so. How many entries an attacker can make is bounded: the first, second, fourth, eighth … failure of one source is an
// entry, and every one a line of the program's log.
func (d *Door) failed(ctx context.Context, u *belwacht.User, login, key string, a *Attempt) error {
	d.tried("console", login, u, a, false)
	d.c.Log.Warn("somebody could not sign in", "event", "access.failed", "user", text.Clean(login, 64), "known", u != nil, "from", a.From.Unmap().String())
	if n := d.guess.Failures(key, d.c.Now()); bits.OnesCount(uint(n)) == 1 {
		e := &belwacht.Entry{Act: access.SignInFailed, Who: text.Clean(login, 64), Via: "console", From: a.From.Unmap().String(), Failed: "name or password is wrong"}
		if u != nil {
			e.User = u.ID
		}
		if err := d.record(ctx, e); err != nil {
			d.late(err)
		}
	}
	return wrong()
}

// Second is the second step: a code of TOTP, or a recovery code.
func (d *Door) Second(ctx context.Context, token string, a *Attempt) (*Ticket, error) {
	s := d.session(token)
	if s == nil || s.Stage != belwacht.StageSecond {
		return nil, access.Errorf(belwacht.Forbidden, "signing in took too long; begin again",
			"aanmelden duurde te lang; begin opnieuw")
	}
	u, there := d.User(s.User)
	if !there || u.Disabled {
		return nil, d.end(ctx, s)
	}
	now := d.c.Now()
	keys, longest, known := d.counts(&u, "second", a)
	if wait := d.guess.Wait(now, longest, keys...); wait > 0 {
		return nil, slow(wait)
	}
	if !known { // who comes here had the password
		if wait := d.guess.Wait(now, access.StrangerWait, "second "+u.ID); wait > 0 {
			return nil, slow(wait)
		}
		keys = append(keys, "second "+u.ID)
	}
	t, err := d.enter(ctx, u.ID, a, s, func(u *belwacht.User) (string, error) { return d.prove(u, a.Code, now) })
	if belwacht.CodeOf(err) == belwacht.Forbidden && err != nil {
		d.mu.Lock()
		d.tries[s.ID]++
		over := d.tries[s.ID] >= triesMost
		if over {
			d.drop(s)
		}
		d.mu.Unlock()
		d.tried("console", u.Login, &u, a, false)
		d.c.Log.Warn("a second factor was wrong", "event", "access.failed", "user", u.Login, "from", a.From.Unmap().String())
		if bits.OnesCount(uint(d.guess.Failures(keys[len(keys)-1], now))) == 1 {
			e := &belwacht.Entry{Act: access.SignInFailed, Who: u.Login, User: u.ID, Via: "console", From: a.From.Unmap().String(), Failed: "the second factor is wrong"}
			if err := d.record(ctx, e); err != nil {
				d.late(err)
			}
		}
		return nil, err
	}
	if err == nil {
		d.guess.Good(keys...)
	}
	return t, err
}

// prove uses up a code of TOTP or a recovery code of a user, and says which it was.
func (d *Door) prove(u *belwacht.User, code string, now time.Time) (string, error) {
	if len(u.Secrets.TOTP) > 0 {
		secret, err := d.seal.Open(u.ID, u.Secrets.TOTP)
		if err != nil {
			return "", belwacht.Errorf(belwacht.Config, "the secret for codes cannot be read; %s is not the one it was sealed with", access.SecretFile)
		}
		if step := access.TOTPStep(string(secret), code, now, u.Secrets.TOTPStep); step > 0 {
			u.Secrets.TOTPStep = step
			return "totp", nil
		}
	}
	if left, ok := access.UseRecovery(u.Secrets.Recovery, code); ok {
		u.Secrets.Recovery = left
		return "recovery", nil
	}
	return "", access.Errorf(belwacht.Forbidden, "the code is wrong, or was used already; wait for the next one",
		"de code klopt niet, of is al gebruikt; wacht op de volgende")
}

// enter lets a user in fully: what do changes in them, and the browser they came with, is kept, the session is made, and both are recorded. former ends.
func (d *Door) enter(ctx context.Context, id string, a *Attempt, former *belwacht.Session, do func(u *belwacht.User) (means string, err error)) (*Ticket, error) {
	device, sum := access.NewToken()
	isNew, first, means := false, false, ""
	now := d.instant()
	u, err := d.change(ctx, id, func(u *belwacht.User) (err error) {
		if means, err = do(u); err != nil {
			return err
		}
		u.SignedIn = now
		first = len(u.Devices) == 0
		if i := knows(u, a.Device); i >= 0 {
			k := u.Devices[i]
			k.Last, k.Agent = now, text.Clean(a.Agent, agentMost)
			u.Devices = append(slices.Delete(u.Devices, i, i+1), k)
			return nil
		}
		isNew = true
		if over := len(u.Devices) - belwacht.DevicesMost + 1; over > 0 {
			u.Devices = slices.Delete(u.Devices, 0, over)
		}
		u.Devices = append(u.Devices, belwacht.KnownDevice{Sum: sum, Agent: text.Clean(a.Agent, agentMost), First: now, Last: now})
		return nil
	})
	if err != nil && !d.late(err) {
		return nil, err
	}
	t, err := d.open(ctx, u, belwacht.StageFull, means, a, former)
	if err != nil {
		return nil, err
	}
	e := &belwacht.Entry{Act: access.SignIn, Who: u.Login, User: u.ID, Via: "console", From: a.From.Unmap().String(), Tenant: u.Tenant, Detail: means}
	if isNew {
		t.Device, t.New = device, true
		e.Detail += ", a new browser: " + text.Clean(a.Agent, agentMost)
	}
	if err := d.record(ctx, e); err != nil && !d.late(err) {
		return nil, err
	}
	d.tried("console", u.Login, u, a, true)
	if isNew && !first {
		d.tell(belwacht.NoticeNewDevice, []belwacht.User{*u}, e)
	}
	return t, nil
}
