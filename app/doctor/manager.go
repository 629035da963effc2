package doctor

import (
	"context"
	"crypto/tls"
	"net"
	"path/filepath"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/text"
)

// manager looks whether the PBX's manager is reached, and whether Belwacht may log in and do what it must.
type manager struct{}

// Look implements Check.
func (m manager) Look(ctx context.Context, p *Patient) (out []Result) {
	const name = "manager"
	for _, x := range p.live.PBX {
		if x.AMI.Address == "" {
			continue
		}
		version, err := m.greet(ctx, x.AMI.Address, x.AMI.TLS)
		switch {
		case err != nil:
			out = append(out, Result{name, Wrong, text.Say("The PBX's manager on %s is not reached: %s.",
				"De manager van de PBX op %s is niet te bereiken: %s.", x.AMI.Address, err),
				text.Say("Is Asterisk running, and enabled = yes under [general] in manager.conf?",
					"Draait Asterisk, en staat er enabled = yes onder [general] in manager.conf?")})
			continue
		case version == "":
			out = append(out, Result{name, Wrong, text.Say("What listens on %s is no Asterisk manager.",
				"Wat op %s luistert is geen manager van Asterisk.", x.AMI.Address),
				text.Say("Set ami.address to the manager's port.", "Zet ami.address op de poort van de manager.")})
			continue
		}
		out = append(out, m.login(ctx, p, &x))
	}
	return out
}

// login tries the user.
func (manager) login(ctx context.Context, p *Patient, x *livePBX) Result {
	path := x.AMI.SecretFile
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(p.File), path)
	}
	secret, err := config.ReadSecret(path)
	if err == nil {
		var trust *network.Trust
		if x.AMI.TLS {
			trust = &network.Trust{CAFile: x.AMI.CAFile, ServerName: x.AMI.ServerName, Unchecked: x.AMI.Unchecked}
			if trust.CAFile != "" && !filepath.IsAbs(trust.CAFile) {
				trust.CAFile = filepath.Join(filepath.Dir(p.File), trust.CAFile)
			}
		}
		err = tryLogin(ctx, x.AMI.Address, x.AMI.User, secret, trust)
	}
	if err != nil {
		r := failed("manager", Wrong, err)
		r.Do = text.Say("Run belwacht connect %s again.", "Voer belwacht connect %s opnieuw uit.", x.Kind)
		return r
	}
	return fine("manager", "%s logs in to Asterisk's manager on %s.", "%s logt in bij de manager van Asterisk op %s.", x.AMI.User, x.AMI.Address)
}

// greet reads the first line, "" where it is not a manager's. No secret is sent, so whose certificate it is does not matter here.
func (manager) greet(ctx context.Context, address string, encrypted bool) (version string, err error) {
	c, err := dial(ctx, address)
	if err != nil {
		return "", cause(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(3 * time.Second)); err != nil {
		return "", err
	}
	if encrypted {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
	}
	version, err = asterisk.NewAMI(c, func([]byte) bool { return false }).Banner()
	if belwacht.CodeOf(err) == belwacht.Invalid {
		return "", nil
	}
	return version, cause(err)
}

// cause takes the address off a network error, since the sentence names it.
func cause(err error) error {
	if o, ok := err.(*net.OpError); ok {
		return o.Err
	}
	return err
}
