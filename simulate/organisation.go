package simulate

import (
	"fmt"
	"github.com/belwacht/belwacht/number/invent"
	"io"
	"time"

	"github.com/belwacht/belwacht"
)

// Organisation is a made-up organisation with its history. It is not changed by use and safe to use from many goroutines at once.
type Organisation struct {
	config   Config
	seed     uint64 // of this kind and country
	kind     invent.Kind
	geo      *invent.Geography
	start    time.Time
	days     int
	calendar []today
	trunk    string
	form     string
	attacks  []Attack
	oddities []string
}

// Call is one call with its truth.
type Call struct {
	belwacht.Call
	Attack      int    // index into Attacks, -1: innocent
	Oddity      string // kind of the innocent oddity it belongs to, or ""
	OddityIndex int    // index into Oddities, -1: none
	Emergency   bool
	Way         Way // how it goes through the PBX
	line        int16
	Channel     uint32 // number of its first channel, counted up over the history
}

// Attack is one attack.
type Attack struct {
	Kind     string
	Entities []string // accounts that are used
	Scored   bool     // false: a small one in the learning weeks
	// First is when its first call is planned, Last when it is over at the latest.
	First, Last belwacht.Instant
}

// New makes up an organisation.
func New(c Config) (*Organisation, error) {
	k, err := c.complete()
	if err != nil {
		return nil, err
	}
	o := &Organisation{config: c, kind: k, days: 7 * c.Weeks, seed: c.Seed}
	for i := range len(c.Kind) + len(c.Country) { // kinds and countries of one seed have little in common
		o.seed = (o.seed ^ uint64((c.Kind + c.Country)[i])) * 0x100000001b3
	}
	if o.geo, err = invent.NewGeography(c.Country, o.seed); err != nil {
		return nil, err
	}
	rng := invent.Stream(o.seed, invent.StreamPeople+100)
	if c.Start.IsZero() {
		o.start = time.Date(2026, 1, 5+7*rng.IntN(36), 0, 0, 0, 0, o.geo.Loc)
	} else {
		y, m, d := c.Start.Date()
		o.start = time.Date(y, m, d, 0, 0, 0, 0, o.geo.Loc)
	}
	o.trunk = invent.Pick(rng, []string{"trunk", "trunk", "provider", "trunk-out", "voip-1", "siptrunk"})
	o.form = c.Forms
	if o.form == "" {
		o.form = invent.Pick(rng, []string{"3", "3", "3", "4", "u", "desk", "name", "3"})
	}
	if o.form == "3" && c.Extensions > 750 {
		o.form = "4"
	}
	if o.config.Rate *= invent.Lognormal(rng, 1.15, .35); c.Extensions <= 20 {
		o.config.Rate *= 1.5 // in a small firm everybody telephones
	}
	o.makeDays()
	r := o.newRun()
	for _, a := range r.attackers {
		o.attacks = append(o.attacks, a.describe())
	}
	o.oddities = append(o.oddities, r.oddityKinds...)
	return o, nil
}

// Attacks are the attacks in the history, those that count first.
func (o *Organisation) Attacks() []Attack { return o.attacks }

// Oddities are the kinds of the innocent oddities in the history, one entry each.
func (o *Organisation) Oddities() []string { return o.oddities }

// Country is the country in which the organisation stands.
func (o *Organisation) Country() string { return o.config.Country }

// Timezone is the organisation's time zone.
func (o *Organisation) Timezone() string { return o.geo.Nation.Zone }

// OfficeHours are the office hours as configuration says them.
func (o *Organisation) OfficeHours() string { return o.kind.Hours }

// Kind is the kind of organisation.
func (o *Organisation) Kind() string { return o.kind.Name }

// Seed is the seed that it was made by.
func (o *Organisation) Seed() uint64 { return o.config.Seed }

// DialPlan is how the organisation's country dials, as truth.json says it.
type DialPlan struct {
	CountryCode     string `json:"country_code"`
	International   string `json:"international_prefix"`
	Trunk           string `json:"trunk_prefix"`
	NationalLengths []int  `json:"national_lengths"` // where there is no trunk prefix
}

// DialPlan is how the organisation's country dials.
func (o *Organisation) DialPlan() DialPlan {
	n := &o.geo.Nation
	return DialPlan{o.geo.Home.Code, n.International, n.Trunk, append([]int{}, n.Lengths...)}
}

// Trunk is the endpoint over which calls leave and enter.
func (o *Organisation) Trunk() string { return o.trunk }

// Start is the local midnight at which the history begins.
func (o *Organisation) Start() time.Time { return o.start }

// LearnUntil is the local midnight at which the learning weeks end.
func (o *Organisation) LearnUntil() time.Time { return o.calendar[7*o.config.LearnWeeks].date }

// End is the local midnight at which the history ends.
func (o *Organisation) End() time.Time { return o.calendar[o.days].date }

// Extensions is the number of accounts.
func (o *Organisation) Extensions() int { return o.config.Extensions }

// at is a moment of a day, in local hours; more than 24 is the night after.
func (o *Organisation) at(day int, hour float64) belwacht.Instant {
	day = min(max(day, 0), o.days)
	date := o.calendar[day].date
	noon := time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, o.geo.Loc)
	return belwacht.Instant(noon.Unix()*1000) + belwacht.Instant((hour-12)*3600)*belwacht.Second
}

// people draws everybody, by the shares of the organisation's kind. The list is the same for each run of a seed.
func (o *Organisation) people() []*invent.Person {
	rng := invent.Stream(o.seed, invent.StreamPeople+200)
	all, total := invent.Roles(), 0.0
	for _, s := range o.kind.Shares {
		total += s.Weight
	}
	var names []string
	n := o.config.Extensions
	for _, s := range o.kind.Shares {
		exact := s.Weight / total * float64(n)
		k := int(exact)
		if rng.Float64() < exact-float64(k) {
			k++
		}
		for range k {
			names = append(names, s.Role)
		}
	}
	for len(names) < n {
		names = append(names, o.kind.Shares[0].Role)
	}
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	people := make([]*invent.Person, n)
	for i := range people {
		people[i] = o.geo.NewPerson(rng, o.geo.AccountName(rng, o.form, i), all[names[i]], o.days)
	}
	if o.config.Extensions <= 20 { // in a small firm everybody stays
		for i, p := range people {
			p.First, p.Last = 0, o.days+1
			if i > 3 && invent.Chance(rng, .2) { // but the firm may grow
				p.First = rng.IntN(o.days)
			}
		}
	}
	for _, p := range people {
		for range 3 + rng.IntN(9) {
			p.Colleagues = append(p.Colleagues, people[rng.IntN(n)])
		}
		o.geo.Equip(rng, p)
	}
	return people
}

// Rates is the organisation's price deck in order of prefix: fixed and mobile apart, more than 280 rows.
func (o *Organisation) Rates() []invent.Rate { return o.geo.Deck.Rows }

// WriteRates writes the deck as CSV: prefix,description,rate_per_minute.
func (o *Organisation) WriteRates(w io.Writer) error {
	if _, err := io.WriteString(w, "prefix,description,rate_per_minute\n"); err != nil {
		return err
	}
	for _, r := range o.Rates() {
		if _, err := fmt.Fprintf(w, "%s,%s,%s\n", r.Prefix, r.Description, r.PerMinute); err != nil {
			return err
		}
	}
	return nil
}
