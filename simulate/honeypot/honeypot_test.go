package honeypot

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/simulate"
)

const honeypotSample = `ts,remote_host,method,uri_user,to_user
1580056782.8,192.0.2.1,INVITE,0046812111443,
1580056783.8,192.0.2.1,INVITE,90046812111443,
1580056700.0,192.0.2.1,REGISTER,100,100
1580056784.1,192.0.2.2,INVITE,100,100
1580060000.0,192.0.2.3,INVITE,,+46812111443
1580060030.0,192.0.2.3,INVITE,"=1+1 '",x
`

func dutchPlan(t testing.TB) *number.Site {
	t.Helper()
	plan, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestHoneypotSourcesArePlayed(t *testing.T) {
	o, err := New(strings.NewReader(honeypotSample), simulate.Config{Seed: 3, Extensions: 20, Weeks: 4, LearnWeeks: 2}, dutchPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(o.Attacks()); n != 2 {
		t.Fatalf("%d sources dial outside numbers, want 2 (192.0.2.2 dials 100 only)", n)
	}
	var dialled []string
	connected := 0
	o.Calls(func(c *simulate.Call) bool {
		if c.Attack >= 0 {
			dialled = append(dialled, c.Dialled)
			if c.Answer != 0 {
				connected++
			}
			if c.Start.Time().Before(o.LearnUntil()) {
				t.Errorf("a source dials in the learning weeks")
			}
		}
		return true
	})
	if got := strings.Join(dialled, " | "); got != "0046812111443 | 90046812111443 | +46812111443 | =1+1 '" {
		t.Errorf("dialled %s", got)
	}
	if connected != 2 {
		t.Errorf("%d calls connected, want 2: the two that the plan can dial", connected)
	}
}

func TestHoneypotRecords(t *testing.T) {
	folder := os.Getenv("BELWACHT_CORPUS")
	if folder == "" {
		t.Skip("BELWACHT_CORPUS is not set: no honeypot records to play")
	}
	f, err := os.Open(filepath.Join(folder, "honeypot-2020.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	o, err := New(z, simulate.Config{Seed: 3, Extensions: 60, Weeks: 8, LearnWeeks: 4}, dutchPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(o.Attacks()); n != 22 {
		t.Errorf("%d sources dial outside numbers, want 22", n)
	}
	calls, connected := make([]int, len(o.Attacks())), make([]int, len(o.Attacks()))
	o.Calls(func(c *simulate.Call) bool {
		if c.Attack >= 0 {
			calls[c.Attack]++
			if c.Answer != 0 {
				connected[c.Attack]++
			}
		}
		return true
	})
	t.Logf("attempts %v, of them connected %v", calls, connected)
}

func FuzzHoneypot(f *testing.F) {
	f.Add(honeypotSample)
	f.Add("ts,remote_host,method,uri_user,to_user\n1e999,a,INVITE,\"00,x\nNaN,b,INVITE,0031201234567,\n")
	plan, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := read(io.LimitReader(strings.NewReader(s), 1<<16), 1, plan)
		if err != nil {
			return
		}
		for _, p := range list {
			for i := range p.calls {
				if p.calls[i].After < 0 || i > 0 && p.calls[i].After < p.calls[i-1].After {
					t.Fatalf("calls of %q out of order", p.host)
				}
			}
		}
	})
}
