package main

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/app/people"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/control/say"
	"github.com/belwacht/belwacht/ledger"
)

// headMost bounds a file with a head, in bytes.
const headMost = 16 << 10

func newAuditLogCommand(env *environment) *cobra.Command {
	c := &cobra.Command{
		Use:   "audit-log",
		Short: "What people did in Belwacht, in a log that cannot be changed unnoticed",
	}
	c.AddCommand(newAuditListCommand(env), newAuditVerifyCommand(env))
	return c
}

func newAuditListCommand(env *environment) *cobra.Command {
	s, who, act, weakens, most := &speaking{}, "", "", false, 0
	c := &cobra.Command{
		Use:     "list",
		Short:   "List entries, newest first",
		Example: "  belwacht audit-log list --weakens\n  belwacht audit-log list --who anna --most 20 --json",
		RunE: func(c *cobra.Command, _ []string) error {
			q := url.Values{"who": {who}, "act": {act}, "tenant": {s.tenant}, "most": {strconv.Itoa(most)}, "weakens": {strconv.FormatBool(weakens)}}
			var v control.AuditLog
			if err := s.get(c.Context(), "/v1/audit-log", q, &v); err != nil {
				return err
			}
			return s.show(env, &v, func(p *say.Speaker) {
				p.Entries(v.Entries, func(a belwacht.Act) string {
					if i, ok := access.InfoOf(a); ok {
						return p.Language.Pick(i.English, i.Dutch)
					}
					return string(a)
				})
			})
		},
	}
	f := c.Flags()
	f.StringVar(&who, "who", "", "of this log-in name only")
	f.StringVar(&act, "act", "", "of this act only, such as limit.raise")
	f.BoolVar(&weakens, "weakens", false, "only what lessens protection")
	f.IntVar(&most, "most", 0, "how many; 0 = 100, at most 1000")
	s.flags(c)
	s.tenantFlag(c)
	return c
}

func newAuditVerifyCommand(env *environment) *cobra.Command {
	s, data := &speaking{}, ""
	var heads []string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check that nothing in the audit log was changed, removed, moved or added",
		Long: "Reads the whole log and builds its tree anew, and holds it against the log's own\n" +
			"heads and those given, which left the machine before by mail or syslog: a file\n" +
			"with the text of one. Exit code 0: it is whole; 1: it was changed, and what was\n" +
			"is said. With --data a folder is read that no Belwacht runs with.",
		Example: "  belwacht audit-log verify\n  belwacht audit-log verify --head head-of-june.txt\n  belwacht audit-log verify --data /mnt/backup/belwacht",
		RunE: func(c *cobra.Command, _ []string) error {
			ask := control.VerifyRequest{}
			for _, name := range heads {
				text, err := readHead(name)
				if err != nil {
					return err
				}
				ask.Heads = append(ask.Heads, text)
			}
			r := &ledger.Report{}
			var err error
			if data != "" {
				r, err = people.Offline(c.Context(), data, ask.Heads)
			} else {
				err = s.ask(c.Context(), http.MethodPost, "/v1/audit-log/verify", nil, &ask, r)
			}
			if err != nil {
				return err
			}
			if err := s.show(env, r, func(p *say.Speaker) { p.Report(r) }); err != nil || r.OK() {
				return err
			}
			return belwacht.Errorf(belwacht.Invalid, "the audit log was changed: %d faults", len(r.Faults)+r.More)
		},
	}
	c.Flags().StringArrayVar(&heads, "head", nil, "file with a head that was kept elsewhere; may be given several times")
	c.Flags().StringVar(&data, "data", "", "data folder, instead of asking the Belwacht that runs")
	s.flags(c)
	return c
}

// readHead reads a file with one head.
func readHead(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Usage, "--head %s: %w", name, belwacht.Reason(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, headMost))
	if err != nil {
		return "", belwacht.Errorf(belwacht.Usage, "--head %s: %w", name, belwacht.Reason(err))
	}
	return string(b), nil
}
