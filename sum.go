package belwacht

import (
	"context"
	"time"
)

// Date is a day of an organisation's calendar: days since 1970-01-01. The zero Date is "none given".
type Date int32

// DateOf is the day that an instant falls on in a zone.
func DateOf(at Instant, zone *time.Location) Date {
	t := at.Time()
	if at == 0 {
		t = time.Unix(0, 0)
	}
	_, offset := t.In(zone).Zone()
	return Date(floor(t.Unix()+int64(offset), 86_400))
}

func floor(n, by int64) int64 {
	if n < 0 {
		return -((-n + by - 1) / by)
	}
	return n / by
}

// Begin is the instant at which the day begins in a zone. Where the clock jumps over midnight it is the first moment after it.
func (d Date) Begin(zone *time.Location) Instant {
	y, m, day := time.Unix(int64(d)*86_400, 0).UTC().Date()
	return InstantOf(time.Date(y, m, day, 0, 0, 0, 0, zone))
}

// Month is the first day of its month.
func (d Date) Month() Date {
	y, m, _ := time.Unix(int64(d)*86_400, 0).UTC().Date()
	return Date(floor(time.Date(y, m, 1, 0, 0, 0, 0, time.UTC).Unix(), 86_400))
}

// NextMonth is the first day of the month after its own.
func (d Date) NextMonth() Date { return (d.Month() + 31).Month() }

// String is 2026-06-01; "" for the zero Date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return time.Unix(int64(d)*86_400, 0).UTC().Format(time.DateOnly)
}

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler for what String gives.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return Errorf(Invalid, "%.20q is no day, such as 2026-06-01", b)
	}
	*d = Date(floor(t.Unix(), 86_400))
	return nil
}

// SumBy says what calls are added up by.
type SumBy string

// What they can be added up by; a day is one of the organisation's zone.
const (
	SumByDay     SumBy = "day"     // one sum a day
	SumByCountry SumBy = "country" // one a country and class, the dearest first: what a map and a list of destinations show
	SumByClass   SumBy = "class"   // one a class
	SumByAccount SumBy = "account" // one an account, the dearest first
)

// Sum is what calls to outside add up to. Day, Country, Class and Account are set by what was asked for; of SumByCountry both Country and Class.
type Sum struct {
	Day      Date    `json:"day,omitempty"`
	Country  Country `json:"country,omitzero"` // none: a network, or no number
	Class    Class   `json:"class,omitempty"`
	Account  string  `json:"account,omitempty"`
	Calls    int64   `json:"calls"`    // attempts, refused ones too
	Answered int64   `json:"answered"` // of them
	Refused  int64   `json:"refused"`  // of them, refused or ended
	Talk     int64   `json:"talk_seconds"`
	Cost     Money   `json:"cost"`       // what they cost
	Saved    Money   `json:"would_save"` // Cost less what they would have cost with the decisions carried out: what enforcing would have saved
}

// SumQuery asks what the calls of a tenant add up to between two days, both within. Account and Country narrow it: with SumByDay either of them, with
// SumByCountry and SumByClass neither, with SumByAccount Account (its one sum).
type SumQuery struct {
	Tenant      string
	By          SumBy
	Account     string
	Country     Country
	From, Until Date // at most 1100 days apart
	Most        int  // sums at most, of SumByAccount and SumByCountry; 0 = 100, never over 1000
}

// RuleSum is how one cause did in one month.
type RuleSum struct {
	Month     Date    `json:"month"` // its first day
	Cause     string  `json:"cause"`
	Decisions int64   `json:"decisions"` // above allow
	Enforced  int64   `json:"enforced"`  // of them refused or ended, and that was carried out
	Stopped   float64 `json:"stopped"`   // money at risk of those that were, in units
	Wrong     int64   `json:"wrong"`     // of them a person said that it was fine
	Alerts    int64   `json:"alerts"`
	Fraud     int64   `json:"fraud"`    // alerts closed as
	Innocent  int64   `json:"innocent"` // alerts closed as
	Test      int64   `json:"test"`     // alerts closed as
	Unclear   int64   `json:"unclear"`  // alerts closed as
	Open      int64   `json:"open"`     // alerts that are not closed
	Seconds   int64   `json:"seconds"`  // from an alert's first decision until somebody took or closed it, on average; 0 = none was
}

// SumStore gives what calls and decisions add up to, out of sums that are kept up as they are written: a page of them reads no calls. Its methods may be
// called from many goroutines.
type SumStore interface {
	// Sums are what calls add up to. An error of code Invalid where a query cannot be answered.
	Sums(ctx context.Context, q *SumQuery) ([]Sum, error)
	// RuleSums are how each cause did in each month that begins within from and until, months in order, causes with most decisions first.
	RuleSums(ctx context.Context, tenant string, from, until Date) ([]RuleSum, error)
}
