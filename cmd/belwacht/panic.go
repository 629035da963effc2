package main

import (
	"net/http"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/text"
)

func newPanicCommand(env *environment) *cobra.Command {
	s := &speaking{}
	in := &control.PanicRequest{}
	c := &cobra.Command{
		Use:   "panic on|off",
		Short: "Turn the panic switch: no calls abroad, to paid numbers or to networks",
		Long: "With the switch on no account calls abroad, to premium and personal numbers or\n" +
			"to satellite and other networks, in every mode, until it is off; restarts do not\n" +
			"turn it off. Emergency and social numbers and calls at home pass. With --end the\n" +
			"calls that run although it forbids them are ended too.",
		Example:   "  belwacht panic on --end --why \"we are being called out\"\n  belwacht panic off",
		ValidArgs: []string{"on", "off"},
		Args:      exactly(1, "on or off"),
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] != "on" && args[0] != "off" {
				return belwacht.Errorf(belwacht.Usage, "belwacht panic takes on or off, not %s", text.Clean(args[0], 40))
			}
			in.On, in.Tenant = args[0] == "on", s.tenant
			var v control.Panicked
			if err := s.ask(c.Context(), http.MethodPost, "/v1/panic", nil, in, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Panic(&v) })
		},
	}
	c.Flags().BoolVar(&in.End, "end", false, "also end the calls that run although it forbids them")
	c.Flags().StringVar(&in.Why, "why", "", "the reason, in words")
	s.flags(c)
	s.tenantFlag(c)
	return c
}
