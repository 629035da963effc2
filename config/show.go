package config

import "github.com/belwacht/belwacht/yaml"

// YAML is the configuration as a file: as it was read with its defaults filled in. Reading it again gives the same.
func (c *Config) YAML() ([]byte, error) {
	out := *c
	if len(out.Tenants) > 0 {
		out.Organisation = Organisation{}
	}
	return yaml.Write(&out)
}
