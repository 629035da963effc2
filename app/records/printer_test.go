package records

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
)

// TestPrint: one line a call, in which a stranger's string does no harm.
func TestPrint(t *testing.T) {
	site, err := config.Assumed().All()[0].Site()
	if err != nil {
		t.Fatal(err)
	}
	const start, second = belwacht.Instant(1_776_464_129_000), belwacht.Second
	for _, c := range []struct {
		name string
		call belwacht.Call
		want string
	}{
		{"out", belwacht.Call{Account: "201", Dialled: "0201234567", Answer: start + second, Talk: 75}, "out  201           +31201234567            1:15"},
		{"hours", belwacht.Call{Account: "201", Dialled: "0201234567", Answer: start + second, Talk: 3725}, "out  201           +31201234567         1:02:05"},
		{"busy", belwacht.Call{Account: "201", Dialled: "112", Disposition: belwacht.Busy}, "out  201           112                     busy"},
		{"failed", belwacht.Call{Account: "201", Dialled: "112", Disposition: belwacht.Congestion}, "out  201           112                   failed"},
		{"no answer", belwacht.Call{Account: "201", Dialled: "112"}, "out  201           112                        -"},
		{"a forward", belwacht.Call{Account: "205", Root: "201", Lineage: belwacht.Forwarded, Dialled: "112"}, "out  205           112                        -  for 201"},
		{"in, taken", belwacht.Call{Account: "trunk", Taker: "203", Direction: belwacht.In, Dialled: "0201234567"}, "in   203           +31201234567               -"},
		{"in the house", belwacht.Call{Account: "201", Direction: belwacht.Internally, Dialled: "202"}, "int  201           202                        -"},
		{"hostile", belwacht.Call{Account: "a\x1b[2J\nb", Dialled: "112"}, "out  a·[2J·b       112                        -"},
	} {
		var b bytes.Buffer
		if c.call.Start = start; c.call.Direction == 0 {
			c.call.Direction = belwacht.Out
		}
		p := &printer{out: bufio.NewWriter(&b), site: site, zone: time.UTC}
		if err := p.print(&c.call); err != nil {
			t.Fatal(err)
		}
		p.out.Flush()
		if lines := strings.Split(b.String(), "\n"); len(lines) != 3 || lines[1] != "2026-04-17 22:15:29  "+c.want {
			t.Errorf("%s: %q, want %q", c.name, lines[1:], c.want)
		}
	}
}
