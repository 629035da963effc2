package sqlite

import (
	"context"
	"math"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// LastHour implements belwacht.LastHourStore.
func (s *Store) LastHour(ctx context.Context, tenant, what string, number belwacht.E164, at belwacht.Instant) (*belwacht.LastHour, error) {
	h := &belwacht.LastHour{Calls: []belwacht.PastCall{}, Decisions: []belwacht.Decision{}}
	what = strings.TrimSpace(what)
	page := belwacht.Page{Most: belwacht.PageUsual}
	byCode, _, err := s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Reference: strings.ToUpper(what), Page: belwacht.Page{Most: 1}})
	if err != nil {
		return nil, err
	}
	if what != "" && len(byCode) > 0 {
		if h.Decisions, _, err = s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Call: byCode[0].ID, Page: page}); err != nil {
			return nil, err
		}
		h.Calls, err = s.callsBy(s.read.CallsNamed(ctx, query.CallsNamedParams{Call: byCode[0].ID, Tenant: tenant, Most: belwacht.PageUsual}))
		return h, err
	}
	since, before := int64(at-belwacht.Hour), int64(at)
	if what != "" {
		if h.Calls, err = s.callsBy(s.read.CallsByAccount(ctx, query.CallsByAccountParams{Tenant: tenant, Account: what, Since: since, Before: before,
			Row: math.MaxInt64, Most: belwacht.PageUsual})); err != nil {
			return nil, err
		}
		if h.Decisions, _, err = s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Account: what, From: at - belwacht.Hour, Until: at + 1, Page: page}); err != nil {
			return nil, err
		}
	}
	if number == 0 || len(h.Calls)+len(h.Decisions) > 0 {
		return h, nil
	}
	if h.Calls, err = s.callsBy(s.read.CallsByNumber(ctx, query.CallsByNumberParams{Tenant: tenant, Number: int64(number), Since: since, Before: before,
		Row: math.MaxInt64, Most: belwacht.PageUsual})); err != nil {
		return nil, err
	}
	for i := range h.Calls {
		list, _, err := s.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Call: h.Calls[i].ID, Page: page})
		if err != nil {
			return nil, err
		}
		if h.Decisions = append(h.Decisions, list...); len(h.Decisions) >= belwacht.PageUsual {
			break
		}
	}
	h.Decisions = h.Decisions[:min(len(h.Decisions), belwacht.PageUsual)]
	return h, nil
}

// callsBy makes calls of the rows that a query gave.
func (s *Store) callsBy(rows []query.Call, err error) ([]belwacht.PastCall, error) {
	if err != nil {
		return nil, s.unread(err)
	}
	list, _, err := pageOf(rows, math.MaxInt64, callOf, nil)
	return list, err
}
