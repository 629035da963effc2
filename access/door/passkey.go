package door

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// Bounds of passkeys: how long a browser may take, how long its answer may be in bytes, and how many answered challenges are remembered.
const (
	passkeyWithin = 5 * time.Minute
	passkeyMost   = 64 << 10
	usedMost      = 10_000
)

// Challenge is what a browser needs to make or show a passkey.
type Challenge struct {
	Options json.RawMessage // for navigator.credentials, as its JSON form
	State   string          // to be sent back with the answer; sealed, so that nothing is held for who never answers
}

// pending is what a state holds.
type pending struct {
	Session webauthn.SessionData
	Origin  string
	User    string // whose passkey is made; "" where one is shown
	Until   time.Time
}

// person is a user as the library sees one.
type person struct {
	id, login, name string
	credentials     []webauthn.Credential
}

func (p *person) WebAuthnID() []byte                         { return []byte(p.id) }
func (p *person) WebAuthnName() string                       { return p.login }
func (p *person) WebAuthnDisplayName() string                { return p.name }
func (p *person) WebAuthnCredentials() []webauthn.Credential { return p.credentials }

// personOf reads a user's passkeys.
func personOf(u *belwacht.User) (*person, error) {
	p := &person{id: u.ID, login: u.Login, name: u.Name}
	for _, k := range u.Secrets.Passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Credential, &c); err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "a passkey of %s cannot be read: %w", u.Login, err)
		}
		p.credentials = append(p.credentials, c)
	}
	return p, nil
}

// relying is the library for an origin: the owner's, else that of the request. A browser signs the origin that it sees, so another site's is refused.
func (d *Door) relying(origin string) (*webauthn.WebAuthn, string, error) {
	if own := d.policy.Load().Origin; own != "" {
		origin = own
	}
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" {
		return nil, "", access.Errorf(belwacht.Invalid, "passkeys need the console's own address; set access.url",
			"passkeys hebben het adres van de console nodig; stel access.url in")
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: d.c.Issuer, RPOrigins: []string{origin},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, "", access.Errorf(belwacht.Invalid, "passkeys cannot be used at %.100q; open the console by a name, not by an address of digits, or set access.url",
			"passkeys werken niet op %.100q; open de console met een naam, niet met een adres van cijfers, of stel access.url in", origin)
	}
	return w, origin, nil
}

// challenge seals what must be known when the answer comes.
func (d *Door) challenge(options any, p *pending) (*Challenge, error) {
	p.Until = d.c.Now().Add(passkeyWithin)
	state, err := json.Marshal(p)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a passkey's challenge: %w", err)
	}
	o, err := json.Marshal(options)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a passkey's challenge: %w", err)
	}
	return &Challenge{o, base64.RawURLEncoding.EncodeToString(d.seal.Seal("passkey", state))}, nil
}

// pendingOf opens a state.
func (d *Door) pendingOf(state string) (*pending, error) {
	over := access.Errorf(belwacht.Forbidden, "this took too long; try again",
		"dit duurde te lang; probeer het opnieuw")
	if len(state) > passkeyMost {
		return nil, over
	}
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil {
		return nil, over
	}
	b, err := d.seal.Open("passkey", sealed)
	if err != nil {
		return nil, over
	}
	var p pending
	if json.Unmarshal(b, &p) != nil || d.c.Now().After(p.Until) {
		return nil, over
	}
	return &p, nil
}

// once says whether a challenge is answered for the first time.
func (d *Door) once(challenge string) bool {
	now := d.c.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for c, until := range d.used {
		if now.After(until) {
			delete(d.used, c)
		}
	}
	if _, was := d.used[challenge]; was || len(d.used) >= usedMost {
		return false
	}
	d.used[challenge] = now.Add(passkeyWithin)
	return true
}

// NewPasskey begins to make a passkey for who is signed in, or is setting up their first second factor.
func (d *Door) NewPasskey(v *access.Visitor, a *Attempt) (*Challenge, error) {
	if _, err := d.staged(v, factors()...); err != nil {
		return nil, err
	}
	w, origin, err := d.relying(a.Origin)
	if err != nil {
		return nil, err
	}
	u, _ := d.User(v.User.ID)
	p, err := personOf(&u)
	if err != nil {
		return nil, err
	}
	if len(u.Secrets.Passkeys) >= belwacht.PasskeysMost {
		return nil, access.Errorf(belwacht.Invalid, "there are %d passkeys already; remove one that is not used",
			"er zijn al %d passkeys; verwijder er een die u niet gebruikt", len(u.Secrets.Passkeys))
	}
	var have []protocol.CredentialDescriptor
	for i := range p.credentials {
		have = append(have, p.credentials[i].Descriptor())
	}
	options, session, err := w.BeginRegistration(p, webauthn.WithExclusions(have))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a passkey cannot be begun: %w", err)
	}
	return d.challenge(options, &pending{Session: *session, Origin: origin, User: u.ID})
}

// ConfirmPasskey takes the passkey that a browser made. As with ConfirmTOTP.
func (d *Door) ConfirmPasskey(ctx context.Context, v *access.Visitor, password, name, state string, answer []byte, a *Attempt) (*Ticket, []string, error) {
	s, err := d.staged(v, factors()...)
	if err != nil {
		return nil, nil, err
	}
	p, err := d.pendingOf(state)
	if err != nil {
		return nil, nil, err
	}
	if p.User != v.User.ID || len(answer) > passkeyMost {
		return nil, nil, forbidden()
	}
	w, _, err := d.relying(p.Origin)
	if err != nil {
		return nil, nil, err
	}
	u, _ := d.User(v.User.ID)
	who, err := personOf(&u)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBody(bytes.NewReader(answer))
	if err != nil {
		return nil, nil, d.refused(err)
	}
	c, err := w.CreateCredential(who, p.Session, parsed)
	if err != nil {
		return nil, nil, d.refused(err)
	}
	if !c.Flags.UserVerified || !d.once(p.Session.Challenge) {
		return nil, nil, d.refused(errors.New("the user was not verified, or the challenge was answered before"))
	}
	b, err := json.Marshal(c)
	if err != nil {
		return nil, nil, belwacht.Errorf(belwacht.Internal, "a passkey cannot be kept: %w", err)
	}
	if name = text.Clean(name, 60); name == "" {
		name = "passkey"
	}
	k := belwacht.Passkey{ID: base64.RawURLEncoding.EncodeToString(c.ID), Name: name, Created: d.instant(), Credential: b}
	return d.add(ctx, v, s, password, "passkey", a, func(u *belwacht.User) error {
		for _, o := range u.Secrets.Passkeys {
			if o.ID == k.ID {
				return access.Errorf(belwacht.Invalid, "this passkey is there already",
					"deze passkey is er al")
			}
		}
		u.Secrets.Passkeys = append(u.Secrets.Passkeys, k)
		return nil
	})
}

// refused logs why a passkey was not taken, and tells little.
func (d *Door) refused(err error) error {
	var p *protocol.Error
	why := err.Error()
	if errors.As(err, &p) {
		why = p.Details + ": " + p.DevInfo
	}
	d.c.Log.Warn("a passkey was not taken", "event", "access.passkey", "error", text.Clean(why, 300))
	return access.Errorf(belwacht.Forbidden, "the passkey was not accepted; try again, or use another way to sign in",
		"de passkey is niet geaccepteerd; probeer het opnieuw, of meld u anders aan")
}

// ShowPasskey begins to sign in with a passkey, without a name: the browser offers those that it has for this console.
func (d *Door) ShowPasskey(a *Attempt) (*Challenge, error) {
	if err := d.policy.Load().Admits(a.From, d.c.Now()); err != nil {
		return nil, err
	}
	w, origin, err := d.relying(a.Origin)
	if err != nil {
		return nil, err
	}
	options, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a passkey cannot be asked for: %w", err)
	}
	return d.challenge(options, &pending{Session: *session, Origin: origin})
}

// SignInPasskey takes a passkey that was shown: something one has, and, as the user was verified, something one knows or is. It is both factors at once. token is
// that of a session that waits for a second factor, "" where there is none.
func (d *Door) SignInPasskey(ctx context.Context, token, state string, answer []byte, a *Attempt) (*Ticket, error) {
	now := d.c.Now()
	if err := d.policy.Load().Admits(a.From, now); err != nil {
		return nil, err
	}
	key := access.SourceKey(a.From)
	if wait := d.guess.Wait(now, access.LongestWait, key); wait > 0 {
		return nil, slow(wait)
	}
	p, err := d.pendingOf(state)
	if err != nil {
		return nil, err
	}
	if p.User != "" || len(answer) > passkeyMost {
		return nil, forbidden()
	}
	w, _, err := d.relying(p.Origin)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader(answer))
	if err != nil {
		return nil, d.refused(err)
	}
	var whose string
	_, c, err := w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		u, there := d.User(string(handle))
		if !there || u.Disabled {
			return nil, errors.New("nobody has this passkey")
		}
		whose = u.ID
		return personOf(&u)
	}, p.Session, parsed)
	if err != nil {
		return nil, d.refused(err)
	}
	if !c.Flags.UserVerified || c.Authenticator.CloneWarning || !d.once(p.Session.Challenge) {
		return nil, d.refused(errors.New("the user was not verified, the key was copied, or the challenge was answered before"))
	}
	d.guess.Good(key)
	id := base64.RawURLEncoding.EncodeToString(c.ID)
	former := d.session(token)
	if former != nil && former.Stage != belwacht.StageSecond {
		former = nil
	}
	return d.enter(ctx, whose, a, former, func(u *belwacht.User) (string, error) {
		i := slices.IndexFunc(u.Secrets.Passkeys, func(k belwacht.Passkey) bool { return k.ID == id })
		if i < 0 {
			return "", wrong()
		}
		b, err := json.Marshal(c)
		if err != nil {
			return "", belwacht.Errorf(belwacht.Internal, "a passkey cannot be kept: %w", err)
		}
		u.Secrets.Passkeys[i].Credential, u.Secrets.Passkeys[i].Used = b, d.instant()
		return "passkey", nil
	})
}
