package query

import (
	"strings"

	"github.com/belwacht/belwacht"
)

// callColumns are those of query.Call, in its order.
const callColumns = "c.id, c.tenant, c.site, c.call, c.link, c.direction, c.account, c.root, c.trunk, c.caller, c.name, c.dialled, c.lineage, c.time, c.answer, " +
	"c.ended, c.talk, c.disposition, c.taker, c.parts, c.late, c.number, c.country, c.class, c.cost, c.spent, c.word, c.cause, c.enforced"

// Search is a query of calls as SQL. sqlc writes functions of queries that stand still; here what leads is chosen, and what else was asked for is
// looked at call by call. No value stands in the text, so there are few texts, and TestPlans asks SQLite for its plan of each.
type Search struct {
	Index string   // that leads
	led   []string // conditions that the index answers
	more  []string // conditions on a call
	args  [2][]any // of both
}

func (x *Search) lead(index, condition string, args ...any) {
	x.Index, x.led, x.args[0] = index, append(x.led, condition), append(x.args[0], args...)
}

func (x *Search) also(condition string, args ...any) {
	x.more, x.args[1] = append(x.more, condition), append(x.args[1], args...)
}

// usual says whether most calls are of a class: they have no place in calls_class.
func usual(c belwacht.Class) bool {
	return c == belwacht.ClassGeographic || c == belwacht.ClassMobile || c == belwacht.ClassInternal
}

// Span is the range of numbers that begin with a prefix.
func Span(prefix belwacht.E164) (from, until int64) {
	bits := 64 - 4*uint(prefix.Len())
	low := uint64(prefix) >> bits << bits
	return int64(low), int64(low | (1<<bits - 1))
}

// SearchOf chooses what leads: the index that leaves least to look at. few says whether few numbers begin with the prefix.
func SearchOf(q *belwacht.CallQuery, few bool) *Search {
	x := &Search{}
	led := func(can bool, index, condition string, args ...any) {
		switch {
		case !can:
		case x.Index == "":
			x.lead(index, condition, args...)
		default:
			condition, _, _ = strings.Cut(condition, " AND ") // what follows is for the index
			x.also("c."+condition, args...)
		}
	}
	led(q.Number != 0, "calls_number", "number = ? AND number <> 0", int64(q.Number))
	led(q.Account != "", "calls_account", "account = ?", q.Account)
	if from, until := Span(q.Prefix); q.Prefix != 0 && few && x.Index == "" {
		x.lead("calls_number", "number >= ? AND number <= ? AND number <> 0", from, until)
	} else if q.Prefix != 0 {
		x.also("c.number >= ? AND c.number <= ?", from, until)
	}
	led(q.Word != belwacht.Allow, "calls_word", "word = ? AND word > 0", int64(q.Word))
	if q.Least > 0 {
		x.also("c.cost >= ?", int64(q.Least))
		for _, step := range []struct {
			money     belwacht.Money
			index, is string
		}{{100 * belwacht.Unit, "calls_cost_100", "cost >= 100000000"}, {10 * belwacht.Unit, "calls_cost_10", "cost >= 10000000"},
			{belwacht.Unit, "calls_cost_1", "cost >= 1000000"}} {
			if q.Least >= step.money && x.Index == "" {
				x.lead(step.index, step.is)
			}
		}
	}
	led(q.Country != belwacht.Country{}, "calls_country", "country = ? AND country <> ''", q.Country.String())
	led(q.Class != belwacht.ClassUnknown && (!usual(q.Class) || x.Index != ""), "calls_class", "class = ? AND class NOT IN (4, 5, 12)", int64(q.Class))
	if x.Index == "" {
		x.Index = "calls_time"
	}
	if q.Class != belwacht.ClassUnknown && usual(q.Class) && x.Index == "calls_time" {
		x.also("c.class = ?", int64(q.Class))
	}
	if q.Direction != belwacht.DirectionUnknown {
		x.also("c.direction = ?", int64(q.Direction))
	}
	return x
}

// Places is the SQL of the places that are looked at, newest first, out of the index alone.
func (x *Search) Places() string {
	b := "SELECT id, time FROM calls INDEXED BY " + x.Index + " WHERE tenant = ?"
	for _, c := range x.led {
		b += " AND " + c
	}
	return b + " AND time >= ? AND time <= ? AND (time < ? OR id < ?) ORDER BY time DESC, id DESC LIMIT ?"
}

// Calls is the SQL of a page.
func (x *Search) Calls() string {
	b := "SELECT " + callColumns + " FROM (" + x.Places() + ") AS p CROSS JOIN calls AS c ON c.id = p.id"
	for i, c := range x.more {
		b += map[bool]string{true: " WHERE ", false: " AND "}[i == 0] + c
	}
	return b + " LIMIT ?"
}

// Filters says whether there is something to be looked at call by call.
func (x *Search) Filters() bool { return len(x.more) > 0 }

// Place is where a page begins: at or before (Before, Row), down to Since.
type Place struct{ Since, Before, Row int64 }

// PlacesArgs are the arguments of Places, which looks at so many.
func (x *Search) PlacesArgs(tenant string, p Place, scan int64) []any {
	return append(append([]any{tenant}, x.args[0]...), p.Since, p.Before, p.Before, p.Row, scan)
}

// CallsArgs are those of Calls.
func (x *Search) CallsArgs(tenant string, p Place, scan, most int64) []any {
	return append(append(x.PlacesArgs(tenant, p, scan), x.args[1]...), most)
}
