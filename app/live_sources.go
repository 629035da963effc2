package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
)

// reads are the sources of records there are.
func (l *Live) reads() []*reading {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sources)
}

// overlap is how much earlier than the last call that a source told calls of the source in its place may have ended: records do not come quite in order, and a
// call that both tell of is one to the guard.
const overlap = 2 * belwacht.Minute

// newSources are the sources that a configuration wants: those that stay as they are, and of each other one how it is to be. Nothing begins or ends yet; what is
// wrong is noticed. l.mu is held.
func (l *Live) newSources(c *config.Config) ([]*reading, error) {
	if l.cfg.Records == nil {
		return nil, nil
	}
	var next []*reading
	for i := range c.PBX {
		p := &c.PBX[i]
		if p.Records == nil {
			continue
		}
		said, place, err := saidOfRecords(c, p)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(l.sources, func(r *reading) bool { return r.pbx == p.Name })
		if at >= 0 && l.sources[at].said == said {
			next = append(next, l.sources[at])
			continue
		}
		source, err := l.cfg.Records(c, p, nil) // as if from the beginning: where the one before it has got to is known when it has stopped
		if err != nil {
			return nil, err
		}
		next = append(next, newReading(context.Background(), source, p.Name, false, said, place))
	}
	return next, nil
}

// replaceSources ends the sources that are not among the next ones and starts those that are new, from where the one before it was. l.mu is held, and the
// configuration is in place.
func (l *Live) replaceSources(next []*reading) {
	old := make(map[string]*reading)
	for _, r := range l.sources {
		if slices.Contains(next, r) {
			continue
		}
		r.end()
		old[r.pbx] = r
	}
	for i, r := range next {
		if slices.Contains(l.sources, r) {
			continue
		}
		next[i] = l.follow(r, old[r.pbx])
		delete(old, r.pbx)
	}
	l.sources = next
	for pbx := range old {
		l.forget(pbx)
	}
}

// follow starts a source in the place of one that has stopped; nil where there was none. At the same place it goes on where that was; elsewhere it tells calls
// that ended after the last that was told.
func (l *Live) follow(r, was *reading) *reading {
	r.since = belwacht.InstantOf(time.Now())
	if was != nil {
		r.since = max(was.since, was.Feed().Latest-overlap)
		if at := was.Position(); at != nil && was.place == r.place {
			p := l.config.PBX[slices.IndexFunc(l.config.PBX, func(p config.PBX) bool { return p.Name == r.pbx })]
			if source, err := l.cfg.Records(l.config, &p, at); err != nil {
				l.log.Error("the call records are read anew after a change", "event", "records.failed", "pbx", r.pbx, "error", err)
			} else {
				r.PBXRecords, r.since = source, was.since
			}
		}
	}
	if was == nil || was.place != r.place {
		l.forget(r.pbx)
	}
	l.log.Info("call records are read by the new configuration", "event", "records.replaced", "pbx", r.pbx)
	l.take(r)
	return r
}

// forget lets go of a position that is good for nothing any more.
func (l *Live) forget(pbx string) {
	if err := os.Remove(l.positionFile(pbx)); err != nil && !os.IsNotExist(err) {
		l.log.Error("how far call records were read is kept of a source that is gone", "event", "records.failed", "pbx", pbx, "error", err)
	}
}

// saidOfRecords is all of a configuration that a source of records is made of, and where it reads.
func saidOfRecords(c *config.Config, p *config.PBX) (said, place string, err error) {
	t := c.Of(p)
	if t == nil {
		return "", "", belwacht.Errorf(belwacht.Config, "PBX %s belongs to no organisation", p.Name)
	}
	place = fmt.Sprintf("%q %q", c.Path(p.Records.File), c.Path(p.Records.Folder))
	for kind, d := range map[string]*config.Database{"mysql": p.Records.MySQL, "postgres": p.Records.Postgres} {
		if d == nil {
			continue
		}
		secret, err := c.Secret(d.SecretFile)
		if err != nil {
			return "", "", err
		}
		tls := config.TLS{}
		if d.TLS != nil {
			tls = *d.TLS
		}
		db := *d
		db.TLS = nil
		place, said = fmt.Sprintf("%s %q %q %q", kind, d.Address, d.Database, d.Table), fmt.Sprintf("%+v %q %+v", db, secret, tls)
	}
	var mapping []byte
	if c.Records.Mapping != "" {
		if mapping, err = os.ReadFile(c.Path(c.Records.Mapping)); err != nil {
			return "", "", belwacht.Errorf(belwacht.Config, "records.mapping: %s cannot be read: %w", c.Records.Mapping, belwacht.Reason(err))
		}
	}
	said = fmt.Sprintf("%s %s %+v %q %q %s %+v %q", place, said, c.Records, mapping, t.Name, t.Timezone, t.NumberConfig(), c.TrunksOf(p))
	for _, a := range t.Declared() {
		said += fmt.Sprintf(" %q %v", a.Name, a.Kind)
	}
	return said, place, nil
}
