package count

import (
	"fmt"
	"math"
	"testing"

	"github.com/belwacht/belwacht"
)

const start = 20000 * belwacht.Day

func e164(t testing.TB, s string) belwacht.E164 {
	t.Helper()
	e, ok := belwacht.ParseE164(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return e
}

func attempt(t testing.TB, s *Shard, key uint64, at belwacht.Instant, account, number string, v *Values) uint32 {
	t.Helper()
	i, _, _ := s.Index(account, uint32(at/belwacht.Second))
	a := Attempt{Key: key, At: at, Account: i, Number: e164(t, number), Country: belwacht.Country{'S', 'O'}, Price: belwacht.Price{PerMinute: belwacht.Unit, First: 1, Next: 1},
		Flags: Novel, Notable: true}
	slot, _, ok := s.Begin(&a, v)
	if !ok {
		t.Fatal("no slot")
	}
	return slot
}

func TestBeginCountsItselfAndWhatRuns(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	for i := range 5 {
		slot := attempt(t, s, uint64(i+1), start+belwacht.Instant(i)*belwacht.Minute, "212", fmt.Sprintf("25261555000%d", i), &v)
		s.Answer(slot, start+belwacht.Instant(i)*belwacht.Minute+10*belwacht.Second)
	}
	if v.Novel1h != 5 || v.Running != 5 || v.OwnRange24h != 5 || v.Hundred14d != 5 || v.CountryRunning != 5 || v.RangeRunning != 5 {
		t.Errorf("five calls to one range: %+v", v)
	}
	if v.SinceLast != 60 {
		t.Errorf("%v seconds since the call before, want 60", v.SinceLast)
	}
}

func TestAnAttemptSeenTwiceIsOne(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	a := attempt(t, s, 7, start, "212", "252615550001", &v)
	i, _, _ := s.Index("212", 0)
	again := Attempt{Key: 7, At: start, Account: i, Number: e164(t, "252615550001"), Flags: Novel, Notable: true}
	slot, twice, ok := s.Begin(&again, &v)
	if !twice || !ok || slot != a || v.Novel1h != 1 || v.Running != 1 {
		t.Errorf("slot %d twice %v: %+v", slot, twice, v)
	}
}

func TestRefusedStaysAnAttemptAndNothingElse(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	s.Refuse(attempt(t, s, 1, start, "212", "252615550001", &v))
	attempt(t, s, 2, start+belwacht.Second, "212", "252615550002", &v)
	if v.Novel1h != 2 || v.Running != 1 || v.RangeRunning != 1 || v.Money1h != 0 {
		t.Errorf("after a refusal: %+v", v)
	}
	if s.Running() != 1 {
		t.Errorf("%d calls run, want 1", s.Running())
	}
}

func TestRunningCallsSurviveMidnight(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	s.Answer(attempt(t, s, 1, start-belwacht.Minute, "212", "252615550001", &v), start-belwacht.Minute)
	attempt(t, s, 2, start+10*belwacht.Hour, "212", "252615550002", &v)
	if v.Running != 2 {
		t.Errorf("%v run ten hours and a midnight later, want 2", v.Running)
	}
	if v.Money24h < 600 {
		t.Errorf("the running call has cost %v, want about 601", v.Money24h)
	}
}

func TestEndTakesEverythingBack(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	for i := range 200 {
		at := start + belwacht.Instant(i)*belwacht.Minute
		slot := attempt(t, s, uint64(i+1), at, "212", "252615550001", &v)
		s.Answer(slot, at)
		s.End(slot, at+20*belwacht.Second, 20, belwacht.Answered)
	}
	i, _ := s.Lookup("212")
	a := s.Account(i)
	if a.Running != 0 || a.All != 0 || a.Outside != 0 || s.running != 0 || s.calls.n != 0 || s.Ranges.Get(rangeKey(e164(t, "252615550001"))).Running != 0 {
		t.Errorf("after all calls ended: %+v, tenant %d", a.Running, s.running)
	}
	if v.OwnShort7d < 40 || v.EqualTalk < 40 {
		t.Errorf("short %v and equally long %v calls, want most of the log", v.OwnShort7d, v.EqualTalk)
	}
}

func TestEnumerationOverDays(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	i, _, _ := s.Index("212", 0)
	for n := range 9 {
		a := Attempt{Key: uint64(n + 1), At: start + belwacht.Instant(n)*6*belwacht.Hour, Account: i, Flags: Novel | Undialable, Notable: true, Tail: 70952617, Form: uint16(n + 1)}
		s.Begin(&a, &v)
	}
	if v.OwnForms != 9 || v.AllForms != 9 {
		t.Errorf("%v own and %v forms in all, want 9", v.OwnForms, v.AllForms)
	}
}

func TestAccountsAreBoundedAndRunningOnesStay(t *testing.T) {
	s := NewShard(Config{Accounts: 50})
	var v Values
	attempt(t, s, 1, start, "busy", "252615550001", &v)
	for i := range 500 {
		s.Index(fmt.Sprint("x", i), uint32(start/belwacht.Second)+uint32(i))
	}
	if s.Len() != 50 || s.Evicted != 451 {
		t.Errorf("%d accounts, %d evicted; want 50 and 451", s.Len(), s.Evicted)
	}
	if _, ok := s.Lookup("busy"); !ok {
		t.Error("an account with a running call was evicted")
	}
}

func TestTableIsBounded(t *testing.T) {
	tab := NewTable[int](256)
	for i := range 10000 {
		c, _ := tab.Touch(uint64(i+1), uint32(i))
		*c = i
	}
	if len(tab.places) > 1024 || tab.Evicted == 0 {
		t.Errorf("%d places, %d evicted", len(tab.places), tab.Evicted)
	}
	found := 0
	for i := 9900; i < 10000; i++ {
		if c := tab.Get(uint64(i + 1)); c != nil && *c == i {
			found++
		}
	}
	if found < 90 {
		t.Errorf("only %d of the last hundred are kept", found)
	}
}

func TestDistinct(t *testing.T) {
	for _, n := range []int{0, 1, 64, 65, 1000, 100000} {
		var d Distinct
		for range 2 {
			for i := range n {
				d.Add(uint64(i))
			}
		}
		got := d.Count()
		if n <= 64 && got != n || math.Abs(float64(got-n)) > 0.03*float64(n) {
			t.Errorf("%d different values counted as %d", n, got)
		}
	}
}

func TestBeginAllocatesNothing(t *testing.T) {
	s := NewShard(Config{})
	var v Values
	i, _, _ := s.Index("212", 0)
	a := Attempt{Key: 1, Account: i, Number: e164(t, "252615550001"), Flags: Novel, Notable: true, Tail: 5, Form: 9}
	slot, _, _ := s.Begin(&a, &v)
	s.End(slot, start, 9, belwacht.Answered)
	at := start
	if n := testing.AllocsPerRun(1000, func() {
		at += belwacht.Second
		a.Key, a.At = uint64(at), at
		slot, _, _ := s.Begin(&a, &v)
		s.Answer(slot, at)
		s.End(slot, at, 9, belwacht.Answered)
	}); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

func BenchmarkBegin(b *testing.B) {
	s := NewShard(Config{})
	var v Values
	for n := range 10000 {
		s.Index(fmt.Sprint(n), 0)
	}
	number := e164(b, "252615550001")
	at := start
	for n := 0; b.Loop(); n++ {
		at += 10
		a := Attempt{Key: uint64(n + 1), At: at, Account: uint32(n*7919) % 10000, Number: number, Flags: Novel, Notable: n%10 == 0}
		slot, _, _ := s.Begin(&a, &v)
		s.Answer(slot, at)
		s.End(slot, at, 9, belwacht.Answered)
	}
}

// TestWhatWasStopped: a call that we ended tells nothing of how long it would have lasted, and is no quiet talk with its range; one that ended by itself
// does both. Its own talk is quiet for a colleague only: who talks with one new number of a range after the other vouches for nothing.
func TestWhatWasStopped(t *testing.T) {
	for name, c := range map[string]struct {
		condemn                      bool
		talk                         int64
		over, long, quiet, colleague float32
	}{
		"short":           {false, 40, 1, 0, 0, 1},
		"long":            {false, 300, 1, 1, 0, 1},
		"ended early":     {true, 40, 0, 0, 0, 0},
		"ended late":      {true, 300, 1, 1, 0, 0},
		"a wrong number":  {false, 10, 1, 0, 0, 0},
		"never got there": {false, 0, 1, 0, 0, 0},
	} {
		s := NewShard(Config{})
		var v Values
		slot := attempt(t, s, 1, start, "201", "252612340001", &v)
		if c.talk > 0 {
			s.Answer(slot, start)
		}
		if c.condemn {
			s.Condemn(slot)
		}
		s.End(slot, start+belwacht.Instant(c.talk)*belwacht.Second, c.talk, belwacht.Answered)
		attempt(t, s, 2, start+belwacht.Day, "201", "252612340002", &v)
		if v.OwnCountryOver7d != c.over || v.OwnCountryLong7d != c.long || v.RangeTalkDays14d != c.quiet || v.OwnCountryCalls7d != 2 {
			t.Errorf("%s: %g ended, %g of them long, %g days of quiet talk, %g calls", name, v.OwnCountryOver7d, v.OwnCountryLong7d, v.RangeTalkDays14d, v.OwnCountryCalls7d)
		}
		attempt(t, s, 3, start+belwacht.Day, "202", "252612340003", &v)
		if v.RangeTalkDays14d != c.colleague {
			t.Errorf("%s: %g days of quiet talk for a colleague, want %g", name, v.RangeTalkDays14d, c.colleague)
		}
	}
}

// TestSearch: the ways in which an account tried to reach a number count from its last talk there on, and from the first to the last of them.
func TestSearch(t *testing.T) {
	type step struct {
		hour float64
		form uint16 // 0 = as it should be dialled
		talk int64
	}
	for name, c := range map[string]struct {
		steps       []step
		forms, span float32
		talked      bool
	}{
		"an hour apart":           {[]step{{0, 1, 0}, {1, 2, 0}, {2, 3, 0}}, 3, 7200, false},
		"the same way again":      {[]step{{0, 1, 0}, {1, 1, 0}}, 1, 3600, false},
		"at once, then no answer": {[]step{{0, 1, 0}, {0, 2, 0}, {3, 0, 0}}, 2, 0, false},
		"found":                   {[]step{{0, 1, 0}, {1, 2, 0}, {2, 0, 40}}, 0, 0, true},
		"found, then mistyped":    {[]step{{0, 1, 0}, {1, 2, 0}, {2, 0, 40}, {30, 3, 0}}, 1, 0, true},
		"a strange way that led":  {[]step{{0, 0, 40}, {1, 1, 20}}, 0, 0, false},
		"slips, a few":            {[]step{{0, 0, 40}, {2, 1, 0}, {2.02, 2, 0}, {2.04, 3, 0}}, 3, 144, true},
		"slips, too many":         {[]step{{0, 0, 40}, {2, 1, 0}, {2.02, 1, 0}, {2.04, 1, 0}, {2.06, 1, 0}}, 1, 216, false},
		"long ago":                {[]step{{0, 0, 40}, {15 * 24, 1, 0}}, 1, 0, false},
	} {
		s := NewShard(Config{})
		var v Values
		var at belwacht.Instant
		i, _, _ := s.Index("201", uint32(start/belwacht.Second))
		number := e164(t, "40212887721")
		for k, x := range c.steps {
			at = start + belwacht.Instant(x.hour*float64(belwacht.Hour))
			a := Attempt{Key: uint64(k + 1), At: at, Account: i, Number: number, Country: belwacht.Country{'R', 'O'}, Flags: Novel, Notable: true}
			if x.form > 0 {
				a.Flags |= Undialable
				a.Tail, a.Form = 7721, x.form
			}
			slot, _, _ := s.Begin(&a, &v)
			how := belwacht.Failed
			if x.talk > 0 {
				s.Answer(slot, at)
				how = belwacht.Answered
			}
			s.End(slot, at+belwacht.Instant(x.talk)*belwacht.Second, x.talk, how)
		}
		s.Begin(&Attempt{Key: 100, At: at + belwacht.Minute, Account: i, Number: number, Country: belwacht.Country{'R', 'O'}, Notable: true}, &v)
		if v.WrongForms7d != c.forms || v.WrongSpan != c.span {
			t.Errorf("%s: %g wrong ways over %g s, want %g over %g", name, v.WrongForms7d, v.WrongSpan, c.forms, c.span)
		}
		if talked := s.Talked(i, number, at+belwacht.Minute); talked != c.talked {
			t.Errorf("%s: talked: %t", name, talked)
		}
	}
}

// TestMisses: how often a range rang without being answered. One who rings the same one of us again and again is missed once; after a quiet day it
// begins anew.
func TestMisses(t *testing.T) {
	type ring struct {
		hour   float64
		tail   string
		callee string
		missed bool
	}
	for name, c := range map[string]struct {
		rings []ring
		want  float32
	}{
		"three of us":           {[]ring{{0, "0001", "201", true}, {1, "0001", "202", true}, {2, "0001", "203", true}}, 3},
		"by three numbers":      {[]ring{{0, "0001", "201", true}, {1, "0002", "201", true}, {2, "0003", "201", true}}, 3},
		"again and again":       {[]ring{{0, "0001", "201", true}, {1, "0001", "201", true}, {2, "0001", "201", true}}, 1},
		"answered":              {[]ring{{0, "0001", "201", false}, {1, "0002", "202", false}}, 0},
		"after a quiet stretch": {[]ring{{0, "0001", "201", true}, {1, "0002", "202", true}, {30, "0003", "203", true}}, 1},
		"one a week":            {[]ring{{0, "0001", "201", true}, {168, "0002", "202", true}, {336, "0003", "203", true}}, 1},
	} {
		s := NewShard(Config{})
		at := start
		for _, r := range c.rings {
			at = start + belwacht.Instant(r.hour*float64(belwacht.Hour))
			s.Inbound(e164(t, "25261234"+r.tail), r.callee, at, r.missed, true)
		}
		var v Values
		attempt(t, s, 1, at+belwacht.Minute, "201", "252612340001", &v)
		if v.RangeMisses != c.want {
			t.Errorf("%s: missed %g times, want %g", name, v.RangeMisses, c.want)
		}
	}
}
