package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
)

// Player plays what other settings would have done, in the background and within the bounds of the console's page. Its methods may be called from many goroutines.
type Player interface {
	// Play has one change played that has not been yet, and returns its ID at once. An error of code Invalid says what is wrong with it.
	Play(tenant string, c WhatIf) (id string, err error)
	// Plays are all that wait, are played or were, the newest last.
	Plays(tenant string) []Played
	// Cancel ends one that waits or is played. An error of code NotFound where it does neither.
	Cancel(tenant, id string) error
}

// WhatIf is one setting otherwise: the switch of a rule, or one value of a limit.
type WhatIf struct {
	Rule   string `json:"rule,omitempty" maxLength:"100"`
	Switch string `json:"switch,omitempty" enum:"off,monitor,enforce"`
	Scope  string `json:"scope,omitempty" maxLength:"256" doc:"of a limit: organisation, group NAME, trunk NAME, or an extension"`
	Key    string `json:"key,omitempty" maxLength:"60" doc:"of a limit, as the configuration has it: money_per_day"`
	Value  string `json:"value,omitempty" maxLength:"400" doc:"of a limit, as the configuration has it: EUR 20; missing = without that limit"`
}

// Played is one that was asked for.
type Played struct {
	ID       string        `json:"id"`
	Change   WhatIf        `json:"change"`
	State    string        `json:"state" enum:"waiting,playing,done,failed"`
	Progress float64       `json:"progress,omitempty" doc:"of what is being played, 0 to 1"`
	Failed   string        `json:"failed,omitempty"`
	Result   *WhatIfResult `json:"result,omitempty"`
}

// WhatIfResult is what a change would have done in the last 90 days.
type WhatIfResult struct {
	From     belwacht.Instant `json:"from"`
	Until    belwacht.Instant `json:"until"`
	Calls    int64            `json:"calls" doc:"to outside in that time"`
	More     Tally            `json:"more" doc:"stopped by the change, and not by the settings in force"`
	Fewer    Tally            `json:"fewer" doc:"stopped by the settings in force, and not by the change"`
	Alerts   int64            `json:"alerts" doc:"more, or fewer where it is negative"`
	Unplayed int64            `json:"unplayed,omitempty" doc:"calls whose number is kept no more"`
	Supposed bool             `json:"supposed,omitempty" doc:"played as if Belwacht enforced, which it does not now"`
	Names    []WhatIfCall     `json:"names" doc:"the dearest, at most 100; their numbers masked"`
	Avoids   []string         `json:"avoids,omitempty" doc:"IDs of calls that were stopped wrongly, as people said, and would not have been"`
}

// Tally is what some calls come to. Money is of the organisation's currency.
type Tally struct {
	Calls int64   `json:"calls"`
	Cost  float64 `json:"cost" doc:"of more: what stopping them would have saved; of fewer: what they cost where they went through"`
	Risk  float64 `json:"risk,omitempty" doc:"of fewer: what was at risk in those that never went through"`
	Fraud int64   `json:"fraud,omitempty" doc:"of them a person said so"`
	Fine  int64   `json:"fine,omitempty" doc:"of them a person said that they were fine"`
}

// WhatIfCall is a call that would have gone another way.
type WhatIfCall struct {
	ID      string           `json:"id"`
	Start   belwacht.Instant `json:"start"`
	Account string           `json:"account"`
	Number  string           `json:"number,omitempty"` // masked; "" = of a helpline
	Country belwacht.Country `json:"country,omitzero"`
	Stopped bool             `json:"stopped" doc:"by the change; else let through by it"`
	Cause   string           `json:"cause"`
	Money   float64          `json:"money"`
}

type playInput struct {
	Tenant string `query:"tenant" maxLength:"256"`
	Body   WhatIf
}

type playOutput struct {
	Location string `header:"Location" doc:"where its progress and result are"`
	Body     Played
}

// describeWhatIf adds the operations on what other settings would have done.
func (s *server) describeWhatIf() {
	if s.Player == nil {
		return
	}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: Path + "/what-if" + path, Summary: summary, MaxBodyBytes: 16 << 10, Metadata: map[string]any{right: string(web.SeeSettings)}}
	}
	start := op("play-what-if", http.MethodPost, "", "Have a setting played on the calls of the last 90 days")
	start.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, start, s.playWhatIf)
	huma.Register(s.api, op("what-ifs", http.MethodGet, "", "What was asked for and what came of it, the newest last; kept until the configuration or the day changes"), s.whatIfs)
	huma.Register(s.api, op("what-if", http.MethodGet, "/{id}", "How one stands, and what came of it"), s.whatIf)
	huma.Register(s.api, op("cancel-what-if", http.MethodDelete, "/{id}", "End one that waits or is played"), s.cancelWhatIf)
}

func (s *server) playWhatIf(ctx context.Context, in *playInput) (*playOutput, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	c := in.Body
	if (c.Rule == "") == (c.Key == "") || c.Rule != "" && (c.Switch == "" || c.Scope+c.Value != "") || c.Key != "" && (c.Scope == "" || c.Switch != "") {
		return nil, problem(belwacht.Errorf(belwacht.Invalid, "name a rule and its switch, or the scope and key of a limit with its value"))
	}
	id, err := s.Player.Play(of, c)
	if err != nil {
		return nil, problem(err)
	}
	x, err := s.played(of, id)
	if err != nil {
		return nil, problem(err)
	}
	out := &playOutput{Location: Path + "/what-if/" + id, Body: *x}
	if of != (Asker{}).Only(ctx) { // which is meant where none is named
		out.Location += "?tenant=" + url.QueryEscape(of)
	}
	return out, nil
}

func (s *server) whatIfs(ctx context.Context, in *struct {
	Tenant string `query:"tenant" maxLength:"256"`
}) (*page[Played], error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	list := s.Player.Plays(of)
	for i := range list {
		if r := list[i].Result; r != nil { // the list says what came of it; the calls are one's own page
			short := *r
			short.Names = []WhatIfCall{}
			list[i].Result = &short
		}
	}
	return paged("belwacht.what-ifs/1", list, belwacht.Cursor{}, nil)
}

func (s *server) whatIf(ctx context.Context, in *oneInput) (*struct{ Body *Played }, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	x, err := s.played(of, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &struct{ Body *Played }{x}, nil
}

// played is one that was asked for.
func (s *server) played(tenant, id string) (*Played, error) {
	for _, x := range s.Player.Plays(tenant) {
		if x.ID == id {
			return &x, nil
		}
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "this was not asked for, was cancelled, or is forgotten since the settings or the day changed; ask for it again")
}

func (s *server) cancelWhatIf(ctx context.Context, in *oneInput) (*struct{}, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	return nil, problem(s.Player.Cancel(of, in.ID))
}
