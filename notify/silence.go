package notify

import (
	"context"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// silencesEvery is how soon a silence holds that was made elsewhere, such as in the console.
const silencesEvery = 5 * belwacht.Second

// listen reads which silences hold. Where they cannot be read those that were known hold until they end.
func (n *Notifier) listen(ctx context.Context, now belwacht.Instant) {
	if n.silencer == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	list, err := n.silencer.Silences(ctx, now)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.heard = now; err == nil {
		n.silences = list
	}
}

// silenced says whether an alert is not told now. n.mu is held.
func (n *Notifier) silenced(a *belwacht.Alert, now belwacht.Instant) bool {
	return slices.ContainsFunc(n.silences, func(s belwacht.Silence) bool { return s.Covers(a, now) })
}

// Silence stops the telling of alerts for a time; ID and Since are set. It is on disk when it returns, where there is one; an error of code Unreachable says that it
// holds and is not.
func (n *Notifier) Silence(ctx context.Context, s *belwacht.Silence) error {
	now := belwacht.InstantOf(time.Now())
	s.Since, s.ID = now, "S"+now.String()
	if err := s.Check(); err != nil {
		return err
	}
	n.mu.Lock()
	n.silences = append(n.silences, *s)
	n.mu.Unlock()
	n.log.Warn("alerts are silenced", "event", "alert.silence", "tenant", text.Clean(s.Tenant, nameMost), "account", text.Mask(text.Clean(s.Account, nameMost)),
		"cause", text.Clean(s.Cause, nameMost), "until", s.Until.String(), "by", text.Clean(s.Who, nameMost))
	if n.silencer == nil {
		return nil
	}
	return n.silencer.PutSilence(ctx, s)
}

// Silences are those that hold.
func (n *Notifier) Silences() []belwacht.Silence {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.silences)
}

// EndSilence ends a silence now; an error of code NotFound where none of that ID holds.
func (n *Notifier) EndSilence(ctx context.Context, id, who string) error {
	n.mu.Lock()
	at := slices.IndexFunc(n.silences, func(s belwacht.Silence) bool { return s.ID == id })
	if at < 0 {
		n.mu.Unlock()
		return belwacht.Errorf(belwacht.NotFound, "no silence %q holds", text.Clean(id, 40))
	}
	s := n.silences[at]
	n.silences = slices.Delete(n.silences, at, at+1)
	n.mu.Unlock()
	n.log.Info("a silence is ended", "event", "alert.silence-ended", "id", text.Clean(id, 40), "by", text.Clean(who, nameMost))
	if n.silencer == nil {
		return nil
	}
	return n.silencer.LiftSilence(ctx, s.Tenant, s.ID, who, belwacht.InstantOf(time.Now()))
}
