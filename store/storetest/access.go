package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
)

func user(i int) *belwacht.User {
	return &belwacht.User{ID: fmt.Sprint("u", i), Login: fmt.Sprintf("anna.%02d", i), Name: "Anna <b>Jansen</b>", Mail: "anna@example.org", Role: belwacht.RoleOperator,
		Tenant: "oak", Language: "nl", Created: start, Changed: start + 1, SignedIn: start + 2, Read: 7, Disabled: i%2 == 1,
		Secrets: belwacht.Secrets{Password: "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA", PasswordSet: start, TOTP: []byte{1, 2, 0, 255}, TOTPStep: 59_000_000,
			Recovery: []string{"ab", "cd"}, Passkeys: []belwacht.Passkey{{ID: "k1", Name: "telefoon", Created: start, Credential: []byte(`{"id":"x"}`)}}},
		Devices: []belwacht.KnownDevice{{Sum: "ff", Agent: "Browser 1", First: start, Last: start + 5}}}
}

func users(t *testing.T, s *suite) {
	one, two := user(1), user(2)
	ok(t, s.PutUser(t.Context(), two))
	ok(t, s.PutUser(t.Context(), one))
	taken := user(3)
	taken.Login = one.Login
	code(t, s.PutUser(t.Context(), taken), belwacht.Invalid)
	code(t, s.PutUser(t.Context(), &belwacht.User{ID: "x", Login: "Ä", Created: start}), belwacht.Invalid)
	changed := *two
	changed.Role, changed.Secrets.Recovery = belwacht.RoleAdministrator, []string{"cd"}
	ok(t, s.PutUser(t.Context(), &changed))
	s.reopen(t)
	all, err := s.Users(t.Context())
	ok(t, err)
	same(t, "users", all, []belwacht.User{*one, changed})
	ok(t, s.RemoveUser(t.Context(), one.ID))
	ok(t, s.RemoveUser(t.Context(), "nobody"))
	all, err = s.Users(t.Context())
	ok(t, err)
	same(t, "users", all, []belwacht.User{changed})
}

func sessions(t *testing.T, s *suite) {
	long := &belwacht.Session{ID: "s1", User: "u1", Stage: belwacht.StageFull, Begun: start, Seen: start, Until: start + belwacht.Day, Proved: start, From: "192.0.2.7",
		Agent: "Browser <1>", Means: "passkey", Local: true, Sum: "aa"}
	short := &belwacht.Session{ID: "s2", Stage: belwacht.StageSecond, Begun: start, Seen: start, Until: start + belwacht.Hour, From: "::1", Means: "password", Sum: "bb"}
	gone := &belwacht.Session{ID: "s3", User: "u1", Stage: belwacht.StageFull, Begun: start, Until: start + belwacht.Day, Sum: "cc"}
	for _, v := range []*belwacht.Session{long, short, gone} {
		ok(t, s.PutSession(t.Context(), v))
	}
	code(t, s.PutSession(t.Context(), &belwacht.Session{ID: "s4", Begun: start, Until: start + 1}), belwacht.Invalid)
	ok(t, s.EndSession(t.Context(), "s3"))
	ok(t, s.EndSession(t.Context(), "never"))
	s.SeenSession("s1", start+belwacht.Minute)
	rotated := *short
	rotated.Sum, rotated.Stage = "dd", belwacht.StageFull
	ok(t, s.PutSession(t.Context(), &rotated))
	s.reopen(t)
	list, err := s.Sessions(t.Context(), start)
	ok(t, err)
	long.Seen = start + belwacht.Minute
	same(t, "sessions", list, []belwacht.Session{rotated, *long})
	list, err = s.Sessions(t.Context(), start+belwacht.Hour)
	ok(t, err)
	same(t, "sessions that go on", list, []belwacht.Session{*long})
	_, err = s.Prune(t.Context(), start+2*belwacht.Hour)
	ok(t, err)
	list, err = s.Sessions(t.Context(), 0)
	ok(t, err)
	same(t, "sessions after pruning", list, []belwacht.Session{*long})
}

func keys(t *testing.T, s *suite) {
	k := &belwacht.Key{ID: "k1", Name: "grafana", User: "u1", Scopes: []belwacht.Permission{"calls.read", "health.read"}, Created: start, Until: start + belwacht.Day,
		From: []string{"192.0.2.0/24", "2001:db8::/32"}, Sum: "aa"}
	free := &belwacht.Key{ID: "k2", Name: "script", User: "u1", Created: start + 1, Until: start + belwacht.Day, Sum: "bb"}
	ok(t, s.PutKey(t.Context(), k))
	ok(t, s.PutKey(t.Context(), free))
	code(t, s.PutKey(t.Context(), &belwacht.Key{ID: "k3", User: "u1", Sum: "cc", Created: start}), belwacht.Invalid)
	s.UsedKey("k1", start+belwacht.Minute)
	revoked := *free
	revoked.Revoked, revoked.Revoker = start+5, "anna"
	ok(t, s.PutKey(t.Context(), &revoked))
	s.reopen(t)
	k.Used = start + belwacht.Minute
	list, err := s.Keys(t.Context())
	ok(t, err)
	same(t, "keys", list, []belwacht.Key{revoked, *k})
	_, err = s.Prune(t.Context(), start+belwacht.KeptUsual+2*belwacht.Day)
	ok(t, err)
	if list, err = s.Keys(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("long after their end there are %v, %v", list, err)
	}
}

func proposals(t *testing.T, s *suite) {
	p := &belwacht.Proposal{ID: "p1", Act: "mode.lower", Tenant: "oak", Subject: "mode", Detail: "enforce → monitor", Why: "test", User: "u1", Who: "anna", Since: start,
		Until: start + belwacht.Day}
	old := *p
	old.ID, old.Since = "p0", start-belwacht.Day
	ok(t, s.PutProposal(t.Context(), p))
	ok(t, s.PutProposal(t.Context(), &old))
	code(t, s.PutProposal(t.Context(), &belwacht.Proposal{ID: "p2"}), belwacht.Invalid)
	agreed := *p
	agreed.Agreed, agreed.Agreer = start+7, "bert"
	ok(t, s.PutProposal(t.Context(), &agreed))
	s.reopen(t)
	list, err := s.Proposals(t.Context(), start)
	ok(t, err)
	same(t, "proposals", list, []belwacht.Proposal{agreed})
	list, err = s.Proposals(t.Context(), 0)
	ok(t, err)
	same(t, "all proposals", list, []belwacht.Proposal{agreed, old})
}

func entry(i int) *belwacht.Entry {
	e := &belwacht.Entry{Time: start + belwacht.Instant(i)*belwacht.Second, Act: belwacht.Act([]string{"limit.raise", "number.unmask", "session.sign-in"}[i%3]),
		Weakens: i%3 == 0, Who: []string{"anna", "bert"}[i%2], User: "u1", Via: "console", From: "192.0.2.7", Tenant: []string{"", "oak", "elm"}[i%3],
		Subject: fmt.Sprint("thing ", i), Detail: "1 → 2", Why: "<script>", Failed: ""}
	ledger.Seal(e)
	return e
}

func entries(t *testing.T, s *suite) {
	var all []belwacht.Entry
	for i := range 40 {
		e := entry(i)
		ok(t, s.AddEntry(t.Context(), e))
		if e.Position != uint64(i+1) {
			t.Errorf("entry %d has position %d", i+1, e.Position)
		}
		all = append(all, *e)
	}
	odd := entry(1)
	odd.Who = "someone else"
	code(t, s.AddEntry(t.Context(), odd), belwacht.Invalid)
	s.reopen(t)
	read, err := s.EntriesAfter(t.Context(), 0, 100)
	ok(t, err)
	same(t, "entries in order", read, all)
	some, err := s.EntriesAfter(t.Context(), 37, 2)
	ok(t, err)
	same(t, "entries after", some, all[37:39])
	if n, err := s.TreeSize(t.Context()); err != nil || n != 40 {
		t.Errorf("tree of %d, %v", n, err)
	}
	// The tree is the library's over the same leaves.
	var hashes []tlog.Hash
	for i := range all {
		more, err := tlog.StoredHashes(int64(i), ledger.Leaf(&all[i]), tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
			var list []tlog.Hash
			for _, x := range at {
				list = append(list, hashes[x])
			}
			return list, nil
		}))
		ok(t, err)
		hashes = append(hashes, more...)
	}
	var indexes []int64
	for i := range hashes {
		indexes = append(indexes, int64(i))
	}
	stored, err := s.TreeHashes(t.Context(), indexes)
	ok(t, err)
	for i := range stored {
		if stored[i] != hashes[i] {
			t.Errorf("hash %d of the tree is another than the library's", i)
		}
	}
	_, err = s.TreeHashes(t.Context(), []int64{int64(len(hashes))})
	code(t, err, belwacht.NotFound)
	entryPages(t, s, all)
	heads(t, s)
}

func entryPages(t *testing.T, s *suite, all []belwacht.Entry) {
	for name, c := range map[string]struct {
		query belwacht.EntryQuery
		want  func(e *belwacht.Entry) bool
	}{
		"all":     {belwacht.EntryQuery{}, func(*belwacht.Entry) bool { return true }},
		"tenant":  {belwacht.EntryQuery{Tenant: "oak"}, func(e *belwacht.Entry) bool { return e.Tenant == "oak" }},
		"who":     {belwacht.EntryQuery{Who: "bert"}, func(e *belwacht.Entry) bool { return e.Who == "bert" }},
		"act":     {belwacht.EntryQuery{Act: "number.unmask"}, func(e *belwacht.Entry) bool { return e.Act == "number.unmask" }},
		"weakens": {belwacht.EntryQuery{Weakens: true}, func(e *belwacht.Entry) bool { return e.Weakens }},
		"several": {belwacht.EntryQuery{Who: "anna", Act: "session.sign-in", Tenant: "elm"}, func(e *belwacht.Entry) bool {
			return e.Who == "anna" && e.Act == "session.sign-in" && e.Tenant == "elm"
		}},
		"span": {belwacht.EntryQuery{From: all[10].Time, Until: all[20].Time}, func(e *belwacht.Entry) bool { return e.Time >= all[10].Time && e.Time < all[20].Time }},
	} {
		var want []belwacht.Entry
		for i := range all {
			if c.want(&all[i]) {
				want = append(want, all[i])
			}
		}
		slices.Reverse(want)
		same(t, "entries by "+name, walk(t, 3, func(p belwacht.Page) ([]belwacht.Entry, belwacht.Cursor, error) {
			c.query.Page = p
			return s.Entries(t.Context(), &c.query)
		}), want)
	}
}

func heads(t *testing.T, s *suite) {
	one := belwacht.Head{Time: start, Size: 3, Note: "origin\n3\n"}
	two := belwacht.Head{Time: start + belwacht.Day, Size: 40, Note: "origin\n40\n"}
	ok(t, s.AddHead(t.Context(), &one))
	ok(t, s.AddHead(t.Context(), &two))
	code(t, s.AddHead(t.Context(), &belwacht.Head{Size: 3}), belwacht.Invalid)
	list, err := s.Heads(t.Context(), 10)
	ok(t, err)
	same(t, "heads", list, []belwacht.Head{two, one})
}

// forgotten says that retention deletes what can be read of an entry, that its place in the tree stays, and that new ones go on behind it.
func forgotten(t *testing.T, s *suite) {
	for i := range 5 {
		ok(t, s.AddEntry(t.Context(), entry(i)))
	}
	before, err := s.EntriesAfter(t.Context(), 0, 10)
	ok(t, err)
	n, err := s.Prune(t.Context(), before[3].Time+belwacht.KeptUsual)
	ok(t, err)
	after, err := s.EntriesAfter(t.Context(), 0, 10)
	ok(t, err)
	if n != 3 || len(after) != 5 {
		t.Fatalf("%d forgotten, %d left", n, len(after))
	}
	for i := range after {
		a, b := &after[i], &before[i]
		if a.Position != b.Position || a.Time != b.Time || a.Act != b.Act || a.Weakens != b.Weakens || a.Sum != b.Sum || string(ledger.Leaf(a)) != string(ledger.Leaf(b)) {
			t.Errorf("the leaf of entry %d is another: %+v, was %+v", b.Position, a, b)
		}
		if old := i < 3; a.Forgotten != old || (strings.Contains(fmt.Sprintf("%+v", *a), "thing")) == old || (a.Key == [16]byte{}) != old {
			t.Errorf("entry %d: %+v", b.Position, a)
		}
		if !ledger.Intact(a) {
			t.Errorf("entry %d is no more intact", b.Position)
		}
	}
	next := entry(9)
	ok(t, s.AddEntry(t.Context(), next))
	if next.Position != 6 {
		t.Errorf("the next has position %d", next.Position)
	}
}
