package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Schema names the form of a Message in JSON; a reader refuses another major version.
const Schema = "belwacht.alert/1"

// The longest texts in a message, in characters.
const (
	nameMost     = 120
	sentenceMost = 1000
	numbersMost  = 8
)

// Message is an alert as a receiver gets it. Every string is one line without control characters; numbers and what looks like one in names and sentences are
// masked unless the owner wants them in full.
type Message struct {
	Schema   string           `json:"schema"`
	Host     string           `json:"host"` // the machine that tells
	Tenant   string           `json:"tenant"`
	ID       string           `json:"id"` // of the alert; with tenant and first it is the same alert, grown
	Account  string           `json:"account"`
	Cause    string           `json:"cause"` // docs/causes.md
	Word     belwacht.Word    `json:"word"`  // alert, refuse or end: the gravest
	First    belwacht.Instant `json:"first"`
	Last     belwacht.Instant `json:"last"`
	Count    int              `json:"count"`   // decisions so far
	Numbers  []string         `json:"numbers"` // at most eight
	ReasonEN string           `json:"reason_en"`
	ReasonNL string           `json:"reason_nl"`
	Text     string           `json:"text"`               // all of it in one line in the receiver's language
	Delivery string           `json:"delivery"`           // the same however often this form of the alert is tried: by it a receiver knows what it has already
	Note     string           `json:"note,omitempty"`     // why it comes again: escalated, barred, taken
	TakenBy  string           `json:"taken_by,omitempty"` // who looks after it, where the note is taken

	Title  string        `json:"-"` // a few words, for a subject
	Remark string        `json:"-"` // the note as a sentence in the receiver's language; "" = none
	Link   string        `json:"-"` // where a person says that they look after it; "" = nowhere. It is a secret of that person
	In     text.Language `json:"-"`
}

// writer makes messages of alerts for one receiver.
type writer struct {
	host     string
	language text.Language
	full     bool // telephone numbers in sentences stay in full
	helpline func(tenant, number string) bool
	dead     *strings.Replacer
}

func newWriter(c *Config, r *Receiver) *writer {
	w := &writer{host: text.Clean(c.Host, nameMost), language: r.Language, helpline: c.Helpline,
		full: r.Full, dead: strings.NewReplacer("://", ": //", "www.", "www ", "WWW.", "WWW ")}
	return w
}

// message writes an alert. note says why it comes again; behind NoteTaken stands who looks after it.
func (w *writer) message(a *belwacht.Alert, note string) *Message {
	delivery := deliveryID(a, note)
	note, by, _ := strings.Cut(note, " ")
	m := &Message{Schema: Schema, In: w.language, Note: note, TakenBy: text.Clean(by, nameMost), Delivery: delivery, Host: w.host, Tenant: text.Clean(a.Tenant, nameMost), ID: text.Clean(a.ID, nameMost), Account: w.prose(a.Account, nameMost),
		Cause: text.Clean(a.Cause, nameMost), Word: a.Word, First: a.First, Last: a.Last, Count: a.Count, Numbers: []string{}}
	english, dutch := a.Reason, a.ReasonNL
	for _, n := range a.Numbers[:min(len(a.Numbers), numbersMost)] {
		shown := text.Clean(n, nameMost)
		switch {
		case w.helpline != nil && w.helpline(a.Tenant, n):
			shown = w.language.Pick("a helpline", "een hulplijn")
			english, dutch = strings.ReplaceAll(english, n, "a helpline"), strings.ReplaceAll(dutch, n, "een hulplijn")
		case !w.full:
			shown = w.prose(text.Mask(n), nameMost) // of a feature code too, which Mask leaves as it is
		}
		if !slices.Contains(m.Numbers, shown) {
			m.Numbers = append(m.Numbers, shown)
		}
	}
	m.ReasonEN, m.ReasonNL = w.prose(english, sentenceMost), w.prose(dutch, sentenceMost)
	m.Remark, m.Title = w.remark(m), w.title(m)
	m.Text = w.line(m)
	return m
}

// deliveryID names this form of an alert.
func deliveryID(a *belwacht.Alert, note string) string {
	h := sha256.Sum256(fmt.Appendf(nil, "%q %q %d %d %d %s", a.Tenant, a.ID, a.First, a.Count, a.Word, note))
	return hex.EncodeToString(h[:16])
}

// remark is a note as a sentence.
func (w *writer) remark(m *Message) string {
	switch m.Note {
	case NoteEscalated:
		return w.language.Pick("Nobody has taken this alert yet, so you are told.", "Niemand heeft deze melding nog opgepakt, daarom hoort u het.")
	case NoteBarred:
		return w.language.Pick("Nobody has taken this alert, so calls abroad are barred for now; emergency numbers pass. To undo it: belwacht panic off.",
			"Niemand heeft deze melding opgepakt, daarom is bellen naar het buitenland nu geblokkeerd; alarmnummers blijven werken. Opheffen: belwacht panic off.")
	case NoteTaken:
		return fmt.Sprintf(w.language.Pick("%s looks after this alert.", "%s pakt deze melding op."), w.dead.Replace(m.TakenBy))
	}
	return ""
}

// title is a message in a few words.
func (w *writer) title(m *Message) string {
	var what string
	switch m.Word {
	case belwacht.Refuse:
		what = w.language.Pick("calls refused", "gesprekken geweigerd")
	case belwacht.EndNow:
		what = w.language.Pick("calls ended", "gesprekken beëindigd")
	default:
		what = w.language.Pick("please look", "kijk hiernaar")
	}
	if m.Account != "" {
		what += w.language.Pick(", account ", ", toestel ") + m.Account
	}
	if m.Tenant != "" {
		what += " (" + m.Tenant + ")"
	}
	return text.Clean("Belwacht: "+what, nameMost)
}

// prose cleans a stranger's words, masks the numbers in them, and takes the life out of addresses: no mail or chat program makes a link of a caller's name.
func (w *writer) prose(s string, most int) string {
	s = w.dead.Replace(text.Clean(s, most))
	if w.full {
		return s
	}
	return text.MaskProse(s)
}

// line is a message in one line.
func (w *writer) line(m *Message) string {
	var b strings.Builder
	b.WriteString("Belwacht")
	for _, of := range []string{m.Host, m.Tenant} {
		if of != "" {
			b.WriteString(" · " + of)
		}
	}
	if m.Account != "" {
		b.WriteString(" · " + w.language.Pick("account ", "toestel ") + m.Account)
	}
	reason := w.language.Pick(m.ReasonEN, m.ReasonNL)
	if reason == "" {
		reason = m.Cause
	}
	b.WriteString(" · " + reason)
	if m.Count > 1 {
		b.WriteString(" (" + strconv.Itoa(m.Count) + "×)")
	}
	if m.Remark != "" {
		b.WriteString(" · " + m.Remark)
	}
	return b.String()
}
