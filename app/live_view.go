package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask/desk"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/text"
)

// Calls implements control.Viewer: the calls that ring or run, those that began first before the others.
func (l *Live) Calls(context.Context) ([]belwacht.Running, error) {
	list := []belwacht.Running{}
	l.engine().Running(func(r *belwacht.Running) { list = append(list, *r) })
	slices.SortFunc(list, func(a, b belwacht.Running) int {
		if a.Began != b.Began {
			return int(min(max(a.Began-b.Began, -1), 1))
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, nil
}

// Decisions implements control.Viewer.
func (l *Live) Decisions(ctx context.Context, id string) ([]belwacht.Decision, error) {
	return l.kept.Find(ctx, id, l.tenants())
}

// End implements control.Actor.
func (l *Live) End(ctx context.Context, id, _ string) error { return l.guard.End(ctx, id, l.ender) }

// Status implements control.Viewer.
func (l *Live) Status(ctx context.Context) (*control.Status, error) {
	l.mu.Lock()
	c, loaded, wrong := l.config, l.loaded, l.wrong
	l.mu.Unlock()
	s := &control.Status{Schema: control.StatusSchema, Version: l.cfg.Version, PID: os.Getpid(), Since: belwacht.InstantOf(l.since),
		Loaded: belwacht.InstantOf(loaded), Waiting: len(c.PBX) == 0, Starting: !l.started.Load(),
		Counts: l.counts(), Problems: []string{}, Tenants: []control.Organisation{}, PBXs: []control.PBX{}}
	if wrong != "" {
		s.Problems = append(s.Problems, wrong)
	}
	e := l.engine()
	for _, t := range c.All() {
		o := control.Organisation{Name: t.Name, Mode: t.Mode, Panic: e.Panics(t.Name), Locks: len(e.Locks(t.Name))}
		s.Panic = s.Panic || o.Panic
		s.Tenants = append(s.Tenants, o)
	}
	for i := range c.PBX {
		p, problem := l.pbx(c, &c.PBX[i])
		s.PBXs = append(s.PBXs, p)
		if problem != "" {
			s.Problems = append(s.Problems, problem)
		}
	}
	calls, err := l.Calls(ctx)
	if err != nil {
		return nil, err
	}
	s.Calls, s.Alerts = len(calls), len(e.Alerts())
	last, _, size, err := l.memory.State()
	s.Memory = control.Memory{Folder: l.memory.Dir, Saved: belwacht.InstantOf(last), Bytes: size}
	if err != nil {
		s.Memory.Error = err.Error()
		s.Problems = append(s.Problems, err.Error())
	}
	s.Store = l.storeState()
	if p := l.kept.Problem(); p != "" {
		s.Problems = append(s.Problems, p)
	}
	s.Ways, s.Problems = l.tell.Ways(s.Problems)
	s.Problems = append(s.Problems, l.problems(s)...)
	if also := l.also.Load(); also != nil {
		if p := (*also)(); p != "" {
			s.Problems = append(s.Problems, p)
		}
	}
	return s, nil
}

// Also has what somebody should look at of something beside it in Status: problem says it in one sentence, "" where nothing is wrong.
func (l *Live) Also(problem func() string) { l.also.Store(&problem) }

// pbx is how a PBX is heard, and what is wrong with that.
func (l *Live) pbx(c *config.Config, p *config.PBX) (v control.PBX, problem string) {
	v = control.PBX{Name: p.Name, Tenant: c.TenantOf(p), JudgeBy: string(p.Judge())}
	if p.Ask != nil {
		v.Ask, v.FastAGI = l.asking.Address(desk.Socket{Address: p.Ask.Listen}), l.asking.Address(desk.Socket{Address: p.Ask.FastAGI, FastAGI: true})
	}
	if p.AMI != nil {
		ok := false
		v.Feed = "not started yet"
		l.mu.Lock()
		if f := l.feeds[p.Name]; f != nil {
			v.Feed, ok = f.Health()
		}
		l.mu.Unlock()
		if !ok {
			problem = fmt.Sprintf("the feed of PBX %s: %s; running calls cannot be ended there", p.Name, v.Feed)
		}
	}
	if p.Records != nil {
		said := ""
		if v.Records, v.Notes, said = l.recordsState(p); problem == "" {
			problem = said
		}
	}
	return v, problem
}

// problems are what the counts say that somebody should look at.
func (l *Live) problems(s *control.Status) []string {
	var list []string
	if s.Waiting {
		list = append(list, "no PBX is named in the configuration (pbx:), so nothing is guarded yet")
	}
	if !l.Alive() {
		list = append(list, "the engine is stalled: no time has passed for it for more than "+aliveFor.String())
	}
	for _, x := range []struct{ key, one, more string }{{"guard_unasked", "call left without being asked of", "calls left without being asked of"},
		{"guard_unseen", "record tells of a call that nothing else told of", "records tell of calls that nothing else told of"},
		{"guard_bypassed", "call was dialled although it was refused", "calls were dialled although they were refused"},
		{"guard_unended", "call that should have been ended was not", "calls that should have been ended were not"},
		{"ask_wrong_secret", "question had a wrong secret", "questions had a wrong secret"}} {
		if n := s.Counts[x.key]; n > 0 {
			list = append(list, text.Plural(text.English, int64(n), x.one, x.more)+" since the start")
		}
	}
	if asked, missed := s.Counts["ask_asked"], s.Counts["ask_missed"]; missed*100 > asked && missed > 0 {
		list = append(list, fmt.Sprintf("%d of %d questions had no verdict in time", missed, asked))
	}
	return list
}

// counts are all that is counted, by name.
func (l *Live) counts() map[string]uint64 {
	g, a := l.guard.Counts(), l.asking.Counts()
	return map[string]uint64{"guard_attempts": g.Attempts, "guard_refused": g.Refused, "guard_ended": g.Ended, "guard_bypassed": g.Bypassed, "guard_unended": g.Unended,
		"guard_unasked": g.Unasked, "guard_unseen": g.Unseen, "guard_late": g.Late, "guard_records": g.Records, "guard_ahead": g.Ahead,
		"guard_forgotten": g.Forgotten, "guard_gaps": g.Gaps,
		"ask_asked": a.Asked, "ask_allowed": a.Allowed, "ask_refused": a.Refused, "ask_missed": a.Missed, "ask_emergency": a.Emergency, "ask_wrong_secret": a.WrongSecret,
		"ask_malformed": a.Malformed, "ask_overflow": a.Overflow}
}

// saved is how long ago the memory was kept.
func (l *Live) saved() time.Duration {
	last, _, _, _ := l.memory.State()
	if last.IsZero() {
		last = l.since
	}
	return time.Since(last)
}
