package number

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// FuzzRead reads any string by several plans and checks what must always hold.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"0201234567", "112", "0031612345678", "900972597155468", "00-972592277524", "%2300972", "sip:112@h", "urn:service:sos", "*21*00252612345678#", "tel:+31-20-1234567", "+", "", "1120", "\x00", "++1"} {
		f.Add(s)
	}
	sites := []*Site{site(f, "NL"), site(f, "DE"), site(f, "IT"), site(f, "BR"), configured(f, Config{Country: "US", OutsideLine: []string{"9"}, Extensions: []string{"2XX", "3."}, AreaCode: "212"})}
	f.Fuzz(func(t *testing.T, d string) {
		for _, s := range sites {
			n := s.Read(d)
			if n != s.Read(strings.Clone(d)) {
				t.Fatalf("%q: read twice differs", d)
			}
			switch {
			case n.Dialled != d, n.E164.Len() > belwacht.MaxDigits, n.Target != 0 && n.Target == n.E164, n.Privileged() != (n.Canonical != ""),
				n.Class == belwacht.ClassInternal && n.Dialable, n.E164 != 0 && !n.Dialable, n.Junk && n.E164 != 0,
				n.Class == belwacht.ClassEmergency && len(d) > 6 && !strings.ContainsAny(d, ":+") && strings.Trim(d, "0123456789") != "":
				t.Fatalf("%q: %+v", d, n)
			case n.External() && !n.Privileged() && n.Class != belwacht.ClassFreephone && n.Price.PerMinute == 0:
				t.Fatalf("%q costs nothing: %+v", d, n)
			case n.Class == belwacht.ClassEmergency && !strings.Contains(d, n.Canonical) && !strings.Contains(strings.ToLower(d), "sos"):
				t.Fatalf("%q is sent as %q", d, n.Canonical)
			}
			s.Caller(d)
		}
	})
}

// FuzzReadRates reads any file as a rate deck.
func FuzzReadRates(f *testing.F) {
	for _, s := range []string{"prefix,description,rate_per_minute\n31,Netherlands,0.02\n", "Code;Rate;SF;Min;Int\n32;0,01;0;60;6\n", "prefix|rate\n4477-4479|€ 1.000,5\n", "\ufeffDst Code\tRate\tBilling Increment\n+31 32;33\t1E-3\t30/6\n",
		"Name,Match Prefix,Rate,Billable Unit(s)\nx,_0031ZNX.,0.1,60\n", "prefix,rate,from\n31,\"0.1,2026-01-01\n", "PK\x03\x04", "a\x00"} {
		f.Add([]byte(s))
	}
	e, _ := belwacht.ParseE164("31201234567")
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, o := range []RateOptions{{}, {SkipBad: true, At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}, {SkipBad: true, Columns: map[string]string{"prefix": "1", "rate": "2"}}} {
			r, bad, err := ReadRates(bytes.NewReader(b), o)
			if (r == nil) != (err != nil) {
				t.Fatal("a deck or an error")
			}
			if err != nil && !strings.Contains(err.Error(), "rate deck") && !strings.Contains(err.Error(), "column") {
				t.Fatalf("an error without place: %v", err)
			}
			if len(bad) > maxBadRows+20 {
				t.Fatal(len(bad))
			}
			if r != nil {
				if p, ok := r.Price(e); ok && (p.PerMinute < 0 || p.Setup < 0 || p.PerMinute > maxRate || p.First == 0 || p.Next == 0) {
					t.Fatalf("%+v", p)
				}
			}
		}
	})
}
