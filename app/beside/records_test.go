package beside

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/simulate/record"
)

// log is written to by many.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// settings are a configuration with a source of records, behind which more may stand; without one the PBX asks.
func settings(source string) string {
	from := "ask: {listen: \"127.0.0.1:0\", secret_file: secret}"
	if source, more, _ := strings.Cut(source, "\n"); source != "" {
		return "organisation: {country: NL, timezone: Europe/Amsterdam}\nmode: enforce\ndata: data\ncontrol: {socket: s}\npbx:\n  - name: hk\n    records: " + source +
			"\n    trunks: [SIP/trunk]\n" + more
	}
	return "organisation: {country: NL, timezone: Europe/Amsterdam}\nmode: enforce\ndata: data\ncontrol: {socket: s}\npbx:\n  - name: hk\n    " + from + "\n    trunks: [SIP/trunk]\n"
}

// started starts a Belwacht in a folder, with what it logs.
func started(t *testing.T, dir, source string) (*app.Live, *log) {
	t.Helper()
	c, err := config.Read([]byte(settings(source)), filepath.Join(dir, "b.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := &log{}
	l := slog.New(slog.NewTextHandler(out, nil))
	live, err := app.Start(t.Context(), &app.LiveConfig{Config: c, Version: "1", Log: l, Feeds: Feeds(l), Records: Records(l)})
	if err != nil {
		t.Fatal(err)
	}
	return live, out
}

// row is a call of extension 212 to a number, which has just ended.
func row(id int, number string, ended time.Time) string {
	f := func(t time.Time) string { return t.Format("2006-01-02 15:04:05") }
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	end := ended.In(zone)
	start := end.Add(-40 * time.Second)
	return fmt.Sprintf("\"\",\"212\",\"%s\",\"from-internal\",\"\"\"212\"\" <212>\",\"SIP/212-%08x\",\"SIP/trunk-%08x\",\"Dial\",\"SIP/trunk/%s,60\",\"%s\",\"%s\",\"%s\",40,30,\"ANSWERED\",\"DOCUMENTATION\",\"%d.%d\",\"\"\n",
		number, id, id+1, number, f(start), f(start.Add(10*time.Second)), f(end), start.Unix(), id)
}

// counts waits until a count is what it must be.
func counts(t *testing.T, live *app.Live, name string, want uint64) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		s, err := live.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.Counts[name] == want {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s is %d and must be %d; %v", name, s.Counts[name], want, s.Problems)
		}
	}
}

// TestRecords: past records teach, and what was wrong in them is told; then calls are judged as their records come; a restart goes on where it was and
// learns nothing twice.
func TestRecords(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	o, err := simulate.New(simulate.Config{Seed: 5, Extensions: 12, Weeks: 4, LearnWeeks: 2, Attacks: []string{"weekend burst"}, AttackCount: 1, EarlyAttacks: -1})
	if err != nil {
		t.Fatal(err)
	}
	var past bytes.Buffer
	if err := record.Asterisk(&past, o, record.Layout{}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "Master.csv")
	if err := os.WriteFile(name, past.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	live, said := started(t, dir, "{file: Master.csv}")
	for _, want := range []string{"event=past.learned", "event=past.found"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, said)
		}
	}
	s, err := live.Status(t.Context())
	if err != nil || s.Alerts == 0 || s.Counts["guard_records"] != 0 || !strings.HasPrefix(s.PBXs[0].Records, "live, ") {
		t.Errorf("%+v %v", s, err)
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(row(1, "0201234567", time.Now())); err != nil {
		t.Fatal(err)
	}
	counts(t, live, "guard_records", 1)
	counts(t, live, "guard_attempts", 1)
	if err := live.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(row(2, "0201234568", time.Now())); err != nil { // while nobody looks
		t.Fatal(err)
	}
	again, said := started(t, dir, "{file: Master.csv}")
	counts(t, again, "guard_records", 1)
	if strings.Contains(said.String(), "past.learned") {
		t.Errorf("learned twice:\n%s", said)
	}
	if err := again.Stop(); err != nil {
		t.Fatal(err)
	}
	for i, damage := range []func(string) error{os.Remove, func(name string) error { return os.WriteFile(name, []byte("{"), 0o600) }} {
		if err := damage(filepath.Join(dir, "data", "records-hk.json")); err != nil { // the memory has the calls from before it was kept
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
		third, said := started(t, dir, "{file: Master.csv}")
		ended := time.Now().Add(2 * time.Second) // later than the memory was kept, though records tell whole seconds
		if _, err := f.WriteString(row(3+i, "0201234569", ended)); err != nil {
			t.Fatal(err)
		}
		counts(t, third, "guard_records", 1)
		time.Sleep(time.Until(ended.Add(time.Second))) // the next one's memory is kept after it
		if strings.Contains(said.String(), "past.learned") {
			t.Errorf("learned twice:\n%s", said)
		}
		if err := third.Stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// reload has one take another configuration of its records; "" = none.
func reload(t *testing.T, live *app.Live, dir, source string) error {
	t.Helper()
	return live.Reload(func() (*config.Config, error) {
		return config.Read([]byte(settings(source)), filepath.Join(dir, "b.yaml"), nil)
	})
}

// TestReload: a change of the records is taken without a restart, and no call is lost or told twice by it.
func TestReload(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	add := func(file string, id int) {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(dir, file), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = f.WriteString(row(id, fmt.Sprintf("02012345%02d", id), time.Now()))
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("fake-secret-for-tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	add("a.csv", 1)
	live, said := started(t, dir, "{file: a.csv}")
	add("a.csv", 2)
	counts(t, live, "guard_records", 1)

	// Another horizon: the same file is read on from where it was.
	if err := reload(t, live, dir, "{file: a.csv}\nrecords: {horizon: 26h}"); err != nil {
		t.Fatal(err)
	}
	add("a.csv", 3)
	counts(t, live, "guard_records", 2)
	counts(t, live, "guard_attempts", 2)

	// Nothing is changed by a reload that changes nothing, or that is wrong.
	for source, wrong := range map[string]bool{"{file: a.csv}\nrecords: {horizon: 26h}": false, "{mysql: {address: \"127.0.0.1:1\", database: d, user: u, secret_file: absent}}": true} {
		if err := reload(t, live, dir, source); (err != nil) != wrong {
			t.Errorf("%s: %v", source, err)
		}
	}
	if n := strings.Count(said.String(), "event=records.replaced"); n != 1 {
		t.Errorf("replaced %d times:\n%s", n, said)
	}

	// Another file, which has the calls of the first one too: each is one call.
	b, err := os.ReadFile(filepath.Join(dir, "a.csv"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "b.csv"), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := reload(t, live, dir, "{file: b.csv}"); err != nil {
		t.Fatal(err)
	}
	add("b.csv", 4)
	add("a.csv", 50)                       // nobody reads that any more
	counts(t, live, "guard_attempts", 3+1) // the first file's first call was of the past

	// None, and then one again.
	if err := reload(t, live, dir, ""); err != nil {
		t.Fatal(err)
	}
	if s, err := live.Status(t.Context()); err != nil || len(s.PBXs) != 1 || s.PBXs[0].Records != "" {
		t.Errorf("%+v %v", s.PBXs, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "records-hk.json")); !os.IsNotExist(err) {
		t.Errorf("a position is left of a source that is gone: %v", err)
	}
	time.Sleep(1100 * time.Millisecond) // records tell whole seconds, and this call is from before the next source
	add("b.csv", 5)
	time.Sleep(1100 * time.Millisecond)
	if err := reload(t, live, dir, "{file: b.csv}"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	add("b.csv", 6)
	counts(t, live, "guard_attempts", 5)
	if err := live.Stop(); err != nil {
		t.Fatal(err)
	}
	again, _ := started(t, dir, "{file: b.csv}")
	add("b.csv", 7)
	counts(t, again, "guard_records", 1)
	if err := again.Stop(); err != nil {
		t.Fatal(err)
	}
}

// TestLost: a database that is not there at the first start does not keep Belwacht from guarding.
func TestLost(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("fake-secret-for-tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	live, said := started(t, dir, "{mysql: {address: \"127.0.0.1:1\", database: asteriskcdrdb, user: belwacht, secret_file: secret}}")
	s, err := live.Status(context.Background())
	if err != nil || len(s.Problems) == 0 || !strings.Contains(said.String(), "past.lost") || strings.Contains(said.String(), "fake-secret") {
		t.Errorf("%+v %v\n%s", s, err, said)
	}
	if err := live.Stop(); err != nil {
		t.Fatal(err)
	}
}
