package ingest_test

import (
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// month writes n records of an office of so many extensions in Asterisk's format, in the order in which calls end.
func month(n, extensions int) string {
	var b strings.Builder
	start := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	zone := time.FixedZone("", 3600)
	for i := range n {
		at := start.Add(time.Duration(i) * (86400 * time.Second / time.Duration(extensions*15)))
		talk := 20 + i*7919%600
		local := at.In(zone)
		answer, end := local.Add(8*time.Second), local.Add(time.Duration(8+talk)*time.Second)
		ext := 200 + i*31%extensions
		const f = "2006-01-02 15:04:05"
		if i%3 == 0 {
			fmt.Fprintf(&b, `"","+316%08d","%d","from-trunk","""+316%08d"" <+316%08d>","PJSIP/trunk-%08x","PJSIP/%d-%08x","Dial","PJSIP/%d,30","%s","%s","%s",%d,%d,"ANSWERED","DOCUMENTATION","%d.%d",""`+"\n",
				i%99999999, ext, i%99999999, i%99999999, 2*i, ext, 2*i+1, ext, local.Format(f), answer.Format(f), end.Format(f), 8+talk, talk, at.Unix(), 2*i)
			continue
		}
		fmt.Fprintf(&b, `"","%d","0%09d","from-internal","""%d"" <%d>","PJSIP/%d-%08x","PJSIP/trunk-%08x","Dial","PJSIP/0%09d@trunk,300","%s","%s","%s",%d,%d,"ANSWERED","DOCUMENTATION","%d.%d",""`+"\n",
			ext, 200000000+i*37%600000000, ext, ext, ext, 2*i, 2*i+1, 200000000+i*37%600000000, local.Format(f), answer.Format(f), end.Format(f), 8+talk, talk, at.Unix(), 2*i)
	}
	return b.String()
}

// cpuSeconds is the processor time that the process has used, all threads.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkRead reads rows and does nothing with them.
func BenchmarkRead(b *testing.B) {
	text := month(200_000, 5000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	rows, before := 0, cpuSeconds()
	var row ingest.Row
	for b.Loop() {
		r, err := cdr.Open(strings.NewReader(text), "month.csv", cdr.Options{Zone: amsterdam(b)})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if err := r.Read(&row); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/(cpuSeconds()-before), "rows/cpu-s")
}

// BenchmarkAssemble reads rows and makes calls of them, with some 75,000 held back.
func BenchmarkAssemble(b *testing.B) {
	text := month(400_000, 5000)
	b.ReportAllocs()
	rows, before := 0, cpuSeconds()
	var row ingest.Row
	nothing := func(*belwacht.Call) error { return nil }
	plan := dutch(b)
	for b.Loop() {
		r, err := cdr.Open(strings.NewReader(text), "month.csv", cdr.Options{Zone: amsterdam(b)})
		if err != nil {
			b.Fatal(err)
		}
		a := ingest.NewAssembler(ingest.Config{Numbers: plan})
		for {
			if err := r.Read(&row); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			if err := a.Add(&row, nothing); err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if err := a.Flush(nothing); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/(cpuSeconds()-before), "rows/cpu-s")
}
