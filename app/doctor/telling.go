package doctor

import (
	"context"

	"github.com/belwacht/belwacht/text"
)

// telling looks whether anybody is told of alerts, and whether they notice where Belwacht itself is silent. Whether messages arrive a running one says.
type telling struct{}

// Look implements Check.
func (telling) Look(_ context.Context, p *Patient) (out []Result) {
	const name = "telling"
	if p.settings == nil {
		return nil // said by another check
	}
	a := &p.settings.Alerts
	machines := len(a.Command) > 0 || a.Webhook != nil || a.Slack != nil || a.Teams != nil || a.Mattermost != nil || len(a.Syslog) > 0 || a.Mail != nil && len(a.Mail.To) > 0 ||
		a.Telegram != nil && a.Telegram.Chat != "" || a.Ntfy != nil && a.Ntfy.TopicFile != ""
	switch {
	case len(a.People) == 0 && !machines:
		return []Result{{name, Warning, text.Say("Nobody is told of alerts: they are in the log only.", "Niemand krijgt meldingen: ze staan alleen in het logboek."),
			text.Say("Write people or a way under alerts, and try it: belwacht alert test.", "Schrijf personen of een manier onder alerts en probeer het: belwacht alert test.")}}
	case len(a.People) > 0:
		out = append(out, fine(name, "%d people are told of alerts; belwacht alert test tries it.", "%d personen krijgen meldingen; belwacht alert test probeert het.", len(a.People)))
	default:
		out = append(out, fine(name, "Alerts are told; belwacht alert test tries it.", "Meldingen worden verteld; belwacht alert test probeert het."))
	}
	if a.Heartbeat == nil {
		out = append(out, Result{name, Warning, text.Say("Nobody notices where Belwacht itself falls silent.", "Niemand merkt het als Belwacht zelf stilvalt."),
			text.Say("Write alerts.heartbeat with the address of a second place.", "Schrijf alerts.heartbeat met het adres van een tweede plaats.")})
	}
	return out
}
