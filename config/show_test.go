package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestShown: no secret that stands in the file itself is shown, to nobody, and one organisation's part has nothing of another's or the machine's.
func TestShown(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("0123456789abcdef0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Read([]byte(strings.ReplaceAll(`
tenants:
- {name: oak, country: NL, timezone: Europe/Amsterdam, mode: enforce, trunks: [PJSIP/oak-line]}
- {name: elm, country: NL, timezone: Europe/Amsterdam, mode: monitor, trunks: [PJSIP/elm-line]}
pbx:
- {name: one, tenant: oak, ask: {listen: "127.0.0.1:7001", secret_file: KEY}}
- {name: two, tenant: elm, ask: {listen: "127.0.0.1:7002", secret_file: KEY}}
alerts:
  command: [/bin/true, --token=HUSH1]
  webhook: {url: "https://hooks.example.org/services/HUSH3?token=HUSH4"}
  sms: {url: "https://sms.example.org/send?key=HUSH5", fields: {api_key: HUSH6, to: "{to}", body: "{text}"}}
  ntfy: {url: "https://ntfy.example.org/HUSH7"}
`, "KEY", secret)), "b.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Shown().YAML()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"https://hooks.example.org/…", "https://sms.example.org/…", "/bin/true", "{to}", "api_key: …", "elm-line"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is not shown in\n%s", want, b)
		}
	}
	if strings.Contains(string(b), "HUSH") {
		t.Errorf("a secret is shown:\n%s", b)
	}
	if c.Alerts.SMS.Fields["api_key"] != "HUSH6" || c.Alerts.Command[1] != "--token=HUSH1" || c.Alerts.Ntfy.URL != "https://ntfy.example.org/HUSH7" {
		t.Error("the configuration itself is changed")
	}
	part, err := c.Shown().Part("oak")
	if err != nil || !strings.Contains(string(part), "oak-line") || !strings.Contains(string(part), "name: one") {
		t.Errorf("%v\n%s", err, part)
	}
	for _, not := range []string{"elm", "two", "alerts", "hooks", "7002"} {
		if strings.Contains(string(part), not) {
			t.Errorf("one organisation is shown %q:\n%s", not, part)
		}
	}
	if _, err := c.Part("ash"); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Errorf("no such organisation: %v", err)
	}
}
