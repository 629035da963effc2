package network

import (
	"net/netip"

	"github.com/belwacht/belwacht"
)

// ParsePrefix reads a network as the owner writes it: 203.0.113.0/24, 2001:db8::/32, or one address. Bits beyond the prefix are cleared. The error is of
// code Config.
func ParsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, belwacht.Errorf(belwacht.Config, "%.60q is no network; write it as 203.0.113.0/24, 2001:db8::/32 or one address", s)
	}
	if p.Addr().Is4In6() {
		return p, belwacht.Errorf(belwacht.Config, "%.60q is an IPv4 network in IPv6's form; write it as 203.0.113.0/24", s)
	}
	if p.Bits() == 0 {
		return p, belwacht.Errorf(belwacht.Config, "%.60q is the whole internet; name your own networks only", s)
	}
	return p.Masked(), nil
}
