package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
)

// wait is for how long a watched or alerted call stays in quarantine before it may teach.
const wait = 7 * belwacht.Day

// quarantineMost bounds the calls that wait; the oldest are forgotten untaught.
const quarantineMost = 1 << 15

// lesson is what a call that runs will teach with.
type lesson struct {
	hour   uint8
	day    int32
	atOnce uint8
}

// quarantine holds the calls that were watched or alerted, in the order in which they ended.
type quarantine struct {
	waits   []waiting
	worst   map[uint64]worst // by account and range, and by account alone
	faded   belwacht.Instant
	Dropped uint64
}

type waiting struct {
	due     belwacht.Instant
	lesson  profile.Lesson
	account uint32
	word    belwacht.Word
}

type worst struct {
	word belwacht.Word
	at   belwacht.Instant
}

func patternKey(account uint32, e belwacht.E164) uint64 {
	return count.Mix(uint64(account)+1) ^ uint64(e.Range())
}

// rose notes how high a pattern rose.
func (q *quarantine) rose(account uint32, e belwacht.E164, w belwacht.Word, at belwacht.Instant) {
	if w < belwacht.Warn {
		return
	}
	if q.worst == nil {
		q.worst = make(map[uint64]worst)
	}
	k := patternKey(account, e)
	if _, known := q.worst[k]; !known && len(q.worst) >= quarantineMost {
		if at < q.faded+belwacht.Hour { // not for each of a flood
			return
		}
		if q.fade(at); len(q.worst) >= quarantineMost {
			return
		}
	}
	if old := q.worst[k]; w >= old.word || at-old.at > wait {
		q.worst[k] = worst{w, at}
	}
}

// learn lets an ended call teach: at once where it was plainly allowed, after days where it was watched or alerted. One that would have been
// refused or ended waits as well, but only for a person who says that it was fine.
func (s *shard) learn(r *running, c *count.Slot, ev *belwacht.Event) {
	s.release(ev.Time)
	l := profile.Lesson{At: c.At, Date: r.lesson.day, Hour: r.lesson.hour, Number: c.Number, Country: c.Country, Notable: c.Notable, Novel: c.Novel(),
		SentOn: r.sentOn, Talk: ev.Talk, Cost: c.Price.Cost(ev.Talk), AtOnce: int(r.lesson.atOnce)}
	if c.Flags&count.Undialable != 0 {
		l.Number = 0
	}
	if r.word == belwacht.Allow {
		s.teach(r.index, &l)
		return
	}
	s.late.rose(r.index, c.Number, r.word, ev.Time)
	if len(s.late.waits) >= quarantineMost {
		s.late.waits = s.late.waits[1:]
		s.late.Dropped++
	}
	s.late.waits = append(s.late.waits, waiting{due: ev.Time + wait, lesson: l, account: r.index, word: r.word})
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

// release lets those teach whose time has come, unless something of the same pattern rose higher meanwhile.
func (s *shard) release(now belwacht.Instant) {
	q := &s.late
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
		s.teach(w.account, &w.lesson)
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
func (q *quarantine) fade(now belwacht.Instant) {
	q.faded = now
	for k, w := range q.worst {
		if now-w.at > 2*wait {
			delete(q.worst, k)
		}
	}
}

// pardon lets those teach at once that a person said were fine: calls of an account to a number or, where number is zero, to a country.
func (s *shard) pardon(account uint32, number belwacht.E164, country belwacht.Country) {
	q := &s.late
	kept := q.waits[:0]
	for i := range q.waits {
		w := q.waits[i]
		if w.account != account || number != 0 && w.lesson.Number != number || number == 0 && w.lesson.Country != country {
			kept = append(kept, w)
			continue
		}
		delete(q.worst, patternKey(account, w.lesson.Number))
		s.teach(account, &w.lesson)
	}
	q.waits = kept
}

// forget takes back what a pattern taught: the calls of the account to a range that still wait.
func (q *quarantine) forget(account uint32, e belwacht.E164) {
	kept := q.waits[:0]
	for _, w := range q.waits {
		if w.account != account || w.lesson.Number.Range() != e.Range() {
			kept = append(kept, w)
		}
	}
	q.waits = kept
}
