package detect

import (
	"github.com/belwacht/belwacht"
)

// alarm puts a decision into its alert; warnings of limits stand alone, by what they say.
func (s *shard) alarm(d *belwacht.Decision, day int32) {
	own := ""
	if d.Cause == causeNear {
		d.Tell()
		own = d.Reason
	}
	s.alerts.Add(d, day, own)
}

// Alerts are the alerts so far, oldest first, of all tenants.
func (e *Engine) Alerts() []belwacht.Alert {
	var all []belwacht.Alert
	for _, s := range e.order {
		s.mu.Lock()
		all = append(all, s.alerts.All()...)
		s.mu.Unlock()
	}
	return all
}
