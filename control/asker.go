package control

import (
	"context"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Asker is who asks by the API. Nobody stands between the control socket and the machine's own administrator, who sees all: there it is nil.
type Asker interface {
	Name(ctx context.Context) string
	// Sees says whether they may see an organisation.
	Sees(ctx context.Context, tenant string) bool
	// Only is the one organisation that they may see; "" = all, or more than one.
	Only(ctx context.Context) string
}

// who names who asks.
func (s *Server) who(ctx context.Context) string {
	if s.asker != nil {
		return s.asker.Name(ctx)
	}
	return who(ctx)
}

// sees says whether who asks may see an organisation.
func (s *Server) sees(ctx context.Context, tenant string) bool {
	return s.asker == nil || s.asker.Sees(ctx, tenant)
}

// tenant is the organisation that is meant: the only one that who asks may see, where they name none. One that they may not see is none.
func (s *Server) tenant(ctx context.Context, name string) (string, error) {
	if s.asker == nil {
		return name, nil
	}
	if name == "" {
		name = s.asker.Only(ctx)
	}
	if !s.asker.Sees(ctx, name) {
		return "", problem(belwacht.Errorf(belwacht.NotFound, "there is no organisation %s for you", text.Clean(name, 60)))
	}
	return name, nil
}

// decisions are those on a call that who asks may see.
func (s *Server) decisions(ctx context.Context, id string) ([]belwacht.Decision, error) {
	list, err := s.cfg.Viewer.Decisions(ctx, id)
	if s.asker == nil {
		return list, err
	}
	list = slices.Clone(list)
	return slices.DeleteFunc(list, func(d belwacht.Decision) bool { return !s.sees(ctx, d.Tenant) }), err
}

// running is whose call it is that runs; NotFound where it is nobody's whom who asks may see. On the machine itself "" where it does not run: who ends it says so.
func (s *Server) running(ctx context.Context, id string) (string, error) {
	calls, err := s.cfg.Viewer.Calls(ctx)
	if err != nil {
		return "", problem(err)
	}
	for i := range calls {
		if calls[i].ID == id && s.sees(ctx, calls[i].Tenant) {
			return calls[i].Tenant, nil
		}
	}
	if s.asker != nil {
		return "", problem(belwacht.Errorf(belwacht.NotFound, "no call %s runs", text.Clean(id, 60)))
	}
	return "", nil
}

// Of is what somebody may see of a status who may see some organisations only: of the machine itself nothing but that it runs.
func (s *Status) Of(sees func(tenant string) bool) *Status {
	v := &Status{Schema: s.Schema, Version: s.Version, Since: s.Since, Loaded: s.Loaded, Starting: s.Starting, Tenants: []Organisation{}, PBXs: []PBX{}, Ways: []Way{},
		Counts: map[string]uint64{}, Problems: []string{}}
	for _, t := range s.Tenants {
		if sees(t.Name) {
			v.Tenants = append(v.Tenants, t)
			v.Panic = v.Panic || t.Panic
		}
	}
	for i := range s.PBXs {
		if !sees(s.PBXs[i].Tenant) {
			continue
		}
		v.PBXs = append(v.PBXs, s.PBXs[i])
		for _, p := range s.Problems {
			if Mentions(p, s.PBXs[i].Name) && !slices.Contains(v.Problems, p) {
				v.Problems = append(v.Problems, p)
			}
		}
	}
	v.Waiting = len(v.PBXs) == 0
	return v
}

// Mentions says whether a problem is about a PBX: its name stands in it as a word after "PBX".
func Mentions(problem, pbx string) bool {
	at := "PBX " + pbx
	for rest := problem; ; {
		i := strings.Index(rest, at)
		if i < 0 {
			return false
		}
		rest = rest[i+len(at):]
		if rest == "" || strings.ContainsAny(rest[:1], " :;,") || rest == "." || strings.HasPrefix(rest, ". ") { // names have letters, digits, dashes and dots
			return true
		}
	}
}
