package setup

import (
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/yaml/splice"
)

// teller keeps what people are told of.
type teller struct {
	mu      sync.Mutex
	notices []belwacht.Notice
}

func (n *teller) Notice(x *belwacht.Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.notices = append(n.notices, *x)
}

// TestDoor has a change of the configuration go through the real door, store and audit log, with two administrators: a raised limit is done and told to the other,
// a lowered mode waits for them and is in the file only then, and who sees another organisation only changes nothing.
func TestDoor(t *testing.T) {
	folder, told := t.TempDir(), &teller{}
	store, err := sqlite.Open(t.Context(), sqlite.Config{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(t.Context()) })
	keys, err := ledger.LoadKeys(folder, "test")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := access.LoadSecret(folder)
	if err != nil {
		t.Fatal(err)
	}
	visitors := map[string]*access.Visitor{}
	for login, tenant := range map[string]string{"anna": "", "bert": "", "carla": "other"} {
		u := belwacht.User{ID: access.NewID(), Login: login, Name: login, Role: belwacht.RoleAdministrator, Tenant: tenant, Created: 1, Secrets: belwacht.Secrets{Password: "$argon2id$none"}}
		if err := store.PutUser(t.Context(), &u); err != nil {
			t.Fatal(err)
		}
		visitors[login] = &access.Visitor{User: u, Session: belwacht.Session{Stage: belwacht.StageFull}, Via: "console", From: netip.MustParseAddr("192.0.2.7")}
	}
	audit := ledger.New(ledger.Config{Store: store, Keys: keys})
	d, err := door.New(t.Context(), door.Config{Users: store, Sessions: store, Keys: store, Proposals: store, Entries: audit, Teller: told, Secret: secret, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	o := owner(t, "organisation: {name: De Linde, country: NL, timezone: Europe/Amsterdam}\nmode: enforce\nlimits: {organisation: {money_per_day: EUR 50}}\n")
	save := func(who string, key string, value any) (*belwacht.Proposal, error) {
		t.Helper()
		p, err := o.Plan(t.Context(), "De Linde", "", edits(key, value))
		if err != nil {
			t.Fatal(err)
		}
		return d.Do(t.Context(), visitors[who], p.Deed, func() error { return p.Write(who) })
	}

	if w, err := save("anna", "limits.organisation.money_per_day", "EUR 500"); w != nil || err != nil || !strings.Contains(o.content(t), "EUR 500") {
		t.Errorf("%v %v\n%s", w, err, o.content(t))
	}
	if len(told.notices) != 1 || told.notices[0].Kind != belwacht.NoticeWeakened || !slices.ContainsFunc(told.notices[0].To, func(u belwacht.User) bool { return u.Login == "bert" }) ||
		!strings.Contains(told.notices[0].Entry.Detail, "EUR 50 → EUR 500") {
		t.Errorf("%+v", told.notices)
	}
	w, err := save("anna", "mode", splice.Plain("monitor"))
	if err != nil || w == nil || !strings.Contains(o.content(t), "mode: enforce") {
		t.Fatalf("it did not wait: %v %v\n%s", w, err, o.content(t))
	}
	if again, err := save("anna", "mode", splice.Plain("monitor")); err != nil || again == nil || again.ID != w.ID {
		t.Errorf("it did not wait on: %+v %v", again, err)
	}
	if err := d.Answer(t.Context(), visitors["anna"], w.ID, true); err == nil {
		t.Error("one agrees to one's own proposal")
	}
	if err := d.Answer(t.Context(), visitors["bert"], w.ID, true); err != nil {
		t.Fatal(err)
	}
	if w, err := save("anna", "mode", splice.Plain("monitor")); err != nil || w != nil || !strings.Contains(o.content(t), "mode: monitor") {
		t.Errorf("what was agreed to was not done: %v %v\n%s", w, err, o.content(t))
	}
	if w, err := save("carla", "limits.organisation.money_per_day", "EUR 9"); err == nil || w != nil || strings.Contains(o.content(t), "EUR 9\n") {
		t.Errorf("who sees another organisation changed this one: %v", err)
	}
	if w, err := save("carla", "keep.calls", splice.Plain("400")); err == nil || w != nil || strings.Contains(o.content(t), "keep") {
		t.Errorf("who sees one organisation changed what holds for all: %v", err)
	}
	list, _, err := store.Entries(t.Context(), &belwacht.EntryQuery{})
	var acts []string
	for _, e := range list {
		acts = append(acts, string(e.Act))
	}
	for _, act := range []belwacht.Act{access.LimitRaise, access.ActPropose, access.ActAgree, access.ModeLower} {
		if err != nil || !slices.Contains(acts, string(act)) {
			t.Errorf("the audit log has no %s: %v %v", act, acts, err)
		}
	}
	if r, err := audit.Verify(t.Context(), nil); err != nil || !r.OK() {
		t.Errorf("%v %+v", err, r)
	}
}
