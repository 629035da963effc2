package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

// declared is what a tenant's configuration says of accounts.
type declared struct {
	tenant   string
	accounts []belwacht.Account
}

// PutAccounts implements belwacht.AccountStore.
func (s *Store) PutAccounts(ctx context.Context, tenant string, list []belwacht.Account) error {
	return s.queue.PutDurable(ctx, &declared{tenant, slices.Clone(list)})
}

func (r *declared) write(ctx context.Context, w *writing) error {
	tenant := cut(r.tenant, longest)
	if err := w.UndeclareAccounts(ctx, tenant); err != nil {
		return err
	}
	for i := range r.accounts {
		a := &r.accounts[i]
		if err := w.DeclareAccount(ctx, query.DeclareAccountParams{Tenant: tenant, Account: cut(a.Name, longest), Kind: int64(a.Kind), Grouped: cut(a.Group, longest)}); err != nil {
			return err
		}
	}
	return nil
}

func accountOf(r *query.Account) (belwacht.KnownAccount, error) {
	country, _ := belwacht.ParseCountry(r.Country)
	return belwacht.KnownAccount{Tenant: r.Tenant, Name: r.Account, Kind: belwacht.AccountKind(r.Kind), Group: r.Grouped, Declared: r.Declared,
		First: belwacht.Instant(r.First), Last: belwacht.Instant(r.Last), Calls: r.Calls, Out: belwacht.Instant(r.Out), Login: belwacht.Instant(r.Login),
		Country: country}, nil
}

// Account implements belwacht.AccountStore.
func (s *Store) Account(ctx context.Context, tenant, name string) (*belwacht.KnownAccount, error) {
	r, err := s.read.Account(ctx, query.AccountParams{Tenant: tenant, Account: name})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, belwacht.Errorf(belwacht.NotFound, "nothing is known of account %q", text.Clean(name, 64))
	case err != nil:
		return nil, s.unread(err)
	}
	a, err := accountOf(&r)
	return &a, err
}

// Accounts implements belwacht.AccountStore.
func (s *Store) Accounts(ctx context.Context, q *belwacht.AccountQuery) ([]belwacht.KnownAccount, belwacht.Cursor, error) {
	w := windowOf(0, 0, q.Page)
	var rows []query.Account
	var err error
	if q.Group != "" {
		rows, err = s.read.AccountsByGrouped(ctx, query.AccountsByGroupedParams{Tenant: q.Tenant, Grouped: q.Group, Before: w.before, Row: w.row, Begins: q.Begins, Most: w.most})
	} else {
		rows, err = s.read.AccountsByTime(ctx, query.AccountsByTimeParams{Tenant: q.Tenant, Before: w.before, Row: w.row, Begins: q.Begins, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, accountOf, func(r *query.Account) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Last), Row: r.ID}
	})
}
