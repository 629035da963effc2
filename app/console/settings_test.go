package console

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	appsetup "github.com/belwacht/belwacht/app/setup"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/people"
)

const houses = "# ours\nmode: enforce\ntenants:\n  - {name: oak, country: NL, timezone: Europe/Amsterdam, limits: {organisation: {money_per_day: EUR 50}}}\n  - {name: elm, country: BE, timezone: Europe/Brussels}\n"

// byKey is the API over a real door, store, audit log and file, and keys of it.
type byKey struct {
	t     *testing.T
	api   *httptest.Server
	file  string
	door  *door.Door
	store *sqlite.Store
	who   map[string]*access.Visitor
	keys  map[string]string
}

func openByKey(t *testing.T) *byKey {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	s := &byKey{t: t, file: filepath.Join(folder, "belwacht.yaml"), who: map[string]*access.Visitor{}, keys: map[string]string{}}
	must(os.WriteFile(s.file, []byte(houses), 0o640))
	var err error
	s.store, err = sqlite.Open(t.Context(), sqlite.Config{Folder: folder, Within: time.Minute})
	must(err)
	t.Cleanup(func() { _ = s.store.Close(t.Context()) })
	sums, err := ledger.LoadKeys(folder, "test")
	must(err)
	secret, err := access.LoadSecret(folder)
	must(err)
	for login, u := range map[string]belwacht.User{"anna": {Role: belwacht.RoleAdministrator}, "bert": {Role: belwacht.RoleAdministrator}, "carla": {Role: belwacht.RoleAdministrator, Tenant: "oak"}} {
		u.ID, u.Login, u.Name, u.Created, u.Secrets = access.NewID(), login, login, 1, belwacht.Secrets{Password: "$argon2id$none"}
		must(s.store.PutUser(t.Context(), &u))
		s.who[login] = &access.Visitor{User: u, Session: belwacht.Session{Stage: belwacht.StageFull}, Via: "console", From: netip.MustParseAddr("127.0.0.1")}
	}
	audit := ledger.New(ledger.Config{Store: s.store, Keys: sums})
	s.door, err = door.New(t.Context(), door.Config{Users: s.store, Sessions: s.store, Keys: s.store, Proposals: s.store, Entries: audit, Secret: secret, Log: slog.New(slog.DiscardHandler)})
	must(err)
	for name, scopes := range map[string][]belwacht.Permission{"anna": {access.SettingsRead, access.SettingsWrite, access.LimitsChange, access.RulesChange}, "anna limits": {access.SettingsRead, access.LimitsChange},
		"carla": {access.SettingsRead, access.SettingsWrite, access.LimitsChange}, "anna reads": {access.SettingsRead}} {
		login, _, _ := strings.Cut(name, " ")
		s.keys[name], err = s.door.MakeKey(t.Context(), s.who[login], name, scopes, nil, 24*time.Hour)
		must(err)
	}
	file := &edit.File{Path: s.file, Folder: folder}
	owner := appsetup.Program{Owner: &appsetup.Owner{File: file}}
	s.api = httptest.NewServer(api.New(api.Config{Version: "1", Door: keys{people.NewDoor(s.door, nil)}, Deeds: deeds{s.door}, Owner: owner, Undoer: owner, Now: func() belwacht.Instant { return belwacht.InstantOf(time.Now()) }}))
	t.Cleanup(s.api.Close)
	return s
}

// ask asks as the holder of a key.
func (s *byKey) ask(key, method, path, match, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, api.Path+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Authorization", "Bearer "+s.keys[key])
	r.Header.Set("Content-Type", "application/json")
	if match != "" {
		r.Header.Set("If-Match", match)
	}
	w := httptest.NewRecorder()
	s.api.Config.Handler.ServeHTTP(w, r)
	return w
}

// set is a change of one value.
func set(key, value string) string {
	return fmt.Sprintf(`{"changes":[{"path":["%s"],"value":%q}],"sure":true}`, strings.ReplaceAll(key, ".", `","`), value)
}

// TestSettingsByKey changes settings by keys of the API through the real door: each within its scopes and organisation, what takes two waits for another, two writers
// do not write over one another, and all of it is in the audit log.
func TestSettingsByKey(t *testing.T) {
	s := openByKey(t)
	has := func(want string) bool {
		b, err := os.ReadFile(s.file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(b), want) && strings.HasPrefix(string(b), "# ours\n")
	}
	expect := func(what string, w *httptest.ResponseRecorder, status int, says string) {
		t.Helper()
		if w.Code != status || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s: %d %s, want %d and %q", what, w.Code, w.Body, status, says)
		}
	}
	read := s.ask("anna reads", "GET", "/settings?tenant=oak", "", "")
	expect("reading", read, 200, `"money_per_day":"EUR 50"`)
	expect("a key that reads", s.ask("anna reads", "PATCH", "/settings?tenant=oak", "*", set("limits.organisation.money_per_day", "EUR 5")), 403, "limits.write")
	first := read.Header().Get("ETag")
	expect("a limit", s.ask("anna limits", "PATCH", "/settings?tenant=oak", first, set("limits.organisation.money_per_day", "EUR 75")), 200, `"done":true`)
	if !has("money_per_day: EUR 75") {
		t.Error("it is not in the file")
	}
	expect("a second writer", s.ask("anna", "PATCH", "/settings?tenant=oak", first, set("limits.organisation.money_per_day", "EUR 60")), 412, "changed meanwhile")
	expect("another right", s.ask("anna limits", "PATCH", "/settings?tenant=oak", "*", set("mode", "monitor")), 403, "settings.write")
	expect("another organisation's", s.ask("carla", "PATCH", "/settings?tenant=elm", "*", set("limits.organisation.money_per_day", "EUR 9")), 404, "no such organisation")
	expect("what holds for all", s.ask("carla", "PATCH", "/settings", "*", set("keep.calls", "400")), 403, "all organisations")
	expect("a wrong value", s.ask("carla", "PATCH", "/settings", "*", set("limits.organisation.calls_per_day", "many")), 422, "calls_per_day")
	expect("their own", s.ask("carla", "PATCH", "/settings", "*", `{"changes":[{"path":["limits","organisation","calls_per_day"],"value":99}]}`), 200, `"done":true`)
	if body := s.ask("carla", "GET", "/settings", "", "").Body.String(); strings.Contains(body, `"alerts"`) || strings.Contains(body, "elm") || !strings.Contains(body, `"calls_per_day":99`) {
		t.Errorf("who sees one organisation reads %s", body)
	}

	lower := set("mode", "monitor")
	expect("what takes two", s.ask("anna", "PATCH", "/settings?tenant=oak", "*", lower), 409, "second administrator")
	if has("mode: monitor") {
		t.Fatal("it did not wait")
	}
	list := s.door.Proposals()
	if len(list) != 1 || list[0].Tenant != "oak" || list[0].Exact == "" {
		t.Fatalf("%+v", list)
	}
	if err := s.door.Answer(t.Context(), s.who["bert"], list[0].ID, true); err != nil {
		t.Fatal(err)
	}
	expect("another change than was agreed to", s.ask("anna", "PATCH", "/settings?tenant=elm", "*", lower), 409, "second administrator")
	expect("what was agreed to", s.ask("anna", "PATCH", "/settings?tenant=oak", "*", lower), 200, `"done":true`)
	if !has("mode: monitor") {
		t.Error("it is not in the file")
	}
	past := s.ask("anna", "GET", "/settings/changes?tenant=oak", "", "")
	expect("the list of changes", past, 200, "anna (")
	id := past.Body.String()
	id = id[strings.Index(id, `"id":"`)+6:]
	expect("undoing", s.ask("anna", "POST", "/settings/changes/"+id[:strings.IndexByte(id, '"')]+"/undo?tenant=oak", "", `{"sure":true}`), 200, `"act":"mode.raise"`)
	if has("mode: monitor") {
		t.Error("it is not undone")
	}
	entries, _, err := s.store.Entries(t.Context(), &belwacht.EntryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	count := map[belwacht.Act]int{}
	for _, e := range entries {
		if e.Via != "console" && !strings.HasPrefix(e.Via, "api key ") {
			t.Errorf("%+v", e)
		}
		count[e.Act]++
	}
	if count[access.LimitRaise] != 1 || count[access.ModeLower] != 1 || count[access.ModeRaise] != 1 || count[access.ActPropose] != 2 || count[access.LimitLower] != 1 {
		t.Errorf("%v", count)
	}
}
