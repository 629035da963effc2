// Package records reads the call records of one organisation and prints its calls, so that a person sees that the reading is right before anything is
// judged: [Reading.Files] reads files to their end, [Reading.Follow] goes on with what is written to one. What was recognised and what could not be read is
// said besides, one line each.
package records

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/ingest/cdr/guess"
	"github.com/belwacht/belwacht/text"
)

// Reading is what is read, and where the calls go.
type Reading struct {
	Config  *config.Config
	Tenant  *config.Tenant // of Config: whose records these are
	Format  string         // one of cdr.Formats; "" = the configuration's, which may be to recognise it
	Times   string         // utc, local or AREA/CITY; "" = the configuration's
	Mapping string         // file of a mapping of columns; "" = the configuration's
	Rejects string         // file to write the rows to that could not be read; "" = none
	Guessed bool           // print the mapping that was guessed of a file in no known format, and no calls
	JSON    bool           // a line of JSON a call (belwacht.call/1), else a line for people
	Out     io.Writer      // the calls
	Err     io.Writer      // what is said of the reading
}

// reading is what all of it needs, made of a Reading.
type reading struct {
	options cdr.Options
	out     *bufio.Writer
	printer *printer
	asm     *ingest.Assembler
	guessed *cdr.Mapping // nil = none was
	close   func() error // closes the file of rejected rows
}

// prepare makes what reading needs, or says which setting is wrong.
func (r *Reading) prepare() (*reading, error) {
	site, err := r.Tenant.Site()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(r.Tenant.Timezone)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "organisation.timezone: %s is no time zone of this machine", r.Tenant.Timezone)
	}
	o, done, err := r.options(zone)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(r.Out, 64<<10)
	x := &reading{options: o, out: out, printer: &printer{out: out, site: site, zone: zone, json: r.JSON}, close: done,
		asm: ingest.NewAssembler(ingest.Config{Tenant: r.Tenant.Name, Numbers: site, Trunks: r.Tenant.Trunks, Horizon: r.Config.Records.Horizon.Instant(),
			Extensions: r.Tenant.Extensions()})}
	x.options.Guess = func(header []string, rows [][]string) *cdr.Mapping {
		x.guessed = guess.Mapping(header, rows)
		return x.guessed
	}
	return x, nil
}

// options are those of the readers. done closes the file of rejected rows.
func (r *Reading) options(zone *time.Location) (o cdr.Options, done func() error, err error) {
	set := &r.Config.Records
	o = cdr.Options{Format: cmp.Or(r.Format, set.Format), Zone: zone, Times: cmp.Or(r.Times, set.Times), MaxRejected: float64(set.MaxRejected)}
	if file := cmp.Or(r.Mapping, r.Config.MappingFile()); file != "" && r.Format == "" {
		if o.Mapping, err = cdr.ReadMappingFile(file); err != nil {
			return o, nil, err
		}
	}
	if r.Rejects == "" {
		return o, func() error { return nil }, nil
	}
	f, err := os.OpenFile(r.Rejects, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return o, nil, belwacht.Errorf(belwacht.Invalid, "--rejects: %s cannot be written: %w", r.Rejects, err)
	}
	o.Rejects = f
	return o, f.Close, nil
}

// Files reads files to their end and prints their calls in the order in which they began; "-" is standard input. An error says which file, which line or
// which setting is wrong; the calls until then are printed.
func (r *Reading) Files(ctx context.Context, paths []string) (err error) {
	x, err := r.prepare()
	if err != nil {
		return err
	}
	defer func() {
		if e := x.close(); err == nil {
			err = e
		}
	}()
	files, err := cdr.OpenFiles(paths, x.options)
	if err != nil {
		return err
	}
	defer files.Close()
	for _, n := range files.Notes() {
		fmt.Fprintf(r.Err, "belwacht: note: %s\n", text.Clean(n, 300))
	}
	if r.Guessed {
		return x.showMapping(files.Formats())
	}
	if err := readThrough(ctx, files, x.asm, x.printer.print); err != nil {
		x.out.Flush()
		return err
	}
	if err := x.out.Flush(); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the calls cannot be written: %w", err)
	}
	summarise(r.Err, files, x.asm)
	return nil
}

// showMapping prints the mapping that was guessed.
func (x *reading) showMapping(formats []string) error {
	if x.guessed == nil {
		return belwacht.Errorf(belwacht.NotFound, "nothing was guessed: the records are in the format %s", strings.Join(formats, ", "))
	}
	b, err := guess.YAML(x.guessed)
	if err != nil {
		return err
	}
	if _, err = x.out.Write(b); err == nil {
		err = x.out.Flush()
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the mapping cannot be written: %w", err)
	}
	return nil
}

// readThrough reads all rows and hands on the calls.
func readThrough(ctx context.Context, files *cdr.Files, asm *ingest.Assembler, yield func(*belwacht.Call) error) error {
	var row ingest.Row
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := files.Read(&row)
		if err == io.EOF {
			return asm.Flush(yield)
		}
		if err != nil {
			return err
		}
		if err := asm.Add(&row, yield); err != nil {
			return err
		}
	}
}

// summarise says what was read.
func summarise(w io.Writer, files *cdr.Files, asm *ingest.Assembler) {
	s := asm.Stats()
	rows, rejected := files.Rows()
	said := []string{fmt.Sprintf("%s: %s rows, %s calls (%s out, %s in, %s internal)", strings.Join(files.Formats(), ", "), count(rows), count(s.Calls),
		count(s.Directions[belwacht.Out]), count(s.Directions[belwacht.In]), count(s.Directions[belwacht.Internally]))}
	if s.Duplicates > 0 {
		said = append(said, count(s.Duplicates)+" rows were there twice and count once")
	}
	if s.Late > 0 {
		said = append(said, count(s.Late)+" calls came later than the horizon of records.horizon and stand out of order")
	}
	if s.Forced > 0 {
		said = append(said, count(s.Forced)+" rows were let go before the horizon for want of room")
	}
	if rejected > 0 {
		said = append(said, count(rejected)+" rows could not be read; --rejects FILE keeps them")
	}
	if trunks := asm.Trunks(); len(trunks) > 0 {
		if len(trunks) > 12 {
			trunks = append(trunks[:12], "…")
		}
		said = append(said, "trunks: "+strings.Join(trunks, ", "))
	}
	for _, line := range said {
		fmt.Fprintf(w, "belwacht: %s\n", text.Clean(line, 300))
	}
	list := files.Rejected()
	paths := make([]string, 0, len(list))
	for path := range list {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	shown := 0
	for _, path := range paths {
		for _, bad := range list[path] {
			if shown++; shown > 10 {
				return
			}
			fmt.Fprintf(w, "belwacht: %s\n", text.Clean(fmt.Sprintf("%s line %d: %s: %s", path, bad.Line, bad.Reason, bad.Text), 160))
		}
	}
}

// count is a number as people read it.
func count(n int64) string { return text.Count(text.English, n) }
