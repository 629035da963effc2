package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/yaml"
)

// Access is who comes into console and API, from where and when.
type Access struct {
	URL          string   `yaml:"url,omitempty"`           // of the console as people type it, such as https://belwacht.example.org; passkeys belong to it
	Networks     []string `yaml:"networks,omitempty"`      // it is open to; none = all. The machine itself always
	Hours        string   `yaml:"hours,omitempty"`         // when it is open, such as mon-fri 07:00-20:00; "" = always
	SecondFactor string   `yaml:"second_factor,omitempty"` // administrators (all but self-service, and that from outside) or all; "" = administrators
	Sessions     Sessions `yaml:"sessions,omitempty"`
	Proxies      []string `yaml:"proxies,omitempty"` // addresses of reverse proxies, whose X-Forwarded-For is believed
}

// Sessions is how long somebody stays signed in.
type Sessions struct {
	Idle    yaml.Duration `yaml:"idle,omitempty"`    // without use; 0 = 30 minutes
	Longest yaml.Duration `yaml:"longest,omitempty"` // in all; 0 = 12 hours
	Each    int           `yaml:"each,omitempty"`    // of one user at a time; 0 = 5
}

// accessNetworksMost bounds a list of networks.
const accessNetworksMost = 1000

// access checks who comes in.
func (k *checker) access() {
	a := &k.c.Access
	if a.URL != "" {
		u, err := url.Parse(a.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
			k.fail("access.url", "%.100q is no address of a console; write for example https://belwacht.example.org", a.URL)
		}
	}
	if a.SecondFactor != "" {
		k.known("access.second_factor", "answer", a.SecondFactor, []string{"administrators", "all"})
	}
	for key, list := range map[string][]string{"networks": a.Networks, "proxies": a.Proxies} {
		if len(list) > accessNetworksMost {
			k.fail("access."+key, "has more than %d entries", accessNetworksMost)
			continue
		}
		for i, s := range list {
			if _, err := network.ParsePrefix(s); err != nil {
				k.fail(fmt.Sprintf("access.%s[%d]", key, i), "%v", err)
			}
		}
	}
	if _, err := calendar.ParseHours(a.Hours); err != nil {
		k.fail("access.hours", "%v", err)
	}
	p := access.Policy{Idle: time.Duration(a.Sessions.Idle), Longest: time.Duration(a.Sessions.Longest), Each: a.Sessions.Each}
	if _, err := p.Filled(); err != nil {
		key, why, _ := strings.Cut(err.Error(), ": ")
		k.fail(key, "%s", why)
	}
}

// AccessPolicy is the access section as package access takes it. The configuration was checked.
func (c *Config) AccessPolicy() access.Policy {
	a := &c.Access
	p := access.Policy{Networks: prefixes(a.Networks), Everyone: a.SecondFactor == "all", Idle: time.Duration(a.Sessions.Idle),
		Longest: time.Duration(a.Sessions.Longest), Each: a.Sessions.Each, Origin: strings.TrimRight(a.URL, "/"), Zone: time.UTC}
	p.Hours, _ = calendar.ParseHours(a.Hours) // Check has read it
	for i, t := range c.All() {
		p.Own = append(p.Own, prefixes(t.Networks)...)
		if z, err := time.LoadLocation(t.Timezone); err == nil && i == 0 {
			p.Zone = z
		}
	}
	return p
}

// AccessProxies are the reverse proxies that are believed.
func (c *Config) AccessProxies() []netip.Prefix { return prefixes(c.Access.Proxies) }

// AccessNames are the names that a password may not contain: of the organisations and of this machine.
func (c *Config) AccessNames() []string {
	var names []string
	for _, t := range c.All() {
		names = append(names, t.Name)
	}
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	if u, err := url.Parse(c.Access.URL); err == nil {
		names = append(names, u.Hostname())
	}
	return names
}

// prefixes reads networks that were checked.
func prefixes(list []string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range list {
		if p, err := network.ParsePrefix(s); err == nil {
			out = append(out, p)
		}
	}
	return out
}
