package rule

import (
	"math"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
)

// measure is one thing that can be observed of a view: its value, and what the account's history says is usual (0 where that means
// nothing).
type measure func(v *View) (value, usual float32)

// log2p1 is log2(n + 1), looked up where n is a small count, as it mostly is.
func log2p1(n float32) float32 {
	if i := int(n); n >= 0 && n < smallCounts && float32(i) == n {
		return logs[i]
	}
	return float32(math.Log2(float64(n) + 1))
}

const smallCounts = 256

// logs are log2(n + 1) of small counts.
var logs = func() (l [smallCounts]float32) {
	for n := range l {
		l[n] = float32(math.Log2(float64(n) + 1))
	}
	return l
}()

func yes(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// measures are the kinds of rules (DESIGN §4 "Kinds of evidence"), each with what it can look at. A rule file names one of each.
func measures() map[string]map[string]measure {
	return map[string]map[string]measure{
		"novelty":     noveltyMeasures(),
		"known":       knownMeasures(),
		"threshold":   thresholdMeasures(),
		"surprise":    surpriseMeasures(),
		"sequence":    sequenceMeasures(),
		"enumeration": enumerationMeasures(),
		"onset":       onsetMeasures(),
		"property":    propertyMeasures(),
		"list":        listMeasures(),
		"canary":      {"account": func(v *View) (float32, float32) { return yes(v.Kind == belwacht.KindCanary), 0 }},
	}
}

// list: what somebody put on a list.
func listMeasures() map[string]measure {
	return map[string]measure{
		"number": func(v *View) (float32, float32) { return yes(v.Risk == belwacht.RiskListed), 0 },
		"agent":  func(v *View) (float32, float32) { return v.Login.Tool, 0 }, // the account logged in with a program that attackers use
	}
}

// novelty: 0 known, and the higher the fewer know it.
func noveltyMeasures() map[string]measure {
	return map[string]measure{
		"country": func(v *View) (float32, float32) { // 1 others call it, 2 one other does, 3 nobody
			switch {
			case v.Own.CountryN > 0 || !v.Novel:
				return 0, v.Own.CountryN
			case v.House.CountryAccounts > 1 || v.HasGroup && v.Group.CountryN > 0:
				return 1, v.House.CountryN
			case v.House.CountryAccounts > 0:
				return 2, v.House.CountryN
			default:
				return 3, 0
			}
		},
		"range": func(v *View) (float32, float32) { // in a country that the account knows: 1 others know the range, 2 nobody
			switch {
			case v.Own.CountryN == 0 || v.Own.RangeN > 0 || v.Judged == 0 || !v.Novel:
				return 0, v.Own.RangeN
			case v.House.RangeKnown > 0:
				return 1, 0
			default:
				return 2, 0
			}
		},
		"login-abroad":  func(v *View) (float32, float32) { return v.Login.Abroad, 0 }, // 1 the country is new to the account, 2 to the house
		"login-network": func(v *View) (float32, float32) { return v.Login.Network, 0 },
		"login-agent":   func(v *View) (float32, float32) { return v.Login.Agent, 0 },
		"number":        func(v *View) (float32, float32) { return yes(v.Novel), v.Own.NumberN },
		"abroad":        func(v *View) (float32, float32) { return yes(v.Own.Notable == 0 && v.Novel), v.Own.Calls },
		"house": func(v *View) (float32, float32) { // how rarely this house makes calls of this kind at all: -log2 of their share
			if !v.Novel || v.House.Calls < 200 {
				return 0, 0
			}
			return -log2((v.House.Notable + 1) / (v.House.Calls + 1)), v.House.Notable
		},
		"forward": func(v *View) (float32, float32) {
			return yes(v.Lineage != belwacht.Dialled && v.Own.Forwards == 0), v.Own.Forwards
		},
	}
}

// known: the higher the better known; these rules have bits below zero.
func knownMeasures() map[string]measure {
	return map[string]measure{
		"number": func(v *View) (float32, float32) { // 1 one colleague calls it, 2 several, 3 the account itself, 4 often
			switch {
			case v.Own.NumberN >= 3:
				return 4, v.Own.NumberN
			case v.Own.NumberN > 0:
				return 3, v.Own.NumberN
			default:
				return v.House.NumberKnown, 0
			}
		},
		"rang-us": func(v *View) (float32, float32) { // 1 within a month, 2 within three days
			switch {
			case v.Values.NumberMissed < count.Never && v.Novel:
				return 0, 0
			case v.Values.NumberRang <= 3*86400:
				return 2, 0
			case v.Values.NumberRang <= 30*86400:
				return 1, 0
			}
			return 0, 0
		},
		"country-often": func(v *View) (float32, float32) { return log2p1(v.Own.CountryN), v.Own.CountryN },
		"range":         func(v *View) (float32, float32) { return log2p1(v.Own.RangeN), v.Own.RangeN },
		"number-days":   func(v *View) (float32, float32) { return v.Values.NumberDays14d, 0 },
		"cheap-long": func(v *View) (float32, float32) { // minutes of a call at a price at which nobody earns
			if v.Price.PerMinute > belwacht.Unit/12 {
				return 0, 0
			}
			return v.Values.Elapsed / 60, v.Own.Talk / 60
		},
		"range-quiet": func(v *View) (float32, float32) {
			if v.Values.RangeHeat >= 0.9 {
				return 0, 0
			}
			return v.Values.RangeTalkDays14d, 0
		},
		"few-reached": func(v *View) (float32, float32) { // how much likelier a week's numbers answer so rarely if they are people's
			return max(0, absent*v.Values.Unreached7d-present*v.Values.Talked7d), v.Values.Talked7d
		},
		"returns": func(v *View) (float32, float32) { return max(v.Values.OwnReturns14d, v.Values.RangeReturns14d), 0 },
		"redial":  func(v *View) (float32, float32) { return v.Values.Redials1h, 0 },
		"crowd": func(v *View) (float32, float32) { // several accounts, each to numbers of its own all over a country: an event, not a range
			if v.Values.RangeAccounts7d > 1 || v.Values.OwnRange7d > 1 || !v.Number.Dialable {
				return 0, 0
			}
			return v.Values.CountryAccounts24h, 0
		},
		"scatter": func(v *View) (float32, float32) { // many calls, hardly two of them to one range: a campaign
			if v.Values.Ranges24h < 0.7*v.Values.Novel24h {
				return 0, 0
			}
			return v.Values.Ranges24h, v.Own.MostNovel
		},
		"hour": func(v *View) (float32, float32) { return yes(v.Own.Calls >= 50 && v.Own.HourBits == 0), 0 },
	}
}

func thresholdMeasures() map[string]measure {
	c := func(f func(*count.Values) float32) measure {
		return func(v *View) (float32, float32) { return f(&v.Values), 0 }
	}
	return map[string]measure{
		"calls-10m":       c(func(v *count.Values) float32 { return v.Novel10m }),
		"calls-1h":        func(v *View) (float32, float32) { return v.Values.Novel1h, v.Own.MostNovel },
		"calls-24h":       func(v *View) (float32, float32) { return v.Values.Novel24h, v.Own.MostNovel },
		"calls-7d":        c(func(v *count.Values) float32 { return v.Novel7d }),
		"at-once":         func(v *View) (float32, float32) { return v.Values.Running, v.Own.MostAtOnce },
		"country-at-once": c(func(v *count.Values) float32 { return v.CountryRunning }),
		"range-at-once":   c(func(v *count.Values) float32 { return v.RangeRunning }),
		"money-1h":        func(v *View) (float32, float32) { return v.Values.Money1h, v.Own.MostMoney },
		"money-24h":       func(v *View) (float32, float32) { return v.Values.Money24h, v.Own.MostMoney },
		"number-money":    c(func(v *count.Values) float32 { return v.NumberMoney14d }),
		"minutes-24h":     func(v *View) (float32, float32) { return v.Values.Minutes24h, v.Own.MostTalk },
		"countries-24h":   c(func(v *count.Values) float32 { return v.Countries24h }),
		"ranges-24h":      c(func(v *count.Values) float32 { return v.Ranges24h }),
		"elapsed":         func(v *View) (float32, float32) { return v.Values.Elapsed / 60, v.Own.Talk / 60 },
		"elapsed-strange": func(v *View) (float32, float32) { return v.strange(v.Values.Elapsed / 60), v.Own.Talk / 60 },
		"cost":            c(func(v *count.Values) float32 { return v.Cost }),
		"price": func(v *View) (float32, float32) {
			if !v.Novel {
				return 0, 0
			}
			return float32(v.Price.PerMinute.Float()), 0
		},
		"price-new": func(v *View) (float32, float32) { // of a country new to the account
			if !v.Novel || v.Own.CountryN > 0 {
				return 0, 0
			}
			return float32(v.Price.PerMinute.Float()), 0
		},
		"country-1h":     c(func(v *count.Values) float32 { return v.CountryNovel1h }),
		"tenant-1h":      c(func(v *count.Values) float32 { return v.TenantNovel1h }),
		"home-new-1h":    c(func(v *count.Values) float32 { return v.HomeNew1h }),
		"home-new-24h":   c(func(v *count.Values) float32 { return v.HomeNew24h }),
		"home-short-24h": c(func(v *count.Values) float32 { return v.HomeShort24h }),
		"home-lines": func(v *View) (float32, float32) { // calls at once, while it calls at least twice as many unknown numbers at home in an hour as it makes calls a day
			if v.homeUnlike() < 1 {
				return 0, 0
			}
			return v.Values.RunningAll, perDay(&v.Own)
		},
		"inbound-minute": func(v *View) (float32, float32) { return v.Reach.InboundMinute, v.Reach.InboundUsual },
		"no-channel": func(v *View) (float32, float32) { // most of our calls found none
			if v.Reach.Blocked < 0.6*v.Reach.Ended {
				return 0, 0
			}
			return v.Reach.Blocked, v.Reach.Ended
		},
	}
}

// surprise: how far from what the account's history says, in bits.
func surpriseMeasures() map[string]measure {
	return map[string]measure{
		"hour": func(v *View) (float32, float32) { return v.Own.HourBits, 0 },
		"calls": func(v *View) (float32, float32) {
			return poissonTail(v.Values.Novel24h, v.Own.NovelADay+0.3), v.Own.NovelADay
		},
		"most": func(v *View) (float32, float32) {
			return ratio(v.Values.Novel24h, max(v.Own.MostNovel, 1)), v.Own.MostNovel
		},
		"minutes": func(v *View) (float32, float32) { return ratio(v.Values.Minutes24h, v.Own.MostTalk+20), v.Own.MostTalk },
		"money":   func(v *View) (float32, float32) { return ratio(v.Values.Money24h, v.Own.MostMoney+1), v.Own.MostMoney },
		"number": func(v *View) (float32, float32) { // talks with this very number today, beside its busiest day until four days ago: who ramps up slowly is not held against himself
			return ratio(v.Values.NumberTalks24h, max(v.Values.NumberMost14d, v.Own.NumberN/20, 6)), v.Values.NumberMost14d
		},
		"at-once": func(v *View) (float32, float32) { return v.Values.Running - v.Own.MostAtOnce, v.Own.MostAtOnce },
		"longest": func(v *View) (float32, float32) {
			return ratio(v.Values.Elapsed, max(v.Own.Longest, 600)), v.Own.Longest / 60
		},
		"duration": func(v *View) (float32, float32) {
			return ratio(v.Values.Elapsed, max(v.Own.Talk, 180)), v.Own.Talk / 60
		},
		"home-unlike": func(v *View) (float32, float32) { return v.homeUnlike(), perDay(&v.Own) },
		"house-hour": func(v *View) (float32, float32) { // nobody calls in this hour of the week
			if v.House.Calls < 500 {
				return 0, 0
			}
			return max(0, -log2(v.House.HourShare+0.004)), v.House.HourShare
		},
		"idle": func(v *View) (float32, float32) { return v.Own.Idle, 0 },
		"young": func(v *View) (float32, float32) { // 1 within 30 days, 2 within 7, 3 within a day, 4 never seen
			switch {
			case !v.NewAccount:
				return 0, 0
			case v.Own.Calls == 0:
				return 4, 0
			case v.Own.Days < 1:
				return 3, v.Own.Days
			case v.Own.Days < 7:
				return 2, v.Own.Days
			}
			return 1, v.Own.Days
		},
		"inbound": func(v *View) (float32, float32) {
			return ratio(v.Reach.InboundMinute, v.Reach.InboundUsual+4), v.Reach.InboundUsual
		},
		"unanswered": func(v *View) (float32, float32) { // percent, where that is no chance
			if v.Reach.Doubt < 12 || v.Reach.Unanswered < v.Reach.UnansweredUsual+25 {
				return 0, 0
			}
			return v.Reach.Unanswered, v.Reach.UnansweredUsual
		},
	}
}

func log2(x float32) float32 { return float32(math.Log2(float64(x))) }

// ratio is log2 of value / usual, at least 0.
func ratio(value, usual float32) float32 {
	if value <= usual || usual <= 0 {
		return 0
	}
	return log2(value / usual)
}

// manyAtHome is how many unknown numbers at home within an hour are worth a look at what is usual.
const manyAtHome = 25

// homeUnlike is how many unknown numbers at home an account calls within an hour beside all calls that it makes a day, as log2 of the ratio; 0 where they are
// few, and of a trunk, which many people share.
func (v *View) homeUnlike() float32 {
	if v.Values.HomeNew1h < manyAtHome || v.Kind == belwacht.KindTrunk {
		return 0
	}
	return ratio(v.Values.HomeNew1h, max(perDay(&v.Own), 5))
}

// perDay is how many calls an account makes a day, of those that were learned from.
func perDay(u *profile.Usual) float32 { return u.Calls / max(u.Days, 1) }

// poissonTail is -log2 of the chance of n or more where mean is usual, by the Chernoff bound: cheap, and never too much.
func poissonTail(n, mean float32) float32 {
	if n <= mean {
		return 0
	}
	return (n*log2(n/mean) - (n-mean)*1.442695)
}

func sequenceMeasures() map[string]measure {
	return map[string]measure{
		"test-calls":   func(v *View) (float32, float32) { return v.Values.OwnShort7d, 0 }, // earlier short calls to the range
		"login-forced": func(v *View) (float32, float32) { return v.Login.Forced, 0 },      // failed log-ins from the network that then got in
		"missed-call": func(v *View) (float32, float32) { // of a number that rang within 14 days and was not answered, how many of us its range rang so in one go
			if v.Values.NumberMissed > 14*86400 || v.Own.CountryN > 2 {
				return 0, 0
			}
			return v.Values.RangeMisses, 0
		},
		"pace": func(v *View) (float32, float32) { // 1 within ten minutes of the last, 2 within two, 3 within half a minute
			switch s := v.Values.SinceLast; {
			case s < 30:
				return 3, s
			case s < 120:
				return 2, s
			case s < 600:
				return 1, s
			default:
				return 0, 0
			}
		},
		"equal-talk": func(v *View) (float32, float32) { return v.Values.EqualTalk, 0 },
		"days": func(v *View) (float32, float32) { // on which ever new numbers were called
			if v.Values.OwnRange7d < 0.75*v.Values.OwnCalls7d {
				return 0, 0
			}
			return v.Values.OwnDays7d, 0
		},
		"range-days": func(v *View) (float32, float32) { return v.Values.RangeDays14d, 0 },
	}
}

func enumerationMeasures() map[string]measure {
	return map[string]measure{
		"own-forms": func(v *View) (float32, float32) { return v.Values.OwnForms, 0 },
		"all-forms": func(v *View) (float32, float32) { return v.Values.AllForms, 0 },
		"failing":   func(v *View) (float32, float32) { return v.Values.Failing24h, 0 },
		"failing-1h": func(v *View) (float32, float32) {
			return v.Values.Failing1h, 0
		},
		"search": func(v *View) (float32, float32) { // attempts that led nowhere within a day, and twice the prefixes tried for this number
			if v.Number.Dialable && v.Values.WrongForms7d == 0 && v.Values.OwnForms < 2 { // a number that was never looked for: its owner's own call
				return 0, 0
			}
			if v.Values.OwnForms < 3 {
				return v.Values.Failing24h, 0
			}
			return v.Values.Failing24h + 2*v.Values.OwnForms, 0
		},
		"slow-search": func(v *View) (float32, float32) { // wrong ways of dialling one unknown number, over more than half an hour
			if v.Values.WrongSpan < 1800 || !v.Novel && !v.Mistyped {
				return 0, 0
			}
			return v.Values.WrongForms7d, 0
		},
		"hidden": func(v *View) (float32, float32) { return yes(v.Number.Target != 0 && v.Number.E164 == 0), 0 },
		"junk":   func(v *View) (float32, float32) { return yes(v.Number.Junk), 0 },
		"undialable": func(v *View) (float32, float32) {
			return yes(!v.Number.Dialable && v.Number.E164 == 0), 0
		},
	}
}

// Of people who do not expect a call half answer; of numbers that live of being called nine in ten do. In bits: what one that is not reached says
// for people, and what one that talks says for such numbers.
const (
	absent  = 2.3
	present = 0.85
)

// onset: many numbers of one range, also spread over accounts.
func onsetMeasures() map[string]measure {
	return map[string]measure{
		"own-numbers-24h": func(v *View) (float32, float32) { return v.Values.OwnRange24h, 0 },
		"own-numbers-7d":  func(v *View) (float32, float32) { return v.Values.OwnRange7d, 0 },
		"ever-new-7d": func(v *View) (float32, float32) { // numbers of the range, where hardly any of them was called twice
			if v.Values.OwnRange7d < 0.75*v.Values.OwnCalls7d {
				return 0, 0
			}
			return v.Values.OwnRange7d, 0
		},
		"country-ever-new": func(v *View) (float32, float32) { // numbers of a country that it does not call otherwise, hardly any of them twice
			if !v.Novel || v.Own.CountryN > v.Values.OwnCountryCalls7d+3 || v.Values.OwnCountry7d < 0.75*v.Values.OwnCountryCalls7d {
				return 0, v.Own.CountryN
			}
			return v.Values.OwnCountry7d, v.Own.CountryN
		},
		"country-long": func(v *View) (float32, float32) { // long talks with ever new numbers of a country that it does not call otherwise, hardly any short one
			if !v.Novel || v.Own.CountryN > v.Values.OwnCountryCalls7d+3 || v.Values.OwnCountry7d < 0.75*v.Values.OwnCountryCalls7d ||
				v.Values.OwnCountryLong7d < 0.6*v.Values.OwnCountryOver7d {
				return 0, v.Own.CountryN
			}
			return v.Values.OwnCountryLong7d, v.Own.CountryN
		},
		"all-reached": func(v *View) (float32, float32) { // the other way round, in a country that it does not call otherwise
			if !v.Novel || v.Own.CountryN > v.Values.OwnCountryCalls7d+3 {
				return 0, v.Own.CountryN
			}
			return max(0, present*v.Values.CountryTalked7d-absent*v.Values.CountryUnreached7d), v.Own.CountryN
		},
		"range-calls-7d":  func(v *View) (float32, float32) { return v.Values.OwnCalls7d, 0 },
		"numbers-strange": func(v *View) (float32, float32) { return v.strange(v.Values.OwnRange24h), 0 },
		"numbers-14d":     func(v *View) (float32, float32) { return v.Values.RangeNumbers14d, 0 },
		"hundred-14d":     func(v *View) (float32, float32) { return v.Values.Hundred14d, 0 },
		"accounts-24h": func(v *View) (float32, float32) { // each to numbers of its own: colleagues share a customer's
			if v.Values.RangeNumbers14d < 0.8*v.Values.RangeCalls14d || v.Values.RangeReturns14d > 0 || v.Country == Services() {
				return 0, 0 // paid numbers at home are so short that all of them are one range
			}
			return v.Values.RangeAccounts24h, 0
		},
		"accounts-number": func(v *View) (float32, float32) { // all to a few numbers, at a price at which somebody earns, and with none of them on another day
			if v.Price.PerMinute < belwacht.Unit/4 || v.Values.RangeNumbers14d > 0.3*v.Values.RangeCalls14d || v.Values.RangeReturns14d > 0 || v.Country == Services() {
				return 0, 0
			}
			return v.Values.RangeAccounts24h, 0
		},
		"accounts-7d": func(v *View) (float32, float32) { return v.Values.RangeAccounts7d, 0 },
		"share": func(v *View) (float32, float32) { // how much of a week's unknown numbers this range takes, from three calls on
			if v.Values.OwnCalls7d < 3 {
				return 0, 0
			}
			return v.Values.OwnCalls7d / v.Values.Novel7d, 0
		},
		"strange-7d":      func(v *View) (float32, float32) { return v.strange(v.Values.OwnRange7d), v.Own.CountryN },
		"strange-hundred": func(v *View) (float32, float32) { return v.strange(v.Values.Hundred14d), v.Own.CountryN },
		"strange-calls":   func(v *View) (float32, float32) { return v.strange(v.Values.Novel24h), v.Own.CountryN },
	}
}

func propertyMeasures() map[string]measure {
	class := func(c belwacht.Class) measure { // 1 others here call such numbers, 2 hardly anybody does, 3 nobody
		return func(v *View) (float32, float32) {
			switch {
			case v.Class != c || !v.Novel:
				return 0, 0
			case v.House.CountryAccounts > 2:
				return 1, v.House.CountryN
			case v.House.CountryAccounts > 0:
				return 2, v.House.CountryN
			}
			return 3, 0
		}
	}
	return map[string]measure{
		"premium":   class(belwacht.ClassPremium),
		"personal":  class(belwacht.ClassPersonal),
		"satellite": class(belwacht.ClassSatellite),
		"network":   class(belwacht.ClassNetwork),
		"unknown":   class(belwacht.ClassUnknown),
		"mobile":    func(v *View) (float32, float32) { return yes(v.Class == belwacht.ClassMobile && v.Novel), 0 },
		"risk": func(v *View) (float32, float32) {
			if !v.Novel {
				return 0, 0
			}
			return float32(min(v.Risk, belwacht.RiskHigh)), 0
		},
		"closed":     func(v *View) (float32, float32) { return yes(v.HasHours && !v.Open), 0 },
		"holiday":    func(v *View) (float32, float32) { return yes(v.Holiday), 0 },
		"sent-on":    func(v *View) (float32, float32) { return yes(v.Lineage != belwacht.Dialled), 0 },
		"from-trunk": func(v *View) (float32, float32) { return yes(v.FromTrunk), 0 },
		"trunk":      func(v *View) (float32, float32) { return yes(v.Kind == belwacht.KindTrunk), 0 },
		"foreign-id": func(v *View) (float32, float32) { return yes(v.ForeignID), 0 },
		"off-list":   func(v *View) (float32, float32) { return yes(v.OffList), 0 },
		"night": func(v *View) (float32, float32) { // closed, and an hour in which hardly anybody here calls
			return yes(v.HasHours && !v.Open && v.House.Calls >= 500 && v.House.HourShare < 0.1), v.House.HourShare
		},
	}
}
