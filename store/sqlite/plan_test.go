package sqlite

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

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
			if by := lookedUp.FindStringSubmatch(title); by != nil && !strings.Contains(steps[0], " AND "+strings.ToLower(by[1])+"=? AND ") {
				t.Errorf("%s: %s", title, steps)
			}
			for _, step := range steps {
				if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("%s: %s", title, step)
				}
			}
		}
	}
	if seen < 30 {
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

func plan(t *testing.T, s *Store, statement string) []string {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, 1)
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
