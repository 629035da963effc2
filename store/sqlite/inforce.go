package sqlite

import (
	"context"
	"math"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type inForceRow struct{ decision belwacht.InForce }

type inForceUndo struct {
	tenant, id, who string
	at              belwacht.Instant
}

// PutInForce implements belwacht.InForceStore.
func (s *Store) PutInForce(ctx context.Context, f *belwacht.InForce) error {
	if err := f.Check(); err != nil {
		return err
	}
	return s.queue.PutDurable(ctx, &inForceRow{*f})
}

func (r *inForceRow) write(ctx context.Context, w *writing) error {
	f := &r.decision
	until := int64(f.Until)
	if until == 0 {
		until = math.MaxInt64 // so that one index finds all that is not over
	}
	return w.PutInForce(ctx, query.PutInForceParams{Tenant: cut(f.Tenant, longest), Decision: cut(f.ID, longest), Kind: string(f.Kind),
		Subject: cut(f.Subject, longest), Who: cut(f.Who, longest), Why: cut(f.Why, longestNote), Since: int64(f.Since), Until: until,
		Says: cut(f.Says, longest), Width: cut(string(f.Width), longest), Undone: int64(f.Undone), Undoer: cut(f.Undoer, longest)})
}

// UndoInForce implements belwacht.InForceStore.
func (s *Store) UndoInForce(ctx context.Context, tenant, id, who string, at belwacht.Instant) error {
	if id == "" || who == "" || at <= 0 {
		return belwacht.Errorf(belwacht.Invalid, "to undo a decision, say which, who undoes it and when")
	}
	return s.queue.PutDurable(ctx, &inForceUndo{tenant, id, who, at})
}

func (r *inForceUndo) write(ctx context.Context, w *writing) error {
	n, err := w.UndoInForce(ctx, query.UndoInForceParams{Undone: int64(r.at), Undoer: cut(r.who, longest), Tenant: r.tenant, Decision: r.id})
	if err == nil && n == 0 {
		return belwacht.Errorf(belwacht.NotFound, "no decision %q is in force; it was undone already, or there never was one", text.Clean(r.id, 64))
	}
	return err
}

func inForceOf(r *query.Inforce) (belwacht.InForce, error) {
	f := belwacht.InForce{ID: r.Decision, Kind: belwacht.InForceKind(r.Kind), Tenant: r.Tenant, Subject: r.Subject, Who: r.Who, Why: r.Why,
		Since: belwacht.Instant(r.Since), Until: belwacht.Instant(r.Until), Says: r.Says, Width: belwacht.Width(r.Width), Undone: belwacht.Instant(r.Undone),
		Undoer: r.Undoer}
	if r.Until == math.MaxInt64 {
		f.Until = 0
	}
	return f, nil
}

// InForce implements belwacht.InForceStore.
func (s *Store) InForce(ctx context.Context, at belwacht.Instant) ([]belwacht.InForce, error) {
	rows, err := s.read.InForce(ctx, int64(at))
	if err != nil {
		return nil, s.unread(err)
	}
	all, _, err := pageOf(rows, math.MaxInt64, inForceOf, nil)
	return all, err
}

// InForcePage implements belwacht.InForceStore.
func (s *Store) InForcePage(ctx context.Context, q *belwacht.InForceQuery) ([]belwacht.InForce, belwacht.Cursor, error) {
	w := windowOf(0, 0, q.Page)
	var rows []query.Inforce
	var err error
	if q.Subject != "" {
		rows, err = s.read.InForceBySubject(ctx, query.InForceBySubjectParams{Tenant: q.Tenant, Subject: q.Subject, Before: w.before, Row: w.row,
			Kind: string(q.Kind), Most: w.most})
	} else {
		rows, err = s.read.InForceByTime(ctx, query.InForceByTimeParams{Tenant: q.Tenant, Before: w.before, Row: w.row, Kind: string(q.Kind), Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, inForceOf, func(r *query.Inforce) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Since), Row: r.ID}
	})
}
