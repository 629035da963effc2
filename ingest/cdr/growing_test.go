package cdr_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"golang.org/x/text/encoding/unicode"
)

// grown reads a text as a file that grows by pieces.
func grown(t testing.TB, text string, o cdr.Options, next func() int) ([]ingest.Row, *cdr.Growing, error) {
	t.Helper()
	if o.Zone == nil {
		o.Zone = amsterdam(t)
	}
	var g *cdr.Growing
	var all []ingest.Row
	for from, to := 0, 0; from < len(text); {
		to = min(max(to, from)+next(), len(text))
		if g == nil {
			end := strings.LastIndexByte(text[:to], '\n') + 1
			if to == len(text) {
				end = to
			}
			if end == 0 {
				continue
			}
			var err error
			if g, err = cdr.OpenGrowing([]byte(text[:end]), "file", o); err != nil {
				return nil, nil, err
			}
		}
		n, err := g.Rows([]byte(text[from:to]), to == len(text), func(row *ingest.Row) error {
			all = append(all, *row)
			return nil
		})
		if err != nil {
			return all, g, err
		}
		if n > to-from || n == 0 && to == len(text) {
			t.Fatalf("%d bytes of %d were read, the last of them %v", n, to-from, to == len(text))
		}
		from += n
	}
	return all, g, nil
}

// TestGrowing reads files in pieces of all sizes: their rows are those of the whole.
func TestGrowing(t *testing.T) {
	table := "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid,sequence\n" +
		strings.Repeat("2026-07-02 09:00:00,\"\"\"A, \"\"\n<1>\",201,0031,c,PJSIP/201-1,PJSIP/t-1,Dial,x,10,5,ANSWERED,1782975600.1,3\n", 5) +
		"2026-07-02 09:00:00,a,201,0032,c,PJSIP/201-1,,Dial,x,ten,5,ANSWERED,1782975600.1,4\n"
	master := office + strings.ReplaceAll(office, "1771812720.2", "1771812720.3")
	for name, text := range map[string]string{
		"master":       master,
		"master, crlf": strings.ReplaceAll(master, "\n", "\r\n"),
		"bom":          "\xef\xbb\xbf" + table,
		"table":        table,
		"latin":        strings.ReplaceAll(table, "A, ", "Zo\xeb "),
		"mapping":      "Datum;Tijd;Van;Naar;Duur;Richting\n02-03-2026;09:00;1;2;0:20;Uit\n02-03-2026;09:01;1;2;0:20;Uit\n",
		"json": `{"variables":{"uuid":"1","start_epoch":"1772438400"},"callflow":[{"caller_profile":{"destination_number":"%2B"}}]}` + "\n" +
			`{"variables":{"uuid":"2","start_epoch":"1772438400"}}`,
		"no line end": strings.TrimSuffix(master, "\n"),
	} {
		r, want, err := rows(t, text, cdr.Options{MaxRejected: 1})
		if err != nil || len(want) < 2 {
			t.Fatalf("%s: %d rows, %v", name, len(want), err)
		}
		for range 200 {
			most := 1 + rand.IntN(400)
			got, g, err := grown(t, text, cdr.Options{}, func() int { return 1 + rand.IntN(most) })
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for i := range got {
				got[i].Line = want[min(i, len(want)-1)].Line // lines are counted from where reading began
			}
			if rejected, _ := r.Rejected(); !reflect.DeepEqual(got, want) || g.Rejected() != rejected || g.Format() != r.Format() {
				t.Fatalf("%s, by %d: %d rows, %d rejected instead of %d, %d:\n%+v\n%+v", name, most, len(got), g.Rejected(), len(want), rejected, got, want)
			}
		}
	}
}

func TestGrowingRefuses(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(office)
	if err != nil {
		t.Fatal(err)
	}
	newest := "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid,sequence\n"
	for _, minute := range []string{"09", "07", "05", "03", "01"} {
		newest += "2026-07-02 09:" + minute + ":00,a,201,0032,c,PJSIP/201-1,,Dial,x,10,5,ANSWERED,1782975600.1,4\n"
	}
	for name, text := range map[string]string{"packed": "\x1f\x8b\x08", "UTF-16": utf16, "newest rows first": newest, "empty": " "} {
		if _, err := cdr.OpenGrowing([]byte(text), "file", cdr.Options{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	g, err := cdr.OpenGrowing([]byte(office), "file", cdr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	first := strings.IndexByte(office, '\n') + 1
	if n, err := g.Rows([]byte(office), false, func(*ingest.Row) error { return full }); n != first || err != full {
		t.Errorf("a row that is refused: %d of %d bytes, %v", n, first, err)
	}
	// A line without end is passed over up to its end, and costs one row.
	junk := bytes.Repeat([]byte("x"), 300<<10)
	if n, err := g.Rows(junk, false, nil); n != len(junk) || err != nil {
		t.Errorf("junk: %d, %v", n, err)
	}
	got := 0
	if n, err := g.Rows([]byte("xxx\n"+office), false, func(*ingest.Row) error { got++; return nil }); n != len(office)+4 ||
		err != nil || got != strings.Count(office, "\n") || g.Rejected() != 1 {
		t.Errorf("after junk: %d bytes, %d rows, %d rejected, %v", n, got, g.Rejected(), err)
	}
}

// FuzzGrowing reads files of any content in pieces: it ends, and takes in no more than there is.
func FuzzGrowing(f *testing.F) {
	f.Add(office, uint16(7))
	f.Add(office+`"open`, uint16(300))
	f.Add("Datum;Tijd;Van;Naar;Duur;Richting\n02-03-2026;09:00;1;2;0:20;Uit\n", uint16(1))
	f.Add(`[{"call_id":"7","time_start":"2026-03-02 09:00:00","call_from":"1","call_to":"2","talk_duration":"1"},`, uint16(11))
	f.Fuzz(func(t *testing.T, text string, by uint16) {
		grown(t, text, cdr.Options{}, func() int { return 1 + int(by) })
	})
}
