package past_test

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/past"
	"github.com/belwacht/belwacht/web/webtest"
)

// shelf is calls, and what was asked of them.
type shelf struct {
	belwacht.CallStore
	asked []belwacht.CallQuery
}

func (s *shelf) Calls(_ context.Context, q *belwacht.CallQuery) ([]belwacht.PastCall, belwacht.Cursor, error) {
	s.asked = append(s.asked, *q)
	if q.Account == "nobody" {
		return nil, belwacht.Cursor{}, nil
	}
	at := belwacht.InstantOf(time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	n, _ := belwacht.ParseE164("442079460000")
	helpline, _ := belwacht.ParseE164("31800113")
	calls := []belwacht.PastCall{
		{Call: belwacht.Call{ID: "=1+1", Account: `=HYPERLINK("http://evil.example")`, Name: webtest.Hostile, Trunk: "@SUM(1)", Start: at, Talk: 90, Direction: belwacht.Out}, Number: n, Class: belwacht.ClassMobile, Word: belwacht.Refuse},
		{Call: belwacht.Call{ID: "2", Account: webtest.Hostile, Start: at, Direction: belwacht.Out}, Number: helpline, Class: belwacht.ClassSocial},
	}
	if q.Page.After.IsZero() {
		return calls, belwacht.Cursor{Time: 5, Row: 1}, nil
	}
	return calls[:1], belwacht.Cursor{}, nil
}

func site(t *testing.T) (*web.Site, *webtest.Door, *shelf) {
	s, d := webtest.Site(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	c := &shelf{}
	if err := past.New(s, c); err != nil {
		t.Fatal(err)
	}
	return s, d, c
}

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame)
	webtest.Icons(t, "../ui/icons.txt")
}

func TestPages(t *testing.T) {
	s, _, c := site(t)
	webtest.Pages(t, s, "/calls", "/calls?account=nobody", "/calls?number=0044+20&country=gb&class=mobile&word=refuse&least=2,50&from=2026-04-01&until=2026-04-30", "/calls?after=5-1")
	q := c.asked[2]
	want, _ := belwacht.ParseE164("4420")
	if q.Prefix != want || q.Country.String() != "GB" || q.Class != belwacht.ClassMobile || q.Word != belwacht.Refuse || q.Least != 2_500_000 || q.From.String() != "2026-03-31T22:00:00Z" || q.Until.String() != "2026-04-30T22:00:00Z" {
		t.Errorf("it asked for %+v", q)
	}
	for _, bad := range []string{"number=abc", "country=XXX", "class=x", "word=x", "least=-1", "from=yesterday", "until=0001-01-01", "after=x", "direction=up"} {
		if w := webtest.Get(s, "/calls?"+bad, "en"); w.Code != 422 {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	page := webtest.Get(s, "/calls?account=201", "en").Body.String()
	if !strings.Contains(page, `href="/calls?account=201&amp;after=5-1"`) || !strings.Contains(page, `href="/calls.csv?account=201"`) || strings.Contains(page, "800113") {
		t.Error("the way on, the file, or a helpline's number that should not be there")
	}
}

func TestExport(t *testing.T) {
	s, d, c := site(t)
	w := webtest.Get(s, "/calls.csv?account=201", "nl")
	rows, err := csv.NewReader(strings.NewReader(w.Body.String())).ReadAll()
	if err != nil || len(rows) != 4 || len(c.asked) != 2 || c.asked[1].Page.After.IsZero() {
		t.Fatalf("%d rows of %d pages: %v", len(rows), len(c.asked), err)
	}
	for _, r := range rows {
		for _, cell := range r {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("the cell %q is a formula", cell)
			}
		}
	}
	if strings.Contains(w.Body.String(), "800113") {
		t.Error("a helpline is exported")
	}
	d.V = &web.Visitor{Name: "x", Role: "x", Rights: []web.Right{web.SeeCalls, web.Export}}
	if body := webtest.Get(s, "/calls.csv", "en").Body.String(); strings.Contains(body, "442079460000") {
		t.Error("numbers are exported in full to who may not see them")
	}
	d.V = &web.Visitor{Name: "x", Role: "x", Rights: []web.Right{web.SeeCalls}}
	if w := webtest.Get(s, "/calls.csv", "en"); w.Code != 403 {
		t.Errorf("without the right: %d", w.Code)
	}
}
