package detect

import (
	"cmp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/snapshot"
	"github.com/belwacht/belwacht/text"
)

// Bounds of what is kept of feedback.
const (
	saidMost   = 1 << 14 // sayings in force
	recallMost = 1 << 16 // decisions that can be spoken of
	once       = 15 * belwacht.Minute
	fineFor    = 90 * belwacht.Day
)

// sayings is what people said of decisions, and the decisions that can be spoken of.
type sayings struct {
	fine   map[saying]belwacht.Instant // until
	fraud  map[saying]belwacht.Instant
	recall map[string]recalled
	order  []string
}

// saying is an account with a number, a range or a country.
type saying struct {
	account string
	number  belwacht.E164 // a number or, in fraud, a range
	country belwacht.Country
}

type recalled struct {
	account string
	number  belwacht.E164
	country belwacht.Country
}

func newSayings() sayings {
	return sayings{fine: make(map[saying]belwacht.Instant), fraud: make(map[saying]belwacht.Instant), recall: make(map[string]recalled)}
}

// remember keeps what a decision was about, so that a person can speak of it.
func (s *sayings) remember(d *belwacht.Decision, v *rule.View, _ uint32) {
	if _, known := s.recall[d.ID]; !known {
		if len(s.order) >= recallMost {
			delete(s.recall, s.order[0])
			s.order = s.order[1:]
		}
		s.order = append(s.order, d.ID)
	}
	s.recall[d.ID] = recalled{d.Account, v.Judged, v.Country}
}

// speaks says what a person decided for such a call; the cause is empty where nobody did.
func (s *sayings) speaks(account string, v *rule.View, at belwacht.Instant) (belwacht.Word, string) {
	if len(s.fine) == 0 && len(s.fraud) == 0 {
		return belwacht.Allow, ""
	}
	if at < s.fraud[saying{account: account, number: v.Judged.Range()}] {
		return belwacht.Refuse, "feedback.fraud"
	}
	if at < s.fine[saying{account: account, number: v.Judged}] || at < s.fine[saying{account: account, country: v.Country}] {
		return belwacht.Allow, "feedback.fine"
	}
	return belwacht.Allow, ""
}

// Feedback takes what a person said of a decision. "fine" reaches as far as its width and no further; "fraud" takes back what the
// pattern taught and refuses the range for this account for thirty days. An unknown ID is an error of code NotFound, one that calls of several
// organisations have, where none is named, of code Invalid.
func (e *Engine) Feedback(f *belwacht.Feedback) error {
	var meant *shard
	for _, s := range e.order {
		if f.Tenant != "" && f.Tenant != s.tenant.Name || !s.recalls(f.ID) {
			continue
		}
		if meant != nil {
			return belwacht.Errorf(belwacht.Invalid, "organisations %q and %q both have a call %q; say whose is meant (tenant)", meant.tenant.Name, s.tenant.Name, text.Clean(f.ID, 64))
		}
		meant = s
	}
	if meant != nil {
		meant.mu.Lock()
		defer meant.mu.Unlock()
		if r, ok := meant.says.recall[f.ID]; ok {
			return meant.said(f, &r)
		}
	}
	return belwacht.Errorf(belwacht.NotFound, "no decision on call %q is remembered; only calls above allow can be spoken of", text.Clean(f.ID, 64))
}

func (s *shard) recalls(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.says.recall[id]
	return ok
}

func (s *shard) said(f *belwacht.Feedback, r *recalled) error {
	if len(s.says.fine)+len(s.says.fraud) >= saidMost {
		s.says.expire(f.Time)
		if len(s.says.fine)+len(s.says.fraud) >= saidMost {
			return belwacht.Errorf(belwacht.Invalid, "%d judgements by people are in force; let some of them end first", saidMost)
		}
	}
	if r.number == 0 { // every other string that is no number would be meant as well
		return belwacht.Errorf(belwacht.Invalid, "call %q went to nothing that is a number, so nothing can be said of calls like it", text.Clean(f.ID, 64))
	}
	index, known := s.count.Lookup(r.account) // its place may be another account's by now
	switch f.Says {
	case "fraud":
		s.says.fraud[saying{account: r.account, number: r.number.Range()}] = f.Time + 30*belwacht.Day
		if known {
			s.takeBack(index, r)
		}
		return nil
	case "fine":
	default:
		return belwacht.Errorf(belwacht.Invalid, "call %q: says %q; it must be fine or fraud", text.Clean(f.ID, 64), text.Clean(f.Says, 64))
	}
	key, until := saying{account: r.account, number: r.number}, f.Until
	switch f.Width {
	case belwacht.WidthOnce, "":
		until = f.Time + once
	case belwacht.WidthNumber:
		until = f.Time + 10*365*belwacht.Day
	case belwacht.WidthCountry:
		if r.country.Index() != 0 && r.country != rule.Services() { // networks and costly services are no country: the number is meant
			key = saying{account: r.account, country: r.country}
		}
		if until == 0 {
			until = f.Time + fineFor
		}
	default:
		return belwacht.Errorf(belwacht.Invalid, "call %q: width %q is unknown; there are once, number and country", text.Clean(f.ID, 64), text.Clean(string(f.Width), 64))
	}
	s.says.fine[key] = until
	delete(s.says.fraud, saying{account: r.account, number: r.number.Range()})
	if known {
		s.late.Pardon(index, key.number, r.country, s.teach)
	}
	return nil
}

// takeBack forgets what the pattern of a call, its account and range, taught: the calls that still wait, and every number of the range that is
// remembered, of the account, its group and the house.
func (s *shard) takeBack(index uint32, r *recalled) {
	s.late.Forget(index, r.number)
	forget := func(e belwacht.E164, c belwacht.Country) {
		p := s.person(index)
		p.profile.Forget(e, c)
		if p.group != nil {
			p.group.profile.Forget(e, c)
		}
		s.house.Forget(e, c, index)
	}
	forget(r.number, r.country)
	rng := r.number.Range()
	log := &s.count.Account(index).Log
	for i := range log.Len() {
		if e := log.Back(i).Number; e != 0 && e.Range() == rng {
			forget(e, r.country)
		}
	}
	for _, o := range s.says.recall {
		if o.account == r.account && o.number != 0 && o.number.Range() == rng {
			forget(o.number, r.country)
		}
	}
}

func (s *sayings) expire(now belwacht.Instant) {
	for _, m := range []map[saying]belwacht.Instant{s.fine, s.fraud} {
		for k, until := range m {
			if until <= now {
				delete(m, k)
			}
		}
	}
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
