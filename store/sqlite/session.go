package sqlite

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

type sessionRow struct{ session belwacht.Session }

type sessionGone struct{ id string }

type sessionSeen struct {
	id string
	at belwacht.Instant
}

// PutSession implements belwacht.SessionStore.
func (s *Store) PutSession(ctx context.Context, v *belwacht.Session) error {
	if v.ID == "" || v.Sum == "" || v.Until <= v.Begun {
		return belwacht.Errorf(belwacht.Invalid, "a session has an ID, a token and an end")
	}
	return s.queue.PutDurable(ctx, &sessionRow{*v})
}

func (r *sessionRow) write(ctx context.Context, q *writing) error {
	v := &r.session
	return q.PutSession(ctx, query.PutSessionParams{ID: v.ID, User: v.User, Stage: string(v.Stage), Begun: int64(v.Begun), Seen: int64(v.Seen),
		Until: int64(v.Until), Proved: int64(v.Proved), Source: cut(v.From, longest), Agent: cut(v.Agent, longest), Means: v.Means, Local: v.Local, Sum: v.Sum})
}

// EndSession implements belwacht.SessionStore.
func (s *Store) EndSession(ctx context.Context, id string) error {
	return s.queue.PutDurable(ctx, &sessionGone{id})
}

func (r *sessionGone) write(ctx context.Context, q *writing) error {
	return q.EndSession(ctx, r.id)
}

// SeenSession implements belwacht.SessionStore.
func (s *Store) SeenSession(id string, at belwacht.Instant) { s.queue.Put(&sessionSeen{id, at}) }

func (r *sessionSeen) write(ctx context.Context, q *writing) error {
	return q.SeenSession(ctx, query.SeenSessionParams{Seen: int64(r.at), ID: r.id})
}

// Sessions implements belwacht.SessionStore.
func (s *Store) Sessions(ctx context.Context, at belwacht.Instant) ([]belwacht.Session, error) {
	rows, err := s.read.Sessions(ctx, int64(at))
	if err != nil {
		return nil, s.unread(err)
	}
	list := make([]belwacht.Session, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		list = append(list, belwacht.Session{ID: r.ID, User: r.User, Stage: belwacht.Stage(r.Stage), Begun: belwacht.Instant(r.Begun),
			Seen: belwacht.Instant(r.Seen), Until: belwacht.Instant(r.Until), Proved: belwacht.Instant(r.Proved), From: r.Source, Agent: r.Agent,
			Means: r.Means, Local: r.Local, Sum: r.Sum})
	}
	return list, nil
}
