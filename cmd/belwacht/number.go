package main

import (
	"fmt"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/lookup"
	"github.com/belwacht/belwacht/config"
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
		return lookup.JSON(env.out, &n, site, tenant.Currency)
	}
	return lookup.Text(env.out, &n, site, tenant.Currency)
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
