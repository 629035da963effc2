package keep

import (
	"cmp"

	"github.com/belwacht/belwacht"
)

// Leg is what of one call a guard notes for the store while the call runs. Its zero value is that of a call of which nothing was noted. It is no use to more than
// one goroutine at a time.
type Leg struct {
	How    belwacht.Disposition // its end, as far as a feed told
	Record *belwacht.Call       // while the call is closed by it

	number   belwacht.E164
	country  belwacht.Country
	class    belwacht.Class
	price    belwacht.Price
	read     bool // the number was
	word     belwacht.Word
	cause    string
	enforced bool
}

// Over is how a call ended.
type Over struct {
	Attempt  *belwacht.Event // as it was judged
	ID, Link string
	Answered belwacht.Instant
	Ended    belwacht.Instant
	Talk     int64
	Refused  bool // and that was carried out
	// Read says what a number means, for a call that the memory of an earlier run knows and nobody has read the number of. Nil: nobody can.
	Read func(dialled string) belwacht.Number
}

// Reads notes what was dialled.
func (l *Leg) Reads(n *belwacht.Number) {
	l.number, l.country, l.class, l.price, l.read = n.E164, n.Country, n.Class, n.Price, n.Dialled != ""
}

// Decided notes a decision, where none that is graver was made.
func (l *Leg) Decided(d *belwacht.Decision) {
	if d.Word > l.word || d.Word == l.word && !l.enforced {
		l.word, l.cause, l.enforced = d.Word, d.Cause, d.Enforced
	}
}

// Past is the call as it is kept. It holds nothing of what o and the record point to but their strings.
func (l *Leg) Past(o *Over) *belwacht.PastCall {
	e := o.Attempt
	p := &belwacht.PastCall{Call: belwacht.Call{ID: o.ID, Link: o.Link, Tenant: e.Tenant, Site: e.Site, Direction: e.Direction, Account: e.Account, Root: e.Root,
		Trunk: e.Trunk, Caller: e.Caller, Dialled: e.Dialled, Lineage: e.Lineage, Start: e.Time, Answer: o.Answered, End: o.Ended, Talk: o.Talk, Disposition: l.How}}
	if c := l.Record; c != nil { // the record knows more of it
		p.Link, p.Name, p.Caller, p.Taker, p.Rows, p.Late = cmp.Or(c.Link, p.Link), c.Name, cmp.Or(p.Caller, c.Caller), c.Taker, c.Rows, c.Late
		p.Answer, p.End, p.Talk, p.Disposition = cmp.Or(c.Answer, p.Answer), max(c.End, p.Start), c.Talk, c.Disposition
		p.Trunk, p.Root, p.Dialled = cmp.Or(p.Trunk, c.Trunk), cmp.Or(p.Root, c.Root), cmp.Or(p.Dialled, c.Dialled)
		if p.Direction == belwacht.DirectionUnknown {
			p.Direction, p.Lineage = c.Direction, c.Lineage
		}
	}
	if !l.read && p.Direction == belwacht.Out && o.Read != nil {
		n := o.Read(p.Dialled)
		l.Reads(&n)
	}
	p.Number, p.Country, p.Class, p.Word, p.Cause, p.Enforced = l.number, l.country, l.class, l.word, l.cause, l.enforced
	if p.Direction == belwacht.Out {
		p.Cost = l.price.Cost(p.Talk)
	}
	if p.Spent = p.Cost; o.Refused {
		p.Spent, p.Disposition = 0, cmp.Or(p.Disposition, belwacht.Failed)
	}
	confidential(p)
	return p
}

// confidential takes the number out of a call to a helpline: who called one is nobody's business.
func confidential(p *belwacht.PastCall) {
	if p.Class == belwacht.ClassSocial {
		p.Number, p.Dialled = 0, ""
	}
}
