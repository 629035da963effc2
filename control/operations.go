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

// answer is an operation's answer with a body of JSON.
type answer[T any] struct{ Body T }

// Calls are the calls that ring or run.
type Calls struct {
	Schema string             `json:"schema"`
	Calls  []belwacht.Running `json:"calls"`
}

// Locks are the accounts that are locked.
type Locks struct {
	Schema string             `json:"schema"`
	Locks  []belwacht.InForce `json:"locks"`
}

// EndRequest names a call.
type EndRequest struct {
	ID string `json:"id" minLength:"1" maxLength:"256" doc:"ID of the call"`
}

// Ended says how many calls were ended.
type Ended struct {
	Schema string `json:"schema"`
	Ended  int    `json:"ended"`
}

// LockRequest names an account.
type LockRequest struct {
	Tenant  string `json:"tenant,omitempty" maxLength:"256"`
	Account string `json:"account" minLength:"1" maxLength:"256"`
	Why     string `json:"why,omitempty" maxLength:"256" doc:"reason, in words"`
}

// PanicRequest turns the switch.
type PanicRequest struct {
	Tenant string `json:"tenant,omitempty" maxLength:"256" doc:"empty where there is one organisation"`
	On     bool   `json:"on"`
	End    bool   `json:"end,omitempty" doc:"also end the calls that run although it forbids them"`
	Why    string `json:"why,omitempty" maxLength:"256"`
}

// Panicked says how the switch stands.
type Panicked struct {
	Schema string `json:"schema"`
	Panic  bool   `json:"panic"`
	Ended  int    `json:"ended"`
	Left   int    `json:"left"` // should be ended, and cannot be
}

// Why is what a code means: a cause, or the reference of a decision.
type Why struct {
	Schema    string              `json:"schema"`
	Code      string              `json:"code"`
	Reason    string              `json:"reason"`
	ReasonNL  string              `json:"reason_nl"`
	Decisions []belwacht.Decision `json:"decisions"` // none where the code is a cause
}

// FeedbackRequest is what a person says of a call.
type FeedbackRequest struct {
	ID    string         `json:"id" minLength:"1" maxLength:"256"`
	Says  string         `json:"says" enum:"fine,fraud"`
	Width belwacht.Width `json:"width,omitempty" enum:"once,number,country" doc:"how far fine reaches"`
}

// Heard says that feedback was taken.
type Heard struct {
	Schema string `json:"schema"`
	ID     string `json:"id"`
	Says   string `json:"says"`
}

// Right is the key of an operation's metadata that names what one must be allowed to do, in package access's words.
const Right = "right"

// Describe adds the operations to an API of somebody else's, below a path such as /api/v1. Who asks is found out there. What each operation needs stands in
// its metadata under [Right]; whoever serves the API looks at it.
func Describe(api huma.API, path string, c Config, by Asker) {
	if c.Deeds == nil {
		c.Deeds = plain{}
	}
	s := &Server{cfg: c, api: api, asker: by, path: path}
	s.describe()
}

// operation is one, with what one must be allowed to do.
func (s *Server) operation(id, method, path, right, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: s.path + path, Summary: summary, MaxBodyBytes: bodyMost, Metadata: map[string]any{Right: right}}
}

// describe adds the operations.
func (s *Server) describe() {
	huma.Register(s.api, s.operation("status", http.MethodGet, "/status", "health.read", "How it is"), s.status)
	huma.Register(s.api, s.operation("calls", http.MethodGet, "/calls", "calls.read", "Calls that ring or run"), s.calls)
	huma.Register(s.api, s.operation("end-call", http.MethodPost, "/calls/end", "calls.end", "End a call"), s.end)
	huma.Register(s.api, s.operation("locks", http.MethodGet, "/locks", "locks.read", "Accounts that are locked"), s.locks)
	huma.Register(s.api, s.operation("lock", http.MethodPost, "/locks", "locks.add", "Lock an account"), s.lock)
	huma.Register(s.api, s.operation("unlock", http.MethodDelete, "/locks", "locks.remove", "Unlock an account"), s.unlock)
	huma.Register(s.api, s.operation("panic", http.MethodPost, "/panic", "panic.on", "Turn the panic switch"), s.panic)
	huma.Register(s.api, s.operation("why", http.MethodGet, "/why", "helpdesk.use", "What a code means that a person was told"), s.why)
	huma.Register(s.api, s.operation("explain", http.MethodGet, "/decisions", "calls.read", "Why a call was decided as it was"), s.explain)
	huma.Register(s.api, s.operation("feedback", http.MethodPost, "/feedback", "feedback.write", "Say that a call was fine, or fraud"), s.feedback)
	if s.cfg.Desk != nil {
		s.describeDesk()
	}
}

// describePeople adds those that only the machine itself may ask for.
func (s *Server) describePeople() {
	huma.Register(s.api, s.operation("access-link", http.MethodPost, "/access/link", "", "Make a one-time link, the emergency way in"), s.link)
	huma.Register(s.api, s.operation("access-users", http.MethodGet, "/access/users", "", "Who may come in"), s.users)
	huma.Register(s.api, s.operation("audit-log", http.MethodGet, "/audit-log", "", "What people did"), s.auditLog)
	huma.Register(s.api, s.operation("audit-log-verify", http.MethodPost, "/audit-log/verify", "", "Whether the audit log was changed"), s.verify)
}

func (s *Server) status(ctx context.Context, _ *struct{}) (*answer[*Status], error) {
	v, err := s.cfg.Viewer.Status(ctx)
	if err == nil && s.asker != nil && s.asker.Only(ctx) != "" {
		v = v.Of(func(tenant string) bool { return s.asker.Sees(ctx, tenant) })
		calls, err := s.calls(ctx, nil)
		if err != nil {
			return nil, err
		}
		v.Calls = len(calls.Body.Calls)
	}
	return &answer[*Status]{v}, problem(err)
}

func (s *Server) calls(ctx context.Context, _ *struct{}) (*answer[Calls], error) {
	list, err := s.cfg.Viewer.Calls(ctx)
	list = slices.DeleteFunc(append([]belwacht.Running{}, list...), func(r belwacht.Running) bool { return !s.sees(ctx, r.Tenant) })
	for i := range list {
		list[i].Number = s.masked(list[i].Number)
	}
	return &answer[Calls]{Calls{CallsSchema, list}}, problem(err)
}

// masked is a number as it is shown: in full on the machine itself, not to who asks by the API, where no role sees numbers in full.
func (s *Server) masked(number string) string {
	if s.asker == nil || number == "" {
		return number
	}
	return text.Mask(number)
}

// shown are decisions as they are shown.
func (s *Server) shown(list []belwacht.Decision) []belwacht.Decision {
	if s.asker == nil {
		return list
	}
	list = append([]belwacht.Decision(nil), list...)
	for i := range list {
		d := &list[i]
		d.Number, d.Reason, d.ReasonNL, d.Trace = s.masked(d.Number), text.MaskProse(d.Reason), text.MaskProse(d.ReasonNL), s.trace(d.Trace)
	}
	return list
}

// trace is one as it is shown.
func (s *Server) trace(of *belwacht.Trace) *belwacht.Trace {
	if of == nil {
		return nil
	}
	t := *of
	t.Dialled, t.Target = s.masked(t.Dialled), s.masked(t.Target)
	return &t
}

func (s *Server) end(ctx context.Context, in *struct{ Body EndRequest }) (*answer[Ended], error) {
	id := text.Clean(in.Body.ID, 60)
	tenant, err := s.running(ctx, in.Body.ID)
	if err != nil {
		return nil, err
	}
	err = s.do(ctx, "end", &access.Deed{Act: access.CallEnd, Tenant: tenant, Subject: "call " + id}, func() error { return s.cfg.Actor.End(ctx, in.Body.ID, s.who(ctx)) }, "call", id)
	return &answer[Ended]{Ended{EndedSchema, 1}}, err
}

func (s *Server) locks(ctx context.Context, _ *struct{}) (*answer[Locks], error) {
	list, err := s.cfg.Locker.Locks(ctx)
	list = slices.DeleteFunc(append([]belwacht.InForce{}, list...), func(f belwacht.InForce) bool { return !s.sees(ctx, f.Tenant) })
	return &answer[Locks]{Locks{LocksSchema, list}}, problem(err)
}

func (s *Server) lock(ctx context.Context, in *struct{ Body LockRequest }) (*answer[Locks], error) {
	b := &in.Body
	tenant, err := s.tenant(ctx, b.Tenant)
	if err != nil {
		return nil, err
	}
	deed := &access.Deed{Act: access.AccountLock, Tenant: tenant, Subject: text.Mask(b.Account), Why: text.Clean(b.Why, 256)}
	if err := s.do(ctx, "lock", deed, func() error {
		return s.cfg.Locker.Lock(ctx, &belwacht.InForce{Kind: belwacht.KindLock, Tenant: tenant, Subject: b.Account, Who: s.who(ctx), Why: b.Why})
	}, "account", text.Mask(b.Account)); err != nil {
		return nil, err
	}
	return s.locks(ctx, nil)
}

func (s *Server) unlock(ctx context.Context, in *struct {
	Tenant  string `query:"tenant" maxLength:"256"`
	Account string `query:"account" required:"true" minLength:"1" maxLength:"256"`
}) (*answer[Locks], error) {
	tenant, err := s.tenant(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	deed := &access.Deed{Act: access.AccountUnlock, Tenant: tenant, Subject: text.Mask(in.Account)}
	if err := s.do(ctx, "unlock", deed, func() error { return s.cfg.Locker.Unlock(ctx, tenant, in.Account, s.who(ctx)) }, "account", text.Mask(in.Account)); err != nil {
		return nil, err
	}
	return s.locks(ctx, nil)
}

func (s *Server) panic(ctx context.Context, in *struct{ Body PanicRequest }) (*answer[Panicked], error) {
	b := &in.Body
	p := Panicked{Schema: PanicSchema, Panic: b.On}
	tenant, err := s.tenant(ctx, b.Tenant)
	if err != nil {
		return nil, err
	}
	deed := &access.Deed{Act: access.PanicRelease, Tenant: tenant, Why: text.Clean(b.Why, 256)}
	do := func() error { return s.cfg.Switch.Calm(ctx, tenant, s.who(ctx)) }
	if b.On {
		deed.Act = access.PanicPress
		do = func() (err error) {
			p.Ended, p.Left, err = s.cfg.Switch.Panic(ctx, &belwacht.InForce{Kind: belwacht.KindPanic, Tenant: tenant, Who: s.who(ctx), Why: b.Why}, b.End)
			return err
		}
	}
	err = s.do(ctx, "panic", deed, do, "on", b.On, "end", b.End)
	return &answer[Panicked]{p}, err
}

func (s *Server) why(ctx context.Context, in *struct {
	Code string `query:"code" required:"true" minLength:"1" maxLength:"256"`
}) (*answer[Why], error) {
	code := strings.TrimSpace(in.Code)
	w := Why{Schema: WhySchema, Code: code, Decisions: []belwacht.Decision{}}
	if e := text.Cause(text.English, strings.ToLower(code)); e != "" {
		w.Code = strings.ToLower(code)
		w.Reason, w.ReasonNL = e+".", text.Cause(text.Dutch, w.Code)+"."
		return &answer[Why]{w}, nil
	}
	list, err := s.decisions(ctx, code)
	if err != nil {
		return nil, problem(err)
	}
	if len(list) == 0 {
		return nil, problem(belwacht.Errorf(belwacht.NotFound, "%s is no cause that Belwacht knows and no code that it remembers having given", text.Clean(code, 60)))
	}
	list = s.shown(list)
	w.Decisions = append(w.Decisions, list...)
	w.Reason, w.ReasonNL = list[len(list)-1].Reason, list[len(list)-1].ReasonNL
	return &answer[Why]{w}, nil
}

func (s *Server) explain(ctx context.Context, in *struct {
	ID string `query:"id" required:"true" minLength:"1" maxLength:"256"`
}) (*answer[[]belwacht.Decision], error) {
	list, err := s.decisions(ctx, in.ID)
	if err == nil && len(list) == 0 {
		err = belwacht.Errorf(belwacht.NotFound, "no decision on call %s is remembered; of a call that was plainly allowed none is kept", text.Clean(in.ID, 60))
	}
	return &answer[[]belwacht.Decision]{s.shown(list)}, problem(err)
}

func (s *Server) feedback(ctx context.Context, in *struct{ Body FeedbackRequest }) (*answer[Heard], error) {
	b := &in.Body
	id := text.Clean(b.ID, 60)
	f := &belwacht.Feedback{ID: b.ID, Says: b.Says, Width: b.Width}
	if s.asker != nil { // on the machine itself who hears it says what is wrong with it
		list, err := s.decisions(ctx, b.ID)
		if err != nil {
			return nil, problem(err)
		}
		if len(list) == 0 {
			return nil, problem(belwacht.Errorf(belwacht.NotFound, "no decision on call %s is remembered", id))
		}
		f.ID, f.Tenant = list[0].ID, list[0].Tenant
	}
	deed := &access.Deed{Act: access.CallJudge, Tenant: f.Tenant, Subject: "call " + id, Detail: strings.TrimSpace(b.Says + " " + string(b.Width))}
	err := s.do(ctx, "feedback", deed, func() error {
		return s.cfg.Actor.Feedback(ctx, f, s.who(ctx))
	}, "call", id, "says", b.Says)
	return &answer[Heard]{Heard{FeedbackSchema, b.ID, b.Says}}, err
}
