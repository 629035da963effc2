package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// TestMoneyKeptAndLost: what counts as saved, and what only would have been.
func TestMoneyKeptAndLost(t *testing.T) {
	const euro = belwacht.Unit
	price := belwacht.Price{PerMinute: euro, First: 1, Next: 1}
	start := belwacht.Instant(1_770_000_000_000)
	call := func(cost, spent belwacht.Money, first, ended *belwacht.Decision) *belwacht.Outcome {
		return &belwacht.Outcome{Call: &belwacht.Call{ID: "1", Start: start, Answer: start + 10*belwacht.Second},
			Number: belwacht.Number{Price: price}, Cost: cost, Spent: spent, Start: first, Ended: ended}
	}
	dec := func(w belwacht.Word, enforced bool, after belwacht.Instant) *belwacht.Decision {
		return &belwacht.Decision{Word: w, Enforced: enforced, Time: start + after}
	}
	for _, c := range []struct {
		name         string
		o            *belwacht.Outcome
		saved, would belwacht.Money
		word         belwacht.Word
	}{
		{"plain allow", call(5*euro, 5*euro, nil, nil), 0, 0, belwacht.Allow},
		{"refused", call(5*euro, 0, dec(belwacht.Refuse, true, 0), nil), 5 * euro, 0, belwacht.Refuse},
		{"would be refused", call(5*euro, 5*euro, dec(belwacht.Refuse, false, 0), nil), 0, 5 * euro, belwacht.Refuse},
		{"refused and never answered", call(0, 0, dec(belwacht.Refuse, true, 0), nil), 0, 0, belwacht.Refuse},
		{"ended after two minutes", call(5*euro, 2*euro, nil, dec(belwacht.EndNow, true, 130*belwacht.Second)), 3 * euro, 0, belwacht.EndNow},
		{"would be ended after two minutes", call(5*euro, 5*euro, nil, dec(belwacht.EndNow, false, 130*belwacht.Second)), 0, 3 * euro, belwacht.EndNow},
		{"would be ended, cheaper than its price says", call(euro, euro, nil, dec(belwacht.EndNow, false, 130*belwacht.Second)), 0, 0, belwacht.EndNow},
		{"alerted, then ended", call(5*euro, 2*euro, dec(belwacht.Warn, true, 0), dec(belwacht.EndNow, true, 0)), 3 * euro, 0, belwacht.EndNow},
		{"said refuse, then said end", call(5*euro, 5*euro, dec(belwacht.Refuse, false, 0), dec(belwacht.EndNow, false, 130*belwacht.Second)), 0, 5 * euro, belwacht.Refuse},
		{"said refuse, the brake ended", call(5*euro, 2*euro, dec(belwacht.Refuse, false, 0), dec(belwacht.EndNow, true, 130*belwacht.Second)), 3 * euro, 2 * euro, belwacht.Refuse},
		{"alerted", call(5*euro, 5*euro, dec(belwacht.Warn, false, 0), nil), 0, 0, belwacht.Warn},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(Options{})
			s.Add(c.o)
			if s.total.saved != c.saved || s.total.would != c.would || s.total.word[c.word] != 1 {
				t.Errorf("saved %s, would have saved %s, words %v; want %s, %s, one %s", s.total.saved, s.total.would, s.total.word,
					c.saved, c.would, c.word)
			}
		})
	}
}

// TestTablesAgree: every table holds each call once, so all of them come to the same sums.
func TestTablesAgree(t *testing.T) {
	s := newFixture(t, belwacht.Monitor).summary(options(t, text.English, belwacht.Monitor))
	var byHour, byClass, byDay, byAccount tally
	for i := range s.hour {
		byHour.merge(&s.hour[i])
	}
	for i := range s.class {
		byClass.merge(&s.class[i])
	}
	for _, d := range s.days.rows {
		byDay.merge(d)
	}
	s.settle()
	for _, a := range s.accounts.rows {
		byAccount.merge(a)
	}
	for name, got := range map[string]tally{"hour": byHour, "class": byClass, "day": byDay, "account": byAccount} {
		if got != s.total {
			t.Errorf("by %s: %+v, in all %+v", name, got, s.total)
		}
	}
	stretches, weekly := s.stretches()
	var byWeek tally
	for i := range stretches {
		byWeek.merge(&stretches[i].tally)
	}
	if !weekly || len(stretches) != 12 || byWeek != s.total {
		t.Errorf("%d stretches, weekly %v: %+v, in all %+v", len(stretches), weekly, byWeek, s.total)
	}
}

// TestClock: local hours on both nights on which clocks change, and before 1970.
func TestClock(t *testing.T) {
	zone := amsterdam(t)
	for _, c := range []struct {
		at   string
		day  string
		hour int
	}{
		{"2026-03-29T01:59:59+01:00", "2026-03-29", 6*24 + 1},
		{"2026-03-29T03:00:00+02:00", "2026-03-29", 6*24 + 3},
		{"2026-10-25T02:30:00+02:00", "2026-10-25", 6*24 + 2},
		{"2026-10-25T02:30:00+01:00", "2026-10-25", 6*24 + 2},
		{"2026-03-02T00:00:00+01:00", "2026-03-02", 0},
		{"2026-03-01T23:59:59+01:00", "2026-03-01", 7*24 - 1},
		{"1969-12-31T12:00:00+01:00", "1969-12-31", 2*24 + 12},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		k := newClock(zone)
		for range 2 { // once sought, once remembered
			day, hour := k.local(belwacht.InstantOf(at))
			if got := date(day).Format("2006-01-02"); got != c.day || hour != c.hour {
				t.Errorf("%s: %s hour %d, want %s hour %d", c.at, got, hour, c.day, c.hour)
			}
		}
	}
}

// TestBounds: an attacker who makes up names makes no table grow beyond its bound, and nothing is lost.
func TestBounds(t *testing.T) {
	b := newBook[string](3)
	for i := range 10 {
		b.row(fmt.Sprint(i), strings.Clone).add(1, 0, 0, belwacht.Allow)
	}
	if len(b.rows) != 3 || b.rest.calls != 7 {
		t.Errorf("%d rows, %d calls in the rest", len(b.rows), b.rest.calls)
	}
	p := newPatterns(8)
	for i := range 1000 {
		d := &belwacht.Decision{Word: belwacht.Warn, Probability: float64(i%97) / 100, AtRisk: 1, Account: fmt.Sprint(i)}
		p.add(&belwacht.Outcome{Call: &belwacht.Call{Account: d.Account}}, d, 0, 0, d.Word)
		if len(p.rows) > 8 {
			t.Fatalf("%d stories kept", len(p.rows))
		}
	}
	if top := p.top(1); len(top) != 1 || top[0].decision.Probability != 0.96 {
		t.Errorf("the worthiest story was lost: %+v", top)
	}
	huge := strings.Repeat("x", 1<<20)
	s := New(Options{})
	s.Add(&belwacht.Outcome{Call: &belwacht.Call{Account: huge, Tenant: huge, Start: 1}})
	s.settle()
	for k := range s.accounts.rows {
		if len(k.name) > maxName || len(k.tenant) > maxName {
			t.Error("a name of a megabyte is kept")
		}
	}
}

// TestNothingIsKeptOfTheOutcome: the engine may use its decision again.
func TestNothingIsKeptOfTheOutcome(t *testing.T) {
	f := newFixture(t, belwacht.Monitor)
	s := f.summary(options(t, text.English, belwacht.Monitor))
	var before, after bytes.Buffer
	if err := s.Write(&before, 80, false); err != nil {
		t.Fatal(err)
	}
	for _, o := range f.outcomes {
		for _, d := range []*belwacht.Decision{o.Start, o.Ended} {
			if d == nil {
				continue
			}
			for i := range d.Trace.Evidence {
				d.Trace.Evidence[i] = belwacht.Evidence{}
			}
			for i := range d.Rules {
				d.Rules[i] = "?"
			}
			*d.Trace, *d = belwacht.Trace{}, belwacht.Decision{}
		}
		*o.Call = belwacht.Call{}
	}
	if err := s.Write(&after, 80, false); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.Bytes(), after.Bytes()) {
		t.Error("the report changed with the decisions it was given")
	}
}

func TestEmptyAndQuiet(t *testing.T) {
	for _, lang := range []text.Language{text.English, text.Dutch} {
		w := wordsOf(text.English)
		if lang == text.Dutch {
			w = wordsOf(text.Dutch)
		}
		o := options(t, lang, belwacht.Monitor)
		var b bytes.Buffer
		s := New(o)
		if err := s.Write(&b, 80, false); err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(b.String()), " ")
		if !strings.Contains(flat, w.Empty) || strings.Contains(flat, "NaN") {
			t.Errorf("no calls at all: %s", b.String())
		}
		page := writePage(t, s, lang)
		if !strings.Contains(page, w.EmptyTitle) {
			t.Errorf("no calls at all: %s", page)
		}
		f := &fixture{}
		f.call(time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), belwacht.Out, "201", belwacht.Number{}, 60, 0)
		b.Reset()
		s = f.summary(o)
		if err := s.Write(&b, 80, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(strings.Fields(b.String()), " "), w.Quiet) {
			t.Errorf("nothing suspicious: %s", b.String())
		}
		if page := writePage(t, s, lang); !strings.Contains(page, w.Quiet) || strings.Contains(page, "NaN") {
			t.Errorf("nothing suspicious: %s", page)
		}
	}
}

// TestRefusedEmergencyIsShouted: it must never be, so where it is, nobody may overlook it.
func TestRefusedEmergencyIsShouted(t *testing.T) {
	f := &fixture{}
	o := f.call(time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC), belwacht.Out, "201", belwacht.Number{Class: belwacht.ClassEmergency}, 60, 0)
	f.decide(o, belwacht.Refuse, belwacht.Enforce, "x", nil)
	s := f.summary(options(t, text.English, belwacht.Enforce))
	var b bytes.Buffer
	if err := s.Write(&b, 80, true); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "1 REFUSED"); n != 2 {
		t.Errorf("said %d times: %s", n, b.String())
	}
	if page := writePage(t, s, text.English); !strings.Contains(page, `<p class="alarm">`) || !strings.Contains(page, `<li class="bad"><b>1</b>`) {
		t.Error("the page does not show it")
	}
}

// TestEveryWordIsThere: neither language lacks a text.
func TestEveryWordIsThere(t *testing.T) {
	for _, lang := range []text.Language{text.English, text.Dutch} {
		w := reflect.ValueOf(*wordsOf(lang))
		for i := range w.NumField() {
			if f := w.Field(i); f.IsZero() || f.Kind() == reflect.Array && hasEmpty(f) {
				t.Errorf("%s lacks %s", lang, w.Type().Field(i).Name)
			}
		}
	}
}

// TestBothLanguagesTakeTheSameValues: a sentence with a value too few would print "%!s(MISSING)" to those who read the other language.
func TestBothLanguagesTakeTheSameValues(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	pair := regexp.MustCompile(`(?:\bpick|\bp)\(("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*")\)`)
	n := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pair.FindAllStringSubmatch(string(source), -1) {
			n++
			if m[1] == `""` || m[2] == `""` || strings.Count(m[1], "%s") != strings.Count(m[2], "%s") {
				t.Errorf("%s: %s and %s", file, m[1], m[2])
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d pairs were found; does the test still know how they are written?", n)
	}
}

func hasEmpty(f reflect.Value) bool {
	for i := range f.Len() {
		if f.Index(i).String() == "" {
			return true
		}
	}
	return false
}

func TestWriteJSON(t *testing.T) {
	var b bytes.Buffer
	f := newFixture(t, belwacht.Monitor)
	o := options(t, text.Dutch, belwacht.Monitor)
	o.Truth = func(id string) (bool, bool) { return f.fraud[id], true }
	if err := f.summary(o).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema  string  `json:"schema"`
		Calls   int64   `json:"calls"`
		Refused int64   `json:"refused"`
		Would   float64 `json:"would_have_saved"`
		Days    []struct {
			Name string `json:"name"`
		} `json:"by_day"`
		Bins []struct {
			From, To float64
			Fraud    int64
		} `json:"calibration"`
		Sentence string `json:"sentence"`
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, b.String())
	}
	if got.Schema != "belwacht.summary/1" || got.Calls != 1498 || got.Refused != 45 || got.Would != 476.75 || len(got.Days) != 6 ||
		got.Days[0].Name != "2026-04-18" || got.Sentence == "" || len(got.Bins) != bins || got.Bins[bins-1].Fraud != 41 {
		t.Errorf("got %+v", got)
	}
}

// TestAddAllocatesNothing: of ten million calls nearly all are plain allows of known accounts.
func TestAddAllocatesNothing(t *testing.T) {
	f := newFixture(t, belwacht.Monitor)
	s := f.summary(options(t, text.English, belwacht.Monitor))
	o := f.outcomes[0]
	if n := testing.AllocsPerRun(1000, func() { s.Add(o) }); n != 0 {
		t.Errorf("a plain allow allocates %v times", n)
	}
}

func BenchmarkAddAllow(b *testing.B) {
	f := newFixture(b, belwacht.Monitor)
	s := New(options(b, text.English, belwacht.Monitor))
	calm := f.outcomes[:1440]
	for _, o := range calm {
		s.Add(o)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Add(calm[i%len(calm)])
	}
}

func BenchmarkAddRefuse(b *testing.B) {
	f := newFixture(b, belwacht.Monitor)
	s := New(options(b, text.English, belwacht.Monitor))
	grave := f.outcomes[1440:1481]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Add(grave[i%len(grave)])
	}
}
