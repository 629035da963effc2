package door

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// Bounds of what a Door holds in memory.
const (
	usersMost    = 20_000
	sessionsMost = 20_000
	keysMost     = 1000
)

// Recorder is the tamper-evident log (package ledger).
type Recorder interface {
	// Record returns once the entry is on disk. An error of code Unreachable says that it is written as soon as the disk answers.
	Record(ctx context.Context, e *belwacht.Entry) error
}

// Teller tells people. Its method returns at once.
type Teller interface {
	Notice(n *belwacht.Notice)
}

// Tried hears of each log-in at the console and the API, good or not, of a user of an organisation, "" = of the whole machine or of nobody. It returns at once.
type Tried func(l *belwacht.Login, tenant string)

// Notes keep something by name.
type Notes interface {
	// Noted is what is kept under a name; nil where nothing is.
	Noted(ctx context.Context, name string) ([]byte, error)
	// Note keeps it in place of what was there. It is on disk when it returns; Unreachable says that it is not yet.
	Note(ctx context.Context, name string, value []byte) error
}

// Config is what a Door needs.
type Config struct {
	Users     belwacht.UserStore
	Sessions  belwacht.SessionStore
	Keys      belwacht.KeyStore
	Proposals belwacht.ProposalStore
	Notes     Notes // nil = who is barred is free after a restart
	Entries   Recorder
	Teller    Teller        // nil = nobody is told
	Tried     Tried         // nil = nobody hears of log-ins
	Secret    []byte        // see LoadSecret
	Policy    access.Policy // see Door.Use
	Names     []string      // of machine and organisations, which passwords may not contain
	Issuer    string        // what programs for codes show; "" = Belwacht
	Log       *slog.Logger
	Now       func() time.Time // nil = the clock
}

// Door is who may come in. Its methods may be called from many goroutines.
type Door struct {
	c      Config
	policy atomic.Pointer[access.Policy]
	seal   *access.Sealer
	hash   *access.Hasher
	guess  *access.Throttle
	barred barredKept

	order sync.Mutex // held while something is changed and handed to the store, so that both have the same order

	mu        sync.Mutex
	users     map[string]*belwacht.User // by ID; what a pointer shows never changes
	logins    map[string]string         // ID by log-in name
	sessions  map[string]*belwacht.Session
	keys      map[string]*belwacht.Key
	proposals map[string]*belwacht.Proposal
	links     map[string]*link
	setups    map[string]setup     // TOTP secrets that wait to be confirmed, by session's ID
	tries     map[string]int       // wrong second factors, by session's ID
	used      map[string]time.Time // challenges of passkeys that were answered
}

// New makes a Door of what the stores hold. Entries, stores and Secret are needed.
func New(ctx context.Context, c Config) (*Door, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Issuer = cmp.Or(c.Issuer, "Belwacht")
	d := &Door{c: c, hash: access.NewHasher(), guess: access.NewThrottle(), users: map[string]*belwacht.User{}, logins: map[string]string{},
		sessions: map[string]*belwacht.Session{}, keys: map[string]*belwacht.Key{}, proposals: map[string]*belwacht.Proposal{}, links: map[string]*link{},
		setups: map[string]setup{}, tries: map[string]int{}, used: map[string]time.Time{}}
	var err error
	if d.seal, err = access.NewSealer(c.Secret); err != nil {
		return nil, err
	}
	if err := d.Use(c.Policy); err != nil {
		return nil, err
	}
	d.loadBarred(ctx)
	return d, d.load(ctx)
}

// Use puts another policy in place. Sessions that it does not admit end at their next request.
func (d *Door) Use(p access.Policy) error {
	p, err := p.Filled()
	if err != nil {
		return err
	}
	d.policy.Store(&p)
	return nil
}

// Policy is the one in force.
func (d *Door) Policy() access.Policy { return *d.policy.Load() }

// load reads the stores.
func (d *Door) load(ctx context.Context) error {
	users, err := d.c.Users.Users(ctx)
	if err != nil {
		return err
	}
	now := d.instant()
	sessions, err := d.c.Sessions.Sessions(ctx, now)
	if err != nil {
		return err
	}
	keys, err := d.c.Keys.Keys(ctx)
	if err != nil {
		return err
	}
	proposals, err := d.c.Proposals.Proposals(ctx, now-proposalFor)
	if err != nil {
		return err
	}
	for i := range users {
		d.users[users[i].ID], d.logins[users[i].Login] = &users[i], users[i].ID
	}
	for i := range sessions {
		if s := &sessions[i]; s.Stage == belwacht.StageFull { // who was about to sign in begins again
			d.sessions[s.Sum] = s
		}
	}
	for i := range keys {
		d.keys[keys[i].ID] = &keys[i]
	}
	for i := range proposals {
		d.proposals[proposals[i].ID] = &proposals[i]
	}
	return nil
}

func (d *Door) instant() belwacht.Instant { return belwacht.InstantOf(d.c.Now()) }

// User is a user by ID.
func (d *Door) User(id string) (belwacht.User, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.users[id]
	if u == nil {
		return belwacht.User{}, false
	}
	return *u, true
}

// Users are all there are, by log-in name.
func (d *Door) Users() []belwacht.User {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]belwacht.User, 0, len(d.users))
	for _, u := range d.users {
		list = append(list, *u)
	}
	slices.SortFunc(list, func(a, b belwacht.User) int { return strings.Compare(a.Login, b.Login) })
	return list
}

// byLogin is a user by log-in name; nil where there is none.
func (d *Door) byLogin(login string) *belwacht.User {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.users[d.logins[login]]
}

// Administrators are those who can sign in now: not barred, and with a way to prove who they are.
func (d *Door) Administrators() []belwacht.User {
	var list []belwacht.User
	for _, u := range d.Users() {
		if u.Role == belwacht.RoleAdministrator && !u.Disabled && able(&u.Secrets) {
			list = append(list, u)
		}
	}
	return list
}

// put takes a user as they are from now on, in memory and behind it on disk. d.order is held. An error of code Unreachable says that the disk is late: it holds
// all the same.
func (d *Door) put(ctx context.Context, u *belwacht.User) error {
	if err := u.Check(); err != nil {
		return err
	}
	d.mu.Lock()
	old := d.users[u.ID]
	if other := d.logins[u.Login]; other != "" && other != u.ID {
		d.mu.Unlock()
		return access.Errorf(belwacht.Invalid, "another user signs in as %s already; choose another log-in name",
			"een andere gebruiker meldt zich al aan als %s; kies een andere aanmeldnaam", u.Login)
	}
	if old == nil && len(d.users) >= usersMost {
		d.mu.Unlock()
		return access.Errorf(belwacht.TooMany, "there are %d users already, no more fit",
			"er zijn al %d gebruikers, er kunnen er niet meer bij", len(d.users))
	}
	if old != nil {
		delete(d.logins, old.Login)
	}
	d.users[u.ID], d.logins[u.Login] = u, u.ID
	d.mu.Unlock()
	return d.c.Users.PutUser(ctx, u)
}

// change changes a user: do is given a copy. What do returns as an error changes nothing.
func (d *Door) change(ctx context.Context, id string, do func(u *belwacht.User) error) (*belwacht.User, error) {
	d.order.Lock()
	defer d.order.Unlock()
	d.mu.Lock()
	old := d.users[id]
	d.mu.Unlock()
	if old == nil {
		return nil, access.Errorf(belwacht.NotFound, "there is no such user",
			"deze gebruiker is er niet")
	}
	u := *old
	u.Secrets.Recovery, u.Secrets.Passkeys, u.Devices = slices.Clone(old.Secrets.Recovery), slices.Clone(old.Secrets.Passkeys), slices.Clone(old.Devices)
	if err := do(&u); err != nil {
		return nil, err
	}
	return &u, d.put(ctx, &u)
}

// late says whether an error is only that the disk is late; it is logged, and who signs in is let in: a full disk locks nobody out.
func (d *Door) late(err error) bool {
	if err == nil || belwacht.CodeOf(err) != belwacht.Unreachable {
		return false
	}
	d.c.Log.Error("the disk is late; what was done at the door holds all the same", "event", "access.late", "error", err)
	return true
}

// Trouble logs what cannot be shown at the door.
func (d *Door) Trouble(what string, err error) {
	d.c.Log.Error(what, "event", "access.failed", "error", err)
}

// record writes an entry of what nobody needs to have asked for.
func (d *Door) record(ctx context.Context, e *belwacht.Entry) error {
	info, _ := access.InfoOf(e.Act)
	e.Weakens = info.Weakens
	return d.c.Entries.Record(ctx, e)
}

// tried has who watches over log-ins hear of one. u is nil where there is no such user; service is console or api.
func (d *Door) tried(service, login string, u *belwacht.User, a *Attempt, good bool) {
	if d.c.Tried == nil {
		return
	}
	l := &belwacht.Login{Service: service, User: text.Clean(login, 64), From: a.From.Unmap(), Agent: text.Clean(a.Agent, agentMost), Result: belwacht.LoginNoSuchAccount}
	tenant := ""
	if u != nil {
		tenant, l.Result = u.Tenant, belwacht.LoginWrongSecret
	}
	if good {
		l.Result = belwacht.LoginGood
	}
	d.c.Tried(l, tenant)
}

// tell hands a notice on, where nobody is to be told too: log servers hear of it.
func (d *Door) tell(kind belwacht.NoticeKind, to []belwacht.User, e *belwacht.Entry) {
	if d.c.Teller != nil {
		d.c.Teller.Notice(&belwacht.Notice{Kind: kind, To: to, Entry: *e})
	}
}

// others are the administrators of an organisation but one; where it is "", those of the whole machine.
func (d *Door) others(id, tenant string) []belwacht.User {
	return slices.DeleteFunc(d.Administrators(), func(u belwacht.User) bool { return u.ID == id || u.Tenant != "" && u.Tenant != tenant })
}

// Now is the door's time.
func (d *Door) Now() time.Time { return d.c.Now() }
