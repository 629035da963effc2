package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// linked is what a link is about.
type linked struct {
	key key
	to  string
}

// secret is the last part of a person's link about an alert: 128 bits that nobody can guess without the key, the same after a restart.
func secret(linkKey []byte, to string, k key) string {
	h := hmac.New(sha256.New, linkKey)
	fmt.Fprintf(h, "%q %q %q %d", to, k.tenant, k.id, k.first)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// hashed is under what a secret is looked for: comparing secrets themselves would tell by its time how much of a guess is right.
func hashed(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return string(h[:])
}

// link makes the links of an alert known. n.mu is held, or nobody else has n yet.
func (n *Notifier) link(k key) {
	if n.cfg.Links == "" || len(n.cfg.LinkKey) == 0 {
		return
	}
	for i := range n.cfg.Receivers {
		if name := n.cfg.Receivers[i].Name; name != "" {
			n.links[hashed(secret(n.cfg.LinkKey, name, k))] = linked{k, name}
		}
	}
}

// linkOf is a person's link about an alert; "" where there is none.
func (n *Notifier) linkOf(to string, k key) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if to == "" || n.cfg.Links == "" || len(n.cfg.LinkKey) == 0 || n.book[k] == nil {
		return ""
	}
	return n.cfg.Links + secret(n.cfg.LinkKey, to, k)
}

// Opened is what somebody sees who opens a link.
type Opened struct {
	Message *Message
	Tenant  string // of the alert
	ID      string
	To      string // whose link it is
	Taken   belwacht.Instant
	Taker   string // who has taken it; "" = nobody yet
}

// Open says what a link is about, by its secret; an error of code NotFound where it is none, or too old.
func (n *Notifier) Open(linkSecret string) (*Opened, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l, ok := n.links[hashed(linkSecret)]
	t := n.book[l.key]
	if !ok || t == nil {
		return nil, belwacht.Errorf(belwacht.NotFound, "this link leads nowhere any more")
	}
	at := slices.IndexFunc(n.cfg.Receivers, func(r Receiver) bool { return r.Name == l.to })
	if at < 0 {
		return nil, belwacht.Errorf(belwacht.NotFound, "this link leads nowhere any more")
	}
	masked := n.cfg.Receivers[at]
	masked.Full = false // a link may be passed on
	return &Opened{Message: newWriter(&n.cfg, &masked).message(&t.Alert, ""), Tenant: l.key.tenant, ID: l.key.id, To: l.to, Taken: t.Taken, Taker: t.Taker}, nil
}

// Take notes that the person of a link looks after its alert; the link is used up by it. It is on disk when it returns; an error of code Unreachable says that
// it holds and is not yet. Of an alert that is taken already it changes nothing.
func (n *Notifier) Take(ctx context.Context, linkSecret string) (*Opened, error) {
	o, err := n.Open(linkSecret)
	if err != nil || o.Taken != 0 {
		return o, err
	}
	n.mu.Lock()
	l := n.links[hashed(linkSecret)]
	n.mu.Unlock()
	err = n.taken(ctx, l.key, l.to)
	again, gone := n.Open(linkSecret)
	if gone != nil {
		return nil, gone
	}
	return again, err
}

// TakeAlert notes that somebody looks after an alert, of several with its ID the newest. NotFound where there is none.
func (n *Notifier) TakeAlert(ctx context.Context, tenant, id, who string) error {
	n.mu.Lock()
	var found key
	for k := range n.book {
		if k.tenant == tenant && k.id == id && k.first > found.first {
			found = k
		}
	}
	n.mu.Unlock()
	if found.id == "" {
		return belwacht.Errorf(belwacht.NotFound, "there is no alert %q that is told", text.Clean(id, 40))
	}
	return n.taken(ctx, found, who)
}

// looksAfter notes who looks after an alert, and tells the others who were told before, by the ways by which they were, unless it is no hour of
// theirs: that somebody looks after it is no reason to wake them. n.mu is held.
func (n *Notifier) looksAfter(t *belwacht.Telling, who string, now belwacht.Instant) {
	t.Taken, t.Taker = now, who
	n.touch(t)
	for _, r := range t.Reached {
		at := slices.IndexFunc(n.cfg.Receivers, func(x Receiver) bool { return x.Name == r.To })
		if at < 0 || r.To != "" && strings.EqualFold(r.To, who) {
			continue
		}
		if _, hears := n.cfg.Receivers[at].hears(&t.Alert, t.Word, now); !hears {
			continue
		}
		if l := n.line(r.To, r.Way); l != nil {
			n.put(l, t, NoteTaken+" "+text.Clean(who, nameMost), now)
		}
	}
}

// taken notes who looks after an alert: here, and where alerts are kept.
func (n *Notifier) taken(ctx context.Context, k key, who string) error {
	now := belwacht.InstantOf(time.Now())
	n.mu.Lock()
	t := n.book[k]
	if t == nil || t.Taken != 0 {
		n.mu.Unlock()
		return nil
	}
	n.looksAfter(t, who, now)
	n.log.Info("an alert is taken", "event", "alert.taken", "alert", text.Clean(k.id, nameMost), "tenant", text.Clean(k.tenant, nameMost), "by", text.Clean(who, nameMost))
	err := n.settled(k)
	n.mu.Unlock()
	if n.incidents == nil {
		return err
	}
	x, kept := n.incidents.Alert(ctx, k.tenant, k.id)
	if kept == nil && x.State == belwacht.IncidentOpen {
		change := x.Change(who, now)
		change.State, change.Assignee = belwacht.IncidentTaken, who
		kept = n.incidents.ChangeAlert(ctx, change)
	}
	if kept != nil {
		n.log.Error("that an alert is taken is not kept with it", "event", "alert.take-failed", "alert", text.Clean(k.id, nameMost), "error", kept)
	}
	return err
}
