package sqlite

import (
	"context"
	"net/netip"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// Of an account so many registrations and devices are kept; the one that was seen longest ago makes room.
const seenMost = 200

// loginRow is a log-in that came with no event. It has a position as an event has, so that the two never meet.
type loginRow struct {
	position int64
	login    belwacht.PastLogin
}

// AddLogin implements belwacht.LoginStore.
func (s *Store) AddLogin(l *belwacht.PastLogin) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.position++
	s.queue.Put(&loginRow{int64(s.position), *l})
}

func (r *loginRow) write(ctx context.Context, w *writing) error {
	return w.login(ctx, r.position, &r.login)
}

// login writes a log-in, and where it succeeded what it was made with and from.
func (w *writing) login(ctx context.Context, position int64, l *belwacht.PastLogin) error {
	from := ""
	if l.From.IsValid() {
		from = l.From.String()
	}
	tenant, site, account := cut(l.Tenant, longest), cut(l.Site, longest), cut(l.Account, longest)
	source, agent := cut(from, longest), cut(l.Agent, longest)
	if err := w.AddLogin(ctx, query.AddLoginParams{ID: position, Time: int64(l.Time), Kind: int64(l.Kind), Tenant: tenant, Site: site, Account: account,
		Service: cut(l.Service, longest), User: cut(l.User, longest), Source: source, Agent: agent, Result: int64(l.Result), Session: cut(l.Session, longest)}); err != nil {
		return err
	}
	if l.Kind != belwacht.EventRegistration || account == "" || l.Service != "sip" {
		return nil
	}
	seen := int64(l.Time)
	n, err := w.SeeRegistration(ctx, query.SeeRegistrationParams{Seen: seen, Tenant: tenant, Account: account, Source: source, Agent: agent, Site: site})
	if err == nil && n == 0 {
		err = w.AddRegistration(ctx, query.AddRegistrationParams{Tenant: tenant, Site: site, Account: account, Source: source, Agent: agent, Seen: seen})
		if err == nil {
			err = w.TrimRegistrations(ctx, query.TrimRegistrationsParams{Tenant: tenant, Account: account, Most: seenMost})
		}
	}
	if err != nil {
		return err
	}
	n, err = w.SeeDevice(ctx, query.SeeDeviceParams{Seen: seen, Source: source, Tenant: tenant, Account: account, Agent: agent, Site: site})
	if err == nil && n == 0 {
		err = w.AddDevice(ctx, query.AddDeviceParams{Tenant: tenant, Site: site, Account: account, Agent: agent, Source: source, Seen: seen})
		if err == nil {
			err = w.TrimDevices(ctx, query.TrimDevicesParams{Tenant: tenant, Account: account, Most: seenMost})
		}
	}
	if err == nil {
		w.sums.loggedIn(tenant, account, l.Time)
	}
	return err
}

// address reads what write wrote; the zero Addr where there was none.
func address(s string) netip.Addr {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a
}

// Logins implements belwacht.LoginStore.
func (s *Store) Logins(ctx context.Context, q *belwacht.LoginQuery) ([]belwacht.PastLogin, belwacht.Cursor, error) {
	w := windowOf(q.Since, q.Until, q.Page)
	var rows []query.Login
	var err error
	switch {
	case q.User != "" && q.From.IsValid():
		rows, err = s.read.LoginsByUserAndSource(ctx, query.LoginsByUserAndSourceParams{Tenant: q.Tenant, User: q.User, Since: w.since, Before: w.before, Row: w.row,
			Source: q.From.String(), Most: w.most})
	case q.User != "":
		rows, err = s.read.LoginsByUser(ctx, query.LoginsByUserParams{Tenant: q.Tenant, User: q.User, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	case q.From.IsValid():
		rows, err = s.read.LoginsBySource(ctx, query.LoginsBySourceParams{Tenant: q.Tenant, Source: q.From.String(), Since: w.since, Before: w.before, Row: w.row,
			Most: w.most})
	default:
		rows, err = s.read.LoginsByTime(ctx, query.LoginsByTimeParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, loginOf, func(r *query.Login) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID}
	})
}

func loginOf(r *query.Login) (belwacht.PastLogin, error) {
	return belwacht.PastLogin{Kind: belwacht.EventKind(r.Kind), Time: belwacht.Instant(r.Time), Tenant: r.Tenant, Site: r.Site, Account: r.Account,
		Login: belwacht.Login{Service: r.Service, User: r.User, From: address(r.Source), Agent: r.Agent, Result: belwacht.LoginResult(r.Result),
			Session: r.Session}}, nil
}

// Registrations implements belwacht.RegistrationStore.
func (s *Store) Registrations(ctx context.Context, q *belwacht.RegistrationQuery) ([]belwacht.Registration, belwacht.Cursor, error) {
	w := windowOf(0, 0, q.Page)
	from := ""
	if q.From.IsValid() {
		from = q.From.String()
	}
	var rows []query.Registration
	var err error
	switch {
	case q.Account != "":
		rows, err = s.read.RegistrationsByAccount(ctx, query.RegistrationsByAccountParams{Tenant: q.Tenant, Account: q.Account, Before: w.before, Row: w.row,
			Source: from, Most: w.most})
	case from != "":
		rows, err = s.read.RegistrationsBySource(ctx, query.RegistrationsBySourceParams{Tenant: q.Tenant, Source: from, Before: w.before, Row: w.row, Most: w.most})
	default:
		rows, err = s.read.RegistrationsByTime(ctx, query.RegistrationsByTimeParams{Tenant: q.Tenant, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, registrationOf, func(r *query.Registration) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Last), Row: r.ID}
	})
}

func registrationOf(r *query.Registration) (belwacht.Registration, error) {
	return belwacht.Registration{Tenant: r.Tenant, Site: r.Site, Account: r.Account, From: address(r.Source), Agent: r.Agent, First: belwacht.Instant(r.First),
		Last: belwacht.Instant(r.Last), Count: r.Logins}, nil
}

// Devices implements belwacht.DeviceStore.
func (s *Store) Devices(ctx context.Context, tenant, account string, page belwacht.Page) ([]belwacht.Device, belwacht.Cursor, error) {
	w := windowOf(0, 0, page)
	var rows []query.Device
	var err error
	if account != "" {
		rows, err = s.read.DevicesByAccount(ctx, query.DevicesByAccountParams{Tenant: tenant, Account: account, Before: w.before, Row: w.row, Most: w.most})
	} else {
		rows, err = s.read.DevicesByTime(ctx, query.DevicesByTimeParams{Tenant: tenant, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, deviceOf, func(r *query.Device) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Last), Row: r.ID}
	})
}

func deviceOf(r *query.Device) (belwacht.Device, error) {
	return belwacht.Device{Tenant: r.Tenant, Site: r.Site, Account: r.Account, Agent: r.Agent, From: address(r.Source), First: belwacht.Instant(r.First),
		Last: belwacht.Instant(r.Last), Count: r.Logins}, nil
}
