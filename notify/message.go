package notify

import (
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
	Text     string           `json:"text"` // all of it in one line in the owner's language
}

// writer makes messages of alerts.
type writer struct {
	host     string
	language text.Language
	full     bool // telephone numbers in sentences stay in full
	helpline func(tenant, number string) bool
}

func newWriter(c *Config) *writer {
	return &writer{host: text.Clean(c.Host, nameMost), language: c.Language, full: c.Full, helpline: c.Helpline}
}

// message writes an alert.
func (w *writer) message(a *belwacht.Alert) *Message {
	m := &Message{Schema: Schema, Host: w.host, Tenant: text.Clean(a.Tenant, nameMost), ID: text.Clean(a.ID, nameMost), Account: w.prose(a.Account, nameMost),
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
	m.Text = w.line(m)
	return m
}

// prose cleans a stranger's words and masks the numbers in them.
func (w *writer) prose(s string, most int) string {
	s = text.Clean(s, most)
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
	return b.String()
}
