package report

import (
	"encoding/json"
	"io"
	"math"

	"github.com/belwacht/belwacht"
)

// SummarySchema names the form of a summary's JSON; a reader refuses another major version.
const SummarySchema = "belwacht.summary/1"

// summaryJSON is a summary for programs. Money is in the organisation's currency.
type summaryJSON struct {
	Schema       string    `json:"schema"`
	Organisation string    `json:"organisation,omitempty"`
	Mode         string    `json:"mode"`
	Currency     string    `json:"currency"`
	First        string    `json:"first,omitempty"`
	Last         string    `json:"last,omitempty"`
	Days         int64     `json:"days"`
	Sentence     string    `json:"sentence"`
	Brake        float64   `json:"brake"`
	Outbound     int64     `json:"outbound"`
	Inbound      int64     `json:"inbound"`
	Internal     int64     `json:"internal"`
	Alerts       int64     `json:"alerts"`
	Emergency    safety    `json:"emergency"`
	Social       safety    `json:"social"`
	Rows         int64     `json:"rows"`
	Rejected     int64     `json:"rejected_rows"`
	Late         int64     `json:"late_calls"`
	ByRule       []rowJSON `json:"by_rule"`
	ByCause      []rowJSON `json:"by_cause"`
	ByAccount    []rowJSON `json:"by_account"`
	ByCountry    []rowJSON `json:"by_country"`
	ByDay        []rowJSON `json:"by_day"`
	Calibration  []binJSON `json:"calibration"`
	Top          []topJSON `json:"top"`
	rowJSON
}

// rowJSON is a tally.
type rowJSON struct {
	Name    string  `json:"name,omitempty"`
	Calls   int64   `json:"calls"`
	Watched int64   `json:"watched"`
	Alerted int64   `json:"alerted"`
	Refused int64   `json:"refused"`
	Ended   int64   `json:"ended"`
	Cost    float64 `json:"cost"`
	Saved   float64 `json:"saved"`
	Would   float64 `json:"would_have_saved"`
}

// binJSON is a bin of the calibration.
type binJSON struct {
	From     float64 `json:"from"`
	To       float64 `json:"to"`
	Calls    int64   `json:"calls"`
	Expected float64 `json:"expected_fraud"`
	Known    int64   `json:"known"`
	Fraud    int64   `json:"fraud"`
}

// topJSON is a story: its decision and how many calls there are of it.
type topJSON struct {
	Calls    int64              `json:"calls"`
	Cost     float64            `json:"cost"`
	Decision *belwacht.Decision `json:"decision"`
}

func tallyJSON(name string, t *tally) rowJSON {
	return rowJSON{name, t.calls, t.word[belwacht.Watch], t.word[belwacht.Warn], t.word[belwacht.Refuse], t.word[belwacht.EndNow],
		t.cost.Float(), t.saved.Float(), t.would.Float()}
}

func linesJSON(all []line) []rowJSON {
	rows := make([]rowJSON, len(all))
	for i := range all {
		rows[i] = tallyJSON(all[i].name, &all[i].tally)
	}
	return rows
}

// WriteJSON writes the summary as one JSON object, indented. Names are those of the terminal, days are ISO 8601.
func (s *Summary) WriteJSON(w io.Writer) error {
	v := newVoice(s.o.Language, s.o.Currency, s.o.Zone, s.o.Mask)
	l := s.view(v)
	days := ranked(s.o.Top, told(bookLines(&s.days, func(d int32) string { return date(d).Format("2006-01-02") }, v.Others)), byTold)
	j := summaryJSON{
		Schema: SummarySchema, Organisation: s.o.Organisation, Mode: s.o.Mode.String(), Currency: v.currency, First: s.first.String(),
		Last: s.last.String(), Days: s.lengthDays(), Sentence: l.sentence(), Brake: s.o.Brake.Float(), Outbound: s.direction[belwacht.Out],
		Inbound: s.direction[belwacht.In], Internal: s.direction[belwacht.Internally], Alerts: s.alerts,
		Emergency: s.emergency, Social: s.social, Rows: s.reading.Rows, Rejected: s.reading.Rejected,
		Late: max(s.reading.Late, s.late), ByRule: linesJSON(l.byRule), ByCause: linesJSON(l.byCause), ByAccount: linesJSON(l.byAccount),
		ByCountry: linesJSON(l.byCountry), ByDay: linesJSON(days), rowJSON: tallyJSON("", &s.total),
	}
	low := 0.0
	for i, high := range edges() {
		b := &s.bins[i]
		j.Calibration = append(j.Calibration, binJSON{low, high, b.calls, b.sum, b.known, b.fraud})
		low = high
	}
	for _, p := range l.top {
		d := p.decision
		d.Tell()
		d.Number, d.Reason, d.ReasonNL = v.number(d.Number, p.class), v.prose(d.Reason), v.prose(d.ReasonNL)
		d.ScoreBits, d.Probability, d.AtRisk = finite(d.ScoreBits), finite(d.Probability), finite(d.AtRisk)
		d.Trace = nil // it is in the decisions file; with it a summary would be long
		j.Top = append(j.Top, topJSON{p.calls, p.tally.cost.Float(), &d})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(&j)
}

// finite makes a number that JSON can hold.
func finite(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}
