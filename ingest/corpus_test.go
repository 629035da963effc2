package ingest_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// TestCorpus reads the made-up organisations beside the project: every row there is a call of its own, with the uniqueid as its ID, of the
// extension in Local/EXTENSION@ where it is forwarded, of the one called where it came in, of the caller otherwise.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("BELWACHT_CORPUS")
	if corpus == "" {
		t.Skip("BELWACHT_CORPUS is not set: it names the folder with replay/office and replay/small")
	}
	for _, name := range []string{"office", "small"} {
		path := filepath.Join(corpus, "replay", name, "master.csv.gz")
		f, err := cdr.OpenFiles([]string{path}, cdr.Options{Zone: amsterdam(t)})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		type truth struct {
			account string
			talk    int64
			start   belwacht.Instant
		}
		want := map[string]truth{}
		a := ingest.NewAssembler(ingest.Config{Numbers: dutch(t)})
		wrong, before := 0, belwacht.Instant(0)
		check := func(c *belwacht.Call) error {
			w, ok := want[c.ID]
			if !ok || w.account != c.Account || w.talk != c.Talk || w.start != c.Start || !c.Late && c.Start < before {
				if wrong++; wrong < 5 {
					t.Errorf("%s: %+v, want %+v", name, *c, w)
				}
			}
			if !c.Late {
				before = c.Start
			}
			delete(want, c.ID)
			return nil
		}
		var row ingest.Row
		for {
			if err := f.Read(&row); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			w := truth{account: row.Src, talk: row.Talk, start: row.Start}
			if row.Context == "from-trunk" {
				w.account = row.Dst
			} else if e, ok := strings.CutPrefix(row.Channel, "Local/"); ok {
				w.account, _, _ = strings.Cut(e, "@")
			}
			want[strings.Clone(row.UniqueID)] = w
			if err := a.Add(&row, check); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Flush(check); err != nil {
			t.Fatal(err)
		}
		if len(want) > 0 || wrong > 0 {
			t.Errorf("%s: %d calls missing, %d wrong", name, len(want), wrong)
		}
		t.Logf("%s: %+v", name, a.Stats())
	}
}
