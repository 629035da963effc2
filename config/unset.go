package config

// Begin is Read for who may have no configuration yet: where neither file nor environment names an organisation, that of [Assumed] is taken and [Config.Unset]
// says so, so that Belwacht can start far enough to be set up.
func Begin(data []byte, file string, environ []string) (*Config, error) {
	return read(data, file, environ, true)
}

// Unset says that no organisation is named yet.
func (c *Config) Unset() bool { return c.unset }

// assume takes an organisation where none is named.
func (c *Config) assume() {
	if len(c.Tenants) > 0 || c.Organisation.Country != "" || c.Organisation.Timezone != "" {
		return
	}
	c.Organisation.Country, c.Organisation.Timezone, c.unset = "NL", "Europe/Amsterdam", true
}

// Place is the line of the file that a path stands on, or its nearest parent that was written; 0 where none was.
func (c *Config) Place(path string) int { return c.line(path) }

// Says says whether the file itself has a value at a path, such as limits.organisation.
func (c *Config) Says(path string) bool { return c.lines[path] > 0 }

// Source is the file as it was read, and its name.
func (c *Config) Source() (data []byte, file string) { return c.data, c.file }
