package main

import (
	"context"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/records"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/text"
	"github.com/spf13/cobra"
)

// recording is what the flags of belwacht records say.
type recording struct {
	records.Reading
	config, tenant string
	follow         bool
}

func newRecordsCommand(env *environment) *cobra.Command {
	r := &recording{}
	c := &cobra.Command{
		Use:   "records [--config FILE] [--follow] FILE…",
		Short: "Show the calls in record files as they are read",
		Long: "Reads call records and prints one line a call, so that you can see that the\n" +
			"reading is right before anything is judged: who called whom, when, how long,\n" +
			"and of which extension's account. Rows that are one call (ring group, queue,\n" +
			"forward, transfer) are put together. What was recognised, and rows that could\n" +
			"not be read, are said on standard error.\n\n" +
			"A file in no known format is read by the names of its columns, and what was\n" +
			"taken for what is said. Where that is wrong, write the mapping that\n" +
			"--show-mapping prints into a file, correct it and give it by --mapping.\n\n" +
			"With --follow it goes on with what is written to one file, or put into one\n" +
			"folder, until it is interrupted, and then says how long after its end each\n" +
			"call's record came.\n\n" +
			"Formats: " + wrapped(cdr.Formats(), 70) + ".",
		Example: "  belwacht records /var/log/asterisk/cdr-csv/Master.csv\n" +
			"  belwacht records --config belwacht.yaml --json Master.csv*\n" +
			"  belwacht records --show-mapping export.csv > mapping.yaml\n" +
			"  belwacht records --follow /var/log/asterisk/cdr-csv/Master.csv\n" +
			"  belwacht records --format 3cx --times utc export.csv",
		Args: atLeast(1, "the files of call records"),
		RunE: func(c *cobra.Command, args []string) error { return r.run(c.Context(), env, args) },
	}
	f := c.Flags()
	f.StringVar(&r.config, "config", "", "configuration file")
	f.BoolVar(&r.JSON, "json", false, "a line of JSON a call")
	f.BoolVar(&r.follow, "follow", false, "go on with what is written to the file, or put into the folder")
	f.StringVar(&r.Format, "format", "", "format of the records; default: recognised")
	f.StringVar(&r.Times, "times", "", "times in the records: utc, local or AREA/CITY")
	f.StringVar(&r.Mapping, "mapping", "", "file of an own mapping of columns")
	f.BoolVar(&r.Guessed, "show-mapping", false, "print the mapping guessed for a file in no known format")
	f.StringVar(&r.Rejects, "rejects", "", "write the rows that could not be read, with reasons")
	f.StringVar(&r.tenant, "tenant", "", "the organisation whose records these are, where there are several")
	return c
}

// wrapped lists words with line ends between them.
func wrapped(words []string, width int) string {
	var b strings.Builder
	line := len("Formats: ")
	for i, w := range words {
		if i > 0 {
			b.WriteString(",")
			if line+len(w)+2 > width {
				b.WriteString("\n")
				line = 0
			} else {
				b.WriteString(" ")
				line += 2
			}
		}
		b.WriteString(w)
		line += len(w)
	}
	return b.String()
}

func (r *recording) run(ctx context.Context, env *environment, paths []string) (err error) {
	if r.Config, err = loadOrAssume(env, r.config); err != nil {
		return err
	}
	if r.Tenant, err = r.choose(r.Config); err != nil {
		return err
	}
	r.Out, r.Err = env.out, env.err
	if r.follow {
		return r.Follow(ctx, paths)
	}
	return r.Files(ctx, paths)
}

// choose is the organisation whose records are read.
func (r *recording) choose(settings *config.Config) (*config.Tenant, error) {
	all := settings.All()
	var names []string
	for i := range all {
		if all[i].Name == r.tenant || len(all) == 1 && r.tenant == "" {
			return &all[i], nil
		}
		names = append(names, text.Clean(all[i].Name, 60))
	}
	return nil, belwacht.Errorf(belwacht.Usage, "say whose records these are: --tenant with one of %s", strings.Join(names, ", "))
}
