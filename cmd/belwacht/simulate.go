package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/simulate/record"
	"github.com/spf13/cobra"
)

// simulation is what the flags of belwacht simulate say.
type simulation struct {
	simulate.Config
	attacks, oddities []string
	rows              int
	gzip, force, all  bool
}

func newSimulateCommand(env *environment) *cobra.Command {
	s := simulation{}
	c := &cobra.Command{
		Use:   "simulate OUT-FOLDER",
		Short: "Make up an organisation's call records, with attacks and their truth",
		Long: "Makes up an organisation and writes what its Asterisk would have recorded:\n" +
			"master.csv (call records), rates.csv (prices), truth.json (which calls are\n" +
			"attacks and which innocent oddities) and belwacht.yaml (a configuration).\n" +
			"The same flags give the same files. docs/simulation.md lists all kinds.",
		Example: "  belwacht simulate --kind office --extensions 150 --weeks 12 --seed 7 /tmp/office\n" +
			"  belwacht simulate --attacks \"weekend burst,mimic\" /tmp/two-kinds\n" +
			"  belwacht simulate --rows 10000000 /tmp/many",
		Args: exactly(1, "the folder to write into"),
		RunE: func(c *cobra.Command, args []string) error { return s.run(c.Context(), env, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&s.Kind, "kind", "office", "kind of organisation: "+strings.Join(sortedKeys(simulate.Kinds()), ", "))
	f.StringVar(&s.Country, "country", "NL", "country, two letters: "+strings.Join(simulate.Countries(), " "))
	f.IntVar(&s.Extensions, "extensions", 0, "accounts (default 50; with --rows as many as it takes)")
	f.IntVar(&s.Weeks, "weeks", 0, "weeks (default 12)")
	f.IntVar(&s.LearnWeeks, "learn", 0, "weeks before the first attack that counts (default two fifths)")
	f.Uint64Var(&s.Seed, "seed", 1, "everything follows from it")
	f.StringVar(&s.Forms, "forms", "", "how accounts look: 2, 3, 4, 5 (digits), u, desk, name (default by the seed)")
	f.StringSliceVar(&s.attacks, "attacks", nil, "kinds of attack with commas between them, or none (default all)")
	f.StringSliceVar(&s.oddities, "oddities", nil, "kinds of innocent oddities, or none (default all)")
	f.IntVar(&s.AttackCount, "attack-count", 0, "how many attacks (default by size)")
	f.IntVar(&s.rows, "rows", 0, "exactly so many records, without attacks")
	f.BoolVar(&s.all, "newcdrcolumns", false, "write peeraccount, linkedid and sequence as well")
	f.BoolVar(&s.gzip, "gzip", false, "write master.csv.gz")
	f.BoolVar(&s.force, "force", false, "overwrite files that exist")
	return c
}

// sortedKeys are the keys of a map in order.
func sortedKeys(m map[string]string) []string {
	return slices.Sorted(maps.Keys(m))
}

// kindsOf reads a list of kinds: nil is all, "none" is none. A kind may have a comma in its name, so words that make a kind together are one.
func kindsOf(words []string) []string {
	if len(words) == 1 && words[0] == "none" {
		return []string{}
	}
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	var list []string
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+1 < len(words) && simulate.Does(word) == "" && simulate.Does(word+", "+words[i+1]) != "" {
			i++
			word += ", " + words[i]
		}
		list = append(list, word)
	}
	return list
}

// run makes the organisation up and writes it.
func (s *simulation) run(ctx context.Context, env *environment, folder string) error {
	s.Config.Attacks, s.Config.Oddities = kindsOf(s.attacks), kindsOf(s.oddities)
	if s.rows < 0 {
		return belwacht.Errorf(belwacht.Usage, "--rows %d: give a number of records above 0", s.rows)
	}
	if s.Attacks != nil && len(s.Attacks) == 0 {
		s.AttackCount, s.EarlyAttacks = -1, -1
	}
	config := s.Config
	if s.rows > 0 {
		var err error
		if config, err = record.ForRows(config, s.rows); err != nil {
			return err
		}
	}
	o, err := simulate.New(config)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "folder %s cannot be made: %w; choose another", folder, err)
	}
	records := "master.csv"
	if s.gzip {
		records += ".gz"
	}
	if err := s.free(folder, records, "rates.csv", "truth.json", "belwacht.yaml"); err != nil {
		return err
	}
	truth, n, err := s.writeRecords(ctx, env, o, filepath.Join(folder, records))
	if err != nil {
		return err
	}
	for name, write := range map[string]func(io.Writer) error{
		"rates.csv":  o.WriteRates,
		"truth.json": truth.Write,
		"belwacht.yaml": func(w io.Writer) error {
			_, err := io.WriteString(w, record.Configuration(o))
			return err
		},
	} {
		if err := writeFile(filepath.Join(folder, name), write); err != nil {
			return err
		}
	}
	attacks := 0
	for _, a := range o.Attacks() {
		if a.Scored {
			attacks++
		}
	}
	_, err = fmt.Fprintf(env.out, "%s: %d records of %d accounts in %s from %s to %s, %d attacks, %d oddities, %d emergency calls; %s, rates.csv, truth.json, belwacht.yaml\n",
		folder, n, o.Extensions(), o.Country(), o.Start().Format("2006-01-02"), o.End().Format("2006-01-02"), attacks, len(o.Oddities()), len(truth.Emergency), records)
	return err
}

// free refuses to overwrite.
func (s *simulation) free(folder string, names ...string) error {
	if s.force {
		return nil
	}
	for _, name := range append(names, "master.csv", "master.csv.gz") {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			return belwacht.Errorf(belwacht.Invalid, "%s exists already; choose another folder, or overwrite with --force", filepath.Join(folder, name))
		}
	}
	return nil
}

// writeRecords writes master.csv and collects its truth.
func (s *simulation) writeRecords(ctx context.Context, env *environment, o *simulate.Organisation, path string) (*record.Truth, int, error) {
	truth, n := record.NewTruth(o), 0
	begin, span := o.Start().UnixMilli(), max(1, o.End().UnixMilli()-o.Start().UnixMilli())
	observe := func(c *simulate.Call) bool {
		if n%8192 == 0 {
			if ctx.Err() != nil {
				return false
			}
			if env.isTerminal {
				done := (int64(c.Start) - begin) * 100 / span
				if s.rows > 0 {
					done = int64(n) * 100 / int64(s.rows)
				}
				fmt.Fprintf(env.err, "\r%3d %% %d records", done, n)
			}
		}
		n++
		truth.Add(c)
		return true
	}
	err := writeFile(path, func(w io.Writer) error {
		if !s.gzip {
			return record.Asterisk(w, o, record.Layout{NewColumns: s.all, Observe: observe, Most: s.rows})
		}
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if err := record.Asterisk(z, o, record.Layout{NewColumns: s.all, Observe: observe, Most: s.rows}); err != nil {
			return err
		}
		return z.Close()
	})
	if env.isTerminal {
		fmt.Fprint(env.err, "\r\x1b[K")
	}
	if err == nil {
		err = ctx.Err()
	}
	return truth, n, err
}

// writeFile writes a file and says in one sentence why it could not.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "%s cannot be written: %w; choose another folder", path, err)
	}
	if err := write(f); err != nil {
		f.Close()
		return belwacht.Errorf(belwacht.Invalid, "%s could not be written to its end: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "%s could not be written to its end: %w", path, err)
	}
	return nil
}
