package sql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// amsterdam is the zone of the made-up PBX.
func amsterdam(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// call is a row to be written: it began at an instant and lasted so many seconds.
type call struct {
	began    time.Time
	seconds  int
	sequence int
}

// id is the uniqueid of a call's row.
func (c call) id() string { return fmt.Sprintf("%d.%d", c.began.Unix(), c.sequence) }

// put writes rows as Asterisk does: the start on the wall clock of zone.
func put(t *testing.T, db *sql.DB, kind Kind, zone *time.Location, start string, calls ...call) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO cdr (%s, clid, src, dst, dcontext, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition, "+
		"uniqueid, linkedid, sequence) VALUES ", start)
	layout := "2006-01-02 15:04:05"
	if zone == time.UTC && kind == PostgreSQL {
		layout += "-07" // the column knows zones
	}
	for i, c := range calls {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "('%s', '\"Een\" <201>', '201', '0031201234567', 'from-internal', 'PJSIP/201-%08x', 'PJSIP/trunk-%08x', "+
			"'Dial', 'PJSIP/0031201234567@trunk', %d, %d, 'ANSWERED', '%s', '%s', %d)",
			c.began.In(zone).Format(layout), c.sequence, c.sequence, c.seconds, c.seconds, c.id(), c.id(), c.sequence)
	}
	exec1(t, db, b.String())
}

// taking is a Reader with what it has handed on.
type taking struct {
	*Reader
	mu       sync.Mutex
	got      map[string]int
	rows     []ingest.Row
	position []byte // kept at the last batch
	upTo     []ingest.Row
	looks    int
	cancel   context.CancelFunc
	done     chan error
}

// read starts a Reader.
func read(t *testing.T, c Config, o Options, from Position) *taking {
	t.Helper()
	k := &taking{got: map[string]int{}, done: make(chan error, 1)}
	often := o.Every == 0
	if often {
		o.Every = 50 * time.Millisecond
	}
	o.Row = func(row *ingest.Row) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.got[row.UniqueID]++
		k.rows = append(k.rows, *row)
		return nil
	}
	o.Batch = func() error {
		b, err := json.Marshal(k.Position())
		k.mu.Lock()
		defer k.mu.Unlock()
		k.position, k.upTo = b, slices.Clone(k.rows)
		k.looks++
		return err
	}
	r, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	k.Reader = r
	if often {
		r.sweepEvery = 500 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	go func() { k.done <- r.Run(ctx, from) }()
	t.Cleanup(func() { k.end(t) })
	return k
}

// end ends a Reader.
func (k *taking) end(t *testing.T) {
	k.cancel()
	if k.done == nil {
		return
	}
	if err := <-k.done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
	k.done = nil
}

// until waits until a condition holds; what the Reader has got is locked meanwhile.
func (k *taking) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for {
		k.mu.Lock()
		ok := holds()
		k.mu.Unlock()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: does not come; %d rows so far, feed %+v", what, len(k.rows), k.Feed())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// once says whether exactly these calls were handed on, each once.
func (k *taking) once(calls []call) error {
	if len(k.got) != len(calls) {
		return fmt.Errorf("%d rows of %d", len(k.got), len(calls))
	}
	for _, c := range calls {
		if n := k.got[c.id()]; n != 1 {
			return fmt.Errorf("the row %s came %d times", c.id(), n)
		}
	}
	return nil
}

// tables are what is read in the tests: kind, the column of the start, and the table.
func tables() map[string]struct {
	kind    Kind
	start   string
	table   string
	indexed bool
} {
	type one = struct {
		kind    Kind
		start   string
		table   string
		indexed bool
	}
	return map[string]one{
		"FreePBX, InnoDB":            {MySQL, "calldate", freepbx("InnoDB", true), true},
		"FreePBX, MyISAM, no index":  {MySQL, "calldate", freepbx("MyISAM", false), false},
		"Asterisk, PostgreSQL":       {PostgreSQL, "start", plain(false, true), true},
		"Asterisk, PostgreSQL zoned": {PostgreSQL, "calldate", plain(true, false), false},
	}
}

// TestFollow reads a history, then rows as they come: in order, far back, doubled; over a server that is killed; and from a kept position.
func TestFollow(t *testing.T) {
	for name, c := range tables() {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "FreePBX, InnoDB" {
				t.Skip("one kind of table will do for the race detector")
			}
			p := newPeer(t, c.kind)
			db, config := p.cdr(t, c.table)
			home := amsterdam(t)
			zone := home
			if strings.Contains(name, "zoned") {
				zone = time.UTC
			}
			now := time.Now().Truncate(time.Second)
			var all []call
			add := func(calls ...call) {
				put(t, db, c.kind, zone, c.start, calls...)
				all = append(all, calls...)
			}
			var past []call
			for i := range 4000 {
				past = append(past, call{now.Add(-time.Duration(4000-i) * 13 * time.Minute), 60 + i%50, i + 1})
			}
			for i := 0; i < len(past); i += 1000 {
				add(past[i : i+1000]...)
			}
			k := read(t, config, Options{Kind: c.kind, Zone: home}, Position{})
			k.until(t, "the history", func() bool { return len(k.rows) == len(all) && k.Feed().State == belwacht.FeedLive })
			for i, row := range k.rows {
				if i > 0 && row.Start < k.rows[i-1].Start-belwacht.Hour { // in autumn the table's clock is put back
					t.Errorf("the history comes in no order of starts: %s after %s", row.Start, k.rows[i-1].Start)
				}
				if want := belwacht.InstantOf(past[row.Sequence-1].began); row.Start != want {
					t.Errorf("row %d began at %s and is read as %s", row.Sequence, want, row.Start)
				}
			}
			if f := k.Feed(); f.Done != int64(len(all)) || f.Total != f.Done || f.Delay.Count != 0 {
				t.Errorf("after the history: %+v", f)
			}
			if notes := strings.Join(k.Feed().Notes, "; "); strings.Contains(notes, "CREATE INDEX") == c.indexed {
				t.Errorf("notes of a table with index %v: %s", c.indexed, notes)
			}
			if last := k.rows[len(k.rows)-1]; last.Start != belwacht.InstantOf(past[3999].began) ||
				last.End != last.Start+belwacht.Instant(past[3999].seconds)*belwacht.Second ||
				last.Answer != last.Start || last.Talk != int64(past[3999].seconds) || last.CallerName != "Een" || last.DstChannel != "PJSIP/trunk-00000fa0" ||
				last.Sequence != 4000 || last.Disposition != belwacht.Answered {
				t.Errorf("the last row is read as %+v", last)
			}
			live(t, k, p, now, add)
			resume(t, k, p, config, home, &all, add)
		})
	}
}

// live has rows come while a Reader looks, and the server killed.
func live(t *testing.T, k *taking, p *peer, now time.Time, add func(...call)) {
	n := len(k.rows)
	add(call{now.Add(-3 * time.Second), 2, 5001})
	k.until(t, "a row that just came", func() bool { return len(k.rows) == n+1 })
	add(call{now.Add(-5 * time.Hour), 5 * 3600, 5002}, call{now.Add(-20 * time.Hour), 20 * 3600, 5003}, call{now.Add(-5 * time.Hour), 5*3600 - 1, 5004})
	k.until(t, "rows of long calls", func() bool { return len(k.rows) == n+4 })
	if d := k.Feed().Delay; d.Count != 4 || d.Worst > 2*belwacht.Minute {
		t.Errorf("the delay is %+v", d)
	}
	p.stop()
	k.until(t, "that the database is lost", func() bool { return k.Feed().State == belwacht.FeedLost })
	if f := k.Feed(); f.Problem == "" || strings.Contains(f.Problem, "S3cret") || strings.ContainsAny(f.Problem, "\n") {
		t.Errorf("a lost database is told as %q", f.Problem)
	}
	p.start(t)
	add(call{now.Add(-time.Second), 1, 5005}, call{now.Add(-6 * 24 * time.Hour), 6 * 86400, 5006})
	k.until(t, "rows after the server came back", func() bool { return len(k.rows) == n+6 && k.Feed().State == belwacht.FeedLive })
}

// resume ends a Reader and goes on from the position that it kept with the rows.
func resume(t *testing.T, k *taking, p *peer, config Config, home *time.Location, all *[]call, add func(...call)) {
	if err := k.once(*all); err != nil {
		t.Fatal(err)
	}
	k.until(t, "a kept position", func() bool { return len(k.upTo) == len(*all) })
	k.end(t)
	now := time.Now().Truncate(time.Second)
	add(call{now.Add(-2 * time.Hour), 7200, 6001}, call{now.Add(-time.Minute), 60, 6002}, call{now.Add(-10 * 24 * time.Hour), 10 * 86400, 6003})
	var from Position
	if err := json.Unmarshal(k.position, &from); err != nil {
		t.Fatal(err)
	}
	again := read(t, config, Options{Kind: p.kind, Zone: home}, from)
	again.until(t, "what came meanwhile", func() bool { return len(again.rows) == 3 && again.Feed().State == belwacht.FeedLive })
	looks := 0
	again.until(t, "two more looks", func() bool {
		if looks == 0 {
			looks = again.looks
		}
		return again.looks >= looks+2 && looks > 0
	})
	again.end(t)
	if len(again.rows) != 3 {
		t.Errorf("%d rows after resuming, 3 had come", len(again.rows))
	}
}

func TestRefused(t *testing.T) {
	p := newPeer(t, MySQL)
	db, good := p.cdr(t, freepbx("InnoDB", true))
	exec1(t, db, "CREATE TABLE other (id int); GRANT SELECT ON asteriskcdrdb.other TO belwacht@'127.0.0.1'")
	exec1(t, db, "CREATE TABLE hidden (id int)")
	none := func() (string, error) {
		return "", belwacht.Errorf(belwacht.Config, "the secret x cannot be read")
	}
	for name, c := range map[string]struct {
		change func(*Config)
		says   string
	}{
		"password":      {func(c *Config) { c.Secret = says("wr0ng-password") }, "refuses the user"},
		"no secret":     {func(c *Config) { c.Secret = none }, "the secret x"},
		"no database":   {func(c *Config) { c.Database = "nothing" }, "nothing"},
		"no table":      {func(c *Config) { c.Table = "cdr_old" }, "no table cdr_old"},
		"hidden table":  {func(c *Config) { c.Table = "hidden" }, "may read"},
		"other table":   {func(c *Config) { c.Table = "other" }, "none of Asterisk's"},
		"nobody listen": {func(c *Config) { c.Address = "127.0.0.1:1" }, "is the database running"},
	} {
		t.Run(name, func(t *testing.T) {
			config := good
			c.change(&config)
			r, err := New(config, Options{Kind: MySQL, Row: func(*ingest.Row) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			err = r.Check(context.Background())
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "S3cret") || strings.Contains(err.Error(), "wr0ng") {
				t.Errorf("says %v, not %q", err, c.says)
			}
		})
	}
	r, err := New(good, Options{Kind: MySQL, Row: func(*ingest.Row) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(context.Background()); err != nil {
		t.Errorf("a good configuration: %v", err)
	}
	put(t, db, MySQL, time.UTC, "calldate", call{time.Now().Add(-time.Minute), 60, 1})
	full := errors.New("the disk is full")
	for name, o := range map[string]Options{
		"row":   {Kind: MySQL, Row: func(*ingest.Row) error { return full }},
		"batch": {Kind: MySQL, Row: func(*ingest.Row) error { return nil }, Batch: func() error { return full }},
	} {
		refuses, err := New(good, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := refuses.Run(t.Context(), Position{}); err != full {
			t.Errorf("Run ended with %v where %s says that the disk is full", err, name)
		}
	}
	db2, conn, err := r.connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer db2.Close()
	if _, err := conn.ExecContext(context.Background(), "UPDATE cdr SET dst = ''"); err == nil {
		t.Error("the connection may write")
	}
}
