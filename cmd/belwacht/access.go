package main

import (
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
)

func newAccessCommand(env *environment) *cobra.Command {
	c := &cobra.Command{
		Use:   "access",
		Short: "Who may come into the console, and the emergency way in",
	}
	c.AddCommand(newAccessLinkCommand(env), newAccessUsersCommand(env))
	return c
}

func newAccessLinkCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "link [LOGIN]",
		Short: "Make a one-time link into the console, from the machine itself",
		Long: "Without LOGIN the link makes the first administrator. With it, that user chooses\n" +
			"a new password and second factor; the former ones are gone then. The link works\n" +
			"once, for 15 minutes, from any network and at any hour. It is written in the\n" +
			"audit log, and all administrators are told.",
		Example: "  belwacht access link\n  belwacht access link anna",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Link
			if err := s.ask(c.Context(), http.MethodPost, "/v1/access/link", nil, &control.LinkRequest{Login: strings.Join(args, "")}, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) {
				if strings.HasPrefix(v.Link, "/") {
					p.Say("Open the console at this path, within 15 minutes:", "Open de console op dit pad, binnen 15 minuten:")
				} else {
					p.Say("Open this within 15 minutes:", "Open dit binnen 15 minuten:")
				}
				p.Printer.Line(v.Link)
			})
		},
	}
	s.flags(c)
	return c
}

func newAccessUsersCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "users",
		Short: "List who may come into the console",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Users
			if err := s.get(c.Context(), "/v1/access/users", nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Users(v.Users) })
		},
	}
	s.flags(c)
	return c
}
