package detect

import (
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// ahead is how many events, or calls of a Replay, are looked at together. What judging them looks at lies far apart in memory: asked for all at once it
// comes at once, while one after the other each would be waited for.
const ahead = 48

// glance is an attempt, or the end of a call, that is about to be judged, with what was found out of it so far.
type glance struct {
	s       *shard
	event   *belwacht.Event  // of an Engine; a Replay has no events yet
	account string           // of an attempt
	key     uint64           // of an attempt the hash of its account's name, of an end the call's
	read    *belwacht.Number // of an attempt
	number  belwacht.E164
	index   uint32 // of the account, count.All where none is known
	person  *person
	slot    uint32 // of a running call
}

// Ahead is told which events will come next, in their order, by who has several of them waiting: it touches what judging them will look at, so that
// Handle finds it in the processor's cache, and reads the numbers. It changes nothing that is decided, may be left out, allocates nothing but room once an
// organisation, and keeps no event. Of organisations whose events are being judged meanwhile by others it touches nothing: it never waits.
func (e *Engine) Ahead(events []*belwacht.Event) {
	for len(events) > 0 {
		n := min(len(events), ahead)
		e.ahead(events[:n])
		events = events[n:]
	}
}

func (e *Engine) ahead(events []*belwacht.Event) {
	var held [ahead]*shard
	var tries, ends [ahead]glance
	var shards, t, d int
	var s *shard
	for i, ev := range events {
		if s == nil || ev.Tenant != s.tenant.Name {
			if s = e.shards[ev.Tenant]; s == nil {
				continue
			}
			if !slices.Contains(held[:shards], s) {
				if !s.mu.TryLock() {
					s = nil
					continue
				}
				held[shards] = s
				shards++
				if s.foreseen == nil {
					s.foreseen = count.NewForeseen(ahead)
				}
				s.foreseen.Expect(len(events) - i)
			}
		}
		switch {
		case ev.Kind == belwacht.EventEnd:
			ends[d] = glance{s: s, event: ev}
			d++
		case ev.Kind == belwacht.EventAttempt && ev.Direction != belwacht.In:
			tries[t] = glance{s: s, event: ev, account: ev.Account, read: s.foreseen.Room(ev.Dialled)}
			t++
		}
	}
	find(tries[:t])
	running := ends[:0]
	for i := range ends[:d] {
		g := &ends[i]
		g.key = count.KeyOf(g.event.Site, g.event.Call)
		g.s.warm += g.s.count.WarmCall(g.key)
	}
	for i := range ends[:d] {
		if slot, ok := ends[i].s.count.Find(ends[i].key); ok {
			g := ends[i]
			g.slot = slot
			g.s.warm += g.s.count.Slot(slot).Ticket + g.s.views[slot].index
			running = append(running, g)
		}
	}
	for i := range running {
		g := &running[i]
		g.index, g.number = g.s.views[g.slot].index, g.s.count.Slot(g.slot).Number
		g.person = g.s.person(g.index)
	}
	for i := range tries[:t] {
		if g := &tries[i]; g.read != nil {
			*g.read = g.s.tenant.Numbers.Read(g.event.Dialled)
			g.number = g.read.E164
		}
	}
	warm(tries[:t], running)
	for _, s := range held[:shards] {
		s.mu.Unlock()
	}
}

// find looks for the accounts of attempts, and touches what is kept of them.
func find(tries []glance) {
	for i := range tries {
		g := &tries[i]
		g.key = uint64(g.s.count.Scent(g.account))
	}
	for i := range tries {
		g := &tries[i]
		g.index = g.s.count.Warm(count.Scent(g.key))
	}
	for i := range tries {
		if g := &tries[i]; g.index != count.All {
			g.person = g.s.person(g.index)
			g.s.warm += g.person.profile.WarmHead()
		}
	}
}

// warm touches what is known of numbers that are about to be judged or learned, in loops of their own, since what waits in one with much else to do waits
// for all of it.
func warm(tries, ends []glance) {
	for i := range tries {
		tries[i].s.warm += tries[i].s.house.Warm(tries[i].number)
	}
	for i := range ends {
		g := &ends[i]
		g.s.warm += g.person.profile.WarmLesson() + g.s.count.WarmAccount(g.index) + g.s.house.Warm(g.number)
	}
	for _, list := range [...][]glance{tries, ends} {
		for i := range list {
			if g := &list[i]; g.person != nil {
				g.s.warm += g.person.profile.WarmNumbers()
			}
		}
	}
}

// fetch does the same for the calls that were gathered, and for the running ones that end meanwhile, where all are of one organisation.
func (r *Replay) fetch() {
	last := r.queue[len(r.queue)-1]
	s := r.engine.order[last.place]
	s.mu.Lock()
	defer s.mu.Unlock()
	var tries [ahead]glance
	for i, p := range r.queue {
		if p.place != last.place {
			return
		}
		tries[i] = glance{s: s, account: p.call.Account}
	}
	find(tries[:len(r.queue)])
	r.ends = r.ends[:0]
	for i := range r.pending {
		u := &r.pending[i]
		switch p := u.Item; {
		case p.place != last.place || u.At > last.call.Start || p.next != belwacht.EventEnd || !p.read:
		case p.account == count.All:
			s.count.WarmRang(p.number)
		default:
			r.ends = append(r.ends, glance{s: s, index: p.account, person: s.person(p.account), number: p.number})
		}
	}
	for i, p := range r.queue {
		g, c := &tries[i], &p.call
		if c.Direction == belwacht.In {
			p.outcome.Number.E164, g.index, g.person = s.tenant.Numbers.Caller(c.Caller), count.All, nil
		} else {
			p.outcome.Number = s.tenant.Numbers.Read(c.Dialled)
		}
		p.read, p.number, p.account = true, p.outcome.Number.E164, g.index
		g.number = p.number
	}
	warm(tries[:len(r.queue)], r.ends)
}

// read puts the number of an attempt into n: what was foreseen, else it is read now.
func (s *shard) read(dialled string, n *belwacht.Number) {
	if s.foreseen == nil || !s.foreseen.Take(dialled, n) {
		*n = s.tenant.Numbers.Read(dialled)
	}
}
