package sqlite

import (
	"context"
	"math"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type silenceRow struct{ silence belwacht.Silence }

type silenceLift struct {
	tenant, id, who string
	at              belwacht.Instant
}

// PutSilence implements belwacht.SilenceStore.
func (s *Store) PutSilence(ctx context.Context, x *belwacht.Silence) error {
	if err := x.Check(); err != nil {
		return err
	}
	return s.queue.PutDurable(ctx, &silenceRow{*x})
}

func (r *silenceRow) write(ctx context.Context, w *writing) error {
	x := &r.silence
	return w.PutSilence(ctx, query.PutSilenceParams{Tenant: cut(x.Tenant, longest), Silence: cut(x.ID, longest), Account: cut(x.Account, longest),
		Cause: cut(x.Cause, longest), Since: int64(x.Since), Until: int64(x.Until), Who: cut(x.Who, longest), Why: cut(x.Why, longestNote), Lifted: int64(x.Lifted),
		Lifter: cut(x.Lifter, longest)})
}

// LiftSilence implements belwacht.SilenceStore.
func (s *Store) LiftSilence(ctx context.Context, tenant, id, who string, at belwacht.Instant) error {
	if id == "" || who == "" || at <= 0 {
		return belwacht.Errorf(belwacht.Invalid, "to lift a silence, say which, who lifts it and when")
	}
	return s.queue.PutDurable(ctx, &silenceLift{tenant, id, who, at})
}

func (r *silenceLift) write(ctx context.Context, w *writing) error {
	n, err := w.LiftSilence(ctx, query.LiftSilenceParams{Lifted: int64(r.at), Lifter: cut(r.who, longest), Tenant: r.tenant, Silence: r.id})
	if err == nil && n == 0 {
		return belwacht.Errorf(belwacht.NotFound, "there is no silence %q that could be lifted", text.Clean(r.id, 64))
	}
	return err
}

func silenceOf(r *query.Silence) (belwacht.Silence, error) {
	return belwacht.Silence{ID: r.Silence, Tenant: r.Tenant, Account: r.Account, Cause: r.Cause, Since: belwacht.Instant(r.Since), Until: belwacht.Instant(r.Until),
		Who: r.Who, Why: r.Why, Lifted: belwacht.Instant(r.Lifted), Lifter: r.Lifter}, nil
}

// Silences implements belwacht.SilenceStore.
func (s *Store) Silences(ctx context.Context, at belwacht.Instant) ([]belwacht.Silence, error) {
	rows, err := s.read.Silences(ctx, int64(at))
	if err != nil {
		return nil, s.unread(err)
	}
	all, _, err := pageOf(rows, math.MaxInt64, silenceOf, nil)
	return all, err
}

// PastSilences implements belwacht.SilenceStore.
func (s *Store) PastSilences(ctx context.Context, tenant string, page belwacht.Page) ([]belwacht.Silence, belwacht.Cursor, error) {
	w := windowOf(0, 0, page)
	rows, err := s.read.SilencesByTime(ctx, query.SilencesByTimeParams{Tenant: tenant, Before: w.before, Row: w.row, Most: w.most})
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, silenceOf, func(r *query.Silence) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Since), Row: r.ID}
	})
}
