package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/simulate/record"
)

// office makes up an organisation with attacks.
func office(t testing.TB) *simulate.Organisation {
	t.Helper()
	o, err := simulate.New(simulate.Config{Seed: 31, Extensions: 25, Weeks: 4, LearnWeeks: 2, AttackCount: 8})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// records writes an organisation's records as Asterisk does, each call changed by change before it is written.
func records(t testing.TB, o *simulate.Organisation, change func(*simulate.Call) bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := record.Asterisk(&b, o, record.Layout{NewColumns: true, Observe: change}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "Master.csv")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func enforced(t testing.TB) *config.Config {
	t.Helper()
	name := filepath.Join(t.TempDir(), "belwacht.yaml")
	text := "organisation:\n  name: Voorbeeld BV\n  country: NL\n  timezone: Europe/Amsterdam\n  office_hours: \"mon-fri 08:00-18:00\"\nmode: enforce\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// decisions are what a replay of files decided: lines as in a decisions file, and their times.
func decisions(t testing.TB, state string, files ...string) (lines []string, times []belwacht.Instant) {
	t.Helper()
	r := Replay{Config: enforced(t), Files: files, State: state, Decision: func(d *belwacht.Decision) error {
		b, err := json.Marshal(d)
		lines, times = append(lines, string(b)), append(times, d.Time)
		return err
	}}
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return lines, times
}

// TestRecordsOfTheFuture: records that were altered after a moment, read from a file, change no decision before it.
func TestRecordsOfTheFuture(t *testing.T) {
	o := office(t)
	whole, times := decisions(t, "", records(t, o, nil))
	if len(whole) < 100 {
		t.Fatalf("only %d decisions", len(whole))
	}
	rng := rand.New(rand.NewPCG(4, 4))
	for n := range 12 {
		until := times[rng.IntN(len(times))]/1000*1000 + belwacht.Instant(n%2)*belwacht.Second
		last := until + belwacht.Instant(1+rng.IntN(60))*belwacht.Hour
		other, altered := decisions(t, "", records(t, o, func(c *simulate.Call) bool {
			if n%3 == 2 && c.Start > last {
				return false // nothing after it was ever recorded
			}
			if c.Start >= until && rng.IntN(3) == 0 && c.Direction == belwacht.Out {
				c.Dialled = fmt.Sprintf("0025261555%04d", rng.IntN(10_000))
			}
			if c.End < until {
				return true
			}
			end := max(until, c.Start) + belwacht.Instant(1+rng.IntN(4000))*belwacht.Second
			switch {
			case c.Answer != 0 && c.Answer < until: // it ran: it ends otherwise
			case rng.IntN(2) == 0:
				c.Answer, c.Disposition = 0, belwacht.Busy
			default:
				c.Answer, c.Disposition = max(until, c.Start)+belwacht.Second, belwacht.Answered
				end += belwacht.Second
			}
			if c.End, c.Talk = end, 0; c.Answer != 0 {
				c.Talk = end.Seconds(c.Answer)
			}
			return true
		}))
		for i := range whole {
			if times[i] >= until {
				if i < len(altered) && altered[i] < until {
					t.Errorf("cut at %s: one more decision before it: %.200s", until, other[i])
				}
				break
			}
			if i >= len(other) || other[i] != whole[i] {
				t.Fatalf("cut at %s, decision %d:\n%.900s\nbecame\n%.900s", until, i+1, whole[i], other[min(i, len(other)-1)])
			}
		}
	}
}

// TestTheSameFileTwice gives the same decisions, byte for byte.
func TestTheSameFileTwice(t *testing.T) {
	file := records(t, office(t), nil)
	a, _ := decisions(t, "", file)
	b, _ := decisions(t, "", file)
	if strings.Join(a, "\n") != strings.Join(b, "\n") {
		t.Error("two replays of one file differ")
	}
}

// TestStateGoesOn: a history in two files, the memory kept between them, is judged as in one replay, but for what ran across the cut.
func TestStateGoesOn(t *testing.T) {
	o := office(t)
	middle := belwacht.InstantOf(o.Start()) + 18*belwacht.Day + 3*belwacht.Hour // a Friday at three in the morning
	whole, times := decisions(t, "", records(t, o, nil))
	state := filepath.Join(t.TempDir(), "memory")
	first := records(t, o, func(c *simulate.Call) bool { return c.Start < middle })
	early, _ := decisions(t, state, first)
	info, err := os.Stat(state)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the state file has mode %v", info.Mode())
	}
	all, err := os.ReadFile(records(t, o, nil))
	if err != nil {
		t.Fatal(err)
	}
	head, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]bool{}
	for line := range strings.Lines(string(head)) {
		before[line] = true
	}
	var rest strings.Builder
	for line := range strings.Lines(string(all)) {
		if !before[line] {
			rest.WriteString(line)
		}
	}
	second := filepath.Join(t.TempDir(), "later.csv")
	if err := os.WriteFile(second, []byte(rest.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	late, _ := decisions(t, state, second)
	n := 0
	for n < len(times) && times[n] < middle {
		n++
	}
	if strings.Join(early, "\n") != strings.Join(whole[:n], "\n") || n == 0 {
		t.Errorf("%d decisions before the cut, %d in one replay", len(early), n)
	}
	if strings.Join(late, "\n") != strings.Join(whole[n:], "\n") || len(late) == 0 {
		t.Errorf("%d decisions after the cut, %d in one replay", len(late), len(whole)-n)
		for i := range late {
			if late[i] != whole[n+i] {
				t.Fatalf("%.900s\nnot\n%.900s", late[i], whole[n+i])
			}
		}
	}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(state), "*"))
	hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(state), ".*"))
	if len(files)+len(hidden) != 1 {
		t.Errorf("left behind: %v %v", files, hidden)
	}
}

// TestAlertsOfEarlierReplays are not told again.
func TestAlertsOfEarlierReplays(t *testing.T) {
	o := office(t)
	middle := belwacht.InstantOf(o.Start()) + 22*belwacht.Day
	state, first := filepath.Join(t.TempDir(), "memory"), records(t, o, func(c *simulate.Call) bool { return c.Start < middle })
	run := func(file string) []belwacht.Alert {
		read, err := (&Replay{Config: enforced(t), Files: []string{file}, State: state}).Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return read.Alerts
	}
	if early := run(first); len(early) == 0 {
		t.Fatal("no alerts at all")
	}
	empty := filepath.Join(t.TempDir(), "none.csv") // one innocent call
	line := `"","201","0201234567","from-internal","x","PJSIP/201-1","PJSIP/trunk-2","Dial","x","2027-01-04 10:00:00","2027-01-04 10:00:05","2027-01-04 10:00:15",15,10,"ANSWERED","DOCUMENTATION","1798966800.1",""`
	if err := os.WriteFile(empty, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := run(empty); len(again) > 0 {
		t.Errorf("%d alerts are told again: %+v", len(again), again[0])
	}
}

// TestStateThatCannotBe says what to do, and leaves the file as it was.
func TestStateThatCannotBe(t *testing.T) {
	file := records(t, office(t), func(c *simulate.Call) bool { return c.Channel < 200 })
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad")
	if err := os.WriteFile(bad, []byte("belwacht.memory/7\nwhatever"), 0o600); err != nil {
		t.Fatal(err)
	}
	for state, want := range map[string]string{bad: "name another file, or remove it", filepath.Join(dir, "no", "where"): "cannot be written", dir: "cannot be read"} {
		_, err := (&Replay{Config: enforced(t), Files: []string{file}, State: state}).Run(context.Background())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", state, err, want)
		}
	}
	if b, _ := os.ReadFile(bad); string(b) != "belwacht.memory/7\nwhatever" {
		t.Errorf("the file became %q", b)
	}
}
