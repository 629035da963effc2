package login

import (
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/network"
)

// Config bounds what a Watch remembers; what is 0 gets its default.
type Config struct {
	Accounts int // habits, 480 bytes each; default 16,384
	Sources  int // addresses and names that fail, 60 bytes each; default 16,384
}

// Watch is what the log-ins of one organisation look like. See the package comment.
type Watch struct {
	habits  *count.Table[habit]   // by account
	sources *count.Table[tally]   // failures by address; their kinds are accounts
	tried   *count.Table[tally]   // failures by account; their kinds are addresses
	nets    *count.Table[decayed] // failures by network
	mail    *count.Table[tally]   // visits to the voicemail by caller and by box
	trunks  *count.Table[trunk]
	paces   *count.Table[pace] // by PBX and trunk
	lands   [countries]seen    // where accounts log in from as a habit, by country index
	visits  map[uint64]visit   // calls that are at the voicemail, by call
	told    [howMany]uint32    // when a sign that is nobody's in particular was given, in seconds

	spread  surge        // addresses that fail
	mailed  surge        // short visits to the voicemail
	refused surge        // calls that far networks refused
	active  count.Window // accounts that registered within the hour
	early   count.Window // of them, within two minutes, those out of their rhythm
	swept   uint32       // when visits without an end were last looked for, in seconds
	changed uint32       // when the PBX last changed, began, stopped or was silent, in seconds
	stopped uint32       // when it was last stopped, 0 = it was not since it began
	heard   bool         // it has been heard of

	room []Sign // what is returned, made once
}

const (
	countries = 26*26 + 1
	netsMost  = 1 << 12
	mailMost  = 1 << 12
	trunkMost = 1 << 8
)

// New makes a Watch that knows nothing.
func New(c Config) *Watch {
	if c.Accounts <= 0 {
		c.Accounts = 1 << 14
	}
	if c.Sources <= 0 {
		c.Sources = 1 << 14
	}
	return &Watch{habits: count.NewTable[habit](c.Accounts), sources: count.NewTable[tally](c.Sources), tried: count.NewTable[tally](c.Sources),
		nets: count.NewTable[decayed](netsMost), mail: count.NewTable[tally](mailMost), trunks: count.NewTable[trunk](trunkMost), paces: count.NewTable[pace](trunkMost), visits: make(map[uint64]visit),
		spread: newSurge(), mailed: newSurge(), refused: newSurge(), active: count.NewWindow(belwacht.Hour), early: count.NewWindow(2 * belwacht.Minute)}
}

// Dropped is how many addresses, names and accounts had to be forgotten for want of room.
func (w *Watch) Dropped() uint64 {
	return w.habits.Evicted + w.sources.Evicted + w.tried.Evicted + w.nets.Evicted + w.mail.Evicted
}

// hash is FNV-1a with bits spread, never zero.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return max(count.Mix(h), 1)
}

// address is the key of where somebody comes from: an IPv4 address, or the 64 bits of an IPv6 network that one household has.
func address(l *belwacht.Login) uint64 {
	a := l.From.Unmap()
	if !a.IsValid() {
		return 0
	}
	b := a.As16()
	n := 16
	if a.Is6() {
		n = 8
	}
	h := uint64(14695981039346656037)
	for _, c := range b[:n] {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return max(count.Mix(h), 1)
}

// seconds is a moment in seconds.
func seconds(at belwacht.Instant) uint32 { return uint32(at / belwacht.Second) }

// give adds a sign that is nobody's in particular, unless it was given within the hour.
func (w *Watch) give(now uint32, s Sign) {
	list := causes()
	t := &w.told[slices.Index(list[:], s.Cause)]
	if *t == 0 || now >= *t+3600 {
		*t = now
		w.room = append(w.room, s)
	}
}

// Login takes a log-in that came to its end, good or not, from a place. The signs hold until the next call of a method of w.
func (w *Watch) Login(at belwacht.Instant, l *belwacht.Login, p network.Place) []Sign {
	w.room, w.heard = w.room[:0], true
	now := seconds(at)
	switch {
	case l.Result == belwacht.LoginUnknown:
	case l.Service == "trunk":
		w.trunk(now, l, p)
	case l.Service == "voicemail":
		if l.Result != belwacht.LoginGood {
			w.pin(at, l, p)
		}
	case l.Service == "ami" || l.Service == "web" || l.Service == "console" || l.Service == "api": // the last two are Belwacht's own
		if l.Result != belwacht.LoginGood {
			w.manager(now, l, p)
		}
	case l.Result == belwacht.LoginGood:
		w.good(at, l, p)
	default:
		w.bad(at, l, p)
	}
	return w.room
}

// From how many failures within an hour on something is told.
const (
	manyFailures = 30  // of one account, by strangers
	ownFailures  = 600 // of one account from its own network, or from inside: a phone with a wrong password tries some 120 times
	manyInside   = 5   // accounts that do not exist
	manyManager  = 5
	manySources  = 25 // addresses that fail; and three times what is usual
)

// bad takes a failure.
func (w *Watch) bad(at belwacht.Instant, l *belwacht.Login, p network.Place) {
	now, user, from := seconds(at), hash(l.User), address(l)
	h := w.habits.Get(user)
	if h != nil && h.owns(p, now) {
		h.own.add(now, from)
		if h.own.n >= ownFailures && h.own.tell(now) {
			w.room = append(w.room, Sign{Cause: Guessing, User: l.User, From: l.From, Place: p, N: int(h.own.n)})
		}
		return
	}
	if from != 0 {
		w.source(at, l, p, from)
	}
	if l.Result == belwacht.LoginNoSuchAccount || l.User == "" {
		return
	}
	most := uint32(manyFailures)
	if p.Inside {
		most = ownFailures
	}
	t, _ := w.tried.Touch(user, now)
	t.add(now, from)
	if t.n >= most && t.tell(now) {
		w.room = append(w.room, Sign{Cause: Guessing, User: l.User, From: l.From, Place: p, N: int(t.n)})
	}
}

// source takes a failure by where it came from.
func (w *Watch) source(at belwacht.Instant, l *belwacht.Login, p network.Place, from uint64) {
	now := seconds(at)
	s, fresh := w.sources.Touch(from, now)
	fresh = fresh || now >= s.since+3600
	s.add(now, hash(l.User))
	if s.known >= manyKinds || l.Result == belwacht.LoginNoSuchAccount && s.n >= manyFailures && !p.Inside {
		w.give(now, Sign{Cause: Scan, From: l.From, Place: p, N: int(s.n)})
	}
	if p.Inside {
		if l.Result == belwacht.LoginNoSuchAccount && s.n >= manyInside {
			w.give(now, Sign{Cause: Unknown, From: l.From, Place: p, N: int(s.n)})
		}
		return
	}
	if p.Net != 0 {
		n, _ := w.nets.Touch(p.Net, now)
		n.fails.Add(now, 1, halfDay)
	}
	if fresh { // each address counts once an hour
		if n := w.spread.add(at); w.spread.unusual(n, manySources) {
			w.give(now, Sign{Cause: Spraying, From: l.From, Place: p, N: n})
		}
	}
}

// manager takes a failure at the manager interface or the web page.
func (w *Watch) manager(now uint32, l *belwacht.Login, p network.Place) {
	t, _ := w.tried.Touch(hash(l.Service+"\x00"), now)
	if t.add(now, address(l)); t.n >= manyManager {
		w.give(now, Sign{Cause: Manager, User: l.Service, From: l.From, Place: p, N: int(t.n)})
	}
}

// good takes a good log-in of a phone.
func (w *Watch) good(at belwacht.Instant, l *belwacht.Login, p network.Place) {
	now := seconds(at)
	h, fresh := w.habits.Touch(hash(l.User), now)
	if fresh {
		h.first = now
	}
	maker := uint64(0)
	if m := Maker(l.Agent); m != "" {
		maker = hash(m)
	}
	session := hash(l.Session) ^ address(l)
	if l.Session != "" && session == h.session && now < h.last+again {
		w.agent(now, h, l, p, maker) // told again, now with its agent
		return
	}
	h.session = session
	land := uint64(p.Country.Index())
	strangeNet := h.settled(now) && !p.Inside && novel(h.nets[:], p.Net, now)
	strangeLand := strangeNet && novel(h.lands[:], land, now)
	nobody := strangeLand && !w.lands[land].usual(now)
	if strangeNet {
		w.stranger(now, h, l, p, strangeLand, nobody)
	}
	w.agent(now, h, l, p, maker)
	if l.Session != "" || l.Agent == "" { // else it is only said what is registered
		w.register(at, h)
	}
	if p.Net != 0 {
		find(h.nets[:], p.Net).meet(p.Net, now)
	}
	if land != 0 {
		find(h.lands[:], land).meet(land, now)
		if !strangeLand {
			w.lands[land].meet(land, now)
		}
	}
	h.good, h.last = min(h.good+1, 1<<30), max(h.last, now)
}

// again is for how many seconds a log-in may be told again: a phone uses one session (RFC 3261, 10.2: the Call-ID) for all its registrations.
const again = 15

// stranger marks a log-in from a network that is new to the account.
func (w *Watch) stranger(now uint32, h *habit, l *belwacht.Login, p network.Place, land, nobody bool) {
	fails := float32(0)
	if n := w.nets.Get(p.Net); n != nil {
		fails = float32(int(n.fails.Value(now, halfDay) + 0.5))
	}
	if fails = max(fails, h.forced.value(now)); fails > 0 {
		h.forced = mark{now, fails}
	}
	if fails >= forcedMany && h.may(0, now) {
		w.room = append(w.room, Sign{Cause: Forced, User: l.User, From: l.From, Place: p, N: int(fails)})
	}
	switch {
	case nobody:
		h.land = mark{now, 2}
		if h.may(1, now) {
			w.room = append(w.room, Sign{Cause: Strange, User: l.User, From: l.From, Place: p})
		}
	case land:
		h.land = mark{now, max(1, h.land.value(now))}
	default:
		h.net = mark{now, 1}
	}
}

// forcedMany is how many failures before a good log-in are no slips of the finger.
const forcedMany = 5

// may says whether the sign i of an account may be given, and notes that it was.
func (h *habit) may(i int, now uint32) bool {
	if h.told[i] != 0 && now < h.told[i]+3600 {
		return false
	}
	h.told[i] = now
	return true
}

// agent takes what an account logs in with.
func (w *Watch) agent(now uint32, h *habit, l *belwacht.Login, p network.Place, maker uint64) {
	if attackTool(l.Agent) {
		h.tool = mark{now, 1}
		if h.may(2, now) {
			w.room = append(w.room, Sign{Cause: Tool, User: l.User, From: l.From, Place: p})
		}
	}
	if maker == 0 {
		return
	}
	if h.settled(now) && novel(h.makers[:], maker, now) {
		h.maker = mark{now, 1}
		if h.land.n > 0 && now < h.land.at+60 && h.may(1, now) { // and from a country new to it, where others here are
			w.room = append(w.room, Sign{Cause: Strange, User: l.User, From: l.From, Place: p})
		}
	}
	find(h.makers[:], maker).meet(maker, now)
}
