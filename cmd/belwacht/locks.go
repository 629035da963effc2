package main

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/terminal"
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
			return s.show(env, &v, func(p *terminal.Printer) { s.locks(p, &v) })
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
			return s.show(env, &v, func(p *terminal.Printer) {
				p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("Account %s is locked; emergency calls pass.", "Toestel %s is geblokkeerd; noodoproepen gaan door."), text.Clean(args[0], 60)))
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
			return s.show(env, &v, func(p *terminal.Printer) {
				p.Paragraph(0, terminal.Plain, fmt.Sprintf(s.pick("Account %s is unlocked.", "Toestel %s is vrijgegeven."), text.Clean(args[0], 60)))
			})
		},
	}
	s.flags(c)
	s.tenantFlag(c)
	return c
}

// locks lists them.
func (s *speaking) locks(p *terminal.Printer, v *control.Locks) {
	if len(v.Locks) == 0 {
		p.Paragraph(0, terminal.Plain, s.pick("No account is locked.", "Er is geen toestel geblokkeerd."))
		return
	}
	rows := make([][]string, 0, len(v.Locks))
	for i := range v.Locks {
		l := &v.Locks[i]
		rows = append(rows, []string{text.Clean(l.Subject, 60), s.moment(l.Since), text.Clean(l.Who, 40), text.Clean(l.Why, 120), text.Clean(l.Tenant, 40)})
	}
	p.Table([]terminal.Column{{Title: s.pick("account", "toestel")}, {Title: s.pick("since", "sinds")}, {Title: s.pick("by", "door")}, {Title: s.pick("why", "waarom"), Elastic: true},
		{Title: s.pick("organisation", "organisatie")}}, rows, nil)
}
