package login

import "strings"

// Maker tells who made a phone by how it names itself: the first four letters, in small ones, so that another version or model of the same maker is the
// same ("Yealink SIP-T46S 66.86.0.15" is "yeal"). It is "" where there are none.
func Maker(agent string) string {
	n := 0
	for n < len(agent) && n < 4 && (agent[n]|0x20) >= 'a' && (agent[n]|0x20) <= 'z' {
		n++
	}
	return strings.ToLower(agent[:n])
}

// attackTool says whether a user agent names itself as a program that attackers use and no phone is. Kits that honest softphones are built with too (Vax,
// PortSIP, Ozeki) are not among them.
func attackTool(agent string) bool {
	agent = strings.ToLower(agent[:min(len(agent), 64)])
	for _, name := range [...]string{"friendly-scanner", "friendly-request", "sipvicious", "svmap", "svwar", "svcrack", "sundayddr", "sipcli", "sip-scan", "sipscan",
		"iwar", "pplsip", "siparmyknife", "sivus", "sippts", "voiphopper", "asterix pbx"} {
		if strings.Contains(agent, name) {
			return true
		}
	}
	return false
}
