package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// changing is a door whose visitor changes while a stream is open.
type changing struct{ v *Visitor }

func (c *changing) Visitor(*http.Request) (*Visitor, error) { return c.v, nil }

// TestStill: what is live ends for who may see less, other or nothing any more, or whose organisation is another.
func TestStill(t *testing.T) {
	d := &changing{}
	tenants := []Tenant{{Name: "elm"}, {Name: "oak"}}
	s, err := New(Config{Door: d, Log: slog.New(slog.DiscardHandler), Tenants: func() []Tenant { return tenants }})
	if err != nil {
		t.Fatal(err)
	}
	began := Visitor{Name: "anna", Rights: []Right{SeeCalls, SeeHealth}, Tenants: []string{"oak"}}
	for name, c := range map[string]struct {
		v    *Visitor
		want bool
	}{
		"as before":            {&Visitor{Name: "anna", Rights: []Right{SeeCalls, SeeHealth}, Tenants: []string{"oak"}}, true},
		"signed out":           {nil, false},
		"without the right":    {&Visitor{Name: "anna", Rights: []Right{SeeHealth}, Tenants: []string{"oak"}}, false},
		"with fewer rights":    {&Visitor{Name: "anna", Rights: []Right{SeeCalls}, Tenants: []string{"oak"}}, false},
		"another organisation": {&Visitor{Name: "anna", Rights: []Right{SeeCalls, SeeHealth}, Tenants: []string{"elm"}}, false},
		"no organisation":      {&Visitor{Name: "anna", Rights: []Right{SeeCalls, SeeHealth}, Tenants: []string{}}, false},
		"all organisations":    {&Visitor{Name: "anna", Rights: []Right{SeeCalls, SeeHealth}}, false},
		"somebody else":        {&Visitor{Name: "bert", Rights: []Right{SeeCalls, SeeHealth}, Tenants: []string{"oak"}}, false},
	} {
		v := began
		d.v = &v
		a, err := s.ask(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/live/now", nil))
		if err != nil || a.Tenant.Name != "oak" {
			t.Fatalf("%+v, %v", a, err)
		}
		d.v = c.v
		if got := s.still(a, SeeCalls); got != c.want {
			t.Errorf("%s: goes on %v", name, got)
		}
	}
	d.v = &Visitor{Name: "anna", Rights: []Right{SeeCalls}}
	r := httptest.NewRequest(http.MethodGet, "/live/now", nil)
	w := httptest.NewRecorder()
	setCookie(w, tenantCookie, "oak", year)
	r.AddCookie(w.Result().Cookies()[0])
	a, err := s.ask(httptest.NewRecorder(), r)
	if err != nil || a.Tenant.Name != "oak" || !s.still(a, SeeCalls) {
		t.Fatalf("%+v, %v", a, err)
	}
	tenants = tenants[:1] // a reload took it out
	if s.still(a, SeeCalls) {
		t.Error("an organisation that is configured no more is shown on")
	}
}
