// Package made writes a made-up organisation into a folder: what its Asterisk would have recorded, prices, the truth about attacks, and a configuration.
package made

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
	"github.com/belwacht/belwacht/simulate/record"
)

// Folder is what is made up, and how it is written.
type Folder struct {
	simulate.Config
	Rows       int                          // exactly so many records, without attacks; 0 = as many as there are
	Gzip       bool                         // master.csv.gz
	Force      bool                         // files that exist are overwritten
	NewColumns bool                         // peeraccount, linkedid and sequence as well
	Progress   func(percent, records int64) // now and then; nil: nobody looks
}

// Write makes the organisation up and writes it into a folder, which is made where it is not there. What it returns says in one line what was written. An error
// has the code Usage (a setting) or Invalid (a file).
func (s *Folder) Write(ctx context.Context, folder string) (said string, err error) {
	if s.Rows < 0 {
		return "", belwacht.Errorf(belwacht.Usage, "--rows %d: give a number of records above 0", s.Rows)
	}
	if s.Attacks != nil && len(s.Attacks) == 0 {
		s.AttackCount, s.EarlyAttacks = -1, -1
	}
	config := s.Config
	if s.Rows > 0 {
		if config, err = record.ForRows(config, s.Rows); err != nil {
			return "", err
		}
	}
	o, err := simulate.New(config)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", belwacht.Errorf(belwacht.Invalid, "folder %s cannot be made: %w; choose another", folder, err)
	}
	records := "master.csv"
	if s.Gzip {
		records += ".gz"
	}
	if err := s.free(folder, records, "rates.csv", "truth.json", "belwacht.yaml"); err != nil {
		return "", err
	}
	truth, n, err := s.records(ctx, o, filepath.Join(folder, records))
	if err != nil {
		return "", err
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
			return "", err
		}
	}
	attacks := 0
	for _, a := range o.Attacks() {
		if a.Scored {
			attacks++
		}
	}
	return fmt.Sprintf("%s: %d records of %d accounts in %s from %s to %s, %d attacks, %d oddities, %d emergency calls; %s, rates.csv, truth.json, belwacht.yaml",
		folder, n, o.Extensions(), o.Country(), o.Start().Format("2006-01-02"), o.End().Format("2006-01-02"), attacks, len(o.Oddities()), len(truth.Emergency), records), nil
}

// free refuses to overwrite.
func (s *Folder) free(folder string, names ...string) error {
	if s.Force {
		return nil
	}
	for _, name := range append(names, "master.csv", "master.csv.gz") {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			return belwacht.Errorf(belwacht.Invalid, "%s exists already; choose another folder, or overwrite with --force", filepath.Join(folder, name))
		}
	}
	return nil
}

// records writes master.csv and collects its truth.
func (s *Folder) records(ctx context.Context, o *simulate.Organisation, path string) (*record.Truth, int, error) {
	truth, n := record.NewTruth(o), 0
	begin, span := o.Start().UnixMilli(), max(1, o.End().UnixMilli()-o.Start().UnixMilli())
	observe := func(c *simulate.Call) bool {
		if n%8192 == 0 {
			if ctx.Err() != nil {
				return false
			}
			if s.Progress != nil {
				done := (int64(c.Start) - begin) * 100 / span
				if s.Rows > 0 {
					done = int64(n) * 100 / int64(s.Rows)
				}
				s.Progress(done, int64(n))
			}
		}
		n++
		truth.Add(c)
		return true
	}
	err := writeFile(path, func(w io.Writer) error {
		if !s.Gzip {
			return record.Asterisk(w, o, record.Layout{NewColumns: s.NewColumns, Observe: observe, Most: s.Rows})
		}
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if err := record.Asterisk(z, o, record.Layout{NewColumns: s.NewColumns, Observe: observe, Most: s.Rows}); err != nil {
			return err
		}
		return z.Close()
	})
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
