package say

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Silences lists those that hold.
func (s *Speaker) Silences(list []belwacht.Silence) {
	if len(list) == 0 {
		s.Say("No silence holds: all alerts are told.", "Er is geen stilte: alle meldingen worden verteld.")
		return
	}
	for i := range list {
		x := &list[i]
		what := s.pick("all alerts", "alle meldingen")
		if x.Account != "" {
			what = s.pick("account ", "toestel ") + text.Clean(x.Account, 60)
		}
		if x.Cause != "" {
			what += s.pick(", cause ", ", oorzaak ") + text.Clean(x.Cause, 60)
		}
		s.Say("%s: %s until %s, by %s: %s", "%s: %s tot %s, door %s: %s", text.Clean(x.ID, 40), what, s.moment(x.Until), text.Clean(x.Who, 60), text.Clean(x.Why, 200))
	}
}
