package config

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/yaml"
)

// Config is the file.
type Config struct {
	Version      int          `yaml:"version,omitempty"` // of the file's form: 1
	Organisation Organisation `yaml:"organisation,omitempty"`
	Settings     `yaml:",inline"`
	Tenants      []Tenant `yaml:"tenants,omitempty"` // instead of organisation
	Rates        Rates    `yaml:"rates,omitempty"`
	Records      Records  `yaml:"records,omitempty"`
	Lists        Lists    `yaml:"lists,omitempty"`
	Data         string   `yaml:"data,omitempty"` // folder of all that must last
	Control      Control  `yaml:"control,omitempty"`
	Health       Health   `yaml:"health,omitempty"`
	Alerts       Alerts   `yaml:"alerts,omitempty"` // how people are told
	Keep         Keep     `yaml:"keep,omitempty"`   // for how long what is kept
	Web          Web      `yaml:"web,omitempty"`    // the console and the API
	Access       Access   `yaml:"access,omitempty"` // who comes into console and API
	PBX          []PBX    `yaml:"pbx,omitempty"`    // none: belwacht run waits

	file     string
	data     []byte // as read, for Written
	lines    yaml.Lines
	dir      string // relative file names are from here
	unset    bool   // see Unset
	listed   []belwacht.E164
	networks *network.Table
}

// Organisation is who is guarded, and when it works.
type Organisation struct {
	Name        string   `yaml:"name,omitempty"`         // shown in output; of several organisations the name tells them apart
	Country     string   `yaml:"country,omitempty"`      // ISO 3166-1 alpha-2; required
	Timezone    string   `yaml:"timezone,omitempty"`     // IANA; required
	OfficeHours string   `yaml:"office_hours,omitempty"` // see calendar.ParseHours; "" = not known
	Currency    string   `yaml:"currency,omitempty"`     // ISO 4217; of all amounts
	Holidays    Holidays `yaml:"holidays,omitempty"`
}

// Holidays are the owner's switches for days off.
type Holidays struct {
	Public        *bool    `yaml:"public,omitempty"`         // false: public holidays are working days
	LiberationDay string   `yaml:"liberation_day,omitempty"` // 5 May in the Netherlands: never, lustrum or every
	GoodFriday    *bool    `yaml:"good_friday,omitempty"`    // nil = as the country has it
	Closed        []string `yaml:"closed,omitempty"`         // 2026-12-24 or 2026-12-24..2027-01-01
}

// Settings are what a tenant may say for itself, or the top level for all.
type Settings struct {
	Mode     belwacht.Mode     `yaml:"mode"`
	Trunks   []string          `yaml:"trunks,omitempty"`   // endpoints that lead outside, such as PJSIP/trunk
	Networks []string          `yaml:"networks,omitempty"` // addresses of the organisation's own offices, such as 203.0.113.0/24
	Plan     Plan              `yaml:"plan,omitempty"`
	Limits   Limits            `yaml:"limits,omitempty"`
	Accounts []Account         `yaml:"accounts,omitempty"`
	Groups   map[string]Group  `yaml:"groups,omitempty"`
	Costs    Costs             `yaml:"costs,omitempty"`
	Brake    Brake             `yaml:"brake,omitempty"`
	Rules    map[string]Switch `yaml:"rules,omitempty"` // by rule name
}

// Plan is the site's dial plan where it departs from the country's.
type Plan struct {
	International []string `yaml:"international,omitempty"` // prefixes that lead abroad
	Trunk         *string  `yaml:"trunk,omitempty"`         // national prefix; "" = none
	OutsideLine   []string `yaml:"outside_line,omitempty"`  // digits before an outside number
	Extensions    []string `yaml:"extensions,omitempty"`    // 200, 200-399 or 2XX
	ShortCodes    []string `yaml:"short_codes,omitempty"`   // short numbers that go outside
	Own           []string `yaml:"own,omitempty"`           // own numbers and ranges, +31…
	Emergency     []string `yaml:"emergency,omitempty"`     // besides the country's
	Social        []string `yaml:"social,omitempty"`        // alarm centre and helplines besides the country's
	AreaCode      string   `yaml:"area_code,omitempty"`     // without the trunk prefix
}

// Limits are the owner's will, by scope.
type Limits struct {
	Organisation *Limit           `yaml:"organisation,omitempty"`
	Groups       map[string]Limit `yaml:"groups,omitempty"`
	Accounts     map[string]Limit `yaml:"accounts,omitempty"`
	Trunks       map[string]Limit `yaml:"trunks,omitempty"`
}

// Account is a declared endpoint.
type Account struct {
	Name    string               `yaml:"name"`
	Kind    belwacht.AccountKind `yaml:"kind,omitempty"`
	Group   string               `yaml:"group,omitempty"`
	Numbers []belwacht.E164      `yaml:"numbers,omitempty"` // caller numbers of its own
	List    []belwacht.E164      `yaml:"list,omitempty"`    // of a machine: all that it calls
}

// Group is a group of accounts that share limits and habits.
type Group struct {
	Accounts []string              `yaml:"accounts,omitempty"` // names, or ranges such as 200-249
	Kind     *belwacht.AccountKind `yaml:"kind,omitempty"`     // of its accounts, where they do not say
}

// Costs are what the owner thinks wrong decisions cost.
type Costs struct {
	Refuse yaml.Money `yaml:"refuse,omitempty"` // wrongly refusing a call
	Alert  yaml.Money `yaml:"alert,omitempty"`  // a needless alert
}

// Brake is the sum per night and trunk that acts in every mode.
type Brake struct {
	Money yaml.Money `yaml:"money,omitempty"`
	Off   bool       `yaml:"off,omitempty"`
}

// Rates is the rate deck.
type Rates struct {
	File     string            `yaml:"file,omitempty"`
	Columns  map[string]string `yaml:"columns,omitempty"` // see number.RateOptions
	Currency string            `yaml:"currency,omitempty"`
	SkipBad  bool              `yaml:"skip_bad,omitempty"`
}

// Records is how call records are read.
type Records struct {
	Format      string        `yaml:"format,omitempty"`       // "" = recognised
	Times       string        `yaml:"times,omitempty"`        // utc, local or Area/City; "" = the organisation's unless the records show otherwise
	Horizon     yaml.Duration `yaml:"horizon,omitempty"`      // rows are held back this long to order them
	MaxRejected yaml.Share    `yaml:"max_rejected,omitempty"` // more unreadable rows than this stop the reading
	Mapping     string        `yaml:"mapping,omitempty"`      // file of an own mapping
}

// Lists are files of known numbers and networks.
type Lists struct {
	Numbers  string   `yaml:"numbers,omitempty"`  // test and revenue-share numbers or ranges, one a line, with plus
	Networks []string `yaml:"networks,omitempty"` // tables of addresses in MaxMind's format, asked before the built-in one
}

// Tenant is one organisation with its settings.
type Tenant struct {
	Organisation `yaml:",inline"`
	Settings     `yaml:",inline"`

	listed   []belwacht.E164
	networks *network.Table
	asked    bool // a PBX of it asks and has no feed of events: what is answered is the last word
}

// Switch is what a rule is set to.
type Switch string

// The switches of a rule.
const (
	Off     Switch = "off"
	Monitor Switch = "monitor"
	Enforce Switch = "enforce"
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Switch) UnmarshalText(b []byte) error {
	switch v := Switch(b); v {
	case Off, Monitor, Enforce:
		*s = v
		return nil
	case "false": // YAML 1.1 readers make "off" a boolean, and people write what those write back
		*s = Off
		return nil
	}
	return belwacht.Errorf(belwacht.Config, "%.40q is no setting of a rule; there are off, monitor and enforce", b)
}

// Default is what holds where the file says nothing. Money is filled in by Load, in the organisation's currency.
func Default() *Config {
	return &Config{
		Settings: Settings{Mode: belwacht.Monitor},
		Records:  Records{Horizon: yaml.Duration(defaultHorizon), MaxRejected: 0.01},
	}
}

// Assumed is the configuration of who has none: a Dutch organisation in monitor. A command that uses it says so.
func Assumed() *Config {
	c := Default()
	c.Organisation = Organisation{Country: "NL", Timezone: "Europe/Amsterdam"}
	c.fill()
	return c
}
