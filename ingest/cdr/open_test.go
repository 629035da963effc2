package cdr_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

const office = `"","328","0202300856","from-internal","""328"" <328>","PJSIP/328-00000002","PJSIP/trunk-00000003","Dial","PJSIP/0202300856@trunk,300","2026-02-23 03:12:00","2026-02-23 03:12:08","2026-02-23 03:12:26",26,18,"ANSWERED","DOCUMENTATION","1771812720.2",""
`

func TestReadMaster(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	r, err := cdr.Open(strings.NewReader(office), "Master.csv", cdr.Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	var row ingest.Row
	if err := r.Read(&row); err != nil {
		t.Fatal(err)
	}
	if row.Src != "328" || row.Dst != "0202300856" || row.UniqueID != "1771812720.2" || row.Talk != 18 || row.CallerName != "328" ||
		row.Start != 1771812720*belwacht.Second || row.Disposition != belwacht.Answered {
		t.Errorf("read %+v", row)
	}
	if err := r.Read(&row); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}
