package control

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
)

// People is who may come in, and what they did.
type People interface {
	Who
	Audit
	Deeds
}

// Who are those who may come in.
type Who interface {
	// Link makes a one-time link for a log-in name, "" for the first administrator. who makes it. It returns the console's address with the link in it, or
	// the link's path where the address is not known.
	Link(ctx context.Context, login, who string) (string, error)
	Users() []belwacht.User
}

// Audit is the tamper-evident log.
type Audit interface {
	Entries(ctx context.Context, q *belwacht.EntryQuery) ([]belwacht.Entry, belwacht.Cursor, error)
	// Verify checks the whole log, and holds it against heads that were kept elsewhere.
	Verify(ctx context.Context, heads []string) (*ledger.Report, error)
}

// The forms of what follows.
const (
	LinkSchema  = "belwacht.link/1"
	UsersSchema = "belwacht.users/1"
	AuditSchema = "belwacht.audit-log/1"
)

// LinkRequest names who cannot come in.
type LinkRequest struct {
	Login string `json:"login,omitempty" maxLength:"64" doc:"empty: the first administrator"`
}

// Link is a one-time link.
type Link struct {
	Schema string `json:"schema"`
	Link   string `json:"link"` // address, or its path where the console's address is not known
}

// Users are those who may come in.
type Users struct {
	Schema string          `json:"schema"`
	Users  []belwacht.User `json:"users"`
}

// AuditLog is a page of the audit log, newest first.
type AuditLog struct {
	Schema  string           `json:"schema"`
	Entries []belwacht.Entry `json:"entries"`
	Next    belwacht.Cursor  `json:"next"` // "" = nothing follows
}

// VerifyRequest brings heads that were kept elsewhere.
type VerifyRequest struct {
	Heads []string `json:"heads,omitempty" maxItems:"1000"`
}

// people are who may come in; an error where nobody can.
func (s *Server) people() (People, error) {
	if s.cfg.People == nil {
		return nil, problem(belwacht.Errorf(belwacht.Unreachable, "the store cannot be opened, so nobody can sign in and there is no audit log; belwacht status says why"))
	}
	return s.cfg.People, nil
}

func (s *Server) link(ctx context.Context, in *struct{ Body LinkRequest }) (*answer[Link], error) {
	p, err := s.people()
	if err != nil {
		return nil, err
	}
	l, err := p.Link(ctx, in.Body.Login, s.who(ctx))
	s.changed(ctx, "link", err, "login", in.Body.Login)
	return &answer[Link]{Link{LinkSchema, l}}, problem(err)
}

func (s *Server) users(context.Context, *struct{}) (*answer[Users], error) {
	p, err := s.people()
	if err != nil {
		return nil, err
	}
	return &answer[Users]{Users{UsersSchema, append([]belwacht.User{}, p.Users()...)}}, nil
}

func (s *Server) auditLog(ctx context.Context, in *struct {
	Tenant  string `query:"tenant" maxLength:"256"`
	Who     string `query:"who" maxLength:"256"`
	Act     string `query:"act" maxLength:"60"`
	Weakens bool   `query:"weakens"`
	Most    int    `query:"most" minimum:"0" maximum:"1000"`
	After   string `query:"after" maxLength:"60"`
}) (*answer[AuditLog], error) {
	p, err := s.people()
	if err != nil {
		return nil, err
	}
	q := belwacht.EntryQuery{Tenant: in.Tenant, Who: in.Who, Act: belwacht.Act(in.Act), Weakens: in.Weakens, Page: belwacht.Page{Most: in.Most}}
	if err := q.Page.After.UnmarshalText([]byte(in.After)); err != nil {
		return nil, problem(err)
	}
	list, next, err := p.Entries(ctx, &q)
	return &answer[AuditLog]{AuditLog{AuditSchema, append([]belwacht.Entry{}, list...), next}}, problem(err)
}

func (s *Server) verify(ctx context.Context, in *struct{ Body VerifyRequest }) (*answer[*ledger.Report], error) {
	p, err := s.people()
	if err != nil {
		return nil, err
	}
	r, err := p.Verify(ctx, in.Body.Heads)
	return &answer[*ledger.Report]{r}, problem(err)
}
