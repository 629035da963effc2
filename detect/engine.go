package detect

import (
	"cmp"
	"sync"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/alert"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/login"
	"github.com/belwacht/belwacht/profile"
	"github.com/belwacht/belwacht/reach"
	"github.com/belwacht/belwacht/rule"
)

// Out takes what an event led to. It is reused: the caller empties it before each event.
type Out struct {
	Decisions []belwacht.Decision // at most one for an attempt, and one for each running call that is ended
	// Probability of fraud of the attempt, and the number as it was read, whatever was decided.
	Probability float64
	Number      belwacht.Number
	Notable     bool
	MaxSeconds  int64 // the longest that a call which is let through may last, 0 = no limit
}

// Reset empties an Out for the next event.
func (o *Out) Reset() { *o = Out{Decisions: o.Decisions[:0]} }

// Engine judges events. It is safe for concurrent use; events of one tenant are judged one after the other.
type Engine struct {
	rules   *rule.Set // of organisations that have none of their own
	observe func(*rule.View, string, belwacht.Word, float64)
	oracle  func(string, belwacht.Word, float64) (belwacht.Word, float64)
	trace   bool
	live    bool
	shards  map[string]*shard
	order   []*shard
}

// New makes an engine with an empty memory.
func New(c Config) (*Engine, error) {
	if len(c.Tenants) == 0 {
		return nil, belwacht.Errorf(belwacht.Config, "an engine needs at least one organisation")
	}
	e := &Engine{rules: c.Rules, observe: c.Observe, oracle: c.Oracle, trace: c.Trace, live: c.Live, shards: make(map[string]*shard)}
	for i := range c.Tenants {
		t := &c.Tenants[i]
		if _, twice := e.shards[t.Name]; twice {
			return nil, belwacht.Errorf(belwacht.Config, "two organisations are called %q", t.Name)
		}
		if t.Numbers == nil || t.Calendar == nil {
			return nil, belwacht.Errorf(belwacht.Config, "organisation %q has no dial plan or no calendar", t.Name)
		}
		if t.Rules == nil && c.Rules == nil {
			return nil, belwacht.Errorf(belwacht.Config, "organisation %q has no rules", t.Name)
		}
		s := newShard(e, t)
		e.shards[t.Name], s.place = s, len(e.order)
		e.order = append(e.order, s)
	}
	return e, nil
}

// Handle judges one event and puts what it led to into out. Running calls that were due before the event's time are judged first. An event of
// an unknown tenant is an error of code NotFound.
func (e *Engine) Handle(ev *belwacht.Event, out *Out) error {
	s, err := e.shard(ev.Tenant)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ev.Kind == belwacht.EventInForce {
		return s.decree(ev, out)
	}
	s.handle(ev, known{key: count.KeyOf(ev.Site, ev.Call), account: count.All}, out)
	return nil
}

// shard is the one of an organisation; mostly there is only one.
func (e *Engine) shard(tenant string) (*shard, error) {
	if s := e.order[0]; s.tenant.Name == tenant {
		return s, nil
	}
	if s := e.shards[tenant]; s != nil {
		return s, nil
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "there is no organisation %.60q in the configuration", tenant)
}

// known is what is known of an event before it is judged: the key of its call and, of an attempt, maybe the number, or the caller where it comes from outside
// (nil = it has not been read), and whose account was found (count.All = none).
type known struct {
	key     uint64
	read    *belwacht.Number
	account uint32
}

func (s *shard) handle(ev *belwacht.Event, k known, out *Out) {
	s.advance(ev.Time, out)
	switch ev.Kind {
	case belwacht.EventAttempt:
		s.attempt(ev, k, out)
	case belwacht.EventAnswer:
		s.answer(ev, k.key)
	case belwacht.EventEnd:
		s.end(ev, k.key, out)
	case belwacht.EventRegistration, belwacht.EventAuthFailure, belwacht.EventConfigChange, belwacht.EventFeedGap, belwacht.EventDelay:
		s.heard(ev, out)
	}
}

// chunk is how many profiles are allocated together.
const chunk = 64

// shard is one tenant's state.
type shard struct {
	mu        *sync.Mutex // behind a pointer, so that a copy of the shard has none of its own
	engine    *Engine
	place     int // in engine.order
	rules     *rule.Set
	tenant    *Tenant
	count     *count.Shard
	own       []*[chunk]person
	groups    map[string]*group
	house     *profile.Tenant
	known     map[string]*belwacht.Account // declared accounts
	views     []running
	spare     []*rule.View // of calls that ended, for those to come
	due       count.Schedule
	late      profile.Quarantine
	says      sayings
	force     inForce
	alerts    alert.Book
	brake     map[string]*night
	meters    meters
	reach     reach.Watch
	logins    *login.Watch // nil until something is heard of log-ins
	notice    notice       // the limit that the decision at hand tells of
	view      rule.View
	verdict   rule.Verdict
	plain     bool              // no rule asks what is usual of a call at home, and nobody watches
	prior     [rule.Any]float64 // the Policy's, by scope
	even      [rule.Any]float64 // the probability where nothing speaks for or against
	clock     calendar.Clock
	unlimited bool // the owner has set no limit
	refs      uint32
	warm      uint32          // of no meaning: see seek
	foreseen  *count.Foreseen // nil until Ahead is used
	now       belwacht.Instant
}

// person is what the shard keeps of an account beside its counters.
type person struct {
	declared *belwacht.Account
	group    *group
	meter    *meter
	profile  profile.Account
	_        [16]byte // so that its beginning, which every call reads, is on one line of the processor's cache
}

type group struct {
	profile profile.Account
	meter   *meter
}

func newShard(e *Engine, t *Tenant) *shard {
	rules, memory := cmp.Or(t.Rules, e.rules), t.Memory
	memory.NoHome = e.observe == nil && !rules.Asks(rule.Notable, "home-") && !rules.Asks(rule.Running, "home-")
	memory.NoHomeDay = memory.NoHome && !rules.Asks(rule.Home, "home-new-24h")
	s := &shard{mu: new(sync.Mutex), engine: e, rules: rules, tenant: t, count: count.NewShard(memory), house: profile.NewTenant(), groups: make(map[string]*group),
		known: make(map[string]*belwacht.Account), brake: make(map[string]*night), says: newSayings(), force: inForce{locks: make(map[string]bool)},
		plain: !rules.Habits(rule.Home) && e.observe == nil, unlimited: t.Limits.Organisation == nil && len(t.Limits.Trunks)+len(t.Limits.Groups)+len(t.Limits.Accounts) == 0}
	for scope := range s.prior {
		s.prior[scope] = t.Policy.prior(rule.Scope(scope))
		s.even[scope] = rule.Probability(s.prior[scope])
	}
	for i := range t.Accounts {
		a := &t.Accounts[i]
		s.known[a.Name] = a
		if a.Group != "" && s.groups[a.Group] == nil {
			s.groups[a.Group] = &group{meter: newMeter(t.Limits.Groups[a.Group], "group "+a.Group)}
		}
	}
	s.meters = meters{tenant: newMeter(t.Limits.Organisation, "organisation"), trunks: make(map[string]*meter)}
	for name, l := range t.Limits.Trunks {
		s.meters.trunks[name] = newMeter(l, "trunk "+name)
	}
	return s
}

// person returns the state of an account by its index.
func (s *shard) person(i uint32) *person {
	for int(i)/chunk >= len(s.own) {
		s.own = append(s.own, new([chunk]person))
	}
	return &s.own[i/chunk][i%chunk]
}

// claim is the account of a name that was sought, made where there is none.
func (s *shard) claim(f count.Sought, name string, at belwacht.Instant) (uint32, *person) {
	i, fresh, evicted := s.count.Claim(f, name, uint32(at/belwacht.Second))
	p := s.person(i)
	if evicted {
		*p = person{}
	}
	if fresh {
		s.declare(p, name)
	}
	return i, p
}

// seek looks for an account before it is needed: what stands far off in memory is on its way while the number is read. Where it was looked for before, likely is
// what was found.
func (s *shard) seek(name string, likely uint32) count.Sought {
	f := s.count.Recall(name, likely)
	if f.Known {
		s.warm += s.person(f.Account).profile.Warm()
	}
	return f
}

// moment is an instant on the organisation's clock.
func (s *shard) moment(at belwacht.Instant) calendar.Moment { return s.clock.At(s.tenant.Calendar, at) }

// declare gives an account what the configuration says of it.
func (s *shard) declare(p *person, name string) {
	p.declared = s.known[name]
	if p.declared != nil && p.declared.Group != "" {
		p.group = s.groups[p.declared.Group]
	}
	p.meter = newMeter(s.tenant.Limits.Accounts[name], name)
}
