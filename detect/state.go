package detect

import (
	"cmp"
	"io"
	"reflect"
	"sort"
	"sync"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/snapshot"
)

// Schema names the form of an engine's memory in a file; another major version is not read.
const Schema = "belwacht.memory/3"

// Bounds of what a snapshot may hold; what the engine itself bounds is bounded by the same figures.
const (
	textMost    = 64 << 10 // bytes of a name or a dialled string: what a record can hold
	tenantsMost = 1 << 14
	groupsMost  = 1 << 16
	dueMost     = 1 << 22
	nightsMost  = 1 << 16
)

// Snapshot writes all that the engine has learned and all that runs: counters, profiles, quarantine, what people said, meters, brake, alerts.
// Rules, limits and dial plans are the configuration's and are not in it. Events of an organisation wait while it is copied in memory, which takes some
// milliseconds for 5,000 accounts, and not while the copy is written.
func (e *Engine) Snapshot(w io.Writer) error {
	return e.save(w, (*shard).still)
}

// Still copies the memory as it is now, all organisations, and gives what writes the copy as Snapshot would, once. It takes as much memory again until then.
func (e *Engine) Still() (write func(io.Writer) error) {
	copies := make(map[*shard]*shard, len(e.order))
	for _, s := range e.order {
		copies[s] = s.still()
	}
	return func(w io.Writer) error {
		return e.save(w, func(s *shard) *shard {
			defer delete(copies, s) // it is let go of when it is written
			return copies[s]
		})
	}
}

// save writes the memory from copies of the organisations.
func (e *Engine) save(w io.Writer, still func(*shard) *shard) error {
	err := snapshot.Save(w, Schema, func(c *snapshot.Codec) {
		shards := append([]*shard(nil), e.order...)
		sort.Slice(shards, func(i, j int) bool { return shards[i].tenant.Name < shards[j].tenant.Name })
		for range c.Len(len(shards), tenantsMost) {
			s := shards[0]
			shards = shards[1:]
			c.Text(&s.tenant.Name, textMost)
			still(s).state(c)
		}
	})
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the memory cannot be written: %w", err)
	}
	return nil
}

// Restore takes what Snapshot wrote, before the first event. Memory of an organisation that the configuration does not name any more is left out;
// one that the memory does not know begins empty. Where an error (code Invalid) comes back every memory is empty.
func (e *Engine) Restore(r io.Reader) error {
	fresh := make(map[string]*shard, len(e.shards))
	err := snapshot.Load(r, Schema, func(c *snapshot.Codec) {
		for range c.Len(0, tenantsMost) {
			var name string
			c.Text(&name, textMost)
			if c.Failed() || fresh[name] != nil {
				c.Fail("an organisation is in it twice")
				return
			}
			t := &Tenant{Name: name, Rules: e.order[0].rules} // to be read and left
			if s := e.shards[name]; s != nil {
				t = s.tenant
			}
			s := newShard(e, t)
			s.state(c)
			fresh[name] = s
		}
	})
	for i, s := range e.order {
		next := fresh[s.tenant.Name]
		if next == nil || err != nil {
			next = newShard(e, s.tenant)
		}
		next.place = i
		e.order[i], e.shards[s.tenant.Name] = next, next
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the memory cannot be read: %w", err)
	}
	return nil
}

// still is a copy of a shard that nothing changes any more. What it has in common with the shard is the configuration's, or kept for use again.
func (s *shard) still() *shard {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alerts.Tell() // of what may change
	return snapshot.Copy(s, []reflect.Type{reflect.TypeFor[sync.Mutex](), reflect.TypeFor[Engine](), reflect.TypeFor[rule.Set](), reflect.TypeFor[Tenant](), reflect.TypeFor[belwacht.Account](), reflect.TypeFor[belwacht.Limit](),
		reflect.TypeFor[Out](), reflect.TypeFor[count.Foreseen](), reflect.TypeFor[[]*rule.View]()},
		snapshot.Flat[string, recalled](), snapshot.Flat[saying, belwacht.Instant](), snapshot.Flat[uint64, profile.Worst](), snapshot.Flat[uint64, brakeRun](),
		snapshot.Flat[uint64, uint32](), snapshot.Flat[uint64, belwacht.E164]())
}

// state hands everything to a codec.
func (s *shard) state(c *snapshot.Codec) {
	c.Int64((*int64)(&s.now))
	c.Uint32(&s.refs)
	s.count.State(c)
	s.house.State(c)
	s.groupStates(c)
	s.meterStates(c)
	for i := 0; i < s.count.Len() && !c.Failed(); i++ {
		s.personState(c, uint32(i))
	}
	s.late.State(c, s.count.Len(), countriesMost)
	s.says.state(c)
	s.alerts.State(c)
	s.reach.State(c)
	some := s.logins != nil
	if c.Bool(&some); some {
		s.watchLogins().State(c)
	}
	snapshot.Map(c, s.brake, nightsMost, snapshot.Ordered[string], func(c *snapshot.Codec, trunk *string, n **night) {
		c.Text(trunk, textMost)
		if *n == nil {
			*n = &night{runs: make(map[uint64]brakeRun)}
		}
		(*n).state(c)
	})
	s.due.State(c, dueMost)
	s.runningStates(c)
	s.force.state(c)
}

// groupStates takes the profiles and meters of groups. A group that is declared no more is read and left.
func (s *shard) groupStates(c *snapshot.Codec) {
	names := make([]string, 0, len(s.groups))
	for name := range s.groups {
		names = append(names, name)
	}
	sort.Strings(names)
	snapshot.List(c, &names, groupsMost, func(c *snapshot.Codec, name *string) {
		c.Text(name, textMost)
		g := s.groups[*name]
		if g == nil {
			g = &group{}
		}
		g.profile.State(c)
		meterState(c, g.meter)
	})
}

func (s *shard) meterStates(c *snapshot.Codec) {
	meterState(c, s.meters.tenant)
	names := make([]string, 0, len(s.meters.trunks))
	for name := range s.meters.trunks {
		names = append(names, name)
	}
	sort.Strings(names)
	snapshot.List(c, &names, groupsMost, func(c *snapshot.Codec, name *string) {
		c.Text(name, textMost)
		meterState(c, s.meters.trunks[*name])
	})
}

// personState takes an account's profile and meter, and gives it what the configuration declares.
func (s *shard) personState(c *snapshot.Codec, i uint32) {
	p := s.person(i)
	if !c.Saving() {
		s.declare(p, s.count.Name(i))
	}
	p.profile.State(c)
	meterState(c, p.meter)
}

// meterState takes a meter, nil where there is none. What was counted for a limit that is no more is read and left.
func meterState(c *snapshot.Codec, m *meter) {
	there := m != nil
	c.Bool(&there)
	if !there {
		return
	}
	if m == nil {
		m = newMeter(&belwacht.Limit{}, "")
	}
	for i := range m.hour {
		m.hour[i].State(c)
		m.day[i].State(c)
		c.Int64(&m.sums[i])
	}
	c.Int32(&m.month)
	c.Int(&m.running)
	c.Int(&m.abroad)
	for i := range m.near.told {
		c.Uint8(&m.near.told[i])
		c.Int32(&m.near.day[i])
	}
	c.Bool(&m.near.bill)
}

// runningStates takes the calls that run, by their slots, and gives them their meters.
func (s *shard) runningStates(c *snapshot.Codec) {
	for len(s.views) < s.count.Slots() {
		s.views = append(s.views, running{})
	}
	for i := range s.views {
		if c.Failed() {
			return
		}
		if !s.count.Live(uint32(i)) {
			continue
		}
		r := &s.views[i]
		r.state(c)
		if c.Saving() {
			continue
		}
		if int(r.index) >= s.count.Len() {
			c.Fail("a running call in it is nobody's")
			return
		}
		if n := s.brake[r.trunk]; n != nil {
			_, r.braked = n.runs[s.count.Slot(uint32(i)).Key]
		}
		for k, m := range s.metersOf(s.person(r.index), r.trunk) {
			if r.charges.mask&(1<<k) != 0 {
				r.charges.meters[k] = m
			}
		}
	}
}

func (r *running) state(c *snapshot.Codec) {
	c.Text(&r.site, textMost)
	c.Text(&r.call, textMost)
	c.Text(&r.account, textMost)
	c.Text(&r.root, textMost)
	c.Text(&r.trunk, textMost)
	c.Uint32(&r.index)
	c.Uint8((*uint8)(&r.word))
	for _, b := range []*bool{&r.sentOn, &r.asked, &r.fine, &r.past, &r.charges.metered, &r.charges.abroad, &r.charges.social} {
		c.Bool(b)
	}
	c.Int64(&r.longest)
	c.Int64((*int64)(&r.due))
	c.Float64(&r.prob)
	c.Uint8(&r.lesson.hour)
	c.Int32(&r.lesson.day)
	c.Uint8(&r.lesson.atOnce)
	ch := &r.charges
	c.Int64(&ch.reserved)
	c.Int64((*int64)(&ch.at))
	c.Int32(&ch.month)
	for k, m := range ch.meters {
		if m != nil {
			ch.mask |= 1 << k
		}
	}
	c.Uint8(&ch.mask)
	notable := r.view != nil
	if c.Bool(&notable); notable {
		if r.view == nil {
			r.view = new(rule.View)
		}
		c.Fields(r.view, textMost)
		r.view.Scope = rule.Running
	}
	if r.lesson.hour >= 168 {
		c.Fail("a running call in it began in no hour of the week")
	}
}

func (n *night) state(c *snapshot.Codec) {
	c.Int32(&n.day)
	c.Int64((*int64)(&n.ended))
	snapshot.Map(c, n.runs, dueMost, cmp.Compare[uint64], func(c *snapshot.Codec, key *uint64, r *brakeRun) {
		c.Uint64(key)
		c.Fields(&r.price, 0)
		c.Int64((*int64)(&r.answered))
	})
}
