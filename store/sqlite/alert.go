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

func (r *alertRow) write(ctx context.Context, q *query.Queries) error {
	a := &r.alert
	body, err := encode(a, a.ID)
	if err != nil {
		return err
	}
	return q.PutAlert(ctx, query.PutAlertParams{Time: int64(a.First), Tenant: cut(a.Tenant, longest), Alert: cut(a.ID, longest), Body: body})
}

// ChangeAlert implements belwacht.AlertStore.
func (s *Store) ChangeAlert(ctx context.Context, c *belwacht.IncidentChange) error {
	if err := c.Check(); err != nil {
		return err
	}
	return s.queue.PutDurable(ctx, &alertChange{*c})
}

func (r *alertChange) write(ctx context.Context, q *query.Queries) error {
	c := &r.change
	n, err := q.ChangeAlert(ctx, query.ChangeAlertParams{State: string(c.State), Outcome: string(c.Outcome), Who: cut(c.Who, longest),
		Note: cut(c.Note, longestNote), Changed: int64(c.Time), Tenant: c.Tenant, Alert: c.ID})
	if err == nil && n == 0 {
		return noAlert(c.ID)
	}
	return err
}

func noAlert(id string) error {
	return belwacht.Errorf(belwacht.NotFound, "there is no alert %q; `belwacht status` lists those that are open", text.Clean(id, 64))
}

func incidentOf(r *query.Alert) (belwacht.Incident, error) {
	i := belwacht.Incident{State: belwacht.IncidentState(r.State), Outcome: belwacht.IncidentOutcome(r.Outcome), Who: r.Who, Note: r.Note,
		Changed: belwacht.Instant(r.Changed)}
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
	if q.State != "" {
		rows, err = s.read.AlertsByState(ctx, query.AlertsByStateParams{Tenant: q.Tenant, State: string(q.State), Since: w.since, Before: w.before, Row: w.row,
			Most: w.most})
	} else {
		rows, err = s.read.AlertsByTime(ctx, query.AlertsByTimeParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, incidentOf, func(r *query.Alert) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID}
	})
}
