package asterisk

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestPace: once a minute it is told how long the PBX took to answer, and how long the far ends of the trunks that it asks.
func TestPace(t *testing.T) {
	bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/provider", "silent", "odd)name"} }, func(t *testing.T, _ *Feed, p *pbx, h *hear) {
		s := &server{t: t, conn: <-p.dialled, answers: map[string]string{"PJSIP_AOR(provider,contact)": "provider@@392e9c088c,other@@1",
			"PJSIP_CONTACT(provider@@392e9c088c,rtt)": "43799", "PJSIP_AOR(silent,contact)": "silent@@1", "PJSIP_CONTACT(silent@@1,rtt)": "0"}}
		if !s.greet() {
			t.Fatal("the log-in was wrong")
		}
		go s.serve()
		time.Sleep(2*time.Minute + 5*time.Second)
		synctest.Wait()
		got := ""
		h.mu.Lock()
		for _, ev := range h.delays {
			got += fmt.Sprintf("%q %d, ", ev.Trunk, ev.Talk)
		}
		h.mu.Unlock()
		if want := `"" 0, "provider" 43, "" 0, "provider" 43, `; got != want {
			t.Errorf("told %s; it must be %s", got, want)
		}
		_ = s.conn.Close()
	})
}
