package login

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/snapshot"
)

// monday is Monday, 2 March 2026, 08:00 in Amsterdam.
const monday = belwacht.Instant(1_772_434_800_000)

// at places addresses as the tests want them: 10.… is inside, 62.… home in the Netherlands, 84.… another provider there, 31.… Spain, 89.… Moldova.
func at(a netip.Addr) network.Place {
	p := (*network.Table)(nil).Place(a)
	if a.Is4() && !p.Inside {
		p.Country, _ = belwacht.ParseCountry(map[byte]string{62: "NL", 84: "NL", 31: "ES", 89: "MD"}[a.As4()[0]])
	}
	return p
}

// office is a Watch with what it was told, and the signs it gave.
type office struct {
	*Watch
	signs []Sign
}

func (o *office) login(when belwacht.Instant, user, from, agent string, result belwacht.LoginResult) []Sign {
	a, _ := netip.ParseAddr(from)
	signs := slices.Clone(o.Login(when, &belwacht.Login{Service: "sip", User: user, From: a, Agent: agent, Result: result, Session: "call-id of " + user + from}, at(a)))
	o.signs = append(o.signs, signs...)
	return signs
}

// causes lists what was told, each once.
func (o *office) causes() string {
	var list []string
	for _, s := range o.signs {
		list = append(list, s.Cause)
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

const yealink = "Yealink SIP-T46S 66.86.0.15"

// lived is an office of phones 200 to 239 inside and 212 at home too, after so many days of registering every hour.
func lived(t testing.TB, days int) (*office, belwacht.Instant) {
	t.Helper()
	o := &office{Watch: New(Config{})}
	for day := range days {
		for hour := range 24 {
			when := monday + belwacht.Instant(day)*belwacht.Day + belwacht.Instant(hour)*belwacht.Hour
			for n := range 40 {
				o.login(when+belwacht.Instant(n)*20*belwacht.Second, fmt.Sprint(200+n), fmt.Sprintf("10.0.0.%d", n), yealink, belwacht.LoginGood)
			}
			if hour%6 == 0 {
				o.login(when+30*belwacht.Minute, "212", "62.1.2.3", "Zoiper rv2.10", belwacht.LoginGood)
			}
		}
	}
	if len(o.signs) > 0 {
		t.Fatalf("ordinary life gives signs: %+v", o.signs)
	}
	return o, monday + belwacht.Instant(days)*belwacht.Day
}

// TestStories plays what happens to an office that has lived for ten days, and wants the signs and facts in the end.
func TestStories(t *testing.T) {
	for _, c := range []struct {
		name  string
		play  func(o *office, now belwacht.Instant) belwacht.Instant
		signs string
		facts Facts // of 212
	}{
		{"nothing", func(_ *office, now belwacht.Instant) belwacht.Instant { return now }, "", Facts{}},
		{"one of 500 addresses after the other tries a password once", func(o *office, now belwacht.Instant) belwacht.Instant {
			for i := range 500 {
				now += 5 * belwacht.Second
				o.login(now, fmt.Sprint(200+i%40), fmt.Sprintf("89.%d.%d.9", i/250, i%250), "", belwacht.LoginWrongSecret)
			}
			return now
		}, Spraying, Facts{}},
		{"a scanner with 10,000 names", func(o *office, now belwacht.Instant) belwacht.Instant {
			for i := range 10_000 {
				now += 100
				o.login(now, fmt.Sprint(1000+i), "89.1.1.1", "friendly-scanner", belwacht.LoginNoSuchAccount)
			}
			return now
		}, Scan, Facts{}},
		{"a password is guessed and used", func(o *office, now belwacht.Instant) belwacht.Instant {
			for range 60 {
				now += 10 * belwacht.Second
				o.login(now, "212", "89.1.1.1", "", belwacht.LoginWrongSecret)
			}
			o.login(now, "212", "89.1.1.1", "Asterisk PBX", belwacht.LoginGood)
			return now
		}, strings.Join([]string{Forced, Guessing, Strange}, " "), Facts{Forced: 60, Abroad: 2, Agent: 1}},
		{"the tool names itself", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.login(now, "212", "62.1.9.9", "sipcli/v1.8", belwacht.LoginGood)
			return now
		}, Tool, Facts{Agent: 1, Tool: 1}},
		{"a user mistypes his password three times at home", func(o *office, now belwacht.Instant) belwacht.Instant {
			for range 3 {
				o.login(now, "212", "62.1.2.3", "Zoiper rv2.10", belwacht.LoginWrongSecret)
			}
			o.login(now, "212", "62.1.2.3", "Zoiper rv2.10", belwacht.LoginGood)
			return now
		}, "", Facts{}},
		{"and three times at a new provider", func(o *office, now belwacht.Instant) belwacht.Instant {
			for range 3 {
				o.login(now, "212", "84.7.2.3", "Zoiper rv2.10", belwacht.LoginWrongSecret)
			}
			o.login(now, "212", "84.7.2.3", "Zoiper rv2.10", belwacht.LoginGood)
			return now
		}, "", Facts{Forced: 3, Network: 1}},
		{"a provider gives another address of its network, and the phone gets new firmware", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.login(now, "212", "62.1.200.77", "Zoiper v5.6.1", belwacht.LoginGood)
			return now
		}, "", Facts{}},
		{"another maker's phone in the office", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.login(now, "212", "10.0.0.12", "snomD785/10.1.64.14", belwacht.LoginGood)
			return now
		}, "", Facts{Agent: 1}},
		{"on holiday in Spain with the same softphone", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.login(now, "212", "31.4.4.4", "Zoiper rv2.10", belwacht.LoginGood)
			return now
		}, Strange, Facts{Abroad: 2}},
		{"a phone with a wrong password in the office, all day", func(o *office, now belwacht.Instant) belwacht.Instant {
			for range 8 * 120 {
				now += 30 * belwacht.Second
				o.login(now, "213", "10.0.0.13", yealink, belwacht.LoginWrongSecret)
			}
			return now
		}, "", Facts{}},
		{"the same from an address that the office never had", func(o *office, now belwacht.Instant) belwacht.Instant {
			for range 120 {
				now += 30 * belwacht.Second
				o.login(now, "213", "84.9.9.9", yealink, belwacht.LoginWrongSecret)
			}
			return now
		}, Guessing, Facts{}},
		{"a phone inside looks for an account that is not there", func(o *office, now belwacht.Instant) belwacht.Instant {
			for range 6 {
				now += 30 * belwacht.Second
				o.login(now, "2999", "10.0.0.99", yealink, belwacht.LoginNoSuchAccount)
			}
			return now
		}, Unknown, Facts{}},
		{"the power was off from 04:00 to 08:00, then all phones come back", func(o *office, now belwacht.Instant) belwacht.Instant {
			now += 4 * belwacht.Hour
			for n := range 40 {
				now += 2 * belwacht.Second
				o.login(now, fmt.Sprint(200+n), fmt.Sprintf("10.0.0.%d", n), yealink, belwacht.LoginGood)
			}
			return now
		}, "", Facts{}},
		{"all phones come back at once, and nothing was off", func(o *office, now belwacht.Instant) belwacht.Instant {
			for n := range 40 {
				o.login(now+belwacht.Instant(n)*20*belwacht.Second, fmt.Sprint(200+n), fmt.Sprintf("10.0.0.%d", n), yealink, belwacht.LoginGood)
			}
			now += 15 * belwacht.Minute
			for n := range 40 {
				now += 2 * belwacht.Second
				o.login(now, fmt.Sprint(200+n), fmt.Sprintf("10.0.0.%d", n), yealink, belwacht.LoginGood)
			}
			return now
		}, Anew, Facts{}},
		{"the same after a restart that was announced", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.signs = append(o.signs, o.Changed(now, "stopped")...)
			o.signs = append(o.signs, o.Changed(now+belwacht.Minute, "started")...)
			now += 5 * belwacht.Minute
			for n := range 40 {
				now += 2 * belwacht.Second
				o.login(now, fmt.Sprint(200+n), fmt.Sprintf("10.0.0.%d", n), yealink, belwacht.LoginGood)
			}
			return now
		}, "", Facts{}},
		{"the PBX begins anew by itself", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.signs = append(o.signs, o.Changed(now, "reloaded pjsip")...)
			o.signs = append(o.signs, o.Changed(now+belwacht.Hour, "started")...)
			return now + belwacht.Hour
		}, Restart, Facts{}},
		{"the feed falls silent and comes back", func(o *office, now belwacht.Instant) belwacht.Instant {
			o.signs = append(o.signs, o.Gap(now, 0)...)
			o.signs = append(o.signs, o.Gap(now+belwacht.Minute, 60)...)
			return now
		}, Gap, Facts{}},
	} {
		o, now := lived(t, 10)
		now = c.play(o, now)
		if got := o.causes(); got != c.signs {
			t.Errorf("%s: %q, want %q: %+v", c.name, got, c.signs, o.signs)
		}
		if len(o.signs) > 4 {
			t.Errorf("%s: %d signs, and each may come once an hour", c.name, len(o.signs))
		}
		if got := o.Facts("212", seconds(now)); got != c.facts {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.facts)
		}
		if got := o.Facts("212", seconds(now)+suspicious); got != (Facts{}) {
			t.Errorf("%s: after three quiet days there is still %+v", c.name, got)
		}
	}
}

// TestNothingIsNewWhereNothingIsKnown: on the first days no log-in is strange.
func TestNothingIsNewWhereNothingIsKnown(t *testing.T) {
	o := &office{Watch: New(Config{})}
	for i, from := range []string{"10.0.0.1", "62.1.1.1", "31.1.1.1", "89.1.1.1", "10.0.0.1", "84.1.1.1", "10.0.0.2", "89.1.1.1"} {
		o.login(monday+belwacht.Instant(i)*6*belwacht.Hour, "212", from, []string{yealink, "Zoiper", "snom"}[i%3], belwacht.LoginGood)
	}
	if f := o.Facts("212", seconds(monday+2*belwacht.Day)); f != (Facts{}) || len(o.signs) > 0 {
		t.Errorf("%+v, %+v", f, o.signs)
	}
}

// TestWhatIsNewBecomesUsual: a new provider is new for three days, no longer.
func TestWhatIsNewBecomesUsual(t *testing.T) {
	o, now := lived(t, 10)
	for day := range 8 {
		when := now + belwacht.Instant(day)*belwacht.Day
		o.login(when, "212", "84.7.2.3", "Zoiper rv2.10", belwacht.LoginGood)
		if f := o.Facts("212", seconds(when)); (f.Network == 1) != (day < 5) { // usual on the fourth day; the mark of the third fades in three days
			t.Errorf("day %d: %+v", day, f)
		}
	}
}

// TestToldTwice: a PBX that says the same log-in again, with its agent, says one log-in. (A phone has one session for all its registrations, as in the other
// tests; those are not the same log-in.)
func TestToldTwice(t *testing.T) {
	o, now := lived(t, 10)
	before := o.habits.Get(hash("212")).good
	a := netip.MustParseAddr("89.1.1.1")
	for _, agent := range []string{"", "Asterisk PBX 18"} {
		o.Login(now, &belwacht.Login{Service: "sip", User: "212", From: a, Agent: agent, Result: belwacht.LoginGood, Session: "abc"}, at(a))
	}
	if n := o.habits.Get(hash("212")).good; n != before+1 {
		t.Errorf("%d log-ins, want one", n-before)
	}
	if f := o.Facts("212", seconds(now)); f.Agent != 1 || f.Abroad != 2 {
		t.Errorf("%+v", f)
	}
}

func TestVoicemail(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(w *Watch, visit func(i int, caller, box string, talk int64))
		want bool
	}{
		{"one caller, twenty short calls", func(_ *Watch, visit func(int, string, string, int64)) {
			for i := range 20 {
				visit(i, "+31201230000", "", 20)
			}
		}, true},
		{"one box, twenty callers", func(_ *Watch, visit func(int, string, string, int64)) {
			for i := range 20 {
				visit(i, fmt.Sprint(200+i), "212", 20)
			}
		}, true},
		{"one caller, twenty long calls", func(_ *Watch, visit func(int, string, string, int64)) {
			for i := range 20 {
				visit(i, "212", "", 90)
			}
		}, false},
		{"forty people look for messages", func(_ *Watch, visit func(int, string, string, int64)) {
			for i := range 40 {
				visit(i, fmt.Sprint(200+i), "", 15)
			}
		}, false},
		{"ninety phones start anew", func(_ *Watch, visit func(int, string, string, int64)) {
			for i := range 90 {
				visit(i, fmt.Sprint(200+i), "", 2)
			}
		}, false},
		{"each of ninety boxes from another number", func(_ *Watch, visit func(int, string, string, int64)) {
			for i := range 90 {
				visit(i, fmt.Sprint("+3120123", i), fmt.Sprint(200+i), 15)
			}
		}, true},
	} {
		o := &office{Watch: New(Config{})}
		c.play(o.Watch, func(i int, caller, box string, talk int64) {
			when := monday + belwacht.Instant(i)*20*belwacht.Second
			o.Visit(when, uint64(i+1), caller, box)
			o.signs = append(o.signs, o.Left(when+10*belwacht.Second, uint64(i+1), talk)...)
		})
		if got := o.causes() == Voicemail; got != c.want || !c.want && len(o.signs) > 0 {
			t.Errorf("%s: %+v", c.name, o.signs)
		}
		if n := len(o.Left(monday, 999, 10)); n > 0 {
			t.Errorf("%s: a call that was not there", c.name)
		}
	}
	w := New(Config{})
	var signs []Sign
	for range visitsMany {
		signs = w.Login(monday, &belwacht.Login{Service: "voicemail", User: "212", Result: belwacht.LoginWrongSecret}, network.Place{})
	}
	if len(signs) != 1 || signs[0].Cause != Voicemail || signs[0].User != "212" {
		t.Errorf("wrong PINs: %+v", signs)
	}
	for in, want := range map[string]string{"*97": "", "*98": "", "*98212": "212", "*97212": "212", "*99": "-", "97": "-", "": "-"} {
		if box, ok := Box(in); ok && box != want || ok != (want != "-") {
			t.Errorf("%q: %q, %v", in, box, ok)
		}
	}
}

func TestTrunksManagersAndFarNetworks(t *testing.T) {
	w := New(Config{})
	var got []string
	note := func(signs []Sign) {
		for _, s := range signs {
			got = append(got, s.Cause+" "+s.User)
		}
	}
	for i := range 12 { // lost, and registered again: 5 times an hour; a refusal that is repeated is one loss
		when := monday + belwacht.Instant(i)*6*belwacht.Minute
		result := belwacht.LoginGood
		if i%2 == 0 {
			result = belwacht.LoginNotAllowed
			note(w.Login(when, &belwacht.Login{Service: "trunk", User: "provider", Result: result}, network.Place{}))
		}
		note(w.Login(when, &belwacht.Login{Service: "trunk", User: "provider", Result: result}, network.Place{}))
	}
	for range 5 {
		note(w.Login(monday, &belwacht.Login{Service: "ami", User: "admin", Result: belwacht.LoginWrongSecret}, network.Place{}))
	}
	for range 40 {
		note(w.Refused(monday))
	}
	want := []string{"trunk.flapping provider", "login.manager ami", "far.refusals "}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestUsualRefusals: what happens every hour is usual.
func TestUsualRefusals(t *testing.T) {
	w := New(Config{})
	for hour := range 72 {
		n := min(10+hour, 40)
		for i := range n {
			if s := w.Refused(monday + belwacht.Instant(hour)*belwacht.Hour + belwacht.Instant(i)*belwacht.Minute); len(s) > 0 {
				t.Fatalf("hour %d: %+v", hour, s)
			}
		}
	}
	var got []Sign
	for i := range 200 {
		got = append(got, w.Refused(monday+73*belwacht.Hour+belwacht.Instant(i)*belwacht.Second)...)
	}
	if len(got) != 1 || got[0].N < 120 || got[0].N > 200 {
		t.Errorf("%+v", got)
	}
}

func saved(t testing.TB, w *Watch) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := snapshot.Save(&b, "test.login/1", w.State); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noise tells a Watch everything there is, in an order that a seed decides.
func noise(rng *rand.Rand, w *Watch, when belwacht.Instant) []Sign {
	a := netip.AddrFrom4([4]byte{[]byte{10, 62, 84, 31, 89}[rng.IntN(5)], byte(rng.IntN(2)), byte(rng.IntN(3)), 1})
	l := belwacht.Login{Service: []string{"sip", "sip", "sip", "sip", "ami", "trunk", "voicemail"}[rng.IntN(7)], User: fmt.Sprint(rng.IntN(40)), From: a,
		Agent: []string{"", yealink, "snom", "sipcli"}[rng.IntN(4)], Result: belwacht.LoginResult(rng.IntN(5))}
	switch rng.IntN(12) {
	case 0:
		w.Visit(when, rng.Uint64N(50), l.User, "")
	case 1:
		return w.Left(when, rng.Uint64N(50), 20)
	case 2:
		return w.Refused(when)
	case 3:
		return w.Changed(when, []string{"started", "stopped", "reloaded x"}[rng.IntN(3)])
	case 5:
		return w.Paced(when, "", []string{"", "provider"}[rng.IntN(2)], int64(rng.IntN(4000)*rng.IntN(2)))
	case 4:
		return w.Gap(when, int64(rng.IntN(2)))
	}
	return w.Login(when, &l, at(a))
}

// TestACutWatchGoesOn: what was kept and read again gives the same signs and facts, and the same file.
func TestACutWatchGoesOn(t *testing.T) {
	run := func(cut bool) (signs []Sign, last []byte) {
		rng, w := rand.New(rand.NewPCG(3, 4)), New(Config{Accounts: 64, Sources: 64})
		for i := range 20_000 {
			signs = append(signs, noise(rng, w, monday+belwacht.Instant(i)*40*belwacht.Second)...)
			if cut && i%1500 == 0 {
				data := saved(t, w)
				next := New(Config{Accounts: 64, Sources: 64})
				if err := snapshot.Load(bytes.NewReader(data), "test.login/1", next.State); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(saved(t, next), data) {
					t.Fatal("read again and kept again it is another file")
				}
				w = next
			}
		}
		return signs, saved(t, w)
	}
	a, fileA := run(false)
	b, fileB := run(true)
	if len(a) < 50 || !reflect.DeepEqual(a, b) || !bytes.Equal(fileA, fileB) {
		t.Errorf("%d signs, with cuts %d, or another memory", len(a), len(b))
	}
}

// TestFlood: a million strangers take no more memory than the bounds, and push out no habit.
func TestFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	o, now := lived(t, 4)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	flood := func(from, to int) {
		for i := from; i < to; i++ {
			a := netip.AddrFrom4([4]byte{89, byte(i >> 16), byte(i >> 8), byte(i)})
			l := belwacht.Login{Service: []string{"sip", "trunk", "voicemail", "ami"}[i%4], User: fmt.Sprint("stranger with a long name ", i), From: a, Result: belwacht.LoginResult(2 + i%3)}
			o.Login(now, &l, at(a))
			o.Visit(now, uint64(i), l.User, "")
			now++
		}
	}
	flood(0, 200_000)
	before := heap()
	flood(200_000, 1_000_000)
	if after := heap(); after > before+1<<20 {
		t.Errorf("the flood took %d more bytes", after-before)
	}
	if n := o.Known(); n != 40 {
		t.Errorf("%d accounts have habits, want the 40", n)
	}
	if o.Dropped() == 0 {
		t.Error("what was forgotten is not counted")
	}
	t.Logf("%d KB", len(saved(t, o.Watch))>>10)
}

// FuzzState reads memories of any content whose sum is right: none makes a Watch panic, and what is read can be kept again.
func FuzzState(f *testing.F) {
	rng, w := rand.New(rand.NewPCG(5, 6)), New(Config{Accounts: 64, Sources: 64})
	for i := range 300 {
		noise(rng, w, monday+belwacht.Instant(i)*belwacht.Minute)
	}
	whole := saved(f, w)
	f.Add(whole[len("test.login/1")+1 : len(whole)-sha256.Size])
	f.Fuzz(func(t *testing.T, body []byte) {
		data := append([]byte("test.login/1\n"), body...)
		sum := sha256.Sum256(data)
		w := New(Config{Accounts: 64, Sources: 64})
		if snapshot.Load(bytes.NewReader(append(data, sum[:]...)), "test.login/1", w.State) != nil {
			return
		}
		rng := rand.New(rand.NewPCG(7, 8))
		for i := range 200 {
			noise(rng, w, monday+belwacht.Instant(i)*belwacht.Hour)
			w.Facts(fmt.Sprint(i%40), seconds(monday))
		}
		saved(t, w)
	})
}

func TestMakers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Yealink SIP-T46S 66.86.0.15", "Yealink SIP-T54W 96.85.0.5", true}, {"snom370/8.7.5.44", "snomD785/10.1.64.14", true}, {"Zoiper rv2.10", "Zoiper v5.6.1", true},
		{"Grandstream GXP2130 1.0.11.3", "Grandstream GRP2612", true}, {"Yealink SIP-T46S", "snom370/8.7", false}, {"Linphone/3.6.1", "Zoiper", false}, {"", "\x00\xff", true},
	} {
		if got := Maker(c.a) == Maker(c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
	if attackTool(yealink) || !attackTool("friendly-scanner") || !attackTool("SIPVicious/0.3") || attackTool("") || attackTool("VaxSIPUserAgent/3.5") {
		t.Error("tools")
	}
}

func TestFactsAllocateNothing(t *testing.T) {
	o, now := lived(t, 5)
	if n := testing.AllocsPerRun(100, func() { o.Facts("212", seconds(now)) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFacts(b *testing.B) {
	o, now := lived(b, 5)
	for b.Loop() {
		o.Facts("212", seconds(now))
	}
}

func BenchmarkLogin(b *testing.B) {
	o, now := lived(b, 5)
	a := netip.MustParseAddr("10.0.0.12")
	l, p := belwacht.Login{Service: "sip", User: "212", From: a, Agent: yealink, Result: belwacht.LoginGood}, at(a)
	for b.Loop() {
		now += belwacht.Second
		o.Login(now, &l, p)
	}
}
