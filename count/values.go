package count

import "github.com/belwacht/belwacht"

// Values is what the counters say of one attempt, this attempt included. Counts are numbers of calls, money is in whole units of the
// organisation's currency, ages are seconds. "Novel" calls are those to numbers that neither the account nor the house knew and that had not
// rung us.
type Values struct {
	// The account's own recent calls.
	Novel10m, Novel1h, Novel24h, Novel7d float32
	Notable1h, Notable24h                float32
	Countries24h                         float32 // different countries of novel calls
	Ranges24h                            float32 // different ranges of novel calls
	OwnRange24h                          float32 // different novel numbers in this range with which the account did not talk before this day
	OwnRange7d                           float32 // different novel numbers in this range
	OwnCountryOver7d, OwnCountryLong7d   float32 // of those calls, the ones that ended by themselves or late, and of them those of two minutes and more
	OwnCountry7d, OwnCountryCalls7d      float32 // different novel numbers, and calls to novel numbers, that begin with this number's first three digits
	OwnCalls7d                           float32 // calls to this range
	OwnDays7d                            float32 // days with calls to this range
	OwnShort7d                           float32 // earlier calls to this range that were answered and over within half a minute
	NumberDays14d                        float32 // earlier days with calls to this very number that we did not stop
	Talked7d, Unreached7d                float32 // different novel numbers that were talked with for half a minute, and those that were busy or did not answer
	CountryTalked7d, CountryUnreached7d  float32 // of them those that begin with this number's first three digits
	NumberTalks24h, NumberMost14d        float32 // talks with this very number within a day, this attempt too, and the most on one of the ten days that lie four days back and more
	NumberMoney14d                       float32 // cost so far of talks with this very number; what we stopped on an earlier day is none
	OwnReturns14d                        float32 // talks with numbers of this range on a later day than the first with the same number
	Redials1h                            float32 // earlier calls to this very number, dialled in the same way, that reached nobody
	WrongForms7d                         float32 // ways in which this very number was dialled that the plan can make nothing of, since it was last talked with
	WrongSpan                            float32 // seconds from the first of them to the last
	Failing1h, Failing24h                float32 // attempts that could not be dialled, this one not known yet
	EqualTalk                            float32 // calls to this range of nearly equal length
	Money1h, Money24h                    float32 // novel calls' cost so far
	Minutes24h                           float32 // novel calls' talking
	SinceLast                            float32 // seconds since the last novel attempt; 1e9 = none
	Running                              float32 // novel calls that run
	RunningAll                           float32 // calls to notable numbers that run
	HomeNew1h, HomeNew24h                float32 // calls to unknown domestic numbers
	HomeShort24h                         float32 // of them short or not reached
	OwnForms                             float32 // dialled forms of this tail

	// The tenant's.
	AllForms                          float32
	RangeAccounts24h, RangeAccounts7d float32
	RangeNumbers14d, Hundred14d       float32
	RangeCalls14d                     float32 // novel calls to this range, at most sixteen
	RangeDays14d                      float32
	RangeTalkDays14d                  float32 // earlier days with calls to this range that lasted half a minute
	RangeReturns14d                   float32 // the same for all accounts together, of numbers in the same hundred as this one
	RangeRunning                      float32 // different numbers of the range at once
	RangeHeat                         float32
	RangeMisses                       float32 // calls from the range, never a day apart, that nobody took
	NumberRang, NumberMissed          float32 // seconds since the very number called, and since it did so and was missed; 1e9 = never
	CountryRunning                    float32
	CountryAccounts24h                float32 // accounts that made novel calls to this country, at most six
	CountryNovel1h, CountryNovel24h   float32
	TenantNovel1h                     float32
	TenantRunning                     float32

	// Of a running call.
	Elapsed float32 // seconds talked
	Cost    float32 // so far
}

// Never is the age of what has not happened.
const Never = 1e9

// Alone are the values of a call that has lasted so many seconds and of which nothing else is known.
func Alone(novel bool, elapsed int64, cost belwacht.Money) Values {
	v := Values{SinceLast: Never, NumberRang: Never, NumberMissed: Never,
		Notable1h: 1, Notable24h: 1, NumberTalks24h: 1, RunningAll: 1, Elapsed: float32(elapsed), Cost: float32(cost.Float())}
	if novel {
		v.Novel10m, v.Novel1h, v.Novel24h, v.Novel7d, v.Running, v.RangeRunning, v.CountryRunning = 1, 1, 1, 1, 1, 1, 1
		v.Countries24h, v.Ranges24h, v.OwnRange24h, v.OwnRange7d, v.OwnCalls7d, v.OwnDays7d, v.OwnCountry7d, v.OwnCountryCalls7d = 1, 1, 1, 1, 1, 1, 1, 1
		v.RangeAccounts24h, v.RangeAccounts7d, v.RangeNumbers14d, v.Hundred14d, v.RangeDays14d = 1, 1, 1, 1, 1
		v.Money1h, v.Money24h, v.Minutes24h = v.Cost, v.Cost, min(float32(elapsed)/60, 1440)
	}
	return v
}
