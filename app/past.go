package app

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/keep"
)

// CallKeeper keeps calls that are over. It returns at once; p is its own.
type CallKeeper interface {
	PutCall(p *belwacht.PastCall)
}

// past has a leg kept that is over; again where more became known of it. The site's lock is held.
func (g *Guard) past(s *site, l *leg, end belwacht.Instant) {
	if g.calls == nil {
		return
	}
	o := keep.Over{Attempt: &l.attempt, ID: l.id, Link: l.link.id, Answered: l.answered, Ended: end, Talk: l.talk, Refused: l.refused}
	if s.numbers != nil {
		o.Read = s.numbers.Read
	}
	g.calls.PutCall(l.keep.Past(&o))
}
