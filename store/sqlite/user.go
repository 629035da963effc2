package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type userRow struct{ user belwacht.User }

type userGone struct{ id string }

// PutUser implements belwacht.UserStore.
func (s *Store) PutUser(ctx context.Context, u *belwacht.User) error {
	if err := u.Check(); err != nil {
		return err
	}
	r := &userRow{*u}
	r.user.Secrets.Recovery, r.user.Secrets.Passkeys = slices.Clone(u.Secrets.Recovery), slices.Clone(u.Secrets.Passkeys)
	r.user.Devices = slices.Clone(u.Devices)
	return s.queue.PutDurable(ctx, r)
}

func (r *userRow) write(ctx context.Context, q *writing) error {
	u := &r.user
	secrets, err := encode(&u.Secrets, u.ID)
	if err != nil {
		return err
	}
	devices, err := encode(u.Devices, u.ID)
	if err != nil {
		return err
	}
	err = q.PutUser(ctx, query.PutUserParams{ID: u.ID, Login: u.Login, Name: u.Name, Mail: u.Mail, Role: string(u.Role), Tenant: u.Tenant, Account: u.Account,
		Language: u.Language, Created: int64(u.Created), Changed: int64(u.Changed), SignedIn: int64(u.SignedIn), ReadTo: int64(u.Read), Disabled: u.Disabled,
		Secrets: secrets, Devices: devices})
	if isConstraint(err) {
		return belwacht.Errorf(belwacht.Invalid, "another user signs in as %s already; choose another log-in name", text.Clean(u.Login, 64))
	}
	return err
}

// isConstraint says whether a row was refused as another has what must be its own.
func isConstraint(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Code()&0xff == lib.SQLITE_CONSTRAINT
}

// RemoveUser implements belwacht.UserStore.
func (s *Store) RemoveUser(ctx context.Context, id string) error {
	return s.queue.PutDurable(ctx, &userGone{id})
}

func (r *userGone) write(ctx context.Context, q *writing) error {
	return q.RemoveUser(ctx, r.id)
}

// Users implements belwacht.UserStore.
func (s *Store) Users(ctx context.Context) ([]belwacht.User, error) {
	rows, err := s.read.Users(ctx)
	if err != nil {
		return nil, s.unread(err)
	}
	list := make([]belwacht.User, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		u := belwacht.User{ID: r.ID, Login: r.Login, Name: r.Name, Mail: r.Mail, Role: belwacht.Role(r.Role), Tenant: r.Tenant, Account: r.Account,
			Language: r.Language, Created: belwacht.Instant(r.Created), Changed: belwacht.Instant(r.Changed), SignedIn: belwacht.Instant(r.SignedIn),
			Read: uint64(r.ReadTo), Disabled: r.Disabled}
		if err := errors.Join(json.Unmarshal(r.Secrets, &u.Secrets), json.Unmarshal(r.Devices, &u.Devices)); err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "user %s cannot be read: %w", text.Clean(r.Login, 64), err)
		}
		list = append(list, u)
	}
	return list, nil
}
