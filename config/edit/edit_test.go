package edit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml/splice"
)

const owners = `# of De Linde
organisation:
  country: NL # at home
  timezone: Europe/Amsterdam
mode: monitor
limits:
  organisation:
    money_per_day: EUR 50 # as agreed
    only_countries:
      - NL
      - BE # the mother
keep: {calls: 200}
`

// place is a file of an owner's with what it is changed by.
func place(t *testing.T, data string, environ ...string) *File {
	t.Helper()
	f := &File{Path: filepath.Join(t.TempDir(), "belwacht.yaml"), Folder: t.TempDir(), Environ: environ}
	if data != "" {
		if err := os.WriteFile(f.Path, []byte(data), 0o604); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func set(key string, v any) splice.Edit {
	return splice.Edit{Path: strings.Split(key, "."), Value: v}
}

// write plans and writes.
func write(t *testing.T, f *File, edits ...splice.Edit) *Plan {
	t.Helper()
	p, err := f.Plan("", edits...)
	if err == nil {
		err = f.Write(p, "anna")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func content(t *testing.T, f *File) string {
	t.Helper()
	b, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWrite(t *testing.T) {
	f := place(t, owners)
	var used *config.Config
	f.Reload = func(c *config.Config, _ string) error { used = c; return nil }
	p := write(t, f, set("limits.organisation.money_per_day", "EUR 75"))
	want := strings.Replace(owners, "EUR 50", "EUR 75", 1)
	if got := content(t, f); got != want {
		t.Errorf("%s", got)
	}
	if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o604 {
		t.Errorf("its mode is another: %v %v", info.Mode(), err)
	}
	if used == nil || used.Limits.Organisation.MoneyPerDay.Amount != 75*belwacht.Unit {
		t.Error("it is not in use")
	}
	if d := strings.Join(p.Diff(), "\n"); !strings.Contains(d, "-    money_per_day: EUR 50 # as agreed\n+    money_per_day: EUR 75 # as agreed") {
		t.Error(d)
	}
	if d := p.Deed("x"); d.Act != access.LimitRaise || d.Subject != "limits.organisation.money_per_day" || d.Detail != "limits.organisation.money_per_day: EUR 50 → EUR 75" || d.Tenant != "x" {
		t.Errorf("%+v", d)
	}

	list, err := f.History()
	if err != nil || len(list) != 1 || list[0].Who != "anna" || list[0].What[0].After != "EUR 75" || list[0].Time == 0 {
		t.Fatalf("%+v %v", list, err)
	}
	undo, err := f.Undo(list[0].ID)
	if err != nil || undo.Deed("").Act != access.LimitLower {
		t.Fatalf("%v %+v", err, undo)
	}
	if err := f.Write(undo, "bob"); err != nil || content(t, f) != owners {
		t.Errorf("%v:\n%s", err, content(t, f))
	}
	list, _ = f.History()
	if len(list) != 2 || list[0].Undid != list[1].ID || list[0].Who != "bob" {
		t.Errorf("%+v", list)
	}
	if _, err := f.Undo(list[1].ID); !errors.As(err, new(*Changed)) {
		t.Errorf("what was undone is undone again: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Path), ".belwacht*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestFirst: where there is no file it is made, and taken away again where that is undone by a reload that fails.
func TestFirst(t *testing.T) {
	f := place(t, "")
	l, err := f.Look()
	if err != nil || !l.Missing || !l.Config.Unset() {
		t.Fatalf("%+v %v", l, err)
	}
	p, err := f.Plan(l.Sum, set("organisation.country", "BE"), set("organisation.timezone", "Europe/Brussels"))
	if err != nil {
		t.Fatal(err)
	}
	f.Reload = func(*config.Config, string) error { return errors.New("no") }
	if err := f.Write(p, "anna"); err == nil {
		t.Error("a reload that fails is not told")
	}
	if _, err := os.Stat(f.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file is left: %v", err)
	}
	f.Reload = nil
	write(t, f, set("organisation.country", "BE"), set("organisation.timezone", "Europe/Brussels"))
	if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o640 || content(t, f) != "organisation:\n  country: BE\n  timezone: Europe/Brussels\n" {
		t.Errorf("%v %s", err, content(t, f))
	}
}

// TestLink: a file behind a link is changed where it is, and the link stays.
func TestLink(t *testing.T) {
	f := place(t, owners)
	link := filepath.Join(t.TempDir(), "link.yaml")
	if err := os.Symlink(f.Path, link); err != nil {
		t.Fatal(err)
	}
	through := &File{Path: link}
	write(t, through, set("mode", splice.Plain("enforce")))
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || !strings.Contains(content(t, f), "mode: enforce") {
		t.Errorf("%v\n%s", err, content(t, f))
	}
}

func TestRefusedWrite(t *testing.T) {
	f := place(t, owners)
	for name, c := range map[string]struct {
		edit splice.Edit
		says string
	}{
		"a wrong value":   {set("limits.organisation.money_per_day", "50"), "belwacht.yaml:8"},
		"another country": {set("organisation.country", "UK"), "belwacht.yaml:3: organisation.country: UK is written GB"},
		"no such key":     {set("limits.organisation.money_per_dya", "EUR 50"), "did you mean money_per_day"},
		"too short":       {set("keep.calls", splice.Plain("3")), "belwacht.yaml:12"},
	} {
		if p, err := f.Plan("", c.edit); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v %v", name, err, p)
		}
	}
	look, err := f.Look()
	if err != nil {
		t.Fatal(err)
	}
	plan, err := f.Plan(look.Sum, set("mode", splice.Plain("enforce")))
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, set("mode", splice.Plain("learn")))
	var changed *Changed
	if _, err := f.Plan(look.Sum, set("mode", splice.Plain("enforce"))); !errors.As(err, &changed) || !strings.Contains(strings.Join(changed.Lines, "\n"), "-mode: monitor\n+mode: learn") {
		t.Errorf("what was changed meanwhile is not shown: %v %+v", err, changed)
	}
	if err := f.Write(plan, "anna"); !errors.As(err, &changed) || !strings.Contains(changed.Says(text.Dutch), "gewijzigd") {
		t.Errorf("a change was written over another: %v", err)
	}
	before := content(t, f)
	for _, step := range []string{"write", "mode", "owner", "sync", "close", "rename"} {
		f.fail = func(at string) error {
			if at == step {
				return errors.New("no room")
			}
			return nil
		}
		p, err := f.Plan("", set("mode", splice.Plain("enforce")))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(p, "anna"); err == nil || content(t, f) != before {
			t.Errorf("%s failed: %v\n%s", step, err, content(t, f))
		}
	}
	f.fail = nil
	f.Reload = func(*config.Config, string) error { return belwacht.Errorf(belwacht.Config, "the port is taken") }
	p, err := f.Plan("", set("mode", splice.Plain("enforce")))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(p, "anna"); err == nil || !strings.Contains(err.Error(), "the port is taken") || content(t, f) != before {
		t.Errorf("%v\n%s", err, content(t, f))
	}
	if list, _ := f.History(); len(list) != 1 {
		t.Errorf("what was not done is listed: %+v", list)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Path), ".belwacht*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAlone: a reload of the file as it is by hand and changes by pages come one after the other: whatever is in use in the end is what the file says.
func TestAlone(t *testing.T) {
	f := place(t, owners)
	var inside atomic.Int32
	var used atomic.Pointer[config.Config]
	f.Reload = func(c *config.Config, _ string) error {
		if inside.Add(1) != 1 {
			t.Error("two configurations are put to use at once")
		}
		runtime.Gosched()
		used.Store(c)
		inside.Add(-1)
		return nil
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for n := range 10 {
				p, err := f.Plan("", set("limits.organisation.money_per_day", fmt.Sprintf("EUR %d", 100*i+n+1)))
				if err == nil {
					err = f.Write(p, "anna")
				}
				if err != nil && !errors.As(err, new(*Changed)) {
					t.Error(err)
				}
				if err := f.Again("a reload"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	look, err := f.Look()
	if err != nil || used.Load().Limits.Organisation.MoneyPerDay != look.Config.Limits.Organisation.MoneyPerDay {
		t.Errorf("%v: %v is in use, the file says %v", err, used.Load().Limits.Organisation.MoneyPerDay, look.Config.Limits.Organisation.MoneyPerDay)
	}
}

// TestFieldsHidden: what a field of a text message holds is in no difference, however it is written.
func TestFieldsHidden(t *testing.T) {
	for _, sms := range []string{"  sms:\n    url: https://g.example/1\n    fields:\n      pin: %s\n      to: \"{to}\"\n    form: json\n", "  sms: {url: \"https://g.example/1\", form: json, fields: {pin: %s, to: \"{to}\"}}\n"} {
		before, after := fmt.Sprintf("alerts:\n"+sms, "hunter1"), fmt.Sprintf("alerts:\n"+sms, "hunter2")
		got := strings.Join(shown([]byte(before), []byte(after)), "\n")
		if strings.Contains(got, "hunter") || !strings.Contains(got, "••••") || !strings.Contains(got, "json") {
			t.Errorf("%s", got)
		}
	}
}

// TestAccess: who may come in is made easier or stricter.
func TestAccess(t *testing.T) {
	for _, c := range []struct {
		key, before, after string
		want               belwacht.Act
	}{
		{"access.networks", "", "203.0.113.0/24", access.AccessTighten}, {"access.networks", "203.0.113.0/24", "", access.AccessLoosen},
		{"access.networks", "203.0.113.0/24", "203.0.113.8/29, 203.0.113.1", access.AccessTighten}, {"access.networks", "203.0.113.0/24", "203.0.113.0/24, 198.51.100.1", access.AccessLoosen},
		{"access.networks", "203.0.113.0/25", "203.0.113.0/24", access.AccessLoosen}, {"access.networks", "203.0.113.0/24", "nonsense", access.AccessLoosen},
		{"access.hours", "", "mon-fri 08:00-18:00", access.AccessTighten}, {"access.hours", "mon-fri 08:00-18:00", "", access.AccessLoosen},
		{"access.hours", "mon-fri 08:00-18:00", "mon-thu 09:00-17:00", access.AccessTighten}, {"access.hours", "mon-fri 08:00-18:00", "mon-sat 09:00-17:00", access.AccessLoosen},
		{"access.second_factor", "", "all", access.AccessTighten}, {"access.second_factor", "all", "", access.AccessLoosen},
		{"access.sessions.idle", "30m", "10m", access.AccessTighten}, {"access.sessions.idle", "10m", "30m", access.AccessLoosen}, {"access.sessions.idle", "10m", "", access.AccessLoosen},
		{"access.proxies", "", "203.0.113.80", access.AccessLoosen}, {"access.url", "", "https://x.example", access.AccessLoosen},
		{"accounts[212].kind", "machine", "person", access.RuleChange}, {"tenants[oak].groups.sales.accounts", "200", "200, 201", access.RuleChange}, {"networks", "", "203.0.113.0/24", access.RuleChange},
	} {
		if got := (What{c.key, c.before, c.after}).act(); got != c.want {
			t.Errorf("%s: %q → %q is %s, want %s", c.key, c.before, c.after, got, c.want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	f := place(t, owners, "BELWACHT_MODE=learn", "BELWACHT_LIMITS__ORGANISATION__MONEY_PER_DAY=EUR 10")
	for _, key := range []string{"mode", "limits.organisation.money_per_day", "limits.organisation"} {
		if _, err := f.Plan("", set(key, nil)); err == nil || !strings.Contains(err.Error(), "in the environment") {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := f.Plan("", set("limits.organisation.calls_at_once", splice.Plain("2"))); err != nil {
		t.Error(err)
	}
}

// TestUnwritable: /proc takes no files, from root neither.
func TestUnwritable(t *testing.T) {
	f := &File{Path: "/proc/self/belwacht.yaml"}
	p, err := f.Plan("", set("organisation.country", "NL"), set("organisation.timezone", "Europe/Amsterdam"))
	if err != nil {
		t.Fatal(err)
	}
	var u *Unwritable
	if err := f.Write(p, "anna"); !errors.As(err, &u) || belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(u.Says(text.Dutch), "met de hand") {
		t.Errorf("%v", err)
	}
	if err := f.Writable(); !errors.As(err, &u) {
		t.Errorf("%v", err)
	}
	if err := place(t, owners).Writable(); err != nil {
		t.Error(err)
	}
}

// TestVersions: only the last ones are kept, and a broken one is passed over.
func TestVersions(t *testing.T) {
	f := place(t, owners)
	at := time.Unix(1_790_000_000, 0)
	f.Now = func() time.Time { at = at.Add(time.Second); return at }
	for i := range versionsMost + 5 {
		write(t, f, set("mode", splice.Plain([]string{"learn", "monitor"}[i%2])))
	}
	if err := os.WriteFile(filepath.Join(f.Folder, folder, "x.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := f.History()
	if err != nil || len(list) != versionsMost && len(list) != versionsMost+1 || list[0].Time < list[1].Time {
		t.Errorf("%d %v", len(list), err)
	}
	if info, err := os.Stat(filepath.Join(f.Folder, folder, list[0].ID+".json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v %v", info.Mode(), err)
	}
}

func TestDeed(t *testing.T) {
	const more = owners + `rules: {new-country: "off"}
alerts:
  mail: {server: "mail.example.nl:587", from: a@example.nl, to: [a@example.nl]}
  people:
    - {name: Anna, mail: anna@example.nl, hours: "mon-fri 08:00-18:00"}
`
	for name, c := range map[string]struct {
		edit splice.Edit
		want belwacht.Act
	}{
		"mode up":         {set("mode", splice.Plain("enforce")), access.ModeRaise},
		"mode down":       {set("mode", splice.Plain("learn")), access.ModeLower},
		"limit up":        {set("limits.organisation.money_per_day", "EUR 100"), access.LimitRaise},
		"limit down":      {set("limits.organisation.money_per_day", "EUR 9"), access.LimitLower},
		"limit gone":      {set("limits.organisation.money_per_day", nil), access.LimitRaise},
		"limit new":       {set("limits.organisation.calls_at_once", splice.Plain("3")), access.LimitLower},
		"hours new":       {set("limits.organisation.hours", "mon-fri 08:00-18:00"), access.LimitLower},
		"country open":    {set("limits.organisation.only_countries", splice.Members{"NL", "BE", "DE"}), access.CountryOpen},
		"country close":   {set("limits.organisation.only_countries", splice.Members{"NL"}), access.CountryClose},
		"countries all":   {set("limits.organisation.only_countries", nil), access.CountryOpen},
		"country barred":  {set("limits.organisation.no_countries", splice.List{"SO"}), access.CountryClose},
		"rule off":        {set("rules.pace", "off"), access.RuleOff},
		"rule on":         {set("rules.new-country", "enforce"), access.RuleOn},
		"rule as it was":  {set("rules.new-country", nil), access.RuleOn},
		"brake off":       {set("brake.off", splice.Plain("true")), access.BrakeOff},
		"brake up":        {set("brake.money", "EUR 500"), access.LimitRaise},
		"brake down":      {set("brake.money", "EUR 5"), access.LimitLower},
		"kept shorter":    {set("keep.calls", splice.Plain("100")), access.KeepShorten},
		"kept longer":     {set("keep.calls", splice.Plain("300")), access.KeepLengthen},
		"kept as usual":   {set("keep.calls", nil), access.KeepShorten},
		"names go":        {set("keep.pseudonymise", splice.Plain("90")), access.KeepShorten},
		"refuse less":     {set("costs.refuse", "EUR 120"), access.RuleChange},
		"refuse more":     {set("costs.refuse", "EUR 20"), access.SettingChange},
		"tell less":       {set("costs.alert", "EUR 100"), access.TellingLess},
		"person gone":     {set("alerts.people.0", nil), access.TellingLess},
		"person's hours":  {set("alerts.people.0.hours", "mon 08:00-09:00"), access.TellingLess},
		"person new":      {set("alerts.people.+", splice.Group{{Key: "name", Value: "Bob"}, {Key: "mail", Value: "bob@example.nl"}}), access.SettingChange},
		"their language":  {set("alerts.people.0.language", "en"), access.SettingChange},
		"who may come in": {set("access.networks", splice.List{"192.0.2.0/24"}), access.AccessTighten},
		"office hours":    {set("organisation.office_hours", "mon-fri 08:00-18:00"), access.SettingChange},
	} {
		p, err := place(t, more).Plan("", c.edit)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := p.Deed("")
		if d.Act != c.want {
			t.Errorf("%s: %+v, want %s", name, d, c.want)
		}
		if strings.Contains(d.Detail, "@example") {
			t.Errorf("%s: %s tells where a person is reached", name, d.Detail)
		}
	}
	// Of several the gravest counts.
	p, err := place(t, more).Plan("", set("limits.organisation.money_per_day", "EUR 9"), set("mode", splice.Plain("learn")), set("rules.pace", "off"))
	if err != nil || p.Deed("").Act != access.ModeLower {
		t.Errorf("%v", err)
	}
}

// TestHidden: lines that are shown have no secrets, wherever on the line they stand.
func TestHidden(t *testing.T) {
	for line, want := range map[string]string{
		`+  webhook: {url: "https://a.example/x7", secret_file: /etc/s}`:  `+  webhook: {url: ••••, secret_file: /etc/s}`,
		`-    secret_file: /etc/belwacht/a.secret`:                        `-    secret_file: /etc/belwacht/a.secret`,
		`+  sms: {url: https://a, fields: {token: "t1", body: "{text}"}}`: `+  sms: {url: ••••, fields: {••••`,
		`+      api_key: abc`:                                               `+      api_key: ••••`,
		`+    money_per_day: EUR 50 # as agreed`:                            `+    money_per_day: EUR 50 # as agreed`,
		`+    only_countries: [NL, BE]`:                                     `+    only_countries: [NL, BE]`,
		`+  mail: {server: "m:587", user: b, password_file: /etc/m.secret}`: `+  mail: {server: "m:587", user: b, password_file: /etc/m.secret}`,
	} {
		if got := hidden(line); got != want {
			t.Errorf("%s\nis shown as\n%s", line, got)
		}
	}
}
