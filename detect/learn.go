package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
)

// lesson is what a call that runs will teach with.
type lesson struct {
	hour   uint8
	day    int32
	atOnce uint8
}

// learn lets an ended call teach: at once where it was plainly allowed, after days where it was watched or alerted. One that would have been
// refused or ended waits as well, but only for a person who says that it was fine.
func (s *shard) learn(r *running, c *count.Slot, ev *belwacht.Event) {
	s.late.Release(ev.Time, s.teach)
	l := profile.Lesson{At: c.At, Date: r.lesson.day, Hour: r.lesson.hour, Number: c.Number, Country: c.Country, Notable: c.Notable, Novel: c.Novel(),
		SentOn: r.sentOn, Talk: ev.Talk, Cost: c.Price.Cost(ev.Talk), AtOnce: int(r.lesson.atOnce)}
	if c.Flags&count.Undialable != 0 {
		l.Number = 0
	}
	if r.word == belwacht.Allow {
		s.teach(r.index, &l)
		return
	}
	s.late.Rose(r.index, c.Number, r.word, ev.Time)
	s.late.Wait(r.index, &l, r.word, ev.Time)
}

// teach takes a lesson into the profiles of account, group and house.
func (s *shard) teach(account uint32, l *profile.Lesson) {
	p := s.person(account)
	p.profile.Learn(l)
	if p.group != nil {
		p.group.profile.Learn(l)
	}
	s.house.Learn(l, account)
}
