package config

import (
	"fmt"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
)

// YAML is the configuration as a file: as it was read with its defaults filled in. Reading it again gives the same.
func (c *Config) YAML() ([]byte, error) {
	out := *c
	if len(out.Tenants) > 0 {
		out.Organisation = Organisation{}
	}
	return yaml.Write(&out)
}

// Written is the configuration with only what the file says: without defaults and environment. It is for showing, not for use.
func (c *Config) Written() *Config {
	out := &Config{file: c.file, dir: c.dir}
	lines, err := yaml.ReadLines(c.data, c.file, out)
	if err != nil {
		return c // Load has read the same bytes without an error
	}
	out.lines = lines
	if lines["mode"] == 0 {
		out.Mode = c.Mode // it has no zero value that could be left out
	}
	for i := range out.Tenants {
		if lines[fmt.Sprintf("tenants[%d].mode", i)] == 0 {
			out.Tenants[i].Mode = c.Tenants[i].Mode
		}
	}
	return out
}

// Plain is YAML as maps, lists, strings, numbers and booleans: what JSON has.
func Plain(b []byte) (map[string]any, error) {
	v := map[string]any{}
	if err := yaml.Read(b, "configuration", &v); err != nil {
		return nil, err
	}
	return v, nil
}

// Shown is the configuration as others than its owner may see it. Secrets stand in files of their own, but an address that something is posted to, a field of a
// text message and an argument of a program can be one: addresses lose what stands behind their host, the others all.
func (c *Config) Shown() *Config {
	out := *c
	if w := out.Alerts.Webhook; w != nil {
		hidden := *w
		hidden.URL = hostOnly(w.URL)
		out.Alerts.Webhook = &hidden
	}
	if m := out.Alerts.SMS; m != nil {
		hidden := *m
		hidden.URL, hidden.Fields = hostOnly(m.URL), make(map[string]string)
		for key, value := range m.Fields {
			if value != "{to}" && value != "{text}" && value != "{id}" {
				value = "…"
			}
			hidden.Fields[key] = value
		}
		out.Alerts.SMS = &hidden
	}
	if n := out.Alerts.Ntfy; n != nil {
		hidden := *n
		hidden.URL = hostOnly(n.URL)
		out.Alerts.Ntfy = &hidden
	}
	if len(out.Alerts.Command) > 1 {
		out.Alerts.Command = []string{out.Alerts.Command[0], "…"}
	}
	return &out
}

// hostOnly is an address without what may be a secret: user, path and query.
func hostOnly(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	host := rest[:end]
	short := scheme + "://" + host[strings.LastIndexByte(host, '@')+1:]
	if len(strings.Trim(rest[end:], "/")) > 0 {
		short += "/…"
	}
	return short
}

// Part is what of the configuration is one organisation's, as YAML: its own settings and its PBXs. An error of code NotFound where there is no such one.
func (c *Config) Part(tenant string) ([]byte, error) {
	for _, t := range c.All() {
		if t.Name != tenant {
			continue
		}
		b, err := yaml.Write(&t)
		if err != nil {
			return nil, err
		}
		own := struct {
			PBX []PBX `yaml:"pbx,omitempty"`
		}{}
		for i := range c.PBX {
			if c.TenantOf(&c.PBX[i]) == tenant {
				own.PBX = append(own.PBX, c.PBX[i])
			}
		}
		if len(own.PBX) == 0 {
			return b, nil
		}
		more, err := yaml.Write(&own)
		return append(b, more...), err
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "the configuration has no such organisation")
}
