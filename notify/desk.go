package notify

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Times of the desk.
const (
	againAfter = 15 * belwacht.Minute // an alert that grows is told again after that, unless it grows graver
	heldFor    = 4 * belwacht.Day     // for so long a receiver's hours are waited for
	stale      = belwacht.Day         // an alert so old is not escalated any more
	bookFor    = 8 * belwacht.Day     // for so long an alert is known after its last change
	bookMost   = 1 << 13              // alerts that are known
	attending  = time.Second
)

// Tell is told of each alert that came or grew, as often as that is. It decides who hears of it, and never waits.
func (n *Notifier) Tell(a *belwacht.Alert) {
	if n == nil {
		return
	}
	now := belwacht.InstantOf(time.Now())
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.book[keyOf(a)]
	if t == nil {
		t = &belwacht.Telling{Step: 1, StepAt: now}
		if len(n.book) >= bookMost {
			n.forget()
		}
		n.book[keyOf(a)] = t
		n.link(keyOf(a))
	} else if t.Alert.Count == a.Count && t.Alert.Word == a.Word {
		return
	}
	n.remember(t, a)
	n.touch(t)
	if n.renew(t, now) {
		n.tell(t, now)
		return
	}
	for _, d := range t.Waiting { // what waits is told as it is by then
		if l := n.line(d.To, d.Way); l != nil {
			l.grow(n.form(t))
		}
	}
}

// renew says whether people are to hear of an alert's newest form: where it is new or graver at once, where it only grows a quarter of an hour after they last
// did, and not at all where somebody looks after it.
func (n *Notifier) renew(t *belwacht.Telling, now belwacht.Instant) bool {
	a := &t.Alert
	graver := a.Word > t.Word
	if !graver && (a.Count == t.Said || now-t.At < againAfter || t.Taken != 0) {
		return false
	}
	if graver || t.Silent { // than what was looked at; or nobody has heard of it
		t.Taken, t.Taker, t.Step, t.StepAt, t.Last = 0, "", 1, now, 0
	}
	t.Said, t.Word, t.At = a.Count, a.Word, now
	t.Silent = n.silenced(a, now)
	if t.Silent {
		n.log.Info("an alert is not told, since it is silenced", "event", "alert.silenced", "alert", text.Clean(a.ID, nameMost), "tenant", text.Clean(a.Tenant, nameMost))
	}
	n.touch(t)
	return true
}

// form is an alert as it is now, for a line to keep.
func (n *Notifier) form(t *belwacht.Telling) *belwacht.Alert {
	copied := t.Alert
	copied.Numbers = slices.Clone(t.Alert.Numbers)
	return &copied
}

// Known takes the alerts that there are before the first call of a start as told: all of them where nothing was kept by an earlier run, which told them, else
// those too old to be news.
func (n *Notifier) Known(list []belwacht.Alert) {
	if n == nil {
		return
	}
	now := belwacht.InstantOf(time.Now())
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range list {
		a := &list[i]
		if n.book[keyOf(a)] != nil || !n.fresh && a.Last > now-bookFor+belwacht.Day {
			continue
		}
		t := &belwacht.Telling{Said: a.Count, Word: a.Word, At: now, Step: 1, StepAt: now, Silent: true}
		n.remember(t, a)
		n.book[keyOf(a)] = t
		n.touch(t)
	}
}

// remember takes an alert's newest form.
func (n *Notifier) remember(t *belwacht.Telling, a *belwacht.Alert) {
	t.Alert = *a
	t.Alert.Numbers = slices.Clone(a.Numbers)
}

// tell puts an alert into the lines of all who are to hear of it now and have not.
func (n *Notifier) tell(t *belwacht.Telling, now belwacht.Instant) {
	if t.Silent || now-t.At > heldFor {
		return
	}
	for i := range n.cfg.Receivers {
		r := &n.cfg.Receivers[i]
		step := n.cfg.Escalation.step(r.Name)
		if _, at := r.hears(&t.Alert, t.Word, now); step > t.Step || !at {
			continue
		}
		note := ""
		if step > 1 {
			note = NoteEscalated
		}
		for _, l := range n.lines {
			if l.to == r.Name && t.At >= n.born[markOf(l.to, l.name)] {
				n.tellBy(l, t, note, now)
			}
		}
	}
}

// tellBy puts an alert into a line, unless it is told by that in this form already.
func (n *Notifier) tellBy(l *line, t *belwacht.Telling, note string, now belwacht.Instant) {
	at := slices.IndexFunc(t.Reached, func(x belwacht.Reached) bool { return x.To == l.to && x.Way == l.name })
	switch {
	case at < 0 && t.Taken != 0: // somebody else was told, and looks after it
		return
	case at < 0:
		t.Reached = append(t.Reached, belwacht.Reached{To: l.to, Way: l.name})
		at = len(t.Reached) - 1
	case t.Reached[at].Said >= t.Said:
		return
	}
	t.Reached[at].Said = t.Said
	n.put(l, t, note, now)
}

// put puts an alert into a line.
func (n *Notifier) put(l *line, t *belwacht.Telling, note string, now belwacht.Instant) {
	at := slices.IndexFunc(t.Waiting, func(d belwacht.Delivery) bool { return d.To == l.to && d.Way == l.name })
	if at < 0 {
		t.Waiting = append(t.Waiting, belwacht.Delivery{To: l.to, Way: l.name, Since: now, Note: note})
	} else if note != "" {
		t.Waiting[at].Note = note
	}
	n.touch(t)
	n.enter(l, t, note, now.Time())
}

// enter puts an alert into a line, and says where that has no room.
func (n *Notifier) enter(l *line, t *belwacht.Telling, note string, since time.Time) {
	room, first := l.add(n.form(t), note, since, time.Now())
	if !room {
		t.Waiting = slices.DeleteFunc(t.Waiting, func(d belwacht.Delivery) bool { return d.To == l.to && d.Way == l.name })
	}
	if first {
		n.log.Error("an alert is not told by one way: too many wait for it", "event", "alert.dropped", "way", l.name)
	}
}

// gone notes what need not be told any more, and in which form it arrived.
func (n *Notifier) gone(l *line, how *outcome, arrived bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range how.gone {
		t := n.book[e.key]
		if t == nil {
			continue
		}
		for i := range t.Reached {
			if x := &t.Reached[i]; arrived && x.To == l.to && x.Way == l.name {
				x.Said = max(x.Said, e.alert.Count)
			}
		}
		if n.touch(t); l.holds(e.key) {
			continue // its newer form waits
		}
		t.Waiting = slices.DeleteFunc(t.Waiting, func(d belwacht.Delivery) bool { return d.To == l.to && d.Way == l.name })
	}
}

// attend does what time brings, until ctx ends: hours that begin, steps of the escalation, what is forgotten.
func (n *Notifier) attend(ctx context.Context) {
	t := time.NewTicker(attending)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			n.attendOnce(ctx, belwacht.InstantOf(time.Now()))
		}
	}
}

func (n *Notifier) attendOnce(ctx context.Context, now belwacht.Instant) {
	var due []key
	n.mu.Lock()
	read := now-n.heard >= silencesEvery
	n.mu.Unlock()
	if read {
		n.listen(ctx, now)
	}
	n.mu.Lock()
	n.silences = slices.DeleteFunc(n.silences, func(s belwacht.Silence) bool { return s.Until <= now })
	for k, t := range n.book {
		if t.Changed < now-bookFor && len(t.Waiting) == 0 {
			n.strike(k)
			continue
		}
		n.renew(t, now)
		n.tell(t, now)
		if n.due(t, now) {
			due = append(due, k)
		}
	}
	n.mu.Unlock()
	for _, k := range due {
		n.escalate(ctx, k, now)
	}
}

// due says whether an alert's next step is due.
func (n *Notifier) due(t *belwacht.Telling, now belwacht.Instant) bool {
	e := n.cfg.Escalation
	return e != nil && len(e.Steps) > 0 && t.Taken == 0 && t.Last == 0 && !t.Silent && t.Word >= e.Least && now-t.At < stale &&
		now-t.StepAt >= belwacht.Instant(e.After.Milliseconds())
}

// escalate goes on to the next step of an alert that nobody has taken, or to the step after the last person.
func (n *Notifier) escalate(ctx context.Context, k key, now belwacht.Instant) {
	who := n.taker(ctx, k)
	n.mu.Lock()
	t := n.book[k]
	e := n.cfg.Escalation
	if t == nil || !n.due(t, now) {
		n.mu.Unlock()
		return
	}
	if who != "" {
		n.looksAfter(t, who, now)
		n.mu.Unlock()
		return
	}
	for t.StepAt = now; t.Step < len(e.Steps); {
		t.Step++
		if n.anybody(e.Steps[t.Step-1], t, now) { // nobody is waited for who is not told now
			n.log.Warn("nobody has taken an alert, and others are told", "event", "alert.escalated", "alert", t.Alert.ID, "tenant", t.Alert.Tenant, "step", t.Step)
			n.tell(t, now)
			n.touch(t)
			n.mu.Unlock()
			return
		}
	}
	t.Last = now
	n.touch(t)
	bar, alert := e.Bar, t.Alert
	n.mu.Unlock()
	n.log.Error("nobody has taken an alert", "event", "alert.unanswered", "alert", alert.ID, "tenant", alert.Tenant, "bars", bar != nil && n.guard != nil)
	if bar == nil || n.guard == nil {
		return
	}
	if err := n.guard.Bar(ctx, alert.Tenant, bar(alert.Tenant, now), "nobody acknowledged alert "+text.Clean(alert.ID, nameMost)); err != nil {
		n.log.Error("calls abroad cannot be barred", "event", "alert.bar-failed", "tenant", alert.Tenant, "error", err)
		n.mu.Lock()
		t.Last = 0 // it is tried again as if another step were over
		n.mu.Unlock()
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range t.Reached {
		if l := n.line(r.To, r.Way); l != nil {
			n.put(l, t, NoteBarred, now)
		}
	}
}

// anybody says whether one of some people hears of an alert now.
func (n *Notifier) anybody(names []string, t *belwacht.Telling, now belwacht.Instant) bool {
	return slices.ContainsFunc(n.cfg.Receivers, func(r Receiver) bool {
		_, at := r.hears(&t.Alert, t.Word, now)
		return at && slices.Contains(names, r.Name)
	})
}

// taker is who has taken an alert elsewhere, such as in the console; "" = nobody.
func (n *Notifier) taker(ctx context.Context, k key) string {
	if n.incidents == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	i, err := n.incidents.Alert(ctx, k.tenant, k.id)
	if err != nil || i.First != k.first || i.State == belwacht.IncidentOpen {
		return ""
	}
	if i.Who == "" {
		return "somebody"
	}
	return i.Who
}

// forget makes room: of the alerts for which nothing waits the half that changed first are known no more. n.mu is held.
func (n *Notifier) forget() {
	keys := slices.SortedFunc(maps.Keys(n.book), func(a, b key) int { return int(min(max(n.book[a].Changed-n.book[b].Changed, -1), 1)) })
	for _, k := range keys[:len(keys)/2] {
		n.strike(k)
	}
}

// strike takes an alert out of the book. n.mu is held.
func (n *Notifier) strike(k key) {
	delete(n.book, k)
	delete(n.changed, k)
	for h, l := range n.links {
		if l.key == k {
			delete(n.links, h)
		}
	}
}
