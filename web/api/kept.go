package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// page is an answer with a page of a list, and where the next begins.
type page[T any] struct {
	Body struct {
		Schema string          `json:"schema"`
		List   []T             `json:"list"`
		Next   belwacht.Cursor `json:"next,omitzero" doc:"give it as after for the next page; missing = nothing follows"`
	}
}

func paged[T any](schema string, list []T, next belwacht.Cursor, err error) (*page[T], error) {
	if err != nil {
		return nil, problem(err)
	}
	p := &page[T]{}
	p.Body.Schema, p.Body.List, p.Body.Next = schema, append([]T{}, list...), next
	return p, nil
}

// Paging is asked with every list.
type Paging struct {
	Tenant string `query:"tenant" maxLength:"256"`
	After  string `query:"after" maxLength:"60" doc:"the next of the page before"`
	Most   int    `query:"most" minimum:"1" maximum:"1000" default:"100"`
}

func (p *Paging) page() (belwacht.Page, error) {
	out := belwacht.Page{Most: p.Most}
	err := out.After.UnmarshalText([]byte(p.After))
	return out, problem(err)
}

type alertsInput struct {
	Paging
	State string `query:"state" enum:"open,taken,closed"`
}

type callsInput struct {
	Paging
	Account string `query:"account" maxLength:"256"`
	From    string `query:"from" doc:"RFC 3339"`
	Until   string `query:"until" doc:"RFC 3339"`
}

type accountsInput struct {
	Paging
	Begins string `query:"begins" maxLength:"256"`
}

type changeInput struct {
	ID     string `path:"id" maxLength:"64"`
	Tenant string `query:"tenant" maxLength:"256"`
	Body   struct {
		State   belwacht.IncidentState   `json:"state" enum:"open,taken,closed"`
		Outcome belwacht.IncidentOutcome `json:"outcome,omitempty" enum:"fraud,innocent,test,unclear"`
		Note    string                   `json:"note,omitempty" maxLength:"1000"`
	}
}

type oneInput struct {
	ID     string `path:"id" maxLength:"64"`
	Tenant string `query:"tenant" maxLength:"256"`
}

type incident struct{ Body *belwacht.Incident }

// describe adds the operations on what is kept.
func (s *server) describe() {
	op := func(id, method, path, need, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: Path + path, Summary: summary, MaxBodyBytes: 64 << 10, Metadata: map[string]any{right: need}}
	}
	if s.Alerts != nil {
		huma.Register(s.api, op("alerts", http.MethodGet, "/alerts", "alerts.read", "Alerts, newest first"), s.alerts)
		huma.Register(s.api, op("alert", http.MethodGet, "/alerts/{id}", "alerts.read", "One alert"), s.alert)
		huma.Register(s.api, op("change-alert", http.MethodPost, "/alerts/{id}", "alerts.write", "Take, note or close an alert"), s.change)
	}
	if s.Calls != nil {
		huma.Register(s.api, op("past-calls", http.MethodGet, "/past-calls", "calls.export", "Calls that are over, newest first"), s.calls)
	}
	if s.Accounts != nil {
		huma.Register(s.api, op("accounts", http.MethodGet, "/accounts", "calls.read", "Accounts, last used first"), s.accounts)
	}
}

func (s *server) alerts(ctx context.Context, in *alertsInput) (*page[belwacht.Incident], error) {
	p, err := in.page()
	if err != nil {
		return nil, err
	}
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	list, next, err := s.Alerts.Alerts(ctx, &belwacht.AlertQuery{Tenant: of, State: belwacht.IncidentState(in.State), Page: p})
	for i := range list {
		list[i] = *shown(&list[i])
	}
	return paged("belwacht.alerts/1", list, next, err)
}

func (s *server) alert(ctx context.Context, in *oneInput) (*incident, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	x, err := s.Alerts.Alert(ctx, of, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &incident{shown(x)}, nil
}

func (s *server) change(ctx context.Context, in *changeInput) (*incident, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	x, err := s.Alerts.Alert(ctx, of, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	c := x.Change(VisitorOf(ctx).Name, s.Now())
	c.State, c.Outcome, c.Note = in.Body.State, in.Body.Outcome, in.Body.Note
	if err := c.Check(); err != nil {
		return nil, problem(err)
	}
	deed := &access.Deed{Act: access.AlertWork, Tenant: of, Subject: "alert " + text.Clean(in.ID, 60), Detail: strings.TrimSpace(string(c.State) + " " + string(c.Outcome))}
	if err := Do(ctx, s.Deeds, deed, func() error { return s.Alerts.ChangeAlert(ctx, c) }); err != nil {
		return nil, problem(err)
	}
	return s.alert(ctx, &oneInput{ID: in.ID, Tenant: in.Tenant})
}

// shown is an alert as the API tells it: its numbers masked.
func shown(x *belwacht.Incident) *belwacht.Incident {
	y := *x
	y.Numbers = make([]string, len(x.Numbers))
	for i, n := range x.Numbers {
		y.Numbers[i] = text.Mask(n)
	}
	y.Reason, y.ReasonNL, y.Note = text.MaskProse(x.Reason), text.MaskProse(x.ReasonNL), text.MaskProse(x.Note)
	return &y
}

// pastCall is a call as the API tells it, its number masked. Who was called on a helpline is nobody's business.
type pastCall struct {
	ID        string             `json:"id"`
	Account   string             `json:"account"`
	Direction belwacht.Direction `json:"direction"`
	Number    string             `json:"number,omitempty"`
	Country   belwacht.Country   `json:"country,omitzero"`
	Class     belwacht.Class     `json:"class"`
	Start     belwacht.Instant   `json:"start"`
	Talk      int64              `json:"talk_seconds"`
	Cost      float64            `json:"cost"`
	Decision  belwacht.Word      `json:"decision"`
	Cause     string             `json:"cause,omitempty"`
}

func (s *server) calls(ctx context.Context, in *callsInput) (*page[pastCall], error) {
	p, err := in.page()
	if err != nil {
		return nil, err
	}
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	q := &belwacht.CallQuery{Tenant: of, Account: in.Account, Page: p}
	if err := first(q.From.UnmarshalText([]byte(in.From)), q.Until.UnmarshalText([]byte(in.Until))); err != nil {
		return nil, problem(err)
	}
	took := strings.Join(strings.Fields("account "+text.Mask(in.Account)+" from "+text.Clean(in.From, 40)+" until "+text.Clean(in.Until, 40)+" after "+text.Clean(in.After, 60)), " ")
	if err := Do(ctx, s.Deeds, &access.Deed{Act: access.CallsTake, Tenant: of, Subject: "calls by the API", Detail: took}, func() error { return nil }); err != nil {
		return nil, problem(err)
	}
	list, next, err := s.Calls.Calls(ctx, q)
	var out []pastCall
	for i := range list {
		c := &list[i]
		x := pastCall{c.ID, c.Account, c.Direction, text.Mask(c.Number.String()), c.Country, c.Class, c.Start, c.Talk, c.Cost.Float(), c.Word, c.Cause}
		if c.Class == belwacht.ClassSocial {
			x.Number = ""
		}
		out = append(out, x)
	}
	return paged("belwacht.past-calls/1", out, next, err)
}

// first is the first of two errors that is one.
func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (s *server) accounts(ctx context.Context, in *accountsInput) (*page[belwacht.KnownAccount], error) {
	p, err := in.page()
	if err != nil {
		return nil, err
	}
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	list, next, err := s.Accounts.Accounts(ctx, &belwacht.AccountQuery{Tenant: of, Begins: in.Begins, Page: p})
	return paged("belwacht.accounts/1", list, next, err)
}
