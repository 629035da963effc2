package network

import "net"

// Loopback says whether a host leads to this machine itself: localhost, or an address of loopback. A name that would have to be looked up is none.
func Loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }
