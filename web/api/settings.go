package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// Owner is the owner's configuration as the API changes it. Its methods may be called from many goroutines.
type Owner interface {
	// Read is what holds for an organisation, and with all what holds for every one.
	Read(ctx context.Context, tenant string, all bool) (*Settings, error)
	// Plan checks changes that were thought out for a version, "" = whatever there is. May says of a permission whether who asks has it. An error that has
	// Changes() []string says that there is another version now.
	Plan(ctx context.Context, tenant, version string, list []Setting, may func(belwacht.Permission) bool) (*Plan, error)
}

// Undoer knows what was changed. Its methods may be called from many goroutines.
type Undoer interface {
	// Past are the changes that were made, newest first.
	Past(ctx context.Context, tenant string) ([]PastChange, error)
	// Undo plans the way back from the last one.
	Undo(ctx context.Context, tenant, id string) (*Plan, error)
}

// Settings are what holds for an organisation. Secrets are not among them.
type Settings struct {
	Version string
	Shared  bool           // there are several organisations
	Values  map[string]any // as the configuration file has them
}

// Setting is one value that is to be changed.
type Setting struct {
	Path   []string `json:"path" minItems:"1" maxItems:"8" doc:"keys of the configuration file of one organisation, from the top: [limits, organisation, money_per_day]; in a list the place of an entry from 0, or + for a new one"`
	Value  any      `json:"value,omitempty" doc:"as the file has it: EUR 50, 90m, true, [NL, BE]; missing or null = take it out"`
	Secret string   `json:"secret,omitempty" maxLength:"2000" doc:"instead of a value, of keys that end in _file: it is kept in a file of its own and never given out"`
}

// Plan is a change that was checked.
type Plan struct {
	Deed    *access.Deed
	What    []SettingChange
	Version string                            // that there would be
	Same    bool                              // nothing would change
	Admits  func(netip.Addr, time.Time) error // whether the API is open to an address afterwards
	Write   func(who string) error            // writes it and puts it to use
}

// SettingChange is one value that is another one. What says where people are reached is hidden.
type SettingChange struct {
	Key    string `json:"key"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// PastChange is a change that was made.
type PastChange struct {
	ID     string           `json:"id"`
	Time   belwacht.Instant `json:"time"`
	Who    string           `json:"who"`
	What   []SettingChange  `json:"what"`
	Undone bool             `json:"undone,omitempty" doc:"it went back to what was before another"`
	Last   bool             `json:"last,omitempty" doc:"it can be undone: it is the last one, and the file is as it left it"`
}

type settingsOutput struct {
	ETag string `header:"ETag" doc:"the version, for If-Match"`
	Body struct {
		Schema   string         `json:"schema"`
		Tenant   string         `json:"tenant,omitempty"`
		Version  string         `json:"version"`
		Settings map[string]any `json:"settings"`
	}
}

// Sure is how what lessens protection is done.
type Sure struct {
	Why  string `json:"why,omitempty" maxLength:"300" doc:"for the audit log"`
	Sure bool   `json:"sure,omitempty" doc:"do it although it lessens protection or shuts who asks out; without it that is refused with 409, and the answer says what it is"`
	Dry  bool   `json:"dry_run,omitempty" doc:"say what would change, and change nothing"`
}

type settingInput struct {
	Tenant string `query:"tenant" maxLength:"256"`
	Match  string `header:"If-Match" maxLength:"100" doc:"the version that the change was thought out for, as ETag gave it; * = whatever there is. Without it the change is refused with 428, with another version with 412"`
	Body   struct {
		Sure
		Changes []Setting `json:"changes" minItems:"1" maxItems:"100"`
	}
}

type undoInput struct {
	ID     string `path:"id" maxLength:"64"`
	Tenant string `query:"tenant" maxLength:"256"`
	Body   Sure
}

type settingOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Schema  string          `json:"schema"`
		Act     belwacht.Act    `json:"act" doc:"the gravest of what it is, as the audit log names it"`
		Says    string          `json:"says"`
		Weakens bool            `json:"weakens" doc:"it lessens protection: all other administrators are told"`
		Two     bool            `json:"two" doc:"it takes two administrators, where there are two"`
		What    []SettingChange `json:"what"`
		Version string          `json:"version" doc:"that there is now, or of a dry run: that there would be"`
		Done    bool            `json:"done" doc:"it is saved and in use; false: it was a dry run, or nothing would change"`
	}
}

// describeSettings adds the operations on the configuration.
func (s *server) describeSettings() {
	if s.Owner == nil {
		return
	}
	op := func(id, method, path, need, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: Path + path, Summary: summary, MaxBodyBytes: 64 << 10, Metadata: map[string]any{right: need}}
	}
	huma.Register(s.api, op("settings", http.MethodGet, "/settings", string(web.SeeSettings), "What is set, without secrets"), s.settings)
	change := op("change-settings", http.MethodPatch, "/settings", anyOf(access.SettingsWrite, access.LimitsChange, access.RulesChange), "Change settings; all or nothing")
	change.Responses = map[string]*huma.Response{}
	for status, says := range map[string]string{"409": "it lessens protection and sure is missing, or waits for a second administrator", "412": "there is another version now", "428": "If-Match is missing"} {
		change.Responses[status] = &huma.Response{Description: says, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/ErrorModel"}}}}
	}
	huma.Register(s.api, change, s.changeSettings)
	if s.Undoer != nil {
		huma.Register(s.api, op("settings-changes", http.MethodGet, "/settings/changes", string(web.SeeSettings), "What was changed, newest first"), s.settingsChanges)
		huma.Register(s.api, op("undo-settings", http.MethodPost, "/settings/changes/{id}/undo", string(access.SettingsWrite), "Undo the last change"), s.undoSettings)
	}
}

// anyOf is the need of an operation for which one of some permissions is enough.
func anyOf(list ...belwacht.Permission) string {
	var words []string
	for _, p := range list {
		words = append(words, string(p))
	}
	return strings.Join(words, " or ")
}

// narrow says whether who asks may see one organisation only of several.
func narrow(ctx context.Context, s *Settings) bool {
	return s.Shared && VisitorOf(ctx).Tenants != nil
}

// entityTag is a version as If-Match and ETag have it (RFC 9110 §8.8.3).
func entityTag(version string) string { return `"` + version + `"` }

// version reads If-Match (RFC 9110 §13.1.1): one strong tag, or * for "".
func version(match string) (string, error) {
	match = strings.TrimSpace(match)
	switch {
	case match == "":
		return "", &huma.ErrorModel{Type: "urn:belwacht:error:" + string(belwacht.Usage), Title: http.StatusText(http.StatusPreconditionRequired), Status: http.StatusPreconditionRequired,
			Detail: "say which version this was thought out for, so that nobody's change is written over: If-Match with the ETag of GET " + Path + "/settings, or * for whatever there is"} // RFC 6585 §3
	case match == "*":
		return "", nil
	case len(match) > 2 && match[0] == '"' && match[len(match)-1] == '"' && !strings.Contains(match[1:len(match)-1], `"`):
		return match[1 : len(match)-1], nil
	}
	return "", problem(belwacht.Errorf(belwacht.Invalid, "If-Match: give one version in quotes, as ETag has it, or *"))
}

// ofSettings makes an error of a plan a problem: 412 where there is another version.
func ofSettings(err error) error {
	var c interface{ Changes() []string }
	if errors.As(err, &c) {
		return &huma.ErrorModel{Type: "urn:belwacht:error:changed", Title: http.StatusText(http.StatusPreconditionFailed), Status: http.StatusPreconditionFailed,
			Detail: "the configuration was changed meanwhile, by hand, on a page or by another program; look at what it says now and do it again"}
	}
	return problem(err)
}

func (s *server) settings(ctx context.Context, in *struct {
	Tenant string `query:"tenant" maxLength:"256"`
}) (*settingsOutput, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	x, err := s.Owner.Read(ctx, of, VisitorOf(ctx).Tenants == nil)
	if err != nil {
		return nil, problem(err)
	}
	if VisitorOf(ctx).Tenants != nil && !x.Shared { // the only organisation is the whole machine
		if x, err = s.Owner.Read(ctx, of, true); err != nil {
			return nil, problem(err)
		}
	}
	out := &settingsOutput{ETag: entityTag(x.Version)}
	out.Body.Schema, out.Body.Tenant, out.Body.Version, out.Body.Settings = "belwacht.settings/1", of, x.Version, x.Values
	return out, nil
}

func (s *server) changeSettings(ctx context.Context, in *settingInput) (*settingOutput, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	was, err := version(in.Match)
	if err != nil {
		return nil, err
	}
	for i := range in.Body.Changes {
		x := &in.Body.Changes[i]
		if x.Secret != "" && x.Value != nil {
			return nil, problem(belwacht.Errorf(belwacht.Invalid, "changes[%d]: give a value or a secret, not both", i))
		}
	}
	plan, err := s.Owner.Plan(ctx, of, was, in.Body.Changes, func(p belwacht.Permission) bool { return VisitorOf(ctx).May(web.Right(p)) })
	if belwacht.CodeOf(err) == belwacht.Config { // the check of the file found it, and nothing else is in the way
		err = belwacht.Errorf(belwacht.Invalid, "%s", err.Error())
	}
	if err != nil {
		return nil, ofSettings(err)
	}
	return s.carry(ctx, of, plan, &in.Body.Sure)
}

// carry does what was planned, or says what it would be.
func (s *server) carry(ctx context.Context, of string, plan *Plan, how *Sure) (*settingOutput, error) {
	now, err := s.Owner.Read(ctx, of, false)
	if err != nil {
		return nil, problem(err)
	}
	if narrow(ctx, now) && plan.Deed.Tenant == "" {
		return nil, problem(belwacht.Errorf(belwacht.Forbidden, "this holds for all organisations, of which you may see some only"))
	}
	info, _ := access.InfoOf(plan.Deed.Act)
	out := &settingOutput{}
	b := &out.Body
	b.Schema, b.Act, b.Says, b.Weakens, b.Two, b.What, b.Version = "belwacht.settings-change/1", plan.Deed.Act, info.English, info.Weakens, info.Two, plan.What, plan.Version
	if b.What == nil {
		b.What = []SettingChange{}
	}
	if plan.Same {
		b.Version, b.Weakens, b.Two = now.Version, false, false
	}
	out.ETag = entityTag(b.Version)
	if plan.Same || how.Dry {
		return out, nil
	}
	if !how.Sure {
		if err := unsure(ctx, plan, &info, s.Now().Time()); err != nil {
			return nil, problem(err)
		}
	}
	plan.Deed.Why = text.Clean(how.Why, 300)
	if err := Do(ctx, s.Deeds, plan.Deed, func() error { return plan.Write(VisitorOf(ctx).Name) }); err != nil {
		return nil, ofSettings(err)
	}
	b.Done = true
	return out, nil
}

// unsure is why a change is not made unless who asks is sure.
func unsure(ctx context.Context, plan *Plan, info *access.ActInfo, now time.Time) error {
	if v := VisitorOf(ctx); plan.Admits != nil && v.Person != nil {
		if err := plan.Admits(v.Person.From, now); err != nil {
			return belwacht.Errorf(belwacht.Config, "this would shut you out where you are now: %w. Send sure: true where it is meant", err)
		}
	}
	if info.Weakens {
		return belwacht.Errorf(belwacht.Config, "this lessens the protection (%s: %s). Send sure: true where it is meant", info.English, plan.Deed.Detail)
	}
	return nil
}

func (s *server) settingsChanges(ctx context.Context, in *struct {
	Tenant string `query:"tenant" maxLength:"256"`
}) (*page[PastChange], error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	x, err := s.Owner.Read(ctx, of, false)
	if err != nil {
		return nil, problem(err)
	}
	list, err := s.Undoer.Past(ctx, of)
	if narrow(ctx, x) {
		for i := range list {
			list[i].What = slices.DeleteFunc(list[i].What, func(w SettingChange) bool { return !strings.HasPrefix(w.Key, fmt.Sprintf("tenants[%s].", of)) })
		}
		list = slices.DeleteFunc(list, func(c PastChange) bool { return len(c.What) == 0 })
	}
	return paged("belwacht.settings-changes/1", list, belwacht.Cursor{}, err)
}

func (s *server) undoSettings(ctx context.Context, in *undoInput) (*settingOutput, error) {
	of, err := tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	plan, err := s.Undoer.Undo(ctx, of, in.ID)
	if err != nil {
		return nil, ofSettings(err)
	}
	return s.carry(ctx, of, plan, &in.Body)
}
