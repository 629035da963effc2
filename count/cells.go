package count

import "github.com/belwacht/belwacht"

// rangeCalls is how many calls a Range remembers one by one.
const rangeCalls = 16

// Range is what a tenant has seen of one range of numbers (belwacht.E164.Range), of calls that deserved a look.
type Range struct {
	few     [rangeFew]rangeCall
	many    *[rangeCalls]rangeCall // instead of few, once there are more: most ranges are called a few times
	n, next uint8
	Running uint16 // calls to it that run now
	rung    uint32 // a hash of which number rang whom the last time that nobody answered
	Missed  uint32 // seconds: last call from it that nobody answered, or that rang shortly
	Misses  uint8  // missed calls from it since it was quiet for a day, of one after the other from the same number to the same account one
	Heat    Decay  // suspicion that judgements left on it
}

// rangeFew is for how many calls a Range has room of its own.
const rangeFew = 4

type rangeCall struct {
	at      uint32
	account uint32
	tail    uint16 // last four digits
	short   bool   // talked under half a minute, or was not reached
}

// calls is where calls are remembered, of which r.n are.
func (r *Range) calls() []rangeCall {
	if r.many != nil {
		return r.many[:]
	}
	return r.few[:]
}

// widen makes room for all calls.
func (r *Range) widen() {
	r.many = new([rangeCalls]rangeCall)
	copy(r.many[:], r.few[:])
}

// reserve makes room for the next call.
func (r *Range) reserve() {
	if r.next == rangeFew && r.many == nil {
		r.widen()
	}
}

// add remembers a call.
func (r *Range) add(at, account uint32, tail uint16) {
	r.reserve()
	r.calls()[r.next] = rangeCall{at: at, account: account, tail: tail, short: true}
	r.next = (r.next + 1) % rangeCalls
	r.n = min(r.n+1, rangeCalls)
}

// spread looks back from now (seconds): how many accounts called the range within a day and a week, how many different
// numbers of it within two weeks, how many of them lie in one hundred with tail, and on how many days; and on how many earlier days somebody talked with it.
func (r *Range) spread(now, account uint32, tail uint16, v *Values) {
	accounts, numbers, hundred, days, talked := [rangeCalls]uint32{account}, [rangeCalls]uint16{tail}, 1, uint32(0), uint32(0)
	strange := v.OwnCalls7d >= 2 && v.OwnRange7d >= 0.75*v.OwnCalls7d // ever new numbers: its own talks vouch for nothing
	na, na1, nn := 1, 1, 1
	var again [rangeCalls]uint64 // talks with numbers of the hundred: number and day
	var whom [rangeCalls]uint16
	nt, nw := 0, 0
	calls := r.calls()
	for i := range int(r.n) {
		c := &calls[(int(r.next)+2*rangeCalls-1-i)%rangeCalls]
		age := now - c.at
		if age > 14*86400 {
			break
		}
		days |= 1 << (age / 86400)
		v.RangeCalls14d++
		if !c.short && age >= 18*3600 && !(strange && c.account == account) {
			talked |= 1 << ((age + 6*3600) / 86400)
		}
		if !c.short && c.tail/100 == tail/100 {
			nt = insert(again[:], nt, uint64(c.tail)<<5|uint64((age+6*3600)/86400))
			if !contains(whom[:nw], c.tail) {
				whom[nw] = c.tail
				nw++
			}
		}
		if !contains(numbers[:nn], c.tail) && nn < rangeCalls {
			numbers[nn] = c.tail
			nn++
			if c.tail/100 == tail/100 {
				hundred++
			}
		}
		if age <= 7*86400 && !contains(accounts[:na], c.account) && na < rangeCalls {
			accounts[na] = c.account
			na++
			if age <= 86400 {
				na1++
			}
		}
	}
	v.RangeAccounts24h, v.RangeAccounts7d, v.RangeNumbers14d, v.Hundred14d = float32(na1), float32(na), float32(nn), float32(hundred)
	v.RangeReturns14d = float32(nt - nw)
	v.RangeDays14d, v.RangeTalkDays14d = ones(days), ones(talked)
}

func contains[T comparable](s []T, x T) bool {
	for _, y := range s {
		if x == y {
			return true
		}
	}
	return false
}

// tailForms is how many dialled forms and accounts a Tail remembers, tailFew for how many it has room of its own.
const (
	tailForms = 12
	tailFew   = 2
)

// Tail is one tail of dialled digits under many prefixes: what an enumeration of the dial plan looks like from inside.
type Tail struct {
	few  [tailFew]dialled
	many *[tailForms]dialled // instead of few, once there are more: most are dialled in one form
	n    uint8
}

// TailOf is the last eight digits of a dialled string, and a hash of what stood before them; no form where there are fewer than nine digits.
func TailOf(dialled string) (digits uint64, form uint16) {
	n, pow, cut := 0, uint64(1), len(dialled)
	for i := len(dialled) - 1; i >= 0 && n < 8; i-- {
		if d := dialled[i] - '0'; d <= 9 {
			digits += uint64(d) * pow
			pow *= 10
			n++
			cut = i
		}
	}
	if n < 8 || cut == 0 {
		return digits, 0
	}
	h := uint32(2166136261)
	for i := range cut {
		h = (h ^ uint32(dialled[i])) * 16777619
	}
	return digits, uint16(h>>16) | 1
}

// dialled is a form in which an account dialled a tail.
type dialled struct {
	at      uint32
	account uint32
	form    uint16 // hash of what stood before the tail
}

// forms are those that are remembered.
func (t *Tail) forms() []dialled {
	if t.many != nil {
		return t.many[:t.n]
	}
	return t.few[:t.n]
}

// widen makes room for all forms.
func (t *Tail) widen() {
	t.many = new([tailForms]dialled)
	copy(t.many[:], t.few[:])
}

// add notes a form and returns how many different forms this account and everybody used within two weeks.
func (t *Tail) add(now, account uint32, form uint16) (own, all int) {
	oldest, found := 0, false
	forms := t.forms()
	for i := range forms {
		if f := &forms[i]; f.form == form && f.account == account {
			f.at, found = now, true
		}
		if forms[i].at < forms[oldest].at {
			oldest = i
		}
	}
	if !found {
		if t.n < tailForms {
			if t.n == tailFew && t.many == nil {
				t.widen()
			}
			oldest = int(t.n)
			t.n++
			forms = t.forms()
		}
		forms[oldest] = dialled{at: now, account: account, form: form}
	}
	var seen [tailForms]uint16
	for i := range forms {
		f := &forms[i]
		if now-f.at > 14*86400 {
			continue
		}
		if !contains(seen[:all], f.form) {
			seen[all] = f.form
			all++
		}
		if f.account == account {
			own++
		}
	}
	return own, all
}

// Rang is a number from outside that called us.
type Rang struct {
	At     uint32 // seconds: the last time
	Calls  uint16
	Missed bool // the last time nobody answered, or it rang shortly
}

// nation is what a tenant has seen of one country or network.
type nation struct {
	Running uint16
	hour    Decay // novel calls
	day     Decay
	crowd   [crowdMost]uint32 // accounts that made a novel call to it, each once
	seen    [crowdMost]uint32 // seconds: when each did last
}

// crowdMost is how many accounts of a country's day are told apart.
const crowdMost = 6

// join notes that an account made a novel call; the one that was silent longest makes room.
func (n *nation) join(now, account uint32) {
	oldest := 0
	for i := range n.crowd {
		if n.crowd[i] == account && n.seen[i] != 0 {
			n.seen[i] = now
			return
		}
		if n.seen[i] < n.seen[oldest] {
			oldest = i
		}
	}
	n.crowd[oldest], n.seen[oldest] = account, now
}

// accounts is how many accounts made a novel call within a day.
func (n *nation) accounts(now uint32) (count float32) {
	for _, at := range n.seen {
		if at != 0 && now-min(at, now) <= 86400 {
			count++
		}
	}
	return count
}

// rangeKey is the key of a number's range in a Table.
func rangeKey(e belwacht.E164) uint64 { return uint64(e.Range()) }
