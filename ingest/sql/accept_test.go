package sql

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// asked says whether a part of the acceptance is asked for. It is no skip: in the acceptance of other parts nothing may skip.
func asked(part string) bool { return strings.Contains(os.Getenv("BELWACHT_ACCEPT"), part) }

// TestAcceptTable reads asteriskcdrdb with three million rows, then what is written meanwhile, while server and reader are killed again and again.
func TestAcceptTable(t *testing.T) {
	if !asked("records") {
		return
	}
	const rows = 3_000_000
	p := newPeer(t, MySQL)
	db, config := p.cdr(t, freepbx("InnoDB", true))
	begin := time.Now()
	first := begin.Add(-3 * 365 * 24 * time.Hour).Truncate(time.Second).UTC()
	exec1(t, db, fmt.Sprintf(`INSERT INTO cdr (calldate, clid, src, dst, dcontext, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition,
		uniqueid, linkedid, sequence)
		SELECT DATE_ADD('%s', INTERVAL FLOOR(seq * 31.53) SECOND), '"Een" <201>', 200 + seq %% 150, CONCAT('00312012', seq %% 100000), 'from-internal',
		CONCAT('PJSIP/', 200 + seq %% 150, '-', LPAD(HEX(seq), 8, '0')), CONCAT('PJSIP/trunk-', LPAD(HEX(seq), 8, '0')), 'Dial', 'PJSIP/trunk',
		seq %% 600, seq %% 600, 'ANSWERED',
		CONCAT(%d + FLOOR(seq * 31.53), '.', seq), CONCAT(%d + FLOOR(seq * 31.53), '.', seq), seq FROM seq_1_to_%d`,
		first.Format("2006-01-02 15:04:05"), first.Unix(), first.Unix(), rows))
	fmt.Printf("accept: %d rows written in %.0f s\n", rows, time.Since(begin).Seconds())
	plan := explained(t, db)
	if !strings.Contains(plan, "calldate") || !strings.Contains(plan, "Using index") {
		t.Errorf("a look does not go by the index alone: %s", plan)
	}
	a := &accepting{p: p, config: config, wrote: map[string]time.Time{}, got: map[string]int{}}
	a.history(t, rows)
	a.rounds(t, db)
	a.calm(t, db)
	a.check(t)
}

// explained is how the server answers a look at the last 26 hours.
func explained(t *testing.T, db *sql.DB) string {
	t.Helper()
	table := &table{kind: MySQL, name: "cdr", start: "calldate"}
	begin := time.Now()
	r, err := db.Query(table.counts(begin.Add(-26 * time.Hour).Unix()))
	if err != nil {
		t.Fatal(err)
	}
	slots := 0
	for r.Next() {
		slots++
	}
	r.Close()
	fmt.Printf("accept: a look at the last 26 hours of them: %d slots in %.1f ms\n", slots, time.Since(begin).Seconds()*1000)
	r, err = db.Query("EXPLAIN FORMAT=JSON " + table.counts(begin.Add(-26*time.Hour).Unix()))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	plan := ""
	for r.Next() {
		if err := r.Scan(&plan); err != nil {
			t.Fatal(err)
		}
	}
	return strings.ReplaceAll(plan, `"using_index": true`, "Using index")
}

// accepting is what was written and what was read, over the lives of several readers.
type accepting struct {
	p         *peer
	config    Config
	wrote     map[string]time.Time // by uniqueid, when
	got       map[string]int       // of those
	old       int                  // rows of the history
	from      Position
	latencies []time.Duration
}

// history reads the past, with progress.
func (a *accepting) history(t *testing.T, rows int) {
	begin := time.Now()
	shown, most := int64(0), uint64(0)
	var k *Reader
	o := Options{Kind: MySQL, Row: func(*ingest.Row) error { a.old++; return nil }}
	o.Batch = func() error {
		f := k.Feed()
		if f.Total != int64(rows) || f.Done > f.Total {
			return fmt.Errorf("progress says %d of %d", f.Done, f.Total)
		}
		if f.Done >= shown+int64(rows/5) || f.State == belwacht.FeedLive {
			shown = f.Done
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			fmt.Printf("accept: %s, %d of %d rows, %.0f s, heap %d MB\n", f.State, f.Done, f.Total, time.Since(begin).Seconds(), m.HeapAlloc>>20)
		}
		if f.State == belwacht.FeedLive {
			a.from = k.Position()
			return errEnough
		}
		return nil
	}
	var err error
	if k, err = New(a.config, o); err != nil {
		t.Fatal(err)
	}
	if err := k.Run(t.Context(), Position{}); err != errEnough {
		t.Fatal(err)
	}
	b, err := json.Marshal(a.from)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin).Seconds()
	fmt.Printf("accept: history of %d rows read in %.1f s, %.0f rows/s; position of %d KB\n", a.old, took, float64(a.old)/took, len(b)>>10)
	if a.old != rows {
		t.Errorf("%d rows were read of %d", a.old, rows)
	}
	if most > 512<<20 {
		t.Errorf("the heap grew to %d MB", most>>20)
	}
}

// errEnough ends a reader from within.
var errEnough = fmt.Errorf("enough")

// rounds writes rows that began up to 25 hours ago while readers come and go; every third round the server is killed as well.
func (a *accepting) rounds(t *testing.T, db *sql.DB) {
	sequence := 10_000_000
	for round := range 12 {
		k := read(t, a.config, Options{Kind: MySQL}, a.from)
		for range 20 + rand.IntN(20) {
			var calls []call
			for range 1 + rand.IntN(5) {
				sequence++
				ago := time.Duration(rand.IntN(60)) * time.Second
				if rand.IntN(4) == 0 {
					ago = time.Duration(rand.IntN(25*3600)) * time.Second
				}
				calls = append(calls, call{time.Now().Add(-ago).Truncate(time.Second), int(ago / time.Second), sequence})
			}
			put(t, db, MySQL, time.FixedZone("UTC", 0), "calldate", calls...)
			now := time.Now()
			for _, c := range calls {
				a.wrote[c.id()] = now
			}
			time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		}
		if round%3 == 2 {
			a.p.stop()
			a.p.start(t)
		}
		a.keep(t, k)
	}
}

// keep ends a reader in the midst of what it does, and takes over what it had kept: rows and position of the last batch.
func (a *accepting) keep(t *testing.T, k *taking) {
	k.end(t)
	if k.position == nil {
		return // killed before it had connected
	}
	if err := json.Unmarshal(k.position, &a.from); err != nil {
		t.Fatal(err)
	}
	for i := range k.upTo {
		id := k.upTo[i].UniqueID
		a.got[id]++
	}
}

// calm writes a row now and then while nothing is killed, and measures how soon each is handed on.
func (a *accepting) calm(t *testing.T, db *sql.DB) {
	k := read(t, a.config, Options{Kind: MySQL, Every: time.Second}, a.from)
	k.until(t, "that all is read", func() bool { return k.Feed().State == belwacht.FeedLive && len(k.upTo) == len(k.rows) })
	for i := range 40 {
		n := len(k.rows)
		c := call{time.Now().Add(-time.Minute).Truncate(time.Second), 60, 20_000_000 + i}
		begin := time.Now()
		put(t, db, MySQL, time.FixedZone("UTC", 0), "calldate", c)
		a.wrote[c.id()] = begin
		k.until(t, "a live row", func() bool { return len(k.rows) > n })
		a.latencies = append(a.latencies, time.Since(begin))
	}
	k.until(t, "the position", func() bool { return len(k.upTo) == len(k.rows) })
	a.keep(t, k)
}

// check compares what was written and what was read.
func (a *accepting) check(t *testing.T) {
	missing, doubled := 0, 0
	for id := range a.wrote {
		switch n := a.got[id]; {
		case n == 0:
			if missing++; missing <= 5 {
				t.Errorf("the row %s is missing", id)
			}
		case n > 1:
			doubled++
		}
	}
	for id := range a.got {
		if _, ours := a.wrote[id]; !ours {
			doubled++ // a row of the history again
		}
	}
	slices.Sort(a.latencies)
	fmt.Printf("accept: %d rows written while 12 readers and 4 servers were killed: %d missing, %d doubled; "+
		"from INSERT to row, looking each second: median %d ms, worst %d ms\n",
		len(a.wrote), missing, doubled, a.latencies[len(a.latencies)/2].Milliseconds(), a.latencies[len(a.latencies)-1].Milliseconds())
	if a.latencies[len(a.latencies)-1] > 5*time.Second {
		t.Error("a live row took more than 5 s")
	}
	if missing+doubled > 0 {
		t.Errorf("%d rows are missing, %d doubled", missing, doubled)
	}
}
