package connect

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/text"
)

// Trouble is something about a connection that a person should look at.
type Trouble struct {
	Grave bool          // calls are not asked about, or cannot be made
	Says  text.Sentence // what is so
	Do    text.Sentence // what to do
}

// Inspect looks whether a connection lies in a PBX's files as it should; nil where it does. Numbers need not be set. Its errors are as those of [Find].
func Inspect(o *Options) ([]Trouble, error) {
	pbx, err := Find(o)
	if err != nil {
		return nil, err
	}
	anew := text.Say("Run belwacht connect %s again.", "Voer belwacht connect %s opnieuw uit.", o.Kind)
	var out []Trouble
	for _, f := range []struct{ name, says, zegt string }{
		{o.dialplan(), "the dial plan does not ask Belwacht before a trunk dials", "het belplan vraagt Belwacht niet voordat een trunk kiest"},
		{o.manager(), "Asterisk has no manager user for Belwacht", "Asterisk heeft geen managergebruiker voor Belwacht"},
	} {
		path := filepath.Join(o.Etc, f.name)
		b, err := o.blockOf(path)
		switch {
		case err != nil:
			return nil, err
		case b == nil:
			out = append(out, Trouble{true, text.Say("%s: Belwacht's part is not there, so "+f.says+".",
				"%s: het deel van Belwacht is er niet, dus "+f.zegt+".", path), anew})
		case b.changed():
			out = append(out, Trouble{true, text.Say("%s:%d: somebody has written in Belwacht's part.",
				"%s:%d: iemand heeft in het deel van Belwacht geschreven.", path, b.line), anew})
		}
	}
	if err := pbx.foreign(o); err != nil {
		out = append(out, Trouble{true, text.Say("%s.", "%s.", err), anew})
	}
	for _, s := range pbx.unread(o) {
		out = append(out, Trouble{true, s, text.Say("Run fwconsole reload.", "Voer fwconsole reload uit.")})
	}
	out = append(out, pbx.returns(o, anew)...)
	out = append(out, o.includedSecrets(anew)...)
	if !pbx.Enabled {
		out = append(out, Trouble{true, text.Say("%s: the manager is switched off.", "%s: de manager staat uit.", filepath.Join(o.Etc, "manager.conf")),
			text.Say("Write enabled = yes under [general] and run asterisk -rx 'module reload manager'.",
				"Zet enabled = yes onder [general] en voer asterisk -rx 'module reload manager' uit.")})
	}
	return out, nil
}

// returns looks whether the hook is reached and gives control back as this FreePBX wants it, which an upgrade changes.
func (p *PBX) returns(o *Options, anew text.Sentence) (out []Trouble) {
	path := filepath.Join(o.Etc, o.dialplan())
	b, err := o.blockOf(path)
	if err != nil || b == nil {
		return nil
	}
	if at := p.before(o); at != nil {
		out = append(out, Trouble{true, text.Say("%s:%d: another hook is read before Belwacht's, which is then not used.",
			"%s:%d: een andere hook wordt vóór die van Belwacht gelezen, die dan niet geldt.",
			at.file, at.Number), text.Say("Take it out there.", "Haal die daar weg.")})
	}
	if o.Kind == FreePBX && strings.Contains(b.body, "MacroExit()") != (p.Generation == asterisk.ByMacro) {
		out = append(out, Trouble{true, text.Say("%s: the hook is of another generation of FreePBX than the one here, and can end every call outside.",
			"%s: de hook is van een andere generatie FreePBX dan deze, en kan elk gesprek naar buiten beëindigen.", path), anew})
	}
	if o.Kind == Asterisk && p.dialplan != nil && !p.callsGuard() {
		out = append(out, Trouble{true, text.Say("%s: nothing calls belwacht-guard, so Belwacht is never asked.",
			"%s: niets roept belwacht-guard aan, dus Belwacht wordt nooit iets gevraagd.", path),
			text.Say("Put %s before each Dial() to a trunk.", "Zet %s vóór elke Dial() naar een trunk.", GuardCall)})
	}
	return out
}

// callsGuard says whether the owner's dial plan calls the guard.
func (p *PBX) callsGuard() bool {
	section := ""
	for _, l := range p.dialplan.lines {
		switch {
		case l.Kind == asterisk.ConfSection:
			section = l.Name
		case l.Kind == asterisk.ConfSetting && !strings.HasPrefix(section, "belwacht-") && strings.Contains(l.Value, "belwacht-guard,"):
			return true
		}
	}
	return false
}

// includedSecrets looks at the files that only Asterisk may read.
func (o *Options) includedSecrets(anew text.Sentence) (out []Trouble) {
	for _, path := range o.former() {
		if dir := o.barred(path); dir != "" {
			out = append(out, Trouble{true, text.Say("%s: Asterisk's group may not pass through this folder, so Asterisk goes without %s.",
				"%s: de groep van Asterisk mag niet door deze map, dus Asterisk doet het zonder %s.", dir, path),
				text.Say("Run chmod o+x %s.", "Voer chmod o+x %s uit.", dir)})
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			out = append(out, Trouble{true, text.Say("%s: cannot be looked at (%s), so Asterisk goes without it.",
				"%s: kan niet bekeken worden (%s), dus Asterisk doet het zonder.", path, belwacht.Reason(err)), anew})
			continue
		}
		if mode := info.Mode().Perm(); mode&0o027 != 0 {
			out = append(out, Trouble{false, text.Say("%s: holds a secret and may be read or written by others (mode %04o).",
				"%s: bevat een geheim en is voor anderen te lezen of te schrijven (modus %04o).",
				path, mode), text.Say("Run chmod 0640 %s.", "Voer chmod 0640 %s uit.", path)})
		}
		if filepath.Base(path) != fileQuery {
			continue
		}
		query, err := readFile(path, maxOwners)
		own, errOwn := readFile(filepath.Join(o.Own, fileAsk), maxOwners)
		if err == nil && errOwn == nil && !strings.Contains(string(query), strings.TrimSpace(string(own))) {
			out = append(out, Trouble{true, text.Say("%s: asks with another secret than Belwacht knows.",
				"%s: vraagt met een ander geheim dan Belwacht kent.", path), anew})
		}
	}
	return out
}

// barred is the folder above a file that Asterisk's group may not pass through; "" for none, or where Asterisk is root or its group is not known.
func (o *Options) barred(path string) string {
	user, group := o.owner()
	if group < 0 {
		return ""
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return ""
		}
		if who := ownerOf(info); who.mode&0o001 == 0 && (who.gid != group || who.mode&0o010 == 0) && (who.uid != user || who.mode&0o100 == 0) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// Hole is a way to a trunk that does not pass the hook. Such calls are judged as they dial, by Asterisk's events, and ended then.
type Hole struct {
	File    string
	Line    int // from 1
	Context string
	Says    text.Sentence
}

// maxHoles is how many are listed at most.
const maxHoles = 50

// Holes finds the ways round the hook: what the owner dials himself, destinations of inbound routes and menus that are a trunk, ENUM and Originate. trunks
// are the endpoints that lead outside besides those that FreePBX names. Errors are as those of [Find].
func Holes(o *Options, trunks []string) ([]Hole, error) {
	pbx, err := Find(o)
	if err != nil || pbx.dialplan == nil {
		return nil, err
	}
	var out []Hole
	context, exten, guarded := "", "", false
	outside := outsideOf(append(trunks, pbx.Trunks...))
	for _, l := range pbx.dialplan.lines {
		if l.Kind == asterisk.ConfSection {
			context, exten, guarded = l.Name, "", false
		}
		if l.Kind != asterisk.ConfSetting || l.Name != "exten" && l.Name != "same" {
			continue
		}
		if e, _, _ := strings.Cut(l.Value, ","); l.Name == "exten" && e != exten {
			exten, guarded = e, false
		}
		if strings.Contains(l.Value, "belwacht-guard,") {
			guarded = true
		}
		if guarded || strings.HasPrefix(context, "belwacht-") || len(out) == maxHoles {
			continue
		}
		if says, ok := hole(o, &l, context, outside); ok {
			out = append(out, Hole{l.file, l.Number, context, says})
		}
	}
	return out, nil
}

// outsideOf is a pattern of Dial()'s and Originate()'s first argument where it leads to a trunk. Where no trunk is known, everything does that names a
// number and a peer.
func outsideOf(trunks []string) *regexp.Regexp {
	var names []string
	for _, t := range trunks {
		_, name, _ := strings.Cut(t, "/")
		names = append(names, regexp.QuoteMeta(name))
	}
	peer := strings.Join(names, "|")
	if peer == "" {
		peer = `[^,&/@()]+`
	}
	return regexp.MustCompile(`(?i)\b(?:Dial|Originate)\s*\(.*?(?:PJSIP/[^,&]*@(?:` + peer + `)\b|(?:PJSIP|SIP|IAX2)/(?:` + peer + `)/|DAHDI/[gGrR][0-9]|\$\{OUT_[0-9$])`)
}

// hole says what leads outside in a line.
func hole(o *Options, l *place, context string, outside *regexp.Regexp) (text.Sentence, bool) {
	generated := o.Kind == FreePBX && (l.file == filepath.Join(o.Etc, "extensions_additional.conf") || l.file == filepath.Join(o.Etc, "extensions.conf"))
	value := strings.ToLower(l.Value)
	switch {
	case generated && strings.Contains(value, "goto(ext-trunk,") && context != "ext-trunk":
		return text.Say("a route or menu leads straight to a trunk", "een route of menu leidt rechtstreeks naar een trunk"), true
	case generated && (strings.Contains(value, "macro(dialout-enum") || strings.Contains(value, "gosub(macro-dialout-enum")):
		return text.Say("calls leave by ENUM", "gesprekken gaan via ENUM naar buiten"), true
	case !generated && outside.MatchString(l.Value):
		return text.Say("a trunk is dialled without asking", "een trunk wordt gekozen zonder te vragen"), true
	}
	return text.Sentence{}, false
}
