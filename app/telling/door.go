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

// Notice tells each of those whom it concerns by mail, and the log servers once. It implements door.Teller, and returns at once. What is told already, or waits
// to be, is not told again.
func (t *Telling) Notice(n *belwacht.Notice) {
	w := t.doors.Load()
	if w == nil {
		return
	}
	e := &n.Entry
	p := belwacht.Parcel{Kind: n.Kind, Entry: e.Position, At: e.Time}
	for i := range n.To {
		u := &n.To[i]
		t.mail(w, u, p, noticeText(w, n, languageOfUser(u)))
	}
	t.record(w, p, noticeRecord(w, n))
}

// noticeRecord is a notice as log servers have it.
func noticeRecord(w *doorWays, n *belwacht.Notice) *syslog.Record {
	e := &n.Entry
	severity := syslog.Warning
	if n.Kind == belwacht.NoticeNewDevice {
		severity = syslog.Info
	}
	return &syslog.Record{Kind: "notice", Severity: severity, Host: w.host, Text: noticeText(w, n, text.English).subject, Fields: [][2]string{{"kind", string(n.Kind)}, {"act", string(e.Act)},
		{"who", e.Who}, {"via", e.Via}, {"from", e.From}, {"tenant", e.Tenant}, {"subject", text.MaskProse(e.Subject)}, {"detail", text.MaskProse(e.Detail)},
		{"why", text.MaskProse(e.Why)}, {"entry", fmt.Sprint(e.Position)}}}
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
	p := belwacht.Parcel{Kind: belwacht.NoticeHead, Entry: h.Size, At: h.Time}
	t.record(w, p, headRecord(w, h))
	if w.server == nil || len(to) == 0 {
		return
	}
	if t.store != nil {
		if last, err := t.store.Mark(t.ctx, headMark); err == nil && h.Time < last+headEvery {
			return
		}
	}
	for i := range to {
		t.mail(w, &to[i], p, headText(w, h, languageOfUser(&to[i])))
	}
	t.letters.keep() // before it is noted that they were sent for today
	if t.store != nil {
		if err := t.store.PutMark(t.ctx, headMark, h.Time); err != nil {
			t.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
		}
	}
}

// headRecord is a head as log servers have it.
func headRecord(w *doorWays, h *belwacht.Head) *syslog.Record {
	return &syslog.Record{Kind: "audit-head", Severity: syslog.Info, Host: w.host, Text: fmt.Sprintf("Belwacht: signed head of the audit log, %d entries", h.Size),
		Fields: [][2]string{{"entries", fmt.Sprint(h.Size)}, {"time", h.Time.String()}, {"note64", base64.StdEncoding.EncodeToString([]byte(h.Note))}}}
}

// idOf is the ID of a message to a receiver: of what it is about, so that it is the same however often it is told.
func idOf(w *doorWays, p *belwacht.Parcel) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %q %t %q", p.Kind, p.Entry, int64(p.At), p.To, p.Log, w.host))
	return hex.EncodeToString(sum[:16])
}

// mail puts a letter to a person in line. Who has no address reads it in the console.
func (t *Telling) mail(w *doorWays, to *belwacht.User, p belwacht.Parcel, x letter) {
	if w.server == nil || to.Mail == "" {
		return
	}
	p.To = to.ID
	p.ID = idOf(w, &p)
	address := to.Mail
	t.letters.add(p, x.subject, func(ctx context.Context) error { return t.post(ctx, address, p.ID, &x) })
}

// post sends a letter, with what the configuration says by then.
func (t *Telling) post(ctx context.Context, address, id string, x *letter) error {
	w := t.doors.Load()
	if w.server == nil {
		return belwacht.Errorf(belwacht.Config, "the configuration names no mail server any more")
	}
	way, err := email.New(*w.server, []string{address})
	if err != nil {
		return err
	}
	return way.Deliver(ctx, &email.Letter{ID: id, Subject: x.subject, Plain: x.plain(), HTML: x.html()})
}

// record puts a record in line for each log server.
func (t *Telling) record(w *doorWays, p belwacht.Parcel, r *syslog.Record) {
	for _, way := range w.logs {
		p.Log, p.To = true, way.Name()
		p.ID = idOf(w, &p)
		id := p.ID
		t.records.add(p, r.Kind, func(ctx context.Context) error { return way.Record(ctx, r.With("delivery", id)) })
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
