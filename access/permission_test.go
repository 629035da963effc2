package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// TestTable holds, beside the table itself, what must be true of it whatever becomes of its lines.
func TestTable(t *testing.T) {
	seen := map[belwacht.Permission]bool{}
	for _, g := range grants() {
		if seen[g.permission] || g.says[0] == "" || g.says[1] == "" || g.roles == 0 {
			t.Errorf("%s is there twice, or nobody may it, or it says nothing", g.permission)
		}
		seen[g.permission] = true
		if g.roles&adm == 0 && !strings.HasPrefix(string(g.permission), "own.") {
			t.Errorf("an administrator may not %s", g.says[0])
		}
		if g.roles&sel != 0 && !strings.HasPrefix(string(g.permission), "own.") {
			t.Errorf("self-service may %s", g.says[0])
		}
		changes := !strings.HasSuffix(string(g.permission), ".read") && g.permission != NumbersUnmask && g.permission != CallsExport && g.permission != OwnAccount &&
			g.permission != HelpdeskRead
		if g.roles&aud != 0 && changes {
			t.Errorf("an auditor changes nothing and may %s", g.says[0])
		}
		if g.roles&hel != 0 && slices.Contains([]belwacht.Permission{NumbersUnmask, CallsExport, AccountsFree, PanicOff, UsersChange, SettingsWrite}, g.permission) {
			t.Errorf("the helpdesk may %s", g.says[0])
		}
	}
	for _, p := range AllPermissions() {
		if strings.HasSuffix(string(p), ".read") && !May(belwacht.RoleAuditor, p) {
			t.Errorf("an auditor may not %s", Says(text.English, p))
		}
		if May("", p) || May("root", p) {
			t.Errorf("who has no role may %s", p)
		}
	}
	if May(belwacht.RoleAdministrator, "nonsense") || (*Visitor)(nil).May(CallsRead) {
		t.Error("what is in no table is allowed")
	}
	for i, want := range []int{len(AllPermissions()) - 2, 21, 18, 8, 3} {
		if r := belwacht.Roles()[i]; len(Permissions(r)) != want {
			t.Errorf("%s may %d things, was %d: is that meant? %v", r, len(Permissions(r)), want, Permissions(r))
		}
	}
}

// TestActs holds that each act has its line, and that what the guide names as weakening is told.
func TestActs(t *testing.T) {
	seen := map[belwacht.Act]bool{}
	all := AllPermissions()
	for _, i := range Acts() {
		if seen[i.Act] || i.English == "" || i.Dutch == "" || i.Needs != "" && !slices.Contains(all, i.Needs) {
			t.Errorf("%+v", i)
		}
		seen[i.Act] = true
		if i.Two && !i.Weakens {
			t.Errorf("%s takes two people and weakens nothing", i.Act)
		}
		if i.Anyhow && i.Weakens && i.Needs != "" {
			t.Errorf("%s weakens, and would be done without an entry in the audit log", i.Act)
		}
	}
	for _, a := range []belwacht.Act{ModeLower, LimitRaise, CountryOpen, RuleOff, AlertSilence, KeepShorten, BansClear, UserAddAdmin, UserPromote, AccessLoosen, BrakeOff,
		PanicRelease, LinkMake, KeyMake} {
		if i, ok := InfoOf(a); !ok || !i.Weakens {
			t.Errorf("%s is told to nobody", a)
		}
	}
	if _, ok := InfoOf("nonsense"); ok {
		t.Error("there is an act of nonsense")
	}
}

// TestVisitor: only who is signed in fully may anything, and a key no more than its scopes and its user.
func TestVisitor(t *testing.T) {
	operator := belwacht.User{Role: belwacht.RoleOperator, Tenant: "oak"}
	full := belwacht.Session{Stage: belwacht.StageFull}
	barred := operator
	barred.Disabled = true
	for i, c := range []struct {
		v    *Visitor
		p    belwacht.Permission
		want bool
	}{
		{nil, CallsRead, false},
		{&Visitor{User: operator, Session: full}, CallsRead, true},
		{&Visitor{User: operator, Session: full}, UsersChange, false},
		{&Visitor{User: barred, Session: full}, CallsRead, false},
		{&Visitor{User: operator}, CallsRead, false},
		{&Visitor{User: operator, Session: belwacht.Session{Stage: belwacht.StageSecond}}, OwnAccount, false},
		{&Visitor{User: operator, Session: belwacht.Session{Stage: belwacht.StageEnrol}}, CallsRead, false},
		{&Visitor{User: operator, Key: "k", Scopes: []belwacht.Permission{CallsRead, UsersChange}}, CallsRead, true},
		{&Visitor{User: operator, Key: "k", Scopes: []belwacht.Permission{CallsRead, UsersChange}}, UsersChange, false},
		{&Visitor{User: operator, Key: "k", Scopes: []belwacht.Permission{CallsRead}}, AlertsRead, false},
		{&Visitor{User: operator, Key: "k", Session: full}, CallsRead, false},
	} {
		if got := c.v.May(c.p); got != c.want {
			t.Errorf("%d: %s is %v", i, c.p, got)
		}
	}
	v := &Visitor{User: operator}
	if !v.Sees("oak") || v.Sees("elm") || v.Sees("") || !(&Visitor{}).Sees("elm") || (*Visitor)(nil).Sees("oak") {
		t.Error("organisations are not kept apart")
	}
	if got := Of(With(t.Context(), v)); got != v || Of(t.Context()) != nil {
		t.Errorf("%v", fmt.Sprint(got))
	}
}
