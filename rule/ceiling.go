package rule

import (
	"math"
	"strings"

	"github.com/belwacht/belwacht"
)

// A ceiling is what a measure never passes, cheap to see without asking it: mostly the one number that it looks at, or else no bound where a condition holds
// and 0 where it does not. Of some ninety rules a handful speak of a call, and those whose ceiling lies below their first step need not be asked. Ceilings
// come in groups, each a list of the measures below them and a function that works them out in the same order; a measure that is in no list is always asked.
// The groups:
const (
	anywhere = iota // of rules that look at any call
	notably         // of those that look at notable and running ones
	inward          // of those that look at calls from outside
	groups
)

// sieve tells the rules of a scope that may speak from those that will not, by their places in Set.scoped.
type sieve struct {
	always places
	group  [groups]struct {
		first []float32 // of each ceiling: the least first step of the rules below it
		below []places
		any   bool
	}
}

// places is a set of up to MaxRules.
type places [MaxRules / 64]uint64

func (p *places) add(i int)      { p[i/64] |= 1 << (i % 64) }
func (p *places) has(i int) bool { return p[i/64]>>(i%64)&1 != 0 }

// ceilingLists names the measures below each ceiling, in the order in which the functions below work the ceilings out.
func ceilingLists() [groups][]string {
	return [groups][]string{
		anywhere: {
			"canary account", "list number", "property off-list",
			"enumeration hidden, enumeration undialable", "enumeration junk",
			"enumeration own-forms", "enumeration all-forms", "enumeration failing", "enumeration failing-1h", "enumeration search",
			"threshold home-new-1h", "threshold home-new-24h", "threshold home-short-24h", "threshold home-lines, surprise home-unlike",
		},
		notably: {
			"novelty number, novelty house, threshold price", "novelty country, threshold price-new", "novelty range", "novelty abroad",
			"property premium, property personal, property satellite, property network, property unknown", "property mobile", "property risk",
			"property closed, property night", "property holiday", "property sent-on, novelty forward", "property from-trunk", "property trunk", "property foreign-id",
			"known number", "known country-often", "known range", "known hour", "known rang-us",
			"surprise hour", "surprise house-hour", "surprise idle", "surprise young",
			"threshold calls-10m", "threshold calls-1h", "threshold calls-24h", "threshold calls-7d",
			"surprise calls", "surprise most", "surprise minutes", "surprise money", "surprise number", "surprise at-once", "surprise longest",
			"threshold countries-24h", "threshold ranges-24h, known scatter", "threshold minutes-24h", "threshold money-1h", "threshold money-24h", "threshold number-money",
			"threshold at-once", "threshold country-at-once", "threshold range-at-once", "threshold country-1h",
			"threshold elapsed, known cheap-long", "threshold cost", "threshold elapsed-strange",
			"onset own-numbers-24h", "onset own-numbers-7d, onset ever-new-7d", "onset range-calls-7d", "onset share",
			"onset numbers-strange", "onset strange-7d", "onset strange-hundred", "onset strange-calls",
			"onset country-ever-new", "onset country-long", "onset all-reached",
			"onset numbers-14d", "onset hundred-14d", "onset accounts-24h, onset accounts-number", "onset accounts-7d", "sequence range-days",
			"sequence days", "sequence test-calls", "sequence pace", "sequence equal-talk", "sequence missed-call",
			"enumeration slow-search", "known number-days", "known redial", "known few-reached", "known returns", "known range-quiet", "known crowd",
			"sequence login-forced", "novelty login-abroad", "novelty login-network", "novelty login-agent", "list agent",
		},
		inward: {"surprise inbound", "surprise unanswered", "threshold no-channel"},
	}
}

// anywhere passes the rules of the first list.
func (s *sieve) anywhere(v *View, may *places) {
	o := &v.Values
	s.pass(anywhere, []float32{
		yes(v.Kind == belwacht.KindCanary), yes(v.Risk == belwacht.RiskListed), yes(v.OffList),
		yes(v.Number.E164 == 0), yes(v.Number.Junk),
		o.OwnForms, o.AllForms, o.Failing24h, o.Failing1h, o.Failing24h + 2*o.OwnForms,
		o.HomeNew1h, o.HomeNew24h, o.HomeShort24h, when(o.HomeNew1h >= manyAtHome),
	}, may)
}

// notably passes those of the second.
func (s *sieve) notably(v *View, may *places) {
	o, own := &v.Values, &v.Own
	var abroad, strange float32 // 1 where the account does not call the country otherwise
	if v.Novel {
		abroad, strange = yes(!(own.CountryN > o.OwnCountryCalls7d+3)), yes(!(own.CountryN > o.OwnCalls7d+3))
	}
	s.pass(notably, []float32{
		when(v.Novel), when(v.Novel && !(own.CountryN > 0)), when(v.Novel && own.CountryN != 0 && !(own.RangeN > 0)), when(v.Novel && own.Notable == 0),
		when(v.Novel && (v.Class.Costly() || v.Class == belwacht.ClassUnknown)), when(v.Novel && v.Class == belwacht.ClassMobile), when(v.Novel && v.Risk > 0),
		when(v.HasHours && !v.Open), when(v.Holiday), when(v.Lineage != belwacht.Dialled), when(v.FromTrunk), when(v.Kind == belwacht.KindTrunk), when(v.ForeignID),
		when(own.NumberN > 0 || v.House.NumberKnown > 0), 2 * own.CountryN, 2 * own.RangeN, when(own.Calls >= 50 && own.HourBits == 0), when(o.NumberRang <= 30*86400),
		own.HourBits, highLog2(1 / (v.House.HourShare + 0.004)), own.Idle, when(v.NewAccount),
		o.Novel10m, o.Novel1h, o.Novel24h, o.Novel7d,
		when(o.Novel24h > own.NovelADay+0.3), when(o.Novel24h > own.MostNovel && o.Novel24h > 1), when(o.Minutes24h > own.MostTalk+20), when(o.Money24h > own.MostMoney+1),
		when(o.NumberTalks24h > 6), o.Running - own.MostAtOnce, when(o.Elapsed > 600),
		o.Countries24h, o.Ranges24h, o.Minutes24h, o.Money1h, o.Money24h, o.NumberMoney14d,
		o.Running, o.CountryRunning, o.RangeRunning, o.CountryNovel1h,
		o.Elapsed / 60, o.Cost, strange * (o.Elapsed / 60),
		o.OwnRange24h, o.OwnRange7d, o.OwnCalls7d, when(o.OwnCalls7d >= 3),
		strange * o.OwnRange24h, strange * o.OwnRange7d, strange * o.Hundred14d, strange * o.Novel24h,
		abroad * o.OwnCountry7d, abroad * o.OwnCountryLong7d, abroad * present * o.CountryTalked7d,
		o.RangeNumbers14d, o.Hundred14d, o.RangeAccounts24h, o.RangeAccounts7d, o.RangeDays14d,
		o.OwnDays7d, o.OwnShort7d, when(o.SinceLast < 600), o.EqualTalk, o.RangeMisses,
		o.WrongForms7d, o.NumberDays14d, o.Redials1h, absent * o.Unreached7d, max(o.OwnReturns14d, o.RangeReturns14d), o.RangeTalkDays14d, o.CountryAccounts24h,
		v.Login.Forced, v.Login.Abroad, v.Login.Network, v.Login.Agent, v.Login.Tool,
	}, may)
}

// inward passes those of the third.
func (s *sieve) inward(v *View, may *places) {
	r := &v.Reach
	s.pass(inward, []float32{when(r.InboundMinute > r.InboundUsual+4), when(!(r.Doubt < 12)), r.Blocked}, may)
}

// pass adds the rules that are not below their ceilings.
func (s *sieve) pass(group int, ceilings []float32, may *places) {
	g := &s.group[group]
	first, below := g.first[:len(ceilings)], g.below[:len(ceilings)]
	for i := uint(0); ; i++ {
		for i < uint(len(ceilings)) && ceilings[i] < first[i] { // so short a loop, since this is mostly so
			i++
		}
		if i >= uint(len(ceilings)) {
			return
		}
		may[0] |= below[i][0]
		may[1] |= below[i][1]
	}
}

// may are the places of the rules that have to be asked of a view.
func (s *sieve) may(v *View) places {
	may := s.always
	if s.group[anywhere].any {
		s.anywhere(v, &may)
	}
	if s.group[notably].any {
		s.notably(v, &may)
	}
	if s.group[inward].any {
		s.inward(v, &may)
	}
	return may
}

// put puts a rule below its ceiling.
func (s *sieve) put(at map[string][2]int, place int, name string, first float32) {
	where, ok := at[name]
	if !ok {
		s.always.add(place)
		return
	}
	g := &s.group[where[0]]
	i := where[1]
	if g.any = true; !(g.first[i] <= first) {
		g.first[i] = first
	}
	g.below[i].add(place)
}

// newSieve makes one through which nothing passes yet, and says where each measure's ceiling is.
func newSieve() (s sieve, at map[string][2]int) {
	at = make(map[string][2]int)
	for k, list := range ceilingLists() {
		g := &s.group[k]
		g.first, g.below = make([]float32, len(list)), make([]places, len(list))
		for i, names := range list {
			g.first[i] = unbounded
			for name := range strings.SplitSeq(names, ", ") {
				at[name] = [2]int{k, i}
			}
		}
	}
	return s, at
}

var unbounded = float32(math.Inf(1))

// when is the ceiling of what is 0 unless a condition holds.
func when(b bool) float32 {
	if b {
		return unbounded
	}
	return 0
}

// highLog2 is no less than log2 of x, and below 1 where that is well below 1.
func highLog2(x float32) float32 {
	if x < 1.9 { // log2 of which is 0.93
		return 0.95
	}
	return x
}
