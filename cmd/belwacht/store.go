package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/text"
)

// stored is what the flags of every command say that opens the store itself.
type stored struct {
	config, data, tenant string
	site                 *number.Site // of the organisation that is meant
}

func (s *stored) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.config, "config", defaultConfig, "configuration file")
	f.StringVar(&s.data, "data", "", "folder of all that must last; default: the configuration's")
}

// folder is the data folder. With --data no configuration is needed.
func (s *stored) folder(env *environment) (string, error) {
	if s.data != "" {
		return s.data, nil
	}
	c, err := loadConfig(env, s.config)
	if err != nil {
		return "", err
	}
	return c.DataDir(), nil
}

func newBackupCommand(env *environment) *cobra.Command {
	s := &stored{}
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store to a file, while Belwacht runs or not",
		Long: "Writes all that is kept (calls, decisions, alerts, what is in force, log-ins …) to\n" +
			"a new file of one moment, and reads the copy to its end. It replaces no file. The\n" +
			"copy holds telephone numbers and names: keep it where nobody else can read it.",
		Example: "  belwacht backup /backup/belwacht-monday.db",
		Args:    exactly(1, "the file to write"),
		RunE: func(c *cobra.Command, args []string) error {
			folder, err := s.folder(env)
			if err != nil {
				return err
			}
			if err := sqlite.BackupBeside(c.Context(), folder, args[0]); err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return belwacht.Errorf(belwacht.Internal, "the copy is gone: %w", belwacht.Reason(err))
			}
			tell(env, "%s holds a copy of the store, %.1f MB, and was read to its end.\nThe configuration and the secrets that it names are not in it.", args[0], float64(info.Size())/1e6)
			return nil
		},
	}
	s.flags(c)
	return c
}

func newRestoreCommand(env *environment) *cobra.Command {
	s := &stored{}
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a copy of the store back; Belwacht must be stopped",
		Long: "Reads the copy to its end, puts it in the place of the store, and keeps the former\n" +
			"one beside it. A copy that is damaged or of a newer Belwacht is refused, and so is\n" +
			"a data folder in which a Belwacht runs; nothing is changed then. Locks and panic\n" +
			"stay as they are now; where the data folder is empty those of the copy hold.",
		Example: "  systemctl stop belwacht\n  belwacht restore /backup/belwacht-monday.db\n  systemctl start belwacht",
		Args:    exactly(1, "the copy to put back"),
		RunE: func(c *cobra.Command, args []string) error {
			folder, err := s.folder(env)
			if err != nil {
				return err
			}
			unlock, err := file.Folder(folder)
			if err != nil {
				return err
			}
			defer unlock()
			r, err := sqlite.Restore(c.Context(), folder, args[0], time.Now())
			if err != nil {
				return err
			}
			tell(env, "%s is put back.", args[0])
			if r.Aside != "" {
				tell(env, "The former store is kept as %s.", r.Aside)
			}
			if r.Older {
				tell(env, "It is of an older Belwacht: its tables are brought up to date at the next start, after a copy.")
			}
			return nil
		},
	}
	s.flags(c)
	return c
}

// kept is a line of what belwacht export writes.
type kept struct {
	Schema string `json:"schema"`
	belwacht.Kept
}

func newExportCommand(env *environment) *cobra.Command {
	s := &stored{}
	c := &cobra.Command{
		Use:   "export PERSON",
		Short: "Write all that is kept of one person, by extension or number",
		Long: "Writes to standard output, a line of JSON for each call, decision, alert, event,\n" +
			"log-in, registration, device, account and decision in force. PERSON is the name of\n" +
			"an extension or a telephone number. What the engine has learned of an extension's\n" +
			"habits is not in it.",
		Example: "  belwacht export 212 >212.ndjson\n  belwacht export +31612345678",
		Args:    exactly(1, "an extension or a number"),
		RunE: func(c *cobra.Command, args []string) error {
			store, person, err := s.open(c.Context(), env, args[0])
			if err != nil {
				return err
			}
			defer store.Close(c.Context())
			hidden := confidential{s.site}
			out := bufio.NewWriter(env.out)
			lines := json.NewEncoder(out)
			n := 0
			if err := store.Export(c.Context(), person, func(k *belwacht.Kept) error { n++; return lines.Encode(kept{"belwacht.person/1", *hidden.hide(k)}) }); err != nil {
				return err
			}
			if n == 0 {
				return belwacht.Errorf(belwacht.NotFound, "nothing is kept of %s", text.Clean(args[0], 40))
			}
			return out.Flush()
		},
	}
	s.flags(c)
	c.Flags().StringVar(&s.tenant, "tenant", "", "the organisation, where there are several")
	return c
}

func newForgetCommand(env *environment) *cobra.Command {
	s := &stored{}
	yes := false
	c := &cobra.Command{
		Use:   "forget PERSON",
		Short: "Delete all that is kept of one person, by extension or number",
		Long: "Says what would be deleted; with --yes it is deleted, and nothing brings it back.\n" +
			"What is under legal hold, and locks that hold, stay, and that is said. Sums by day\n" +
			"and country stay: nobody stands in them. What the engine has learned of an\n" +
			"extension's habits fades by itself within weeks. Copies that were made before hold\n" +
			"what they held.",
		Example: "  belwacht forget 212\n  belwacht forget --yes +31612345678",
		Args:    exactly(1, "an extension or a number"),
		RunE: func(c *cobra.Command, args []string) error {
			store, person, err := s.open(c.Context(), env, args[0])
			if err != nil {
				return err
			}
			defer store.Close(c.Context())
			if !yes {
				found := map[string]int64{}
				if err := store.Export(c.Context(), person, func(k *belwacht.Kept) error { found[k.Kind]++; return nil }); err != nil {
					return err
				}
				if len(found) == 0 {
					return belwacht.Errorf(belwacht.NotFound, "nothing is kept of %s", text.Clean(args[0], 40))
				}
				tell(env, "Kept of %s: %s.\nNothing was deleted; to delete it say --yes.", text.Clean(args[0], 40), counted(found))
				return nil
			}
			f, err := store.Forget(c.Context(), person, belwacht.InstantOf(time.Now()))
			if err != nil {
				return err
			}
			tell(env, "Deleted: %s.", counted(f.Deleted))
			if len(f.Held) > 0 {
				tell(env, "Not deleted, as it is under legal hold or in force: %s.", counted(f.Held))
			}
			return nil
		},
	}
	s.flags(c)
	c.Flags().StringVar(&s.tenant, "tenant", "", "the organisation, where there are several")
	c.Flags().BoolVar(&yes, "yes", false, "delete it")
	return c
}

// tell writes a sentence or more to standard output. Paths stand in them, so nothing is broken into lines.
func tell(env *environment, format string, args ...any) { fmt.Fprintf(env.out, format+"\n", args...) }

// counted is how many of what, in the order of words.
func counted(n map[string]int64) string {
	if len(n) == 0 {
		return "nothing"
	}
	var list []string
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		list = append(list, kinds(kind, n[kind]))
	}
	return text.List(text.English, list)
}

// kinds is so many of a kind.
func kinds(kind string, n int64) string {
	one, many := kind, kind+"s"
	switch kind {
	case "in_force":
		one, many = "decision in force", "decisions in force"
	case "login":
		one, many = "log-in", "log-ins"
	}
	return text.Plural(text.English, n, one, many)
}

// open opens the store and reads who is meant.
func (s *stored) open(ctx context.Context, env *environment, who string) (*sqlite.Store, *belwacht.Person, error) {
	c, err := loadConfig(env, s.config)
	if err != nil {
		return nil, nil, err
	}
	t, err := s.of(c)
	if err != nil {
		return nil, nil, err
	}
	if s.site, err = t.Site(); err != nil {
		return nil, nil, err
	}
	person := personOf(s.site, t.Name, who)
	store, err := sqlite.OpenBeside(ctx, sqlite.Config{Folder: cmp.Or(s.data, c.DataDir()), Keep: c.Keep.For()})
	return store, person, err
}

// of is the organisation that is meant.
func (s *stored) of(c *config.Config) (*config.Tenant, error) {
	all := c.All()
	var names []string
	for i := range all {
		if len(all) == 1 && s.tenant == "" || all[i].Name == s.tenant {
			return &all[i], nil
		}
		names = append(names, all[i].Name)
	}
	return nil, belwacht.Errorf(belwacht.Usage, "whose? There are %q; say --tenant with one of them", names[:min(len(names), 20)])
}

// personOf reads an extension or a number as the organisation's dial plan does.
func personOf(site *number.Site, tenant, who string) *belwacht.Person {
	p := &belwacht.Person{Tenant: tenant}
	n := site.Read(who)
	if n.E164 == 0 || n.Class == belwacht.ClassInternal {
		p.Accounts = []string{who}
		return p
	}
	p.Numbers = []belwacht.E164{n.E164}
	digits := n.E164.Digits()
	for cut := 1; cut <= 3 && cut < len(digits); cut++ { // without its country's code, where the plan reads that as the same number
		for _, before := range []string{"", "0", "00", "90"} {
			if w := before + digits[cut:]; site.Read(w).E164 == n.E164 {
				p.Written = append(p.Written, w)
			}
		}
	}
	for _, before := range []string{"000", "900"} { // an outside line before an international prefix
		if w := before + digits; site.Read(w).E164 == n.E164 {
			p.Written = append(p.Written, w)
		}
	}
	return p
}

// confidential takes numbers of helplines out of what is given out: who called one is nobody's business.
type confidential struct{ site *number.Site }

func (c confidential) hide(k *belwacht.Kept) *belwacht.Kept {
	switch x := k.Data.(type) {
	case belwacht.PastEvent:
		if c.site.Read(x.Dialled).Class == belwacht.ClassSocial {
			x.Dialled = ""
		}
		return &belwacht.Kept{Kind: k.Kind, Data: x}
	case belwacht.Decision:
		if x.Trace != nil && x.Trace.Class == belwacht.ClassSocial.String() {
			x.Number, x.Reason, x.ReasonNL, x.Trace = "", "", "", nil
		}
		return &belwacht.Kept{Kind: k.Kind, Data: x}
	}
	return k
}
