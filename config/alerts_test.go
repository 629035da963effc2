package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/text"
)

// TestAlerts reads how alerts are told, looks after the program's modes, and shows that no secret is in what is shown.
func TestAlerts(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "alert")
	for name, says := range map[string]string{program: "#!/bin/sh\n", filepath.Join(dir, "key"): "fake-secret-for-tests\n", filepath.Join(dir, "url"): "https://hidden.example.nl/x\n"} {
		if err := os.WriteFile(name, []byte(says), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data := []byte("organisation: {country: NL, timezone: Europe/Amsterdam}\nalerts:\n  language: nl\n  numbers: full\n  command: [" + program +
		", --to, the night watch]\n  webhook: {url_file: url, secret_file: key}\n")
	for mode, want := range map[os.FileMode]string{0o700: "", 0o755: "", 0o750: "", 0o600: "run: chmod a+x " + program, 0o702: "run: chmod o-w " + program} {
		if err := os.Chmod(program, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Read(data, filepath.Join(dir, "b.yaml"), nil)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
	if err := os.Chmod(program, 0o700); err != nil {
		t.Fatal(err)
	}
	// An alert command that starts a belwacht hands its variables on: they are no settings.
	c, err := Read(data, filepath.Join(dir, "b.yaml"), []string{"BELWACHT_TENANT=x", "BELWACHT_ACCOUNT=212", "BELWACHT_CAUSE=c", "BELWACHT_WORD=end", "BELWACHT_TEXT=t"})
	if err != nil {
		t.Fatal(err)
	}
	if a := c.Alerts; a.Language != text.Dutch || a.Numbers != "full" || len(a.Command) != 3 || a.Command[2] != "the night watch" || a.Webhook.URLFile != "url" {
		t.Errorf("%+v", a)
	}
	shown, err := c.YAML()
	if err != nil || strings.Contains(string(shown), "hidden") || strings.Contains(string(shown), "fake-secret") || !strings.Contains(string(shown), "secret_file: key") {
		t.Errorf("%v\n%s", err, shown)
	}
	again, err := Read(shown, filepath.Join(dir, "b.yaml"), nil)
	if err != nil || again.Alerts.Language != text.Dutch || len(again.Alerts.Command) != 3 {
		t.Errorf("%v\n%s", err, shown)
	}
}
