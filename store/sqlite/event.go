package sqlite

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// eventsAtOnce is how many events are read at a time: a reader that stays open would keep the write-ahead log from being emptied.
const eventsAtOnce = 1000

// eventRow is an event with the position it was given.
type eventRow struct {
	position uint64
	event    belwacht.Event
	login    belwacht.Login
}

// AppendEvent implements belwacht.EventStore.
func (s *Store) AppendEvent(e *belwacht.Event) uint64 {
	r := &eventRow{event: *e}
	if e.Login != nil {
		r.login = *e.Login
		r.event.Login = &r.login
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.position++
	r.position = s.position
	s.queue.Put(r)
	return r.position
}

// LastEvent implements belwacht.EventStore.
func (s *Store) LastEvent() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position
}

func (r *eventRow) write(ctx context.Context, w *writing) error {
	e := &r.event
	err := w.AddEvent(ctx, query.AddEventParams{Position: int64(r.position), Time: int64(e.Time), Kind: int64(e.Kind), Source: int64(e.Source), Late: e.Late,
		Sequence: int64(e.Sequence), Tenant: cut(e.Tenant, longest), Site: cut(e.Site, longest), Call: cut(e.Call, longest), Direction: int64(e.Direction),
		Lineage: int64(e.Lineage), Account: cut(e.Account, longest), Root: cut(e.Root, longest), Trunk: cut(e.Trunk, longest), Caller: cut(e.Caller, longest),
		Dialled: cut(e.Dialled, longest), Talk: e.Talk, Disposition: int64(e.Disposition)})
	if err == nil && e.Kind == belwacht.EventConfigChange && e.Call != "" {
		err = w.change(ctx, &belwacht.Change{Kind: belwacht.ChangePBX, Time: e.Time, Tenant: e.Tenant, Site: e.Site, What: e.Call, Who: "the PBX"})
	}
	if err != nil || e.Login == nil {
		return err
	}
	return w.login(ctx, int64(r.position), &belwacht.PastLogin{Login: *e.Login, Kind: e.Kind, Time: e.Time, Tenant: e.Tenant, Site: e.Site, Account: e.Account})
}

// EventsAfter implements belwacht.EventStore. It reads in pieces, and sees what was written while it read.
func (s *Store) EventsAfter(ctx context.Context, position uint64, yield func(uint64, *belwacht.Event) error) error {
	for {
		rows, err := s.read.EventsAfter(ctx, query.EventsAfterParams{Position: int64(position), Most: eventsAtOnce})
		if err != nil {
			return s.unread(err)
		}
		for i := range rows {
			e := eventOf(&rows[i])
			position = uint64(rows[i].Event.Position)
			if err := yield(position, &e); err != nil {
				return err
			}
		}
		if len(rows) < eventsAtOnce {
			return nil
		}
	}
}

func eventOf(r *query.EventsAfterRow) belwacht.Event {
	e := plainEvent(&r.Event)
	if r.Login.Valid {
		e.Login = &belwacht.Login{Service: r.Service.String, User: r.User.String, From: address(r.Address.String), Agent: r.Agent.String,
			Result: belwacht.LoginResult(r.Result.Int64), Session: r.Session.String}
	}
	return e
}

// plainEvent is an event without its log-in.
func plainEvent(x *query.Event) belwacht.Event {
	return belwacht.Event{Kind: belwacht.EventKind(x.Kind), Source: belwacht.Source(x.Source), Late: x.Late, Time: belwacht.Instant(x.Time),
		Sequence: uint64(x.Sequence), Tenant: x.Tenant, Site: x.Site, Call: x.Call, Direction: belwacht.Direction(x.Direction),
		Lineage: belwacht.Lineage(x.Lineage), Account: x.Account, Root: x.Root, Trunk: x.Trunk, Caller: x.Caller, Dialled: x.Dialled, Talk: x.Talk,
		Disposition: belwacht.Disposition(x.Disposition)}
}

func pastEventOf(r *query.Event) (belwacht.PastEvent, error) {
	return belwacht.PastEvent{Event: plainEvent(r), Position: uint64(r.Position)}, nil
}

// Events implements belwacht.EventStore.
func (s *Store) Events(ctx context.Context, q *belwacht.EventQuery) ([]belwacht.PastEvent, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	var rows []query.Event
	var err error
	if q.Kind > belwacht.EventEnd {
		rows, err = s.read.EventsByKind(ctx, query.EventsByKindParams{Tenant: q.Tenant, Kind: int64(q.Kind), Since: w.since, Before: w.before, Row: w.row, Most: w.most})
	} else {
		rows, err = s.read.EventsByTime(ctx, query.EventsByTimeParams{Tenant: q.Tenant, Since: w.since, Before: w.before, Row: w.row, Kind: int64(q.Kind), Most: w.most})
	}
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return pageOf(rows, w.most, pastEventOf, func(r *query.Event) belwacht.Cursor {
		return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.Position}
	})
}

// unread is the sentence for a query that failed.
func (s *Store) unread(err error) error {
	return belwacht.Errorf(belwacht.Unreachable, "%s could not be read: %w", s.path, err)
}
