package proof

import (
	"container/heap"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/text"
)

// Accounts of TestKilled that the simulation does not use.
const (
	counted = "300" // may make so many calls a day
	atOnce  = "301" // may have two calls at once, and has them
	locking = 40    // accounts from 400 that are locked and unlocked
	perKill = 40    // calls of the counted account between two kills, at most
)

// world makes calls at a PBX as time passes, asks of half of them first, and dials what was not refused or not answered.
type world struct {
	process *process
	web     http.Client
	calls   []*simulate.Call
	random  *rand.Rand
	mu      sync.Mutex // held while it moves
	serial  uint32
	next    scenes
	stop    chan struct{}
	done    chan struct{}
	made    int
	refused int
	allowed sync.Map // calls that ran by its word, by ID: when it gave it
	ends    sync.Mutex
	wrong   []string             // what must not be
	ended   map[string]time.Time // calls that the process had hung up
	// Of the counted account: what was let through, and when each of that was.
	through []time.Time
	budget  int
}

func newWorld(t *testing.T, p *process, seed uint64) *world {
	t.Helper()
	o, err := simulate.New(simulate.Config{Seed: seed, Extensions: 30, Weeks: 2, Forms: "4", AttackCount: -1, EarlyAttacks: -1})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{process: p, web: http.Client{Timeout: 2 * time.Second}, random: rand.New(rand.NewPCG(seed, 2)), ended: map[string]time.Time{},
		stop: make(chan struct{}), done: make(chan struct{})}
	o.Calls(func(c *simulate.Call) bool {
		if c.Way == simulate.WayOut || c.Way == simulate.WayIn || c.Way == simulate.WayInside {
			w.calls = append(w.calls, c)
		}
		return true
	})
	return w
}

// call makes a call of now that lasts for a time.
func (w *world) call(account, number string, ring, talk time.Duration) *simulate.Call {
	w.serial += 4
	now := belwacht.InstantOf(time.Now())
	c := &simulate.Call{Channel: w.serial, Attack: -1}
	c.ID = fmt.Sprintf("%d.%d", now/belwacht.Second, w.serial)
	c.Direction, c.Account, c.Caller, c.Dialled = belwacht.Out, account, account, number
	c.Start = now
	c.Answer = now + belwacht.Instant(ring.Milliseconds())
	c.End = c.Answer + belwacht.Instant(talk.Milliseconds())
	c.Disposition = belwacht.Answered
	return c
}

// run makes calls until it is stopped.
func (w *world) run() {
	defer close(w.done)
	for i := 0; ; i++ {
		select {
		case <-w.stop:
			return
		case <-time.After(5 * time.Millisecond):
		}
		w.mu.Lock()
		w.pass()
		switch {
		case i%3 == 0:
			w.ordinary(w.calls[i/3%len(w.calls)])
		case i%7 == 0 && w.budget > 0:
			w.budget--
			c := w.call(counted, "0201234567", 50*time.Millisecond, time.Second)
			if word, _ := w.process.asks(&w.web, counted, c.Dialled, c.ID); word == "allow" {
				w.through = append(w.through, time.Now())
				w.begin(c)
			}
		case i%29 == 0: // an alert of its own
			c := w.call(fmt.Sprint(5000+i), "00252611234567", 0, 0)
			if word, _ := w.process.asks(&w.web, c.Account, c.Dialled, c.ID); word == "allow" {
				w.blame(c.ID + " was allowed, to a country that is not")
			}
		}
		w.mu.Unlock()
	}
}

// blame notes what must not be.
func (w *world) blame(what string) {
	w.ends.Lock()
	defer w.ends.Unlock()
	w.wrong = append(w.wrong, what)
}

// killedAt forgets what the process let through in its last second, of which it may know nothing, and judge it by what holds now; and what it ended then, of
// which its log may not say why.
func (w *world) killedAt(at time.Time) {
	w.ends.Lock()
	maps.DeleteFunc(w.ended, func(_ string, ended time.Time) bool { return ended.Before(at) && ended.After(at.Add(-time.Second)) })
	w.ends.Unlock()
	w.allowed.Range(func(id, said any) bool {
		if said.(time.Time).After(at.Add(-time.Second)) {
			w.allowed.Delete(id)
		}
		return true
	})
}

// hung notes that the process had a call hung up.
func (w *world) hung(id string) {
	w.ends.Lock()
	defer w.ends.Unlock()
	w.ended[id] = time.Now()
}

// faults are what must not have been so far: above all, that the process had a call hung up that it had let through itself, whatever was locked since. Where its
// rules have found more meanwhile, or its verdict came too late and the default had gone out, it may, and says so.
func (w *world) faults() []string {
	w.ends.Lock()
	defer w.ends.Unlock()
	list := w.wrong
	for id := range w.ended {
		if _, ok := w.allowed.Load(id); !ok {
			continue
		}
		if said := w.process.said(id); !strings.Contains(said, `"event":"call.ended"`) && !strings.Contains(said, `"event":"call.bypassed"`) {
			list = append(list, id+" was let through and ended later: "+said)
		}
	}
	w.wrong = nil
	clear(w.ended)
	return list
}

// pass plays what is due.
func (w *world) pass() {
	for now := belwacht.InstantOf(time.Now()); len(w.next) > 0 && w.next[0].at <= now; {
		s := heap.Pop(&w.next).(scene)
		if s.kind == belwacht.EventAnswer {
			w.process.pbx.answer(s.id)
		} else {
			w.process.pbx.end(s.id)
		}
	}
}

// ordinary makes a call as the simulation has it, with another time.
func (w *world) ordinary(of *simulate.Call) {
	c := w.call(of.Account, of.Dialled, time.Duration(100+w.random.IntN(300))*time.Millisecond, time.Duration(200+w.random.IntN(3000))*time.Millisecond)
	c.Way, c.Direction, c.Caller, c.Emergency = of.Way, of.Direction, of.Caller, of.Emergency
	if c.Direction == belwacht.Out && w.random.IntN(2) == 0 {
		switch word, _ := w.process.asks(&w.web, c.Account, c.Dialled, c.ID); word {
		case "refuse":
			w.refused++
			return
		case "allow":
			w.allowed.Store(c.ID, time.Now())
		}
	}
	w.begin(c)
}

func (w *world) begin(c *simulate.Call) {
	w.made++
	w.process.pbx.begin(c)
	heap.Push(&w.next, scene{c.Answer, int(c.Channel), belwacht.EventAnswer, c.ID})
	heap.Push(&w.next, scene{c.End, int(c.Channel) + 1, belwacht.EventEnd, c.ID})
}

// acknowledged is what a person was told that holds.
type acknowledged struct {
	locked map[string]bool
	panics bool
	unsure map[string]bool // accounts whose last change nobody was told of
	shaky  bool            // the same of the panic switch
	ack    map[string]int  // deeds since they were counted last, by act and subject
}

// change locks, unlocks and turns the switch until the process does not answer any more.
func (a *acknowledged) change(p *process, random *rand.Rand) (changes int) {
	for ; ; changes++ {
		account := fmt.Sprint(400 + random.IntN(locking))
		var err error
		switch random.IntN(4) {
		case 0, 1:
			if err = p.do(http.MethodPost, "/v1/locks", &control.LockRequest{Account: account}, &control.Locks{}); err == nil {
				a.locked[account] = true
				a.ack[string(access.AccountLock)+" "+text.Mask(account)]++
			}
		case 2:
			if !a.locked[account] {
				continue
			}
			if err = p.do(http.MethodDelete, "/v1/locks?account="+account, nil, &control.Locks{}); err == nil {
				delete(a.locked, account)
				a.ack[string(access.AccountUnlock)+" "+text.Mask(account)]++
			}
		default:
			on := random.IntN(2) == 0
			if err = p.do(http.MethodPost, "/v1/panic", &control.PanicRequest{On: on}, &control.Panicked{}); err == nil {
				a.panics, a.shaky = on, false
				a.ack[map[bool]string{true: string(access.PanicPress), false: string(access.PanicRelease)}[on]+" "]++
			} else {
				a.shaky = true
			}
			if err != nil {
				return changes
			}
			continue
		}
		if err == nil {
			delete(a.unsure, account)
		} else {
			a.unsure[account] = true
			return changes
		}
	}
}

// holds compares what is in force with what was acknowledged, and takes over what was done of what nobody was told of.
func (a *acknowledged) holds(t *testing.T, p *process, round int) {
	t.Helper()
	var locks control.Locks
	s, err := p.status()
	if err == nil {
		err = p.do(http.MethodGet, "/v1/locks", nil, &locks)
	}
	if err != nil {
		t.Fatal(err)
	}
	now := map[string]bool{}
	for i := range locks.Locks {
		now[locks.Locks[i].Subject] = true
	}
	for i := range locking {
		account := fmt.Sprint(400 + i)
		if now[account] != a.locked[account] && !a.unsure[account] {
			t.Errorf("round %d: %s is locked: %v, and %v was acknowledged", round, account, now[account], a.locked[account])
		}
	}
	if s.Panic != a.panics && !a.shaky {
		t.Errorf("round %d: panic is %v, and %v was acknowledged", round, s.Panic, a.panics)
	}
	a.locked, a.panics, a.shaky = now, s.Panic, false
	clear(a.unsure)
}

// obeyed asks for calls whose verdict is known.
func (w *world) obeyed(t *testing.T, a *acknowledged, round int) {
	t.Helper()
	verdict := func(account, number string) (said string) {
		for range 10 { // where a verdict comes after 50 ms a default has gone out, which says nothing of what is known
			c := w.call(account, number, 0, 0)
			word, cause := w.process.asks(&w.web, account, number, c.ID)
			if said = word + " " + cause; cause != "" && cause != "engine.late" {
				break
			}
		}
		return said
	}
	want := func(got, wanted, of string) {
		if got != wanted {
			t.Errorf("round %d: %s: %q, not %q", round, of, got, wanted)
		}
	}
	for account := range a.locked {
		want(verdict(account, "0201234567"), "refuse lock.account", "a locked account")
		want(verdict(account, "112"), "allow emergency", "112 from a locked account")
		break
	}
	if a.panics {
		want(verdict("399", "0032470000101"), "refuse panic", "abroad in panic")
	} else {
		want(verdict("399", "00252611234567"), "refuse limit.country", "a country that the owner does not allow")
	}
	want(verdict(atOnce, "0201234567"), "refuse limit.at-once", "a third call at once of an account that may have two")
}

// TestKilled kills the real program at any moment, under load, and starts it again: what was acknowledged holds, alerts that somebody was
// told of are on disk, what runs is known and runs on, and limits count on, but for calls of the last second before a kill. BELWACHT_SEED repeats a run,
// BELWACHT_KILLS says how often.
func TestKilled(t *testing.T) {
	rounds, seed := 100, rand.Uint64()
	n, err := strconv.Atoi(os.Getenv("BELWACHT_KILLS"))
	switch {
	case err == nil:
		rounds = n
	case !whole():
		t.Skip("a kill takes some seconds: make accept-proof does it a hundred times; cmd/belwacht has a shorter one")
	}
	if s, err := strconv.ParseUint(os.Getenv("BELWACHT_SEED"), 10, 64); err == nil {
		seed = s
	}
	limit := rounds*perKill + 200
	somebody := newSomebody(t)
	p := newProcess(t, fmt.Sprintf("{organisation: {no_countries: [SO]}, accounts: {%q: {calls_per_day: %d}, %q: {calls_at_once: 2}}}", counted, limit, atOnce),
		"alerts: {webhook: {url: \""+somebody.URL+"\"}, allow: [127.0.0.1]}\nweb: {listen: \"127.0.0.1:0\"}\naccess: {proxies: [127.0.0.1]}\n")
	w := newWorld(t, p, seed)
	p.pbx.hung = w.hung
	o := newOffice(t, p, seed)
	p.start()
	o.opened()
	for range 2 { // for as long as all of it lasts
		p.pbx.begin(w.call(atOnce, "0201234567", 0, 24*time.Hour))
	}
	a := &acknowledged{locked: map[string]bool{}, unsure: map[string]bool{}, ack: map[string]int{}}
	random := rand.New(rand.NewPCG(seed, 3))
	go w.run()
	changes, lastSecond, told := 0, 0, 0
	var back time.Duration
	for round := range rounds {
		w.mu.Lock()
		w.budget = perKill
		w.mu.Unlock()
		said := p.logged()
		killed := make(chan time.Time)
		wait := time.Duration(50+random.IntN(4000)) * time.Millisecond
		go func() {
			time.Sleep(wait)
			p.kill()
			killed <- time.Now()
		}()
		var office sync.WaitGroup
		office.Go(o.change)
		changes += a.change(p, random)
		office.Wait()
		at := <-killed
		w.mu.Lock()
		w.killedAt(at)
		for _, one := range w.through {
			if one.After(at.Add(-time.Second)) && one.Before(at) {
				lastSecond++
			}
		}
		w.mu.Unlock()
		told = somebody.kept(t, p, round, said)
		for deed, n := range a.ack {
			o.acked[deed] += n
		}
		clear(a.ack)
		o.kept(round, at)
		began := time.Now()
		p.start()
		back = max(back, time.Since(began))
		o.opened()
		w.mu.Lock() // nothing moves while they are compared
		a.holds(t, p, round)
		if s, err := p.status(); err != nil || s.Alerts < told {
			t.Errorf("round %d: it has %d alerts, and somebody was told of %d: %v", round, s.Alerts, told, err)
		}
		p.knows()
		w.obeyed(t, a, round)
		w.mu.Unlock()
		o.again(round)
		for _, one := range w.faults() {
			t.Errorf("round %d: %s", round, one)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	close(w.stop)
	<-w.done
	total := len(w.through)
	for range limit + 1 {
		c := w.call(counted, "0201234567", 0, 0)
		word, cause := p.asks(&w.web, counted, c.Dialled, c.ID)
		if word == "refuse" && cause == "limit.calls.day" {
			break
		}
		total++
	}
	t.Logf("accept: killed %d times (seed %d): %d calls made, %d refused; %d locks and turns of the switch acknowledged, all held; back within %s",
		rounds, seed, w.made, w.refused, changes, back.Round(time.Millisecond))
	t.Logf("accept: %d deeds in the console, by the API and at the control socket were acknowledged, all on disk after each kill; the audit log of %d entries verified each time, with %d heads that left",
		o.done, o.entries, len(o.heads))
	t.Logf("accept: of each kind: %s", o.kinds())
	t.Logf("accept: somebody was told of %d alerts, all of which were on disk after each kill (%d more while the disk stalled, %d told twice)",
		told, len(somebody.excuse), somebody.twice)
	t.Logf("accept: an account that may make %d calls a day made %d; %d of them were in the last second before a kill, which may be lost", limit, total, lastSecond)
	if total < limit || total > limit+lastSecond {
		t.Errorf("seed %d: %d calls of %d a day", seed, total, limit)
	}
}
