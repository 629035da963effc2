package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestBegin: a file that names no organisation starts what the wizard needs; one that is not there, or is wrong, starts nothing.
func TestBegin(t *testing.T) {
	env := &environment{environ: func() []string { return nil }}
	for name, c := range map[string]struct {
		data, listen string
		unset        bool
		code         belwacht.Code
	}{
		"nothing":      {"# mine\n", firstListen, true, ""},
		"where it is":  {"web: {listen: \"127.0.0.1:9443\"}\n", "127.0.0.1:9443", true, ""},
		"a wrong key":  {"modus: learn\n", "", false, belwacht.Config},
		"half of it":   {"organisation: {country: NL}\n", "", false, belwacht.Config},
		"organisation": {"organisation: {country: NL, timezone: Europe/Amsterdam}\n", "", false, ""},
		"none":         {"", "", false, belwacht.NotFound},
	} {
		r := &running{config: filepath.Join(t.TempDir(), "belwacht.yaml")}
		if c.data != "" {
			if err := os.WriteFile(r.config, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := r.begin(env)
		switch {
		case c.code != "" && (err == nil || belwacht.CodeOf(err) != c.code), c.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case err == nil && (got.Unset() != c.unset || got.Web.Listen != c.listen):
			t.Errorf("%s: unset %v, listens %q", name, got.Unset(), got.Web.Listen)
		}
	}
}
