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

func (r *callRow) write(ctx context.Context, w *writing) error {
	c := &r.call
	if w.store.old(c.Start) {
		w.store.namer.Load().Call(c)
	}
	tenant, site, id := cut(c.Tenant, longest), cut(c.Site, longest), cut(c.ID, longest)
	v := query.AddCallParams{Tenant: tenant, Site: site, Call: id, Link: cut(c.Link, longest),
		Direction: int64(c.Direction), Account: cut(c.Account, longest), Root: cut(c.Root, longest), Trunk: cut(c.Trunk, longest),
		Caller: cut(c.Caller, longest), Name: cut(c.Name, longest), Dialled: cut(c.Dialled, longest), Lineage: int64(c.Lineage), Time: int64(c.Start),
		Answer: int64(c.Answer), Ended: int64(c.End), Talk: c.Talk, Disposition: int64(c.Disposition), Taker: cut(c.Taker, longest), Parts: int64(c.Rows),
		Late: c.Late, Number: int64(c.Number), Country: c.Country.String(), Class: int64(c.Class), Cost: int64(c.Cost), Spent: int64(c.Spent),
		Word: int64(c.Word), Cause: cut(c.Cause, longest), Enforced: c.Enforced}
	old, err := w.OldCall(ctx, query.OldCallParams{Call: id, Site: site, Tenant: tenant})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if err := w.AddCall(ctx, v); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := w.ReplaceCall(ctx, query.ReplaceCallParams{Link: v.Link, Direction: v.Direction, Account: v.Account, Root: v.Root, Trunk: v.Trunk, Caller: v.Caller,
			Name: v.Name, Dialled: v.Dialled, Lineage: v.Lineage, Time: v.Time, Answer: v.Answer, Ended: v.Ended, Talk: v.Talk, Disposition: v.Disposition,
			Taker: v.Taker, Parts: v.Parts, Late: v.Late, Number: v.Number, Country: v.Country, Class: v.Class, Cost: v.Cost, Spent: v.Spent, Word: v.Word,
			Cause: v.Cause, Enforced: v.Enforced, ID: old.ID}); err != nil {
			return err
		}
		was := query.AddCallParams{Tenant: tenant, Direction: old.Direction, Account: old.Account, Time: old.Time, Country: old.Country, Class: old.Class,
			Answer: old.Answer, Talk: old.Talk, Cost: old.Cost, Spent: old.Spent, Word: old.Word, Enforced: old.Enforced}
		w.sums.Call(&was, w.store.date(tenant, belwacht.Instant(old.Time)), -1)
	}
	w.sums.Call(&v, w.store.date(tenant, c.Start), 1)
	return nil
}

func callOf(r *query.Call) (belwacht.PastCall, error) {
	country, _ := belwacht.ParseCountry(r.Country)
	return belwacht.PastCall{Call: belwacht.Call{ID: r.Call, Link: r.Link, Tenant: r.Tenant, Site: r.Site, Direction: belwacht.Direction(r.Direction),
		Account: r.Account, Root: r.Root, Trunk: r.Trunk, Caller: r.Caller, Name: r.Name, Dialled: r.Dialled, Lineage: belwacht.Lineage(r.Lineage),
		Start: belwacht.Instant(r.Time), Answer: belwacht.Instant(r.Answer), End: belwacht.Instant(r.Ended), Talk: r.Talk,
		Disposition: belwacht.Disposition(r.Disposition), Taker: r.Taker, Rows: int(r.Parts), Late: r.Late}, Number: belwacht.E164(r.Number),
		Country: country, Class: belwacht.Class(r.Class), Cost: belwacht.Money(r.Cost), Spent: belwacht.Money(r.Spent), Word: belwacht.Word(r.Word),
		Cause: r.Cause, Enforced: r.Enforced}, nil
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
