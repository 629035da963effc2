package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestLive reads a file that names all that a running Belwacht has, with its secret beside it.
func TestLive(t *testing.T) {
	data, err := os.ReadFile("testdata/live.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, secret := filepath.Join(dir, "live.yaml"), filepath.Join(dir, "secret.txt")
	if err := os.WriteFile(secret, []byte("fake-secret-for-tests\r\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	c, err := Read(data, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, q := &c.PBX[0], &c.PBX[1]
	if p.Judge() != ByAsk || q.Judge() != ByRecords || c.TrunksOf(p)[0] != "PJSIP/trunk" || c.TrunksOf(q)[0] != "PJSIP/provider" || c.TenantOf(p) != "Voorbeeld BV" ||
		c.DataDir() != "/var/lib/belwacht" || c.Socket() != "/run/belwacht/control.sock" || c.Health.Listen != "127.0.0.1:9674" {
		t.Errorf("%+v", c)
	}
	if n, err := p.Ask.Networks(); err != nil || len(n) != 2 || n[0].String() != "192.0.2.7/32" || n[1].String() != "2001:db8::/64" {
		t.Errorf("%v %v", n, err)
	}
	if s, err := c.Secret(p.Ask.SecretFile); err != nil || s != "fake-secret-for-tests" {
		t.Errorf("%q %v", s, err)
	}
	for mode, want := range map[os.FileMode]string{0o600: "", 0o400: "", 0o440: "", 0o644: "chmod 0640", 0o660: "chmod 0640", 0o604: "chmod 0640"} {
		if err := os.Chmod(secret, mode); err != nil {
			t.Fatal(err)
		}
		_, err := c.Secret("secret.txt")
		_, checked := Read(data, file, nil)
		if want == "" && (err != nil || checked != nil) || want != "" && (err == nil || !strings.Contains(err.Error(), want) || checked == nil || !strings.Contains(checked.Error(), want)) {
			t.Errorf("mode %v: %v; %v", mode, err, checked)
		}
	}
	if err := os.Chmod(secret, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "\n", "two\nlines", strings.Repeat("x", 5000), "nul\x00"} {
		if err := os.WriteFile(secret, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := c.Secret("secret.txt"); belwacht.CodeOf(err) != belwacht.Config || s != "" {
			t.Errorf("%.10q: %q %v", text, s, err)
		}
	}
	if c := Assumed(); c.Data != DefaultData || c.Control.Socket != DefaultSocket {
		t.Errorf("%+v", c)
	}
}

// TestLastWord: where a PBX asks and nothing can be ended later, a call that begins puts as much at stake as one that runs, for the organisation whose PBX it is.
func TestLastWord(t *testing.T) {
	early := func(c *Config) (list []int64) {
		for _, o := range c.All() {
			e, err := o.Engine(nil)
			if err != nil {
				t.Fatal(err)
			}
			if e.Policy.Horizon != 600 {
				t.Errorf("horizon %d", e.Policy.Horizon)
			}
			list = append(list, e.Policy.Early)
		}
		return list
	}
	one := load(t, "least.yaml")
	for name, k := range map[string]struct {
		pbx  []PBX
		want int64
	}{
		"no PBX":                {nil, 180},
		"heard and asked":       {[]PBX{{AMI: &AMI{}, Ask: &Ask{}}}, 180},
		"asked only":            {[]PBX{{Ask: &Ask{}}}, 600},
		"one of two asked only": {[]PBX{{AMI: &AMI{}, Ask: &Ask{}}, {Ask: &Ask{}}}, 600},
		"records only":          {[]PBX{{Records: &RecordsSource{}}}, 180},
	} {
		if one.PBX = k.pbx; !slices.Equal(early(one), []int64{k.want}) {
			t.Errorf("%s: %v seconds, want %d", name, early(one), k.want)
		}
	}
	two := load(t, "tenants.yaml")
	two.PBX = []PBX{{Tenant: two.Tenants[0].Name, Ask: &Ask{}}, {Tenant: two.Tenants[1].Name, AMI: &AMI{}, Ask: &Ask{}}}
	if got := early(two); got[0] != 600 || got[1] != 180 {
		t.Errorf("tenants: %v", got)
	}
}
