package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math/rand/v2"
	"slices"

	"github.com/belwacht/belwacht"
)

// run is one playing of the history: everything that changes while it goes on.
type run struct {
	o           *Organisation
	people      []*invent.Person
	attackers   []*attacker
	oddityKinds []string
	scripted    map[int][]intent // by day: what oddities do
	closures    []closure
	rng         *rand.Rand // ordinary life
	react       *rand.Rand // innocents' reactions to refusals
	day         int        // next day to plan
	buffer      []intent   // what is planned for the day, with what was carried over
	order       []uint64   // buffer in order of time: milliseconds since the day's base, and index
	base        belwacht.Instant
	until       belwacht.Instant // where the day's buffer ends
	queue       queue            // what comes up as it goes
	chunk       []Call
	scratch     [40]byte
	channel     uint32
	hours       []float64
	tag         int16         // oddity of the life that is being planned, -1 none
	storms      map[int]int16 // days on which everything happens twice, and their oddity
	clock       belwacht.Instant
}

// newRun sets the stage: people, oddities, attackers, all by the seed.
func (o *Organisation) newRun() *run {
	r := &run{o: o, people: o.people(), scripted: map[int][]intent{}, storms: map[int]int16{}, rng: invent.Stream(o.seed, invent.StreamDays+100),
		react: invent.Stream(o.seed, invent.StreamReactions)}
	r.planOddities()
	r.planAttacks()
	r.planScripts()
	return r
}

// next is the next intent in order of time, or false at the end of the history.
func (r *run) next() (intent, bool) {
	for {
		var fromDay bool
		if len(r.order) > 0 {
			in := &r.buffer[uint32(r.order[0])]
			fromDay = len(r.queue.items) == 0 || in.start <= r.queue.items[0].start
		} else if r.day < r.o.days && (len(r.queue.items) == 0 || r.queue.items[0].start >= r.until) {
			r.planDay()
			continue
		}
		var in intent
		switch {
		case fromDay:
			in = r.buffer[uint32(r.order[0])]
			r.order = r.order[1:]
		case len(r.queue.items) > 0:
			in = r.queue.pop()
		default:
			return intent{}, false
		}
		if in.line >= 0 && in.who == nil { // an attacker's turn
			if !r.attackers[in.attack].turn(r, &in) {
				continue
			}
		}
		in.start = max(in.start, r.clock)
		if in.start >= r.o.at(r.o.days, 0) {
			continue
		}
		r.clock = in.start
		return in, true
	}
}

// planDay plans a day of everybody's life.
func (r *run) planDay() {
	d := r.day
	r.day++
	carried := r.buffer[:0]
	for i := range r.buffer {
		if r.buffer[i].start >= r.until && r.until > 0 {
			carried = append(carried, r.buffer[i])
		}
	}
	r.buffer = carried
	r.base, r.until = r.o.at(d, 0), r.o.at(d+1, 0)
	for _, p := range r.people {
		r.live(p, d)
	}
	if odd, ok := r.storms[d]; ok {
		from := len(r.buffer)
		for _, p := range r.people {
			if p.Kind != belwacht.KindMachine {
				r.live(p, d)
			}
		}
		for i := from; i < len(r.buffer); i++ {
			r.buffer[i].oddity = odd
		}
	}
	r.emergencies(d)
	for _, c := range r.closures {
		c.apply(r, d)
	}
	r.buffer = append(r.buffer, r.scripted[d]...)
	delete(r.scripted, d)
	r.order = r.order[:0]
	for i := range r.buffer {
		in := &r.buffer[i]
		if in.start < r.until {
			r.order = append(r.order, uint64(max(in.start-r.base, 0))<<32|uint64(i))
		}
	}
	slices.Sort(r.order)
}

// script adds a call of an oddity to its day.
func (r *run) script(in intent) {
	day := r.o.dayOf(in.start)
	r.scripted[day] = append(r.scripted[day], in)
}

// dayOf is the day of the history in which a moment lies.
func (o *Organisation) dayOf(at belwacht.Instant) int {
	d := int((at - o.at(0, 0)) / belwacht.Day)
	d = min(max(d, 0), o.days-1)
	for d+1 < o.days && at >= o.at(d+1, 0) {
		d++
	}
	for d > 0 && at < o.at(d, 0) {
		d--
	}
	return d
}
