package test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/simulate/honeypot"
	"github.com/belwacht/belwacht/simulate/record"
)

// corpus is the folder of the data set. Without it, or where another part of the acceptance is asked for, the test is skipped.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BELWACHT_CORPUS")
	if dir == "" {
		t.Skip("BELWACHT_CORPUS is not set: no records whose attacks are known")
	}
	if !strings.Contains(os.Getenv("BELWACHT_ACCEPT"), "judge") {
		t.Skip("BELWACHT_ACCEPT does not name judge: the acceptance takes minutes")
	}
	return dir
}

// built builds belwacht and returns a function that runs it; the test fails where the command does.
func built(t *testing.T) func(args ...string) (stdout []byte) {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "belwacht")
	build := exec.Command("go", "build", "-o", bin, "../cmd/belwacht")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return func(args ...string) []byte {
		t.Helper()
		var out, errs bytes.Buffer
		c := exec.Command(bin, args...)
		c.Stdout, c.Stderr = &out, &errs
		if err := c.Run(); err != nil {
			t.Fatalf("belwacht %s: %v\n%s", strings.Join(args, " "), err, errs.String())
		}
		return out.Bytes()
	}
}

// fiveLines writes the configuration of the issue, and nothing else, for an organisation.
func fiveLines(t *testing.T, country, zone, hours string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "belwacht.yaml")
	text := fmt.Sprintf("organisation:\n  name: Voorbeeld BV\n  country: %s\n  timezone: %s\n  office_hours: %q\nmode: enforce\n", country, zone, hours)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// judged replays a set's records and scores the decisions.
func judged(t *testing.T, run func(...string) []byte, config, folder string) (*score, time.Duration) {
	t.Helper()
	decisions := filepath.Join(t.TempDir(), "decisions.ndjson")
	begin := time.Now()
	run("replay", "--config", config, "--rates", filepath.Join(folder, "rates.csv"), "--decisions", decisions, recordFile(folder))
	took := time.Since(begin)
	return scoreOf(t, folder, decisions), took
}

// TestAcceptReplay replays the two organisations of the data set. The goals stand beside the figures; what is asserted is the floor below which
// something is broken.
func TestAcceptReplay(t *testing.T) {
	dir := corpus(t)
	run := built(t)
	config := fiveLines(t, "NL", "Europe/Amsterdam", "mon-fri 08:00-18:00")
	for _, set := range []string{"office", "small"} {
		s, took := judged(t, run, config, filepath.Join(dir, "replay", set))
		t.Logf("score: %s %s | %.1f s", set, s, took.Seconds())
		for name, k := range s.kinds {
			t.Logf("score: %s: %s: found %d of %d, lost %.2f of EUR %.2f", set, name, k.found, k.attacks, k.lost, k.exposed)
		}
		if s.emergencyWrong != 0 || s.emergency == 0 {
			t.Errorf("%s: %d of %d emergency calls were refused or ended", set, s.emergencyWrong, s.emergency)
		}
		if found := float64(s.found) / float64(s.attacks); found < 0.9 {
			t.Errorf("%s: %.0f %% of the attacks found in time, under 90 %%", set, 100*found)
		}
		if s.lossShare() > 0.04 {
			t.Errorf("%s: %.1f %% of the money lost, over 4 %%", set, 100*s.lossShare())
		}
		if s.refusedPer10k() > 6 {
			t.Errorf("%s: %.1f innocent calls refused of 10,000, over 6", set, s.refusedPer10k())
		}
		if s.alarmsPer100() > 5 {
			t.Errorf("%s: %.1f false alarms in 100 extension-weeks, over 5", set, s.alarmsPer100())
		}
	}
	t.Log("score: goals | found 100 % | lost 1.50 % (mean of kinds 2.50 %) | refused 2.00 per 10,000 | false alarms 2.50 per 100 extension-weeks | emergency refused 0")
}

// readCall is a line of belwacht records --json.
type readCall struct {
	ID, Direction, Account, Root, Number string
	Start                                time.Time
	Talk                                 float64 `json:"talk_seconds"`
}

// TestAcceptRecords reads the calls recorded on a real Asterisk with the command, and finds each outbound call of the truth once, with its account,
// number and seconds.
func TestAcceptRecords(t *testing.T) {
	dir := corpus(t)
	run := built(t)
	cases, err := filepath.Glob(filepath.Join(dir, "asterisk22", "*", "truth.json"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no recorded calls: %v", err)
	}
	known, found := 0, 0
	for _, truth := range cases {
		name := filepath.Base(filepath.Dir(truth))
		var want struct {
			Calls []struct {
				Account, Root, Direction, Number string
				Talk                             float64 `json:"talk_seconds"`
				Refused                          bool
			}
		}
		data, err := os.ReadFile(truth)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"Master.csv", "cdr_custom.csv"} {
			path := filepath.Join(filepath.Dir(truth), file)
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				continue // no call, no records
			}
			var got []readCall
			lines := bufio.NewScanner(bytes.NewReader(run("records", "--json", path)))
			for lines.Scan() {
				var c readCall
				if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
					t.Fatal(err)
				}
				if c.Direction == "out" {
					got = append(got, c)
				}
			}
			slack := 1.0
			if strings.Contains(name, "transfer") {
				slack = 2
			}
			for _, w := range want.Calls {
				if w.Direction != "out" || w.Refused && w.Talk == 0 && len(got) == 0 { // refused before it was dialled: no record knows its number
					continue
				}
				known++
				match := 0
				for _, c := range got {
					number := strings.TrimPrefix(c.Number, "+")
					if c.Account == w.Account && (number == strings.TrimPrefix(w.Number, "00") || number == w.Number || number == "31"+strings.TrimPrefix(w.Number, "0")) &&
						c.Talk-w.Talk <= slack && w.Talk-c.Talk <= slack {
						match++
					}
				}
				if match != 1 {
					t.Errorf("%s/%s: %d calls are %s to %s for %.0f s, want one; read: %+v", name, file, match, w.Account, w.Number, w.Talk, got)
					continue
				}
				found++
			}
		}
	}
	t.Logf("score: records | %d of %d outbound calls of asterisk22 read with account, number and seconds | goal all", found, known)
}

// TestAcceptHoneypot plays what real attackers dialled from extensions of a made-up organisation, and the same organisation without them.
func TestAcceptHoneypot(t *testing.T) {
	dir := corpus(t)
	run := built(t)
	base := simulate.Config{Seed: 3, Extensions: 60, Weeks: 8, LearnWeeks: 4, Attacks: []string{}, AttackCount: -1, EarlyAttacks: -1}
	quiet, err := simulate.New(base)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "honeypot-2020.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	attacked, err := honeypot.New(z, base, plan)
	if err != nil {
		t.Fatal(err)
	}
	config := fiveLines(t, quiet.Country(), quiet.Timezone(), quiet.OfficeHours())
	before, _ := judged(t, run, config, written(t, quiet))
	s, _ := judged(t, run, config, written(t, attacked))
	alarmed, passed := len(s.first), float64(s.connectedPassed)/float64(max(s.connected, 1))
	t.Logf("score: honeypot | sources found %d of %d, %.0f %% | first alarm at call %.1f in the median | %.1f %% of %d connected calls let through | false alarms %.2f per 100 extension-weeks with them, %.2f without | refused %.2f and %.2f per 10,000",
		alarmed, s.attacks, 100*float64(alarmed)/float64(max(s.attacks, 1)), s.median(), 100*passed, s.connected, s.alarmsPer100(), before.alarmsPer100(), s.refusedPer10k(), before.refusedPer10k())
	t.Log("score: goals | sources found 90 % | first alarm by call 4 | 10 % let through | no more false alarms than without")
	if s.emergencyWrong+before.emergencyWrong != 0 {
		t.Error("an emergency call was refused")
	}
	if s.attacks < 10 || 2*alarmed < s.attacks {
		t.Errorf("%d of %d sources found, under a half", alarmed, s.attacks)
	}
}

// written is the folder of an organisation's records, prices and truth.
func written(t *testing.T, o *simulate.Organisation) string {
	t.Helper()
	dir, truth := t.TempDir(), record.NewTruth(o)
	for name, write := range map[string]func(io.Writer) error{
		"master.csv": func(w io.Writer) error {
			return record.Asterisk(w, o, record.Layout{Observe: func(c *simulate.Call) bool { truth.Add(c); return true }})
		},
		"rates.csv": o.WriteRates,
	} {
		writeTo(t, filepath.Join(dir, name), write)
	}
	writeTo(t, filepath.Join(dir, "truth.json"), truth.Write)
	return dir
}

// writeTo writes one file.
func writeTo(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
