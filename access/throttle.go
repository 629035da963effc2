package access

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// How guessing is slowed: the first failures cost nothing, then the wait doubles with each. It is forgotten when nothing was tried for so long.
const (
	freeFailures = 4
	firstWait    = time.Second
	LongestWait  = 15 * time.Minute
	StrangerWait = time.Minute // the longest for an account as strangers see it: one who waits gets a turn, whoever else guesses
	forgetAfter  = 24 * time.Hour
	talliesMost  = 1 << 16 // what comes beyond shares one
)

// tally is what is known of one who guesses.
type tally struct {
	failures int
	last     time.Time
	until    time.Time // nothing is tried before
}

// Throttle counts failures by key. It holds a bounded number of keys. Safe for concurrent use.
type Throttle struct {
	mu   sync.Mutex
	all  map[string]*tally
	rest tally // of those that do not fit
	most int
	news uint64 // how often what Kept says has changed
}

// NewThrottle makes a Throttle.
func NewThrottle() *Throttle { return &Throttle{all: map[string]*tally{}, most: talliesMost} }

// SourceKey is an address as one that guesses: an IPv6 network of 64 bits is one, as anybody has that many.
func SourceKey(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		p, _ := a.WithZone("").Prefix(64) // 64 is within 128
		return "from " + p.Addr().String()
	}
	return "from " + a.String()
}

// Wait is for how long a key may try nothing, 0 = it may. Where it may, the try counts as one that failed until it is known better: many tries at the same
// moment would all pass else.
func (t *Throttle) Wait(now time.Time, longest time.Duration, keys ...string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		if v := t.find(k, now); v != nil && now.Before(v.until) {
			return v.until.Sub(now)
		}
	}
	for _, k := range keys {
		v := t.tally(k, now)
		v.failures++
		v.last = now
		if n := v.failures - freeFailures; n >= 0 {
			w := longest
			if n < 20 {
				w = min(longest, firstWait<<n)
			}
			v.until = now.Add(w)
			t.news++
		}
	}
	return 0
}

// Good takes back what Wait counted, and forgets former failures of these keys.
func (t *Throttle) Good(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		t.remove(k)
	}
}

// remove forgets a key. t.mu is held.
func (t *Throttle) remove(key string) {
	if v := t.all[key]; v != nil && v.failures >= freeFailures {
		t.news++
	}
	delete(t.all, key)
}

// Failures is how often a key has failed.
func (t *Throttle) Failures(key string, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if v := t.find(key, now); v != nil {
		return v.failures
	}
	return 0
}

// find is a key's tally, that of the rest where the table is full; nil where there is none. t.mu is held.
func (t *Throttle) find(key string, now time.Time) *tally {
	v := t.all[key]
	switch {
	case v != nil && now.Sub(v.last) > forgetAfter:
		delete(t.all, key)
		return nil
	case v == nil && len(t.all) >= t.most && now.Sub(t.rest.last) <= forgetAfter:
		return &t.rest
	}
	return v
}

// tally is a key's own, made where there is none; that of the rest where the table is full. t.mu is held.
func (t *Throttle) tally(key string, now time.Time) *tally {
	if v := t.find(key, now); v != nil {
		return v
	}
	if len(t.all) >= t.most {
		for k, v := range t.all { // what is over makes room
			if now.After(v.until) && now.Sub(v.last) > LongestWait {
				delete(t.all, k)
			}
		}
		if len(t.all) >= t.most {
			return &t.rest
		}
	}
	v := &tally{}
	t.all[key] = v
	return v
}

// Held is a key that may try nothing now.
type Held struct {
	Key      string
	Failures int
	Last     time.Time // when it tried last
	Until    time.Time
}

// Held are the keys that may try nothing at a moment, those that wait longest first, at most so many.
func (t *Throttle) Held(now time.Time, most int) []Held {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []Held
	for k, v := range t.all {
		if now.Before(v.until) {
			list = append(list, Held{k, v.failures, v.last, v.until})
		}
	}
	slices.SortFunc(list, func(a, b Held) int { return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.Key, b.Key)) })
	return list[:min(len(list), most)]
}

// Kept is what must outlive a restart, so that nobody begins anew by it: the keys that have had to wait and are not forgotten yet, at most so many, those that wait
// longest first. news says whether any of it has changed: it is another number then.
func (t *Throttle) Kept(now time.Time, most int) (list []Held, news uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, v := range t.all {
		if v.failures >= freeFailures && now.Sub(v.last) <= forgetAfter {
			list = append(list, Held{k, v.failures, v.last, v.until})
		}
	}
	slices.SortFunc(list, func(a, b Held) int {
		return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Key, b.Key))
	})
	return list[:min(len(list), most)], t.news
}

// News is what Kept would say it is.
func (t *Throttle) News() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news
}

// Take takes what an earlier run kept. Nobody waits longer than LongestWait for it, whatever it says: a clock may have been set back.
func (t *Throttle) Take(now time.Time, list []Held) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range list {
		if h.Failures < freeFailures || now.Sub(h.Last) > forgetAfter || len(t.all) >= t.most {
			continue
		}
		v := &tally{failures: h.Failures, last: h.Last, until: h.Until}
		if v.last.After(now) {
			v.last = now
		}
		if longest := now.Add(LongestWait); v.until.After(longest) {
			v.until = longest
		}
		t.all[h.Key] = v
	}
}

// Free lets a key try again as if it had never failed; "" means all of them. It says whether any waited.
func (t *Throttle) Free(key string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if key == "" {
		waited := len(t.all) > 0
		clear(t.all)
		t.rest = tally{}
		t.news++
		return waited
	}
	v := t.find(key, now)
	t.remove(key)
	return v != nil && now.Before(v.until)
}
