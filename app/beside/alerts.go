package beside

import (
	"log/slog"
	"os"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/notify/command"
	"github.com/belwacht/belwacht/notify/webhook"
	"github.com/belwacht/belwacht/number"
)

// Alerts makes what tells people of alerts from a configuration, for app.LiveConfig.Tell: nil, which tells nobody, where no way is named. Secrets are read
// now. The error is of code Config.
func Alerts(log *slog.Logger, c *config.Config) (*notify.Notifier, error) {
	a := &c.Alerts
	var ways []notify.Way
	if len(a.Command) > 0 {
		w, err := command.New(command.Config{Run: a.Command, Environ: os.Environ()})
		if err != nil {
			return nil, err
		}
		ways = append(ways, w)
	}
	if a.Webhook != nil {
		w, err := hook(c, a.Webhook)
		if err != nil {
			return nil, err
		}
		ways = append(ways, w)
	}
	if len(ways) == 0 {
		return nil, nil
	}
	helpline, err := helplines(c)
	if err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "" // a message says which machine it is from where that is known
	}
	return notify.New(notify.Config{Ways: ways, Language: a.Language, Full: a.Numbers == "full", Helpline: helpline, Host: host, Log: log})
}

// hook makes a webhook.
func hook(c *config.Config, w *config.Webhook) (*webhook.Webhook, error) {
	o := webhook.Config{URL: w.URL}
	var err error
	if w.URLFile != "" {
		if o.URL, err = c.Secret(w.URLFile); err != nil {
			return nil, err
		}
	}
	if w.SecretFile != "" {
		if o.Secret, err = c.Secret(w.SecretFile); err != nil {
			return nil, err
		}
	}
	return webhook.New(o)
}

// helplines says of a number whether its callers are nobody's business, by the dial plan of the organisation.
func helplines(c *config.Config) (func(tenant, number string) bool, error) {
	sites := make(map[string]*number.Site)
	for _, t := range c.All() {
		site, err := t.Site()
		if err != nil {
			return nil, err
		}
		sites[t.Name] = site
	}
	return func(tenant, number string) bool {
		site := sites[tenant]
		return site != nil && site.Read(number).Class == belwacht.ClassSocial
	}, nil
}
