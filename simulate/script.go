package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// Script is an attacker whose calls are known beforehand, such as one that a honeypot recorded. He does not react to refusals.
type Script struct {
	Kind  string // what truth calls it
	Calls []ScriptCall
}

// ScriptCall is one attempt of a script.
type ScriptCall struct {
	After   belwacht.Instant // after eight in the morning of the first day that is not for learning
	Dialled string           // as it is; it may hold anything
	Talk    int64            // seconds; 0 = fails at once
}

// planScripts gives each script an account of its own, as long as there are enough, and puts its calls into the queue.
func (r *run) planScripts() {
	if len(r.o.config.Scripts) == 0 {
		return
	}
	rng := invent.Stream(r.o.seed, invent.StreamAttacks+100)
	var users []*invent.Person
	for _, i := range rng.Perm(len(r.people)) {
		if p := r.people[i]; p.Role.Name != "spare" && p.Kind != belwacht.KindQueue {
			users = append(users, p)
		}
	}
	if len(users) == 0 {
		users = r.people
	}
	begin := r.o.at(7*r.o.config.LearnWeeks, 8)
	for i, s := range r.o.config.Scripts {
		a := &attacker{index: int16(len(r.attackers)), kind: s.Kind, scored: true, rng: rng, users: []*invent.Person{users[i%len(users)]}, slower: 1}
		for _, c := range s.Calls {
			in := plain(begin+c.After, a.users[0], c.Dialled, WayOut)
			in.disp, in.ring, in.attack = belwacht.Failed, 0, a.index
			if c.Talk > 0 {
				in.ring, in.talk = int16(1+rng.IntN(8)), int32(min(c.Talk, 32*3600))
			}
			a.script = append(a.script, in)
			r.queue.push(in)
		}
		r.attackers = append(r.attackers, a)
	}
}
