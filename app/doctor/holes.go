package doctor

import (
	"context"
	"fmt"
	"os"

	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/text"
)

// holes looks for ways to a trunk that do not pass the hook.
type holes struct{}

// Look implements Check.
func (holes) Look(_ context.Context, p *Patient) (out []Result) {
	const name = "holes"
	for _, x := range p.live.PBX {
		o, ok := p.options(&x)
		if _, err := os.Stat(p.Etc); !ok || err != nil {
			continue // the hook's check says so
		}
		found, err := connect.Holes(o, x.Trunks)
		if err != nil {
			continue // the hook's check says so
		}
		for _, h := range found {
			at := fmt.Sprintf("%s:%d, context %s: ", h.File, h.Line, text.Clean(h.Context, 60))
			out = append(out, Result{name, Warning, text.Sentence{English: at + h.Says.English + ".", Dutch: at + h.Says.Dutch + "."},
				text.Say("Set OUTNUM before it and put %s behind that, or know that such calls are judged only as they dial.",
					"Zet OUTNUM daarvoor en %s daarachter, of weet dat zulke gesprekken pas tijdens het kiezen beoordeeld worden.", connect.GuardCall)})
		}
		if len(found) == 0 {
			out = append(out, fine(name, "No way round the hook was found.", "Er is geen weg om de hook heen gevonden."))
		}
	}
	return out
}
