package ask

import (
	"sync"
	"time"

	"github.com/belwacht/belwacht"
)

// Usual says whether a country is in an account's own profile. It is asked on a miss only, when judging may be stalled: an answer that takes more than
// 50 ms is a no.
type Usual interface {
	Usual(pbx, account string, country belwacht.Country) bool
}

// Calls abroad that pass by default: so many at once an account, each so long at most, since nobody who answers could tell that one has ended.
const (
	lateAtOnce   = 2
	lateLongest  = 3600 // seconds
	lateAccounts = 4096
)

// CauseLate is the cause of what was refused because no verdict came in time.
const CauseLate = "engine.late"

// abroad counts the calls abroad that passed by default.
type abroad struct {
	mu    sync.Mutex
	until map[[2]string][]time.Time // by PBX and account: when each must have ended
}

// take books one call, unless there are as many as may be.
func (a *abroad) take(pbx, account string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	k := [2]string{pbx, account}
	running := a.until[k][:0]
	for _, t := range a.until[k] {
		if t.After(now) {
			running = append(running, t)
		}
	}
	if len(running) >= lateAtOnce || len(running) == 0 && len(a.until) >= lateAccounts && !a.sweep(now) {
		return false
	}
	a.until[k] = append(running, now.Add(lateLongest*time.Second))
	return true
}

// sweep forgets what has ended; false where nothing has.
func (a *abroad) sweep(now time.Time) bool {
	for k, l := range a.until {
		if len(l) == 0 || !l[len(l)-1].After(now) {
			delete(a.until, k)
		}
	}
	return len(a.until) < lateAccounts
}

// byDefault is the answer where no verdict came in time, by the class of the destination.
func (s *Server) byDefault(p *pbx, q *Question, n *belwacht.Number) Answer {
	switch {
	case n.Privileged(), n.Class == belwacht.ClassInternal:
		return Answer{}
	case n.Junk || !n.Dialable || n.Target != 0:
	case !n.Abroad:
		switch n.Class {
		case belwacht.ClassGeographic, belwacht.ClassMobile, belwacht.ClassFreephone, belwacht.ClassShortCode, belwacht.ClassSharedCost:
			return Answer{}
		}
	case n.Class == belwacht.ClassGeographic || n.Class == belwacht.ClassMobile:
		account, _ := q.Account()
		if account != "" && s.usual(p.Name, account, n.Country) && s.abroad.take(p.Name, account, s.now()) {
			return Answer{MaxSeconds: lateLongest}
		}
	}
	return Answer{Word: belwacht.Refuse, Cause: CauseLate}
}

// usual asks with a deadline. At most as many wait at once as may be judged: a stalled profile costs no more than that.
func (s *Server) usual(pbx, account string, c belwacht.Country) bool {
	if s.cfg.Usual == nil {
		return false
	}
	select {
	case s.profiles <- struct{}{}:
	default:
		return false
	}
	said := make(chan bool, 1)
	go func() {
		defer func() { <-s.profiles }()
		defer s.caught(pbx, func() { said <- false })
		said <- s.cfg.Usual.Usual(pbx, account, c)
	}()
	select {
	case yes := <-said:
		return yes
	case <-time.After(target):
		return false
	}
}
