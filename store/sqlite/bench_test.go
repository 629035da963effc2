//go:build unix

package sqlite

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// bench hands b.N rows over as fast as they are written, and says how many a second are on disk and how much room each takes.
func bench(b *testing.B, put func(s *Store, i int)) {
	s := opened(b, Config{Folder: b.TempDir()})
	defer closed(b, s)
	settled(b, s)
	begin, busy := time.Now(), cpu(b)
	b.ResetTimer()
	for i := range b.N {
		if put(s, i); i%20_000 == 19_999 {
			settled(b, s)
		}
	}
	settled(b, s)
	b.StopTimer()
	took, worked := time.Since(begin), cpu(b)-busy
	if st := s.State(); st.Dropped != 0 {
		b.Fatalf("%d rows were dropped: %s", st.Dropped, st.LastError)
	}
	if err := s.drain(b.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/took.Seconds(), "rows/s")
	b.ReportMetric(float64(b.N)/worked.Seconds(), "rows/cpu-s")
	b.ReportMetric(float64(size(b, s))/float64(b.N), "bytes/row")
}

// cpu is the time that this process has kept a processor busy: on a shared machine the clock says little.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkCalls(b *testing.B) { bench(b, func(s *Store, i int) { s.PutCall(call(i)) }) }

func BenchmarkEvents(b *testing.B) {
	bench(b, func(s *Store, i int) {
		var three [3]belwacht.Event
		c := call(i / 3)
		c.Events(&three)
		s.AppendEvent(&three[i%3])
	})
}

func decision(i int) *belwacht.Decision {
	at := start + belwacht.Instant(i)*belwacht.Second
	d := &belwacht.Decision{Schema: belwacht.DecisionSchema, ID: fmt.Sprintf("%d.%d", at/1000, i), Time: at, Tenant: "oak", Account: fmt.Sprint(200 + i%150),
		Number: "+252610000000", Word: belwacht.Word(1 + i%4), Cause: "rule.new-country", Enforced: true, Reference: fmt.Sprintf("K%05d", i%90_000),
		ScoreBits: 12.25, Probability: 0.875, AtRisk: 41.5, Rules: []string{"new-country", "burst", "outside-hours"},
		Reason:   "Extension 212 never called Somalia; 14 calls to one range within 10 minutes; outside office hours",
		ReasonNL: "Toestel 212 belde nooit naar Somalië; 14 gesprekken naar één nummerblok binnen 10 minuten; buiten kantooruren",
		Trace: &belwacht.Trace{RuleSet: "3f1c8a52", PriorBits: -8.2, Dialled: "00252610000000", Country: "SO", Class: "mobile", PerMinute: 0.9,
			Direction: "out", Lineage: "dialled", HistoryDays: 60, HistoryN: 900, Mode: "enforce"}}
	for _, r := range d.Rules {
		d.Trace.Evidence = append(d.Trace.Evidence, belwacht.Evidence{Rule: r, Bits: 5.25, Value: 14, Usual: 0.5, Counted: true,
			English: "14 calls to one range within 10 minutes", Dutch: "14 gesprekken naar één nummerblok binnen 10 minuten"})
	}
	return d
}

func BenchmarkDecisions(b *testing.B) {
	bench(b, func(s *Store, i int) { s.AddDecision(decision(i)) })
}

// BenchmarkDurable is one lock at a time, each acknowledged: what a commit costs.
func BenchmarkDurable(b *testing.B) {
	s := opened(b, patient(b.TempDir()))
	defer closed(b, s)
	for i := range b.N {
		if err := s.PutInForce(b.Context(), lock(i)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPut is what the call path pays.
func BenchmarkPut(b *testing.B) {
	s := opened(b, Config{Folder: b.TempDir(), Most: 1 << 10})
	defer closed(b, s)
	d := decision(1)
	b.ReportAllocs()
	for range b.N {
		s.AddDecision(d)
	}
}

// BenchmarkPage reads a page of a hundred calls of one account among 200,000.
func BenchmarkPage(b *testing.B) {
	s := opened(b, Config{Folder: b.TempDir()})
	defer closed(b, s)
	for i := range 200_000 {
		if s.PutCall(call(i)); i%20_000 == 0 {
			settled(b, s)
		}
	}
	settled(b, s)
	b.ResetTimer()
	for i := range b.N {
		q := belwacht.CallQuery{Tenant: "oak", Account: fmt.Sprint(200 + i%150), Until: start + belwacht.Instant(i%7)*belwacht.Day}
		if _, _, err := s.Calls(b.Context(), &q); err != nil {
			b.Fatal(err)
		}
	}
}
