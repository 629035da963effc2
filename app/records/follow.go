package records

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/ingest/follow"
	"github.com/belwacht/belwacht/ingest/gather"
	"github.com/belwacht/belwacht/text"
)

// following prints calls as their records come.
type following struct {
	*reading
	err    io.Writer
	gather *gather.Gatherer
	said   map[string]bool // problems and notes
	feed   func() belwacht.Feed
}

// Follow prints the calls of a file, or of a folder that takes files, and then those that come, until the context ends; then it says how long after its end
// each call's record came. An error says what is wrong with the file or with a setting.
func (r *Reading) Follow(ctx context.Context, paths []string) (err error) {
	x, err := r.prepare()
	if err != nil {
		return err
	}
	defer func() {
		if e := x.close(); err == nil {
			err = e
		}
	}()
	return (&following{reading: x, err: r.Err}).run(ctx, paths)
}

// run follows a file or a folder until the context ends.
func (w *following) run(ctx context.Context, paths []string) error {
	if len(paths) != 1 || paths[0] == "-" {
		return belwacht.Errorf(belwacht.Usage, "--follow follows one file or one folder; start it once for each")
	}
	w.said = map[string]bool{}
	w.gather = gather.New(w.asm, w.print)
	o := follow.Options{
		Growing: func(head []byte, name string) (follow.Growing, error) { return cdr.OpenGrowing(head, name, w.options) },
		Whole:   func(r io.Reader, name string) (follow.Whole, error) { return cdr.Open(r, name, w.options) },
		Row:     w.gather.Row, Batch: w.look, Changed: w.tell, Past: true,
	}
	var err error
	if info, statErr := os.Stat(paths[0]); statErr == nil && info.IsDir() {
		var f *follow.Folder
		if f, err = follow.NewFolder(paths[0], o); err != nil {
			return err
		}
		w.feed = f.Feed
		err = f.Run(ctx, follow.FolderPosition{})
	} else {
		var f *follow.File
		if f, err = follow.NewFile(paths[0], o); err != nil {
			return err
		}
		w.feed = f.Feed
		err = f.Run(ctx, follow.FilePosition{})
	}
	if ctx.Err() == nil {
		return err
	}
	if err := w.gather.Flush(); err != nil {
		return err
	}
	if err := w.write(); err != nil {
		return err
	}
	fmt.Fprintf(w.err, "belwacht: %s\n", text.Clean(followed(w.feed()), 300))
	return err
}

// followed says what came, and how soon.
func followed(f belwacht.Feed) string {
	s := fmt.Sprintf("%s: %s rows, %s that could not be read", f.Name, count(f.Rows), count(f.Rejected))
	if d := f.Delay; d.Count > 0 {
		s += fmt.Sprintf("; from the end of a call to its record in the last hour (%s rows): median %.1f s, 95%% within %.1f s, worst %.1f s", count(d.Count),
			float64(d.Median)/float64(belwacht.Second), float64(d.P95)/float64(belwacht.Second), float64(d.Worst)/float64(belwacht.Second))
	}
	return s
}

// print prints a call. None is late here: they are shown as they come.
func (w *following) print(c *belwacht.Call) error {
	c.Late = false
	return w.printer.print(c)
}

// look prints the calls whose records have come.
func (w *following) look() error {
	if _, err := w.gather.Look(w.feed().State == belwacht.FeedHistory); err != nil {
		return err
	}
	return w.write()
}

// write has what was printed seen.
func (w *following) write() error {
	if err := w.out.Flush(); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the calls cannot be written: %w", err)
	}
	return nil
}

// tell says what is new of the source.
func (w *following) tell(f belwacht.Feed) {
	for _, s := range append(f.Notes, f.Problem) {
		if s != "" && !w.said[s] && len(w.said) < 1000 {
			w.said[s] = true
			fmt.Fprintf(w.err, "belwacht: note: %s\n", text.Clean(s, 300))
		}
	}
}
