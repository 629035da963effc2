package config

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// TestKeep turns days into what the store takes, and lets a reason shorten them.
func TestKeep(t *testing.T) {
	c, err := Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam}\nkeep: {calls: 30, logins: 400, pseudonymise: 14, shorter_because: our works council}\n"), "b.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	k, err := c.Keep.For().Filled()
	if err != nil || k.Calls != 30*belwacht.Day || k.Logins != 400*belwacht.Day || k.Events != belwacht.KeptUsual || k.Sums != belwacht.KeptSums || k.Names != 14*belwacht.Day {
		t.Errorf("%+v, %v", k, err)
	}
}

// TestFlat names each key once, and no secret.
func TestFlat(t *testing.T) {
	c, err := Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam}\nmode: enforce\ntrunks: [PJSIP/a, PJSIP/b]\naccounts: [{name: \"212\", kind: machine}]\n"+
		"alerts: {webhook: {url: \"https://hooks.example.org/services/T000/SECRET?token=1\"}}\nkeep: {calls: 200}\n"), "b.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	flat, err := c.Flat()
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"mode": "enforce", "trunks": "PJSIP/a, PJSIP/b", "accounts[212].kind": "machine", "alerts.webhook.url": "https://hooks.example.org/…",
		"keep.calls": "200", "organisation.country": "NL"} {
		if flat[key] != want {
			t.Errorf("%s is %q, want %q", key, flat[key], want)
		}
	}
	if c.Alerts.Webhook.URL != "https://hooks.example.org/services/T000/SECRET?token=1" {
		t.Error("the configuration itself was changed")
	}
}
