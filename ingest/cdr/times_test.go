package cdr_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// line is a record of Master.csv with its times and uniqueid.
func line(start, answer, end, uniqueid string, duration, talk int) string {
	return fmt.Sprintf(`"","201","0032470000101","from-internal","""x"" <201>","PJSIP/201-1","PJSIP/trunk-2","Dial","PJSIP/0032470000101@trunk","%s","%s","%s",%d,%d,"ANSWERED","DOCUMENTATION","%s",""`+"\n",
		start, answer, end, duration, talk, uniqueid)
}

// TestDoubledHour reads the autumn night on which 02:00 to 03:00 comes twice: the uniqueid decides, and without one the first.
func TestDoubledHour(t *testing.T) {
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).Unix() // 02:30 summer time
	for _, c := range []struct {
		what, text           string
		start, answer, ended int64
	}{
		{"first by its uniqueid", line("2026-10-25 02:30:00", "2026-10-25 02:30:10", "2026-10-25 02:40:00", fmt.Sprintf("%d.1", first), 600, 590), first, first + 10, first + 600},
		{"second by its uniqueid", line("2026-10-25 02:30:00", "2026-10-25 02:30:10", "2026-10-25 02:40:00", fmt.Sprintf("%d.1", first+3600), 600, 590), first + 3600, first + 3610, first + 4200},
		{"across the change", line("2026-10-25 02:50:00", "2026-10-25 02:50:10", "2026-10-25 02:10:00", fmt.Sprintf("%d.1", first+1200), 1200, 1190), first + 1200, first + 1210, first + 2400},
		{"an hour later on the clock", line("2026-10-25 02:30:00", "2026-10-25 02:30:10", "2026-10-25 02:35:00", fmt.Sprintf("%d.1", first), 3900, 3890), first, first + 10, first + 3900},
		{"without a uniqueid", line("2026-10-25 02:30:00", "2026-10-25 02:30:10", "2026-10-25 02:40:00", "", 600, 590), first, first + 10, first + 600},
	} {
		_, all, err := rows(t, c.text, cdr.Options{Times: "local"})
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %v", c.what, err)
		}
		r := &all[0]
		if r.Start != belwacht.Instant(c.start)*belwacht.Second || r.Answer != belwacht.Instant(c.answer)*belwacht.Second || r.End != belwacht.Instant(c.ended)*belwacht.Second {
			t.Errorf("%s: %s %s %s", c.what, r.Start, r.Answer, r.End)
		}
	}
	_, all, err := rows(t, line("2026-03-29 02:30:00", "", "2026-03-29 02:30:00", "", 0, 0), cdr.Options{Times: "local"}) // an hour that does not exist
	if err != nil || all[0].Start != belwacht.InstantOf(time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)) {
		t.Errorf("the skipped hour: %v %+v", err, all)
	}
}

func TestZones(t *testing.T) {
	epoch := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	in := func(zone string, times, jump int) string {
		z, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for i := range times {
			at := epoch.AddDate(0, 0, i*jump)
			local := at.In(z)
			f := "2006-01-02 15:04:05"
			b.WriteString(line(local.Format(f), local.Format(f), local.Add(time.Minute).Format(f), fmt.Sprintf("pbx-1-%d.%d", at.Unix(), i), 60, 60))
		}
		return b.String()
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, text, note string
		zone             *time.Location
		times            string
	}{
		{"local", in("Europe/Amsterdam", 20, 10), "", amsterdam(t), ""},
		{"utc", in("UTC", 20, 10), "times are UTC, shown by the uniqueids", amsterdam(t), ""},
		{"another", in("Asia/Kolkata", 20, 10), "times are UTC+05:30, shown by the uniqueids", amsterdam(t), ""},
		{"UTC in London, seen in summer", in("UTC", 20, 10), "times are UTC, shown by the uniqueids", london, ""},
		{"London", in("Europe/London", 20, 10), "", london, ""},
		{"said", in("Asia/Tokyo", 20, 10), "", amsterdam(t), "Asia/Tokyo"},
		{"a server in New York through its change of time", in("America/New_York", 20, 10), "times are UTC-05:00, shown by the uniqueids", amsterdam(t), ""},
	} {
		r, all, err := rows(t, c.text, cdr.Options{Zone: c.zone, Times: c.times})
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		for i := range all {
			if want := belwacht.InstantOf(epoch.AddDate(0, 0, i*10)); all[i].Start != want {
				t.Errorf("%s, row %d: %s, not %s", c.what, i, all[i].Start, want)
				break
			}
		}
		if got := strings.Join(r.Notes(), "; "); got != c.note {
			t.Errorf("%s: noted %q, not %q", c.what, got, c.note)
		}
	}
}

func TestNewestFirst(t *testing.T) {
	var b strings.Builder
	b.WriteString("calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield\n")
	for i := 5000; i > 0; i-- {
		fmt.Fprintf(&b, "2026-03-%02d %02d:00:00,\"two\nlines\",201,0032470000101,c,PJSIP/201-1,PJSIP/trunk-2,Dial,PJSIP/0032470000101@trunk,30,20,ANSWERED,3,,u%d,\n", 1+i/1000, i/50%24, i)
	}
	r, all, err := rows(t, b.String(), cdr.Options{})
	if err != nil || len(all) != 5000 {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	for i := range all {
		if want := fmt.Sprintf("u%d", i+1); all[i].UniqueID != want || all[i].Line != int64(2+2*(4999-i)) {
			t.Fatalf("row %d is %s of line %d", i, all[i].UniqueID, all[i].Line)
		}
	}
	if notes := strings.Join(r.Notes(), "; "); !strings.Contains(notes, "newest first") {
		t.Errorf("notes: %s", notes)
	}
}

// TestHostile reads what an attacker can have written into records.
func TestHostile(t *testing.T) {
	for _, name := range []string{"\x1b]0;pwned\x07\x1b[2J", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\x00b", "\xff\xfe\xfd", strings.Repeat("A", 60_000), "🙂", `C:\`} {
		text := strings.Replace(office, `"""328"" <328>"`, `"""`+name+`"" <328>"`, 1)
		_, all, err := rows(t, strings.Repeat(office, 3)+text+strings.Repeat(office, 3), cdr.Options{})
		if err != nil || len(all) != 7 {
			t.Errorf("%.20q: %d rows, %v", name, len(all), err)
			continue
		}
		if all[3].Dst != "0202300856" || all[3].Talk != 18 || all[3].CallerName != strings.TrimRight(name, `\`) && name != "\xff\xfe\xfd" { // which is Windows-1252
			t.Errorf("%.20q: %.300q", name, say(&all[3]))
		}
	}
	for _, dst := range []string{"00324&Local/1", "900'; DROP TABLE cdr", "+32%20", "..//..", "😀", `\"`} {
		text := strings.Replace(office, `"0202300856"`, `"`+strings.ReplaceAll(dst, `"`, `""`)+`"`, 1)
		_, all, err := rows(t, text, cdr.Options{})
		if err != nil || len(all) != 1 || all[0].Dst != dst {
			t.Errorf("%q: %+v %v", dst, all, err)
		}
	}
}

// TestBlocks reads a file larger than a block, byte by byte, to find seams.
func TestBlocks(t *testing.T) {
	text := strings.Repeat(office, 3000)
	_, all, err := rows(t, text, cdr.Options{})
	if err != nil || len(all) != 3000 {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	for i := range all {
		if all[i].Dst != all[0].Dst || all[i].UniqueID != all[0].UniqueID || all[i].Line != int64(i+1) || all[i].CallerName != "328" {
			t.Fatalf("row %d: %+v", i, all[i])
		}
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	allocations := func(rows int) float64 {
		text := strings.Repeat(office, rows)
		return testing.AllocsPerRun(5, func() {
			if _, n, err := count(t, text); err != nil || n != rows {
				t.Fatal(n, err)
			}
		})
	}
	if more := allocations(25_000) - allocations(5_000); more > 100 { // blocks of 256 KB
		t.Errorf("%.0f allocations for 20,000 rows", more)
	}
}
