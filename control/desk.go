package control

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
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
	err := s.cfg.Desk.Take(ctx, in.Body.Tenant, in.Body.ID, s.who(ctx))
	s.changed(ctx, "take", err, "alert", text.Clean(in.Body.ID, 60))
	return &answer[Taken]{Taken{TakenSchema, in.Body.ID}}, problem(err)
}

func (s *Server) silences(ctx context.Context, _ *struct{}) (*answer[Silences], error) {
	list, err := s.cfg.Desk.Silences(ctx)
	return &answer[Silences]{Silences{SilencesSchema, append([]belwacht.Silence{}, list...)}}, problem(err)
}

func (s *Server) silence(ctx context.Context, in *struct{ Body SilenceRequest }) (*answer[Silences], error) {
	b := &in.Body
	err := s.cfg.Desk.Silence(ctx, &belwacht.Silence{Tenant: b.Tenant, Account: b.Account, Cause: b.Cause, Until: b.Until, Who: s.who(ctx), Why: b.Why})
	s.changed(ctx, "silence", err, "account", text.Mask(b.Account), "cause", text.Clean(b.Cause, 60), "until", b.Until.String())
	if err != nil {
		return nil, problem(err)
	}
	return s.silences(ctx, nil)
}

func (s *Server) endSilence(ctx context.Context, in *struct {
	ID string `query:"id" required:"true" minLength:"1" maxLength:"64"`
}) (*answer[Silences], error) {
	err := s.cfg.Desk.Silence(ctx, &belwacht.Silence{ID: in.ID, Who: s.who(ctx)})
	s.changed(ctx, "end-silence", err, "id", text.Clean(in.ID, 40))
	if err != nil {
		return nil, problem(err)
	}
	return s.silences(ctx, nil)
}
