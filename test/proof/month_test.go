package proof

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/replay"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/pbx/asterisk"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/simulate/record"
)

// history is an organisation with its records, its calls and the configuration of who guards it.
type history struct {
	config  *config.Config
	trunk   string
	records string // file
	calls   []*simulate.Call
	byID    map[string]*simulate.Call
}

// newHistory makes an organisation up. more are lines of its configuration.
func newHistory(t *testing.T, c simulate.Config, more string) *history {
	t.Helper()
	o, err := simulate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name string) *os.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	h := &history{trunk: o.Trunk(), records: filepath.Join(dir, "master.csv"), byID: map[string]*simulate.Call{}}
	f := file("rates.csv")
	if err := o.WriteRates(f); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	o.Calls(func(c *simulate.Call) bool {
		h.calls, h.byID[c.ID] = append(h.calls, c), c
		return true
	})
	var rows bytes.Buffer
	if err := record.Asterisk(&rows, o, record.Layout{NewColumns: true}); err != nil {
		t.Fatal(err)
	}
	f = file("master.csv")
	if err := h.sentOn(f, &rows); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(amiSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.config, err = config.Read([]byte(record.Configuration(o)+"trunks: [PJSIP/"+o.Trunk()+"]\nrates: {file: rates.csv}\n"+more+
		"pbx: [{name: hk, ami: {address: \"127.0.0.1:5038\", user: belwacht, secret_file: secret}}]\n"), filepath.Join(dir, "belwacht.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// sentOn adds to records the rows that Asterisk writes of calls that came in and were sent on: the simulation writes what goes out only.
func (h *history) sentOn(w io.Writer, rows io.Reader) error {
	r, out := csv.NewReader(rows), csv.NewWriter(w)
	for row, err := r.Read(); err != io.EOF; row, err = r.Read() {
		if err != nil {
			return err
		}
		c := h.byID[row[16]]
		if context, came, _ := over(c); context != "" {
			row[19] = came
			in := slices.Clone(row)
			in[2], in[3], in[5], in[6], in[8] = c.Account, "from-trunk", fmt.Sprintf("PJSIP/%s-%08x", h.trunk, c.Channel-1), strings.TrimSuffix(row[5], "2")+"1", "Local/"+c.Account+"@"+context+",300"
			in[16], in[20] = came, "1"+row[20]
			if err := out.Write(in); err != nil {
				return err
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// decided are decisions by the call's ID, in order.
type decided struct {
	mu   sync.Mutex
	list map[string][]belwacht.Decision
}

// Keep implements app.Keeper.
func (d *decided) Keep(one *belwacht.Decision) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list[one.ID] = append(d.list[one.ID], *one)
}

// words writes the decisions on a call, each with its cause and moment.
func (d *decided) words(id string) string {
	var b strings.Builder
	for _, one := range d.list[id] {
		fmt.Fprintf(&b, "%s(%s) at %s ", one.Word, one.Cause, one.Time)
	}
	return strings.TrimSpace(b.String())
}

// replayed judges a history from its records.
func (h *history) replayed(t *testing.T) *decided {
	t.Helper()
	d := &decided{list: map[string][]belwacht.Decision{}}
	r := replay.Replay{Config: h.config, Files: []string{h.records}, Decision: func(one *belwacht.Decision) error { d.Keep(one); return nil }}
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

// scene is what happens next of a call that is played.
type scene struct {
	at   belwacht.Instant
	seq  int
	kind belwacht.EventKind
	id   string
}

// scenes are what is to come, by time; of one moment what belongs to the call that began first.
type scenes []scene

func (s scenes) Len() int      { return len(s) }
func (s scenes) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s scenes) Less(i, j int) bool {
	return s[i].at < s[j].at || s[i].at == s[j].at && s[i].seq < s[j].seq
}
func (s *scenes) Push(x any) { *s = append(*s, x.(scene)) }
func (s *scenes) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// played judges a history live: its calls as an Asterisk tells of them, each in its second of a simulated time.
func (h *history) played(t *testing.T) (*decided, app.Counts, asterisk.State) {
	t.Helper()
	d := &decided{list: map[string][]belwacht.Decision{}}
	var counts app.Counts
	var state asterisk.State
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(h.calls[0].Start.Time().Add(-time.Minute)))
		engine, err := h.config.LiveEngine(nil)
		if err != nil {
			t.Fatal(err)
		}
		guard, err := app.NewGuard(&app.GuardConfig{Config: h.config, Engine: engine, Log: slog.New(slog.DiscardHandler), Keep: d, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		numbers, err := h.config.All()[0].Site()
		if err != nil {
			t.Fatal(err)
		}
		p := newPBX(h.trunk)
		feed, err := asterisk.New(asterisk.Config{Name: "hk", Address: "pipe:0", User: "belwacht", Secret: amiSecret, Trunks: []string{"PJSIP/" + h.trunk}, Numbers: numbers, Dial: p.pipe},
			guard.Feed("hk"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { _ = feed.Run(ctx) })
		wait.Go(func() { guard.Act(ctx, func(string) app.Ender { return feed }) })
		wait.Go(func() {
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case now := <-tick.C:
					guard.Tick(belwacht.InstantOf(now))
				}
			}
		})
		h.play(p)
		time.Sleep(time.Minute)
		synctest.Wait()
		counts, state = guard.Counts(), feed.State()
		cancel()
		wait.Wait()
	})
	return d, counts, state
}

// play has a PBX make all calls of a history, each in its time.
func (h *history) play(p *pbx) {
	var next scenes
	until := func(at belwacht.Instant) {
		for len(next) > 0 && next[0].at <= at {
			s := heap.Pop(&next).(scene)
			time.Sleep(time.Until(s.at.Time()))
			if s.kind == belwacht.EventAnswer {
				p.answer(s.id)
			} else {
				p.end(s.id)
			}
			synctest.Wait()
		}
	}
	for i, c := range h.calls {
		until(c.Start)
		time.Sleep(time.Until(c.Start.Time()))
		p.begin(c)
		synctest.Wait()
		if c.Answer != 0 {
			heap.Push(&next, scene{c.Answer, 2 * i, belwacht.EventAnswer, c.ID})
		}
		heap.Push(&next, scene{max(c.End, c.Answer), 2*i + 1, belwacht.EventEnd, c.ID})
	}
	until(1 << 62)
}

// TestMonth judges the same weeks twice, replayed from records and live as an Asterisk tells of them: each call is decided alike, for the same cause and at
// the same moment.
func TestMonth(t *testing.T) {
	for _, c := range []simulate.Config{{Seed: 11, Kind: "office", Extensions: 60, Weeks: 5, LearnWeeks: 3}, {Seed: 12, Kind: "trader", Country: "DE", Extensions: 60, Weeks: 5, LearnWeeks: 3},
		{Seed: 13, Kind: "hotel", Country: "IT", Extensions: 40, Weeks: 5, LearnWeeks: 3}} {
		if !whole() {
			if c.Kind != "trader" {
				continue
			}
			c.Weeks, c.LearnWeeks, c.Extensions = 2, 1, 20
		}
		t.Run(c.Kind, func(t *testing.T) {
			h := newHistory(t, c, "limits: {organisation: {money_per_day: 250 EUR, longest_call: 3h}}\n")
			records := h.replayed(t)
			began := time.Now()
			live, counts, state := h.played(t)
			t.Logf("accept: the same weeks from records and live: %s in %s, %d calls, played in %s", c.Kind, h.config.Organisation.Country, len(h.calls), time.Since(began).Round(time.Second))
			h.compare(t, records, live)
			if state.Dropped != 0 || state.TooLarge != 0 || counts.Unended != 0 || counts.Gaps != 0 {
				t.Errorf("%+v, %+v", state, counts)
			}
		})
	}
}

// compare compares what was decided of each call.
func (h *history) compare(t *testing.T, records, live *decided) {
	t.Helper()
	ids := slices.Collect(maps.Keys(records.list))
	for id := range live.list {
		if records.list[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	words, differs := map[string]int{}, 0
	for _, id := range ids {
		for _, one := range live.list[id] {
			words[one.Word.String()]++
		}
		if a, b := records.words(id), live.words(id); a != b {
			if differs++; differs <= 10 {
				t.Errorf("%s: records %q, live %q: %+v", id, a, b, h.byID[id])
			}
		}
	}
	t.Logf("accept: %d calls with decisions other than a plain allow, %d are decided otherwise; live: %v", len(ids), differs, words)
	for _, w := range []string{"watch", "alert", "refuse", "end"} {
		if words[w] == 0 {
			t.Errorf("nothing was decided %s: the weeks show too little", w)
		}
	}
}
