package number

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

func prices(t *testing.T, deck string, o RateOptions) (*Rates, []BadRow) {
	t.Helper()
	r, bad, err := ReadRates(strings.NewReader(deck), o)
	if err != nil {
		t.Fatalf("%v\n%s", err, deck)
	}
	return r, bad
}

// TestDeckLayouts reads the layouts that providers and PBXs are known to use.
func TestDeckLayouts(t *testing.T) {
	cents := func(setup, rate int64, first, next uint16) belwacht.Price {
		return belwacht.Price{Setup: belwacht.Money(setup) * 100, PerMinute: belwacht.Money(rate) * 100, First: first, Next: next} // ten-thousandths
	}
	for name, c := range map[string]struct {
		deck string
		o    RateOptions
		want map[string]belwacht.Price
	}{
		"ours": {"prefix,description,rate_per_minute\n31,Netherlands,0.02\n316,\"Netherlands, mobile\",0.045\n", RateOptions{},
			map[string]belwacht.Price{"31201234567": cents(0, 200, 1, 1), "31612345678": cents(0, 450, 1, 1)}},
		"TCXC": {"Country,Description,Prefix,Effective from,Rate Id,Forbidden,Discontinued,Price 1,Price N,Interval 1,Interval N\nSomalia,Somalia Mobile,25261,ASAP,7,0,0,0.7000,0.6500,60,60\nCuba,Cuba,53,2026-01-01 00:00:00,8,1,0,0.9,0.9,1,1\n", RateOptions{},
			map[string]belwacht.Price{"252612345678": cents(0, 7000, 60, 60), "5355512345": {}}},
		"Telnyx": {"ISO,Country,Origination Prefixes,Destination Prefixes,Description,Interval 1,Interval N,Rate,Price Per Call,Exact Match\nGB,United Kingdom,\"31, 32\",\"447, 4474;4475\",UK Mobile,6,6,0.0123,0.01,false\n", RateOptions{},
			map[string]belwacht.Price{"447400123456": cents(100, 123, 6, 6), "447900123456": cents(100, 123, 6, 6), "31201234567": {}}},
		"DIDWW": {"Category,Country,Network,Prefix,Rate,Connection fee,Initial increment,Recurring increment\nA,Germany,Fixed,49,0.0100,0.005,60,1\nA,Cuba,All,53,,,,\n", RateOptions{},
			map[string]belwacht.Price{"4930123456": cents(50, 100, 60, 1), "5355512345": {}}},
		"Jerasoft": {"Code;Code Name;Rate;Effective Date;End Date;SF;Min;Int;Time Profile;Policy\n32;Belgium;0,0150;01.01.2026;;0,02;30;6;All;x\n", RateOptions{},
			map[string]belwacht.Price{"3222345678": cents(200, 150, 30, 6)}},
		"Kazoo": {"prefix,iso_country_code,direction,rate_cost,rate_increment,rate_minimum,rate_surcharge,rate_nocharge_time,weight\n1,US,\"outbound\",0.01,6,60,0,0,30\n1,US,inbound,0.5,60,60,0,0,30\n", RateOptions{},
			map[string]belwacht.Price{"12125550123": cents(0, 100, 60, 6)}},
		"Yeastar": {"Name,Match Prefix,Number Length,Rate,Billable Unit(s),Initial Time(s),Initial Cost\nNL,0031X.,,0.01,30,60,0.05\nUK,+44N.,,0.06,60,60,0\n", RateOptions{},
			map[string]belwacht.Price{"31201234567": cents(500, 200, 60, 30), "442079460000": cents(0, 600, 60, 60), "441632960000": {}}},
		"by mail": {"\ufeffRates valid from June\n\nDst Code\tDestination\tRate (EUR/min)\tEffective Date\tBilling Increment\tStatus\n+4477-4479\tUK Mobile\t€ 0,08\t1-Jun-2026\t30/6\tNew\n", RateOptions{},
			map[string]belwacht.Price{"447700900123": cents(0, 800, 30, 6), "447900900123": cents(0, 800, 30, 6), "447600900123": {}}},
		"Dutch": {"Landnummer;Bestemming;Tarief per minuut;Starttarief;Ingangsdatum;Valuta\n0049;Duitsland;\"1.000,00\";0,09;01-03-2026;EUR\n", RateOptions{},
			map[string]belwacht.Price{"4930123456": {Setup: 90000, PerMinute: 1000 * belwacht.Unit, First: 1, Next: 1}}},
		"French":  {"Préfixe;Pays;Prix par minute\n32;Belgique;0,25\n", RateOptions{}, map[string]belwacht.Price{"3222345678": cents(0, 2500, 1, 1)}},
		"Spanish": {"Prefijo;Destino;Precio/min\n32;Bélgica;0,25\n", RateOptions{}, map[string]belwacht.Price{"3222345678": cents(0, 2500, 1, 1)}},
		"bars":    {"prefix|rate|next\n31 32|0.1|60\n", RateOptions{}, map[string]belwacht.Price{"3222345678": cents(0, 1000, 60, 60)}},
		"mapped":  {"a,b,c\nx,31,0.5\n", RateOptions{Columns: map[string]string{"prefix": "B", "rate": "c"}}, map[string]belwacht.Price{"31201234567": cents(0, 5000, 1, 1)}},
		"by number": {"NL,31,0.5\nBE,32,0.25\n", RateOptions{Columns: map[string]string{"prefix": "2", "rate": "3"}},
			map[string]belwacht.Price{"31201234567": cents(0, 5000, 1, 1), "3222345678": cents(0, 2500, 1, 1)}},
		"seconds":  {"prefix,rate per second\n31,0.001\n", RateOptions{}, map[string]belwacht.Price{"31201234567": cents(0, 600, 1, 1)}},
		"cents":    {"prefix,rate (ct/min)\n31,2.5\n", RateOptions{}, map[string]belwacht.Price{"31201234567": cents(0, 250, 1, 1)}},
		"decimals": {"prefix,rate\n31,0.00123456789\n32,1.2E-03\n", RateOptions{}, map[string]belwacht.Price{"31201234567": {PerMinute: 1235, First: 1, Next: 1}, "3222345678": {PerMinute: 1200, First: 1, Next: 1}}},
		"pattern":  {"prefix,rate\n_31ZXX,0.02\n", RateOptions{}, map[string]belwacht.Price{"31201234567": {}, "31": {}}},
		"dollars":  {"prefix,rate,currency\n31,0.02,usd\n", RateOptions{Currency: "USD"}, map[string]belwacht.Price{"31201234567": cents(0, 200, 1, 1)}},
	} {
		if name == "pattern" {
			c.want = map[string]belwacht.Price{"31201234567": cents(0, 200, 1, 1), "310": {}}
		}
		r, bad := prices(t, c.deck, c.o)
		for _, b := range bad {
			if !b.Warning {
				t.Errorf("%s: %s", name, b)
			}
		}
		for digits, want := range c.want {
			got, ok := r.Price(packed(t, digits))
			if got != want || ok != (want != belwacht.Price{}) {
				t.Errorf("%s %s: %+v %v, want %+v", name, digits, got, ok, want)
			}
		}
	}
}

func TestDeckDates(t *testing.T) {
	deck := "prefix,rate,valid from,valid until\n31,0.01,2026-01-01,\n31,0.03,2026-03-01,\n31,0.02,2026-02-01,\n32,0.05,2026-01-01,2026-02-01\n32,0.04,ASAP,\n33,0.06,2027-01-01,\n34,0.07,2024-01-01,2025-01-01\n34,0.08,2025-01-01,2026-01-01\n34,0.09,2028-01-01,\n"
	for at, want := range map[string][4]belwacht.Money{"2026-01-15": {10000, 50000, 60000, 80000}, "2026-02-15": {20000, 40000, 60000, 80000},
		"2026-06-01": {30000, 40000, 60000, 80000}, "2027-06-01": {30000, 40000, 60000, 80000}, "2028-06-01": {30000, 40000, 60000, 90000}} {
		moment, _ := time.Parse(time.DateOnly, at)
		r, _ := prices(t, deck, RateOptions{At: moment})
		for i, digits := range []string{"31201234567", "3222345678", "33123456789", "34912345678"} {
			if p, _ := r.Price(packed(t, digits)); p.PerMinute != want[i] {
				t.Errorf("%s %s: %s, want %s", at, digits, p.PerMinute, want[i])
			}
		}
	}
	r, _ := prices(t, deck, RateOptions{})
	if p, _ := r.Price(packed(t, "31201234567")); p.PerMinute != 30000 {
		t.Errorf("newest: %s", p.PerMinute)
	}
}

func TestDeckBadRows(t *testing.T) {
	deck := "prefix,rate,increment,effective\n31,0.02,,\nabc,0.1,,\n32,-0.1,,\n33,free,,\n34,1001,,\n35,0.1,99999,\n36,0.1,,2026-13-01\n4.4E+11,0.1,,\n0201,0.1,,\n,0.1,,\n49,,,\n31,0.03,,\n\n39,0.1\n1234567890123456,0.1,,\n44-4,0.1,,\n44XXXXXXX1,0.1,,\n"
	_, _, err := ReadRates(strings.NewReader(deck), RateOptions{Name: "deck.csv"})
	if err == nil || !strings.Contains(err.Error(), "deck.csv line 3: ") || belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("%v", err)
	}
	rates, bad, err := ReadRates(strings.NewReader(deck), RateOptions{SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	lines := map[int]bool{}
	warnings := 0
	for _, b := range bad {
		if b.Warning {
			warnings++
		} else {
			lines[b.Line] = true
		}
	}
	for _, l := range []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18} {
		if !lines[l] {
			t.Errorf("line %d is taken", l)
		}
	}
	if len(lines) != 12 || warnings != 2 || rates.Len() != 2 {
		t.Errorf("%d bad, %d warnings, %d prefixes: %v", len(lines), warnings, rates.Len(), bad)
	}
	if p, ok := rates.Price(packed(t, "31201234567")); !ok || p.PerMinute != 30000 {
		t.Errorf("of two rows the last counts: %+v", p)
	}
}

func TestDeckRefused(t *testing.T) {
	for name, c := range map[string]struct {
		deck, says string
		o          RateOptions
	}{
		"empty":         {"", "is empty", RateOptions{}},
		"no header":     {"31,0.02\n", "no header", RateOptions{}},
		"no rows":       {"prefix,rate\n", "no row", RateOptions{}},
		"spreadsheet":   {"PK\x03\x04xxxx", "save it as CSV", RateOptions{}},
		"UTF-16":        {"p\x00r\x00", "NUL", RateOptions{}},
		"other money":   {"prefix,rate,currency\n31,0.02,USD\n", "USD", RateOptions{}},
		"in the header": {"prefix,rate (usd)\n31,0.02\n", "USD", RateOptions{}},
		"sign":          {"prefix,rate\n31,$0.02\n", "USD", RateOptions{}},
		"mapping":       {"prefix,rate\n31,0.02\n", "no column", RateOptions{Columns: map[string]string{"price": "rate"}}},
		"mapped away":   {"prefix,rate\n31,0.02\n", "no header", RateOptions{Columns: map[string]string{"rate": "tarif"}}},
		"delimiter":     {"prefix,rate\n31,0.02\n", "separates no columns", RateOptions{Delimiter: '"'}},
		"long line":     {"prefix,rate\n31," + strings.Repeat("9", 1<<20), "64 KB", RateOptions{}},
		"huge range":    {"prefix,rate\n1000000-9999999,0.1\n", "range", RateOptions{}},
	} {
		_, _, err := ReadRates(strings.NewReader(c.deck), c.o)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := ReadRates(failing{}, RateOptions{}); err == nil || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a reader that fails: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestDeckUnit warns of decks in cents or by the second whose header does not say so.
func TestDeckUnit(t *testing.T) {
	for deck, want := range map[string]bool{"prefix,rate\n31,2\n49,3\n44,4\n": false, "prefix,rate\n31,4\n49,5\n44,6\n": true, "prefix,rate\n31,0.0001\n49,0.0002\n44,0.0001\n": true, "prefix,rate\n31,0.02\n49,0.03\n": false} {
		_, bad := prices(t, deck, RateOptions{})
		if got := len(bad) == 1 && bad[0].Warning && strings.Contains(bad[0].Reason, "median"); got != want {
			t.Errorf("%q: %v", deck, bad)
		}
	}
}

func TestSell(t *testing.T) {
	r, _ := prices(t, "prefix,buy rate,sell rate\n31,0.01,0.02\n32,0.01,\n", RateOptions{})
	if m, ok := r.Sell(packed(t, "31201234567")); !ok || m != 20000 {
		t.Errorf("sell %v %v", m, ok)
	}
	for _, d := range []string{"3222345678", "33"} {
		if m, ok := r.Sell(packed(t, d)); ok || m != 0 {
			t.Errorf("%s: sell %v %v", d, m, ok)
		}
	}
}

// TestCorpusDecks reads the decks of the made-up organisations.
func TestCorpusDecks(t *testing.T) {
	dir := os.Getenv("BELWACHT_CORPUS")
	if dir == "" {
		t.Skip("BELWACHT_CORPUS names no folder with replay/office/rates.csv; the layouts of TestDeckLayouts stand in")
	}
	for _, org := range []string{"office", "small"} {
		f, err := os.Open(filepath.Join(dir, "replay", org, "rates.csv"))
		if err != nil {
			t.Fatal(err)
		}
		r, bad, err := ReadRates(f, RateOptions{Name: org})
		f.Close()
		if err != nil || len(bad) != 0 || r.Len() < 10 {
			t.Errorf("%s: %v %v", org, err, bad)
			continue
		}
		t.Logf("%s: %d prefixes", org, r.Len())
	}
}

func BenchmarkPrice(b *testing.B) {
	var deck strings.Builder
	deck.WriteString("prefix,rate\n")
	for i := 1000; i < 100_000; i++ {
		fmt.Fprintf(&deck, "%d,0.1\n", i)
	}
	r, _, err := ReadRates(strings.NewReader(deck.String()), RateOptions{})
	if err != nil {
		b.Fatal(err)
	}
	e, _ := belwacht.ParseE164("31201234567")
	b.ReportAllocs()
	for b.Loop() {
		r.Price(e)
	}
}
