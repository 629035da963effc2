package belwacht

// Limit is the owner's will for one account, group, trunk or organisation; it needs no suspicion. Zero fields limit nothing.
type Limit struct {
	CallsAtOnce       int // running calls to numbers outside the house
	CallsAtOnceAbroad int
	CallsPerHour      int // attempts to numbers outside the house
	CallsPerDay       int
	CallsPerMonth     int
	MinutesPerHour    int
	MinutesPerDay     int
	MinutesPerMonth   int
	MoneyPerHour      Money
	MoneyPerDay       Money
	MoneyPerMonth     Money
	LongestCall       int64        // seconds
	OnlyCountries     []Country    // allowed abroad; empty = all
	NoCountries       []Country    // never
	NoClasses         []Class      // never
	Hours             *TimeWindows // when calls outside the house may begin; nil = always
	UsualBill         Money        // a month's usual bill: a forecast above it warns
}

// TimeWindows are spans of the week in local minutes, Monday 00:00 = 0, end exclusive.
type TimeWindows struct {
	Text  string
	Spans [][2]int
}

// Contains says whether a minute of the week lies in a span.
func (w *TimeWindows) Contains(minute int) bool {
	for _, s := range w.Spans {
		if minute >= s[0] && minute < s[1] {
			return true
		}
	}
	return false
}
