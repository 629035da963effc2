package freeswitch

import "strings"

// Channel is a channel's name taken apart: sofia/PROFILE/USER@HOST, sofia/gateway/GATEWAY/NUMBER, loopback/NUMBER-a.
type Channel struct {
	Profile string // internal, external, …
	Gateway string // where the name tells it
	User    string // the user part: who called, or the number called
}

// ParseChannel takes a channel's name apart; its parts are "" where they cannot be told.
func ParseChannel(name string) Channel {
	parts := strings.SplitN(name, "/", 4)
	switch {
	case len(parts) < 2:
		return Channel{}
	case parts[0] == "loopback":
		return Channel{Profile: "loopback", User: strings.TrimSuffix(strings.TrimSuffix(parts[1], "-a"), "-b")}
	case parts[0] != "sofia" || len(parts) < 3:
		return Channel{Profile: parts[0]}
	case parts[1] == "gateway" && len(parts) == 4:
		return Channel{Profile: "external", Gateway: parts[2], User: parts[3]}
	}
	user := strings.TrimPrefix(parts[2], "sip:")
	if i := strings.IndexAny(user, "@;"); i >= 0 {
		user = user[:i]
	}
	return Channel{Profile: parts[1], User: user}
}
