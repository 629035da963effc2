package doctor

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/network"
)

// loginWithin is how long a log-in at a manager may take.
const loginWithin = 5 * time.Second

// tryLogin logs in at a manager as Belwacht does, and tries the rights that it needs without changing anything. The error says what is wrong. The
// certificate is checked as belwacht run checks it, for the secret is sent; nil = nothing is encrypted.
func tryLogin(ctx context.Context, address, user, secret string, trust *network.Trust) error {
	ctx, cancel := context.WithTimeout(ctx, loginWithin)
	defer cancel()
	conn, err := dial(ctx, address)
	if err != nil {
		return cause(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(loginWithin)); err != nil {
		return err
	}
	if trust != nil {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return belwacht.Errorf(belwacht.Config, "ami.address %.60s is no HOST:PORT", address)
		}
		c, err := trust.Client(host)
		if err != nil {
			return err
		}
		conn = tls.Client(conn, c)
	}
	in := asterisk.NewAMI(conn, func([]byte) bool { return false }) // answers only
	if _, err := in.Banner(); err != nil {
		return err
	}
	id := 0
	do := func(action string, headers ...string) (string, error) {
		id++
		if _, err := conn.Write(asterisk.AppendAction(nil, action, strconv.Itoa(id), headers...)); err != nil {
			return "", cause(err)
		}
		for {
			var m asterisk.Message
			if err := in.Read(&m); err != nil {
				return "", cause(err)
			}
			if m.Is("ActionID", strconv.Itoa(id)) && len(m.Get("Response")) > 0 {
				if m.Is("Response", "Error") {
					return string(m.Get("Message")), nil
				}
				return "", nil
			}
		}
	}
	switch refused, err := do("Login", "Username", user, "Secret", secret, "Events", "off"); {
	case err != nil:
		return err
	case refused != "":
		return belwacht.Errorf(belwacht.Config, "the manager refuses user %.40s: its secret is another, its permit does not hold for this machine, or it is not there", user)
	}
	// Getvar is granted by either right; a Hangup that names no channel does nothing, and is refused to who may not end calls.
	for action, right := range map[string]string{"CoreShowChannels": "write = call,reporting", "Getvar": "write = call,reporting", "Hangup": "write = call,reporting"} {
		denied, err := do(action, "Channel", "", "Variable", "SYSTEMNAME")
		if err != nil {
			return err
		}
		if denied == "Permission denied" {
			return belwacht.Errorf(belwacht.Config, "manager user %.40s may not do %s; it needs %s", user, action, right)
		}
	}
	return nil
}
