package config

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"golang.org/x/text/encoding/unicode"
)

var update = flag.Bool("update", false, "write the golden files anew")

func load(t *testing.T, name string, environ ...string) *Config {
	t.Helper()
	c, err := Load(filepath.Join("testdata/good", name), environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBadFiles compares each bad file's errors with the golden file beside it, which a person has read.
func TestBadFiles(t *testing.T) {
	files, _ := filepath.Glob("testdata/bad/*.yaml")
	if len(files) < 10 {
		t.Fatalf("%d bad files", len(files))
	}
	for _, f := range files {
		_, err := Load(f, nil)
		if err == nil || belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%s: %v", f, err)
			continue
		}
		golden := strings.TrimSuffix(f, ".yaml") + ".golden"
		got := err.Error() + "\n"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n got %swant %s", f, got, want)
		}
		for line := range strings.SplitSeq(strings.TrimSpace(got), "\n") {
			if !strings.HasPrefix(line, f) && !strings.Contains(line, "absent.txt") {
				t.Errorf("%s: %q does not begin with the file", f, line)
			}
		}
	}
}

func TestGoodFilesReadBack(t *testing.T) {
	files, _ := filepath.Glob("testdata/good/*.yaml")
	for _, f := range files {
		c := load(t, filepath.Base(f))
		b, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(b, f, nil)
		if err != nil {
			t.Errorf("%s written and read again: %v\n%s", f, err, b)
			continue
		}
		b2, _ := again.YAML()
		if string(b) != string(b2) {
			t.Errorf("%s changes when written twice:\n%s\n%s", f, b, b2)
		}
	}
}

func TestDefaults(t *testing.T) {
	for _, c := range []*Config{load(t, "least.yaml"), Assumed()} {
		o := c.All()[0]
		if c.Mode != belwacht.Monitor || o.Mode != belwacht.Monitor || o.OfficeHours != "" || o.Currency != "EUR" || c.Rates.Currency != "EUR" {
			t.Errorf("%+v", o)
		}
		if o.Costs.Refuse.Amount != 80*belwacht.Unit || o.Brake.Money.Amount != 50*belwacht.Unit || o.Brake.Off || c.Records.Horizon.Instant() != belwacht.Day {
			t.Errorf("costs and brake: %+v", o)
		}
		if err := c.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestFullFile(t *testing.T) {
	c := load(t, "full.yaml")
	o := c.All()[0]
	if *o.Plan.Trunk != "0" || o.Plan.OutsideLine[0] != "9" || o.Plan.AreaCode != "20" || o.Plan.Emergency[0] != "0201234567" {
		t.Errorf("plan: %+v", o.Plan)
	}
	l, err := o.Limits.Organisation.Limit()
	if err != nil || l.MoneyPerDay != 50*belwacht.Unit || l.CallsAtOnceAbroad != 4 || l.UsualBill != 350*belwacht.Unit {
		t.Errorf("limit: %+v, %v", l, err)
	}
	sales := o.Limits.Groups["sales"]
	if l, err = sales.Limit(); err != nil || len(l.OnlyCountries) != 3 || l.LongestCall != 7200 {
		t.Errorf("limit: %+v, %v", l, err)
	}
	trunk := o.Limits.Trunks["PJSIP/provider"]
	if l, err = trunk.Limit(); err != nil || !l.Hours.Contains(6*60) || l.Hours.Contains(5*60) {
		t.Errorf("limit: %+v, %v", l, err)
	}
	if o.Brake.Money.Amount != belwacht.Unit/2 || c.Records.MaxRejected != 0.005 || o.Rules["all-forms"] != Monitor {
		t.Errorf("%+v", o)
	}
	if n := o.NumberConfig(); len(n.Listed) != 2 || n.Listed[1].String() != "+88213" || n.Country != "NL" {
		t.Errorf("listed: %+v", n.Listed)
	}
	at := o.Network()
	for address, inside := range map[string]bool{"203.0.113.77": true, "2001:db8:7:1::5": true, "198.51.100.7": true, "198.51.100.8": false} {
		if p := at.Place(netip.MustParseAddr(address)); p.Inside != inside {
			t.Errorf("%s: %+v", address, p)
		}
	}
	if got := c.RatesFile(); got != filepath.Join("testdata", "good", "rates.csv") {
		t.Error(got)
	}
	cal, err := o.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	var friday belwacht.Instant
	_ = friday.UnmarshalText([]byte("2026-04-03T10:00:00Z"))
	if m := cal.At(friday); !m.Holiday {
		t.Error("Good Friday was switched on")
	}
}

func TestDeclared(t *testing.T) {
	o := load(t, "full.yaml").All()[0]
	by := map[string]belwacht.Account{}
	for _, a := range o.Declared() {
		if _, twice := by[a.Name]; twice {
			t.Errorf("%s twice", a.Name)
		}
		by[a.Name] = a
	}
	if len(by) != 50+2+1 {
		t.Errorf("%d accounts", len(by))
	}
	if a := by["212"]; a.Group != "sales" || len(a.Numbers) != 1 || a.Kind != belwacht.KindPerson {
		t.Errorf("%+v", a)
	}
	if a := by["249"]; a.Group != "sales" {
		t.Errorf("%+v", a)
	}
	if a := by["801"]; a.Group != "lifts" || a.Kind != belwacht.KindMachine || len(a.List) != 1 {
		t.Errorf("%+v", a)
	}
	if a := by["800"]; a.Kind != belwacht.KindMachine {
		t.Errorf("%+v", a)
	}
	if a := by["299"]; a.Kind != belwacht.KindCanary || a.Group != "" {
		t.Errorf("%+v", a)
	}
}

func TestExpand(t *testing.T) {
	for word, want := range map[string]int{"200-249": 50, "007-010": 4, "212": 1, "front-desk": 1, "a-1": 1, "300-2": 0, "20-300": 0, "0000-9999": 10000, "00000-99999": 0, "5-4": 0} {
		names, _ := expand(word)
		if len(names) != want {
			t.Errorf("%s: %d names, want %d", word, len(names), want)
		}
	}
	if names, _ := expand("007-010"); names[0] != "007" || names[3] != "010" {
		t.Error(names)
	}
}

func TestTenantsInherit(t *testing.T) {
	all := load(t, "tenants.yaml").All()
	if len(all) != 2 {
		t.Fatal(all)
	}
	nl, de := all[0], all[1]
	if nl.Mode != belwacht.Enforce || nl.Limits.Organisation.MoneyPerDay.Amount != 50*belwacht.Unit || nl.Rules["at-once"] != Monitor || nl.Rules["all-forms"] != Off {
		t.Errorf("%+v", nl)
	}
	if de.Mode != belwacht.Learn || de.Limits.Organisation.MoneyPerDay.Amount != 10*belwacht.Unit || de.Rules["at-once"] != Enforce || de.Rules["all-forms"] != Off {
		t.Errorf("%+v", de)
	}
}

func TestEnvironment(t *testing.T) {
	c := load(t, "issue.yaml", "BELWACHT_MODE=learn", "BELWACHT_LIMITS__ORGANISATION__MONEY_PER_DAY=EUR 7", "BELWACHT_ORGANISATION__NAME=Anders BV",
		"BELWACHT_TRUNKS=[a, b]", "BELWACHT_CORPUS=../shared/data", "PATH=/bin", "BELWACHT_RULES__AT-ONCE=off")
	if c.Mode != belwacht.Learn || c.Organisation.Name != "Anders BV" || c.Limits.Organisation.MoneyPerDay.Amount != 7*belwacht.Unit || len(c.Trunks) != 2 || c.Rules["at-once"] != Off {
		t.Errorf("%+v", c)
	}
	for env, want := range map[string]string{
		"BELWACHT_MODES=learn":               "did you mean BELWACHT_MODE?",
		"BELWACHT_LIMITS__ORGANISATION__X=1": "BELWACHT_LIMITS__ORGANISATION__X: unknown key x under limits.organisation",
		"BELWACHT_MODE=on":                   `BELWACHT_MODE: mode: "on" is no mode`,
		"BELWACHT_BRAKE__MONEY=5":            "5 has no currency; write EUR 5",
	} {
		if _, err := Load("testdata/good/issue.yaml", []string{env}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", env, err)
		}
	}
}

func TestLoadOfNothing(t *testing.T) {
	if _, err := Load("testdata/good/absent.yaml", nil); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Error(err)
	}
	if _, err := Load("testdata", nil); belwacht.CodeOf(err) != belwacht.Config {
		t.Error(err)
	}
}

func FuzzConfig(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.yaml")
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		c, err := Read(data, "f.yaml", nil)
		if err != nil {
			if belwacht.CodeOf(err) != belwacht.Config || strings.ContainsAny(err.Error(), "\x1b\x00") {
				t.Errorf("%q", err)
			}
			return
		}
		for _, tenant := range c.All() {
			tenant.Declared()
		}
		if _, err := c.YAML(); err != nil {
			t.Error(err)
		}
	})
}

// TestHostileNames: what a file names is shown without what would reach a terminal, wherever it is named.
func TestHostileNames(t *testing.T) {
	good := "organisation: {name: X, country: NL, timezone: Europe/Amsterdam}\n"
	for _, wrong := range []string{`lists: {numbers: "\e[2Jx\0.txt"}`, `records: {mapping: "\e[2Jx.yaml"}`, `rates: {file: "\e]0;x\a.csv"}`, `mode: "\e[31m"`, `rules: {"\e[2J": off}`, `trunks: ["\e[2J"]`,
		`alerts: {webhook: {url: "https://\e[2J/"}}`, "limits: {accounts: {\"\\e[2J\": {money_per_day: \"EUR \\e\"}}}"} {
		c, err := Read([]byte(good+wrong), "f.yaml", nil)
		if err == nil {
			_, err = c.OwnMapping()
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\x00\x07") {
			t.Errorf("%s: %q", wrong, err)
		}
	}
	for _, read := range []func(string) error{
		func(name string) error { _, err := ReadSecret(name); return err },
		func(name string) error { _, err := (&Config{}).Roots(name); return err },
	} {
		if err := read("\x1b[2Jabsent"); err == nil || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q", err)
		}
	}
}

// TestDeckColumns: the columns named in the configuration hold for a deck given beside it, as the message of an unknown deck says.
func TestDeckColumns(t *testing.T) {
	dir := t.TempDir()
	file, other := filepath.Join(dir, "deck.csv"), filepath.Join(dir, "other.csv")
	for _, name := range []string{file, other} {
		if err := os.WriteFile(name, []byte("31,NL,0.01\n32,BE,0.25\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for rates, ok := range map[string]bool{`{columns: {prefix: "1", rate: "3"}}`: true, "{}": false, "{file: " + other + `, columns: {prefix: "1", rate: "3"}}`: false} {
		c, err := Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam}\nrates: "+rates+"\n"), "f.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Deck(&c.All()[0], file); (err == nil) != ok {
			t.Errorf("%s: %v", rates, err)
		}
	}
}

// TestDeckEncodings: a deck as a spreadsheet writes it here, in Windows-1252 or UTF-16, is read, and that is said.
func TestDeckEncodings(t *testing.T) {
	const deck = "Landcode;Bestemming;Tarief per minuut (EUR)\n0032;België;€ 0,25\n"
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(deck)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam}\n"), "f.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "deck.csv")
	for name, text := range map[string]string{"": deck, "UTF-16": wide, "Windows-1252": strings.NewReplacer("ë", "\xeb", "€", "\x80").Replace(deck)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		rates, bad, err := c.Deck(&c.All()[0], file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		e, _ := belwacht.ParseE164("3222345678")
		if p, _ := rates.Price(e); p.PerMinute != belwacht.Unit/4 {
			t.Errorf("%s: %s a minute", name, p.PerMinute)
		}
		if said := len(bad) > 0 && bad[0].Reason == "it is read as "+name; said != (name != "") {
			t.Errorf("%s: %v", name, bad)
		}
	}
}
