package report

import "github.com/belwacht/belwacht"

// wordCount is how many decision words there are.
const wordCount = int(belwacht.EndNow) + 1

// tally is what is counted of a group of calls: of an account, a day, a country. A call counts once, under its gravest word.
type tally struct {
	calls int64
	cost  belwacht.Money // as the records have it
	word  [wordCount]int64
	saved belwacht.Money // not spent, because a decision was carried out
	would belwacht.Money // that decisions which were only said would have kept from being spent
	risk  belwacht.Risk  // the lowest seen: a country is not risky because one of its premium numbers was called
}

// add counts one call.
func (t *tally) add(cost, saved, would belwacht.Money, w belwacht.Word) {
	t.calls++
	t.cost += cost
	t.saved += saved
	t.would += would
	t.word[w]++
}

// stopped is how many calls were refused or ended, whether or not it was carried out.
func (t *tally) stopped() int64 { return t.word[belwacht.Refuse] + t.word[belwacht.EndNow] }

// told is how many calls a person would hear of: alerts and what was stopped.
func (t *tally) told() int64 { return t.word[belwacht.Warn] + t.stopped() }

// kept is the money kept, or that would have been kept.
func (t *tally) kept() belwacht.Money { return t.saved + t.would }

// merge adds another tally's counts.
func (t *tally) merge(o *tally) {
	t.calls += o.calls
	t.cost += o.cost
	t.saved += o.saved
	t.would += o.would
	for i := range t.word {
		t.word[i] += o.word[i]
	}
}

// book is a table of tallies by name with a bound: what comes after it is full goes together under the empty name, so that an
// attacker who makes up names makes the report coarser but not larger.
type book[K comparable] struct {
	rows  map[K]*tally
	bound int
	rest  tally
}

func newBook[K comparable](bound int) book[K] {
	return book[K]{rows: make(map[K]*tally), bound: bound}
}

// row returns the tally of a key. keep makes the key fit to be kept (a copy of its strings) and is called for a new one only.
func (b *book[K]) row(key K, keep func(K) K) *tally {
	if t, ok := b.rows[key]; ok {
		return t
	}
	if len(b.rows) >= b.bound {
		return &b.rest
	}
	t := new(tally)
	b.rows[keep(key)] = t
	return t
}
