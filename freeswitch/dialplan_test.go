package freeswitch_test

import (
	"context"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/freeswitch"
	"github.com/belwacht/belwacht/number"
)

const secret = "fake-secret-for-tests"

func dialPlan(t *testing.T) *freeswitch.DialPlan {
	t.Helper()
	site := numbers(t)
	d := &freeswitch.DialPlan{Address: "127.0.0.1:4574", PBX: "hoofdkantoor", Secret: secret, SecretFile: "/etc/belwacht/freeswitch/key.xml", Emergency: site.EmergencyForms(),
		InURI: site.EmergencyNumbers()}
	d.International, d.Home = site.Abroad()
	return d
}

func numbers(t *testing.T) *number.Site {
	t.Helper()
	site, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// TestDialPlan compares with the golden files; UPDATE=1 go test writes them, and a person reads the difference.
func TestDialPlan(t *testing.T) {
	pass, abroad := dialPlan(t), dialPlan(t)
	abroad.RefuseAbroad, abroad.Sentence = true, "ivr/refused.wav"
	for name, d := range map[string]*freeswitch.DialPlan{"pass": pass, "abroad": abroad} {
		guard, err := d.Guard()
		if err != nil {
			t.Fatal(err)
		}
		key, err := d.Key()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(guard, secret) || !strings.Contains(key, secret) {
			t.Errorf("%s: the secret stands in the guard or not in its file", name)
		}
		for part, got := range map[string]string{"guard": guard, "key": key} {
			file := filepath.Join("testdata", "dialplan", name+"-"+part+".xml")
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(file); err != nil || string(want) != got {
				t.Errorf("%s is not as rendered (%v):\n%s", file, err, got)
			}
			if err := xml.Unmarshal([]byte(got), new(plan)); err != nil {
				t.Errorf("%s is no XML: %v", file, err)
			}
		}
	}
}

func TestDialPlanRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*freeswitch.DialPlan){
		"secret": func(d *freeswitch.DialPlan) { d.Secret = `x"/><` }, "name": func(d *freeswitch.DialPlan) { d.PBX = "a b" }, "address": func(d *freeswitch.DialPlan) { d.Address = "" },
		"no emergency": func(d *freeswitch.DialPlan) { d.Emergency = nil }, "emergency": func(d *freeswitch.DialPlan) { d.Emergency = []string{"1.2"} },
		"home": func(d *freeswitch.DialPlan) { d.Home = []string{"x"} }, "sound": func(d *freeswitch.DialPlan) { d.Sentence = "${system(id)}" },
		"file": func(d *freeswitch.DialPlan) { d.SecretFile = "key.xml" },
	} {
		d := dialPlan(t)
		spoil(d)
		if _, err := d.Guard(); belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// judge refuses Somalia and limits Belgium, and notes who was charged.
type judge struct{ asked chan ask.Question }

func (j judge) Ask(_ context.Context, q *ask.Question) (ask.Answer, error) {
	j.asked <- *q
	switch {
	case strings.HasPrefix(q.Number, "+252"), strings.HasPrefix(q.Number, "00252"):
		return ask.Answer{Word: belwacht.Refuse, Cause: "rule.new-country", Reference: "K7-2M4"}, nil
	case strings.HasPrefix(q.Number, "+32"), strings.HasPrefix(q.Number, "0032"):
		return ask.Answer{Word: belwacht.Allow, MaxSeconds: 600}, nil
	}
	return ask.Answer{}, nil
}

// server is a real one of package ask.
func server(t *testing.T, j ask.Judge) string {
	t.Helper()
	s, err := ask.New(ask.Config{Judge: j, PBXs: []ask.PBX{{Name: "hoofdkantoor", Secret: secret, Numbers: numbers(t)}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ask.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return l.Addr().String()
}

// TestDialPlanAsks runs the rendered dial plan as FreeSWITCH's source does (switch_test.go) and has it ask a real server.
func TestDialPlanAsks(t *testing.T) {
	j := judge{make(chan ask.Question, 100)}
	up := server(t, j)
	for _, c := range []struct {
		number, address string
		abroad          bool // when_down
		decision        string
		gone            bool // hung up
		limit           string
		asked           string
	}{
		{number: "0201234567", address: up, decision: "allow", asked: "0201234567"},
		{number: "+31201234567", address: up, decision: "allow", asked: "+31201234567"},
		{number: "+252611234567", address: up, decision: "refuse", gone: true, asked: "+252611234567"},
		{number: "00252611234567", address: up, decision: "refuse", gone: true, asked: "00252611234567"},
		{number: "+32470000101", address: up, decision: "allow", limit: "+600", asked: "+32470000101"},
		{number: "*21*0032470000101#", address: up, decision: "allow", asked: "*21*0032470000101#"},
		{number: "112", address: up, decision: "emergency"},
		{number: "9112", address: up, decision: "emergency"},
		{number: "+31112", address: up, decision: "emergency"},
		{number: "tel:112", address: up, decision: "emergency"},
		{number: "SIP:112@pbx.example", address: up, decision: "emergency"},
		{number: "urn:service:sos.police", address: up, decision: "emergency"},
		{number: "1120", address: up, decision: "allow", asked: "1120"},
		{number: "112\n", address: up, decision: "refuse", gone: true},
		{number: "sip:112@a b", address: up, decision: "refuse", gone: true},
		{number: "${system(id)}", address: up, decision: "refuse", gone: true},
		{number: "0201&key=x", address: up, decision: "refuse", gone: true},
		{number: "", address: up, decision: "none"},
		// Nobody is there.
		{number: "+252611234567", address: "127.0.0.1:1", decision: "none"},
		{number: "0201234567", address: "127.0.0.1:1", abroad: true, decision: "none"},
		{number: "+31201234567", address: "127.0.0.1:1", abroad: true, decision: "none"},
		{number: "0032470000101", address: "127.0.0.1:1", abroad: true, decision: "refuse", gone: true},
		{number: "+32470000101", address: "127.0.0.1:1", abroad: true, decision: "refuse", gone: true},
		{number: "*21*0032470000101#", address: "127.0.0.1:1", abroad: true, decision: "refuse", gone: true},
		{number: "0031112", address: "127.0.0.1:1", abroad: true, decision: "emergency"},
		{number: "urn:service:sos", address: "127.0.0.1:1", abroad: true, decision: "emergency"},
	} {
		d := dialPlan(t)
		d.Address, d.RefuseAbroad = c.address, c.abroad
		f := newSwitch(t, d)
		f.vars["belwacht_number"] = c.number
		f.vars["belwacht_caller"], f.vars["belwacht_decision"] = "left over", "left over"
		f.profile["caller_id_number"] = "0201230000&transferer=PJSIP/999-1"
		f.execute("belwacht")
		asked := ""
		select {
		case q := <-j.asked:
			asked = q.Number
			if account, _ := q.Account(); account != "1001" || q.UniqueID != f.vars["uuid"] || q.Caller != "" || q.Transferer != "" {
				t.Errorf("%q: asked as %+v", c.number, q)
			}
		default:
		}
		if f.vars["belwacht_decision"] != c.decision || (f.hungUp != "") != c.gone || f.limit != c.limit || asked != c.asked {
			t.Errorf("%q (abroad %v): %s, hung up %q, limit %q, asked %q", c.number, c.abroad, f.vars["belwacht_decision"], f.hungUp, f.limit, asked)
		}
		if c.decision == "refuse" && c.asked != "" && (f.vars["belwacht_reference"] != "K7-2M4" || f.vars["belwacht_cause"] != "rule.new-country" || f.hungUp != "OUTGOING_CALL_BARRED") {
			t.Errorf("%q: %v, %s", c.number, f.vars, f.hungUp)
		}
		for _, l := range f.log {
			if strings.Contains(l, secret) {
				t.Errorf("%q: FreeSWITCH's log would show the secret: %s", c.number, l)
			}
		}
	}
}

// TestDialPlanAgain: what limited one call of a channel does not limit a call for help on it.
func TestDialPlanAgain(t *testing.T) {
	j := judge{make(chan ask.Question, 10)}
	d := dialPlan(t)
	d.Address = server(t, j)
	f := newSwitch(t, d)
	f.vars["belwacht_number"] = "+32470000101"
	f.execute("belwacht")
	if f.limit != "+600" {
		t.Fatalf("limited to %q", f.limit)
	}
	f.vars["belwacht_number"] = "112"
	if f.execute("belwacht"); f.limit != "" || f.hungUp != "" || f.vars["belwacht_decision"] != "emergency" {
		t.Errorf("limited to %q, %s", f.limit, f.hungUp)
	}
}

// stalled never answers in time.
type stalled struct{}

func (stalled) Ask(ctx context.Context, _ *ask.Question) (ask.Answer, error) {
	<-ctx.Done()
	return ask.Answer{}, ctx.Err()
}

// TestDialPlanStalled: a Belwacht whose engine stalls answers by the class of the number, and the dial plan does what it says.
func TestDialPlanStalled(t *testing.T) {
	d := dialPlan(t)
	d.Address = server(t, stalled{})
	for number, gone := range map[string]bool{"0201234567": false, "+252611234567": true, "112": false} {
		f := newSwitch(t, d)
		f.vars["belwacht_number"] = number
		began := time.Now()
		if f.execute("belwacht"); (f.hungUp != "") != gone {
			t.Errorf("%s: hung up %q after %v", number, f.hungUp, time.Since(began))
		}
	}
}
