package doctor

import (
	"context"

	"github.com/belwacht/belwacht/text"
)

// configuration looks whether Belwacht's file is right.
type configuration struct{}

// Look implements Check.
func (configuration) Look(_ context.Context, p *Patient) []Result {
	const name = "configuration"
	switch {
	case p.wrong != nil:
		r := failed(name, Wrong, p.wrong)
		r.Do = text.Say("Mend it, and look again with belwacht config check %s.", "Herstel dat, en kijk opnieuw met belwacht config check %s.", p.File)
		return []Result{r}
	case len(p.live.PBX) == 0:
		return []Result{{name, Warning, text.Say("%s is right and names no PBX.", "%s klopt en noemt geen PBX.", p.File),
			text.Say("Run belwacht connect asterisk, freepbx or freeswitch with --config %s.", "Voer belwacht connect asterisk, freepbx of freeswitch uit met --config %s.", p.File)}}
	}
	return []Result{fine(name, "%s is right.", "%s klopt.", p.File)}
}
