package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/storetest"
)

func TestTellings(t *testing.T) {
	storetest.RunTellings(t, func(t *testing.T, folder string) belwacht.TellingStore {
		s, notes, err := OpenTellings(folder, belwacht.InstantOf(time.Now()))
		if err != nil || len(notes) > 0 {
			t.Fatal(err, notes)
		}
		t.Cleanup(func() { s.Close() })
		return s
	})
}

func TestParcels(t *testing.T) {
	storetest.RunParcels(t, func(t *testing.T, folder string, now belwacht.Instant) belwacht.ParcelStore {
		s, notes, err := OpenTellings(folder, now)
		if err != nil || len(notes) > 0 {
			t.Fatal(err, notes)
		}
		t.Cleanup(func() { s.Close() })
		return s
	})
}

// TestTellingsTorn: a torn last line, and one of a newer Belwacht, cost themselves only, are told, and are kept beside. What is old is let go.
func TestTellingsTorn(t *testing.T) {
	dir := t.TempDir()
	s, _, err := OpenTellings(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	alert := belwacht.Alert{ID: "A1", First: 5, Numbers: []string{}}
	if err := s.PutTellings(t.Context(), []belwacht.Telling{{Alert: alert, Changed: 5}, {Alert: belwacht.Alert{ID: "A2", First: 9}, Changed: 20 * belwacht.Day}}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "tell.ndjson")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(b, `{"schema":"belwacht.tell/2"}`+"\n"+`{"schema":"belwacht.tell/1","telling":{"al`...), 0o600); err != nil {
		t.Fatal(err)
	}
	again, notes, err := OpenTellings(dir, 21*belwacht.Day)
	if err != nil || len(notes) != 2 || !strings.Contains(notes[0], "tell.ndjson:3: ") || !strings.Contains(notes[1], "tell.ndjson:4: ") {
		t.Fatalf("%v %q", err, notes)
	}
	if list, err := again.Tellings(t.Context()); err != nil || len(list) != 1 || list[0].Alert.ID != "A2" {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := os.Stat(name + ".damaged"); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}
