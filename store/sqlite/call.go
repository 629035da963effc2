package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type callRow struct{ call belwacht.PastCall }

// PutCall implements belwacht.CallStore.
func (s *Store) PutCall(p *belwacht.PastCall) { s.queue.Put(&callRow{*p}) }

func (r *callRow) write(ctx context.Context, q *query.Queries) error {
	c := &r.call
	return q.PutCall(ctx, query.PutCallParams{Tenant: cut(c.Tenant, longest), Site: cut(c.Site, longest), Call: cut(c.ID, longest), Link: cut(c.Link, longest),
		Direction: int64(c.Direction), Account: cut(c.Account, longest), Root: cut(c.Root, longest), Trunk: cut(c.Trunk, longest),
		Caller: cut(c.Caller, longest), Name: cut(c.Name, longest), Dialled: cut(c.Dialled, longest), Lineage: int64(c.Lineage), Time: int64(c.Start),
		Answer: int64(c.Answer), Ended: int64(c.End), Talk: c.Talk, Disposition: int64(c.Disposition), Taker: cut(c.Taker, longest), Parts: int64(c.Rows),
		Late: c.Late, Number: int64(c.Number), Country: c.Country.String(), Class: int64(c.Class), Cost: int64(c.Cost), Spent: int64(c.Spent),
		Word: int64(c.Word)})
}

func callOf(r *query.Call) (belwacht.PastCall, error) {
	country, _ := belwacht.ParseCountry(r.Country)
	return belwacht.PastCall{Call: belwacht.Call{ID: r.Call, Link: r.Link, Tenant: r.Tenant, Site: r.Site, Direction: belwacht.Direction(r.Direction),
		Account: r.Account, Root: r.Root, Trunk: r.Trunk, Caller: r.Caller, Name: r.Name, Dialled: r.Dialled, Lineage: belwacht.Lineage(r.Lineage),
		Start: belwacht.Instant(r.Time), Answer: belwacht.Instant(r.Answer), End: belwacht.Instant(r.Ended), Talk: r.Talk,
		Disposition: belwacht.Disposition(r.Disposition), Taker: r.Taker, Rows: int(r.Parts), Late: r.Late}, Number: belwacht.E164(r.Number),
		Country: country, Class: belwacht.Class(r.Class), Cost: belwacht.Money(r.Cost), Spent: belwacht.Money(r.Spent), Word: belwacht.Word(r.Word)}, nil
}

// Call implements belwacht.CallStore.
func (s *Store) Call(ctx context.Context, tenant, site, id string) (*belwacht.PastCall, error) {
	r, err := s.read.Call(ctx, query.CallParams{Call: id, Site: site, Tenant: tenant})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, belwacht.Errorf(belwacht.NotFound, "no call %q is kept", text.Clean(id, 64))
	case err != nil:
		return nil, s.unread(err)
	}
	c, err := callOf(&r)
	return &c, err
}

// Calls implements belwacht.CallStore.
func (s *Store) Calls(ctx context.Context, q *belwacht.CallQuery) ([]belwacht.PastCall, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	var rows []query.Call
	var err error
	switch {
	case q.Number != 0 && q.Account != "":
		rows, err = s.read.CallsByNumberAndAccount(ctx, query.CallsByNumberAndAccountParams{Tenant: q.Tenant, Number: int64(q.Number), Since: w.since,
			Before: w.before, Row: w.row, Account: q.Account, Most: w.most})
	case q.Number != 0:
		rows, err = s.read.CallsByNumber(ctx, query.CallsByNumberParams{Tenant: q.Tenant, Number: int64(q.Number), Since: w.since, Before: w.before, Row: w.row,
			Most: w.most})
	case q.Account != "":
		rows, err = s.read.CallsByAccount(ctx, query.CallsByAccountParams{Tenant: q.Tenant, Account: q.Account, Since: w.since, Before: w.before, Row: w.row,
			Most: w.most})
	default:
		rows, err = s.read.CallsByTime(ctx, query.CallsByTimeParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, callOf, func(r *query.Call) belwacht.Cursor { return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID} })
}
