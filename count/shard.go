package count

import (
	"strings"

	"github.com/belwacht/belwacht"
)

// Config bounds a shard's memory. Zero fields have the defaults in brackets.
type Config struct {
	Accounts int // accounts kept [1,048,576]
	Ranges   int // ranges of numbers [32,768]
	Tails    int // tails of dialled digits [16,384]
	Rang     int // outside numbers that called [262,144]
	Running  int // running calls [65,536]

	// What nobody asks for need not be worked out: the home values of notable calls, and Values.HomeNew24h of any.
	NoHome, NoHomeDay bool
}

func (c *Config) defaults() {
	for _, d := range []struct {
		field *int
		value int
	}{{&c.Accounts, 1 << 20}, {&c.Ranges, 1 << 15}, {&c.Tails, 1 << 14}, {&c.Rang, 1 << 18}, {&c.Running, 1 << 16}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
}

// chunk is how many accounts are allocated together.
const chunk = 64

// Account is the recent past of one account.
type Account struct {
	label     label  // its name, or the beginning of it
	Running   uint16 // novel calls that run
	All       uint16 // notable calls that run
	Outside   uint16 // calls to numbers outside the house that run
	used      uint32 // seconds: last event
	homeNew   Decay  // half-life an hour
	homeDay   Decay  // half-life eight hours
	homeShort Decay
	Log       Log
}

// Shard holds the counters of one tenant. One writer at a time.
type Shard struct {
	config  Config
	index   index
	names   []string
	account []*[chunk]Account
	free    []uint32
	hand    uint32

	Ranges  *Table[Range]
	tails   *Table[Tail]
	rang    *Table[Rang]
	nations [677]nation
	novel   Decay
	running uint32

	calls   calls
	first   map[uint64]uint32 // of each range, a slot of a running call to a notable number, plus one
	slots   []Slot
	vacant  []uint32
	Evicted uint64 // accounts that made room for others
	Dropped uint64 // attempts that found no slot
	warm    uint32 // of no meaning: see Scent
}

// NewShard makes an empty shard.
func NewShard(c Config) *Shard {
	c.defaults()
	return &Shard{config: c, index: newIndex(), Ranges: NewTable[Range](c.Ranges), tails: NewTable[Tail](c.Tails),
		rang: NewTable[Rang](c.Rang), calls: newCalls(), first: make(map[uint64]uint32)}
}

// Lookup returns the index of an account that is known.
func (s *Shard) Lookup(name string) (uint32, bool) {
	f := s.Seek(name)
	return f.Account, f.Known
}

// Index returns the index of an account, given to it now where it is new. Where all places are taken, an account without running
// calls that was not used for long loses its own; evicted is then true, and what others keep by this index is to be emptied.
func (s *Shard) Index(name string, now uint32) (i uint32, fresh, evicted bool) {
	return s.Claim(s.Seek(name), name, now)
}

// Claim is Index for an account that was sought, and nothing claimed since.
func (s *Shard) Claim(f Sought, name string, now uint32) (i uint32, fresh, evicted bool) {
	if f.Known {
		a := s.Account(f.Account)
		a.used = max(a.used, now)
		return f.Account, false, false
	}
	name = strings.Clone(name)
	switch {
	case len(s.names) < s.config.Accounts:
		i = uint32(len(s.names))
		s.names = append(s.names, name)
		if int(i)/chunk >= len(s.account) {
			s.account = append(s.account, new([chunk]Account))
		}
	default:
		i, evicted = s.victim(), true
		s.index.drop(s.index.hash(s.names[i]), i)
		s.names[i] = name
		*s.Account(i) = Account{}
		s.Evicted++
	}
	s.index.add(f.hash, i)
	a := s.Account(i)
	a.label, a.used = labelOf(name), now
	return i, true, evicted
}

// victim picks, of a few accounts in turn, the one without running calls that was used longest ago.
func (s *Shard) victim() uint32 {
	best, found := s.hand, false
	for n := 0; n < 16 || !found && n < len(s.names); n++ {
		s.hand = (s.hand + 1) % uint32(len(s.names))
		a := s.Account(s.hand)
		if a.Outside == 0 && (!found || a.used < s.Account(best).used) {
			best, found = s.hand, true
		}
	}
	return best
}

// Account returns the account of an index that Index gave. The pointer holds for the shard's life.
func (s *Shard) Account(i uint32) *Account { return &s.account[i/chunk][i%chunk] }

// Name returns the name of an index.
func (s *Shard) Name(i uint32) string { return s.names[i] }

// Len is the number of accounts.
func (s *Shard) Len() int { return len(s.names) }

// Running is the number of calls to numbers outside the house that run.
func (s *Shard) Running() int { return s.calls.n }

// missSpell is for how many seconds no call from a range may be missed before what was missed is forgotten.
const missSpell = 86400

// Inbound notes a call from an outside number to somebody here; missed where nobody took it or it rang only shortly. Of numbers that deserve a look
// (abroad, dear) their range is remembered too: who rings the same one again and again is one caller who is missed, and who rings many is no caller at all.
func (s *Shard) Inbound(number belwacht.E164, callee string, at belwacht.Instant, missed, notable bool) {
	now := uint32(at / belwacht.Second)
	cell, _ := s.rang.Touch(uint64(number), now)
	cell.At, cell.Missed = now, missed
	if cell.Calls < 1<<16-1 {
		cell.Calls++
	}
	if notable {
		r, _ := s.Ranges.Touch(rangeKey(number), now)
		if missed {
			if now-min(r.Missed, now) > missSpell { // bait comes in a day; a customer who misses one of us every week is none
				r.Misses = 0
			}
			if who := uint32(Mix(KeyOf(callee, "") ^ uint64(number))); r.Misses == 0 || who != r.rung {
				r.rung, r.Misses = who, min(r.Misses+1, 250)
			}
			r.Missed = now
		}
	}
}

// RangUs says whether an outside number called within so many seconds before at, and whether nobody took its last call.
func (s *Shard) RangUs(number belwacht.E164, at belwacht.Instant, within uint32) (rang, missed bool) {
	c := s.rang.Get(uint64(number))
	if c == nil || uint32(at/belwacht.Second)-c.At > within {
		return false, false
	}
	return true, c.Missed
}
