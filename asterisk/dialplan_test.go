package asterisk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func plan() DialPlan {
	return DialPlan{Address: "127.0.0.1:4574", PBX: "hoofdkantoor", Secret: "fake-secret-for-tests", Emergency: []string{"112", "0112", "9112", "+31112", "0031112"}, InURI: []string{"112"},
		International: []string{"00"}, Home: []string{"0031", "+31"}}
}

// TestDialPlan compares with the golden files; UPDATE=1 go test writes them, and a person reads the difference.
func TestDialPlan(t *testing.T) {
	macro, gosub, hand := plan(), plan(), plan()
	macro.Generation, macro.RefuseAbroad, macro.LimitByDial = ByMacro, true, true
	gosub.FastAGI, gosub.Address = true, "127.0.0.1:4575"
	hand.Generation, hand.Sentence, hand.RefuseAbroad = ByHand, "custom/refused", true
	for name, d := range map[string]DialPlan{"macro": macro, "gosub": gosub, "hand": hand} {
		guard, err := d.Guard()
		if err != nil {
			t.Fatal(err)
		}
		ask, err := d.Ask()
		if err != nil {
			t.Fatal(err)
		}
		for part, got := range map[string]string{"guard": guard, "ask": ask} {
			file := filepath.Join("testdata", "dialplan", name+"-"+part+".conf")
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || string(want) != got {
				t.Errorf("%s is not as rendered (%v):\n%s", file, err, got)
			}
		}
		holds(t, name, guard, ask, &d)
	}
}

// holds checks what must be true of every dial plan.
func holds(t *testing.T, name, guard, ask string, d *DialPlan) {
	t.Helper()
	if strings.Contains(guard, d.Secret) || !strings.Contains(ask, d.Secret) {
		t.Errorf("%s: the secret stands in the guard or not with the question", name)
	}
	asked := strings.Index(guard, "GosubIf(")
	for _, e := range d.Emergency {
		if i := strings.Index(guard, `"`+e+`"]?urgent)`); i < 0 || i > asked {
			t.Errorf("%s: %s is not let out before asking", name, e)
		}
	}
	for _, c := range strings.Split(guard+ask, "\n[")[1:] {
		last := ""
		for _, l := range strings.Split(c, "\n") {
			if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, ";") {
				last = l
			}
		}
		if !strings.HasSuffix(last, "Return()") && !strings.HasSuffix(last, "MacroExit()") && !strings.HasSuffix(last, "Hangup(21)") {
			t.Errorf("%s: a context ends in %q", name, last)
		}
	}
	if strings.Contains(guard, "AGISTATUS") {
		t.Errorf("%s: AGISTATUS says nothing", name)
	}
}

func TestDialPlanRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*DialPlan){
		"secret": func(d *DialPlan) { d.Secret = "x)\nexten => s,1,Hangup()" }, "name": func(d *DialPlan) { d.PBX = "a,b" }, "address": func(d *DialPlan) { d.Address = "" },
		"no emergency": func(d *DialPlan) { d.Emergency = nil }, "emergency": func(d *DialPlan) { d.Emergency = []string{`112"`} }, "home": func(d *DialPlan) { d.Home = []string{"x"} },
		"sound": func(d *DialPlan) { d.Sentence = "a,b" },
	} {
		d := plan()
		spoil(&d)
		if _, err := d.Guard(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
