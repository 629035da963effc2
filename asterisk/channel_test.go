package asterisk

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

func TestParseChannel(t *testing.T) {
	for _, c := range []struct{ name, endpoint, number, context string }{
		{"PJSIP/201-0000000a", "201", "", ""},
		{"PJSIP/u4711-00000001", "u4711", "", ""},
		{"SIP/provider-out-0000001c", "provider-out", "", ""},
		{"SIP/kantoor_12-0000", "kantoor_12", "", ""},
		{"PJSIP/0004f2aabbcc-0000000b", "0004f2aabbcc", "", ""},
		{"SIP/10.0.0.1-0000001c", "10.0.0.1", "", ""},
		{"IAX2/branch@192.0.2.1-1234", "branch", "", ""},
		{"DAHDI/i1/0032470000101-3", "DAHDI/i1", "", ""},
		{"DAHDI/4-1", "DAHDI/4", "", ""},
		{"OOH323/gw-12", "gw", "", ""},
		{"PJSIP/trunk_1/0032470000101-00000002", "trunk_1", "", ""},
		{"PJSIP/anonymous-00000002", "anonymous", "", ""},
		{"Local/315@from-internal-0000000b;2", "", "315", "from-internal"},
		{"Local/302@from-internal-xfer-00000067;2", "", "302", "from-internal-xfer"},
		{"Local/FMPR-205@from-internal-0000000b;1", "", "FMPR-205", "from-internal"},
		{"Local/301", "", "301", ""},
		{"", "", "", ""},
		{"nonsense", "nonsense", "", ""},
		{"PJSIP/", "", "", ""},
		{"PJSIP/a-b", "a", "", ""}, // a serial is hexadecimal, and b is
		{"PJSIP/a-x", "a-x", "", ""},
	} {
		if got := ParseChannel(c.name); got.Endpoint != c.endpoint || got.Number != c.number || got.Context != c.context {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	one, two := ParseChannel("Local/315@x-0000000b;1"), ParseChannel("Local/315@x-0000000b;2")
	if one.Half != One || two.Half != Two || one.Base != two.Base || !one.Local() {
		t.Errorf("halves: %+v %+v", one, two)
	}
	if n := testing.AllocsPerRun(100, func() { ParseChannel("Local/315@from-internal-0000000b;2") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSender(t *testing.T) {
	for number, want := range map[string][2]string{
		"315": {"315", ""}, "FMPR-315": {"315", ""}, "FMGL-315-0032470000101#": {"315", "0032470000101"}, "RG-600-0612345678#": {"600", "0612345678"},
		"0032470000101#": {"0032470000101", ""}, "FMGL-0032470000101#": {"", "0032470000101"},
	} {
		c := Channel{Number: number}
		if who, target := c.Sender(); who != want[0] || target != want[1] {
			t.Errorf("%s: %q %q", number, who, target)
		}
	}
}

func TestTargets(t *testing.T) {
	for data, want := range map[string]string{
		"PJSIP/0032470000101@trunk,60,T":                  "PJSIP trunk 0032470000101",
		"PJSIP/202&PJSIP/203,20":                          "PJSIP 202 |PJSIP 203 ",
		"PJSIP/trunk/sip:+32470000101@192.0.2.1:5060,30":  "PJSIP trunk +32470000101",
		"SIP/trunk/0032470000101":                         "SIP trunk 0032470000101",
		"IAX2/user:secret@branch/0032470000101":           "IAX2 user 0032470000101",
		"DAHDI/g0/0032470000101":                          "DAHDI DAHDI/g0 0032470000101",
		"Local/0032470000101@internal/n,60":               "Local  0032470000101",
		"PJSIP/202/sip:202@192.0.2.7:5060;ob&Local/1@x/n": "PJSIP 202 202|Local  1",
		"sales,rtT":      "",
		"":               "",
		"/x&y/&&PJSIP/1": "PJSIP 1 ",
	} {
		var got []string
		Targets(data, func(t Target) bool {
			got = append(got, t.Tech+" "+t.Endpoint+" "+t.Number)
			return true
		})
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%s: %q, not %q", data, s, want)
		}
	}
}

// TestSerials puts every byte into every place of a serial.
func TestSerials(t *testing.T) {
	for at := range 10 {
		for c := range 256 {
			b := []byte("x-0a9f3c71")
			b[at] = byte(c)
			want, serial := string(b), string(b[2:])
			if b[1] == '-' && strings.Trim(serial, "0123456789abcdefABCDEF") == "" {
				want = string(b[:1])
			} else if i := strings.LastIndexByte(serial, '-'); i >= 0 && i < len(serial)-1 {
				want = string(b[:2+i])
			}
			if got := withoutSerial(string(b)); got != want {
				t.Errorf("%q is %q, not %q", b, got, want)
			}
		}
	}
}

func TestEpochAndDisposition(t *testing.T) {
	for id, want := range map[string]int64{"1771812720.2": 1771812720, "pbx-1-1771812720.2": 1771812720, "1771812720": 0, "x1771812720.2": 0, "12.3": 0, "": 0, "99999999999.1": 0} {
		if got, ok := Epoch(id); got != want || ok != (want != 0) {
			t.Errorf("%q: %d %v", id, got, ok)
		}
	}
	for word, want := range map[string]belwacht.Disposition{"ANSWERED": belwacht.Answered, "NO ANSWER": belwacht.NoAnswer, "BUSY": belwacht.Busy,
		"FAILED": belwacht.Failed, "CONGESTION": belwacht.Congestion, "CANCEL": belwacht.Cancelled, "what": belwacht.DispositionUnknown} {
		if got, ok := DispositionOf(word); got != want || ok != (want != belwacht.DispositionUnknown) {
			t.Errorf("%s: %s %v", word, got, ok)
		}
	}
	for clid, want := range map[string]string{`"Een" <201>`: "Een", `""Een, twee"" <201>`: "Een, twee", `<201>`: "", `201`: "", `"a<b" <1>`: "a<b", "": ""} {
		if got := CallerName(clid); got != want {
			t.Errorf("%s: %q", clid, got)
		}
	}
	if ColumnOf(" CallDate ") != Start || ColumnOf("dst") != Dst || ColumnOf("nonsense") != Ignored || Dst.String() != "dst" || len(Master()) != 21 || len(Custom()) != 21 {
		t.Error("columns")
	}
}

// FuzzNames takes names and dial strings of any content: what comes out is part of what went in.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"PJSIP/201-0000000a", "Local/FMGL-315-003247#@from-internal-0000000b;2", "PJSIP/1@t&SIP/t/2&DAHDI/g0/3&A/b/sip:c@d", "pbx-1771812720.2", `"a" <b>`, "/;2", "Local/@-;1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := ParseChannel(s)
		who, target := c.Sender()
		for _, part := range []string{c.Tech, c.Endpoint, c.Number, c.Context, c.Base, who, target, CallerName(s)} {
			if !strings.Contains(s, part) {
				t.Errorf("%q is no part of %q", part, s)
			}
		}
		n := 0
		Targets(s, func(g Target) bool {
			n++
			if !strings.Contains(s, g.Endpoint) || !strings.Contains(s, g.Number) {
				t.Errorf("%+v of %q", g, s)
			}
			return true
		})
		if n > 64 {
			t.Errorf("%d targets", n)
		}
		if second, ok := Epoch(s); ok && second < 946684800 {
			t.Errorf("%q: %d", s, second)
		}
	})
}
