package cdr_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// count reads all rows and keeps none.
func count(t testing.TB, text string) (*cdr.Reader, int, error) {
	r, err := cdr.Open(strings.NewReader(text), "file", cdr.Options{})
	if err != nil {
		return nil, 0, err
	}
	var row ingest.Row
	for n := 0; ; n++ {
		if err := r.Read(&row); err == io.EOF {
			return r, n, nil
		} else if err != nil {
			return r, n, err
		}
	}
}

// FuzzOpen reads files of any content: every line is a row, a reject, or one of a header, and nothing panics or loops.
func FuzzOpen(f *testing.F) {
	f.Add(office)
	f.Add(strings.ReplaceAll(office, "\n", "\r\n") + `"open`)
	f.Add("calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition\n2026-03-02 09:00:00,a,b,c,d,e,f,g,h,1,2,ANSWERED\n")
	f.Add("Datum;Tijd;Van;Naar;Duur;Richting\n02-03-2026;09:00;1;2;0:20;Uit\n")
	f.Add(`{"variables":{"uuid":"1","start_epoch":"1772438400"},"callflow":[{"caller_profile":{"destination_number":"%2B"}}]}`)
	f.Add(`[{"call_id":"7","time_start":"2026-03-02 09:00:00","call_from":"1","call_to":"2","talk_duration":"1"},`)
	f.Add("\x1f\x8b\x08\x00")
	f.Add("\xff\xfea\x00")
	f.Add("# belwacht.rejects/1\n# x line 1: y\n" + office)
	f.Fuzz(func(t *testing.T, text string) {
		r, n, err := count(t, text)
		if err != nil || r == nil {
			return
		}
		if rejected, first := r.Rejected(); r.Rows() != int64(n) || rejected < int64(len(first)) {
			t.Errorf("%d rows, %d, %d rejected", n, r.Rows(), rejected)
		}
	})
}

// FuzzMapping reads mappings of any content, and with good ones a file.
func FuzzMapping(f *testing.F) {
	files, err := filepath.Glob("mappings/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), "Datum;Tijd;Van;Naar;Duur;Richting\n02-03-2026;09:00;1;2;0:20;Uit\n")
	}
	f.Fuzz(func(t *testing.T, mapping, text string) {
		m, err := cdr.ReadMapping([]byte(mapping), "mapping.yaml")
		if err != nil {
			return
		}
		r, err := cdr.Open(strings.NewReader(text), "file", cdr.Options{Mapping: m})
		if err != nil {
			return
		}
		var row ingest.Row
		for {
			if err := r.Read(&row); err != nil {
				return
			}
		}
	})
}
