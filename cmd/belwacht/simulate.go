package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/belwacht/belwacht/app/made"
	"github.com/belwacht/belwacht/simulate"
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
	w := made.Folder{Config: s.Config, Rows: s.rows, Gzip: s.gzip, Force: s.force, NewColumns: s.all}
	if env.isTerminal {
		w.Progress = func(percent, records int64) { fmt.Fprintf(env.err, "\r%3d %% %d records", percent, records) }
	}
	said, err := w.Write(ctx, folder)
	if env.isTerminal {
		fmt.Fprint(env.err, "\r\x1b[K")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.out, said)
	return err
}
