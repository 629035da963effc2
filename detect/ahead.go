package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// ahead is how many calls a Replay gathers before it plays them. What judging them looks at lies far apart in memory: asked for all at once it comes
// at once, while one after the other each would be waited for.
const ahead = 48

// fetch reads the numbers of the calls that were gathered, and touches what they, and the running calls that end meanwhile, are about to look at. It does
// so where all calls are of one organisation.
func (r *Replay) fetch() {
	last := &r.queue[len(r.queue)-1].call
	s := r.engine.shards[last.Tenant]
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.ends = r.ends[:0]
	for i := range r.pending {
		if u := &r.pending[i]; u.At <= last.Start && u.Item.next == belwacht.EventEnd && u.Item.read {
			r.ends = append(r.ends, u.Item)
		}
	}
	var scents [ahead]count.Scent
	for i, p := range r.queue {
		if p.call.Tenant != last.Tenant {
			return
		}
		scents[i] = s.count.Scent(p.call.Account)
	}
	for _, p := range r.ends {
		if p.account == count.All {
			s.count.WarmRang(p.number)
		} else {
			s.warm += s.person(p.account).profile.WarmLesson() + s.house.Warm(p.number)
		}
	}
	for i, p := range r.queue {
		if p.account = s.count.Warm(scents[i]); p.account != count.All {
			s.warm += s.person(p.account).profile.Warm()
		}
	}
	for _, p := range r.queue {
		if c := &p.call; c.Direction == belwacht.In {
			p.outcome.Number.E164, p.account = s.tenant.Numbers.Caller(c.Caller), count.All
		} else {
			p.outcome.Number = s.tenant.Numbers.Read(c.Dialled)
		}
		p.read, p.number = true, p.outcome.Number.E164
	}
	for _, p := range r.queue { // in a loop of its own, since what waits in one with much else to do waits for all of it
		s.warm += s.house.Warm(p.number)
	}
	r.ends = append(r.ends, r.queue...)
	for _, p := range r.ends {
		if p.account != count.All {
			s.warm += s.person(p.account).profile.WarmNumbers()
		}
	}
}
