package detect

import (
	"cmp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

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
