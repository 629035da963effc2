package control

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// Silences are those that hold.
type Silences struct {
	Schema   string             `json:"schema"`
	Silences []belwacht.Silence `json:"silences"`
}

// SilenceRequest makes a silence.
type SilenceRequest struct {
	Tenant  string           `json:"tenant,omitempty" maxLength:"256" doc:"empty where there is one organisation"`
	Account string           `json:"account,omitempty" maxLength:"256" doc:"empty = all; one of the two is given"`
	Cause   string           `json:"cause,omitempty" maxLength:"256" doc:"empty = all"`
	Until   belwacht.Instant `json:"until" doc:"it always ends, after 30 days at most"`
	Why     string           `json:"why" minLength:"1" maxLength:"256" doc:"reason, in words"`
}

// TakeRequest names an alert.
type TakeRequest struct {
	Tenant string `json:"tenant,omitempty" maxLength:"256" doc:"empty where there is one organisation"`
	ID     string `json:"id" minLength:"1" maxLength:"256" doc:"of the alert"`
}

// Taken says that somebody looks after an alert.
type Taken struct {
	Schema string `json:"schema"`
	ID     string `json:"id"`
}

// describeDesk adds the operations of who is told.
func (s *Server) describeDesk() {
	huma.Register(s.api, s.operation("take-alert", http.MethodPost, "/alerts/take", "alerts.write", "Say that you look after an alert"), s.take)
	huma.Register(s.api, s.operation("silences", http.MethodGet, "/silences", "alerts.read", "Silences that hold"), s.silences)
	huma.Register(s.api, s.operation("silence", http.MethodPost, "/silences", "alerts.silence", "Stop telling some alerts for a time; nothing else stops"), s.silence)
	huma.Register(s.api, s.operation("end-silence", http.MethodDelete, "/silences", "alerts.silence", "End a silence"), s.endSilence)
}

func (s *Server) take(ctx context.Context, in *struct{ Body TakeRequest }) (*answer[Taken], error) {
	id := text.Clean(in.Body.ID, 60)
	tenant, err := s.tenant(ctx, in.Body.Tenant)
	if err != nil {
		return nil, err
	}
	deed := &access.Deed{Act: access.AlertWork, Tenant: tenant, Subject: "alert " + id, Detail: "take"}
	err = s.do(ctx, "take", deed, func() error { return s.cfg.Desk.Take(ctx, tenant, in.Body.ID, s.who(ctx)) }, "alert", id)
	return &answer[Taken]{Taken{TakenSchema, in.Body.ID}}, err
}

func (s *Server) silences(ctx context.Context, _ *struct{}) (*answer[Silences], error) {
	list, err := s.cfg.Desk.Silences(ctx)
	list = slices.DeleteFunc(append([]belwacht.Silence{}, list...), func(x belwacht.Silence) bool { return !s.sees(ctx, x.Tenant) })
	return &answer[Silences]{Silences{SilencesSchema, list}}, problem(err)
}

func (s *Server) silence(ctx context.Context, in *struct{ Body SilenceRequest }) (*answer[Silences], error) {
	b := &in.Body
	tenant, err := s.tenant(ctx, b.Tenant)
	if err != nil {
		return nil, err
	}
	account, cause := text.Mask(b.Account), text.Clean(b.Cause, 60)
	deed := &access.Deed{Act: access.AlertSilence, Tenant: tenant, Subject: strings.TrimSpace(account + " " + cause), Detail: "until " + b.Until.String(), Why: text.Clean(b.Why, 256)}
	if err := s.do(ctx, "silence", deed, func() error {
		return s.cfg.Desk.Silence(ctx, &belwacht.Silence{Tenant: tenant, Account: b.Account, Cause: b.Cause, Until: b.Until, Who: s.who(ctx), Why: b.Why})
	}, "account", account, "cause", cause, "until", b.Until.String()); err != nil {
		return nil, err
	}
	return s.silences(ctx, nil)
}

func (s *Server) endSilence(ctx context.Context, in *struct {
	ID string `query:"id" required:"true" minLength:"1" maxLength:"64"`
}) (*answer[Silences], error) {
	list, err := s.silences(ctx, nil)
	if err != nil {
		return nil, err
	}
	id, tenant := text.Clean(in.ID, 40), ""
	i := slices.IndexFunc(list.Body.Silences, func(x belwacht.Silence) bool { return x.ID == in.ID })
	switch {
	case i >= 0:
		tenant = list.Body.Silences[i].Tenant
	case s.asker != nil:
		return nil, problem(belwacht.Errorf(belwacht.NotFound, "there is no silence %s", id))
	}
	deed := &access.Deed{Act: access.SilenceEnd, Tenant: tenant, Subject: "silence " + id}
	if err := s.do(ctx, "end-silence", deed, func() error { return s.cfg.Desk.Silence(ctx, &belwacht.Silence{ID: in.ID, Who: s.who(ctx)}) }, "id", id); err != nil {
		return nil, err
	}
	return s.silences(ctx, nil)
}
