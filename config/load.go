package config

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/yaml"
)

// defaultHorizon holds where nothing is said. What wrong decisions cost is the engine's to say, in units of the organisation's currency (DESIGN §4).
const defaultHorizon = 24 * time.Hour

// Load reads and checks a file, with the environment (as os.Environ gives it) laid over it. The error is of code Config, or NotFound where
// there is no file; several mistakes are joined, one a line.
func Load(path string, environ []string) (*Config, error) {
	data, err := yaml.Bytes(path)
	if err != nil {
		return nil, err
	}
	return Read(data, path, environ)
}

// Read is Load of bytes; file names it in messages, and relative names in it are from its folder.
func Read(data []byte, file string, environ []string) (*Config, error) {
	return read(data, file, environ, false)
}

func read(data []byte, file string, environ []string, begin bool) (*Config, error) {
	c := Default()
	lines, err := yaml.ReadLines(data, file, c)
	c.file, c.data, c.lines, c.dir = file, data, lines, filepath.Dir(file)
	if err = errors.Join(err, c.overlay(environ)); err != nil {
		return nil, err
	}
	if begin {
		c.assume()
	}
	c.fill()
	c.listed, err = c.readList()
	table, tableErr := c.readNetworks()
	c.networks = table
	if err = errors.Join(err, tableErr, c.Check()); err != nil {
		return nil, err
	}
	return c, nil
}

// sections are the keys of the top level that a variable of one word may name.
func sections() []string {
	return []string{"organisation", "mode", "trunks", "networks", "plan", "limits", "accounts", "groups", "costs", "brake", "rules", "tenants", "rates", "records", "lists",
		"data", "control", "health", "alerts", "pbx"}
}

// overlay sets what variables such as BELWACHT_LIMITS__ORGANISATION__MONEY_PER_DAY say. A variable of one word that is no section, such as
// one of a test, is somebody else's, unless it is nearly one.
func (c *Config) overlay(environ []string) error {
	var errs []error
	for _, v := range slices.Sorted(slices.Values(environ)) { // sorted, so that the same environment gives the same result
		name, value, _ := strings.Cut(v, "=")
		key, ok := strings.CutPrefix(name, "BELWACHT_")
		if !ok {
			continue
		}
		path := strings.Split(strings.ToLower(key), "__")
		if len(path) == 1 && !slices.Contains(sections(), path[0]) {
			if slices.Contains([]string{"account", "tenant"}, path[0]) {
				continue // what an alert command is told by may be passed on to another belwacht
			}
			if near, ok := yaml.Nearest(path[0], sections()); ok {
				errs = append(errs, belwacht.Errorf(belwacht.Config, "%s in the environment is no setting; did you mean BELWACHT_%s?", name, strings.ToUpper(near)))
			}
			continue
		}
		errs = append(errs, yaml.ReadValue(path, value, name, c))
	}
	return errors.Join(errs...)
}

// fill sets what the file left out and what follows from other settings.
func (c *Config) fill() {
	c.Organisation.fill()
	c.Settings.fill(c.Organisation.Currency)
	for i := range c.Tenants {
		t := &c.Tenants[i]
		c.inherit(t, i)
		if t.Currency == "" && c.lines["organisation.currency"] > 0 {
			t.Currency = c.Organisation.Currency
		}
		t.Organisation.fill()
		t.Settings.fill(t.Currency)
	}
	c.fillLive()
	if c.Rates.Currency == "" {
		c.Rates.Currency = c.Organisation.Currency
	}
}

// fill is the organisation's part.
func (o *Organisation) fill() {
	if country, ok := belwacht.ParseCountry(o.Country); ok {
		o.Country = country.String()
	}
	if o.Currency == "" {
		o.Currency = "EUR"
	}
}

// fill is the settings' part.
func (s *Settings) fill(currency string) {
	p := detect.DefaultPolicy()
	for _, m := range []struct {
		to *yaml.Money
		v  belwacht.Money
	}{{&s.Costs.Refuse, p.RefuseCost}, {&s.Costs.Alert, p.AlertCost}, {&s.Brake.Money, p.Brake}} {
		if m.to.IsZero() {
			*m.to = yaml.Money{Amount: m.v, Currency: currency}
		}
	}
}
