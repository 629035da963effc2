package asterisk

import "strings"

// TrunkContext says whether a context's name is one of those that calls from a provider come in by: FreePBX's from-trunk,
// from-pstn, from-did-direct, from-sip-external, ext-did and their kin, and the names that hand-written dial plans use.
func TrunkContext(context string) bool {
	switch {
	case strings.HasPrefix(context, "from-trunk"), strings.HasPrefix(context, "from-pstn"), strings.HasPrefix(context, "from-did"),
		strings.HasPrefix(context, "ext-did"), strings.HasPrefix(context, "from-sip-external"), strings.HasPrefix(context, "from-zaptel"),
		strings.HasPrefix(context, "from-dahdi"), strings.HasPrefix(context, "from-provider"), strings.HasPrefix(context, "from-external"),
		strings.HasPrefix(context, "from-outside"), strings.HasPrefix(context, "inbound"), strings.HasPrefix(context, "incoming"),
		strings.HasPrefix(context, "from-sip-provider"), strings.HasPrefix(context, "from-isdn"), strings.HasPrefix(context, "from-voip"):
		return true
	}
	return false
}

// InternalContext says whether a context's name is FreePBX's for calls from its own phones and agents: what places a call in one of them is
// no trunk.
func InternalContext(context string) bool {
	return strings.HasPrefix(context, "from-internal") || strings.HasPrefix(context, "from-queue")
}

// Special says whether an extension is one of the dial plan's own: s, i, t, h and the like, or none. A number stands elsewhere then.
func Special(exten string) bool {
	switch exten {
	case "", "s", "i", "t", "h", "o", "a", "e", "T", "failed", "fax", "~~s~~", "recordcheck", "dialout", "hangupcall":
		return true
	}
	return strings.HasPrefix(exten, "s-")
}
