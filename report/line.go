package report

import (
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// Terminal shows single decisions: one line each while they stream, or one in full.
type Terminal struct {
	Width    int            // columns; 0 = no terminal: plain lines that are not cut
	Colour   bool           // whether colours may be used
	Language text.Language  // of sentences; decision words are always those of the files
	Currency string         // ISO 4217 or a sign; empty = EUR
	Zone     *time.Location // in which times are shown; nil = UTC
	// RefuseCost is what a wrong refusal costs the owner (C_refuse of DESIGN §4); 0 leaves out what it would have taken.
	RefuseCost belwacht.Money
}

// Line is a decision on one line without a newline, never wider than the terminal: time, decision, account, number, price, and
// why in short. Without a terminal it begins with the time in RFC 3339 and the decision word and holds the whole sentence.
func (t Terminal) Line(d *belwacht.Decision) string {
	d.Tell()
	v := newVoice(t.Language, t.Currency, t.Zone, false)
	word, when := d.Word.String(), d.Time.Time().In(v.zone)
	number, price, private := v.clean(d.Number), "", false
	if tr := d.Trace; tr != nil {
		private = tr.Class == belwacht.ClassSocial.String()
		if tr.PerMinute > 0 {
			price = v.money(moneyOf(tr.PerMinute)) + "/min"
		}
	}
	if private {
		number = v.Helpline
	}
	if t.Width <= 0 {
		s := when.Format(time.RFC3339) + " " + word + " " + v.clean(d.Account) + " " + number
		if price != "" {
			s += " " + price
		}
		return s + " " + v.reason(d)
	}
	fixed := v.Weekdays[(int(when.Weekday())+6)%7] + when.Format(" 15:04:05")
	parts := []string{terminal.Left(fixed, 12), terminal.Tint(t.Colour, inkOf(d.Word), terminal.Left(word, 6)), terminal.Left(terminal.Snip(v.clean(d.Account), 8), 5)}
	if t.Width >= 50 {
		parts = append(parts, terminal.Left(terminal.Snip(number, 16), 14))
	}
	if t.Width >= 70 {
		parts = append(parts, terminal.Right(price, 11))
	}
	return terminal.Snip(strings.TrimRight(strings.Join(append(parts, v.short(d)), "  "), " "), t.Width)
}

// short says why in a few words: the rules that spoke, else the cause.
func (v *voice) short(d *belwacht.Decision) string {
	if len(d.Rules) == 0 {
		return v.clean(cut(d.Cause))
	}
	names := make([]string, 0, 4)
	for _, r := range d.Rules[:min(len(d.Rules), 4)] {
		names = append(names, v.clean(cut(r)))
	}
	return strings.Join(names, ", ")
}

// moneyOf turns a number of a decisions file into money; what is beyond all money becomes 0.
func moneyOf(f float64) belwacht.Money {
	if !(f > -1e9 && f < 1e9) {
		return 0
	}
	return belwacht.Money(f*float64(belwacht.Unit) + 0.5)
}
