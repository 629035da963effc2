package main

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/text"
)

func newLocksCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "locks",
		Short: "List, add and remove locks of accounts",
		Long: "A locked account makes no calls to outside but to emergency and social numbers,\n" +
			"in every mode, until it is unlocked. Calls that run go on: belwacht end ends one.",
		Example: "  belwacht locks\n  belwacht locks add 212 --why \"password leaked\"\n  belwacht locks remove 212",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Locks
			if err := s.get(c.Context(), "/v1/locks", nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Locks(v.Locks) })
		},
	}
	s.flags(c)
	c.AddCommand(newLocksAddCommand(env), newLocksRemoveCommand(env))
	return c
}

func newLocksAddCommand(env *environment) *cobra.Command {
	s, why := &speaking{}, ""
	c := &cobra.Command{
		Use:   "add ACCOUNT",
		Short: "Lock an account, at once and over restarts",
		Args:  exactly(1, "an account, such as 212"),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Locks
			if err := s.ask(c.Context(), http.MethodPost, "/v1/locks", nil, &control.LockRequest{Tenant: s.tenant, Account: args[0], Why: why}, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) {
				p.Say("Account %s is locked; emergency calls pass.", "Toestel %s is geblokkeerd; noodoproepen gaan door.", text.Clean(args[0], 60))
			})
		},
	}
	c.Flags().StringVar(&why, "why", "", "the reason, in words")
	s.flags(c)
	s.tenantFlag(c)
	return c
}

func newLocksRemoveCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "remove ACCOUNT",
		Short: "Unlock an account",
		Args:  exactly(1, "an account, such as 212"),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Locks
			if err := s.ask(c.Context(), http.MethodDelete, "/v1/locks", url.Values{"tenant": {s.tenant}, "account": {args[0]}}, nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) {
				p.Say("Account %s is unlocked.", "Toestel %s is vrijgegeven.", text.Clean(args[0], 60))
			})
		},
	}
	s.flags(c)
	s.tenantFlag(c)
	return c
}
