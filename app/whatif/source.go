package whatif

import (
	"cmp"
	"context"
	"slices"

	"github.com/belwacht/belwacht"
)

// What is read at a time: so many calls are wished for, in a window that grows and shrinks with them.
const (
	pieceCalls  = 2000
	windowMost  = belwacht.Day
	windowLeast = 5 * belwacht.Minute
	windowFirst = belwacht.Hour
)

// happened is one thing to be played: a call, or an event that is no call's.
type happened struct {
	at    belwacht.Instant
	call  *belwacht.PastCall
	event *belwacht.Event
}

// source reads what happened to an organisation, in order, in pieces.
type source struct {
	store  Store
	tenant string
	from   belwacht.Instant // where the next piece begins
	until  belwacht.Instant
	window belwacht.Instant
}

// next is the next piece, empty where nothing happened in it, nil at the end.
func (s *source) next(ctx context.Context) ([]happened, error) {
	if s.from >= s.until {
		return nil, nil
	}
	if s.window == 0 {
		s.window = windowFirst
	}
	end := min(s.from+s.window, s.until)
	calls, err := pages(func(p belwacht.Page) ([]belwacht.PastCall, belwacht.Cursor, error) {
		return s.store.Calls(ctx, &belwacht.CallQuery{Tenant: s.tenant, From: s.from, Until: end, Page: p})
	})
	if err != nil {
		return nil, err
	}
	list := make([]happened, 0, len(calls))
	for i := range calls {
		list = append(list, happened{at: calls[i].Start, call: &calls[i]})
	}
	more, err := s.events(ctx, end)
	if err != nil {
		return nil, err
	}
	list = append(list, more...)
	slices.SortStableFunc(list, func(a, b happened) int { return cmp.Compare(a.at, b.at) })
	s.from = end
	switch {
	case len(list) > 2*pieceCalls:
		s.window = max(s.window/2, windowLeast)
	case len(list) < pieceCalls/2:
		s.window = min(s.window*2, windowMost)
	}
	return list, nil
}

// events are log-ins at the PBX, locks and panic, changes of the PBX and gaps of its feed.
func (s *source) events(ctx context.Context, end belwacht.Instant) ([]happened, error) {
	var list []happened
	logins, err := pages(func(p belwacht.Page) ([]belwacht.PastLogin, belwacht.Cursor, error) {
		return s.store.Logins(ctx, &belwacht.LoginQuery{Tenant: s.tenant, Since: s.from, Until: end, Page: p})
	})
	if err != nil {
		return nil, err
	}
	for i := range logins {
		l := &logins[i]
		if l.Site == "" { // at Belwacht itself
			continue
		}
		list = append(list, happened{l.Time, nil, &belwacht.Event{Kind: l.Kind, Source: belwacht.SourcePBX, Time: l.Time, Tenant: l.Tenant, Site: l.Site, Account: l.Account, Login: &l.Login}})
	}
	for _, kind := range []belwacht.EventKind{belwacht.EventInForce, belwacht.EventConfigChange, belwacht.EventFeedGap} {
		events, err := pages(func(p belwacht.Page) ([]belwacht.PastEvent, belwacht.Cursor, error) {
			return s.store.Events(ctx, &belwacht.EventQuery{Tenant: s.tenant, Kind: kind, From: s.from, Until: end, Page: p})
		})
		if err != nil {
			return nil, err
		}
		for i := range events {
			list = append(list, happened{events[i].Time, nil, &events[i].Event})
		}
	}
	return list, nil
}

// pages reads all pages of a list and turns it round: the oldest first.
func pages[T any](read func(belwacht.Page) ([]T, belwacht.Cursor, error)) ([]T, error) {
	var all []T
	p := belwacht.Page{Most: belwacht.PageMost}
	for {
		list, next, err := read(p)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if next.IsZero() {
			slices.Reverse(all)
			return all, nil
		}
		p.After = next
	}
}
