package proof

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite"
)

// somebody is told of alerts, by a webhook.
type somebody struct {
	*httptest.Server
	mu     sync.Mutex
	heard  map[alert]belwacht.Alert
	excuse map[alert]bool // told by a process whose disk had stalled, which says so and tells all the same
	twice  int            // how often they were told what they had heard
}

// alert names one.
type alert struct {
	tenant, id string
	first      belwacht.Instant
}

func newSomebody(t *testing.T) *somebody {
	t.Helper()
	s := &somebody{heard: map[alert]belwacht.Alert{}, excuse: map[alert]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a belwacht.Alert
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		k := alert{a.Tenant, a.ID, a.First}
		if old, known := s.heard[k]; known && old.Word == a.Word && old.Count == a.Count {
			s.twice++
		}
		s.heard[k] = a
	}))
	t.Cleanup(s.Close)
	return s
}

// kept looks for all that was told so far in the folder of a process that was killed. What a process told of although its disk had stalled it has said in its
// log, of which what came since from is looked at.
func (s *somebody) kept(t *testing.T, p *process, round, from int) (told int) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Folder: filepath.Join(p.dir, "data")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close(context.Background())
	there := map[alert]*belwacht.Incident{}
	for q := (belwacht.AlertQuery{Page: belwacht.Page{Most: belwacht.PageMost}}); ; {
		list, next, err := store.Alerts(t.Context(), &q)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			there[alert{list[i].Tenant, list[i].ID, list[i].First}] = &list[i]
		}
		if q.Page.After = next; next.IsZero() {
			break
		}
	}
	log, err := os.ReadFile(filepath.Join(p.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	stalled := strings.Contains(string(log[from:]), "an alert is not on disk yet")
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, a := range s.heard {
		switch x := there[k]; {
		case x != nil && x.Count >= a.Count && x.Word >= a.Word:
		case stalled || s.excuse[k]:
			s.excuse[k] = true
		default:
			t.Errorf("round %d: somebody was told of %+v, and on disk is %+v", round, a, x)
		}
	}
	return len(s.heard) - len(s.excuse)
}
