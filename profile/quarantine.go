package profile

import (
	"cmp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/snapshot"
)

// wait is for how long a watched or alerted call stays in quarantine before it may teach.
const wait = 7 * belwacht.Day

// QuarantineMost bounds the calls that wait, of which the oldest are forgotten untaught, and the patterns of which it is known how high they rose.
const QuarantineMost = 1 << 15

// Quarantine holds the calls that were watched or alerted, in the order in which they ended, until they may teach. The zero Quarantine is empty. Not safe
// for concurrent use.
type Quarantine struct {
	waits   []waiting
	worst   map[uint64]Worst // by account and first digits
	faded   belwacht.Instant
	dropped uint64
}

type waiting struct {
	due     belwacht.Instant
	lesson  Lesson
	account uint32
	word    belwacht.Word
}

// Worst is how high a pattern rose, and when.
type Worst struct {
	word belwacht.Word
	at   belwacht.Instant
}

// pattern is how many digits calls of one pattern share: those of a country, or of an area in a large one. An attacker has numbers all over a small country,
// and those of his calls that were let through must not make it known while others are refused.
const pattern = 3

func patternKey(account uint32, e belwacht.E164) uint64 {
	return count.Mix(uint64(account)+1) ^ uint64(e.Prefix(pattern))
}

// Len is how many calls wait, and how many patterns are known.
func (q *Quarantine) Len() (waiting, patterns int) { return len(q.waits), len(q.worst) }

// Rose notes how high a pattern rose: the calls of an account to numbers that begin alike. Below an alert is no rise.
func (q *Quarantine) Rose(account uint32, e belwacht.E164, w belwacht.Word, at belwacht.Instant) {
	if w < belwacht.Warn {
		return
	}
	if q.worst == nil {
		q.worst = make(map[uint64]Worst)
	}
	k := patternKey(account, e)
	if _, known := q.worst[k]; !known && len(q.worst) >= QuarantineMost {
		if at < q.faded+belwacht.Hour { // not for each of a flood
			return
		}
		if q.fade(at); len(q.worst) >= QuarantineMost {
			return
		}
	}
	if old := q.worst[k]; w >= old.word || at-old.at > wait {
		q.worst[k] = Worst{w, at}
	}
}

// Wait keeps the lesson of a call that ended now and had been decided so.
func (q *Quarantine) Wait(account uint32, l *Lesson, w belwacht.Word, now belwacht.Instant) {
	if len(q.waits) >= QuarantineMost {
		q.waits = q.waits[1:]
		q.dropped++
	}
	q.waits = append(q.waits, waiting{due: now + wait, lesson: *l, account: account, word: w})
}

// Release lets those teach whose time has come, unless something of the same pattern rose higher meanwhile. One that would have been refused or ended never
// teaches by itself.
func (q *Quarantine) Release(now belwacht.Instant, teach func(account uint32, l *Lesson)) {
	n := 0
	for n < len(q.waits) && q.waits[n].due <= now {
		w := &q.waits[n]
		n++
		if w.word >= belwacht.Refuse {
			continue
		}
		if worst := q.worst[patternKey(w.account, w.lesson.Number)]; worst.word > max(w.word, belwacht.Warn) && worst.at >= w.due-wait-belwacht.Day {
			continue
		}
		teach(w.account, &w.lesson)
	}
	if n == 0 {
		return
	}
	last := q.waits[n-1].due
	q.waits = q.waits[n:] // append begins a new array when this one is used up
	if len(q.waits) == 0 || q.waits[0].due/fadeEvery != last/fadeEvery {
		q.fade(now)
	}
}

// fadeEvery is how often at most it is looked for patterns to forget.
const fadeEvery = 6 * belwacht.Hour

// fade forgets how high patterns rose that were quiet since.
func (q *Quarantine) fade(now belwacht.Instant) {
	q.faded = now
	for k, w := range q.worst {
		if now-w.at > 2*wait {
			delete(q.worst, k)
		}
	}
}

// Pardon lets those teach at once that a person said were fine: calls of an account to a number or, where number is zero, to a country.
func (q *Quarantine) Pardon(account uint32, number belwacht.E164, country belwacht.Country, teach func(account uint32, l *Lesson)) {
	kept := q.waits[:0]
	for i := range q.waits {
		w := q.waits[i]
		if w.account != account || number != 0 && w.lesson.Number != number || number == 0 && w.lesson.Country != country {
			kept = append(kept, w)
			continue
		}
		if number == 0 { // that one number is fine says nothing of others in its country
			delete(q.worst, patternKey(account, w.lesson.Number))
		}
		teach(account, &w.lesson)
	}
	q.waits = kept
}

// Forget takes back what a pattern taught: the calls of the account to a range that still wait.
func (q *Quarantine) Forget(account uint32, e belwacht.E164) {
	kept := q.waits[:0]
	for _, w := range q.waits {
		if w.account != account || w.lesson.Number.Range() != e.Range() {
			kept = append(kept, w)
		}
	}
	q.waits = kept
}

// State hands the calls that wait to a codec, and how high patterns rose. accounts is how many there are, countries the greatest index of one.
func (q *Quarantine) State(c *snapshot.Codec, accounts, countries int) {
	snapshot.List(c, &q.waits, QuarantineMost, func(c *snapshot.Codec, w *waiting) {
		c.Int64((*int64)(&w.due))
		c.Fields(&w.lesson, 0)
		c.Uint32(&w.account)
		c.Uint8((*uint8)(&w.word))
		if w.lesson.Hour >= 168 || w.lesson.Country.Index() > countries || int(w.account) >= accounts {
			c.Fail("a call that waits in it is nobody's, leads nowhere or began in no hour of the week")
		}
	})
	if q.worst == nil {
		q.worst = make(map[uint64]Worst)
	}
	snapshot.Map(c, q.worst, QuarantineMost, cmp.Compare[uint64], func(c *snapshot.Codec, k *uint64, w *Worst) {
		c.Uint64(k)
		c.Uint8((*uint8)(&w.word))
		c.Int64((*int64)(&w.at))
	})
	c.Int64((*int64)(&q.faded))
	c.Uint64(&q.dropped)
}
