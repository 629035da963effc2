package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/webtest"
)

// barred is who is turned away.
type barred struct{ freed []string }

func (b *barred) Banned() []api.Ban {
	return []api.Ban{{At: "console", Key: "from 203.0.113.9", Subject: "203.0.113.9", Count: 6, Last: 1000, Until: 2000}}
}

func (b *barred) Free(key string) error {
	if key == "nobody" {
		return belwacht.Errorf(belwacht.NotFound, "nobody waits under this")
	}
	b.freed = append(b.freed, key)
	return nil
}

// TestBans: bans are listed and undone through the audit log, by who may and sees the whole machine.
func TestBans(t *testing.T) {
	b, deeds := &barred{}, &webtest.Deeds{}
	door := &webtest.Door{V: webtest.Administrator()}
	h := api.New(api.Config{Version: "1", Door: door, Deeds: deeds, Barrer: b, Now: func() belwacht.Instant { return 1000 }})
	for _, c := range []struct {
		method, query string
		status        int
		want          string
	}{
		{http.MethodGet, "", 200, `"subject":"203.0.113.9"`}, {http.MethodDelete, "", 422, "all=true"}, {http.MethodDelete, "?key=nobody", 404, "nobody waits"},
		{http.MethodDelete, "?key=from%20203.0.113.9", 200, "belwacht.bans/1"}, {http.MethodDelete, "?all=true", 200, "belwacht.bans/1"},
	} {
		if w := ask(h, c.method, api.Path+"/bans"+c.query, ""); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.query, w.Code, w.Body)
		}
	}
	if strings.Join(b.freed, ",") != "from 203.0.113.9," || len(deeds.Done) != 3 || deeds.Done[1].Act != access.BanUndo || deeds.Done[1].Subject != "203.0.113.9" || deeds.Done[2].Act != access.BansClear {
		t.Errorf("%q %+v", b.freed, deeds.Done)
	}
	door.V = &web.Visitor{Name: "x", Rights: web.Everything(), Tenants: []string{"oak"}}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if w := ask(h, method, api.Path+"/bans?all=true", ""); w.Code != 403 || len(b.freed) != 2 {
			t.Errorf("%s by who may see one organisation: %d", method, w.Code)
		}
	}
	door.V = &web.Visitor{Name: "x", Rights: []web.Right{web.Right(access.BansRead)}}
	if w := ask(h, http.MethodDelete, api.Path+"/bans?all=true", ""); w.Code != 403 {
		t.Errorf("without the right: %d", w.Code)
	}
}
