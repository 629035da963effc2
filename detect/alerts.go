package detect

import (
	"strconv"

	"github.com/belwacht/belwacht"
)

// alertsMost bounds the alerts that are kept; the oldest go first.
const alertsMost = 1 << 12

// alerts groups decisions: one alert for an account and day, so that a person sees a burst once.
type alerts struct {
	open   map[alertKey]int
	list   []belwacht.Alert
	untold map[int]belwacht.Teller // of alerts in list, who has yet to write their sentences
	n      int                     // ever made: numbers them
}

type alertKey struct {
	account string
	day     int32
	own     string // of a limit what was said, of a sign its cause: such alerts stand alone
}

func newAlerts() alerts {
	return alerts{open: make(map[alertKey]int), untold: make(map[int]belwacht.Teller)}
}

// add puts a decision into its alert, where it is one to tell.
func (a *alerts) add(d *belwacht.Decision, day int32) {
	if d.Word < belwacht.Warn {
		return
	}
	k := alertKey{account: d.Account, day: day}
	if d.Cause == causeNear {
		d.Tell()
		k.own = d.Reason
	}
	a.put(k, d)
}

// put puts a decision into the alert of a key.
func (a *alerts) put(k alertKey, d *belwacht.Decision) {
	i, ok := a.open[k]
	if !ok {
		if len(a.list) >= alertsMost {
			a.tell()
			a.list = append(a.list[:0], a.list[alertsMost/2:]...)
			clear(a.open)
		}
		a.n++
		i = len(a.list)
		a.open[k] = i
		a.list = append(a.list, belwacht.Alert{ID: "A" + strconv.Itoa(a.n), Tenant: d.Tenant, Account: d.Account, Cause: d.Cause, First: d.Time, Numbers: []string{}})
	}
	x := &a.list[i]
	x.Last, x.Count = d.Time, x.Count+1
	if !ok || d.Word > x.Word {
		x.Reason, x.ReasonNL, x.Cause, x.Word = d.Reason, d.ReasonNL, d.Cause, d.Word
		if delete(a.untold, i); d.Untold != nil {
			a.untold[i] = d.Untold
		}
	}
	if len(x.Numbers) < 8 && d.Number != "" {
		for _, n := range x.Numbers {
			if n == d.Number {
				return
			}
		}
		x.Numbers = append(x.Numbers, d.Number)
	}
}

// tell writes the sentences that are not yet.
func (a *alerts) tell() {
	for i, t := range a.untold {
		var d belwacht.Decision
		t.Tell(&d)
		a.list[i].Reason, a.list[i].ReasonNL = d.Reason, d.ReasonNL
	}
	clear(a.untold)
}

// Alerts are the alerts so far, oldest first, of all tenants.
func (e *Engine) Alerts() []belwacht.Alert {
	var all []belwacht.Alert
	for _, s := range e.order {
		s.mu.Lock()
		s.alerts.tell()
		all = append(all, s.alerts.list...)
		s.mu.Unlock()
	}
	return all
}
