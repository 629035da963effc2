package telling

import (
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// figures are what /metrics says of one kind of ways. Names of people and addresses are no labels.
type figures struct{ sent, failed, dropped, waiting, failing float64 }

func descriptions() map[string]*prometheus.Desc {
	all := make(map[string]*prometheus.Desc)
	for name, help := range map[string]string{"alerts_sent_total": "Alerts that arrived, and heartbeats and summaries.", "alerts_failed_total": "Alerts given up after a day, or refused by the receiver.",
		"alerts_dropped_total": "Alerts for which a way had no room.", "alerts_waiting": "Alerts that wait to be told.", "alerts_ways_failing": "Ways that do not work now."} {
		all[name] = prometheus.NewDesc("belwacht_"+name, help, []string{"way"}, nil)
	}
	return all
}

// Describe implements prometheus.Collector.
func (t *Telling) Describe(out chan<- *prometheus.Desc) {
	for _, d := range descriptions() {
		out <- d
	}
}

// Collect implements prometheus.Collector: the ways by kind, as they may change with a configuration.
func (t *Telling) Collect(out chan<- prometheus.Metric) {
	by := make(map[string]*figures)
	var kinds []string
	for _, s := range t.states() {
		kind, _, _ := strings.Cut(s.Name, " ")
		if by[kind] == nil {
			by[kind] = &figures{}
			kinds = append(kinds, kind)
		}
		f := by[kind]
		f.sent, f.failed, f.dropped, f.waiting = f.sent+float64(s.Sent), f.failed+float64(s.Failed), f.dropped+float64(s.Dropped), f.waiting+float64(s.Waiting)
		if !s.Since.IsZero() {
			f.failing++
		}
	}
	d := descriptions()
	slices.Sort(kinds)
	for _, kind := range kinds {
		f := by[kind]
		for name, v := range map[string]float64{"alerts_sent_total": f.sent, "alerts_failed_total": f.failed, "alerts_dropped_total": f.dropped} {
			out <- prometheus.MustNewConstMetric(d[name], prometheus.CounterValue, v, kind)
		}
		out <- prometheus.MustNewConstMetric(d["alerts_waiting"], prometheus.GaugeValue, f.waiting, kind)
		out <- prometheus.MustNewConstMetric(d["alerts_ways_failing"], prometheus.GaugeValue, f.failing, kind)
	}
}
