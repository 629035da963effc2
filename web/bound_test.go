package web

import (
	"net/http/httptest"
	"testing"
)

// TestBoundElsewhere: who may see one organisation, which is configured no more, is not shown another's.
func TestBoundElsewhere(t *testing.T) {
	s := &Site{}
	s.cfg.Tenants = func() []Tenant { return []Tenant{{Name: ""}} }
	r := httptest.NewRequest("GET", "/", nil)
	for _, of := range [][]string{{"oak"}, {}} {
		if got := s.tenant(r, &Visitor{Tenants: of}); got.Name == "" {
			t.Errorf("%q is shown the organisation without a name", of)
		}
	}
	if got := s.tenant(r, &Visitor{}); got.Name != "" {
		t.Errorf("who sees all is shown %q", got.Name)
	}
}
