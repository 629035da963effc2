package detect

import (
	"cmp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// state hands the calls that wait to a codec, and how high patterns rose. accounts is how many there are.
func (q *quarantine) state(c *snapshot.Codec, accounts int) {
	snapshot.List(c, &q.waits, quarantineMost, func(c *snapshot.Codec, w *waiting) {
		c.Int64((*int64)(&w.due))
		c.Fields(&w.lesson, 0)
		c.Uint32(&w.account)
		c.Uint8((*uint8)(&w.word))
		if w.lesson.Hour >= 168 || w.lesson.Country.Index() > countriesMost || int(w.account) >= accounts {
			c.Fail("a call that waits in it is nobody's, leads nowhere or began in no hour of the week")
		}
	})
	if q.worst == nil {
		q.worst = make(map[uint64]worst)
	}
	snapshot.Map(c, q.worst, quarantineMost, cmp.Compare[uint64], func(c *snapshot.Codec, k *uint64, w *worst) {
		c.Uint64(k)
		c.Uint8((*uint8)(&w.word))
		c.Int64((*int64)(&w.at))
	})
	c.Int64((*int64)(&q.faded))
	c.Uint64(&q.Dropped)
}

// countriesMost is the greatest index of a country.
const countriesMost = 26 * 26

// countryState takes a country, which is one or none.
func countryState(c *snapshot.Codec, country *belwacht.Country) {
	c.Fields(country, 0)
	if country.Index() > countriesMost {
		c.Fail("a country in it is none")
	}
}

func (s saying) order(o saying) int {
	return cmp.Or(strings.Compare(s.account, o.account), cmp.Compare(s.number, o.number), cmp.Compare(s.country.Index(), o.country.Index()))
}

// state hands what people said to a codec, and what can be spoken of.
func (s *sayings) state(c *snapshot.Codec) {
	for _, m := range []map[saying]belwacht.Instant{s.fine, s.fraud} {
		snapshot.Map(c, m, saidMost, saying.order, func(c *snapshot.Codec, k *saying, until *belwacht.Instant) {
			c.Text(&k.account, textMost)
			c.Uint64((*uint64)(&k.number))
			countryState(c, &k.country)
			c.Int64((*int64)(until))
		})
	}
	snapshot.List(c, &s.order, recallMost, func(c *snapshot.Codec, id *string) {
		c.Text(id, textMost)
		r := s.recall[*id]
		c.Text(&r.account, textMost)
		c.Uint64((*uint64)(&r.number))
		countryState(c, &r.country)
		s.recall[*id] = r
	})
}
