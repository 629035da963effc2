package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// asked is what the flags of belwacht number say.
type asked struct {
	config, country, organisation, rates string
	json                                 bool
}

func newNumberCommand(env *environment) *cobra.Command {
	a := asked{}
	c := &cobra.Command{
		Use:   "number DIGITS",
		Short: "Say all that is known of a number as it was dialled",
		Long: "Reads DIGITS by the site's dial plan: which number that is, of which country\n" +
			"and kind, what it costs and risks, whether it is an emergency, and which number\n" +
			"is hidden in it where somebody tries prefixes. Put -- before digits that begin\n" +
			"with a hyphen.",
		Example: "  belwacht number 0201234567\n" +
			"  belwacht number --country ES 0031201234567\n" +
			"  belwacht number --config belwacht.yaml --json 900972592277524",
		Args: exactly(1, "the digits as they were dialled"),
		RunE: func(_ *cobra.Command, args []string) error { return a.run(env, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&a.config, "config", "", "configuration: the dial plan and rate deck are taken from it")
	f.StringVar(&a.country, "country", "", "country, two letters, instead of a configuration (default NL)")
	f.StringVar(&a.organisation, "organisation", "", "which organisation of a configuration of several")
	f.StringVar(&a.rates, "rates", "", "rate deck, instead of the configuration's")
	f.BoolVar(&a.json, "json", false, "as JSON")
	c.MarkFlagsMutuallyExclusive("config", "country")
	return c
}

func (a *asked) run(env *environment, dialled string) error {
	settings := config.Assumed()
	if a.country != "" {
		settings.Organisation.Country = a.country
	}
	if a.config != "" {
		var err error
		if settings, err = loadConfig(env, a.config); err != nil {
			return err
		}
	}
	tenant, err := a.tenant(settings)
	if err != nil {
		return err
	}
	site, err := tenant.Site()
	if err != nil {
		if a.config == "" {
			return belwacht.Errorf(belwacht.Usage, "--country %s is no country with a numbering plan; give two letters, such as NL", text.Clean(a.country, 20))
		}
		return err
	}
	rates, bad, err := settings.Deck(tenant, a.rates)
	if err != nil {
		return err
	}
	if rates != nil {
		site = site.WithRates(rates)
		for _, b := range bad {
			fmt.Fprintf(env.err, "belwacht: note: %s\n", text.Clean(rates.Name()+", "+b.String(), 300))
		}
	}
	n := site.Read(dialled)
	if a.json {
		return numberJSON(env, &n, site, tenant.Currency)
	}
	return numberText(env, &n, site, tenant.Currency)
}

// tenant is the organisation asked for, or the only one.
func (a *asked) tenant(settings *config.Config) (*config.Tenant, error) {
	all := settings.All()
	var names []string
	for i := range all {
		if a.organisation == "" && len(all) == 1 || a.organisation != "" && all[i].Name == a.organisation {
			return &all[i], nil
		}
		names = append(names, text.Clean(all[i].Name, 60))
	}
	return nil, belwacht.Errorf(belwacht.Usage, "say which organisation's dial plan reads the number: --organisation %q or another of %s",
		names[0], strings.Join(names, ", "))
}

// numberForm is the machine-readable answer, belwacht.number/1. Money is in units of Currency, whatever the key's name, which is that of the
// decisions file.
type numberForm struct {
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

func numberJSON(env *environment, n *belwacht.Number, site *number.Site, currency string) error {
	f := numberForm{Schema: "belwacht.number/1", Dialled: n.Dialled, E164: n.E164, Country: n.Country, Class: n.Class, Network: n.Network, Risk: n.Risk,
		Price: n.Price.PerMinute.Float(), Setup: n.Price.Setup.Float(), First: n.Price.First, Next: n.Price.Next, Currency: currency,
		Estimate: n.Price.Estimate, Emergency: n.Class == belwacht.ClassEmergency, Social: n.Class == belwacht.ClassSocial, Canonical: n.Canonical,
		External: n.External(), Abroad: n.Abroad, Dialable: n.Dialable, Junk: n.Junk,
		EmergencyIn: append([]belwacht.Country{}, site.EmergencyElsewhere(n.Dialled)...)}
	if n.Target != 0 {
		f.Target, f.TargetCountry, f.TargetClass, f.TargetRisk = n.Target, n.TargetCountry, n.TargetClass.String(), n.TargetRisk.String()
		f.TargetPrice, f.TargetEstimate = n.TargetPrice.PerMinute.Float(), n.TargetPrice.Estimate
	}
	e := json.NewEncoder(env.out)
	e.SetIndent("", "  ")
	return e.Encode(f)
}

func numberText(env *environment, n *belwacht.Number, site *number.Site, currency string) error {
	w := tabwriter.NewWriter(env.out, 0, 0, 2, ' ', 0)
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
		line("price", "%s", priceText(n.Price, currency))
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
		line("hidden in it", "%s, %s%s, %s, risk %s", n.Target, where, strings.ReplaceAll(n.TargetClass.String(), "_", " "), priceText(n.TargetPrice, currency), n.TargetRisk)
	}
	return w.Flush()
}

// priceText is a price in words.
func priceText(p belwacht.Price, currency string) string {
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
