package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math/rand/v2"

	"github.com/belwacht/belwacht"
)

// move is what an attacker does when he has been refused often enough.
type move uint8

const (
	moveTarget  move = iota // another range or country
	moveCheap               // a country where a minute costs nothing to speak of
	moveWait                // waits for minutes or for a night
	moveAccount             // another account
	moveSlow                // dials more seldom
	moveQuit
	moves
)

// reaction is how an attacker takes refusals: after so many he makes his next move.
type reaction struct {
	patience int
	moves    []move
	next     int
	stubborn int // refusals after which he leaves for good
}

// newReaction draws a temper.
func newReaction(rng *rand.Rand) reaction {
	re := reaction{patience: int(invent.Between(rng, 1, 12)), stubborn: int(invent.Between(rng, 8, 900))}
	for range 1 + rng.IntN(5) {
		re.moves = append(re.moves, move(rng.IntN(int(moves))))
	}
	return re
}

// hindered lets the attacker know of a refusal or of a call that was cut.
func (a *attacker) hindered(r *run, at belwacht.Instant) {
	a.refusals++
	re := &a.reaction
	if a.refusals >= re.stubborn {
		a.over = true
		return
	}
	if re.patience == 0 || a.refusals%re.patience != 0 || len(re.moves) == 0 {
		return
	}
	m := re.moves[re.next%len(re.moves)]
	re.next++
	switch m {
	case moveTarget, moveCheap:
		if len(a.targets) == 0 || len(a.users) == 0 {
			return
		}
		was := a.taste
		a.land, a.keeps = nil, false
		if m == moveCheap {
			a.taste = tasteCheap
		}
		a.aim = len(a.targets)
		a.targets = append(a.targets, a.aimAnew(r.o.geo))
		a.taste = was
	case moveWait:
		a.holdOff = at + belwacht.Instant(invent.Between(a.rng, 300, 40000))*belwacht.Second
	case moveAccount:
		if len(a.users) > 0 && a.way == WayOut {
			a.users = append(a.users, invent.Pick(a.rng, r.people))
			a.using = len(a.users) - 1
		}
	case moveSlow:
		a.slower *= invent.Between(a.rng, 2, 12)
	case moveQuit:
		if a.refusals > 10*re.patience && invent.Chance(a.rng, .4) {
			a.over = true
		}
	}
}
