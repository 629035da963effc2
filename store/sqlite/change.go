package sqlite

import (
	"context"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

type changeRows struct{ list []belwacht.Change }

// AddChanges implements belwacht.ChangeStore.
func (s *Store) AddChanges(ctx context.Context, list []belwacht.Change) error {
	for i := range list {
		if err := list[i].Check(); err != nil {
			return err
		}
	}
	return s.queue.PutDurable(ctx, &changeRows{slices.Clone(list)})
}

func (r *changeRows) write(ctx context.Context, w *writing) error {
	for i := range r.list {
		if err := w.change(ctx, &r.list[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) change(ctx context.Context, c *belwacht.Change) error {
	return w.AddChange(ctx, query.AddChangeParams{Time: int64(c.Time), Kind: string(c.Kind), Tenant: cut(c.Tenant, longest), Site: cut(c.Site, longest),
		What: cut(c.What, longest), Was: cut(c.Before, longestNote), IsNow: cut(c.After, longestNote), Who: cut(c.Who, longest)})
}

func changeOf(r *query.Change) (belwacht.Change, error) {
	return belwacht.Change{Kind: belwacht.ChangeKind(r.Kind), Time: belwacht.Instant(r.Time), Tenant: r.Tenant, Site: r.Site, What: r.What, Before: r.Was, After: r.IsNow,
		Who: r.Who}, nil
}

// Changes implements belwacht.ChangeStore.
func (s *Store) Changes(ctx context.Context, q *belwacht.ChangeQuery) ([]belwacht.Change, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	var rows []query.Change
	var err error
	if q.Kind != "" {
		rows, err = s.read.ChangesByKind(ctx, query.ChangesByKindParams{Kind: string(q.Kind), Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	} else {
		rows, err = s.read.ChangesByTime(ctx, query.ChangesByTimeParams{Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, changeOf, func(r *query.Change) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID}
	})
}
