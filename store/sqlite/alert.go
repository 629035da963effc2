package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
	"github.com/belwacht/belwacht/text"
)

type alertRow struct{ alert belwacht.Alert }

type alertChange struct{ change belwacht.IncidentChange }

// PutAlert implements belwacht.AlertStore.
func (s *Store) PutAlert(ctx context.Context, a *belwacht.Alert) error {
	if a.ID == "" || a.First <= 0 {
		return belwacht.Errorf(belwacht.Invalid, "an alert without ID or beginning cannot be kept")
	}
	r := &alertRow{*a}
	r.alert.Numbers = slices.Clone(a.Numbers) // it may grow while it waits
	return s.queue.PutDurable(ctx, r)
}

func (r *alertRow) write(ctx context.Context, w *writing) error {
	a := &r.alert
	body, err := encode(a, a.ID)
	if err != nil {
		return err
	}
	return w.PutAlert(ctx, query.PutAlertParams{Time: int64(a.First), Tenant: cut(a.Tenant, longest), Alert: cut(a.ID, longest),
		Account: cut(a.Account, longest), Cause: cut(a.Cause, longest), Last: int64(max(a.Last, a.First)), Body: body})
}

// ChangeAlert implements belwacht.AlertStore.
func (s *Store) ChangeAlert(ctx context.Context, c *belwacht.IncidentChange) error {
	if err := c.Check(); err != nil {
		return err
	}
	return s.queue.PutDurable(ctx, &alertChange{*c})
}

func (r *alertChange) write(ctx context.Context, w *writing) error {
	c := &r.change
	taken := int64(0)
	if c.State != belwacht.IncidentOpen {
		taken = int64(c.Time)
	}
	who, note, assignee := cut(c.Who, longest), cut(c.Note, longestNote), cut(c.Assignee, longest)
	first, err := w.ChangeAlert(ctx, query.ChangeAlertParams{State: string(c.State), Outcome: string(c.Outcome), Assignee: assignee, Hold: c.Hold, Who: who,
		Note: note, Changed: int64(c.Time), Taken: taken, Tenant: c.Tenant, Alert: c.ID})
	if err != nil {
		return err
	}
	if len(first) == 0 {
		return noAlert(c.ID)
	}
	return w.AddAlertChange(ctx, query.AddAlertChangeParams{Time: int64(c.Time), Tenant: c.Tenant, Alert: c.ID, First: first[0], State: string(c.State),
		Outcome: string(c.Outcome), Assignee: assignee, Hold: c.Hold, Who: who, Note: note})
}

func noAlert(id string) error {
	return belwacht.Errorf(belwacht.NotFound, "there is no alert %q; `belwacht status` lists those that are open", text.Clean(id, 64))
}

func incidentOf(r *query.Alert) (belwacht.Incident, error) {
	i := belwacht.Incident{State: belwacht.IncidentState(r.State), Outcome: belwacht.IncidentOutcome(r.Outcome), Who: r.Who, Note: r.Note,
		Changed: belwacht.Instant(r.Changed), Taken: belwacht.Instant(r.Taken), Assignee: r.Assignee, Hold: r.Hold}
	if err := json.Unmarshal(r.Body, &i.Alert); err != nil {
		return i, belwacht.Errorf(belwacht.Internal, "alert %q cannot be read: %w", text.Clean(r.Alert, 64), err)
	}
	i.ID, i.Tenant = r.Alert, r.Tenant
	return i, nil
}

// Alert implements belwacht.AlertStore.
func (s *Store) Alert(ctx context.Context, tenant, id string) (*belwacht.Incident, error) {
	r, err := s.read.Alert(ctx, query.AlertParams{Tenant: tenant, Alert: id})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, noAlert(id)
	case err != nil:
		return nil, s.unread(err)
	}
	i, err := incidentOf(&r)
	return &i, err
}

// Alerts implements belwacht.AlertStore.
func (s *Store) Alerts(ctx context.Context, q *belwacht.AlertQuery) ([]belwacht.Incident, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	var rows []query.Alert
	var err error
	switch {
	case q.Account != "":
		rows, err = s.read.AlertsByAccount(ctx, query.AlertsByAccountParams{Tenant: q.Tenant, Account: q.Account, Since: w.since, Before: w.before, Row: w.row,
			State: string(q.State), Most: w.most})
	case q.State != "":
		rows, err = s.read.AlertsByState(ctx, query.AlertsByStateParams{Tenant: q.Tenant, State: string(q.State), Since: w.since, Before: w.before, Row: w.row,
			Most: w.most})
	default:
		rows, err = s.read.AlertsByTime(ctx, query.AlertsByTimeParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, incidentOf, func(r *query.Alert) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID}
	})
}

// AlertCounts implements belwacht.AlertStore.
func (s *Store) AlertCounts(ctx context.Context, tenant string) (map[belwacht.IncidentState]int64, error) {
	rows, err := s.read.AlertCounts(ctx, tenant)
	if err != nil {
		return nil, s.unread(err)
	}
	counts := make(map[belwacht.IncidentState]int64, len(rows))
	for _, r := range rows {
		counts[belwacht.IncidentState(r.State)] = r.Alerts
	}
	return counts, nil
}

// AlertHistory implements belwacht.AlertStore.
func (s *Store) AlertHistory(ctx context.Context, tenant, id string, page belwacht.Page) ([]belwacht.IncidentChange, belwacht.Cursor, error) {
	a, err := s.Alert(ctx, tenant, id)
	if err != nil {
		return nil, belwacht.Cursor{}, err
	}
	w := windowOf(0, 0, page)
	rows, err := s.read.AlertHistory(ctx, query.AlertHistoryParams{Tenant: tenant, Alert: id, First: int64(a.First), Before: w.before, Row: w.row, Most: w.most})
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, func(r *query.AlertChange) (belwacht.IncidentChange, error) {
		return belwacht.IncidentChange{Tenant: r.Tenant, ID: r.Alert, State: belwacht.IncidentState(r.State), Outcome: belwacht.IncidentOutcome(r.Outcome),
			Assignee: r.Assignee, Hold: r.Hold, Who: r.Who, Note: r.Note, Time: belwacht.Instant(r.Time)}, nil
	}, func(r *query.AlertChange) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID}
	})
}
