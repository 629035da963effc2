// Package lookup writes all that is known of a number as it was dialled: which it is, of which country and kind, what it costs and risks, and which number is
// hidden in it.
package lookup

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/text"
)

// form is the machine-readable answer, belwacht.number/1. Money is in units of Currency, whatever the key's name, which is that of the
// decisions file.
type form struct {
	Schema    string           `json:"schema"`
	Dialled   string           `json:"dialled"`
	E164      belwacht.E164    `json:"e164"` // "" for none
	Country   belwacht.Country `json:"country"`
	Class     belwacht.Class   `json:"class"`
	Network   string           `json:"network"`
	Risk      belwacht.Risk    `json:"risk"`
	Price     float64          `json:"price_per_minute_eur"`
	Setup     float64          `json:"setup_eur"`
	First     uint16           `json:"first_seconds"`
	Next      uint16           `json:"next_seconds"`
	Currency  string           `json:"currency"`
	Estimate  bool             `json:"estimate"`
	Emergency bool             `json:"emergency"`
	Social    bool             `json:"social"`
	Canonical string           `json:"canonical"` // what an emergency or social number is sent as
	External  bool             `json:"external"`
	Abroad    bool             `json:"abroad"`
	Dialable  bool             `json:"dialable"`
	Junk      bool             `json:"junk"`

	EmergencyIn []belwacht.Country `json:"emergency_in"` // other countries where it is an emergency number; here it is none

	Target         belwacht.E164    `json:"target"` // the number hidden in it, "" for none
	TargetCountry  belwacht.Country `json:"target_country"`
	TargetClass    string           `json:"target_class"`
	TargetRisk     string           `json:"target_risk"`
	TargetPrice    float64          `json:"target_price_per_minute_eur"`
	TargetEstimate bool             `json:"target_estimate"`
}

// JSON writes all that is known of a number, read by a site's plan, for machines. Prices are in the currency.
func JSON(w io.Writer, n *belwacht.Number, site *number.Site, currency string) error {
	f := form{Schema: "belwacht.number/1", Dialled: n.Dialled, E164: n.E164, Country: n.Country, Class: n.Class, Network: n.Network, Risk: n.Risk,
		Price: n.Price.PerMinute.Float(), Setup: n.Price.Setup.Float(), First: n.Price.First, Next: n.Price.Next, Currency: currency,
		Estimate: n.Price.Estimate, Emergency: n.Class == belwacht.ClassEmergency, Social: n.Class == belwacht.ClassSocial, Canonical: n.Canonical,
		External: n.External(), Abroad: n.Abroad, Dialable: n.Dialable, Junk: n.Junk,
		EmergencyIn: append([]belwacht.Country{}, site.EmergencyElsewhere(n.Dialled)...)}
	if n.Target != 0 {
		f.Target, f.TargetCountry, f.TargetClass, f.TargetRisk = n.Target, n.TargetCountry, n.TargetClass.String(), n.TargetRisk.String()
		f.TargetPrice, f.TargetEstimate = n.TargetPrice.PerMinute.Float(), n.TargetPrice.Estimate
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(f)
}

// Text writes the same for people.
func Text(out io.Writer, n *belwacht.Number, site *number.Site, currency string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	line("dialled", "%s, in %s", text.Clean(n.Dialled, 60), site.Country())
	switch {
	case n.Class == belwacht.ClassEmergency:
		line("emergency", "goes out as %s and is never refused", n.Canonical)
	case n.Class == belwacht.ClassSocial:
		line("social", "goes out as %s; no evidence and no money limit refuses it", n.Canonical)
	case n.E164 != 0:
		line("number", "%s", n.E164)
	case !n.External():
		line("number", "none: it stays in the house")
	case n.Class == belwacht.ClassShortCode:
		line("number", "none: a service with a short number")
	default:
		line("number", "none: the dial plan makes nothing of it")
	}
	line("class", "%s", strings.ReplaceAll(n.Class.String(), "_", " "))
	where := n.Country.String()
	if n.Network != "" {
		where = n.Network
	}
	if n.Abroad {
		where += ", abroad"
	}
	if where != "" {
		line("where", "%s", where)
	}
	if n.External() && !n.Privileged() {
		line("price", "%s", price(n.Price, currency))
		line("risk", "%s", n.Risk)
	}
	if in := site.EmergencyElsewhere(n.Dialled); len(in) > 0 {
		names := make([]string, len(in))
		for i, c := range in {
			names[i] = c.String()
		}
		line("note", "an emergency number in %s, not in %s", strings.Join(names, " "), site.Country())
	}
	if n.Junk {
		line("junk", "it holds characters that are not dialled")
	}
	if n.Target != 0 {
		where := n.TargetCountry.String()
		if where != "" {
			where += ", "
		}
		line("hidden in it", "%s, %s%s, %s, risk %s", n.Target, where, strings.ReplaceAll(n.TargetClass.String(), "_", " "), price(n.TargetPrice, currency), n.TargetRisk)
	}
	return w.Flush()
}

// price is a price in words.
func price(p belwacht.Price, currency string) string {
	s := fmt.Sprintf("%s %s a minute", currency, p.PerMinute)
	if p.Setup > 0 {
		s += fmt.Sprintf(" and %s a call", p.Setup)
	}
	if p.First > 1 || p.Next > 1 {
		s += fmt.Sprintf(", in steps of %d/%d s", p.First, p.Next)
	}
	if p.Estimate {
		s += " (estimate)"
	}
	return s
}
