package door_test

import (
	"slices"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// TestOneOrganisation: an administrator of one organisation has no say in the whole machine and in another's people, is no second administrator there, and is
// told nothing of it.
func TestOneOrganisation(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	oak := h.invite(anna, belwacht.User{Login: "olga", Name: "Olga", Role: belwacht.RoleAdministrator, Tenant: "oak"})
	elm := h.invite(anna, belwacht.User{Login: "elmo", Name: "Elmo", Role: belwacht.RoleOperator, Tenant: "elm"})
	h.told("")
	do := func(v *access.Visitor, act belwacht.Act, tenant string) (*belwacht.Proposal, bool, error) {
		done := false
		p, err := h.Do(t.Context(), v, &access.Deed{Act: act, Tenant: tenant, Subject: "x"}, func() error { done = true; return nil })
		return p, done, err
	}

	// Olga is no second administrator of the machine, and is told nothing of it; of her own organisation she is.
	if p, done, err := do(anna.visitor, access.ModeLower, ""); p != nil || !done || err != nil {
		t.Errorf("there is nobody to ask about the whole machine: %v %v %v", p, done, err)
	}
	if kinds := h.told("olga"); len(kinds) != 0 {
		t.Errorf("olga is told of the whole machine: %v", kinds)
	}
	if p, done, err := do(anna.visitor, access.ModeLower, "elm"); p != nil || !done || err != nil || len(h.told("olga")) != 0 {
		t.Errorf("of another organisation: %v %v %v", p, done, err)
	}
	waits, done, err := do(anna.visitor, access.ModeLower, "oak")
	if waits == nil || done || err != nil || !slices.Contains(h.told("olga"), belwacht.NoticeProposal) {
		t.Fatalf("her own organisation: %v %v %v", waits, done, err)
	}
	if err := h.Answer(t.Context(), oak.visitor, waits.ID, true); err != nil {
		t.Error(err)
	}

	// What concerns the machine or another organisation she does not do.
	for _, tenant := range []string{"", "elm"} {
		_, done, err := do(oak.visitor, access.ModeLower, tenant)
		if code(t, err, belwacht.Forbidden); done {
			t.Errorf("olga lowers the mode of %q", tenant)
		}
	}
	bert := h.invite(anna, belwacht.User{Login: "bert", Name: "Bert", Role: belwacht.RoleAdministrator})
	waits, _, err = do(anna.visitor, access.BrakeOff, "")
	if err != nil || waits == nil {
		t.Fatal(waits, err)
	}
	code(t, h.Answer(t.Context(), oak.visitor, waits.ID, true), belwacht.NotFound)
	code(t, h.Answer(t.Context(), oak.visitor, waits.ID, false), belwacht.NotFound)
	if err := h.Answer(t.Context(), bert.visitor, waits.ID, true); err != nil {
		t.Error(err)
	}

	// Sessions and keys of others are none of hers, though she knows their IDs; her own are.
	code(t, h.EndSession(t.Context(), oak.visitor, elm.visitor.Session.ID), belwacht.NotFound)
	code(t, h.EndSession(t.Context(), oak.visitor, anna.visitor.Session.ID), belwacht.NotFound)
	if elm.visit() == nil || anna.visit() == nil {
		t.Fatal("another's session is ended")
	}
	make := func(p *someone) string {
		t.Helper()
		if _, err := h.MakeKey(t.Context(), p.visitor, "of "+p.visitor.User.Login, []belwacht.Permission{access.CallsRead}, nil, 24*time.Hour); err != nil {
			t.Fatal(err)
		}
		for _, k := range h.Keys() {
			if k.User == p.visitor.User.ID {
				return k.ID
			}
		}
		return ""
	}
	code(t, h.RevokeKey(t.Context(), oak.visitor, make(anna)), belwacht.NotFound)
	if err := h.RevokeKey(t.Context(), oak.visitor, make(oak)); err != nil {
		t.Error(err)
	}
	if err := h.EndSession(t.Context(), anna.visitor, elm.visitor.Session.ID); err != nil {
		t.Error(err)
	}

	// Nobody of one organisation is made one of all with only that organisation's yes: it is a matter of the whole machine.
	olga, _ := h.User(oak.visitor.User.ID)
	olga.Tenant = ""
	waits, err = h.Change(t.Context(), anna.visitor, olga)
	if err != nil || waits == nil || waits.Tenant != "" {
		t.Errorf("olga is made administrator of all: %+v, %v", waits, err)
	}
}

// TestLastOfAll: with administrators of single organisations left only, the last one of the whole machine stays.
func TestLastOfAll(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	h.invite(anna, belwacht.User{Login: "olga", Name: "Olga", Role: belwacht.RoleAdministrator, Tenant: "oak"})
	if _, err := h.Remove(t.Context(), anna.visitor, anna.visitor.User.ID); err == nil {
		t.Error("nobody is left who may change the whole machine")
	}
}

// TestOwnProposals: one person's proposals do not keep others from proposing.
func TestOwnProposals(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	bert := h.invite(anna, belwacht.User{Login: "bert", Name: "Bert", Role: belwacht.RoleAdministrator})
	propose := func(p *someone, detail string) error {
		_, err := h.Do(t.Context(), p.visitor, &access.Deed{Act: access.ModeLower, Subject: "mode", Detail: detail}, func() error { t.Error("done"); return nil })
		return err
	}
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = propose(anna, string(rune('a'+i)))
	}
	code(t, err, belwacht.TooMany)
	if err := propose(bert, "x"); err != nil {
		t.Errorf("another cannot propose: %v", err)
	}
}
