package text

import (
	"strings"
	"testing"
)

// TestProblems: what status says that somebody should look at is Dutch too, as it is put together where it is said.
func TestProblems(t *testing.T) {
	for english, dutch := range map[string]string{
		"no PBX is named in the configuration (pbx:), so nothing is guarded yet":                               "er wordt nog niets bewaakt",
		"the engine is stalled: no time has passed for it for more than 5s":                                    "meer dan 5s",
		"1 call left without being asked of since the start":                                                   "1 gesprek ging",
		"12 calls left without being asked of since the start":                                                 "12 gesprekken gingen",
		"3 questions had a wrong secret since the start":                                                       "3 vragen",
		"7 of 100 questions had no verdict in time":                                                            "7 van 100 vragen",
		"alerts do not arrive by mail a@example.nl since 2026-11-28T22:40:00Z: mail.example.nl did not answer": "meldingen komen niet aan per mail a@example.nl sinds 2026-11-28T22:40:00Z: mail.example.nl did not answer",
		"2 alerts were not told by ntfy ntfy.sh some… since the start":                                         "2 meldingen zijn niet verstuurd per ntfy ntfy.sh some…",
		"the feed of PBX hk: not connected since 2026-11-28 22:40:00; running calls cannot be ended there":     "PBX hk: niet verbonden sinds 2026-11-28 22:40:00; lopende gesprekken",
		"the feed of PBX hk: not started yet; running calls cannot be ended there":                             "PBX hk: nog niet begonnen; lopende",
		"calls, decisions and alerts are not getting to disk: the disk of /var/lib/belwacht/belwacht.db is full; make room, writing goes on by itself: database or disk is full": "komen niet op schijf: de schijf van /var/lib/belwacht/belwacht.db is vol",
		"the memory cannot be written into /var/lib/belwacht: no space left on device; is the disk full?":                                                                        "in /var/lib/belwacht worden geschreven: er is geen ruimte meer op het apparaat; is de schijf vol?",
		"the configuration was not taken, and the old one is in use: b.yaml:3: mode: \"loud\" is no mode":                                                                        "de oude geldt nog: b.yaml:3: mode:",
		"the call records of PBX hk are not read": "gespreksgegevens van PBX hk worden niet gelezen",
		"live, 1200 rows":                         "bij, 1200 regels",
		"live, 12 rows, in the last hour 1.5 s after the call in the median, 3.0 s at most": "midden 1.5 s na het gesprek, hoogstens 3.0 s",
		"connected since 2026-11-28 22:40:00":                                               "verbonden sinds 2026-11-28",
		"rows of the store were dropped since the start: 4":                                 "verloren gegaan: 4",
	} {
		if got := Note(Dutch, english); !strings.Contains(got, dutch) {
			t.Errorf("%q is %q", english, got)
		}
		if got := Note(English, english); got != english {
			t.Errorf("in English %q is %q", english, got)
		}
	}
	for _, p := range append(problems(), notes()...) {
		if strings.Count(p[0], "%s") != strings.Count(p[1], "%s") || p[0] == p[1] && p[0] != "%s: %s" {
			t.Errorf("%q is not as %q", p[0], p[1])
		}
	}
}
