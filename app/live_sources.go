package app

import (
	"context"
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
		said, place, err := c.SaidOfRecords(p)
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
