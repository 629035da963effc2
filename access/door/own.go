package door

import (
	"context"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// setup is a TOTP secret that waits for its first code.
type setup struct{ secret string }

// staged is a visitor's session where it is in one of some stages; an error of code Forbidden where not.
func (d *Door) staged(v *access.Visitor, stages ...belwacht.Stage) (*belwacht.Session, error) {
	if v == nil || v.Key != "" {
		return nil, forbidden()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.sessions[v.Session.Sum]
	if s == nil || !slices.Contains(stages, s.Stage) {
		return nil, forbidden()
	}
	return s, nil
}

// weak says what is wrong with a password that a user chooses.
func (d *Door) weak(password string, u *belwacht.User) error {
	list := access.Weaknesses(password, append([]string{u.Login, u.Name, u.Mail}, d.c.Names...)...)
	if len(list) == 0 {
		return nil
	}
	return &WeakPassword{list}
}

// WeakPassword is the error of a password that may not be used.
type WeakPassword struct{ Weaknesses []access.Weakness }

func (w *WeakPassword) Error() string { return w.Says(text.English) }

// Unwrap gives the error its code, Invalid.
func (w *WeakPassword) Unwrap() error {
	return belwacht.Errorf(belwacht.Invalid, "the password is weak")
}

// Says is all that is wrong, as sentences.
func (w *WeakPassword) Says(l text.Language) string {
	var all []string
	for _, x := range w.Weaknesses {
		all = append(all, x.Says(l))
	}
	return strings.Join(all, " ")
}

// First makes the first administrator, for who came by the link of the first start. What comes next is the second factor.
func (d *Door) First(ctx context.Context, v *access.Visitor, u belwacht.User, password string, a *Attempt) (*Ticket, error) {
	s, err := d.staged(v, belwacht.StageFirst)
	if err != nil {
		return nil, err
	}
	if len(d.Administrators()) > 0 {
		return nil, forbidden()
	}
	now := d.instant()
	u.ID, u.Role, u.Created, u.Changed, u.Tenant, u.Account, u.Disabled = access.NewID(), belwacht.RoleAdministrator, now, now, "", "", false
	u.Secrets, u.Devices = belwacht.Secrets{}, nil
	if err := d.weak(password, &u); err != nil {
		return nil, err
	}
	if u.Secrets.Password, err = d.hash.Make(ctx, password); err != nil {
		return nil, err
	}
	u.Secrets.PasswordSet = now
	e := &belwacht.Entry{Act: access.UserAddAdmin, Who: u.Login, User: u.ID, Via: "console", From: a.From.Unmap().String(), Subject: u.Login, Detail: "the first"}
	if err := u.Check(); err != nil {
		return nil, err
	}
	if err := d.record(ctx, e); err != nil && !d.late(err) {
		return nil, err
	}
	d.order.Lock()
	err = d.put(ctx, &u)
	d.order.Unlock()
	if err != nil && !d.late(err) {
		return nil, err
	}
	return d.open(ctx, &u, belwacht.StageEnrol, "link", a, s)
}

// Reset sets the password of who came by an emergency link or an invitation. Former second factors, sessions and known browsers are gone; what comes next is
// a new second factor, where one is asked of them.
func (d *Door) Reset(ctx context.Context, v *access.Visitor, password string, a *Attempt) (*Ticket, error) {
	s, err := d.staged(v, belwacht.StageReset)
	if err != nil {
		return nil, err
	}
	if err := d.weak(password, &v.User); err != nil {
		return nil, err
	}
	hashed, err := d.hash.Make(ctx, password)
	if err != nil {
		return nil, err
	}
	e := v.Entry(&access.Deed{Act: access.PasswordChange, Subject: v.User.Login, Detail: "by a one-time link; former second factors are gone"})
	if err := d.record(ctx, e); err != nil && !d.late(err) {
		return nil, err
	}
	u, err := d.change(ctx, s.User, func(u *belwacht.User) error {
		u.Secrets = belwacht.Secrets{Password: hashed, PasswordSet: d.instant()}
		u.Devices = nil
		return nil
	})
	if err != nil && !d.late(err) {
		return nil, err
	}
	if err := d.endAll(ctx, u.ID, s.ID); err != nil {
		return nil, err
	}
	if d.policy.Load().NeedsSecond(u, a.From) {
		return d.open(ctx, u, belwacht.StageEnrol, "link", a, s)
	}
	return d.enter(ctx, u.ID, a, s, func(*belwacht.User) (string, error) { return "link", nil })
}

// ChangePassword changes one's own, with the former one. All other sessions end.
func (d *Door) ChangePassword(ctx context.Context, v *access.Visitor, former, password string) error {
	if err := d.again(ctx, v, former); err != nil {
		return err
	}
	if err := d.weak(password, &v.User); err != nil {
		return err
	}
	hashed, err := d.hash.Make(ctx, password)
	if err != nil {
		return err
	}
	_, err = d.Do(ctx, v, &access.Deed{Act: access.PasswordChange, Subject: v.User.Login}, func() error {
		_, err := d.change(ctx, v.User.ID, func(u *belwacht.User) error {
			u.Secrets.Password, u.Secrets.PasswordSet = hashed, d.instant()
			return nil
		})
		if err != nil {
			return err
		}
		return d.endAll(ctx, v.User.ID, v.Session.ID)
	})
	return err
}

// again wants the password of who is signed in: a session that was stolen changes nothing of what they sign in with. Who has none (a passkey alone) has just
// shown it.
func (d *Door) again(ctx context.Context, v *access.Visitor, password string) error {
	if !v.May(access.OwnAccount) || v.Key != "" {
		return forbidden()
	}
	u, there := d.User(v.User.ID)
	if !there {
		return forbidden()
	}
	key := "again " + v.Session.ID
	if wait := d.guess.Wait(d.c.Now(), access.LongestWait, key); wait > 0 {
		return slow(wait)
	}
	ok, err := d.hash.Check(ctx, true, password, u.Secrets.Password)
	if err != nil {
		return err
	}
	if !ok {
		return access.Errorf(belwacht.Forbidden, "your present password is wrong",
			"uw huidige wachtwoord klopt niet")
	}
	d.guess.Good(key)
	return nil
}

// factors are the stages in which a second factor may be added.
func factors() []belwacht.Stage {
	return []belwacht.Stage{belwacht.StageEnrol, belwacht.StageFull}
}

// TOTP begins to set up codes: what to put into a program. Asked again in the same session it is the same, until it is confirmed.
func (d *Door) TOTP(v *access.Visitor) (*access.TOTPSetup, error) {
	s, err := d.staged(v, factors()...)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	old, waits := d.setups[s.ID]
	d.mu.Unlock()
	if waits {
		return access.TOTPAgain(d.c.Issuer, v.User.Login, old.secret)
	}
	t, err := access.NewTOTP(d.c.Issuer, v.User.Login)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.setups[s.ID] = setup{t.Secret} // goes with its session, so there are no more than of these
	d.mu.Unlock()
	return t, nil
}

// ConfirmTOTP takes the first code: from then on codes are asked for. Who is signed in gives their password too; who is setting up their first second factor
// comes in by it. Recovery codes are shown once; they are none where there were some.
func (d *Door) ConfirmTOTP(ctx context.Context, v *access.Visitor, password, code string, a *Attempt) (*Ticket, []string, error) {
	s, err := d.staged(v, factors()...)
	if err != nil {
		return nil, nil, err
	}
	d.mu.Lock()
	w, waits := d.setups[s.ID]
	d.mu.Unlock()
	if !waits {
		return nil, nil, access.Errorf(belwacht.Invalid, "show the QR code first",
			"toon eerst de QR-code")
	}
	now := d.c.Now()
	if wait := d.guess.Wait(now, access.LongestWait, "confirm "+s.ID); wait > 0 {
		return nil, nil, slow(wait)
	}
	step := access.TOTPStep(w.secret, code, now, 0)
	if step == 0 {
		return nil, nil, access.Errorf(belwacht.Invalid, "the code does not fit; is the clock of your telephone right?",
			"de code klopt niet; loopt de klok van uw telefoon goed?")
	}
	d.guess.Good("confirm " + s.ID)
	t, codes, err := d.add(ctx, v, s, password, "codes", a, func(u *belwacht.User) error {
		u.Secrets.TOTP, u.Secrets.TOTPStep = d.seal.Seal(u.ID, []byte(w.secret)), step
		return nil
	})
	if err == nil {
		d.mu.Lock()
		delete(d.setups, s.ID)
		d.mu.Unlock()
	}
	return t, codes, err
}

// add adds a second factor: in a session that waits for one it opens the door, else it asks for the password. A ticket is nil where the session stays.
func (d *Door) add(ctx context.Context, v *access.Visitor, s *belwacht.Session, password, what string, a *Attempt, do func(u *belwacht.User) error) (*Ticket, []string, error) {
	var codes []string
	with := func(u *belwacht.User) error {
		if err := do(u); err != nil {
			return err
		}
		if len(u.Secrets.Recovery) == 0 {
			codes, u.Secrets.Recovery = access.NewRecovery()
		}
		return nil
	}
	deed := &access.Deed{Act: access.FactorAdd, Subject: v.User.Login, Detail: what}
	if s.Stage == belwacht.StageFull {
		if err := d.again(ctx, v, password); err != nil {
			return nil, nil, err
		}
		_, err := d.Do(ctx, v, deed, func() error {
			_, err := d.change(ctx, v.User.ID, with)
			return err
		})
		return nil, codes, err
	}
	if err := d.record(ctx, v.Entry(deed)); err != nil && !d.late(err) {
		return nil, nil, err
	}
	t, err := d.enter(ctx, s.User, a, s, func(u *belwacht.User) (string, error) { return what, with(u) })
	return t, codes, err
}

// RemoveTOTP takes codes away from who is signed in, with their password. The last second factor of who needs one stays.
func (d *Door) RemoveTOTP(ctx context.Context, v *access.Visitor, password string) error {
	return d.remove(ctx, v, password, "codes", func(u *belwacht.User) error {
		if len(u.Secrets.TOTP) == 0 {
			return access.Errorf(belwacht.NotFound, "codes are not set up",
				"codes zijn niet ingesteld")
		}
		u.Secrets.TOTP, u.Secrets.TOTPStep = nil, 0
		return nil
	})
}

// RemovePasskey takes a passkey away, likewise.
func (d *Door) RemovePasskey(ctx context.Context, v *access.Visitor, password, id string) error {
	return d.remove(ctx, v, password, "a passkey", func(u *belwacht.User) error {
		i := slices.IndexFunc(u.Secrets.Passkeys, func(p belwacht.Passkey) bool { return p.ID == id })
		if i < 0 {
			return access.Errorf(belwacht.NotFound, "there is no such passkey",
				"deze passkey is er niet")
		}
		u.Secrets.Passkeys = slices.Delete(u.Secrets.Passkeys, i, i+1)
		return nil
	})
}

func (d *Door) remove(ctx context.Context, v *access.Visitor, password, what string, do func(u *belwacht.User) error) error {
	if err := d.again(ctx, v, password); err != nil {
		return err
	}
	_, err := d.Do(ctx, v, &access.Deed{Act: access.FactorRemove, Subject: v.User.Login, Detail: what}, func() error {
		_, err := d.change(ctx, v.User.ID, func(u *belwacht.User) error {
			if err := do(u); err != nil {
				return err
			}
			if !u.SecondFactor() && (access.Administrative(u.Role) || d.policy.Load().Everyone) {
				return access.Errorf(belwacht.Invalid, "this is your last second factor, and you need one; add another first",
					"dit is uw laatste tweede factor, en u hebt er een nodig; voeg eerst een andere toe")
			}
			if !u.SecondFactor() {
				u.Secrets.Recovery = nil
			}
			return nil
		})
		return err
	})
	return err
}

// Recovery makes new recovery codes, with the password; the former ones are worth nothing.
func (d *Door) Recovery(ctx context.Context, v *access.Visitor, password string) ([]string, error) {
	if err := d.again(ctx, v, password); err != nil {
		return nil, err
	}
	codes, sums := access.NewRecovery()
	_, err := d.Do(ctx, v, &access.Deed{Act: access.RecoveryRenew, Subject: v.User.Login}, func() error {
		_, err := d.change(ctx, v.User.ID, func(u *belwacht.User) error {
			if !u.SecondFactor() {
				return access.Errorf(belwacht.Invalid, "recovery codes stand in for a second factor; set one up first",
					"herstelcodes vervangen een tweede factor; stel die eerst in")
			}
			u.Secrets.Recovery = sums
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// SetLanguage sets the language that a user reads.
func (d *Door) SetLanguage(ctx context.Context, v *access.Visitor, language string) error {
	if !v.May(access.OwnAccount) {
		return forbidden()
	}
	_, err := d.change(ctx, v.User.ID, func(u *belwacht.User) error {
		u.Language = language
		return nil
	})
	return err
}
