package ingest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/number"
)

// truth is what really happened in a recorded case (testdata/asterisk22).
type truth struct {
	Calls []struct {
		Account   string           `json:"account"`
		Root      string           `json:"root"`
		Direction string           `json:"direction"`
		Number    string           `json:"number"`
		Start     belwacht.Instant `json:"start"`
		Talk      float64          `json:"talk_seconds"`
		Refused   bool             `json:"refused"`
	} `json:"calls"`
}

func amsterdam(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func dutch(t testing.TB) *number.Site {
	t.Helper()
	s, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readAll reads the calls of a file with the assembler of a configuration.
func readAll(t testing.TB, data []byte, c ingest.Config) ([]belwacht.Call, ingest.Stats) {
	t.Helper()
	r, err := cdr.Open(bytes.NewReader(data), "records.csv", cdr.Options{Zone: amsterdam(t)})
	if err != nil {
		t.Fatal(err)
	}
	if c.Numbers == nil {
		c.Numbers = dutch(t)
	}
	a := ingest.NewAssembler(c)
	var calls []belwacht.Call
	keep := func(c *belwacht.Call) error {
		calls = append(calls, *c)
		return nil
	}
	var row ingest.Row
	for {
		err := r.Read(&row)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(&row, keep); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Flush(keep); err != nil {
		t.Fatal(err)
	}
	return calls, a.Stats()
}

// unknowable are calls that a case's records cannot know: none was written, or the number stands nowhere in them.
var unknowable = map[string]bool{"04-outbound-refused": true, "32-refused-without-unanswered": true}

func TestRecordedCases(t *testing.T) {
	folders, err := filepath.Glob("testdata/asterisk22/*/truth.json")
	if err != nil || len(folders) != 38 {
		t.Fatalf("%d cases, %v", len(folders), err)
	}
	for _, path := range folders {
		folder := filepath.Dir(path)
		name := filepath.Base(folder)
		var want truth
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"Master.csv", "cdr_custom.csv"} {
			t.Run(name+"/"+file, func(t *testing.T) { recorded(t, filepath.Join(folder, file), name, &want) })
		}
	}
}

func recorded(t *testing.T, file, name string, want *truth) {
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // not written where there was no call
		t.Fatal(err)
	}
	if len(data) == 0 {
		for _, c := range want.Calls {
			if !unknowable[name] {
				t.Errorf("no records, but %+v", c)
			}
		}
		return
	}
	calls, _ := readAll(t, data, ingest.Config{})
	slack := 1.0
	if strings.Contains(name, "transfer") {
		slack = 2
	}
	used := make([]bool, len(calls))
	for _, w := range want.Calls {
		found := false
		for i, c := range calls {
			account := c.Account
			if c.Direction == belwacht.In && c.Taker != "" {
				account = c.Taker
			}
			number := c.Dialled == w.Number || c.Direction == belwacht.In // what the trunk was called by is not in these records
			if used[i] || c.Direction.String() != w.Direction || account != w.Account || c.Root != w.Root || !number {
				continue
			}
			if d := float64(c.Talk) - w.Talk; d > slack || d < -slack {
				continue
			}
			if d := w.Start - c.Start; d < 0 || d >= 2*belwacht.Second {
				t.Errorf("%s starts at %s, not %s", c.ID, c.Start, w.Start)
			}
			used[i], found = true, true
			break
		}
		if !found && !unknowable[name] {
			t.Errorf("not found: %+v", w)
		}
	}
	ids := map[string]bool{}
	for i, c := range calls {
		if c.Direction == belwacht.Out && !used[i] {
			t.Errorf("too many: %+v", c)
		}
		if ids[c.ID] {
			t.Errorf("two calls have the ID %s", c.ID)
		}
		ids[c.ID] = true
	}
	if t.Failed() {
		for _, c := range calls {
			t.Logf("%s %s %s root %s -> %s over %s %s talk %d rows %d start %s", c.ID, c.Direction, c.Account, c.Root, c.Dialled, c.Trunk, c.Lineage, c.Talk, c.Rows, c.Start)
		}
	}
}

// TestRecordedWithoutLinks reads the same cases as a site writes them that has not set newcdrcolumns: 18 columns, no linkedid.
func TestRecordedWithoutLinks(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"01-outbound-answered", "201 0032470000101 5"},
		{"10-forward-local-kept", "205 0032470000110 4"},
		{"11-forward-local-optimised", "205 0032470000111 4"},
		{"12-phone-302-abroad", "204 0032470000112 3"},
		{"14-blind-transfer-internal", "201 0032470000114 5"},
		{"16-blind-transfer-by-caller", "201 0032470000116 5"},
		{"27-attended-transfer", "201 0032470000127 11"},
		{"35-attended-transfer-by-keys", "201 0032470000135 9"},
	} {
		data, err := os.ReadFile(filepath.Join("testdata/asterisk22", c.name, "Master.csv"))
		if err != nil {
			t.Fatal(err)
		}
		var short strings.Builder
		for line := range strings.Lines(string(data)) {
			fields := strings.Split(strings.TrimSpace(line), ",")
			short.WriteString(strings.Join(fields[:len(fields)-3], ",") + "\n")
		}
		calls, _ := readAll(t, []byte(short.String()), ingest.Config{})
		var got []string
		for _, k := range calls {
			if k.Direction == belwacht.Out {
				got = append(got, fmt.Sprintf("%s %s %d", k.Account, k.Dialled, k.Talk))
			}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}
