package app

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// Adopt takes what was learned from past calls elsewhere, as by a replay, in place of a memory in which nothing is yet; what is in force stays so.
func (l *Live) Adopt(memory io.Reader) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, err := l.config.LiveEngine(func(string) {})
	if err != nil || l.guard.counts.attempts.Load() > 0 {
		return errors.Join(err, belwacht.Errorf(belwacht.Invalid, "calls were judged already, and what was learned from them would be lost"))
	}
	list, err := l.inforce.InForce(context.Background(), belwacht.InstantOf(time.Now()))
	return errors.Join(err, l.guard.replace(l.config, e, func(_, to *detect.Engine) error {
		err := to.Restore(memory)
		l.reinforce(to, list, 0)
		return err
	}))
}
