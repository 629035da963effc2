package reach

import (
	"cmp"
	"math"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/snapshot"
)

// Rings is how many calls from outside that ring or run are remembered, to learn whether they were missed.
const Rings = 1 << 14

// Watch is what is seen of one organisation. The zero Watch is ready.
type Watch struct {
	minute count.Window // calls from outside
	usual  float32      // of them in a busy minute: the peak, fading by three hundredths a day
	peak   float32      // of the hour that runs, which teaches only when it is over: a flood must not make itself usual
	hour   belwacht.Instant
	faded  belwacht.Instant
	ring   map[uint64]belwacht.E164
	told   [signs]belwacht.Instant

	spans  [spans]tally
	all    tally // of all spans
	newest int64 // number of the newest span
	past   share // of the hours before
	now    share // of the hour that runs
	began  belwacht.Instant
	lost   bool             // a call of ours ended unanswered, and nobody has looked since whether that was one too many
	looked belwacht.Instant // when somebody did
	spoken [voices]uint8    // calls that counted in the hour that runs, by account; two accounts may share a place
}

// tally is what became of our own calls to outside that ended in one span.
type tally struct {
	ends, blocked   uint32 // all of them, and those that found no channel
	tried, answered uint32 // those at home that count, and those of them that were answered
}

// A span is five minutes. An hour is twelve of them and the one that runs, ten minutes two and the one that runs: sums err on the side of too much.
const (
	span  = 5 * belwacht.Minute
	spans = 13
	short = 3
)

// share is how many calls were tried and how many of them answered.
type share struct{ tried, answered float32 }

// Sign is one of what is told.
type Sign uint8

// The signs.
const (
	Flood      Sign = iota // calls from outside
	Unanswered             // our calls are answered more seldom than usual
	NoChannel              // our calls find no channel
	signs
)

// Told notes that a sign was told, and Quiet says whether it was within the last hour (of Unanswered, twelve): once is enough.
func (w *Watch) Told(s Sign, at belwacht.Instant) { w.told[s] = at }

// Quiet is true where a sign has been told of late.
func (w *Watch) Quiet(s Sign, at belwacht.Instant) bool {
	still := belwacht.Hour
	if s == Unanswered {
		still = 12 * belwacht.Hour
	}
	return w.told[s] != 0 && at < w.told[s]+still
}

// begin makes the windows at the first event.
func (w *Watch) begin(at belwacht.Instant) {
	if w.ring != nil {
		return
	}
	w.windows()
	w.hour, w.faded, w.began = at, at, at
}

func (w *Watch) windows() {
	w.ring, w.minute = make(map[uint64]belwacht.E164), count.NewWindow(belwacht.Minute)
}

// Rang notes a call from outside, whose key is remembered where its caller is known. minute is how many there were in the last minute, usual how
// many a busy minute has. What is calm is learned by Calm.
func (w *Watch) Rang(at belwacht.Instant, key uint64, caller belwacht.E164) (minute, usual float32) {
	w.begin(at)
	if caller != 0 && len(w.ring) < Rings {
		w.ring[key] = caller
	}
	w.minute.Add(at, 1)
	if at >= w.hour+belwacht.Hour { // usual grows at most by half and a little in an hour
		w.usual = max(w.usual, min(w.peak, w.usual*1.5+4))
		w.peak, w.hour = 0, at
	}
	for w.faded+belwacht.Day < at {
		w.faded += belwacht.Day
		w.usual *= 0.97
	}
	return float32(w.minute.Sum(at)), w.usual
}

// Ringing is how many calls from outside are remembered.
func (w *Watch) Ringing() int { return len(w.ring) }

// Calm takes a minute's calls as ordinary ones.
func (w *Watch) Calm(minute float32) { w.peak = max(w.peak, minute) }

// RungOut forgets a call from outside and says who called; false where it is not known.
func (w *Watch) RungOut(key uint64) (belwacht.E164, bool) {
	caller, ok := w.ring[key]
	if ok {
		delete(w.ring, key)
	}
	return caller, ok
}

// Bounds of the share of answered calls.
const (
	least  = 20   // calls of an hour from which its share says something
	voice  = 5    // calls of one account that count in an hour
	voices = 1024 // places for them
	pause  = 5 * belwacht.Second
	memory = 1500 // calls that the usual share rests on; older ones fade
)

// Ended notes how a call of ours to outside ended. home: to an ordinary number of the own country, where a call is commonly answered. Of one account
// only a few calls an hour count there: who redials in vain all evening says nothing of the house.
func (w *Watch) Ended(at belwacht.Instant, account uint32, home bool, d belwacht.Disposition) {
	w.begin(at)
	w.lost = w.lost || d != belwacht.Answered
	t := w.tally(at)
	t.ends++
	w.all.ends++
	if d == belwacht.Congestion {
		t.blocked++
		w.all.blocked++
	}
	if !home {
		return
	}
	w.learn(at)
	said := &w.spoken[account%voices]
	if *said >= voice {
		return
	}
	*said++
	t.tried++
	w.all.tried++
	w.now.tried++
	if d == belwacht.Answered {
		t.answered++
		w.all.answered++
		w.now.answered++
	}
}

// Lost says, once in a few seconds, whether a call of ours ended unanswered since it last said so: then it is worth to look at Blocked and Answering.
func (w *Watch) Lost(at belwacht.Instant) bool {
	if !w.lost || at < w.looked+pause {
		return false
	}
	w.lost, w.looked = false, at
	return true
}

// tally is the span of a moment. One that is earlier than the newest span counts there.
func (w *Watch) tally(at belwacht.Instant) *tally {
	n := int64(at / span)
	if n <= w.newest {
		return &w.spans[w.newest%spans]
	}
	for i := max(w.newest+1, n-spans+1); i <= n; i++ {
		old := &w.spans[i%spans]
		w.all = tally{w.all.ends - old.ends, w.all.blocked - old.blocked, w.all.tried - old.tried, w.all.answered - old.answered}
		*old = tally{}
	}
	w.newest = n
	return &w.spans[n%spans]
}

// add adds up spans.
func (t *tally) add(o *tally) {
	t.ends += o.ends
	t.blocked += o.blocked
	t.tried += o.tried
	t.answered += o.answered
}

// learn takes the hour that is over into the usual share: one in which hardly anybody answered at a quarter of its weight, so that trouble does not
// make itself usual in a day, and what stays does in a fortnight.
func (w *Watch) learn(at belwacht.Instant) {
	if at < w.began+belwacht.Hour {
		return
	}
	weight := float32(1)
	if w.now.doubt(w.past) > 8 {
		weight = 0.25
	}
	w.past.tried += weight * w.now.tried
	w.past.answered += weight * w.now.answered
	if f := memory / w.past.tried; f < 1 {
		w.past.tried, w.past.answered = w.past.tried*f, w.past.answered*f
	}
	w.now, w.began = share{}, at
	w.spoken = [voices]uint8{}
}

// doubt is how unlikely so few answers are in bits, by the Chernoff bound of the binomial. Answers of one hour resemble each other (a campaign, a
// list of closed shops), so that four calls count as one.
func (s share) doubt(usual share) float32 {
	if s.tried < least || usual.tried < 10*least {
		return 0
	}
	q, p := float64(s.answered/s.tried), float64((usual.answered+1)/(usual.tried+2))
	if q >= p {
		return 0
	}
	bits := (1 - q) * math.Log2((1-q)/(1-p))
	if q > 0 {
		bits += q * math.Log2(q/p)
	}
	return float32(bits) * s.tried / 4
}

// Answering says how unlikely, in bits, so few answers are as our calls at home had in the last hour, and how many percent of them were not answered,
// now and usually. Zero where there is too little to say.
func (w *Watch) Answering(at belwacht.Instant) (bits, now, usual float32) {
	if w.ring == nil || w.past.tried == 0 {
		return 0, 0, 0
	}
	usual = 100 - 100*w.past.answered/w.past.tried
	w.tally(at)
	t := &w.all
	if t.tried < least {
		return 0, 0, usual
	}
	s := share{float32(t.tried), float32(t.answered)}
	if now = 100 - 100*s.answered/s.tried; now <= usual {
		return 0, now, usual
	}
	return s.doubt(w.past), now, usual
}

// Blocked is how many of our calls of the last ten minutes found no channel, and of how many.
func (w *Watch) Blocked(at belwacht.Instant) (blocked, of float32) {
	if w.ring == nil {
		return 0, 0
	}
	w.tally(at)
	var t tally
	for i := max(w.newest-short+1, 0); i <= w.newest; i++ {
		t.add(&w.spans[i%spans])
	}
	return float32(t.blocked), float32(t.ends)
}

// State hands the watch to a codec.
func (w *Watch) State(c *snapshot.Codec) {
	some := w.ring != nil
	if c.Bool(&some); !some {
		return
	}
	if w.ring == nil {
		w.windows()
	}
	w.minute.State(c)
	w.all = tally{}
	for i := range w.spans {
		for _, n := range []*uint32{&w.spans[i].ends, &w.spans[i].blocked, &w.spans[i].tried, &w.spans[i].answered} {
			c.Uint32(n)
		}
		w.all.add(&w.spans[i])
	}
	if c.Int64(&w.newest); w.newest < 0 {
		c.Fail("a span in it lies before all time")
		w.newest = 0
	}
	for _, f := range []*float32{&w.usual, &w.peak, &w.past.tried, &w.past.answered, &w.now.tried, &w.now.answered} {
		c.Float32(f)
	}
	for _, t := range []*belwacht.Instant{&w.hour, &w.faded, &w.began, &w.told[Flood], &w.told[Unanswered], &w.told[NoChannel]} {
		c.Int64((*int64)(t))
	}
	snapshot.Map(c, w.ring, Rings, cmp.Compare[uint64], func(c *snapshot.Codec, k *uint64, e *belwacht.E164) {
		c.Uint64(k)
		c.Uint64((*uint64)(e))
	})
	for i := range w.spoken {
		c.Uint8(&w.spoken[i])
	}
	if !c.Saving() {
		w.lost = true // nobody knows: so it is looked at
	}
}
