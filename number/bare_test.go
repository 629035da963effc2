package number

import "testing"

func TestBare(t *testing.T) {
	for in, want := range map[string]string{
		`"Jan" <201>`: "201", "tel:+31 (20) 123-45.67": "+31201234567", "0044 20 7946": "0044207946", "*97": "*97", "": "", " 201 ": "201",
		"00972@x": "00972@x", "972;ext=1": "972;ext=1", "Jan": "Jan", "( ) -": "( ) -", "<>": "<>", "1<": "1<", "0+31": "0+31",
	} {
		if got := Bare(in); got != want {
			t.Errorf("%q is %q and should be %q", in, got, want)
		}
	}
}
