package asterisk

import "strings"

// Target is one destination of the Dial application (or a like one), as its data names it. Strings are parts of that data.
type Target struct {
	Tech     string // PJSIP, SIP, Local, …
	Endpoint string // the endpoint or peer it goes over; of DAHDI and its kin with the technology; "" for Local
	Number   string // the number dialled there, "" where the endpoint itself is called
	Context  string // Local only
	URI      bool   // the number stood in a SIP URI, as contacts of phones do: weaker evidence that Endpoint is a trunk
}

// Targets calls yield for each destination in the data of Dial: TECH/ENDPOINT&TECH/NUMBER@ENDPOINT,TIMEOUT,OPTIONS. It stops
// where yield returns false, after 64 of them, and allocates nothing. Data of other applications gives what looks like a
// destination in it, mostly none.
func Targets(data string, yield func(Target) bool) {
	if i := strings.IndexByte(data, ','); i >= 0 {
		data = data[:i]
	}
	for range 64 {
		one, rest, more := strings.Cut(data, "&")
		if t, ok := parseTarget(one); ok && !yield(t) {
			return
		}
		if !more {
			return
		}
		data = rest
	}
}

// parseTarget reads one destination in the spellings that the channel drivers know.
func parseTarget(s string) (Target, bool) {
	tech, rest, ok := strings.Cut(s, "/")
	if !ok || tech == "" || rest == "" || len(tech) > 16 {
		return Target{}, false
	}
	t := Target{Tech: tech}
	if tech == "Local" {
		rest = strings.TrimRight(cutAt(rest, '/'), " ")
		t.Number, t.Context = rest, ""
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			t.Number, t.Context = rest[:at], rest[at+1:]
		}
		return t, true
	}
	first, second, slashed := strings.Cut(rest, "/")
	if spanned(tech) { // DAHDI/g0/0032470000101, DAHDI/4
		t.Endpoint, t.Number = s[:len(tech)+1+len(first)], second
		return t, true
	}
	switch {
	case slashed && (strings.HasPrefix(second, "sip:") || strings.HasPrefix(second, "sips:")): // PJSIP/trunk/sip:NUMBER@HOST
		t.Endpoint, t.URI = first, true
		_, user, _ := strings.Cut(second, ":")
		t.Number = cutAt(cutAt(cutAt(user, '@'), ';'), ':')
	case slashed: // SIP/trunk/NUMBER, IAX2/user:secret@host/NUMBER
		t.Endpoint, t.Number = cutAt(cutAt(first, '@'), ':'), cutAt(second, '@')
	default: // PJSIP/NUMBER@trunk, PJSIP/201
		if at := strings.LastIndexByte(first, '@'); at >= 0 {
			t.Number, t.Endpoint = first[:at], cutAt(first[at+1:], ':')
			t.Number = strings.TrimPrefix(t.Number, "sip:")
		} else {
			t.Endpoint = cutAt(first, ':')
		}
	}
	return t, true
}

// cutAt is s up to the first b.
func cutAt(s string, b byte) string {
	if i := strings.IndexByte(s, b); i >= 0 {
		return s[:i]
	}
	return s
}
