package record

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/simulate"
)

func TestRecordsAndTruthBelongTogether(t *testing.T) {
	for _, wide := range []bool{false, true} {
		o, err := simulate.New(simulate.Config{Seed: 6, Kind: "factory", Country: "IT", Extensions: 60, Weeks: 8})
		if err != nil {
			t.Fatal(err)
		}
		truth := NewTruth(o)
		var file, answers bytes.Buffer
		if err := Asterisk(&file, o, Layout{NewColumns: wide, Observe: func(c *simulate.Call) bool { truth.Add(c); return true }}); err != nil {
			t.Fatal(err)
		}
		if err := truth.Write(&answers); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		ids, end, columns := map[string]bool{}, "", map[bool]int{false: 18, true: 21}[wide]
		for i, r := range rows {
			if len(r) != columns {
				t.Fatalf("row %d has %d columns, want %d", i+1, len(r), columns)
			}
			// The hour that winter time repeats is the one place where local times go back.
			if r[11] < end && r[11][:10] == end[:10] && r[11][11:13] != "02" {
				t.Fatalf("row %d ends at %s, the one before it at %s", i+1, r[11], end)
			}
			end = r[11]
			ids[r[16]] = true
		}
		var read Truth
		if err := json.Unmarshal(answers.Bytes(), &read); err != nil {
			t.Fatal(err)
		}
		if len(read.Attacks) < 6 || len(read.Shocks) < 20 || len(read.Emergency) == 0 || len(read.Organisation.DialPlan.NationalLengths) == 0 {
			t.Errorf("truth has %d attacks, %d oddities, %d emergency calls, plan %+v", len(read.Attacks), len(read.Shocks), len(read.Emergency), read.Organisation.DialPlan)
		}
		seen := map[string]string{}
		for _, a := range read.Attacks {
			for _, id := range a.IDs {
				if !ids[id] || seen[id] != "" {
					t.Errorf("call %s of %s: recorded %v, also in %q", id, a.Kind, ids[id], seen[id])
				}
				seen[id] = a.Kind
			}
		}
		for _, s := range read.Shocks {
			for _, id := range s.IDs {
				if !ids[id] || seen[id] != "" {
					t.Errorf("call %s of %s: recorded %v, also in %q", id, s.Kind, ids[id], seen[id])
				}
			}
		}
	}
}

func TestHostileDialledStringsAreQuoted(t *testing.T) {
	o, err := simulate.New(simulate.Config{Seed: 6, Extensions: 10, Weeks: 3, AttackCount: -1, EarlyAttacks: -1,
		Scripts: []simulate.Script{{Kind: "scanner", Calls: []simulate.ScriptCall{{Dialled: `00"31,20` + "\n" + `5551234`}}}}})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := Asterisk(&file, o, Layout{}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if strings.HasPrefix(r[2], `00"31,20`) {
			return
		}
	}
	t.Error("what the scanner dialled is not in the records")
}

func TestForRowsReaches(t *testing.T) {
	for _, c := range []simulate.Config{{Seed: 3}, {Seed: 3, Extensions: 100}, {Seed: 3, Kind: "callcentre", Country: "US", Weeks: 6}} {
		c, err := ForRows(c, 60_000)
		if err != nil {
			t.Fatal(err)
		}
		o, err := simulate.New(c)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		o.Calls(func(c *simulate.Call) bool {
			if c.Attack >= 0 {
				t.Fatal("an attack in a file that is made for its size")
			}
			n++
			return true
		})
		if n < 60_000 {
			t.Errorf("%d accounts over %d weeks make %d calls, want 60000", c.Extensions, c.Weeks, n)
		}
	}
}

// TestScorerTakesIt runs the scorer of the data sets on a written set without decisions.
func TestScorerTakesIt(t *testing.T) {
	folder := os.Getenv("BELWACHT_CORPUS")
	if folder == "" {
		t.Skip("BELWACHT_CORPUS is not set: no scorer to try")
	}
	scorer := filepath.Join(folder, "..", "tools", "replay-score")
	if _, err := os.Stat(scorer); err != nil {
		t.Skip("no scorer beside the corpus")
	}
	for _, c := range []simulate.Config{{Seed: 1, Country: "ES"}, {Seed: 2, Country: "US", Kind: "hotel"}, {Seed: 3, Country: "DK", Kind: "software"}} {
		o, err := simulate.New(c)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		write := func(name string, f func(*bytes.Buffer) error) {
			var b bytes.Buffer
			if err := f(&b); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write("master.csv", func(b *bytes.Buffer) error { return Asterisk(b, o, Layout{}) })
		write("rates.csv", func(b *bytes.Buffer) error { return o.WriteRates(b) })
		write("truth.json", func(b *bytes.Buffer) error { return WriteTruth(b, o) })
		write("decisions", func(*bytes.Buffer) error { return nil })
		out, err := exec.Command("python3", scorer, dir, filepath.Join(dir, "decisions"), "--json").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.Country, err, out)
		}
		var score struct {
			Attacks   int     `json:"attacks"`
			Exposed   float64 `json:"exposed_eur"`
			Abroad    int     `json:"innocent_international_calls"`
			Emergency int     `json:"emergency_calls"`
		}
		if err := json.Unmarshal(out, &score); err != nil {
			t.Fatal(err)
		}
		if score.Attacks == 0 || score.Exposed < 50 || score.Abroad < 100 || score.Emergency == 0 {
			t.Errorf("%s: the scorer sees %+v", c.Country, score)
		}
	}
}
