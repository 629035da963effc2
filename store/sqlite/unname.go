package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// unnaming is how names of one kind become pseudonyms.
type unnaming struct {
	kind string
	next func(ctx context.Context, after string) (string, error)
	// piece makes pseudonyms of some rows after a place and before a time, and returns the last row's place and their number.
	piece func(ctx context.Context, q *query.Queries, tenant string, after belwacht.Cursor, before int64) (belwacht.Cursor, int, error)
}

// unname makes pseudonyms of what is old enough, in pieces. How far it has come is noted with each piece.
func (s *Store) unname(ctx context.Context, now belwacht.Instant) (total int64, err error) {
	after := s.keep.Load().Names
	if after == 0 {
		return 0, nil
	}
	for _, u := range s.unnamings() {
		for tenant := ""; ; {
			n, err := s.unnameTenant(ctx, &u, tenant, int64(now-after))
			if total += n; err != nil {
				return total, err
			}
			if tenant, err = u.next(ctx, tenant); err != nil {
				break
			}
		}
	}
	return total, nil
}

func (s *Store) unnameTenant(ctx context.Context, u *unnaming, tenant string, before int64) (total int64, err error) {
	mark := "unnamed." + u.kind + "." + tenant
	var at belwacht.Cursor
	b, err := s.Noted(ctx, mark)
	if err != nil {
		return 0, err
	}
	if err := at.UnmarshalText(b); err != nil {
		return 0, err
	}
	for n := pruneRows; n == pruneRows; {
		tx, err := s.db.BeginTx(ctx, nil)
		if err != nil {
			return total, s.sentence(err)
		}
		q := s.write.WithTx(tx)
		if at, n, err = u.piece(ctx, q, tenant, at, before); err == nil && n > 0 {
			err = q.PutMark(ctx, query.PutMarkParams{Name: mark, Value: []byte(at.String())})
		}
		if err == nil {
			err = tx.Commit()
		}
		if err != nil {
			return total, s.sentence(errors.Join(err, rollback(tx)))
		}
		total += int64(n)
	}
	return total, nil
}

// pieceOf makes a piece of a query of rows and of what is done with each.
func pieceOf[R any](rows []R, err error, after belwacht.Cursor, place func(*R) belwacht.Cursor, do func(*R) error) (belwacht.Cursor, int, error) {
	if err != nil {
		return after, 0, err
	}
	for i := range rows {
		if err := do(&rows[i]); err != nil {
			return after, 0, err
		}
		after = place(&rows[i])
	}
	return after, len(rows), nil
}

func (s *Store) unnamings() []unnaming {
	n, r := s.namer.Load(), s.read
	type in = context.Context
	type at = belwacht.Cursor
	return []unnaming{
		{"calls", r.NextTenantOfCalls, func(ctx in, q *query.Queries, tenant string, after at, before int64) (at, int, error) {
			rows, err := q.NamedCalls(ctx, query.NamedCallsParams{Tenant: tenant, Since: int64(after.Time), Before: before, Row: after.Row, Most: pruneRows})
			return pieceOf(rows, err, after, func(r *query.Call) at { return at{Time: belwacht.Instant(r.Time), Row: r.ID} }, func(r *query.Call) error {
				c, err := callOf(r)
				if err != nil {
					return err
				}
				n.Call(&c)
				return q.UnnameCall(ctx, query.UnnameCallParams{Account: c.Account, Root: c.Root, Caller: c.Caller, Name: c.Name, Dialled: c.Dialled, Taker: c.Taker,
					Number: int64(c.Number), ID: r.ID})
			})
		}},
		{"decisions", r.NextTenantOfDecisions, func(ctx in, q *query.Queries, tenant string, after at, before int64) (at, int, error) {
			rows, err := q.NamedDecisions(ctx, query.NamedDecisionsParams{Tenant: tenant, Since: int64(after.Time), Before: before, Row: after.Row, Most: pruneRows})
			return pieceOf(rows, err, after, func(r *query.Decision) at { return at{Time: belwacht.Instant(r.Time), Row: r.ID} }, func(r *query.Decision) error {
				d, err := decisionOf(r)
				if err != nil {
					return err
				}
				n.Decision(&d)
				body, err := json.Marshal(&d)
				if err != nil {
					return err
				}
				return q.UnnameDecision(ctx, query.UnnameDecisionParams{Account: d.Account, Body: body, ID: r.ID})
			})
		}},
		{"alerts", r.NextTenantOfAlerts, func(ctx in, q *query.Queries, tenant string, after at, before int64) (at, int, error) {
			rows, err := q.NamedAlerts(ctx, query.NamedAlertsParams{Tenant: tenant, Since: int64(after.Time), Before: before, Row: after.Row, Most: pruneRows})
			return pieceOf(rows, err, after, func(r *query.Alert) at { return at{Time: belwacht.Instant(r.Time), Row: r.ID} }, func(r *query.Alert) error {
				i, err := incidentOf(r)
				if err != nil {
					return err
				}
				n.Alert(&i.Alert)
				body, err := json.Marshal(&i.Alert)
				if err != nil {
					return err
				}
				return q.UnnameAlert(ctx, query.UnnameAlertParams{Account: i.Account, Body: body, ID: r.ID})
			})
		}},
		{"events", r.NextTenantOfEvents, func(ctx in, q *query.Queries, tenant string, after at, before int64) (at, int, error) {
			rows, err := q.NamedEvents(ctx, query.NamedEventsParams{Tenant: tenant, Since: int64(after.Time), Before: before, Row: after.Row, Most: pruneRows})
			return pieceOf(rows, err, after, func(r *query.Event) at { return at{Time: belwacht.Instant(r.Time), Row: r.Position} }, func(r *query.Event) error {
				return q.UnnameEvent(ctx, query.UnnameEventParams{Account: n.Account(r.Account), Root: n.Account(r.Root), Caller: n.Pseudonym(r.Caller),
					Dialled: n.Pseudonym(r.Dialled), ID: r.Position})
			})
		}},
		{"logins", r.NextTenantOfLogins, func(ctx in, q *query.Queries, tenant string, after at, before int64) (at, int, error) {
			rows, err := q.NamedLogins(ctx, query.NamedLoginsParams{Tenant: tenant, Since: int64(after.Time), Before: before, Row: after.Row, Most: pruneRows})
			return pieceOf(rows, err, after, func(r *query.Login) at { return at{Time: belwacht.Instant(r.Time), Row: r.ID} }, func(r *query.Login) error {
				return q.UnnameLogin(ctx, query.UnnameLoginParams{Account: n.Account(r.Account), User: n.Account(r.User), Source: n.Network(r.Source), ID: r.ID})
			})
		}},
	}
}

// old says whether what comes now is so old that it is written with pseudonyms at once: the past that is read at the first start.
func (s *Store) old(at belwacht.Instant) bool {
	after := s.keep.Load().Names
	return after != 0 && at < belwacht.InstantOf(time.Now())-after
}
