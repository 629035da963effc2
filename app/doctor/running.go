package doctor

import (
	"context"
	"net/http"
	"os"

	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/text"
)

// running asks a running Belwacht how it is: its feeds, call records, memory, and what it counts that somebody should look at.
type running struct{}

// Look implements Check.
func (running) Look(ctx context.Context, p *Patient) []Result {
	const name = "running"
	if p.settings == nil {
		return nil // said by another check
	}
	socket := p.settings.Socket()
	if _, err := os.Stat(socket); err != nil {
		return []Result{{name, Warning, text.Say("Belwacht does not run: there is no control socket at %s.", "Belwacht draait niet: er is geen besturingssocket op %s.", socket),
			text.Say("Start it: systemctl start belwacht, or belwacht run.", "Start het: systemctl start belwacht, of belwacht run.")}}
	}
	var s control.Status
	if err := control.NewClient(socket).Do(ctx, http.MethodGet, "/v1/status", nil, &s); err != nil {
		r := failed(name, Wrong, err)
		return []Result{r}
	}
	out := []Result{fine(name, "Belwacht %s runs.", "Belwacht %s draait.", s.Version)}
	for _, b := range s.PBXs {
		if b.Feed != "" {
			out = append(out, fine(name, "PBX %s: %s.", "PBX %s: %s.", text.Clean(b.Name, 60), text.Clean(b.Feed, 200)))
		}
		if b.Records != "" {
			out = append(out, fine(name, "Call records of PBX %s: %s.", "Gespreksgegevens van PBX %s: %s.", text.Clean(b.Name, 60), text.Clean(b.Records, 300)))
		}
		for _, note := range b.Notes {
			out = append(out, Result{Check: name, Level: OK, Says: text.Sentence{English: text.Clean(note, 500) + ".", Dutch: text.Clean(text.Note(text.Dutch, note), 500) + "."}})
		}
	}
	for _, problem := range s.Problems {
		out = append(out, Result{name, Warning, text.Sentence{English: text.Clean(problem, 500) + ".", Dutch: text.Clean(text.Note(text.Dutch, problem), 500) + "."}, text.Sentence{}})
	}
	return out
}
