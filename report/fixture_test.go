package report

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// fixture is a made-up office of a dozen weeks with three attacks, an odd but innocent call, and emergency calls.
type fixture struct {
	outcomes []*belwacht.Outcome
	alerts   []*belwacht.Alert
	fraud    map[string]bool
}

func amsterdam(tb testing.TB) *time.Location {
	tb.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		tb.Skipf("this machine has no time zones: %v", err)
	}
	return zone
}

func options(tb testing.TB, lang text.Language, mode belwacht.Mode) Options {
	return Options{
		Organisation: "Voorbeeld BV", Language: lang, Currency: "EUR", Zone: amsterdam(tb), Mode: mode, Brake: 50 * belwacht.Unit,
		RefuseCost: 25 * belwacht.Unit, AlertCost: 3 * belwacht.Unit, OfficeHours: "mon-fri 08:00-18:00",
		Settings: []Setting{{"rates.csv", "164 prefixes"}},
	}
}

type place struct {
	country string
	prefix  string
	class   belwacht.Class
	network string
	perMin  belwacht.Money
	risk    belwacht.Risk
}

func (f *fixture) number(p place, tail string) belwacht.Number {
	e, _ := belwacht.ParseE164(p.prefix + tail)
	c, _ := belwacht.ParseCountry(p.country)
	return belwacht.Number{
		Dialled: "00" + p.prefix + tail, E164: e, Country: c, Class: p.class, Network: p.network, Risk: p.risk,
		Price:  belwacht.Price{PerMinute: p.perMin, First: 1, Next: 1},
		Abroad: p.country != "NL",
	}
}

func newFixture(tb testing.TB, mode belwacht.Mode) *fixture {
	f := &fixture{fraud: map[string]bool{}}
	r := rand.New(rand.NewPCG(7, 11))
	zone := amsterdam(tb)
	start := time.Date(2026, 2, 23, 0, 0, 0, 0, zone)
	home := place{"NL", "31", belwacht.ClassGeographic, "", 20_000, belwacht.RiskUsual}
	neighbours := []place{home, home, home, home, home, {"NL", "316", belwacht.ClassMobile, "", 60_000, belwacht.RiskUsual},
		{"DE", "49", belwacht.ClassGeographic, "", 30_000, belwacht.RiskUsual}, {"BE", "32", belwacht.ClassGeographic, "", 30_000, belwacht.RiskUsual},
		{"GB", "44", belwacht.ClassMobile, "", 140_000, belwacht.RiskUsual}, {"NL", "31900", belwacht.ClassPremium, "", 900_000, belwacht.RiskRaised}}
	for day := range 84 {
		at := start.AddDate(0, 0, day)
		if wd := at.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		for range 24 {
			p := neighbours[r.IntN(len(neighbours))]
			if p.class == belwacht.ClassPremium && r.IntN(8) > 0 {
				p = home
			}
			when := at.Add(time.Duration(8*60+r.IntN(600)) * time.Minute)
			dir := belwacht.Direction(1 + r.IntN(3))
			f.call(when, dir, fmt.Sprint(200+r.IntN(30)), f.number(p, fmt.Sprintf("20%07d", r.IntN(9999999))), int64(20+r.IntN(400)), 1e-6)
		}
	}
	so := place{"SO", "25261", belwacht.ClassMobile, "", 750_000, belwacht.RiskHigh}
	night := time.Date(2026, 4, 18, 0, 15, 29, 0, zone)
	for i := range 41 {
		o := f.call(night.Add(time.Duration(i)*7*time.Minute), belwacht.Out, "212", f.number(so, fmt.Sprintf("%07d", 1234500+i)), 900, 0.999)
		f.fraud[o.Call.ID] = true
		f.decide(o, belwacht.Refuse, mode, "rule.new-country", []string{"new-country", "off-hours", "at-once"})
	}
	sat := place{"", "8816", belwacht.ClassSatellite, "Iridium", 5_500_000, belwacht.RiskHigh}
	for i := range 4 {
		o := f.call(night.AddDate(0, 0, 9).Add(time.Duration(i)*time.Hour), belwacht.Out, "217", f.number(sat, fmt.Sprintf("%08d", 42+i)), 1200, 0.97)
		f.fraud[o.Call.ID] = true
		f.decide(o, belwacht.Refuse, belwacht.Enforce, "brake.money", nil)
	}
	lt := place{"LT", "3706", belwacht.ClassMobile, "", 310_000, belwacht.RiskRaised}
	o := f.call(time.Date(2026, 5, 12, 10, 2, 0, 0, zone), belwacht.Out, "204", f.number(lt, "1234567"), 3600, 0.94)
	f.decide(o, belwacht.EndNow, mode, "rule.open-call", []string{"open-call"})
	mt := place{"MT", "35699", belwacht.ClassMobile, "", 260_000, belwacht.RiskRaised}
	for i := range 3 {
		o := f.call(time.Date(2026, 5, 4+i, 15, 30, 0, 0, zone), belwacht.Out, "209", f.number(mt, "123456"), 240, 0.62)
		f.decide(o, belwacht.Warn, mode, "rule.new-country", []string{"new-country", "wangiri"})
	}
	for i := range 6 {
		o := f.call(time.Date(2026, 5, 4+i, 11, 0, 0, 0, zone), belwacht.Out, "2"+fmt.Sprint(10+i), f.number(lt, "7654321"), 60, 0.03)
		f.decide(o, belwacht.Watch, mode, "rule.new-range", []string{"new-range"})
	}
	for i := range 3 {
		n := belwacht.Number{Dialled: "112", Class: belwacht.ClassEmergency, Canonical: "112"}
		f.call(time.Date(2026, 3, 3+i*9, 14, 7, 0, 0, zone), belwacht.Out, "221", n, 90, 0)
	}
	f.alerts = []*belwacht.Alert{{ID: "a1", Word: belwacht.Refuse, Count: 41}, {ID: "a2", Word: belwacht.Refuse, Count: 4},
		{ID: "a3", Word: belwacht.EndNow, Count: 1}, {ID: "a4", Word: belwacht.Warn, Count: 3}}
	return f
}

// call adds a call that was allowed.
func (f *fixture) call(at time.Time, dir belwacht.Direction, account string, n belwacht.Number, talk int64, p float64) *belwacht.Outcome {
	start := belwacht.InstantOf(at)
	cost := belwacht.Money(0)
	if dir == belwacht.Out {
		cost = n.Price.Cost(talk)
	}
	o := &belwacht.Outcome{
		Call: &belwacht.Call{ID: fmt.Sprintf("%d.%d", at.Unix(), len(f.outcomes)), Direction: dir, Account: account, Dialled: n.Dialled,
			Start: start, Answer: start + 8*belwacht.Second, End: start + 8*belwacht.Second + belwacht.Instant(talk)*belwacht.Second, Talk: talk},
		Number: n, Cost: cost, Spent: cost, Probability: p,
	}
	f.outcomes = append(f.outcomes, o)
	return o
}

// decide puts a decision on a call.
func (f *fixture) decide(o *belwacht.Outcome, w belwacht.Word, mode belwacht.Mode, cause string, rules []string) {
	enforced := mode == belwacht.Enforce && w >= belwacht.Refuse
	number := "+" + string(o.Number.E164.AppendDigits(nil))
	d := &belwacht.Decision{
		Schema: belwacht.DecisionSchema, ID: o.Call.ID, Time: o.Call.Start, Account: o.Call.Account, Number: number, Word: w, Cause: cause,
		Enforced: enforced, ScoreBits: 9.97, Probability: o.Probability, AtRisk: o.Number.Price.PerMinute.Float() * 10, Rules: rules,
		Reason: fmt.Sprintf("%s: %s, € %.2f/min. Extension %s never called there (8 weeks, 1,412 calls), nobody here did; "+
			"Saturday 00:15, usual 0 calls; 4 at once, usual at most 1. Fraud %.1f %%.", said(text.English, w), number, o.Number.Price.PerMinute.Float(),
			o.Call.Account, o.Probability*100),
		ReasonNL: fmt.Sprintf("%s: %s, € %.2f/min. Toestel %s belde daar nooit heen (8 weken, 1.412 gesprekken), niemand hier; "+
			"zaterdag 00:15, gewoonlijk 0 gesprekken; 4 tegelijk, gewoonlijk ten hoogste 1. Fraude %.1f %%.", said(text.Dutch, w), number,
			o.Number.Price.PerMinute.Float(), o.Call.Account, o.Probability*100),
		Reference: "K7Q2",
		Trace: &belwacht.Trace{
			RuleSet: "9f3a12cd", PriorBits: -15.6, Dialled: o.Number.Dialled, Country: o.Number.Country.String(), Class: o.Number.Class.String(),
			PerMinute: o.Number.Price.PerMinute.Float(), Direction: "out", HistoryDays: 56, HistoryN: 1412, Mode: mode.String(), Loss: o.Number.Price.PerMinute.Float() + 1,
			Evidence: []belwacht.Evidence{
				{Rule: "new-country", Family: belwacht.FamilyDestination, Bits: 8, Value: 0, Counted: true,
					English: "Extension 212 never called Somalia, nobody here did", Dutch: "Toestel 212 belde nooit naar Somalië, niemand hier"},
				{Rule: "at-once", Family: belwacht.FamilyAmount, Bits: 7.4, Value: 4, Usual: 1, Counted: true,
					English: "4 calls at once, usual at most 1", Dutch: "4 gesprekken tegelijk, gewoonlijk ten hoogste 1"},
				{Rule: "off-hours", Family: belwacht.FamilyTime, Bits: 6.1, Value: 1, Counted: true,
					English: "Saturday 00:15, usual 0 calls", Dutch: "zaterdag 00:15, gewoonlijk 0 gesprekken"},
				{Rule: "one-range", Family: belwacht.FamilySequence, Bits: 4.07, Value: 5, Counted: true,
					English: "the fifth number of one range in an hour", Dutch: "het vijfde nummer van één reeks in een uur"},
				{Rule: "new-range", Family: belwacht.FamilyDestination, Bits: 3.2, Counted: false,
					English: "the range +252 61 123 is new", Dutch: "de reeks +252 61 123 is nieuw"},
			},
		},
	}
	if w == belwacht.EndNow {
		d.Time = o.Call.Answer + 600*belwacht.Second
		o.Ended = d
		if enforced {
			o.Spent = o.Number.Price.Cost(600)
		}
		return
	}
	o.Start = d
	if enforced && w == belwacht.Refuse {
		o.Spent = 0
	}
}

// summary counts the whole fixture.
func (f *fixture) summary(o Options) *Summary {
	s := New(o)
	for _, c := range f.outcomes {
		s.Add(c)
	}
	for _, a := range f.alerts {
		s.Alert(a)
	}
	s.Read(Reading{Files: 1, Format: "Asterisk CDR CSV", Zone: "Europe/Amsterdam", Rows: int64(len(f.outcomes)) + 19, Rejected: 2, Late: 1})
	return s
}

// said is a decision's word at the beginning of its sentence.
func said(lang text.Language, word belwacht.Word) string {
	return text.Capital(newVoice(lang, "", nil, false).word(word))
}
