package sqlite

import (
	"fmt"
	"io/fs"
	"math/bits"
	"regexp"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// TestPlans asks SQLite how it would run each query, and wants no table read from end to end, nothing sorted by hand, and what a list is read by looked up in
// an index: a page must not grow slower with what is kept.
func TestPlans(t *testing.T) {
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	files, err := fs.Glob(query.Sources, "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	parameter := regexp.MustCompile(`@[a-z_]+|\?`)
	lookedUp := regexp.MustCompile(`^[A-Za-z]+By(User|Source|Account|Number|Word|Call|Reference|State|Subject)`)
	seen := 0
	for _, name := range files {
		text, err := fs.ReadFile(query.Sources, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(text), "-- name: ")[1:] {
			title, statement, _ := strings.Cut(part, "\n")
			statement, _, _ = strings.Cut(statement, ";")
			statement = strings.Replace(statement, "sqlc.embed(events)", "events.*", 1)
			seen++
			steps := plan(t, s, parameter.ReplaceAllString(statement, "?1"))
			sum := strings.HasPrefix(title, "SumsBy") // those add up days, not what is kept, and sort what came of it
			if by := lookedUp.FindStringSubmatch(title); by != nil && !sum && !strings.Contains(steps[0], " AND "+strings.ToLower(by[1])+"=? AND ") {
				t.Errorf("%s: %s", title, steps)
			}
			for _, step := range steps {
				if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE") && !sum {
					t.Errorf("%s: %s", title, step)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d queries were found", seen)
	}
	// That this can fail: two queries that have no index.
	for statement, want := range map[string]string{"SELECT * FROM calls WHERE name = ?1": "SCAN",
		"SELECT * FROM calls WHERE tenant = ?1 ORDER BY talk": "TEMP B-TREE"} {
		if p := fmt.Sprint(plan(t, s, statement)); !strings.Contains(p, want) {
			t.Errorf("%s: %s", statement, p)
		}
	}
}

// TestSearchPlans asks the same of every search of calls: whatever is looked for together, an index leads and nothing is sorted but the numbers of a prefix
// that few begin with.
func TestSearchPlans(t *testing.T) {
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	number, _ := belwacht.ParseE164("+252610000000")
	set := []func(*belwacht.CallQuery){
		func(q *belwacht.CallQuery) { q.Account = "212" }, func(q *belwacht.CallQuery) { q.Number = number }, func(q *belwacht.CallQuery) { q.Prefix = number.Prefix(4) },
		func(q *belwacht.CallQuery) { q.Word = belwacht.Refuse }, func(q *belwacht.CallQuery) { q.Least = 50_000 }, func(q *belwacht.CallQuery) { q.Least = 2 * belwacht.Unit },
		func(q *belwacht.CallQuery) { q.Least = 20 * belwacht.Unit }, func(q *belwacht.CallQuery) { q.Least = 200 * belwacht.Unit },
		func(q *belwacht.CallQuery) { q.Country = belwacht.Country{'S', 'O'} }, func(q *belwacht.CallQuery) { q.Class = belwacht.ClassPremium },
		func(q *belwacht.CallQuery) { q.Class = belwacht.ClassMobile }, func(q *belwacht.CallQuery) { q.Direction = belwacht.In }}
	leads := map[string]bool{}
	for some := range uint(1) << len(set) {
		if bits.OnesCount(some) > 3 {
			continue
		}
		for _, few := range []bool{true, false} {
			q := belwacht.CallQuery{Tenant: "oak"}
			for i, do := range set {
				if some&(1<<i) != 0 {
					do(&q)
				}
			}
			x := searchOf(&q, few)
			leads[x.index] = true
			w := windowOf(0, 0, q.Page)
			args := append(append(x.of(q.Tenant, &w, 100), x.args[1]...), 10)
			steps := plan(t, s, x.calls(), args...)
			sorted := x.index == "calls_number" && q.Number == 0
			for _, step := range steps {
				if strings.HasPrefix(step, "SCAN calls") || strings.HasPrefix(step, "SCAN c") || strings.Contains(step, "TEMP B-TREE") && !sorted ||
					strings.HasPrefix(step, "SEARCH calls") && !strings.Contains(step, "COVERING INDEX "+x.index) {
					t.Errorf("%+v: %q", q, steps)
				}
			}
		}
	}
	if len(leads) != 9 {
		t.Errorf("not every index was tried: %v", leads)
	}
}

func plan(t *testing.T, s *Store, statement string, args ...any) []string {
	t.Helper()
	if len(args) == 0 {
		args = []any{1}
	}
	rows, err := s.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
