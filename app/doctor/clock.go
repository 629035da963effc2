package doctor

import (
	"context"
	"time"

	"github.com/belwacht/belwacht/text"
)

// clock looks whether the clock is kept right: calls and their records are joined by their times.
type clock struct {
	synchronised func() (yes, known bool)
}

// Look implements Check.
func (c clock) Look(_ context.Context, p *Patient) []Result {
	const name = "clock"
	out := []Result{fine(name, "The clock is kept right.", "De klok wordt gelijkgezet.")}
	switch yes, known := c.synchronised(); {
	case !known:
		out = []Result{{name, Warning, text.Say("This machine does not say whether its clock is kept right.",
			"Deze machine zegt niet of de klok wordt gelijkgezet."), text.Sentence{}}}
	case !yes:
		out = []Result{{name, Warning, text.Say("The clock of this machine is not kept right.", "De klok van deze machine wordt niet gelijkgezet."),
			text.Say("Have it kept by NTP: timedatectl set-ntp true, or chrony.", "Laat NTP dat doen: timedatectl set-ntp true, of chrony.")}}
	}
	if p.settings == nil {
		return out
	}
	for _, t := range p.settings.All() {
		zone, err := time.LoadLocation(t.Timezone)
		if err != nil {
			continue // the configuration's own check says so
		}
		_, here := p.Now.Zone()
		if _, there := p.Now.In(zone).Zone(); here != there {
			out = append(out, Result{name, Warning, text.Say("It is another hour on this machine than in %s: office hours go by the latter.",
				"Op deze machine is het een ander uur dan in %s: kantooruren gaan volgens dat laatste.", t.Timezone),
				text.Say("Set timezone in %s if that is not where the organisation is.", "Zet timezone in %s goed als de organisatie daar niet is.", p.File)})
		}
	}
	return out
}
