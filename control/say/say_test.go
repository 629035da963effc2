package say

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// TestNotes: what should be known of a source of records is told in both languages.
func TestNotes(t *testing.T) {
	status := control.Status{PBXs: []control.PBX{{Records: "r", Notes: []string{"a.csv: packed with gzip"}}}, Problems: []string{"the call records of PBX hk are not read"}}
	for lang, want := range map[text.Language][2]string{text.English: {"packed with gzip", "are not read"}, text.Dutch: {"ingepakt met gzip", "worden niet gelezen"}} {
		var b bytes.Buffer
		s := Speaker{Printer: terminal.NewPrinter(&b, 80, false), Language: lang, Zone: time.UTC}
		s.Status(&status)
		if err := s.Flush(); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%q lacks %q", b.String(), w)
			}
		}
	}
}

// TestGuarded: the last sentence of a status says by what calls are guarded, and what is not there yet.
func TestGuarded(t *testing.T) {
	enforce := []control.Organisation{{Mode: belwacht.Enforce}}
	for _, c := range []struct {
		name   string
		status control.Status
		want   [2]string // English, Dutch
	}{
		{"starting", control.Status{Starting: true, PBXs: []control.PBX{{Name: "a"}}}, [2]string{"Not guarding yet: it starts, and learns", "Bewaakt nog niet: het start"}},
		{"nothing", control.Status{Waiting: true}, [2]string{"Not guarded yet: no PBX is named", "Nog niet bewaakt"}},
		{"all", control.Status{Since: 1, Tenants: enforce, PBXs: []control.PBX{{Ask: "a", Feed: "f", Records: "r"}}},
			[2]string{"by the dial plan's question before each call, the PBX's events and its call records.", "en haar gespreksgegevens."}},
		{"some", control.Status{Since: 1, Tenants: []control.Organisation{{Mode: belwacht.Monitor}}, PBXs: []control.PBX{{FastAGI: "a"}}},
			[2]string{"; not yet: the PBX's events, its call records, refusing (mode monitor", "; nog niet: de gebeurtenissen van de centrale, haar gespreksgegevens, weigeren (stand monitor"}},
		{"none", control.Status{Since: 1, Tenants: enforce, PBXs: []control.PBX{{}}}, [2]string{"by nothing; not yet: the dial plan's", "door niets; nog niet: de vraag"}},
	} {
		for i, lang := range []text.Language{text.English, text.Dutch} {
			var b bytes.Buffer
			s := Speaker{Printer: terminal.NewPrinter(&b, 80, false), Language: lang, Zone: time.UTC}
			s.Status(&c.status)
			if err := s.Flush(); err != nil {
				t.Fatal(err)
			}
			if said := strings.Join(strings.Fields(b.String()), " "); !strings.Contains(said, c.want[i]) {
				t.Errorf("%s: %q lacks %q", c.name, said, c.want[i])
			}
			for line := range strings.Lines(b.String()) {
				if len([]rune(line)) > 81 {
					t.Errorf("%s: %q is longer than the terminal", c.name, line)
				}
			}
		}
	}
}
