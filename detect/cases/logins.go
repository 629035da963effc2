package cases

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// Login is an attempt of a phone to log in, or several of the same kind.
type Login struct {
	At    string        `yaml:"at"` // "2026-03-08 03:12", local time
	User  string        `yaml:"user"`
	From  string        `yaml:"from"`  // address; see networks
	Agent string        `yaml:"agent"` // the user agent
	Wrong bool          `yaml:"wrong"` // the password was
	Times int           `yaml:"times"`
	Every yaml.Duration `yaml:"every"`
}

// networks is where the addresses of stories are: those that RFC 5737 keeps for examples, as two Dutch providers and one in Moldova. Private
// addresses are the office.
func networks() (*network.Table, error) {
	return network.New(network.Config{Known: map[netip.Prefix]belwacht.Country{
		netip.PrefixFrom(netip.AddrFrom4([4]byte{203, 0, 113, 0}), 24):  {'N', 'L'},
		netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, 0}), 24):    {'N', 'L'},
		netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, 100, 0}), 24): {'M', 'D'},
	}})
}

// check says what of a log-in cannot be played.
func (l *Login) check() error {
	if _, err := netip.ParseAddr(l.From); err != nil || l.User == "" {
		return belwacht.Errorf(belwacht.Config, "user and from are both needed, such as user: \"201\", from: 203.0.113.7")
	}
	switch {
	case l.Times < 0 || l.Times > caseCalls:
		return belwacht.Errorf(belwacht.Config, "times: together there may be %d log-ins", caseCalls)
	case l.Times > 1 && l.Every <= 0:
		return belwacht.Errorf(belwacht.Config, "times needs every, such as every: 2m")
	case time.Duration(l.Every) > caseLong:
		return belwacht.Errorf(belwacht.Config, "every is at most %s", caseLong)
	}
	return nil
}

// events makes the log-ins of a case, in their order.
func (c *Case) events(zone *time.Location) ([]belwacht.Event, error) {
	var list []belwacht.Event
	for i := range c.Logins {
		l := &c.Logins[i]
		t, err := time.ParseInLocation("2006-01-02 15:04", l.At, zone)
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "log-in %d: at: %q is no local time, such as \"2026-03-08 03:12\"", i+1, text.Clean(l.At, 40))
		}
		from, err := netip.ParseAddr(l.From)
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "log-in %d: from: %q is no address", i+1, text.Clean(l.From, 40))
		}
		ev := belwacht.Event{Kind: belwacht.EventRegistration, Source: belwacht.SourcePBX}
		login := belwacht.Login{Service: "sip", User: l.User, From: from, Agent: l.Agent, Result: belwacht.LoginGood}
		if l.Wrong {
			ev.Kind, login.Result = belwacht.EventAuthFailure, belwacht.LoginWrongSecret
		}
		ev.Login = &login
		for n := range max(l.Times, 1) {
			ev.Time = belwacht.InstantOf(t.Add(time.Duration(n) * time.Duration(l.Every)))
			list = append(list, ev)
		}
	}
	slices.SortStableFunc(list, func(a, b belwacht.Event) int { return cmp.Compare(a.Time, b.Time) })
	return list, nil
}
