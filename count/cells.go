package count

import "github.com/belwacht/belwacht"

// rangeCalls is how many calls a Range remembers one by one.
const rangeCalls = 16

// Range is what a tenant has seen of one range of numbers (belwacht.E164.Range), of calls that deserved a look.
type Range struct {
	call    [rangeCalls]rangeCall
	n, next uint8
	Running uint16 // calls to it that run now
	Rang    uint32 // seconds: last call from it
	Missed  uint32 // seconds: last call from it that nobody answered, or that rang shortly
	Misses  uint8  // missed calls from it since it was quiet for 14 days
	Heat    Decay  // suspicion that judgements left on it
}

type rangeCall struct {
	at      uint32
	account uint32
	tail    uint16 // last four digits
	short   bool   // talked under half a minute, or was not reached
}

// add remembers a call; its place is returned so that the outcome can be noted.
func (r *Range) add(at, account uint32, tail uint16) {
	r.call[r.next] = rangeCall{at: at, account: account, tail: tail, short: true}
	r.next = (r.next + 1) % rangeCalls
	r.n = min(r.n+1, rangeCalls)
}

// spread looks back from now (seconds): how many accounts called the range within a day and a week, how many different
// numbers of it within two weeks, how many of them lie in one hundred with tail, and on how many days.
func (r *Range) spread(now, account uint32, tail uint16, v *Values) {
	accounts, numbers, hundred, days := [rangeCalls]uint32{account}, [rangeCalls]uint16{tail}, 1, uint32(0)
	na, na1, nn := 1, 1, 1
	for i := range int(r.n) {
		c := &r.call[(int(r.next)+2*rangeCalls-1-i)%rangeCalls]
		age := now - c.at
		if age > 14*86400 {
			break
		}
		days |= 1 << (age / 86400)
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
	for ; days != 0; days &= days - 1 {
		v.RangeDays14d++
	}
}

func contains[T comparable](s []T, x T) bool {
	for _, y := range s {
		if x == y {
			return true
		}
	}
	return false
}

// tailForms is how many dialled forms and accounts a Tail remembers.
const tailForms = 12

// Tail is one tail of dialled digits under many prefixes: what an enumeration of the dial plan looks like from inside.
type Tail struct {
	form    [tailForms]uint16 // hashes of what stood before the tail
	at      [tailForms]uint32
	account [tailForms]uint32
	n       uint8
}

// add notes a form and returns how many different forms this account and everybody used within two weeks.
func (t *Tail) add(now, account uint32, form uint16) (own, all int) {
	oldest, found := 0, false
	for i := range int(t.n) {
		if t.form[i] == form && t.account[i] == account {
			t.at[i], found = now, true
		}
		if t.at[i] < t.at[oldest] {
			oldest = i
		}
	}
	if !found {
		i := oldest
		if t.n < tailForms {
			i = int(t.n)
			t.n++
		}
		t.form[i], t.at[i], t.account[i] = form, now, account
	}
	var seen [tailForms]uint16
	for i := range int(t.n) {
		if now-t.at[i] > 14*86400 {
			continue
		}
		if !contains(seen[:all], t.form[i]) {
			seen[all] = t.form[i]
			all++
		}
		if t.account[i] == account {
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
