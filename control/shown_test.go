package control

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestShown: who asks by the API sees no number in full, in no field; on the machine itself all is shown, and what is remembered stays as it is.
func TestShown(t *testing.T) {
	list := []belwacht.Decision{{ID: "1.1", Number: "+31612345678", Reason: "Refused: +31612345678 (Netherlands).", ReasonNL: "Geweigerd: +31612345678 (Nederland).",
		Trace: &belwacht.Trace{Dialled: "0031612345678", Target: "+31612345678"}}}
	api := &Server{asker: one("")}
	b, err := json.Marshal(api.shown(list))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "612345678") || !strings.Contains(string(b), "5678") {
		t.Errorf("the API shows %s", b)
	}
	if n := (&Server{}).shown(list); n[0].Number != "+31612345678" || n[0].Trace.Dialled != "0031612345678" {
		t.Errorf("the machine itself is shown %+v", n[0])
	}
}

// one is who asks by the API and may see one organisation, "" = all.
type one string

func (o one) Name(context.Context) string                { return "key" }
func (o one) Sees(_ context.Context, tenant string) bool { return o == "" || string(o) == tenant }
func (o one) Only(context.Context) string                { return string(o) }
