package sqlite

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// What a pseudonym is like: a mark, and so much of a keyed hash that two people hardly share one.
const (
	pseudonymMark = "~"
	pseudonymHex  = 16
	// maskedTo is how many digits of a number stay: its country, and a little of its zone.
	maskedTo = 5
	// namedFrom is from how many digits on an account is a number, and so a person; shorter ones are extensions, which say who it is only to whom has the list.
	namedFrom = 8
	keyFile   = "pseudonyms.key"
)

// namer makes pseudonyms. The key is a file of its own beside the database, so that a copy of the one does not undo the other.
type namer struct{ key []byte }

// newNamer reads the key of a folder, and makes it where there is none.
func newNamer(folder string) (*namer, error) {
	name := filepath.Join(folder, keyFile)
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, sha256.Size)
		if _, err := rand.Read(key); err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "no key for pseudonyms: %w", err)
		}
		err = os.WriteFile(name, key, 0o600)
		if err == nil {
			err = syncFolder(folder)
		}
	}
	if err != nil || len(key) != sha256.Size {
		return nil, belwacht.Errorf(belwacht.Config, "the key of pseudonyms %s cannot be used (%v); remove it for a new one, which makes other pseudonyms of the same names", name, err)
	}
	return &namer{key}, nil
}

// pseudonym is a name's; a pseudonym's is itself, and that of nothing nothing.
func (n *namer) pseudonym(s string) string {
	if s == "" || strings.HasPrefix(s, pseudonymMark) && len(s) == len(pseudonymMark)+pseudonymHex {
		return s
	}
	h := hmac.New(sha256.New, n.key)
	h.Write([]byte(s))
	return pseudonymMark + hex.EncodeToString(h.Sum(nil))[:pseudonymHex]
}

// account is an account's: an extension stays.
func (n *namer) account(s string) string {
	digits := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits < namedFrom {
		return s
	}
	return n.pseudonym(s)
}

// number is what is left of one in words: its first digits.
func number(s string) string {
	e, ok := belwacht.ParseE164(s)
	if !ok || e.Len() <= maskedTo {
		return s
	}
	return e.Prefix(maskedTo).String() + "…"
}

// numbers are those in sentences: eight digits or more, as they are written with spaces, dashes and brackets between them.
var numbers = regexp.MustCompile(`\+?[0-9](?:[ ().•-]{0,2}[0-9•]){7,}`)

// prose is a sentence in which of each number only the first digits stay.
func prose(s string) string {
	return numbers.ReplaceAllStringFunc(s, func(found string) string {
		kept, digits := 0, 0
		for kept < len(found) && digits < maskedTo {
			if found[kept] >= '0' && found[kept] <= '9' {
				digits++
			}
			kept++
		}
		return found[:kept] + "…"
	})
}

func (n *namer) call(c *belwacht.PastCall) {
	if dialled := c.Dialled; c.Number != 0 && !strings.HasPrefix(dialled, pseudonymMark) {
		c.Dialled = n.pseudonym(c.Number.String()) // however it was dialled, the same number is the same
	} else {
		c.Dialled = n.pseudonym(dialled)
	}
	c.Number = c.Number.Prefix(maskedTo)
	c.Caller, c.Name = n.pseudonym(c.Caller), n.pseudonym(c.Name)
	c.Account, c.Root, c.Taker = n.account(c.Account), n.account(c.Root), n.account(c.Taker)
}

func (n *namer) decision(d *belwacht.Decision) {
	d.Account, d.Number = n.account(d.Account), number(d.Number)
	d.Reason, d.ReasonNL = prose(d.Reason), prose(d.ReasonNL)
	if t := d.Trace; t != nil {
		t.Dialled, t.Target, t.Root = n.pseudonym(t.Dialled), number(t.Target), n.account(t.Root)
		for i := range t.Evidence {
			e := &t.Evidence[i]
			e.English, e.Dutch = prose(e.English), prose(e.Dutch)
		}
	}
}

func (n *namer) alert(a *belwacht.Alert) {
	a.Account = n.account(a.Account)
	for i := range a.Numbers {
		a.Numbers[i] = number(a.Numbers[i])
	}
	a.Reason, a.ReasonNL = prose(a.Reason), prose(a.ReasonNL)
}

// from is what is left of an address: its network.
func from(s string) string {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return s
	}
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return s
	}
	return p.Addr().String()
}

// unnaming is how names of one kind become pseudonyms.
type unnaming struct {
	kind string
	next func(ctx context.Context, after string) (string, error)
	// piece makes pseudonyms of some rows after a place and before a time, and returns the last row's place and their number.
	piece func(ctx context.Context, q *query.Queries, tenant string, after belwacht.Cursor, before int64) (belwacht.Cursor, int, error)
}

// unname makes pseudonyms of what is old enough, in pieces. How far it has come is noted with each piece.
func (s *Store) unname(ctx context.Context, now belwacht.Instant) (total int64, err error) {
	if s.keep.Names == 0 {
		return 0, nil
	}
	for _, u := range s.unnamings() {
		for tenant := ""; ; {
			n, err := s.unnameTenant(ctx, &u, tenant, int64(now-s.keep.Names))
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
	n, r := s.namer, s.read
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
				n.call(&c)
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
				n.decision(&d)
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
				n.alert(&i.Alert)
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
				return q.UnnameEvent(ctx, query.UnnameEventParams{Account: n.account(r.Account), Root: n.account(r.Root), Caller: n.pseudonym(r.Caller),
					Dialled: n.pseudonym(r.Dialled), ID: r.Position})
			})
		}},
		{"logins", r.NextTenantOfLogins, func(ctx in, q *query.Queries, tenant string, after at, before int64) (at, int, error) {
			rows, err := q.NamedLogins(ctx, query.NamedLoginsParams{Tenant: tenant, Since: int64(after.Time), Before: before, Row: after.Row, Most: pruneRows})
			return pieceOf(rows, err, after, func(r *query.Login) at { return at{Time: belwacht.Instant(r.Time), Row: r.ID} }, func(r *query.Login) error {
				return q.UnnameLogin(ctx, query.UnnameLoginParams{Account: n.account(r.Account), User: n.account(r.User), Source: from(r.Source), ID: r.ID})
			})
		}},
	}
}

// old says whether what comes now is so old that it is written with pseudonyms at once: the past that is read at the first start.
func (s *Store) old(at belwacht.Instant) bool {
	return s.keep.Names != 0 && at < belwacht.InstantOf(time.Now())-s.keep.Names
}
