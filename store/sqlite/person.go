package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// personRows is how many rows are looked at in one step.
const personRows = 10_000

// personal is one kind of what is kept, and how it is found that it is a person's: @A stands for the names of accounts, @N for numbers as they are packed, @T
// for the ways in which they are written. held says what stays.
type personal struct {
	kind, table, id, mine, held string
	read                        func(ctx context.Context, id int64) (any, error)
}

// heldBy is what is under legal hold: what an account did from the first to the last of an alert that is.
const heldBy = "EXISTS (SELECT 1 FROM alerts AS h INDEXED BY alerts_held WHERE h.hold = 1 AND h.tenant = t.tenant AND h.account = t.account " +
	"AND h.time <= t.time AND h.last >= t.time)"

// noun reads a row and makes a noun of it.
func noun[R, N any](read func(context.Context, int64) (R, error), make func(*R) (N, error)) func(context.Context, int64) (any, error) {
	return func(ctx context.Context, id int64) (any, error) {
		r, err := read(ctx, id)
		if err != nil {
			return nil, err
		}
		return make(&r)
	}
}

// personal lists the kinds. Calls come first: what is found of the others is of them.
func (s *Store) personal() []personal {
	q := s.read
	return []personal{
		{"call", "calls", "id", "account IN @A OR root IN @A OR taker IN @A OR number IN @N OR caller IN @T OR dialled IN @T", heldBy, noun(q.CallWithID, callOf)},
		{"decision", "decisions", "id", "account IN @A OR json_extract(CAST(body AS TEXT), '$.number') IN @T OR json_extract(CAST(body AS TEXT), '$.trace.dialled') IN @T " +
			"OR json_extract(CAST(body AS TEXT), '$.trace.root') IN @A", heldBy, noun(q.DecisionWithID, decisionOf)},
		{"alert", "alerts", "id", "account IN @A OR EXISTS (SELECT 1 FROM json_each(CAST(body AS TEXT), '$.numbers') AS n WHERE n.value IN @T)", "t.hold = 1",
			noun(q.AlertWithID, incidentOf)},
		{"event", "events", "position", "account IN @A OR root IN @A OR caller IN @T OR dialled IN @T", "0", noun(q.EventWithID, pastEventOf)},
		{"login", "logins", "id", "account IN @A OR user IN @A", "0", noun(q.LoginWithID, loginOf)},
		{"registration", "registrations", "id", "account IN @A", "0", noun(q.RegistrationWithID, registrationOf)},
		{"device", "devices", "id", "account IN @A", "0", noun(q.DeviceWithID, deviceOf)},
		{"account", "accounts", "id", "account IN @A", "0", noun(q.AccountWithID, accountOf)},
		{"in_force", "inforce", "id", "subject IN @A", "t.over > @NOW", noun(q.InForceWithID, inForceOf)},
		{"silence", "silences", "id", "account IN @A", "t.over > @NOW", noun(q.SilenceWithID, silenceOf)},
	}
}

// lists are the three lists as SQLite takes them.
type lists struct{ accounts, numbers, written string }

func listsOf(p *belwacht.Person) (l lists, err error) {
	if len(p.Accounts)+len(p.Numbers) == 0 || slices.Contains(p.Accounts, "") || slices.Contains(p.Numbers, 0) {
		return l, belwacht.Errorf(belwacht.Invalid, "a person has an extension or a number")
	}
	packed, written := []int64{}, append([]string{}, p.Written...)
	for _, n := range p.Numbers {
		packed = append(packed, int64(n))
		written = append(written, n.String(), n.Digits(), "00"+n.Digits())
	}
	accounts := append([]string{}, p.Accounts...)
	for _, n := range p.Numbers { // a number called from outside is an account itself
		accounts = append(accounts, n.String(), n.Digits())
	}
	for _, x := range []struct {
		list any
		to   *string
	}{{accounts, &l.accounts}, {packed, &l.numbers}, {written, &l.written}} {
		b, err := json.Marshal(x.list)
		if err != nil {
			return l, belwacht.Errorf(belwacht.Internal, "a person's lists: %w", err)
		}
		*x.to = string(b)
	}
	return l, nil
}

// condition is what finds a person's rows in a step: those with an id in (?1, ?2] of tenant ?3; ?4 to ?6 are the lists, ?7 is now.
func (k *personal) condition(held string) string {
	mine := strings.NewReplacer("@A", "(SELECT value FROM json_each(?4))", "@N", "(SELECT value FROM json_each(?5))", "@T", "(SELECT value FROM json_each(?6))").Replace(k.mine)
	return " FROM " + k.table + " AS t WHERE t." + k.id + " > ?1 AND t." + k.id + " <= ?2 AND t.tenant = ?3 AND ?4 <> '' AND ?5 <> '' AND ?6 <> '' AND ?7 >= 0 AND (" +
		mine + ")" + strings.ReplaceAll(held, "@NOW", "?7")
}

// each goes through a kind's rows in steps.
func (s *Store) each(ctx context.Context, k *personal, step func(from, until int64) error) error {
	var last int64
	if err := s.pool.QueryRowContext(ctx, "SELECT coalesce(max("+k.id+"), 0) FROM "+k.table).Scan(&last); err != nil {
		return s.unread(err)
	}
	for from := int64(0); from < last; from += personRows {
		if err := step(from, from+personRows); err != nil {
			return err
		}
	}
	return nil
}

// Export implements belwacht.PersonStore.
func (s *Store) Export(ctx context.Context, p *belwacht.Person, yield func(*belwacht.Kept) error) error {
	l, err := listsOf(p)
	if err != nil {
		return err
	}
	for _, k := range s.personal() {
		err := s.each(ctx, &k, func(from, until int64) error {
			ids, err := s.ids(ctx, "SELECT t."+k.id+k.condition(""), from, until, p.Tenant, l.accounts, l.numbers, l.written, 0)
			if err != nil {
				return s.unread(err)
			}
			for _, id := range ids {
				data, err := k.read(ctx, id)
				if err != nil {
					return s.unread(err)
				}
				if err := yield(&belwacht.Kept{Kind: k.kind, Data: data}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) ids(ctx context.Context, statement string, args ...any) (ids []int64, err error) {
	rows, err := s.pool.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Forget implements belwacht.PersonStore.
func (s *Store) Forget(ctx context.Context, p *belwacht.Person, now belwacht.Instant) (*belwacht.Forgotten, error) {
	l, err := listsOf(p)
	if err != nil {
		return nil, err
	}
	if err := s.Sync(ctx); err != nil { // what waits to be written is a person's too
		return nil, err
	}
	f := &belwacht.Forgotten{Deleted: map[string]int64{}, Held: map[string]int64{}}
	for _, k := range s.personal() {
		err := s.each(ctx, &k, func(from, until int64) error {
			args := []any{from, until, p.Tenant, l.accounts, l.numbers, l.written, int64(now)}
			var held int64
			if k.held != "0" {
				if err := s.pool.QueryRowContext(ctx, "SELECT count(*)"+k.condition(" AND "+k.held), args...).Scan(&held); err != nil {
					return s.unread(err)
				}
			}
			gone, err := s.db.ExecContext(ctx, "DELETE FROM "+k.table+" WHERE "+k.id+" IN (SELECT t."+k.id+k.condition(" AND NOT ("+k.held+")")+")", args...)
			if err != nil {
				return s.sentence(err)
			}
			n, err := gone.RowsAffected()
			if n > 0 {
				f.Deleted[k.kind] += n
			}
			if held > 0 {
				f.Held[k.kind] += held
			}
			return err
		})
		if err != nil {
			return f, err
		}
	}
	return f, s.forgetRest(ctx, p, now)
}

// forgetRest deletes what hangs on what was deleted, and gives the room back.
func (s *Store) forgetRest(ctx context.Context, p *belwacht.Person, now belwacht.Instant) error {
	names := append([]string{}, p.Accounts...)
	for _, n := range p.Numbers {
		names = append(names, n.String(), n.Digits())
	}
	for _, account := range names {
		if _, err := s.write.ForgetSums(ctx, query.ForgetSumsParams{Tenant: p.Tenant, Account: account}); err != nil {
			return s.sentence(err)
		}
	}
	changes := pruning{piece: s.alertChanges}
	if _, err := changes.run(ctx, int64(now)+1); err != nil {
		return s.sentence(err)
	}
	return s.shrink(ctx)
}
