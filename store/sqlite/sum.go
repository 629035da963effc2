package sqlite

import (
	"cmp"
	"context"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// Bounds of what is added up in one query.
const (
	daysMost    = 1100
	sumsUsual   = 100
	sumsMost    = 1000
	alertsAdded = 100_000
)

// Sums implements belwacht.SumStore.
func (s *Store) Sums(ctx context.Context, q *belwacht.SumQuery) ([]belwacht.Sum, error) {
	if q.From > q.Until || q.Until-q.From > daysMost {
		return nil, belwacht.Errorf(belwacht.Invalid, "sums are of one day to %d days, from the earlier to the later", daysMost)
	}
	since, until, country := int64(q.From), int64(q.Until), q.Country.String()
	most := int64(min(cmp.Or(max(q.Most, 0), sumsUsual), sumsMost))
	var list []belwacht.Sum
	add := func(sum belwacht.Sum, calls, answered, refused, talk, cost, spent int64) {
		sum.Calls, sum.Answered, sum.Refused, sum.Talk, sum.Cost, sum.Saved = calls, answered, refused, talk, belwacht.Money(cost), belwacht.Money(cost-spent)
		list = append(list, sum)
	}
	var err error
	switch {
	case q.Account != "" && q.By != belwacht.SumByDay && q.By != belwacht.SumByAccount || country != "" && q.By != belwacht.SumByDay || q.Account != "" && country != "":
		return nil, belwacht.Errorf(belwacht.Invalid, "sums by %.20s cannot be narrowed so; an account or a country narrows sums by day, an account those by account", string(q.By))
	case q.Account != "":
		var rows []query.SumsByDayOfAccountRow
		rows, err = s.read.SumsByDayOfAccount(ctx, query.SumsByDayOfAccountParams{Tenant: q.Tenant, Account: q.Account, Since: since, Until: until})
		for _, r := range rows {
			add(belwacht.Sum{Day: belwacht.Date(r.Day), Account: q.Account}, r.Calls, r.Answered, r.Refused, r.Talk, r.Cost, r.Spent)
		}
		if q.By == belwacht.SumByAccount && len(list) > 0 {
			list = []belwacht.Sum{total(list)}
		}
	case q.By == belwacht.SumByDay:
		var rows []query.SumsByDayRow
		rows, err = s.read.SumsByDay(ctx, query.SumsByDayParams{Tenant: q.Tenant, Since: since, Until: until, Country: country})
		for _, r := range rows {
			add(belwacht.Sum{Day: belwacht.Date(r.Day), Country: q.Country}, r.Calls, r.Answered, r.Refused, r.Talk, r.Cost, r.Spent)
		}
	case q.By == belwacht.SumByCountry:
		var rows []query.SumsByPlaceRow
		rows, err = s.read.SumsByPlace(ctx, query.SumsByPlaceParams{Tenant: q.Tenant, Since: since, Until: until, Most: most})
		for _, r := range rows {
			c, _ := belwacht.ParseCountry(r.Country)
			add(belwacht.Sum{Country: c, Class: belwacht.Class(r.Class)}, r.Calls, r.Answered, r.Refused, r.Talk, r.Cost, r.Spent)
		}
	case q.By == belwacht.SumByClass:
		var rows []query.SumsByClassRow
		rows, err = s.read.SumsByClass(ctx, query.SumsByClassParams{Tenant: q.Tenant, Since: since, Until: until})
		for _, r := range rows {
			add(belwacht.Sum{Class: belwacht.Class(r.Class)}, r.Calls, r.Answered, r.Refused, r.Talk, r.Cost, r.Spent)
		}
	case q.By == belwacht.SumByAccount:
		var rows []query.SumsByAccountRow
		rows, err = s.read.SumsByAccount(ctx, query.SumsByAccountParams{Tenant: q.Tenant, Since: since, Until: until, Most: most})
		for _, r := range rows {
			add(belwacht.Sum{Account: r.Account}, r.Calls, r.Answered, r.Refused, r.Talk, r.Cost, r.Spent)
		}
	default:
		return nil, belwacht.Errorf(belwacht.Invalid, "nothing is added up by %.20q; there are day, country, class and account", string(q.By))
	}
	if err != nil {
		return nil, s.unread(err)
	}
	return list, nil
}

// total adds up the sums of an account.
func total(list []belwacht.Sum) belwacht.Sum {
	t := belwacht.Sum{Account: list[0].Account}
	for i := range list {
		x := &list[i]
		t.Calls, t.Answered, t.Refused, t.Talk, t.Cost, t.Saved = t.Calls+x.Calls, t.Answered+x.Answered, t.Refused+x.Refused, t.Talk+x.Talk, t.Cost+x.Cost, t.Saved+x.Saved
	}
	return t
}

// ruleKey is a month and a cause.
type ruleKey struct {
	month belwacht.Date
	cause string
}

// RuleSums implements belwacht.SumStore.
func (s *Store) RuleSums(ctx context.Context, tenant string, from, until belwacht.Date) ([]belwacht.RuleSum, error) {
	if from > until || until-from > daysMost {
		return nil, belwacht.Errorf(belwacht.Invalid, "sums are of one day to %d days, from the earlier to the later", daysMost)
	}
	zone := s.zoneOf(tenant)
	first, after := from.Month(), until.Month().NextMonth()
	all := map[ruleKey]*belwacht.RuleSum{}
	of := func(day belwacht.Date, cause string) *belwacht.RuleSum {
		k := ruleKey{day.Month(), cause}
		if all[k] == nil {
			all[k] = &belwacht.RuleSum{Month: k.month, Cause: cause}
		}
		return all[k]
	}
	decided, err := s.read.SumsByCause(ctx, query.SumsByCauseParams{Tenant: tenant, Since: int64(first), Until: int64(after - 1)})
	if err != nil {
		return nil, s.unread(err)
	}
	for _, r := range decided {
		x := of(belwacht.Date(r.Day), r.Cause)
		x.Decisions, x.Enforced, x.Stopped = x.Decisions+r.Decisions, x.Enforced+r.Enforced, x.Stopped+r.Stopped
	}
	since, before := int64(first.Begin(zone)), int64(after.Begin(zone))
	alerts, err := s.read.AlertSums(ctx, query.AlertSumsParams{Tenant: tenant, Since: since, Until: before, Most: alertsAdded})
	if err != nil {
		return nil, s.unread(err)
	}
	taken := map[*belwacht.RuleSum]int64{}
	for _, r := range alerts {
		x := of(belwacht.DateOf(belwacht.Instant(r.Time), zone), r.Cause)
		x.Alerts++
		if r.Taken > 0 {
			taken[x]++
			x.Seconds += belwacht.Instant(r.Taken).Seconds(belwacht.Instant(r.Time))
		}
		switch belwacht.IncidentOutcome(r.Outcome) {
		case belwacht.OutcomeFraud:
			x.Fraud++
		case belwacht.OutcomeInnocent:
			x.Innocent++
		case belwacht.OutcomeTest:
			x.Test++
		case belwacht.OutcomeUnclear:
			x.Unclear++
		default:
			x.Open++
		}
	}
	for x, n := range taken {
		x.Seconds /= n
	}
	wrong, err := s.read.WrongSums(ctx, query.WrongSumsParams{Tenant: tenant, Since: since, Until: before, Most: alertsAdded})
	if err != nil {
		return nil, s.unread(err)
	}
	for _, r := range wrong {
		of(belwacht.DateOf(belwacht.Instant(r.Since), zone), r.Cause).Wrong++
	}
	list := make([]belwacht.RuleSum, 0, len(all))
	for _, x := range all {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(a, b belwacht.RuleSum) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(b.Decisions, a.Decisions), cmp.Compare(a.Cause, b.Cause))
	})
	return list, nil
}
