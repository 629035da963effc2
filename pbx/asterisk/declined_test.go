package asterisk

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
)

// TestDeclined: what the far side declines is told from what fails: by the SIP response where the leg's end has one, else by the cause.
func TestDeclined(t *testing.T) {
	const dialled = "Event: DialEnd\r\nChannel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\nLinkedid: 1795532035.0\r\nDestChannel: PJSIP/trunk-00000002\r\n" +
		"DestUniqueid: 1795532035.1\r\nDestLinkedid: 1795532035.0\r\nDialStatus: CHANUNAVAIL\r\n\r\n"
	leg := func(cause, tech string) string {
		if tech != "" {
			tech = "TechCause: " + tech + "\r\n"
		}
		return "Event: Hangup\r\nChannel: PJSIP/trunk-00000002\r\nUniqueid: 1795532035.1\r\nCause: " + cause + "\r\n" + tech + "\r\n"
	}
	const caller = "Event: Hangup\r\nChannel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\nCause: 21\r\n\r\n"
	for name, c := range map[string]struct {
		play string
		want belwacht.Disposition
	}{
		"603":                 {dialled + leg("21", "603") + caller, belwacht.Declined},
		"607 and no dial end": {leg("21", "607") + caller, belwacht.Declined},
		"608":                 {dialled + leg("21", "608") + caller, belwacht.Declined},
		"403":                 {dialled + leg("21", "403") + caller, belwacht.Failed},
		"no response":         {dialled + leg("21", "") + caller, belwacht.Declined},
		"not found":           {dialled + leg("1", "404") + caller, belwacht.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/trunk"} }, func(t *testing.T, _ *Feed, p *pbx, h *hear) {
				s := p.accept(t)
				s.write(newCaller + newTrunk + dialTrunk + c.play)
				time.Sleep(time.Minute)
				synctest.Wait()
				if e := h.all(); kinds(e) != "attempt end" || e[1].Disposition != c.want {
					t.Errorf("heard %s", show(e))
				}
				_ = s.conn.Close()
			})
		})
	}
}
