// Package feed keeps how a source of call records stands: its state, how much came, what is wrong, and the delay from a call to its
// record. Whoever reads a source writes it with a [Keeper], and whoever shows it reads a belwacht.Feed; the two are different goroutines.
package feed

import (
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// maxNotes bounds the notes of a source.
const maxNotes = 20

// Keeper keeps how one source stands. It is safe for concurrent use; what New was given to call is called outside of its lock, by the
// goroutine that changed something.
type Keeper struct {
	changed func(belwacht.Feed)

	mu     sync.Mutex
	feed   belwacht.Feed
	delays count.Delays
}

// New begins with the history of a source. changed is called where state, problem or notes change; it may be nil.
func New(name string, changed func(belwacht.Feed)) *Keeper {
	return &Keeper{changed: changed, feed: belwacht.Feed{Name: name, State: belwacht.FeedHistory, Since: belwacht.InstantOf(time.Now())}}
}

// Feed is how the source stands now.
func (k *Keeper) Feed() belwacht.Feed {
	k.mu.Lock()
	defer k.mu.Unlock()
	f := k.feed
	f.Notes = slices.Clone(f.Notes)
	f.Delay = k.delays.Last(belwacht.InstantOf(time.Now()))
	return f
}

// Stand says what is being done, and what is wrong; "" = nothing.
func (k *Keeper) Stand(state belwacht.FeedState, problem string) {
	k.mu.Lock()
	tell := k.feed.State != state || k.feed.Problem != problem
	if k.feed.State != state {
		k.feed.State, k.feed.Since = state, belwacht.InstantOf(time.Now())
	}
	k.feed.Problem = problem
	k.mu.Unlock()
	k.tell(tell)
}

// Note keeps a sentence for people, once; "" is none. What is more than 20 is dropped.
func (k *Keeper) Note(sentence string) {
	k.mu.Lock()
	tell := sentence != "" && len(k.feed.Notes) < maxNotes && !slices.Contains(k.feed.Notes, sentence)
	if tell {
		k.feed.Notes = append(k.feed.Notes, sentence)
	}
	k.mu.Unlock()
	k.tell(tell)
}

// tell hands on how the source stands.
func (k *Keeper) tell(worth bool) {
	if worth && k.changed != nil {
		k.changed(k.Feed())
	}
}

// Progress says how much of the history has been read, and how much there is; 0 = not known.
func (k *Keeper) Progress(done, total int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.feed.Done, k.feed.Total = done, total
}

// Took notes that a record of a call that ended then was handed on. Only as it comes does its delay say anything of the source.
func (k *Keeper) Took(end belwacht.Instant, live bool) {
	now := belwacht.InstantOf(time.Now())
	k.mu.Lock()
	defer k.mu.Unlock()
	k.feed.Rows++
	k.feed.Latest = max(k.feed.Latest, end)
	if live {
		k.delays.Add(now, now-end)
	}
}

// Rejected notes records that could not be read.
func (k *Keeper) Rejected(n int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.feed.Rejected += n
}
