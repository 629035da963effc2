package number

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
)

// dialledByAttackers reads the strings that attackers sent to a honeypot in 2020.
func dialledByAttackers(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("BELWACHT_CORPUS")
	if dir == "" {
		t.Skip("BELWACHT_CORPUS names no folder with honeypot-2020.csv.gz; TestHiddenTarget holds a smaller list of our own")
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
	in := csv.NewReader(z)
	header, err := in.Read()
	if err != nil {
		t.Fatal(err)
	}
	method, uri, to := slices.Index(header, "method"), slices.Index(header, "uri_user"), slices.Index(header, "to_user")
	var out []string
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if row[method] == "INVITE" {
			out = append(out, cmp.Or(row[uri], row[to]))
		}
	}
}

// tail is the last eight digits of a string, false where it has fewer.
func tail(s string) (string, bool) {
	var d []byte
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			d = append(d, s[i])
		}
	}
	if len(d) < 8 {
		return "", false
	}
	return string(d[len(d)-8:]), true
}

// TestHoneypotTargets measures the hidden target on what attackers really dial: how much of it resolves to a number, and how much of that is
// the number that other strings with the same last eight digits resolve to.
func TestHoneypotTargets(t *testing.T) {
	dialled := dialledByAttackers(t)
	for _, country := range []string{"NL", "DE", "ES", "US", "GB"} {
		s := site(t, country)
		byTail := map[string]map[belwacht.E164]int{}
		strings, resolved := 0, 0
		distinct := map[string]bool{}
		for _, d := range dialled {
			last, ok := tail(d)
			if !ok {
				continue
			}
			strings++
			distinct[d] = true
			n := s.Read(d)
			target := cmp.Or(n.Target, n.E164)
			if target == 0 {
				continue
			}
			resolved++
			if byTail[last] == nil {
				byTail[last] = map[belwacht.E164]int{}
			}
			byTail[last][target]++
		}
		stable := 0
		for _, targets := range byTail {
			stable += slices.Max(slices.Collect(maps.Values(targets)))
		}
		t.Logf("%s: %d dialled (%d distinct): %.2f %% resolve to a target, %.2f %% of all to the commonest target of their last eight digits (%d tails)",
			country, strings, len(distinct), 100*float64(resolved)/float64(strings), 100*float64(stable)/float64(strings), len(byTail))
		if testing.Verbose() && country == "NL" {
			for last, targets := range byTail {
				t.Log(last, targets)
			}
		}
		if resolved*100 < strings*97 || stable*100 < strings*95 {
			t.Errorf("%s: too few strings resolve: %d and stably %d of %d", country, resolved, stable, strings)
		}
	}
}
