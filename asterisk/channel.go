package asterisk

import "strings"

// Half says which half of a Local channel a name is.
type Half uint8

// The halves. A channel that is not Local is NoHalf.
const (
	NoHalf Half = iota
	One         // ;1, the side that was dialled
	Two         // ;2, the side that runs the dial plan
)

// Channel is a channel's name taken apart. Its strings are parts of the name that was parsed; nothing is allocated.
type Channel struct {
	Tech string // PJSIP, SIP, IAX2, DAHDI, Local, … as written
	// Endpoint is what authenticated, without technology and serial: 201, trunk, provider-out. Of DAHDI and its kin it keeps the
	// technology (DAHDI/i1, DAHDI/4), for a bare channel number could be taken for an extension. Empty for Local channels.
	Endpoint string
	Number   string // Local only: what it dials, such as 315 or FMPR-315
	Context  string // Local only: where it dials it
	Base     string // Local only: the name without its half: what both halves share
	Half     Half
}

// Local says whether it is one half of a Local channel.
func (c *Channel) Local() bool { return c.Half != NoHalf }

// ParseChannel takes a channel's name apart. A name without a technology gives an endpoint of that name; an empty name gives the
// zero Channel. It never fails: names are what records hold, and those can hold anything.
func ParseChannel(name string) Channel {
	tech, endpoint, plain := Endpoint(name)
	switch {
	case plain:
		return Channel{Tech: tech, Endpoint: endpoint}
	case tech == "":
		return Channel{Endpoint: endpoint}
	case tech == "Local":
		return parseLocal(name, endpoint)
	}
	rest := withoutSerial(endpoint) // DAHDI/i1/0032470000101-3: the span is the endpoint, the rest a number
	return Channel{Tech: tech, Endpoint: name[:len(tech)+1+len(cutAt(rest, '/'))]}
}

// Endpoint is the quick way to technology and endpoint of a plain channel: one that is neither Local nor named by a span. Of others it gives what
// stands behind the technology, and of a name without a technology that name.
func Endpoint(name string) (tech, endpoint string, plain bool) {
	if len(name) >= 6 && name[:6] == "PJSIP/" { // as most are
		return name[:5], peer(name[6:]), true
	}
	slash := strings.IndexByte(name, '/')
	if slash < 0 {
		return "", name, false
	}
	tech, endpoint = name[:slash], name[slash+1:]
	if tech == "Local" || spanned(tech) {
		return tech, endpoint, false
	}
	return tech, cutAt(peer(endpoint), '@'), true // IAX2/user@host-5
}

// peer takes off what Asterisk and Grandstream put behind an endpoint: the serial, and before it a number, as in PJSIP/trunk_1/0032470000101.
func peer(s string) string {
	s = withoutSerial(s)
	if i := strings.IndexByte(s, '/'); i > 0 {
		return s[:i]
	}
	return s
}

// parseLocal takes apart Local/NUMBER@CONTEXT-SERIAL;HALF. The context may hold dashes, the number an at sign does not survive in.
func parseLocal(name, rest string) Channel {
	c := Channel{Tech: "Local", Half: One, Base: name}
	if n := len(rest); n > 2 && rest[n-2] == ';' {
		if rest[n-1] == '2' {
			c.Half = Two
		}
		rest, c.Base = rest[:n-2], name[:len(name)-2]
	}
	rest = withoutSerial(rest)
	c.Number = rest
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		c.Number, c.Context = rest[:at], rest[at+1:]
	}
	return c
}

// Serial is the last 16 bits of the number at the end of a channel's name, its last four digits. They are read as hexadecimal, whatever they are.
func Serial(name string) uint32 {
	var serial uint32
	for i, shift := len(name)-1, 0; i >= 0 && shift < 16 && name[i] != '-'; i, shift = i-1, shift+4 {
		d := name[i]
		if d >= 'a' {
			d -= 'a' - 10
		}
		serial |= uint32(d&15) << shift
	}
	return serial
}

// withoutSerial takes the serial off the end of a channel's name: a dash and 1 to 16 hexadecimal digits.
func withoutSerial(s string) string {
	if n := len(s) - 9; n > 0 && s[n] == '-' && hexadecimal(s[n+1:]) {
		return s[:n]
	}
	for n := 1; n <= 17 && n < len(s); n++ {
		c := s[len(s)-n]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' {
			continue
		}
		if c == '-' && n > 1 {
			return s[:len(s)-n]
		}
		break
	}
	return s
}

// hexadecimal says whether the first eight bytes of s are hexadecimal digits with small letters, as Asterisk writes serials. It looks at all at once: in
// each byte of digit and letter the highest bit says whether it is one.
func hexadecimal(s string) bool {
	const ones = 0x0101010101010101
	s = s[:8]
	w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	digit := (w + (0x80-'0')*ones) &^ (w + (0x7f-'9')*ones)
	letter := (w + (0x80-'a')*ones) &^ (w + (0x7f-'f')*ones)
	return (digit|letter)&^w&(0x80*ones) == 0x80*ones
}

// spanned says whether a technology names its channels by port or span rather than by who authenticated.
func spanned(tech string) bool {
	switch tech {
	case "DAHDI", "Zap", "mISDN", "CAPI", "Dongle", "Quectel", "Khomp", "Console":
		return true
	}
	return false
}

// Sender is the extension that a Local channel's number stands for: FreePBX writes FMPR-315 for the phone of 315's follow-me,
// FMGL-315-0032470000101# for a number on its list, RG-600-0032470000101# for one of ring group 600. target is the number
// that will be dialled, where the name tells it, and "" where the channel merely runs the extension's own dial plan.
func (c *Channel) Sender() (sender, target string) {
	rest, list := c.Number, false
	switch {
	case strings.HasPrefix(rest, "FMPR-"):
		return rest[5:], ""
	case strings.HasPrefix(rest, "FMGL-"), strings.HasPrefix(rest, "FMUC-"):
		rest, list = rest[5:], true
	case strings.HasPrefix(rest, "RG-"):
		rest, list = rest[3:], true
	}
	if !list {
		return strings.TrimSuffix(rest, "#"), ""
	}
	who, number, found := strings.Cut(rest, "-")
	if !found {
		return "", strings.TrimSuffix(rest, "#")
	}
	return who, strings.TrimSuffix(number, "#")
}
