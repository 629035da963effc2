package beside

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/ingest/cdr/guess"
	"github.com/belwacht/belwacht/ingest/follow"
	"github.com/belwacht/belwacht/ingest/gather"
	"github.com/belwacht/belwacht/ingest/sql"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/pbx/asterisk"
)

// keepEvery is how often the position is written down.
const keepEvery = time.Minute

// source is where the call records of one PBX come from.
type source struct {
	run  func(ctx context.Context) error
	feed func() belwacht.Feed
	mark func() ([]byte, error) // the reader's position

	gather *gather.Gatherer
	sink   app.RecordSink
	marked time.Time
	where  atomic.Pointer[[]byte]
}

// Records makes the source of a PBX's call records from its configuration, for app.LiveConfig.Records; from is a position that it gave before, nil for the
// beginning.
func Records(log *slog.Logger) func(c *config.Config, p *config.PBX, from []byte) (app.PBXRecords, error) {
	return func(c *config.Config, p *config.PBX, from []byte) (app.PBXRecords, error) {
		t := c.Of(p)
		if t == nil {
			return nil, belwacht.Errorf(belwacht.Config, "PBX %s belongs to no organisation", p.Name)
		}
		numbers, err := t.Site()
		if err != nil {
			return nil, err
		}
		cal, err := t.Calendar()
		if err != nil {
			return nil, err
		}
		s := &source{}
		if from != nil {
			s.where.Store(&from)
		}
		s.gather = gather.New(ingest.NewAssembler(ingest.Config{Tenant: t.Name, Site: p.Name, Numbers: numbers, Trunks: c.TrunksOf(p), Horizon: c.Records.Horizon.Instant(),
			Extensions: t.Extensions()}), s.call)
		changed := s.tell(log, p.Name)
		if db, kind := database(c, p.Records); db != nil {
			if _, err := db.Secret(); err != nil {
				return nil, err
			}
			return s, s.table(*db, sql.Options{Kind: kind, Name: p.Name, Zone: cal.Zone(), Times: c.Records.Times, Row: s.gather.Row, Batch: s.batch, Changed: changed}, from)
		}
		mapping, err := c.OwnMapping()
		if err != nil {
			return nil, err
		}
		o := cdr.Options{Format: c.Records.Format, Zone: cal.Zone(), Times: c.Records.Times, Mapping: mapping, Guess: guess.Mapping,
			MaxRejected: 1} // what is live does not stop for bad rows
		return s, s.files(c, p.Records, follow.Options{Past: true, Row: s.gather.Row, Batch: s.batch, Changed: changed,
			Growing: func(head []byte, name string) (follow.Growing, error) { return cdr.OpenGrowing(head, name, o) },
			Whole:   func(r io.Reader, name string) (follow.Whole, error) { return cdr.Open(r, name, o) }}, from)
	}
}

// database is the database of a source, nil where it is none.
func database(c *config.Config, r *config.RecordsSource) (*sql.Config, sql.Kind) {
	d, kind := r.MySQL, sql.MySQL
	if d == nil {
		d, kind = r.Postgres, sql.PostgreSQL
	}
	if d == nil {
		return nil, 0
	}
	out := &sql.Config{Address: d.Address, Database: d.Database, User: d.User, Table: d.Table, Secret: func() (string, error) { return c.Secret(d.SecretFile) }}
	if t := d.TLS; t != nil {
		out.TLS = &sql.TLS{Trust: network.Trust{CAFile: c.Path(t.CAFile), ServerName: t.ServerName, Unchecked: t.Unchecked}, Off: t.Off}
	}
	return out, kind
}

// table reads a table.
func (s *source) table(c sql.Config, o sql.Options, from []byte) error {
	r, err := sql.New(c, o)
	if err != nil {
		return err
	}
	var at sql.Position
	if err := position(from, &at); err != nil {
		return err
	}
	s.feed, s.mark = r.Feed, func() ([]byte, error) { return json.Marshal(r.Position()) }
	s.run = func(ctx context.Context) error { return r.Run(ctx, at) }
	return nil
}

// files follows a file or a folder.
func (s *source) files(c *config.Config, r *config.RecordsSource, o follow.Options, from []byte) error {
	if r.Folder != "" {
		f, err := follow.NewFolder(c.Path(r.Folder), o)
		if err != nil {
			return err
		}
		var at follow.FolderPosition
		if err := position(from, &at); err != nil {
			return err
		}
		s.feed, s.mark = f.Feed, func() ([]byte, error) { return json.Marshal(f.Position()) }
		s.run = func(ctx context.Context) error { return f.Run(ctx, at) }
		return nil
	}
	f, err := follow.NewFile(c.Path(r.File), o)
	if err != nil {
		return err
	}
	var at follow.FilePosition
	if err := position(from, &at); err != nil {
		return err
	}
	s.feed, s.mark = f.Feed, func() ([]byte, error) { return json.Marshal(f.Position()) }
	s.run = func(ctx context.Context) error { return f.Run(ctx, at) }
	return nil
}

func position(from []byte, at any) error {
	if from == nil {
		return nil
	}
	return json.Unmarshal(from, at)
}

// Feed implements app.PBXRecords.
func (s *source) Feed() belwacht.Feed { return s.feed() }

// Position implements app.PBXRecords.
func (s *source) Position() []byte {
	if at := s.where.Load(); at != nil {
		return *at
	}
	return nil
}

// Run implements app.PBXRecords.
func (s *source) Run(ctx context.Context, sink app.RecordSink) error {
	s.sink = sink
	err := s.run(ctx)
	if ctx.Err() != nil {
		if err := s.gather.Flush(); err != nil { // what is held back would be read again, but is known already
			return err
		}
		return s.keep()
	}
	return err
}

// call hands on a call, by the name that the PBX's feed and questions have for it.
func (s *source) call(c *belwacht.Call) error {
	c.ID = asterisk.Key(c)
	return s.sink.Call(c)
}

// batch hands on the calls whose records have come, and notes how far the rows have got where none is held back.
func (s *source) batch() error {
	caught, err := s.gather.Look(s.feed().State == belwacht.FeedHistory)
	switch {
	case err != nil:
		return err
	case caught:
		if err := s.keep(); err != nil {
			return err
		}
		return s.sink.Caught()
	case s.gather.Live() && s.gather.Idle() && time.Since(s.marked) > keepEvery:
		return s.keep()
	}
	return nil
}

// keep notes how far the rows have got whose calls were handed on.
func (s *source) keep() error {
	at, err := s.mark()
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the position in the call records cannot be written down: %w", err)
	}
	s.marked = time.Now()
	s.where.Store(&at)
	return nil
}

// tell logs what is new of a source.
func (s *source) tell(log *slog.Logger, pbx string) func(belwacht.Feed) {
	said := make(map[string]bool)
	return func(f belwacht.Feed) {
		for _, note := range append(f.Notes, f.Problem) {
			if note != "" && !said[note] && len(said) < 1000 {
				said[note] = true
				log.Warn(note, "event", "records.note", "pbx", pbx)
			}
		}
	}
}
