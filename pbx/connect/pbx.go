package connect

import (
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// hook is the context that FreePBX runs before it dials by a trunk.
const hook = "macro-dialout-trunk-predial-hook"

// contexts are those that Belwacht defines.
func (o *Options) contexts() []string {
	own := []string{"belwacht-guard", "belwacht-ask", "belwacht-test"}
	if o.Kind == FreePBX {
		own = append(own, hook, "macro-dialout-dundi-predial-hook")
	}
	return own
}

// PBX is what was found out of a PBX from its files.
type PBX struct {
	Generation asterisk.Generation
	AMI        string   // HOST:PORT of its manager
	Enabled    bool     // the manager is switched on
	Trunks     []string // its endpoints that lead outside, such as PJSIP/provider; nil where the files do not tell

	dialplan, manager *tree // nil where the main file is not there
}

// Find reads a PBX's files. Its errors have code NotFound or Config and name the file.
func Find(o *Options) (*PBX, error) {
	p := &PBX{Generation: asterisk.ByHand}
	if err := p.readTrees(o); err != nil {
		return nil, err
	}
	generated, err := readFile(filepath.Join(o.Etc, "extensions_additional.conf"), maxRead)
	switch {
	case o.Kind == Asterisk && err == nil && p.dialplan.includes("extensions_additional.conf"):
		return nil, belwacht.Errorf(belwacht.Invalid, "%s: is FreePBX's, which writes extensions.conf itself; use belwacht connect freepbx", o.Etc)
	case o.Kind == FreePBX && err != nil:
		return nil, belwacht.Errorf(belwacht.CodeOf(err), "%w; is FreePBX here?", err)
	case o.Kind == FreePBX:
		lines, _ := asterisk.ReadConf(generated)
		if p.Generation, err = generation(filepath.Join(o.Etc, "extensions_additional.conf"), lines); err != nil {
			return nil, err
		}
		p.Trunks = trunks(lines)
	}
	p.readManager()
	return p, nil
}

// readTrees reads the two main files. Plain Asterisk must have both; of FreePBX an owner may have copied a part.
func (p *PBX) readTrees(o *Options) (err error) {
	for name, to := range map[string]**tree{"extensions.conf": &p.dialplan, "manager.conf": &p.manager} {
		t, err := readTree(o.Etc, name)
		if belwacht.CodeOf(err) == belwacht.NotFound && err != nil && o.Kind == FreePBX {
			continue
		}
		if err != nil {
			return belwacht.Errorf(belwacht.CodeOf(err), "%w; name the folder of Asterisk's configuration with --etc", err)
		}
		*to = t
	}
	return nil
}

// generation tells by the call of the hook how FreePBX calls it, or where there is none yet, by what it calls else.
func generation(file string, lines []asterisk.ConfLine) (asterisk.Generation, error) {
	calls := regexp.MustCompile(`(?i)(?:^|[,?:])\s*(macro|gosub)\s*\(`)
	hooks := regexp.MustCompile(`(?i)\b(macro|gosub)\s*\(\s*(?:macro-)?dialout-trunk-predial-hook\b`)
	any, hooked := map[string]bool{}, map[string]bool{}
	for _, l := range lines {
		if l.Kind != asterisk.ConfSetting || l.Name != "exten" && l.Name != "same" {
			continue
		}
		if m := hooks.FindStringSubmatch(l.Value); m != nil {
			hooked[strings.ToLower(m[1])] = true
		}
		if m := calls.FindStringSubmatch(l.Value); m != nil {
			any[strings.ToLower(m[1])] = true
		}
	}
	switch {
	case hooked["macro"] && hooked["gosub"]:
		return 0, belwacht.Errorf(belwacht.Config,
			"%s: calls the hook before a trunk as a macro and by Gosub; have FreePBX write it anew (fwconsole reload) and try again", file)
	case hooked["macro"], len(hooked) == 0 && any["macro"]:
		return asterisk.ByMacro, nil
	case hooked["gosub"], any["gosub"]:
		return asterisk.ByGosub, nil
	}
	return 0, belwacht.Errorf(belwacht.Config, "%s: calls neither Macro() nor Gosub(), so it is not told which FreePBX wrote it; is it the right file?", file)
}

// trunks are the endpoints that FreePBX's globals OUT_1, OUT_2 … name.
func trunks(lines []asterisk.ConfLine) (out []string) {
	endpoint := regexp.MustCompile(`^(?:PJSIP|SIP|IAX2)/[A-Za-z0-9._-]{1,80}$`)
	number := regexp.MustCompile(`^OUT_[0-9]+$`)
	for _, l := range lines {
		if l.Kind == asterisk.ConfSetting && number.MatchString(l.Name) && endpoint.MatchString(l.Value) && !slices.Contains(out, l.Value) {
			out = append(out, l.Value)
		}
	}
	return out
}

// readManager finds where the manager listens.
func (p *PBX) readManager() {
	host, port := netip.MustParseAddr("127.0.0.1"), uint16(5038)
	p.Enabled = true
	if t := p.manager; t != nil {
		switch strings.ToLower(t.setting("general", "enabled")) {
		case "yes", "true", "y", "t", "1", "on":
		default:
			p.Enabled = false
		}
		if n, err := strconv.ParseUint(t.setting("general", "port"), 10, 16); err == nil && n > 0 {
			port = uint16(n)
		}
		bind := t.setting("general", "bindaddr")
		if a, err := netip.ParseAddr(bind); err == nil && !a.IsUnspecified() && a.Zone() == "" {
			host = a
		} else if ap, err := netip.ParseAddrPort(bind); err == nil {
			port = ap.Port()
			if !ap.Addr().IsUnspecified() && ap.Addr().Zone() == "" {
				host = ap.Addr()
			}
		}
	}
	p.AMI = netip.AddrPortFrom(host, port).String()
}

// from is the one address that the manager user may come from, with its mask: a client on the machine comes from the address that it connects to.
func (p *PBX) from() (address, mask string) {
	host := netip.MustParseAddrPort(p.AMI).Addr()
	if host.Is4() {
		return host.String(), "/255.255.255.255"
	}
	return host.String(), "/128"
}

// foreign refuses what somebody else has defined under Belwacht's names.
func (p *PBX) foreign(o *Options) error {
	ours := append(o.former(), filepath.Join(o.Secrets, fileManager), filepath.Join(o.Secrets, fileQuery))
	if t := p.manager; t != nil {
		if at := t.section(userAMI, ours); at != nil {
			return belwacht.Errorf(belwacht.Config, "%s:%d: defines a manager user %s, which is not Belwacht's; rename or remove it and try again", at.file,
				at.Number, userAMI)
		}
	}
	owners := filepath.Join(o.Etc, o.dialplan())
	own := &tree{etc: o.Etc}
	for _, name := range []string{"extensions_override_freepbx.conf", o.dialplan()} {
		if t, err := readTree(o.Etc, name); err == nil {
			own.lines = append(own.lines, t.lines...)
		} else if belwacht.CodeOf(err) != belwacht.NotFound {
			return err
		}
	}
	b, err := o.blockOf(owners)
	if err != nil {
		return err
	}
	for _, l := range own.lines {
		if l.Kind != asterisk.ConfSection || !slices.Contains(o.contexts(), l.Name) || slices.Contains(ours, l.file) {
			continue
		}
		if l.file == owners && b != nil && l.Number > b.line && l.Number < b.line+2+strings.Count(b.body, "\n") {
			continue
		}
		return belwacht.Errorf(belwacht.Config,
			"%s:%d: defines the context %s already; Belwacht leaves it alone. Move what it does into another context, take it out, and try again",
			l.file, l.Number, l.Name)
	}
	return nil
}

// former are the files with secrets that Belwacht's parts include as they are now.
func (o *Options) former() (out []string) {
	for _, name := range []string{o.dialplan(), o.manager()} {
		b, err := o.blockOf(filepath.Join(o.Etc, name))
		if err != nil || b == nil {
			continue
		}
		lines, _ := asterisk.ReadConf([]byte(b.body))
		for _, l := range lines {
			if base := filepath.Base(l.Value); l.Kind == asterisk.ConfDirective && filepath.IsAbs(l.Value) && (base == fileManager || base == fileQuery) {
				out = append(out, filepath.Clean(l.Value))
			}
		}
	}
	return out
}

// blockOf finds Belwacht's part of a file of Asterisk's; nil where there is none.
func (o *Options) blockOf(path string) (*block, error) {
	data, err := readFile(path, maxOwners)
	if err != nil {
		if belwacht.CodeOf(err) == belwacht.NotFound {
			return nil, nil
		}
		return nil, err
	}
	return marks(";").find(path, data)
}

// before finds a definition of the hook that Asterisk reads before Belwacht's, which then is not used; nil where there is none or the files do not tell.
func (p *PBX) before(o *Options) *place {
	if p.dialplan == nil || o.Kind != FreePBX {
		return nil
	}
	for i, l := range p.dialplan.lines {
		switch {
		case l.Kind == asterisk.ConfDirective && filepath.Base(l.Value) == o.dialplan():
			return nil
		case l.Kind == asterisk.ConfSection && l.Name == hook:
			return &p.dialplan.lines[i]
		}
	}
	return nil
}
