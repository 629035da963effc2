package proof

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/app/people"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/store/sqlite"
)

// The browser of the office, and where its requests seem to come from: the console's proxy is believed.
const (
	browser = "the office's browser"
	desk    = "192.0.2.7"
)

// lately is how old what happens at the door by itself (not what anybody was told) must be to be on disk for sure.
const lately = 5 * time.Second

// work is an alert and what was last done about it.
type work struct {
	first   belwacht.Instant
	state   belwacht.IncidentState
	outcome belwacht.IncidentOutcome
}

// office is an administrator who works in the console, with a key of the API and at the control socket, while the process is killed again and again.
type office struct {
	t       *testing.T
	p       *process
	web     http.Client
	random  *rand.Rand
	starts  int
	address string // of the console
	cookie  string // of the session
	key     string // of the API

	n        int // serial
	done     int
	acked    map[string]int // deeds that were acknowledged, by act and subject
	found    map[string]int // entries of the audit log that say that a deed was done
	entries  uint64         // so many were read
	heads    []string       // of the audit log, as they left the machine
	worked   map[string]work
	silences map[string]bool // by ID
	users    map[string]bool // by log-in name
	keys     map[string]string
	limit    string
	barred   map[string]time.Time // who guessed keys, and when
	freed    map[string]bool      // and was let try again
	unsure   map[string]bool      // of what was asked last nobody knows whether it was done
}

// newOffice makes the first administrator, who is signed in, and their key of the API, in the folder of a process that does not run yet.
func newOffice(t *testing.T, p *process, seed uint64) *office {
	t.Helper()
	o := &office{t: t, p: p, random: rand.New(rand.NewPCG(seed, 4)), acked: map[string]int{}, found: map[string]int{}, worked: map[string]work{}, silences: map[string]bool{},
		users: map[string]bool{}, keys: map[string]string{}, barred: map[string]time.Time{}, freed: map[string]bool{}, unsure: map[string]bool{}}
	o.web = http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}} // the certificate signs itself
	folder := filepath.Join(p.dir, "data")
	c, err := config.Load(filepath.Join(p.dir, "b.yaml"), nil)
	must(t, err)
	store, err := sqlite.Open(t.Context(), sqlite.Config{Folder: folder})
	must(t, err)
	defer func() { must(t, store.Close(context.Background())) }()
	d, err := people.Open(t.Context(), people.Config{Folder: folder, Store: store, Config: c, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	at := &door.Attempt{From: netip.MustParseAddr(desk), Agent: browser, Origin: "https://localhost"}
	link, err := d.Link(t.Context(), "", "root")
	must(t, err)
	ticket, err := d.Enter(t.Context(), link[strings.LastIndex(link, "/")+1:], at)
	must(t, err)
	visit := func() *access.Visitor {
		v, err := d.Visit(t.Context(), ticket.Token, at.From, browser)
		must(t, err)
		return v
	}
	ticket, err = d.First(t.Context(), visit(), belwacht.User{Login: "anna", Name: "Anna", Role: belwacht.RoleAdministrator}, "Groene-fiets7-lamp", at)
	must(t, err)
	codes, err := d.TOTP(visit())
	must(t, err)
	code, err := totp.GenerateCode(codes.Secret, time.Now())
	must(t, err)
	ticket, _, err = d.ConfirmTOTP(t.Context(), visit(), "", code, at)
	must(t, err)
	v := visit()
	v.Via = "console"
	o.key, err = d.MakeKey(t.Context(), v, "office", []belwacht.Permission{access.AlertsRead, access.AlertsWork, access.BansRead, access.BansUndo}, nil, 24*time.Hour)
	must(t, err)
	o.cookie = ticket.Token
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened waits until the console of the newest start is open.
func (o *office) opened() {
	o.t.Helper()
	o.p.until("the console is open", func() bool {
		b, err := os.ReadFile(filepath.Join(o.p.dir, "log"))
		must(o.t, err)
		all := regexp.MustCompile(`"web.listens","url":"(https://[^"]+)"`).FindAllSubmatch(b, -1)
		if len(all) <= o.starts {
			return false
		}
		o.starts, o.address = len(all), string(all[len(all)-1][1])
		return true
	})
}

// ask sends a request, and says what came: a status of 0 where nothing did.
func (o *office) ask(method, path, from string, header http.Header, body []byte) (int, string) {
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.address+path, bytes.NewReader(body))
	must(o.t, err)
	r.Header = header
	r.Header.Set("X-Forwarded-For", from)
	r.Header.Set("User-Agent", browser)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	a, err := o.web.Do(r)
	if err != nil {
		return 0, ""
	}
	defer a.Body.Close()
	b, err := io.ReadAll(io.LimitReader(a.Body, 4<<20))
	if err != nil {
		return 0, ""
	}
	return a.StatusCode, string(b)
}

// send sends a form of the console.
func (o *office) send(path string, form url.Values) (int, string) {
	return o.ask(http.MethodPost, path, desk, http.Header{"Cookie": {"__Host-belwacht=" + o.cookie}, "Content-Type": {"application/x-www-form-urlencoded"}}, []byte(form.Encode()))
}

// api asks the API with a key.
func (o *office) api(method, path, key, from string, in any) (int, string) {
	h := http.Header{"Authorization": {"Bearer " + key}}
	var b []byte
	if in != nil {
		var err error
		b, err = json.Marshal(in)
		must(o.t, err)
		h.Set("Content-Type", "application/json")
	}
	return o.ask(method, path, from, h, b)
}

// ack notes that a deed was acknowledged.
func (o *office) ack(act belwacht.Act, subject string) {
	o.done++
	o.acked[string(act)+" "+subject]++
}

// change works until the process does not answer any more.
func (o *office) change() {
	deeds := []func() bool{o.work, o.work, o.silence, o.silence, o.user, o.makeKey, o.setLimit, o.guess}
	for deeds[o.random.IntN(len(deeds))]() {
		time.Sleep(time.Duration(20+o.random.IntN(80)) * time.Millisecond) // a key may ask ten times a second
	}
}

// fine says whether an answer came that is no fault; what was turned away for a moment is neither.
func (o *office) fine(what string, status int, said string) (good, goesOn bool) {
	switch {
	case status == 0:
		return false, false
	case status < 400:
		return true, true
	case status == http.StatusTooManyRequests, status >= 500: // too often; or the disk is late, of which nobody was told that it was done
		return false, true
	}
	o.t.Errorf("%s: %d %s", what, status, said[:min(len(said), 2000)])
	return false, true
}

// work takes or closes an alert by the API.
func (o *office) work() bool {
	status, said := o.api(http.MethodGet, "/api/v1/alerts?most=20", o.key, desk, nil)
	good, on := o.fine("alerts", status, said)
	var page struct{ List []belwacht.Incident }
	if !good || json.Unmarshal([]byte(said), &page) != nil || len(page.List) == 0 {
		return on
	}
	x := page.List[o.random.IntN(len(page.List))]
	w := work{x.First, belwacht.IncidentTaken, ""}
	if o.random.IntN(2) == 0 {
		w.state, w.outcome = belwacht.IncidentClosed, []belwacht.IncidentOutcome{"fraud", "innocent", "test", "unclear"}[o.random.IntN(4)]
	}
	body := map[string]any{"state": w.state}
	if w.outcome != "" {
		body["outcome"] = w.outcome
	}
	status, said = o.api(http.MethodPost, "/api/v1/alerts/"+x.ID, o.key, desk, body)
	o.unsure["alert "+x.ID] = true
	if good, on = o.fine("an alert", status, said); !good {
		return on
	}
	delete(o.unsure, "alert "+x.ID)
	var now belwacht.Incident
	if err := json.Unmarshal([]byte(said), &now); err != nil {
		o.t.Error(err)
	}
	w.first = now.First // it may be another with this ID by now
	o.worked[x.ID] = w
	o.ack(access.AlertWork, "alert "+x.ID)
	return true
}

// silence makes or ends a silence at the control socket.
func (o *office) silence() bool {
	var list control.Silences
	if ids := slices.Sorted(maps.Keys(o.silences)); len(ids) > 3 && !o.unsure["silence"] {
		id := ids[o.random.IntN(len(ids))]
		o.unsure[id] = true
		if o.p.do(http.MethodDelete, "/v1/silences?id="+id, nil, &list) != nil {
			return false
		}
		delete(o.unsure, id)
		delete(o.silences, id)
		o.ack(access.SilenceEnd, "silence "+id)
		return true
	}
	o.n++
	account := fmt.Sprintf("s-%d", o.n)
	o.unsure["silence"] = true
	if o.p.do(http.MethodPost, "/v1/silences", &control.SilenceRequest{Account: account, Until: belwacht.InstantOf(time.Now().Add(24 * time.Hour)), Why: "a test"}, &list) != nil {
		return false
	}
	delete(o.unsure, "silence")
	for _, x := range list.Silences {
		if x.Account == account {
			o.silences[x.ID] = true
			o.ack(access.AlertSilence, account)
			return true
		}
	}
	o.t.Errorf("the silence of %s was acknowledged and is not among %+v", account, list.Silences)
	return true
}

// user adds a user in the console.
func (o *office) user() bool {
	o.n++
	login := fmt.Sprintf("user-%d", o.n)
	o.unsure[login] = true
	status, said := o.send("/users", url.Values{"login": {login}, "name": {"Somebody"}, "role": {string(belwacht.RoleHelpdesk)}})
	good, on := o.fine("a user", status, said)
	if good {
		delete(o.unsure, login)
		o.users[login] = true
		o.ack(access.UserAdd, login)
	}
	return on
}

// makeKey makes a key of the API in the console, which is shown once.
func (o *office) makeKey() bool {
	o.n++
	name := fmt.Sprintf("key-%d", o.n)
	status, said := o.send("/keys", url.Values{"name": {name}, "scope": {string(access.AlertsRead)}, "days": {"2"}})
	good, on := o.fine("a key", status, said)
	if !good {
		return on
	}
	o.ack(access.KeyMake, name)
	if o.keys[name] = regexp.MustCompile(`bwk_[A-Za-z0-9_-]+`).FindString(said); o.keys[name] == "" {
		o.t.Error("a key was made and is not shown")
	}
	return true
}

// setLimit changes the configuration in the console.
func (o *office) setLimit() bool {
	if o.random.IntN(3) > 0 { // each is a reload
		return true
	}
	o.n++
	limit := fmt.Sprint(10_000 - o.n) // lower each time: a limit raised is asked about once
	o.unsure["limit"] = true
	status, said := o.send("/settings/limits", url.Values{"for": {"accounts:302"}, "key": {"calls_per_day"}, "value": {limit}})
	good, on := o.fine("a limit", status, said)
	if good {
		delete(o.unsure, "limit")
		o.limit = limit
		o.ack(access.LimitLower, "")
	}
	return on
}

// guess guesses keys of the API from an address of its own, until that has to wait, and may let it try again.
func (o *office) guess() bool {
	o.n++
	from := fmt.Sprintf("198.51.%d.%d", 100+o.n/250%100, 1+o.n%250)
	for range 6 {
		if status, _ := o.api(http.MethodGet, "/api/v1/alerts", "bwk_wrong_wrong", from, nil); status == 0 {
			return false
		}
	}
	key := "key from " + from
	o.barred[key] = time.Now()
	if o.random.IntN(2) == 0 {
		return true
	}
	status, said := o.api(http.MethodDelete, "/api/v1/bans?key="+url.QueryEscape(key), o.key, desk, nil)
	delete(o.barred, key)
	switch {
	case status == 0:
		return false
	case status < 400:
		o.freed[key] = true
		o.ack(access.BanUndo, "")
	case status != http.StatusNotFound && status != http.StatusTooManyRequests && status < 500: // it waits for a second only
		o.t.Errorf("a ban cannot be undone: %d %s", status, said)
	}
	return true
}

// kept compares what the process left on disk, which was killed at a moment, with what was acknowledged before.
func (o *office) kept(round int, killed time.Time) {
	t := o.t
	t.Helper()
	folder := filepath.Join(o.p.dir, "data")
	store, err := sqlite.Open(t.Context(), sqlite.Config{Folder: folder})
	must(t, err)
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("round %d: "+format, append([]any{round}, args...)...)
	}
	for {
		list, err := store.EntriesAfter(t.Context(), o.entries, 1000)
		must(t, err)
		for i := range list {
			if e := &list[i]; e.Failed == "" {
				subject := e.Subject
				switch e.Act {
				case access.LimitLower, access.BanUndo:
					subject = ""
				}
				o.found[string(e.Act)+" "+subject]++
			}
		}
		if o.entries += uint64(len(list)); len(list) == 0 {
			break
		}
	}
	for deed, n := range o.acked {
		if o.found[deed] < n {
			fail("%s was acknowledged %d times, and is in the audit log %d times", deed, n, o.found[deed])
		}
	}
	for id, w := range o.worked {
		x, err := store.Alert(t.Context(), "", id)
		switch {
		case o.unsure["alert "+id], err == nil && x.First > w.first: // another of that ID came since
			delete(o.worked, id)
		case err != nil || x.First < w.first || x.State != w.state || x.Outcome != w.outcome:
			fail("alert %s is %+v, %v; acknowledged was %+v", id, x, err, w)
		}
	}
	silences, err := store.Silences(t.Context(), belwacht.InstantOf(time.Now()))
	must(t, err)
	there := map[string]bool{}
	for i := range silences {
		there[silences[i].ID] = true
	}
	for id := range o.silences {
		if !there[id] && !o.unsure[id] {
			fail("silence %s was acknowledged and is not there", id)
		}
	}
	for id := range there {
		if !o.silences[id] && !o.unsure["silence"] && !o.unsure[id] {
			fail("silence %s was ended and is there", id)
		}
	}
	o.silences = there
	users, err := store.Users(t.Context())
	must(t, err)
	for login := range o.users {
		if !slices.ContainsFunc(users, func(u belwacht.User) bool { return u.Login == login }) {
			fail("user %s was acknowledged and is not there", login)
		}
	}
	b, err := store.Noted(t.Context(), "door.barred")
	must(t, err)
	for key, at := range o.barred {
		if bytes.Contains(b, []byte(`"`+key+`"`)) {
			continue
		}
		if delete(o.barred, key); at.Before(killed.Add(-lately)) {
			fail("%s guessed %s before the kill, and is forgotten", key, killed.Sub(at))
		}
	}
	for key := range o.freed {
		if bytes.Contains(b, []byte(`"`+key+`"`)) {
			fail("%s was let try again, and has to wait", key)
		}
	}
	heads, err := store.Heads(t.Context(), 1)
	must(t, err)
	must(t, store.Close(context.Background()))
	r, err := people.Offline(t.Context(), folder, o.heads)
	must(t, err)
	if !r.OK() || r.Entries != o.entries {
		fail("the audit log of %d entries does not verify: %+v", o.entries, r)
	}
	for _, h := range heads {
		o.heads = append(o.heads[max(0, len(o.heads)-50):], h.Note)
	}
	c, err := config.Load(filepath.Join(o.p.dir, "b.yaml"), nil)
	must(t, err)
	n := fmt.Sprint(c.All()[0].Limits.Accounts["302"].CallsPerDay)
	if o.limit != "" && n != o.limit && !o.unsure["limit"] {
		fail("the limit is %s, and %s was acknowledged", n, o.limit)
	}
	o.limit = n // what was in flight may have been carried out
	clear(o.unsure)
}

// again looks at what works after a start: the session and the newest keys open.
func (o *office) again(round int) {
	o.t.Helper()
	if status, said := o.ask(http.MethodGet, "/alerts", desk, http.Header{"Cookie": {"__Host-belwacht=" + o.cookie}}, nil); status != http.StatusOK {
		o.t.Errorf("round %d: the session opens nothing any more: %d %s", round, status, said[:min(len(said), 500)])
	}
	names := slices.Sorted(maps.Keys(o.keys))
	for range min(3, len(names)) {
		name := names[o.random.IntN(len(names))]
		if status, said := o.api(http.MethodGet, "/api/v1/alerts?most=1", o.keys[name], "192.0.2.8", nil); status != http.StatusOK {
			o.t.Errorf("round %d: %s was acknowledged and opens nothing: %d %s", round, name, status, said)
		}
	}
}

// kinds says how many deeds of each kind were acknowledged.
func (o *office) kinds() string {
	n := map[string]int{}
	for deed, k := range o.acked {
		act, _, _ := strings.Cut(deed, " ")
		n[act] += k
	}
	var list []string
	for _, act := range slices.Sorted(maps.Keys(n)) {
		list = append(list, fmt.Sprintf("%s %d", act, n[act]))
	}
	return strings.Join(list, ", ")
}
