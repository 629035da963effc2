package asterisk

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/belwacht/belwacht"
)

// dials is a DialBegin of 201 to a trunk's leg, its dial plan at exten.
func dials(exten, dialString, leg string) string {
	return "Event: Newchannel\r\nChannel: PJSIP/trunk-0000000" + leg + "\r\nChannelState: 0\r\nContext: from-trunk\r\nExten: s\r\nUniqueid: 1795532035." + leg + "\r\nLinkedid: " + theCall +
		"\r\n\r\nEvent: DialBegin\r\nChannel: PJSIP/201-00000001\r\nChannelState: 4\r\nCallerIDNum: 201\r\nContext: outbound\r\nExten: " + exten + "\r\nUniqueid: " + theCall +
		"\r\nLinkedid: " + theCall + "\r\nDestChannel: PJSIP/trunk-0000000" + leg + "\r\nDestUniqueid: 1795532035." + leg + "\r\nDestLinkedid: " + theCall + "\r\nDialString: " + dialString + "\r\n\r\n"
}

// numbers are those of the attempts.
func numbers(h *hear) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []string
	for _, e := range h.events {
		if e.Kind == belwacht.EventAttempt {
			list = append(list, e.Dialled)
		}
	}
	return strings.Join(list, " ")
}

// TestEmergencyAsDialled: a route or trunk may make another number of an emergency number; the call is what was dialled, on every trunk that is tried,
// and what the channel dials afterwards is not.
func TestEmergencyAsDialled(t *testing.T) {
	opened := strings.ReplaceAll(newCaller, "0032470000101", "112")
	for _, c := range []struct{ name, play, want string }{
		{"as it is", dials("112", "112@trunk", "1"), "112"},
		{"with the country in front", dials("s", "31112@trunk", "1"), "31112"}, // read as one by who is told
		{"a control room's own number", dials("s", "0201234567@trunk", "1"), "112"},
		{"the dial plan stands at it", dials("112", "0201234567@trunk", "1"), "112"},
		{"the next trunk", dials("s", "0201234567@trunk", "1") + dials("s", "31201234567@trunk", "3"), "112"},
		{"what is dialled after it", dials("s", "112@trunk", "1") + strings.ReplaceAll(strings.ReplaceAll(answerTrunk, "-00000002", "-00000001"), "Newchannel", "") +
			dials("0032470000101", "0032470000101@trunk", "3"), "112 0032470000101"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/trunk"} }, func(t *testing.T, _ *Feed, p *pbx, h *hear) {
				p.accept(t).write(opened + c.play)
				synctest.Wait()
				if got := numbers(h); got != c.want {
					t.Errorf("dialled %q; it must be %q", got, c.want)
				}
			})
		})
	}
}

// TestEndSparesHelp: a channel that calls for help is not hung up to end another call of its.
func TestEndSparesHelp(t *testing.T) {
	bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/trunk"} }, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		s := p.accept(t)
		s.write(newCaller + newTrunk + dialTrunk + answerTrunk + dials("112", "112@trunk", "5"))
		synctest.Wait()
		if got := numbers(h); got != "0032470000101 112" {
			t.Fatalf("dialled %q", got)
		}
		for len(s.asked) > 0 {
			<-s.asked
		}
		s.onHang = func(channel string) {
			if channel == "PJSIP/trunk-00000002" {
				s.write(hangTrunk)
			}
		}
		if err := f.End(t.Context(), theCall); err != nil {
			t.Error(err)
		}
		for len(s.asked) > 0 {
			if asked := <-s.asked; asked != "Getvar PJSIP/201-00000001  BW_HELP" && !strings.HasPrefix(asked, "Hangup PJSIP/trunk-00000002 ") {
				t.Errorf("asked %q", asked)
			}
		}
		if n := f.State().Running; n != 1 {
			t.Errorf("%d calls run; the one for help must", n)
		}
	})
}

// TestHelpTakenUp comes to a call for help whose number the route or trunk made another: the dial plan has noted what it is. Another call keeps its number.
func TestHelpTakenUp(t *testing.T) {
	for noted, want := range map[string]string{"YES": "112", "": "0201234567"} {
		for name, before := range map[string]string{"unseen": "", "told of before the list": "Event: NewCallerid\r\nCallerIDNum: 201\r\nChannel: PJSIP/201-00000001\r\nUniqueid: " +
			theCall + "\r\nLinkedid: " + theCall + "\r\n\r\n"} {
			t.Run(noted+" "+name, func(t *testing.T) {
				bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/trunk"} }, func(t *testing.T, f *Feed, p *pbx, h *hear) {
					const row = "Event: CoreShowChannel\r\nLinkedid: 1795532035.0\r\nChannelState: 6\r\nBridgeId: b\r\nDuration: 00:00:09\r\n"
					s := &server{t: t, conn: <-p.dialled, answers: map[string]string{"BW_HELP": noted}, list: []string{
						row + "Channel: PJSIP/201-00000001\r\nUniqueid: 1795532035.0\r\nContext: macro-dialout-trunk\r\nExten: s\r\nCallerIDNum: 201\r\n" +
							"Application: Dial\r\nApplicationData: PJSIP/0201234567@trunk,300,T\r\n\r\n",
						row + "Channel: PJSIP/trunk-00000002\r\nUniqueid: 1795532035.1\r\nContext: from-trunk\r\nCallerIDNum: 0201234567\r\nApplication: AppDial\r\n" +
							"ApplicationData: (Outgoing Line)\r\n\r\n"}}
					if !s.greet() {
						t.Fatal("the log-in was wrong")
					}
					s.write(before)
					go s.serve()
					synctest.Wait()
					if got := numbers(h); got != want || kinds(h.all()) != "attempt answer" {
						t.Errorf("dialled %q; it must be %q: %s", got, want, show(h.all()))
					}
					_ = s.conn.Close()
				})
			})
		}
	}
}

// TestEndAsksForHelp: a call whose number says nothing of it is not ended where the dial plan has let it out as one for help.
func TestEndAsksForHelp(t *testing.T) {
	for noted, code := range map[string]belwacht.Code{"YES": belwacht.Forbidden, "": ""} {
		t.Run(noted, func(t *testing.T) {
			bubble(t, func(c *Config) { c.Trunks = []string{"PJSIP/trunk"} }, func(t *testing.T, f *Feed, p *pbx, h *hear) {
				s := &server{t: t, conn: <-p.dialled, answers: map[string]string{"BW_HELP": noted}}
				hung := false
				s.onHang = func(string) {
					hung = true
					s.write(hangCaller + hangTrunk)
				}
				if !s.greet() {
					t.Fatal("the log-in was wrong")
				}
				go s.serve()
				s.write(newCaller + newTrunk + dialTrunk + answerTrunk)
				synctest.Wait()
				if err := f.End(t.Context(), theCall); (err == nil) != (noted == "") || err != nil && belwacht.CodeOf(err) != code {
					t.Errorf("%v", err)
				}
				if hung != (noted == "") {
					t.Errorf("hung up: %v", hung)
				}
			})
		})
	}
}
