package login

import (
	"math"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// pace is how long somebody takes to answer: what is usual in each hour of the day, and for how many minutes on end it has been far above that.
type pace struct {
	hours [24]usual // UTC
	told  uint32    // when a sign was given, in seconds
	slow  uint8
}

// usual is the mean of the logarithm of milliseconds, and how far they stray from it.
type usual struct {
	mean, strays float32
	days         uint8  // on which there was one, up to pacedDays
	day          uint16 // the last of them, since 1970
}

// Somebody is slow where he takes pacedLeast milliseconds or more, four times what is usual and three times as far from it as he strays, for slowMinutes on
// end, in an hour of the day that is known from pacedDays.
const (
	pacedDays   = 3
	pacedLeast  = 100
	slowMinutes = 5
	// Of 60 values a day: half of what is usual is of the last two days. What is far above teaches eight times more slowly.
	pacedTeach, slowTeach = 1. / 96, 1. / 768
)

// Paced takes how long a PBX (trunk is "") or the far end of a trunk of it took to answer, in milliseconds, once a minute. The signs hold until the next call
// of a method of w.
func (w *Watch) Paced(at belwacht.Instant, site, trunk string, took int64) []Sign {
	w.room = w.room[:0]
	now := seconds(at)
	p, _ := w.paces.Touch(hash(site+"\x00"+trunk), now)
	u := &p.hours[now/3600%24]
	x := float32(math.Log1p(float64(max(took, 0))))
	above := x - u.mean
	slow := took >= pacedLeast && u.days >= pacedDays && above > max(3*u.strays, math.Ln2*2)
	if day := uint16(now / 86400); u.days == 0 || day != u.day {
		u.days, u.day = min(u.days+1, pacedDays+1), day
		if u.days == 1 {
			u.mean, above = x, 0
		}
	}
	teach := float32(pacedTeach)
	if slow {
		teach = slowTeach
	}
	u.mean += teach * above
	u.strays += teach * (max(above, -above) - u.strays)
	if !slow {
		p.slow = 0
		return nil
	}
	if p.slow = min(p.slow+1, slowMinutes); p.slow == slowMinutes && (p.told == 0 || now >= p.told+3600) {
		p.told = now
		cause := Slow
		if trunk != "" {
			cause = TrunkSlow
		}
		w.room = append(w.room, Sign{Cause: cause, User: trunk, N: int(took)})
	}
	return w.room
}

func (p *pace) state(c *snapshot.Codec) {
	for i := range p.hours {
		u := &p.hours[i]
		c.Float32(&u.mean)
		c.Float32(&u.strays)
		c.Uint8(&u.days)
		c.Uint16(&u.day)
	}
	c.Uint32(&p.told)
	c.Uint8(&p.slow)
}
