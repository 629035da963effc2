package connect

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// sectionText is the section pbx of Belwacht's configuration. Of FreeSWITCH there is no PBX.
func (o *Options) sectionText(pbx *PBX) string {
	down := "pass"
	if o.RefuseAbroad {
		down = "refuse_abroad"
	}
	listen := "listen"
	if o.FastAGI {
		listen = "fastagi"
	}
	secret := func(name string) string { return quoteYAML(filepath.Join(o.Own, name)) }
	var b strings.Builder
	fmt.Fprintf(&b, "pbx:\n  - name: %s\n    kind: %s\n", quoteYAML(o.Name), o.Kind)
	if o.Tenant != "" {
		fmt.Fprintf(&b, "    tenant: %q\n", o.Tenant)
	}
	if pbx != nil {
		fmt.Fprintf(&b, "    ami: {address: %q, user: %s, secret_file: %s, tls: false}\n", pbx.AMI, userAMI, secret(fileAMI))
	}
	fmt.Fprintf(&b, "    ask: {%s: %q, secret_file: %s, when_down: %s}\n", listen, o.ask(), secret(fileAsk), down)
	if o.Database {
		fmt.Fprintf(&b, "    records: {mysql: {address: %q, database: %s, user: %s, secret_file: %s}}\n", "127.0.0.1:3306", database, userAMI, secret(fileCDR))
	}
	b.WriteString("    judge_by: ask\n")
	if pbx != nil && len(pbx.Trunks) > 0 {
		fmt.Fprintf(&b, "    trunks: [%s]\n", strings.Join(pbx.Trunks, ", "))
	}
	return b.String()
}

// quoteYAML writes a string in double quotes, where the plain form might mean something else.
func quoteYAML(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") == "" && strings.Trim(s, "0123456789._-") != "" {
		switch strings.ToLower(s) {
		case "yes", "no", "on", "off", "true", "false", "null", "y", "n":
		default:
			return s
		}
	}
	return fmt.Sprintf("%q", s)
}

// addSection plans the section in Belwacht's configuration, where the file is named and has none of the owner's.
func (p *Plan) addSection(o *Options, pbx *PBX) error {
	p.Section = o.sectionText(pbx)
	if o.Config == "" {
		p.Later = append(p.Later, text.Say("Put the section below into Belwacht's configuration.", "Zet het deel hieronder in de configuratie van Belwacht."))
		return nil
	}
	c, err := look(o.Config, filepath.Dir(o.Config), yaml.MaxBytes)
	if err != nil {
		return err
	}
	rest, _, err := marks("#").take(o.Config, c.before)
	if err != nil {
		return err
	}
	was := c.before
	if !c.exists {
		was = []byte(o.Fresh)
		_, gid := o.guard()
		c.want = owner{0o640, -1, gid}
		p.Later = append(p.Later, text.Say("Look through %s: are country and time zone right?", "Kijk %s na: kloppen land en tijdzone?", o.Config))
	} else {
		keys := map[string]any{}
		if err := yaml.Read(rest, o.Config, &keys); err != nil {
			return err
		}
		if _, ok := keys["pbx"]; ok {
			p.Later = append(p.Later, text.Say("%s has a section pbx of your own, which was left alone; put the section below into it.",
				"%s heeft een eigen deel pbx, dat bleef zoals het was; zet het deel hieronder erin.", o.Config))
			return nil
		}
	}
	if c.after, err = marks("#").put(o.Config, was, c.exists, p.Section); err != nil {
		return err
	}
	if err := yaml.Read(c.after, o.Config, &map[string]any{}); err != nil {
		return belwacht.Errorf(belwacht.Config, "%s: the section pbx cannot be put behind what is there; leave --config out and put it in by hand", o.Config)
	}
	p.InFile = true
	p.changes = append(p.changes, c)
	p.Steps = append(p.Steps, text.Say("%s: the section pbx.", "%s: het deel pbx.", o.Config))
	return nil
}

// Without is a configuration without the part that connect wrote into it, for readers of everything else. Where the marks are broken it is left whole.
func Without(data []byte) []byte {
	out, _, err := marks("#").take("", data)
	if err != nil {
		return data
	}
	return out
}
