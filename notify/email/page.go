package email

import (
	"html/template"
	"strings"

	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// plain is the mail for who reads no HTML.
func plain(list []*notify.Message) string {
	var b strings.Builder
	for _, m := range list {
		b.WriteString(m.Text + "\n")
		if m.Link != "" {
			b.WriteString(notify.Label(m.In) + ": " + m.Link + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// shown is one alert in a mail.
type shown struct {
	*notify.Message
	Label, Reason string
	Rows          [][2]string
}

// look is a mail that programs show which know little: tables, colours at the elements, no images from elsewhere.
const look = `<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body style="margin:0;padding:16px;background:#f4f6fa;font-family:Arial,Helvetica,sans-serif;font-size:15px;color:#1d273b">
{{range .Alerts}}<table role="presentation" cellpadding="0" cellspacing="0" style="max-width:600px;width:100%;margin:0 auto 16px;background:#ffffff;border:1px solid #dce1e7;border-top:4px solid #c92a2a">
<tr><td style="padding:16px"><h1 style="margin:0 0 8px;font-size:18px">{{.Title}}</h1>
{{if .Remark}}<p style="margin:0 0 8px"><strong>{{.Remark}}</strong></p>{{end}}
<p style="margin:0 0 12px">{{.Reason}}</p>
<table role="presentation" cellpadding="0" cellspacing="0" style="font-size:14px">{{range .Rows}}<tr><td style="padding:2px 12px 2px 0;color:#5b6677">{{index . 0}}</td><td>{{index . 1}}</td></tr>
{{end}}</table>
{{if .Link}}<p style="margin:16px 0 0"><a href="{{.Link}}" style="display:inline-block;padding:10px 18px;background:#1c5fb0;color:#ffffff;text-decoration:none;border-radius:4px">{{.Label}}</a></p>{{end}}
</td></tr></table>
{{end}}</body></html>
`

// page is the mail in HTML.
func page(list []*notify.Message) (string, error) {
	t, err := template.New("mail").Parse(look)
	if err != nil {
		return "", err
	}
	l := list[0].In
	var alerts []shown
	for _, m := range list {
		s := shown{Message: m, Label: notify.Label(l), Reason: l.Pick(m.ReasonEN, m.ReasonNL)}
		if s.Reason == "" {
			s.Reason = m.Cause
		}
		for _, r := range [][3]string{{"Organisation", "Organisatie", m.Tenant}, {"Account", "Toestel", m.Account}, {"Numbers", "Nummers", strings.Join(m.Numbers, ", ")},
			{"Decisions", "Beslissingen", text.Count(l, int64(m.Count))}, {"First", "Eerste", m.First.String()}, {"Last", "Laatste", m.Last.String()}, {"Alert", "Melding", m.ID},
			{"Machine", "Machine", m.Host}} {
			if r[2] != "" {
				s.Rows = append(s.Rows, [2]string{l.Pick(r[0], r[1]), r[2]})
			}
		}
		alerts = append(alerts, s)
	}
	var b strings.Builder
	err = t.Execute(&b, map[string]any{"Language": l.String(), "Title": notify.Title(list), "Alerts": alerts})
	return b.String(), err
}
