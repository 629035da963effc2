package setup

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/yaml/splice"
)

const two = `# two of them
mode: monitor
limits:
  organisation: {money_per_day: EUR 50}
  groups: {sales: {calls_per_day: 9}}
groups: {sales: {accounts: ["200"]}}
tenants:
  - name: north
    country: NL
    timezone: Europe/Amsterdam
  - name: south
    country: BE
    timezone: Europe/Brussels
    mode: enforce
    limits: {organisation: {money_per_day: EUR 10}}
`

const one = `organisation: {name: De Linde, country: NL, timezone: Europe/Amsterdam}
rules: {pace: monitor}
limits: {organisation: {only_countries: [NL, BE], no_classes: [premium]}, accounts: {"212": {calls_at_once: 2}}}
alerts:
  mail: {server: "mail.example.nl:587", from: a@example.nl, to: [a@example.nl]}
  people: [{name: Anna, mail: anna@example.nl, language: en}]
`

func owner(t *testing.T, data string) *Owner {
	t.Helper()
	f := &edit.File{Path: filepath.Join(t.TempDir(), "belwacht.yaml"), Folder: t.TempDir()}
	if err := os.WriteFile(f.Path, []byte(data), 0o640); err != nil {
		t.Fatal(err)
	}
	return &Owner{File: f}
}

func edits(list ...any) (out []splice.Edit) {
	for i := 0; i < len(list); i += 2 {
		key, _ := list[i].(string)
		out = append(out, splice.Edit{Path: strings.Split(key, "."), Value: list[i+1]})
	}
	return out
}

func (o *Owner) content(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(o.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestTenants: each organisation's edits land in its own part; what it inherited goes on to hold.
func TestTenants(t *testing.T) {
	o := owner(t, two)
	p, err := o.Plan(t.Context(), "north", "", edits("mode", splice.Plain("enforce"), "limits.organisation.calls_at_once", splice.Plain("4"), "organisation.office_hours", "mon-fri 08:00-18:00"))
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := access.InfoOf(p.Deed.Act); p.Deed.Tenant != "north" || info.Weakens {
		t.Errorf("%+v", p.Deed)
	}
	if err := p.Write("anna"); err != nil {
		t.Fatal(err)
	}
	look, err := o.File.Look()
	if err != nil {
		t.Fatal(err)
	}
	all := look.Config.All()
	n, s := &all[0], &all[1]
	if n.Mode != belwacht.Enforce || n.OfficeHours == "" || n.Limits.Organisation.CallsAtOnce != 4 || n.Limits.Organisation.MoneyPerDay.Amount != 50*belwacht.Unit || n.Limits.Groups["sales"].CallsPerDay != 9 {
		t.Errorf("north: %+v\n%s", n, o.content(t))
	}
	if s.Limits.Organisation.CallsAtOnce != 0 || s.Limits.Organisation.MoneyPerDay.Amount != 10*belwacht.Unit || !strings.HasPrefix(o.content(t), "# two of them\nmode: monitor\nlimits:\n  organisation: {money_per_day: EUR 50}\n") {
		t.Errorf("others were changed:\n%s", o.content(t))
	}
	if p, err := o.Plan(t.Context(), "south", "", edits("keep.calls", splice.Plain("400"))); err != nil || p.Deed.Tenant != "" {
		t.Errorf("what holds for all is one's own: %v %+v", err, p)
	}
	if _, err := o.Plan(t.Context(), "east", "", edits("mode", splice.Plain("learn"))); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Errorf("%v", err)
	}
	for tenant, want := range map[string]int{"north": 1, "south": 0} {
		list, err := o.History(t.Context(), tenant)
		if err != nil || len(list) != want {
			t.Errorf("%s sees %+v %v", tenant, list, err)
		}
	}
	list, _ := o.History(t.Context(), "north")
	if p, err := o.Undo(t.Context(), "north", list[0].ID); err != nil || p.Deed.Tenant != "north" || p.Deed.Act != access.ModeLower {
		t.Errorf("%v %+v", err, p)
	}
	if p, err := o.Undo(t.Context(), "south", list[0].ID); err != nil || p.Deed.Tenant != "" {
		t.Errorf("one undoes what is another's: %v %+v", err, p)
	}
}

func TestSheet(t *testing.T) {
	o := owner(t, one)
	s, err := o.Sheet(t.Context(), "De Linde")
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "De Linde" || s.Mode != "monitor" || s.Brake != "EUR 50" || strings.Join(s.Only, " ") != "NL BE" || len(s.Scopes) != 2 || s.Scopes[1].Kind != "accounts" || s.Scopes[1].Values[0].Value != "2" || len(s.People) != 1 ||
		s.People[0].Language != "en" || s.Mail.Server == "" || s.Locked != nil || s.Shared || s.Unset || s.Named {
		t.Errorf("%+v", s)
	}
	for _, r := range s.Rules {
		if (r.Switch == "monitor") != (r.Name == "pace") && r.Said {
			t.Errorf("%+v", r)
		}
	}
	o.Kept = func(string) bool { return true }
	if s, _ := o.Sheet(t.Context(), "De Linde"); !s.Named {
		t.Error("a name under which something is kept can be changed")
	}
}

// TestSecret: a secret stands in a file of its own for nobody else's eyes, there only once the change is made; the one before it comes back with an undo, and is
// swept away once nothing names it any more.
func TestSecret(t *testing.T) {
	o := owner(t, one)
	secrets := func() (names []string) {
		list, err := filepath.Glob(filepath.Join(filepath.Dir(o.File.Path), "*.secret"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	password := func(value string) []splice.Edit {
		return edits("alerts.mail.user", "belwacht", "alerts.mail.password_file", setup.Secret{Name: "mail", Value: value})
	}
	if _, err := o.Plan(t.Context(), "De Linde", "", password("two\nlines")); err == nil || strings.Contains(err.Error(), "two") {
		t.Errorf("two lines are taken: %v", err)
	}
	if _, err := o.Plan(t.Context(), "De Linde", "", edits("alerts.slack.url_file", setup.Secret{Name: "slack", Value: "http://hooks.example.com/s3cr3t", URL: true})); err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("an address that is not encrypted is taken: %v", err)
	}
	p, err := o.Plan(t.Context(), "De Linde", "", password("secret-1"))
	if err != nil || strings.Contains(p.Deed.Detail+strings.Join(p.Diff, ""), "secret-1") || len(secrets()) != 0 {
		t.Fatalf("%v %+v %v", err, p, secrets())
	}
	if err := p.Write("anna"); err != nil || len(secrets()) != 1 {
		t.Fatalf("%v %v", err, secrets())
	}
	first := secrets()[0]
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(o.content(t), "password_file: "+first) {
		t.Errorf("%v %v\n%s", err, info, o.content(t))
	}
	if p, err = o.Plan(t.Context(), "De Linde", "", password("secret-2")); err != nil {
		t.Fatal(err)
	}
	o.File.Reload = func(*config.Config, string) error { return errors.New("no") }
	if err := p.Write("anna"); err == nil || len(secrets()) != 1 {
		t.Errorf("what was not taken leaves a secret: %v %v", err, secrets())
	}
	o.File.Reload = nil
	if err := p.Write("anna"); err != nil || len(secrets()) != 2 || strings.Contains(o.content(t), first) {
		t.Fatalf("%v %v\n%s", err, secrets(), o.content(t))
	}
	list, err := o.History(t.Context(), "De Linde")
	if err != nil || !list[0].Last {
		t.Fatalf("%v %+v", err, list)
	}
	if p, err = o.Undo(t.Context(), "De Linde", list[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := p.Write("anna"); err != nil || !strings.Contains(o.content(t), first) {
		t.Errorf("%v\n%s", err, o.content(t))
	}
	if b, err := os.ReadFile(first); err != nil || string(b) != "secret-1\n" {
		t.Errorf("%q %v", b, err)
	}
	for _, name := range []string{"mail.secret", "mail-password.secret", "mail-aaaaaaaa.secret", "mail-aaaaaaaa.typed.secret", "mail-bbbbbbbb.typed.secret"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(first), name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.File.Environ = append(o.File.Environ, "BELWACHT_ALERTS__MAIL__PASSWORD_FILE="+filepath.Join(filepath.Dir(first), "mail-bbbbbbbb.typed.secret"))
	if err := o.sweep(); err != nil || len(secrets()) != 6 || slices.ContainsFunc(secrets(), func(name string) bool { return strings.HasSuffix(name, "mail-aaaaaaaa.typed.secret") }) {
		t.Errorf("what nobody names is left, or what was made by hand is gone: %v %v", err, secrets())
	}
}

// TestUnset: the first change of a file that names no organisation says where the console is, which would be gone after the next start.
func TestUnset(t *testing.T) {
	o := owner(t, "# nothing yet\n")
	o.Listen = "127.0.0.1:8443"
	p, err := o.Plan(t.Context(), "", "", edits("organisation.country", "NL", "organisation.timezone", "Europe/Amsterdam"))
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := access.InfoOf(p.Deed.Act); info.Weakens {
		t.Errorf("%+v", p.Deed)
	}
	if err := p.Write("anna"); err != nil || !strings.Contains(o.content(t), "web:\n  listen: \"127.0.0.1:8443\"\n") {
		t.Errorf("%v\n%s", err, o.content(t))
	}
}

// wizard is a wizard with a small Asterisk beside it, and records that are judged so.
func wizard(t *testing.T, data string, judge func(context.Context, *Job) (*Judged, error)) *Wizard {
	t.Helper()
	etc := filepath.Join(t.TempDir(), "etc")
	if err := os.Mkdir(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, contents := range map[string]string{"extensions.conf": "[a]\nexten => 1,1,NoOp()\n", "manager.conf": "[general]\nenabled = yes\n"} {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := NewWizard(WizardConfig{Owner: owner(t, data), Folder: t.TempDir(), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Places: []Place{{Kind: connect.Asterisk, Etc: etc}, {Kind: connect.FreeSWITCH, Etc: "/nowhere"}},
		Judge: judge, Status: func(context.Context) (*control.Status, error) { return &control.Status{Waiting: true}, nil }})
	t.Cleanup(w.Close)
	return w
}

// read waits until records are read.
func read(t *testing.T, w *Wizard) *setup.Import {
	t.Helper()
	w.jobs.Wait()
	s, err := w.State(t.Context(), "De Linde")
	if err != nil || s.Import == nil || s.Import.Ended == 0 {
		t.Fatalf("%+v %v", s, err)
	}
	return s.Import
}

func TestImport(t *testing.T) {
	nl, be := country(t, "NL"), country(t, "BE")
	var file string
	judge := func(_ context.Context, j *Job) (*Judged, error) {
		file = j.File
		b, err := os.ReadFile(j.File)
		if err != nil || string(b) != "rows" {
			return nil, errors.New("not what was sent")
		}
		j.Note("note of " + j.File)
		j.Progress(2, 1)
		at := belwacht.Instant(1_790_000_000_000)
		for _, o := range []belwacht.Outcome{{Call: &belwacht.Call{Start: at}, Number: belwacht.Number{Country: nl}}, {Call: &belwacht.Call{Start: at + 1}, Number: belwacht.Number{Country: be}, Cost: 5},
			{Call: &belwacht.Call{Start: at + 2}, Number: belwacht.Number{Country: country(t, "SO")}, Cost: 7, Start: &belwacht.Decision{Word: belwacht.Refuse}}} {
			if err := j.Outcome(&o); err != nil {
				return nil, err
			}
		}
		return &Judged{Rows: 4, Rejected: 1, Alerts: []belwacht.Alert{{Reason: "called +252612345678", Word: belwacht.Refuse}}}, os.WriteFile(j.State, []byte("memory"), 0o600)
	}
	w := wizard(t, one, judge)
	var adopted string
	w.Adopt = func(r io.Reader) error { b, err := io.ReadAll(r); adopted = string(b); return err }
	if err := w.Import(t.Context(), "De Linde", `C:\calls\..\Master.csv`, strings.NewReader("rows")); err != nil {
		t.Fatal(err)
	}
	i := read(t, w)
	if i.Failed != "" || i.Name != "Master.csv" || i.Rows != 4 || i.Rejected != 1 || i.Calls != 3 || i.Refused != 1 || i.Cost != 7 || len(i.Seen) != 2 || i.More != 0 || len(i.Alerts) != 1 || !i.Learned || adopted != "memory" {
		t.Errorf("%+v, adopted %q", i, adopted)
	}
	if strings.Contains(i.Alerts[0].Reason, "612345678") || i.Notes[0] != "note of Master.csv" {
		t.Errorf("%+v", i)
	}
	if left, _ := filepath.Glob(filepath.Join(w.Folder, "import-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	offers, err := w.Offers(t.Context(), "De Linde")
	if err != nil || len(offers) != 2 || !offers[1].Home && !offers[0].Home {
		t.Errorf("%+v %v", offers, err)
	}
	// What was learned stays where something is kept already; and what cannot be read is said without the path in the data folder.
	w.Owner.Kept = func(string) bool { return true }
	adopted = ""
	if err := w.Import(t.Context(), "De Linde", "more.csv", strings.NewReader("rows")); err != nil || read(t, w).Learned || adopted != "" {
		t.Errorf("%v, adopted %q", err, adopted)
	}
	if err := w.Import(t.Context(), "De Linde", "bad.csv", strings.NewReader("other")); err != nil || read(t, w).Failed != "not what was sent" || strings.Contains(read(t, w).Failed, file) {
		t.Errorf("%v %+v", err, read(t, w))
	}
	link := filepath.Join(t.TempDir(), "records.csv")
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{"empty.csv": strings.NewReader(""), "/nowhere": nil, "relative": nil, "/proc": nil, "/etc/passwd": nil, link: nil} {
		if err := w.Import(t.Context(), "De Linde", name, r); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestImportFault: a fault of ours that a record brings out ends the reading only; one that a stop cut off says so.
func TestImportFault(t *testing.T) {
	w := wizard(t, one, func(context.Context, *Job) (*Judged, error) { panic("a record's doing") })
	if err := w.Import(t.Context(), "De Linde", "a.csv", bytes.NewReader([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	if i := read(t, w); !strings.Contains(i.Failed, "in the log") {
		t.Errorf("%+v", i)
	}
	if err := w.Keep(t.Context(), "De Linde", &setup.State{Import: &setup.Import{Name: "a", Began: 1}}); err != nil {
		t.Fatal(err)
	}
	if s, err := w.State(t.Context(), "De Linde"); err != nil || s.Import.Failed == "" {
		t.Errorf("%+v %v", s.Import, err)
	}
}

func TestConnect(t *testing.T) {
	w := wizard(t, one, nil)
	reloaded := 0
	w.Owner.File.Reload = func(*config.Config, string) error { reloaded++; return nil }
	found, err := w.Find(t.Context(), "De Linde")
	if err != nil || len(found) != 1 || found[0].Here || found[0].Wrong != "" || len(found[0].Steps) == 0 || len(found[0].Diff) == 0 || !strings.Contains(found[0].Command, "belwacht connect asterisk --config ") {
		t.Fatalf("%+v %v", found, err)
	}
	if !found[0].May {
		t.Skip("only root may connect a PBX; the tests run as another user")
	}
	if err := w.Connect(t.Context(), "De Linde", "freepbx", "anna"); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Errorf("%v", err)
	}
	if err := w.Connect(t.Context(), "De Linde", "asterisk", "anna"); err != nil || reloaded != 1 {
		t.Fatalf("%v, %d reloads", err, reloaded)
	}
	if found, err = w.Find(t.Context(), "De Linde"); err != nil || !found[0].Here {
		t.Errorf("%+v %v", found, err)
	}
	if s, err := w.Owner.Sheet(t.Context(), "De Linde"); err != nil || len(s.PBXs) != 1 || !strings.HasPrefix(w.Owner.content(t), one) {
		t.Errorf("%v\n%s", err, w.Owner.content(t))
	}
	// What is changed from then on stays outside the part between marks, so that the way back finds it as it was.
	p, err := w.Owner.Plan(t.Context(), "De Linde", "", edits("mode", splice.Plain("enforce")))
	if err == nil {
		err = p.Write("anna")
	}
	if err != nil || !strings.HasSuffix(w.Owner.content(t), "# <<< belwacht connect\nmode: enforce\n") {
		t.Errorf("%v\n%s", err, w.Owner.content(t))
	}
}

// TestConnectFails: where Belwacht does not take the PBX all is as it was.
func TestConnectFails(t *testing.T) {
	w := wizard(t, one, nil)
	if found, err := w.Find(t.Context(), "De Linde"); err != nil || !found[0].May {
		t.Skipf("only root may connect a PBX: %v", err)
	}
	w.Owner.File.Reload = func(*config.Config, string) error { return errors.New("no") }
	if err := w.Connect(t.Context(), "De Linde", "asterisk", "anna"); err == nil || w.Owner.content(t) != one {
		t.Errorf("%v\n%s", err, w.Owner.content(t))
	}
}

func TestTest(t *testing.T) {
	w := wizard(t, one, nil)
	for dialled, want := range map[string][2]bool{"112": {true, false}, "0112": {true, false}, "1120": {false, false}, "0201234567": {false, false}, "0049301234567": {false, true}, "003221234567": {false, false},
		"09001234": {false, true}, "113": {true, false}} {
		x, err := w.Test(t.Context(), "De Linde", dialled)
		if err != nil || x.Always != want[0] || x.Refused != want[1] || x.Says.In(text.Dutch) == x.Says.In(text.English) {
			t.Errorf("%s: %+v %v", dialled, x, err)
		}
	}
}

func TestState(t *testing.T) {
	w := wizard(t, one, nil)
	s := &setup.State{Done: map[string]belwacht.Instant{"pbx": 5}, Enforce: "2026-12-24"}
	if err := w.Keep(t.Context(), "De Linde", s); err != nil {
		t.Fatal(err)
	}
	again := NewWizard(w.WizardConfig)
	defer again.Close()
	if got, err := again.State(t.Context(), "De Linde"); err != nil || got.Done["pbx"] != 5 || got.Enforce != "2026-12-24" {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := again.State(t.Context(), "renamed"); err != nil || got.Done["pbx"] != 5 {
		t.Errorf("what was done is lost with another name: %+v %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(w.Folder, stateFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := again.State(t.Context(), "De Linde"); err != nil || len(got.Done) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	for l, want := range map[text.Language]string{text.English: "Not guarded yet", text.Dutch: "Nog niet bewaakt"} {
		if says, err := w.Guarded(t.Context(), l); err != nil || !strings.HasPrefix(says, want) || strings.Contains(says, "\n") {
			t.Errorf("%q %v", says, err)
		}
	}
}

func country(t *testing.T, code string) belwacht.Country {
	t.Helper()
	c, ok := belwacht.ParseCountry(code)
	if !ok {
		t.Fatal(code)
	}
	return c
}
