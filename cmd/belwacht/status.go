package main

import (
	"net/http"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/text"
)

func newStatusCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:     "status",
		Short:   "Say how the running Belwacht is: what it guards, how, and what somebody should look at",
		Example: "  belwacht status\n  belwacht status --json",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Status
			if err := s.get(c.Context(), "/v1/status", nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Status(&v) })
		},
	}
	s.flags(c)
	return c
}

func newCallsCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:   "calls",
		Short: "List the calls to outside that ring or run",
		RunE: func(c *cobra.Command, _ []string) error {
			var v control.Calls
			if err := s.get(c.Context(), "/v1/calls", nil, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Calls(v.Calls) })
		},
	}
	s.flags(c)
	return c
}

func newEndCommand(env *environment) *cobra.Command {
	s := &speaking{}
	c := &cobra.Command{
		Use:     "end ID",
		Short:   "End a running call",
		Long:    "Ends the call through its PBX. Emergency calls are not listed and cannot be ended.",
		Example: "  belwacht end 1776464129.173736",
		Args:    exactly(1, "the ID of a call"),
		RunE: func(c *cobra.Command, args []string) error {
			var v control.Ended
			if err := s.ask(c.Context(), http.MethodPost, "/v1/calls/end", nil, &control.EndRequest{ID: args[0]}, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) { p.Say("Call %s is ended.", "Gesprek %s is beëindigd.", text.Clean(args[0], 60)) })
		},
	}
	s.flags(c)
	return c
}
