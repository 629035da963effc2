package door_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/store/sqlite"
)

// TestEveryActEveryRole tries each act as each role and as nobody: what the tables say is what happens, and what is refused is not done.
func TestEveryActEveryRole(t *testing.T) {
	h := build(t)
	people := map[belwacht.Role]*access.Visitor{"": nil}
	anna := h.admin("anna")
	people[belwacht.RoleAdministrator] = anna.visitor
	for _, r := range belwacht.Roles()[1:] {
		people[r] = h.invite(anna, belwacht.User{Login: string(r), Name: string(r), Role: r, Account: map[bool]string{true: "212"}[r == belwacht.RoleSelf]}).visitor
	}
	for _, i := range access.Acts() {
		if i.Needs == "" {
			continue
		}
		for role, v := range people {
			done := false
			p, err := h.Do(t.Context(), v, &access.Deed{Act: i.Act, Subject: "x"}, func() error { done = true; return nil })
			if want := access.May(role, i.Needs); done != want || want != (err == nil) || p != nil || !want && belwacht.CodeOf(err) != belwacht.Forbidden {
				t.Errorf("%s as %q: done %v, %v", i.Act, role, done, err)
			}
		}
	}
	if _, err := h.Do(t.Context(), anna.visitor, &access.Deed{Act: "nonsense"}, func() error { t.Error("done"); return nil }); err == nil {
		t.Error("an act of nonsense")
	}
}

// TestLinked: what is done by a message's link is in the audit log before it is done, in the name of whose link it is; that it could not be done too, but not that it is only
// not on disk yet.
func TestLinked(t *testing.T) {
	h := build(t)
	for i, err := range []error{nil, belwacht.Errorf(belwacht.Unreachable, "later"), errors.New("no")} {
		before := 0
		got := h.Linked(t.Context(), "Anna\n", netip.MustParseAddr("::ffff:192.0.2.7"), &access.Deed{Act: access.AlertWork, Tenant: "oak", Subject: "alert A1", Detail: "take"}, func() error {
			before = len(h.acts(belwacht.EntryQuery{Act: access.AlertWork}))
			return err
		})
		list, _, bad := h.store.Entries(t.Context(), &belwacht.EntryQuery{Act: access.AlertWork, Tenant: "oak"})
		want := []int{1, 2, 4}[i]
		if got != err || bad != nil || before != i+1 || len(list) != want {
			t.Fatalf("%v: %v, %d entries before it, %d after, %v", err, got, before, len(list), bad)
		}
		if e := &list[0]; e.Who != "Anna·" || e.Via != "link" || e.From != "192.0.2.7" || e.Subject != "alert A1" || (e.Failed != "") != (i == 2) || e.Weakens {
			t.Errorf("%+v", e)
		}
	}
}

// TestStolenAdministrator: whoever has an administrator's session and weakens protection is seen by all others, and cannot do the gravest alone.
func TestStolenAdministrator(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	bert := h.invite(anna, belwacht.User{Login: "bert", Name: "Bert", Role: belwacht.RoleAdministrator})
	carla := h.invite2(anna, bert, belwacht.User{Login: "carla", Name: "Carla", Role: belwacht.RoleAdministrator})
	h.told("")
	for _, i := range access.Acts() {
		if !i.Weakens || i.Needs == "" {
			continue
		}
		done := false
		p, err := h.Do(t.Context(), anna.visitor, &access.Deed{Act: i.Act, Subject: "thing", Detail: "of a thief"}, func() error { done = true; return nil })
		if err != nil || done == i.Two || (p != nil) != i.Two {
			t.Errorf("%s: done %v, proposal %v, %v", i.Act, done, p, err)
		}
		want := belwacht.NoticeWeakened
		if i.Two {
			want = belwacht.NoticeProposal
		}
		h.mu.Lock()
		for _, who := range []string{"bert", "carla"} {
			if !slices.ContainsFunc(h.notices, func(n belwacht.Notice) bool {
				return n.Kind == want && n.Entry.Who == "anna" && slices.ContainsFunc(n.To, func(u belwacht.User) bool { return u.Login == who })
			}) {
				t.Errorf("%s: %s is not told", i.Act, who)
			}
		}
		if slices.ContainsFunc(h.notices, func(n belwacht.Notice) bool {
			return slices.ContainsFunc(n.To, func(u belwacht.User) bool { return u.Login == "anna" })
		}) {
			t.Errorf("%s: the thief is told", i.Act)
		}
		h.notices = nil
		h.mu.Unlock()
	}
	// What a stolen session cannot do without the password: keep itself alive by another factor or password.
	_, err := h.NewPasskey(anna.visitor, anna.attempt())
	if err != nil {
		t.Fatal(err)
	}
	code(t, h.ChangePassword(t.Context(), anna.visitor, "guess", "Andere-lamp8-rivier"), belwacht.Forbidden)
	code(t, h.RemoveTOTP(t.Context(), anna.visitor, "guess"), belwacht.Forbidden)
	_, err = h.Recovery(t.Context(), anna.visitor, "guess")
	code(t, err, belwacht.Forbidden)
	_ = carla
}

// invite2 has one administrator propose another, and a second agree.
func (h *house) invite2(by, second *someone, u belwacht.User) *someone {
	h.t.Helper()
	_, p, err := h.Add(h.t.Context(), by.visitor, u)
	if err != nil || p == nil {
		h.t.Fatalf("%v, %v", p, err)
	}
	if err := h.Answer(h.t.Context(), second.visitor, p.ID, true); err != nil {
		h.t.Fatal(err)
	}
	return h.invite(by, u)
}

func TestTwoPeople(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	lower := &access.Deed{Act: access.ModeLower, Subject: "mode", Detail: "enforce → monitor"}
	times := 0
	do := func(p *someone, d *access.Deed) *belwacht.Proposal {
		t.Helper()
		w, err := h.Do(t.Context(), p.visitor, d, func() error { times++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := do(anna, lower); w != nil || times != 1 {
		t.Fatalf("alone, an administrator waits for %v", w)
	}
	bert := h.invite(anna, belwacht.User{Login: "bert", Name: "Bert", Role: belwacht.RoleAdministrator})
	oscar := h.invite(anna, belwacht.User{Login: "oscar", Name: "Oscar", Role: belwacht.RoleOperator})
	w := do(anna, lower)
	if w == nil || times != 1 {
		t.Fatalf("%v, done %d times", w, times)
	}
	if again := do(anna, lower); again == nil || again.ID != w.ID {
		t.Errorf("asked again it is another proposal: %v", again)
	}
	code(t, h.Answer(t.Context(), anna.visitor, w.ID, true), belwacht.Forbidden)
	code(t, h.Answer(t.Context(), oscar.visitor, w.ID, true), belwacht.Forbidden)
	code(t, h.Answer(t.Context(), bert.visitor, "nonsense", true), belwacht.NotFound)
	if err := h.Answer(t.Context(), bert.visitor, w.ID, true); err != nil {
		t.Fatal(err)
	}
	h.restart()
	anna.visit()
	bert.visit()
	other := *lower
	other.Detail = "enforce → learn"
	if w := do(anna, &other); w == nil || times != 1 {
		t.Error("what was agreed to serves for something else")
	}
	if w := do(bert, lower); w == nil || times != 1 {
		t.Error("what was agreed to for one serves for another")
	}
	if w := do(anna, lower); w != nil || times != 2 {
		t.Errorf("what was agreed to waits for %v", w)
	}
	if w := do(anna, lower); w == nil || times != 2 {
		t.Error("what was agreed to is good twice")
	}
	open := func() (list []belwacht.Proposal) {
		for _, p := range h.Proposals() {
			if p.Open(belwacht.InstantOf(h.clock())) {
				list = append(list, p)
			}
		}
		return list
	}
	if n := len(open()); n != 3 {
		t.Errorf("%d are open", n)
	}
	for _, p := range open() {
		if err := h.Answer(t.Context(), bert.visitor, p.ID, false); err != nil { // refused, or withdrawn
			t.Error(err)
		}
	}
	if n := len(open()); n != 0 {
		t.Errorf("%d are open after no", n)
	}
	w = do(anna, lower)
	h.pass(25 * time.Hour)
	if err := bert.signIn(); err != nil {
		t.Fatal(err)
	}
	code(t, h.Answer(t.Context(), bert.visitor, w.ID, true), belwacht.NotFound)
}

func TestCarriedOut(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	bert := h.invite(anna, belwacht.User{Login: "bert", Name: "Bert", Role: belwacht.RoleAdministrator})
	lower := &access.Deed{Act: access.ModeLower, Subject: "mode", Detail: "enforce → monitor", Exact: "1"}
	times := 0
	do := func(p *someone, d *access.Deed, proposal, mode string) (*belwacht.Proposal, error) {
		form := url.Values{"mode": {mode}, "sum": {fmt.Sprint(times)}, "sure": {"yes"}, "proposal": {proposal}, "secret-x": {"hunter2"}}
		return h.Do(access.WithAsked(t.Context(), access.AskedBy("/settings/mode", "", form)), p.visitor, d, func() error { times++; return nil })
	}
	w, err := do(anna, lower, "", "monitor")
	if err != nil || w == nil || w.Sent == nil || w.Sent.Form["mode"][0] != "monitor" || len(w.Sent.Form) != 1 || w.Sent.Secrets[0] != "secret-x" {
		t.Fatalf("%+v %v", w, err)
	}
	refused := func(what string, p *someone, d *access.Deed, proposal, mode string, want belwacht.Code, says string) {
		t.Helper()
		if w, err := do(p, d, proposal, mode); err == nil || w != nil || belwacht.CodeOf(err) != want || !strings.Contains(err.Error(), says) || times != 0 {
			t.Errorf("%s: %v %v, done %d times", what, w, err, times)
		}
	}
	refused("nobody agreed", anna, lower, w.ID, "monitor", belwacht.Forbidden, "no second administrator")
	h.told("anna")
	if err := h.Answer(t.Context(), bert.visitor, w.ID, true); err != nil {
		t.Fatal(err)
	}
	if told := h.told("anna"); !slices.Contains(told, belwacht.NoticeAgreed) {
		t.Errorf("who proposed it is told %v", told)
	}
	h.restart()
	anna.visit()
	bert.visit()
	refused("another's", bert, lower, w.ID, "monitor", belwacht.NotFound, "of yours")
	refused("none", anna, lower, "nonsense", "monitor", belwacht.NotFound, "of yours")
	other := *lower
	other.Detail = "monitor → learn"
	refused("another change", anna, &other, w.ID, "monitor", belwacht.Invalid, "Agreed to was: mode: enforce → monitor. Now it would be: mode: monitor → learn")
	hidden := *lower
	hidden.Exact = "2"
	refused("what is not shown is another", anna, &hidden, w.ID, "monitor", belwacht.Invalid, "no longer fits")
	refused("another form", anna, lower, w.ID, "learn", belwacht.Invalid, "not what was agreed to")
	small := &access.Deed{Act: access.SettingChange, Subject: "mode"}
	refused("what takes nobody else", anna, small, w.ID, "monitor", belwacht.Invalid, "no longer fits")
	if waits, err := do(anna, lower, w.ID, "monitor"); err != nil || waits != nil || times != 1 {
		t.Fatalf("%v %v, done %d times", waits, err, times)
	}
	if _, err := do(anna, lower, w.ID, "monitor"); belwacht.CodeOf(err) != belwacht.NotFound || times != 1 {
		t.Errorf("it is carried out twice: %v", err)
	}
	for _, p := range h.Proposals() {
		if p.ID == w.ID && p.Outcome != "done" {
			t.Errorf("%+v", p)
		}
	}
}

func TestFailuresAreRecorded(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	if _, err := h.Do(t.Context(), anna.visitor, &access.Deed{Act: access.LimitRaise}, func() error { return errors.New("the disk is full") }); err == nil {
		t.Error("an error is lost")
	}
	list, _, err := h.store.Entries(t.Context(), &belwacht.EntryQuery{Act: access.LimitRaise})
	if err != nil || len(list) != 2 || list[0].Failed != "the disk is full" || list[1].Failed != "" || !list[1].Weakens || list[1].From != office.String() {
		t.Errorf("%+v, %v", list, err)
	}
	if r, err := h.log.Verify(t.Context(), nil); err != nil || !r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestUnmask(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	oscar := h.invite(anna, belwacht.User{Login: "oscar", Name: "Oscar", Role: belwacht.RoleHelpdesk})
	v := anna.visitor
	code(t, h.Unmask(t.Context(), v, "", "+31 6 •••• 5678", false, " "), belwacht.Invalid)
	code(t, h.Unmask(t.Context(), v, "", "116 •••", true, "a good reason"), belwacht.Forbidden)
	code(t, h.Unmask(t.Context(), oscar.visitor, "", "+31 6 •••• 5678", false, "a good reason"), belwacht.Forbidden)
	if err := h.Unmask(t.Context(), v, "oak", "+31 6 •••• 5678", false, "the police asks"); err != nil {
		t.Fatal(err)
	}
	list, _, err := h.store.Entries(t.Context(), &belwacht.EntryQuery{Act: access.NumberUnmask})
	if err != nil || len(list) != 1 || list[0].Why != "the police asks" || list[0].Subject != "+31 6 •••• 5678" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestUsers(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	_, err := h.Remove(t.Context(), anna.visitor, anna.visitor.User.ID)
	code(t, err, belwacht.Invalid) // the last one
	me := anna.visitor.User
	me.Disabled = true
	_, err = h.Change(t.Context(), anna.visitor, me)
	code(t, err, belwacht.Invalid)
	oscar := h.invite(anna, belwacht.User{Login: "oscar", Name: "Oscar", Role: belwacht.RoleOperator})
	_, _, err = h.Add(t.Context(), anna.visitor, belwacht.User{Login: "Oscar", Name: "x", Role: belwacht.RoleOperator})
	code(t, err, belwacht.Invalid)
	_, _, err = h.Add(t.Context(), oscar.visitor, belwacht.User{Login: "eve", Role: belwacht.RoleAdministrator})
	code(t, err, belwacht.Forbidden)
	changed := oscar.visitor.User
	changed.Role = belwacht.RoleAuditor
	if p, err := h.Change(t.Context(), anna.visitor, changed); err != nil || p != nil {
		t.Fatal(p, err)
	}
	if oscar.visit() != nil {
		t.Error("with another role the old session goes on")
	}
	if err := oscar.signIn(); err != nil || oscar.visitor.May(access.CallsEnd) || !oscar.visitor.May(access.LogRead) {
		t.Errorf("%v", err)
	}
	secret, err := h.ResetUser(t.Context(), anna.visitor, oscar.visitor.User.ID)
	if err != nil || oscar.visit() != nil {
		t.Fatalf("%v", err)
	}
	code(t, oscar.signIn(), belwacht.Forbidden)
	tk, err := h.Enter(t.Context(), secret, oscar.attempt())
	if err != nil || tk.Session.Stage != belwacht.StageReset {
		t.Fatalf("%v", err)
	}
	barred := changed
	barred.Disabled = true
	if _, err := h.Change(t.Context(), anna.visitor, barred); err != nil {
		t.Fatal(err)
	}
	if v, _ := h.Visit(t.Context(), tk.Token, office, oscar.agent); v != nil {
		t.Error("who is barred goes on")
	}
	if _, err := h.Remove(t.Context(), anna.visitor, barred.ID); err != nil {
		t.Fatal(err)
	}
	h.restart()
	if n := len(h.Users()); n != 1 {
		t.Errorf("%d users after a restart", n)
	}
	// An administrator of one organisation sees and changes no other's.
	elm := h.invite(h.login(anna), belwacht.User{Login: "elm", Name: "Elm", Role: belwacht.RoleAdministrator, Tenant: "elm"})
	_, _, err = h.Add(t.Context(), elm.visitor, belwacht.User{Login: "oak", Role: belwacht.RoleOperator, Tenant: "oak"})
	code(t, err, belwacht.Forbidden)
	_, err = h.Change(t.Context(), elm.visitor, anna.visitor.User)
	code(t, err, belwacht.NotFound)
}

func (h *house) login(p *someone) *someone {
	h.t.Helper()
	if err := p.signIn(); err != nil {
		h.t.Fatal(err)
	}
	return p
}

func TestKeys(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	oscar := h.invite(anna, belwacht.User{Login: "oscar", Name: "Oscar", Role: belwacht.RoleOperator})
	scopes := []belwacht.Permission{access.CallsRead, access.UsersRead}
	day := 24 * time.Hour
	for name, err := range map[string]error{
		"of an operator": func() error { _, err := h.MakeKey(t.Context(), oscar.visitor, "x", scopes, nil, day); return err }(),
		"without scopes": func() error { _, err := h.MakeKey(t.Context(), anna.visitor, "x", nil, nil, day); return err }(),
		"for ever":       func() error { _, err := h.MakeKey(t.Context(), anna.visitor, "x", scopes, nil, 4000*day); return err }(),
		"for passwords": func() error {
			_, err := h.MakeKey(t.Context(), anna.visitor, "x", []belwacht.Permission{access.OwnAccount}, nil, day)
			return err
		}(),
		"from nowhere": func() error {
			_, err := h.MakeKey(t.Context(), anna.visitor, "x", scopes, []string{"home"}, day)
			return err
		}(),
	} {
		if err == nil {
			t.Errorf("a key %s is made", name)
		}
	}
	shown, err := h.MakeKey(t.Context(), anna.visitor, "grafana", scopes, []string{"192.0.2.0/24"}, day)
	if err != nil || !strings.HasPrefix(shown, "bwk_") {
		t.Fatalf("%v", err)
	}
	h.restart()
	v, err := h.VisitKey(shown, office)
	if err != nil || !v.May(access.CallsRead) || v.May(access.CallsEnd) || v.May(access.OwnAccount) || v.Via != "api" {
		t.Fatalf("%+v, %v", v, err)
	}
	if stored, err := h.store.Keys(t.Context()); err != nil || strings.Contains(fmt.Sprintf("%+v", stored), strings.SplitN(shown, "_", 3)[2]) {
		t.Errorf("the secret is in the store, or %v", err)
	}
	_, err = h.MakeKey(t.Context(), v, "y", scopes, nil, day)
	code(t, err, belwacht.Forbidden)
	changed := shown[:len(shown)-1] + "A"
	if changed == shown { // one key in sixteen ends so
		changed = shown[:len(shown)-1] + "E"
	}
	for name, c := range map[string]struct {
		shown string
		from  netip.Addr
	}{
		"from elsewhere": {shown, outside}, "changed": {changed, office}, "none": {"", office}, "its ID": {strings.Join(strings.Split(shown, "_")[:2], "_"), office},
		"its sum": {"bwk_" + v.Key + "_" + h.Keys()[0].Sum, office}, "long": {strings.Repeat("bwk_", 1000), office},
	} {
		if _, err := h.VisitKey(c.shown, c.from); belwacht.CodeOf(err) != belwacht.Forbidden || err == nil {
			t.Errorf("%s: %v", name, err)
		}
		h.pass(time.Minute)
	}
	h.pass(day)
	_, err = h.VisitKey(shown, office)
	code(t, err, belwacht.Forbidden) // over
	h.login(anna)
	if shown, err = h.MakeKey(t.Context(), anna.visitor, "two", scopes, nil, day); err != nil {
		t.Fatal(err)
	}
	if err := h.RevokeKey(t.Context(), anna.visitor, h.Keys()[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.VisitKey(shown, office)
	code(t, err, belwacht.Forbidden)
	guesses := 0
	for range 200 {
		if _, err := h.VisitKey("bwk_x_y", outside); belwacht.CodeOf(err) == belwacht.Forbidden {
			guesses++
		}
		h.pass(time.Second)
	}
	if guesses > 15 {
		t.Errorf("%d guesses of a key were looked at", guesses)
	}
}

// TestNothingInTheStoreOpens reads the file for what people and programs show.
func TestNothingInTheStoreOpens(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	shown, err := h.MakeKey(t.Context(), anna.visitor, "k", []belwacht.Permission{access.CallsRead}, nil, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{password, anna.secret, anna.token, anna.device, strings.Split(shown, "_")[2], anna.codes[0], strings.ReplaceAll(anna.codes[0], "-", "")}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := h.store.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	b := readAll(t, copied, filepath.Join(h.folder, sqlite.File), filepath.Join(h.folder, sqlite.File+"-wal"))
	if !strings.Contains(b, "anna") {
		t.Fatal("the copy is of something else")
	}
	for i, s := range secrets {
		if s == "" || strings.Contains(b, s) {
			t.Errorf("secret %d stands in the store, or is none", i)
		}
	}
	if strings.Contains(h.lines.String(), anna.token) || strings.Contains(h.lines.String(), password) {
		t.Error("a secret is in the log")
	}
}

func readAll(t *testing.T, names ...string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}
