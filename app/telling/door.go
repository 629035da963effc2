package telling

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/notify/email"
	"github.com/belwacht/belwacht/notify/syslog"
	"github.com/belwacht/belwacht/text"
)

// doorWays are the ways by which what concerns the door is told: mail to the people themselves, and the log servers.
type doorWays struct {
	server *email.Server // nil: there is no mail
	logs   []*syslog.Syslog
	zone   *time.Location
	url    string // of the console, "" = not known
	host   string
}

// newDoorWays makes those of a configuration.
func newDoorWays(c *config.Config, version string) (*doorWays, error) {
	m, err := newMaker(c, version)
	if err != nil {
		return nil, err
	}
	calendar, err := c.All()[0].Calendar()
	if err != nil {
		return nil, err
	}
	w := &doorWays{server: m.server, zone: calendar.Zone(), url: c.AccessPolicy().Origin}
	if w.host, err = os.Hostname(); err != nil {
		w.host = ""
	}
	for i := range c.Alerts.Syslog {
		way, err := m.syslog(&c.Alerts.Syslog[i])
		if err != nil {
			return nil, err
		}
		w.logs = append(w.logs, way.(*syslog.Syslog))
	}
	return w, nil
}

// Notice tells each of those whom it concerns by mail, and the log servers once. It implements door.Teller, and returns at once.
func (t *Telling) Notice(n *belwacht.Notice) {
	w := t.doors.Load()
	if w == nil {
		return
	}
	e := &n.Entry
	for i := range n.To {
		u := &n.To[i]
		t.mail(w, u, fmt.Sprintf("notice %s %d %s %s", n.Kind, e.Position, e.Time, u.ID), noticeText(w, n, languageOfUser(u)))
	}
	severity := syslog.Warning
	if n.Kind == belwacht.NoticeNewDevice {
		severity = syslog.Info
	}
	r := &syslog.Record{Kind: "notice", Severity: severity, Host: w.host, Text: noticeText(w, n, text.English).subject, Fields: [][2]string{{"kind", string(n.Kind)}, {"act", string(e.Act)},
		{"who", e.Who}, {"via", e.Via}, {"from", e.From}, {"tenant", e.Tenant}, {"subject", text.MaskProse(e.Subject)}, {"detail", text.MaskProse(e.Detail)},
		{"why", text.MaskProse(e.Why)}, {"entry", fmt.Sprint(e.Position)}}}
	t.record(w, r)
}

// headEvery is how often a head is mailed at most: a machine that starts ten times a day mails one.
const headEvery = 23 * belwacht.Hour

// headMark is the mark under which the store has when a head was mailed last.
const headMark = "audit.head"

// Head sends a signed head of the audit log away from this machine: to the log servers each time, by mail to those who look after the whole of it, once a day. It
// returns at once.
func (t *Telling) Head(h *belwacht.Head, to []belwacht.User) {
	w := t.doors.Load()
	if w == nil {
		return
	}
	r := &syslog.Record{Kind: "audit-head", Severity: syslog.Info, Host: w.host, Text: fmt.Sprintf("Belwacht: signed head of the audit log, %d entries", h.Size),
		Fields: [][2]string{{"entries", fmt.Sprint(h.Size)}, {"time", h.Time.String()}, {"note64", base64.StdEncoding.EncodeToString([]byte(h.Note))}}}
	t.record(w, r)
	if w.server == nil || len(to) == 0 {
		return
	}
	if t.store != nil {
		if last, err := t.store.Mark(t.ctx, headMark); err == nil && h.Time < last+headEvery {
			return
		}
	}
	for i := range to {
		t.mail(w, &to[i], fmt.Sprintf("head %d %s %s", h.Size, h.Time, to[i].ID), headText(w, h, languageOfUser(&to[i])))
	}
	if t.store != nil {
		if err := t.store.PutMark(t.ctx, headMark, h.Time); err != nil {
			t.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
		}
	}
}

// mail puts a letter to a person in line. Who has no address reads it in the console.
func (t *Telling) mail(w *doorWays, to *belwacht.User, id string, x letter) {
	if w.server == nil || to.Mail == "" {
		return
	}
	sum := sha256.Sum256([]byte(id + " " + w.host))
	l := &email.Letter{ID: hex.EncodeToString(sum[:16]), Subject: x.subject, Plain: x.plain(), HTML: x.html()}
	address := to.Mail
	t.letters.add(x.subject, func(ctx context.Context) error {
		w := t.doors.Load() // with what the configuration says by then
		if w.server == nil {
			return belwacht.Errorf(belwacht.Config, "the configuration names no mail server any more")
		}
		way, err := email.New(*w.server, []string{address})
		if err != nil {
			return err
		}
		return way.Deliver(ctx, l)
	})
}

// record puts a record in line for each log server.
func (t *Telling) record(w *doorWays, r *syslog.Record) {
	for _, way := range w.logs {
		t.records.add(r.Kind, func(ctx context.Context) error { return way.Record(ctx, r) })
	}
}

// languageOfUser is what a user reads; Dutch where it was not said, as in the console.
func languageOfUser(u *belwacht.User) text.Language {
	if u.Language == "en" {
		return text.English
	}
	return text.Dutch
}

// doorStates say how they are doing, where there is anything to say.
func (t *Telling) doorStates() (list []notify.State) {
	for _, o := range []*outbox{t.letters, t.records} {
		if s := o.State(); s.Sent+s.Failed+s.Dropped > 0 || s.Waiting > 0 {
			list = append(list, s)
		}
	}
	return list
}
