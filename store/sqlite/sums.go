package sqlite

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// amount is what calls add up to.
type amount struct{ calls, answered, refused, talk, cost, spent int64 }

func (a *amount) add(v *query.AddCallParams, by int64) {
	a.calls += by
	if v.Answer != 0 {
		a.answered += by
	}
	if belwacht.Word(v.Word) >= belwacht.Refuse && v.Enforced {
		a.refused += by
	}
	a.talk += by * v.Talk
	a.cost += by * v.Cost
	a.spent += by * v.Spent
}

// sumKey names a sum; what is not its own is empty.
type sumKey struct {
	tenant, name string // name: a country, an account, a cause
	day          belwacht.Date
	class        int64
}

func (k sumKey) compare(o sumKey) int {
	return cmp.Or(cmp.Compare(k.tenant, o.tenant), cmp.Compare(k.day, o.day), cmp.Compare(k.name, o.name), cmp.Compare(k.class, o.class))
}

// use is what an account did.
type use struct {
	first, last, out, login belwacht.Instant
	calls                   int64
	country                 string
}

type causes struct {
	decisions, enforced int64
	stopped             float64
}

// sums are what the rows of a batch add up to; they are written once, after the rows, in the same transaction.
type sums struct {
	places, accounts map[sumKey]amount
	causes           map[sumKey]causes
	uses             map[sumKey]use
}

// call adds a call, or with −1 takes it away. Only calls to outside have sums.
func (s *sums) call(v *query.AddCallParams, day belwacht.Date, by int64) {
	if s.places == nil {
		s.places, s.accounts = map[sumKey]amount{}, map[sumKey]amount{}
	}
	if v.Account != "" {
		at := belwacht.Instant(v.Time)
		u := use{first: at, last: at, calls: by}
		if belwacht.Direction(v.Direction) == belwacht.Out {
			u.out, u.country = at, v.Country
		}
		s.used(v.Tenant, v.Account, u)
	}
	if belwacht.Direction(v.Direction) != belwacht.Out {
		return
	}
	for _, x := range []struct {
		in  map[sumKey]amount
		key sumKey
	}{{s.places, sumKey{v.Tenant, v.Country, day, v.Class}}, {s.accounts, sumKey{v.Tenant, v.Account, day, 0}}} {
		a := x.in[x.key]
		a.add(v, by)
		x.in[x.key] = a
	}
}

// used notes what an account did.
func (s *sums) used(tenant, account string, u use) {
	if s.uses == nil {
		s.uses = map[sumKey]use{}
	}
	k := sumKey{tenant: tenant, name: account}
	was := s.uses[k]
	if was.out >= u.out {
		u.out, u.country = was.out, was.country
	}
	if u.first == 0 || was.first != 0 && was.first < u.first {
		u.first = was.first
	}
	u.last, u.login, u.calls = max(u.last, was.last), max(u.login, was.login), u.calls+was.calls
	s.uses[k] = u
}

func (s *sums) loggedIn(tenant, account string, at belwacht.Instant) {
	s.used(tenant, account, use{login: at})
}

// decision adds a decision.
func (s *sums) decision(d *belwacht.Decision, day belwacht.Date) {
	if d.Word == belwacht.Allow || d.Cause == "" {
		return
	}
	if s.causes == nil {
		s.causes = map[sumKey]causes{}
	}
	k := sumKey{cut(d.Tenant, longest), cut(d.Cause, longest), day, 0}
	c := s.causes[k]
	c.decisions++
	if d.Word >= belwacht.Refuse && d.Enforced {
		c.enforced++
		c.stopped += d.AtRisk
	}
	s.causes[k] = c
}

// write adds the sums to those that are kept, in one order, so that pages that lie together are written together.
func (s *sums) write(ctx context.Context, q *query.Queries) error {
	for _, k := range sorted(s.places) {
		if a := s.places[k]; a != (amount{}) {
			if err := q.AddToPlace(ctx, query.AddToPlaceParams{Tenant: k.tenant, Day: int64(k.day), Country: k.name, Class: k.class, Calls: a.calls, Answered: a.answered,
				Refused: a.refused, Talk: a.talk, Cost: a.cost, Spent: a.spent}); err != nil {
				return err
			}
		}
	}
	for _, k := range sorted(s.accounts) {
		if a := s.accounts[k]; a != (amount{}) {
			if err := q.AddToAccount(ctx, query.AddToAccountParams{Tenant: k.tenant, Day: int64(k.day), Account: k.name, Calls: a.calls, Answered: a.answered,
				Refused: a.refused, Talk: a.talk, Cost: a.cost, Spent: a.spent}); err != nil {
				return err
			}
		}
	}
	for _, k := range sorted(s.causes) {
		c := s.causes[k]
		if err := q.AddToCause(ctx, query.AddToCauseParams{Tenant: k.tenant, Day: int64(k.day), Cause: k.name, Decisions: c.decisions, Enforced: c.enforced,
			Stopped: c.stopped}); err != nil {
			return err
		}
	}
	for _, k := range sorted(s.uses) {
		u := s.uses[k]
		if err := q.UseAccount(ctx, query.UseAccountParams{Tenant: k.tenant, Account: k.name, First: int64(u.first), Last: int64(u.last), Calls: u.calls, Out: int64(u.out),
			Country: u.country, Login: int64(u.login)}); err != nil {
			return err
		}
	}
	return nil
}

func sorted[V any](m map[sumKey]V) []sumKey { return slices.SortedFunc(maps.Keys(m), sumKey.compare) }

// date is the day that an instant falls on for a tenant.
func (s *Store) date(tenant string, at belwacht.Instant) belwacht.Date {
	return belwacht.DateOf(at, s.zoneOf(tenant))
}

func (s *Store) zoneOf(tenant string) *time.Location {
	if s.zone != nil {
		if z := s.zone(tenant); z != nil {
			return z
		}
	}
	return time.UTC
}
