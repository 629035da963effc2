package app

import (
	"net/http"
	"net/netip"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
)

// Teller is what tells people of alerts. None of its functions waits, but for Take and Close.
type Teller struct {
	Tell    func(a *belwacht.Alert)                           // of each alert that came or grew
	Known   func(list []belwacht.Alert)                       // of those that there were before the first call of this run
	Decided func(d *belwacht.Decision)                        // of each decision, from the call path
	Take    func(c *config.Config) (use func(), _ error)      // a configuration, which use puts in place
	Ways    func(problems []string) ([]control.Way, []string) // how each way is doing, and what is wrong behind the problems before
	Metrics func(r prometheus.Registerer)                     // registers its figures
	Close   func()                                            // tells what is due and ends
	Desk    control.Desk                                      // by which people take and silence alerts; nil = nobody can
	Named   func() []Named                                    // to fail2ban
	Links   http.Handler                                      // answers the links of messages below /alert/; nil = there are none
}

// Named is an address from outside that was named to fail2ban, which may have banned it.
type Named struct {
	From  netip.Addr
	Cause string // such as login.scan
	Last  belwacht.Instant
	Count int64 // since the start
}

// silent tells nobody.
func silent() *Teller {
	return &Teller{Tell: func(*belwacht.Alert) {}, Known: func([]belwacht.Alert) {}, Decided: func(*belwacht.Decision) {}, Metrics: func(prometheus.Registerer) {}, Close: func() {},
		Take: func(*config.Config) (func(), error) { return func() {}, nil }, Ways: func(p []string) ([]control.Way, []string) { return []control.Way{}, p },
		Named: func() []Named { return nil }}
}
