package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// Barrer says who is turned away at Belwacht's own listeners, and lets them try again.
type Barrer interface {
	Banned() []Ban
	// Free lets one try again, by its key; "" means all.
	Free(key string) error
}

// Ban is somebody who is turned away.
type Ban struct {
	At      string           `json:"at" enum:"console,ask,fail2ban" doc:"console: must wait at the console and the API; ask: each question with a wrong secret is turned away; fail2ban: was named to it"`
	Key     string           `json:"key,omitempty" doc:"by which it is undone; missing = there is nothing of ours to undo"`
	Subject string           `json:"subject" doc:"an address, or a name that was tried"`
	Why     string           `json:"why,omitempty"`
	Count   int64            `json:"count"`
	Last    belwacht.Instant `json:"last"`
	Until   belwacht.Instant `json:"until,omitzero"`
}

// describeBans adds the operations on who is turned away.
func (s *server) describeBans() {
	if s.Barrer == nil {
		return
	}
	op := func(id, method, need, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: Path + "/bans", Summary: summary, Metadata: map[string]any{right: need}}
	}
	huma.Register(s.api, op("bans", http.MethodGet, string(access.BansRead), "Who is turned away at Belwacht's own listeners"), s.bans)
	huma.Register(s.api, op("undo-ban", http.MethodDelete, string(access.BansUndo), "Let one try again, or all"), s.undoBan)
}

// whole refuses who may see some organisations only: bans are the whole machine's.
func whole(ctx context.Context) error {
	if VisitorOf(ctx).Tenants != nil {
		return problem(belwacht.Errorf(belwacht.Forbidden, "bans are those of the whole machine, of which you may see some organisations only"))
	}
	return nil
}

func (s *server) bans(ctx context.Context, _ *struct{}) (*page[Ban], error) {
	if err := whole(ctx); err != nil {
		return nil, err
	}
	return paged("belwacht.bans/1", s.Barrer.Banned(), belwacht.Cursor{}, nil)
}

func (s *server) undoBan(ctx context.Context, in *struct {
	Key string `query:"key" maxLength:"400" doc:"of one; missing = all, and then all=true is needed"`
	All bool   `query:"all"`
}) (*page[Ban], error) {
	if err := whole(ctx); err != nil {
		return nil, err
	}
	deed := &access.Deed{Act: access.BanUndo}
	switch {
	case in.Key == "" && !in.All:
		return nil, problem(belwacht.Errorf(belwacht.Invalid, "say whose ban is to be undone by key, or all=true"))
	case in.Key == "":
		deed.Act = access.BansClear
	}
	for _, b := range s.Barrer.Banned() {
		if b.Key == in.Key && in.Key != "" {
			deed.Subject = text.Clean(b.Subject, 80)
		}
	}
	if err := Do(ctx, s.Deeds, deed, func() error { return s.Barrer.Free(in.Key) }); err != nil {
		return nil, problem(err)
	}
	return s.bans(ctx, nil)
}
