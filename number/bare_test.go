package number

import "testing"

func TestBare(t *testing.T) {
	for in, want := range map[string]string{
		`"Jan" <201>`: "201", "tel:+31 (20) 123-45.67": "+31201234567", "0044 20 7946": "0044207946", "*97": "*97", "": "", " 201 ": "201",
		`="0201234567"`: "0201234567", "'112": "112", "<sip:201@pbx>": "201", "SIP:+31-20-1234567@h:5060;user=phone": "+31201234567", "sips:112": "112", "Jan (201)": "201", "sip:jan@h": "sip:jan@h", "Jan (thuis)": "Jan (thuis)",
		"sip:0097*2@h": "sip:0097*2@h", "00972@x": "00972@x", "972;ext=1": "972;ext=1", "Jan": "Jan", "( ) -": "( ) -", "<>": "<>", "1<": "1<", "0+31": "0+31",
	} {
		if got := Bare(in); got != want {
			t.Errorf("%q is %q and should be %q", in, got, want)
		}
	}
}

func TestWithPlus(t *testing.T) {
	for in, want := range map[string]string{"32470000001": "+32470000001", "+31201234567": "+31201234567", "0201234567": "0201234567", "201": "201", "112": "112", "": "", "jan.jansen": "jan.jansen"} {
		if got := WithPlus(in); got != want {
			t.Errorf("%q is %q and should be %q", in, got, want)
		}
	}
}
