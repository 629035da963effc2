package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/dossier"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/text"
)

// stored is what the flags of every command say that opens the store itself.
type stored struct{ config, data, tenant string }

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
			if err := dossier.Backup(c.Context(), folder, args[0]); err != nil {
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
			d, err := s.open(c.Context(), env, args[0])
			if err != nil {
				return err
			}
			defer d.Close(c.Context())
			n, err := d.Export(c.Context(), env.out)
			if err == nil && n == 0 {
				err = belwacht.Errorf(belwacht.NotFound, "nothing is kept of %s", text.Clean(args[0], 40))
			}
			return err
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
			d, err := s.open(c.Context(), env, args[0])
			if err != nil {
				return err
			}
			defer d.Close(c.Context())
			if !yes {
				found, err := d.Count(c.Context())
				if err == nil && len(found) == 0 {
					err = belwacht.Errorf(belwacht.NotFound, "nothing is kept of %s", text.Clean(args[0], 40))
				}
				if err == nil {
					tell(env, "Kept of %s: %s.\nNothing was deleted; to delete it say --yes.", text.Clean(args[0], 40), dossier.Counted(found))
				}
				return err
			}
			f, err := d.Forget(c.Context())
			if err != nil {
				return err
			}
			tell(env, "Deleted: %s.", dossier.Counted(f.Deleted))
			if len(f.Held) > 0 {
				tell(env, "Not deleted, as it is under legal hold or in force: %s.", dossier.Counted(f.Held))
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

// open opens the store for one person.
func (s *stored) open(ctx context.Context, env *environment, who string) (*dossier.Dossier, error) {
	c, err := loadConfig(env, s.config)
	if err != nil {
		return nil, err
	}
	return dossier.Open(ctx, &dossier.Place{Config: c, Data: s.data, Tenant: s.tenant}, who)
}

// note notes the files that connect changed.
func (n *connection) note(ctx context.Context, env *environment, files []string, undo bool) {
	if n.Config == "" {
		return
	}
	c, err := loadConfig(env, n.Config)
	if err == nil {
		who := "belwacht connect by " + cmp.Or(env.getenv("SUDO_USER"), env.getenv("USER"), "somebody")
		err = (&dossier.Files{Site: n.Name, Tenant: n.Tenant, Who: who, Names: files, Undo: undo}).Note(ctx, c)
	}
	if err != nil {
		fmt.Fprintf(env.err, "belwacht: what was changed is not noted in the store: %v\n", err)
	}
}
