package ask

import (
	"sync"
	"time"
)

// Bounds of what is remembered.
const (
	remembered = 4096             // answers
	rememberIt = 60 * time.Second // how long the same call gets the same answer
)

// key is one call on one channel to one number: a PBX asks again for each trunk that it tries. Two legs of a call that dial the same number are two.
type key struct{ pbx, link, id, number string }

// entry is one question and its answer, which comes once.
type entry struct {
	at   time.Time
	done chan struct{} // closed when the judge has spoken, or will not
	mu   sync.Mutex
	// judged and byDefault are the answers, behind mu.
	judged, byDefault *Answer
}

// settle takes the judge's answer, nil where there will be none. One that comes after the default went out answers the next question of the call.
func (e *entry) settle(a *Answer) {
	e.mu.Lock()
	e.judged = a
	e.mu.Unlock()
	close(e.done)
}

// late is the judge's answer where it is there by now, else the default, which is made once.
func (e *entry) late(miss func() Answer) (a Answer, missed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.judged != nil {
		return *e.judged, false
	}
	if e.byDefault == nil {
		a := miss()
		e.byDefault = &a
	}
	return *e.byDefault, true
}

// memory keeps the newest entries, the oldest leaving first.
type memory struct {
	mu    sync.Mutex
	byKey map[key]*entry
	ring  [remembered]key
	next  int
}

// claim finds the entry of a call, or makes it; fresh says that this is the first time it is asked. Without an id of the call each question is its own.
func (m *memory) claim(k key, now time.Time) (e *entry, fresh bool) {
	if k.link == "" && k.id == "" {
		return &entry{at: now, done: make(chan struct{})}, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if e = m.byKey[k]; e != nil && now.Sub(e.at) < rememberIt {
		return e, false
	}
	again := e != nil // its place in the ring is kept
	e = &entry{at: now, done: make(chan struct{})}
	m.byKey[k] = e
	if !again {
		delete(m.byKey, m.ring[m.next])
		m.ring[m.next] = k
		m.next = (m.next + 1) % remembered
	}
	return e, true
}
