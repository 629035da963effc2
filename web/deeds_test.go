package web_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/webtest"
)

// TestDo: what a page changes is noted for its organisation, refused without the right, proposed where it takes two, and an error of it is told.
func TestDo(t *testing.T) {
	s, d, deeds := webtest.Stand(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	did := 0
	var fail error
	s.Post("/do", web.SeeCalls, func(a *web.Ask) (*web.Done, error) {
		deed := a.Deed(access.ModeLower, "mode", "enforce → monitor")
		if waits, err := a.Do(deed, func() error { did++; return fail }); err != nil || waits != nil {
			return waits, err
		}
		return &web.Done{To: "/there"}, nil
	})
	ask := func() (int, string) {
		w := webtest.Post(s, "/do", nil)
		return w.Code, w.Header().Get("Location")
	}
	if code, to := ask(); code != http.StatusSeeOther || to != "/there" || did != 1 || len(deeds.Done) != 1 || deeds.Done[0].Detail != "enforce → monitor" {
		t.Errorf("%d %s, %d times, %+v", code, to, did, deeds.Done)
	}
	deeds.Wait = &belwacht.Proposal{ID: "1"}
	if code, to := ask(); code != http.StatusSeeOther || to != "/proposals" || did != 1 {
		t.Errorf("what takes two people: %d %s, %d times", code, to, did)
	}
	deeds.Wait, fail = nil, belwacht.Errorf(belwacht.Unreachable, "the disk is full")
	if code, _ := ask(); code != http.StatusServiceUnavailable || did != 2 {
		t.Errorf("an error: %d, %d times", code, did)
	}
	d.V = &web.Visitor{Name: "Bo", Rights: []web.Right{web.SeeCalls}}
	if code, _ := ask(); code != http.StatusForbidden || did != 2 {
		t.Errorf("without the right: %d, %d times", code, did)
	}
}

// TestDoNothing: a site without an audit log changes nothing.
func TestDoNothing(t *testing.T) {
	s, err := web.New(web.Config{Door: &webtest.Door{V: webtest.Administrator()}, Log: webtest.Log(t), Tenants: func() []web.Tenant { return []web.Tenant{{}} }})
	if err != nil {
		t.Fatal(err)
	}
	s.Post("/do", web.SeeCalls, func(a *web.Ask) (*web.Done, error) {
		_, err := a.Do(a.Deed(access.PanicPress, "", ""), func() error { return errors.New("done") })
		return nil, err
	})
	if w := webtest.Post(s, "/do", nil); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "<h1") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
