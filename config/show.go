package config

import (
	"fmt"

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
