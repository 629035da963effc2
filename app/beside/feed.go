package beside

import (
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/pbx/asterisk"
)

// Feeds makes the feed of a PBX from its configuration, for app.LiveConfig.Feeds. What is worth a line is logged.
func Feeds(log *slog.Logger) func(c *config.Config, p *config.PBX, sink *app.Feed) (app.PBXFeed, error) {
	return func(c *config.Config, p *config.PBX, sink *app.Feed) (app.PBXFeed, error) {
		t := c.Of(p)
		if t == nil {
			return nil, belwacht.Errorf(belwacht.Config, "PBX %s belongs to no organisation", p.Name)
		}
		secret, err := c.Secret(p.AMI.SecretFile)
		if err != nil {
			return nil, err
		}
		numbers, err := t.Site()
		if err != nil {
			return nil, err
		}
		o := asterisk.Config{Name: p.Name, Tenant: t.Name, Site: p.Name, Address: p.AMI.Address, User: p.AMI.User, Secret: secret, Trunks: c.TrunksOf(p),
			Extensions: t.Extensions(), Numbers: numbers, Log: log}
		if p.AMI.TLS {
			host, _, err := net.SplitHostPort(p.AMI.Address)
			if err != nil {
				return nil, belwacht.Errorf(belwacht.Config, "PBX %s: ami.address %.60s is no HOST:PORT", p.Name, p.AMI.Address)
			}
			trust := network.Trust{ServerName: p.AMI.ServerName, Unchecked: p.AMI.Unchecked}
			if p.AMI.CAFile != "" {
				trust.CAFile = c.Path(p.AMI.CAFile)
			}
			if o.TLS, err = trust.Client(host); err != nil {
				return nil, belwacht.Errorf(belwacht.CodeOf(err), "PBX %s: ami.%w", p.Name, err)
			}
		}
		f, err := asterisk.New(o, sink)
		if err != nil {
			return nil, err
		}
		return &feed{f}, nil
	}
}

// feed is the feed of an Asterisk as a running Belwacht wants it.
type feed struct{ *asterisk.Feed }

// slow is how long a PBX may take to answer before that is said.
const slow = 2 * time.Second

// Health says in a few words how the feed is doing, and whether calls are seen and can be ended.
func (f *feed) Health() (string, bool) {
	s := f.State()
	switch {
	case s.LoginRefused:
		return "the PBX refuses the log-in; the manager user and its secret must be those of its manager.conf (belwacht connect writes both)", false
	case !s.Connected && s.Since.IsZero():
		return "not connected yet", false
	case !s.Connected:
		return "not connected since " + s.Since.Format(time.DateTime), false
	case s.Denied != "":
		return fmt.Sprintf("connected; the manager user may not do %s, so that something is not seen or cannot be ended", s.Denied), false
	case s.Latency > slow:
		return fmt.Sprintf("connected; the PBX takes %.1f s to answer", s.Latency.Seconds()), true
	}
	return "connected since " + s.Since.Format(time.DateTime), true
}
