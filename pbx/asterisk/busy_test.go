package asterisk

import (
	"testing"
	"testing/synctest"

	"github.com/belwacht/belwacht"
)

// TestHelpIsAskedWhenBusy: however many actions the PBX has not answered, a call is asked whether it is for help before it is ended.
func TestHelpIsAskedWhenBusy(t *testing.T) {
	bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/trunk"} }, func(t *testing.T, f *Feed, p *pbx, _ *hear) {
		s := &server{t: t, conn: <-p.dialled, answers: map[string]string{"BW_HELP": "YES"}, onHang: func(string) { t.Error("a call for help was hung up") }}
		if !s.greet() {
			t.Fatal("the log-in was wrong")
		}
		go s.serve()
		s.write(newCaller + newTrunk + dialTrunk + answerTrunk)
		synctest.Wait()
		f.mu.Lock()
		for i := range maxPending { // what waits for answers that do not come
			f.session.pending["unanswered-"+string(rune('a'+i))] = nil
		}
		f.mu.Unlock()
		if err := f.End(t.Context(), theCall); belwacht.CodeOf(err) != belwacht.Forbidden {
			t.Errorf("%v", err)
		}
		_ = s.conn.Close()
	})
}
