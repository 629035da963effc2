// Package summary writes what Belwacht did in a day or a month, for people who get it by mail: words in Dutch or English, and a picture.
//
// A [Period] is what happened in one organisation; [Write] makes a mail of several. The brake and its sum stand in every one of them, since it acts in every mode
// (DESIGN §4). The picture is a PNG that we draw ourselves, as mail programs show neither SVG nor what lies elsewhere; the figures that it shows stand in words too.
package summary

import (
	"html/template"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Kind is of what time a summary is.
type Kind string

// The kinds.
const (
	Day   Kind = "day"
	Month Kind = "month"
)

// Bar is one hour of a day or one day of a month.
type Bar struct{ Warned, Refused, Ended int }

// Account is one that was told of.
type Account struct {
	Name   string // hostile until cleaned, which Write does
	Alerts int
}

// Period is what happened in one organisation.
type Period struct {
	Tenant   string
	Mode     belwacht.Mode
	Currency string
	Zone     *time.Location
	From     belwacht.Instant
	Until    belwacht.Instant

	Refused int            // calls refused
	Ended   int            // running calls ended
	Would   int            // of both, those that were only said, since the mode is not enforce
	Warned  int            // told and let through
	AtRisk  belwacht.Money // in ten minutes, of what was refused and ended
	Alerts  int
	Open    int // of the alerts, nobody has taken

	BrakeOff bool
	Brake    belwacht.Money // a night and trunk
	Braked   int            // calls that it stopped

	Accounts []Account // most alerts first, at most ten
	Bars     []Bar     // 24 hours, or the days of the month
	Cut      bool      // there were more decisions than were counted
}

// Mail is a summary as a mail.
type Mail struct {
	Subject, Plain, HTML string
	Picture              []byte // PNG, which the HTML shows as cid:picture
}

// part is a period in words.
type part struct {
	Name     string
	Lines    [][2]string
	Accounts [][2]string
}

// look is the mail, of which programs know little HTML.
const look = `<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:16px;background:#f4f6fa;font-family:Arial,Helvetica,sans-serif;font-size:15px;color:#1d273b">
<table role="presentation" cellpadding="0" cellspacing="0" style="max-width:640px;width:100%;margin:0 auto;background:#ffffff;border:1px solid #dce1e7"><tr><td style="padding:20px">
<h1 style="margin:0 0 4px;font-size:20px">{{.Subject}}</h1>
<p style="margin:0 0 16px;color:#5b6677">{{.When}}</p>
<img src="cid:picture" width="600" alt="{{.Alt}}" style="max-width:100%;height:auto;border:0">
<p style="margin:4px 0 16px;font-size:13px;color:#5b6677">{{.Legend}}</p>
{{range .Parts}}{{if .Name}}<h2 style="margin:16px 0 8px;font-size:17px">{{.Name}}</h2>{{end}}
<table cellpadding="0" cellspacing="0" style="font-size:15px">{{range .Lines}}<tr><td style="padding:3px 16px 3px 0;color:#5b6677">{{index . 0}}</td><td style="padding:3px 0"><strong>{{index . 1}}</strong></td></tr>
{{end}}</table>
{{if .Accounts}}<table cellpadding="0" cellspacing="0" style="font-size:14px;margin-top:8px">{{range .Accounts}}<tr><td style="padding:2px 16px 2px 0">{{index . 0}}</td><td>{{index . 1}}</td></tr>
{{end}}</table>{{end}}
{{end}}</td></tr></table></body></html>
`

// Write makes a mail of what happened. There is at least one period; the first one's zone is that of the times.
func Write(l text.Language, kind Kind, host string, all []Period) (*Mail, error) {
	first := &all[0]
	when := text.Date(l, first.From, first.Zone)
	subject := l.Pick("Belwacht: summary of ", "Belwacht: overzicht van ") + when
	if kind == Month {
		at := first.From.Time().In(first.Zone)
		when = text.MonthName(l, at.Month()) + " " + at.Format("2006")
		subject = l.Pick("Belwacht: month of ", "Belwacht: maandoverzicht ") + when
	}
	var parts []part
	for i := range all {
		parts = append(parts, words(l, &all[i], len(all) > 1))
	}
	from := 0
	if kind == Month {
		from = 1
	}
	picture, err := drawBars(together(all), from)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the picture of a summary: %w", err)
	}
	t, err := template.New("summary").Parse(look)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the summary: %w", err)
	}
	var html strings.Builder
	alt := l.Pick("Bars: calls told of, refused and ended, by ", "Staafjes: gemelde, geweigerde en beëindigde gesprekken, per ")
	legend := l.Pick("Yellow: told. Orange: refused. Red: ended. By ", "Geel: gemeld. Oranje: geweigerd. Rood: beëindigd. Per ")
	unit := l.Pick("hour", "uur")
	if kind == Month {
		unit = l.Pick("day", "dag")
	}
	if err := t.Execute(&html, map[string]any{"Language": l.String(), "Subject": subject, "When": text.Clean(host, 100), "Alt": alt + unit, "Legend": legend + unit + ".", "Parts": parts}); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the summary: %w", err)
	}
	return &Mail{Subject: subject, Plain: plain(subject, host, parts), HTML: html.String(), Picture: picture}, nil
}

// words puts a period into words.
func words(l text.Language, p *Period, named bool) part {
	var out part
	if named {
		out.Name = text.Clean(p.Tenant, 100)
	}
	add := func(english, dutch, value string) {
		out.Lines = append(out.Lines, [2]string{l.Pick(english, dutch), value})
	}
	n := func(v int) string { return text.Count(l, int64(v)) }
	add("Calls refused", "Gesprekken geweigerd", n(p.Refused))
	add("Running calls ended", "Lopende gesprekken beëindigd", n(p.Ended))
	if p.Would > 0 {
		add("Of these only said", "Daarvan alleen gezegd", n(p.Would)+l.Pick(" (mode "+p.Mode.String()+")", " (stand "+p.Mode.String()+")"))
	}
	add("Told and let through", "Gemeld en doorgelaten", n(p.Warned))
	add("At risk in ten minutes of what was stopped", "Risico in tien minuten van wat is gestopt", text.Money(l, p.AtRisk, p.Currency))
	add("Alerts", "Meldingen", n(p.Alerts)+l.Pick(", of which nobody has taken ", ", waarvan niet opgepakt ")+n(p.Open))
	brake := text.Money(l, p.Brake, p.Currency) + l.Pick(" a night and trunk; it stopped ", " per nacht en trunk; hij stopte ") +
		text.Plural(l, int64(p.Braked), l.Pick("call", "gesprek"), l.Pick("calls", "gesprekken"))
	if p.BrakeOff {
		brake = l.Pick("OFF: the loss of a night has no bound", "UIT: het verlies van een nacht is niet begrensd")
	}
	add("Brake", "Rem", brake)
	if p.Cut {
		add("Note", "Let op", l.Pick("there were more decisions than are counted here", "er waren meer beslissingen dan hier geteld zijn"))
	}
	for _, a := range p.Accounts {
		out.Accounts = append(out.Accounts, [2]string{l.Pick("Account ", "Toestel ") + text.Mask(text.Clean(a.Name, 60)),
			text.Plural(l, int64(a.Alerts), l.Pick("alert", "melding"), l.Pick("alerts", "meldingen"))})
	}
	return out
}

// plain is the mail for who reads no HTML.
func plain(subject, host string, parts []part) string {
	var b strings.Builder
	b.WriteString(subject + "\n" + text.Clean(host, 100) + "\n")
	for _, p := range parts {
		b.WriteString("\n")
		if p.Name != "" {
			b.WriteString(p.Name + "\n")
		}
		for _, line := range append(p.Lines, p.Accounts...) {
			b.WriteString(line[0] + ": " + line[1] + "\n")
		}
	}
	return b.String()
}

// together adds the bars of all organisations up.
func together(all []Period) []Bar {
	var bars []Bar
	for i := range all {
		for j, b := range all[i].Bars {
			if j >= len(bars) {
				bars = append(bars, Bar{})
			}
			bars[j] = Bar{bars[j].Warned + b.Warned, bars[j].Refused + b.Refused, bars[j].Ended + b.Ended}
		}
	}
	return bars
}
