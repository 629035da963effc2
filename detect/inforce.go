package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/snapshot"
)

// locksMost bounds the accounts of an organisation that are locked at once.
const locksMost = 1 << 16

// inForce is what people decided for an organisation until they undo it. It holds in every mode, and comes before limits and evidence.
type inForce struct {
	panic bool
	locks map[string]bool
}

// Lock refuses every call of an account to a number outside the house but emergency and social ones, or lifts that again. It holds from the next event
// on; calls that run go on (an EventInForce with Talk 2 ends them). An unknown organisation is an error of code NotFound, one lock too many of code Invalid. It is safe for
// concurrent use.
func (e *Engine) Lock(tenant, account string, on bool) error {
	return e.force(tenant, func(f *inForce) error { return f.lock(account, on) })
}

func (f *inForce) lock(account string, on bool) error {
	switch {
	case !on:
		delete(f.locks, account)
	case len(f.locks) >= locksMost && !f.locks[account]:
		return belwacht.Errorf(belwacht.Invalid, "%d accounts are locked; unlock some of them first", locksMost)
	default:
		f.locks[account] = true
	}
	return nil
}

// Panic refuses every call of an organisation abroad, to premium and personal numbers and to networks, or lifts that again. Emergency and social numbers
// and calls at home pass. See Lock for the rest.
func (e *Engine) Panic(tenant string, on bool) error {
	return e.force(tenant, func(f *inForce) error { f.panic = on; return nil })
}

// Panics says whether panic is on for an organisation.
func (e *Engine) Panics(tenant string) (on bool) {
	_ = e.force(tenant, func(f *inForce) error { on = f.panic; return nil }) // nobody's panic is off
	return on
}

func (e *Engine) force(tenant string, do func(*inForce) error) error {
	s, err := e.shard(tenant)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(&s.force)
}

// forbids is the cause with which a decision in force forbids such a call; "" where none does.
func (s *shard) forbids(account string, v *rule.View) string {
	n, home := &v.Number, s.tenant.Numbers.Country()
	switch f := &s.force; {
	case v.Class == belwacht.ClassSocial:
	case len(f.locks) > 0 && f.locks[account]:
		return "lock.account"
	case f.panic && (v.Class.Costly() || abroad(v.Country, home) || n.Junk && n.Target != 0 && abroad(n.TargetCountry, home)):
		return "panic"
	}
	return ""
}

// decree takes a change of what is in force. It stands among the events so that what is judged again after a crash is judged as it was.
func (s *shard) decree(ev *belwacht.Event, out *Out) error {
	on := ev.Talk > 0
	switch belwacht.InForceKind(ev.Call) {
	case belwacht.KindLock:
		if err := s.force.lock(ev.Account, on); err != nil {
			return err
		}
	case belwacht.KindPanic:
		s.force.panic = on
	}
	if ev.Talk > 1 {
		s.stop(ev.Time, out)
	}
	return nil
}

// stop ends the calls of an organisation that ring or run although a lock or panic forbids them, and puts its decisions into out. They hold in every
// mode. Emergency calls are not among them: nothing is booked of those.
func (s *shard) stop(at belwacht.Instant, out *Out) {
	s.now = max(s.now, at)
	m := s.moment(at)
	for i := range s.views {
		r, slot := &s.views[i], uint32(i)
		if !s.count.Live(slot) || r.past {
			continue
		}
		c := s.count.Slot(slot)
		v := &s.view
		if *v = (rule.View{Judged: c.Number, Country: c.Country, Price: c.Price, Scope: rule.Running}); r.view != nil {
			*v = *r.view
		} else if r.charges.social {
			v.Class = belwacht.ClassSocial
		}
		v.At = at
		if cause := s.forbids(r.account, v); cause != "" {
			s.finish(slot, at, &decided{word: belwacht.EndNow, cause: cause, enforced: true}, &m, out)
		}
	}
}

// Running hands out every call that rings or runs, of all organisations. Events wait meanwhile, one organisation after the other; yield must not call
// the engine.
func (e *Engine) Running(yield func(*belwacht.Running)) {
	for _, s := range e.order {
		s.mu.Lock()
		for i := range s.views {
			if !s.count.Live(uint32(i)) {
				continue
			}
			r, c := &s.views[i], s.count.Slot(uint32(i))
			x := belwacht.Running{ID: r.call, Tenant: s.tenant.Name, Site: r.site, Account: r.account, Root: r.root, Trunk: r.trunk, Number: c.Number.String(), Country: c.Country,
				Began: c.At, Answered: c.Answered, Cost: c.Cost(s.now).Float(), Longest: r.longest, Word: r.word}
			yield(&x)
		}
		s.mu.Unlock()
	}
}

// Usual hands out every country in an account's own profile. For its locks see Running.
func (e *Engine) Usual(yield func(tenant, account string, c belwacht.Country)) {
	for _, s := range e.order {
		s.mu.Lock()
		for i := range s.count.Len() {
			s.person(uint32(i)).profile.Countries(func(c belwacht.Country) { yield(s.tenant.Name, s.count.Name(uint32(i)), c) })
		}
		s.mu.Unlock()
	}
}

// state hands what is in force to a codec.
func (f *inForce) state(c *snapshot.Codec) {
	c.Bool(&f.panic)
	snapshot.Map(c, f.locks, locksMost, snapshot.Ordered[string], func(c *snapshot.Codec, account *string, on *bool) {
		c.Text(account, textMost)
		*on = true
	})
}

// Locks lists the accounts of an organisation that are locked, in no order.
func (e *Engine) Locks(tenant string) (names []string) {
	_ = e.force(tenant, func(f *inForce) error { // nobody's accounts are not locked
		for name := range f.locks {
			names = append(names, name)
		}
		return nil
	})
	return names
}
