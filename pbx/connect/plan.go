package connect

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/text"
)

// The manager user of least rights. Writing call lets Belwacht end calls, and Asterisk then allows Redirect and Setvar too; writing reporting shows the
// running calls after a restart.
const (
	userAMI  = "belwacht"
	readAMI  = "call,cdr,security,system"
	writeAMI = "call,reporting"
)

// GuardCall is how a dial plan by hand calls the guard. Where the guard is gone, as after the way back, it does nothing; a plain Gosub() would end the call.
const GuardCall = `GosubIf($["${DIALPLAN_EXISTS(belwacht-guard,s,1)}"="1"]?belwacht-guard,s,1)`

// Plan is what shall be done, decided and not yet begun.
type Plan struct {
	Steps   []text.Sentence // what it does, in order
	Later   []text.Sentence // what remains for a person to do
	Section string          // of Belwacht's configuration; "" when taking back
	// InFile says that the section stands in Options.Config when the plan was carried out.
	InFile bool

	folder  string // that no two may work on at once
	changes []*change
	folders []folder
	empty   []string
	stale   []string
	secrets []string
}

// folder is one that must be there.
type folder struct {
	path string
	want owner
}

// Empty says that there is nothing to do.
func (p *Plan) Empty() bool {
	for _, c := range p.changes {
		if c.needed() {
			return false
		}
	}
	return len(p.stale) == 0
}

// New plans a connection. Nothing is changed. Of FreeSWITCH nothing is read, and there is no PBX. Its errors have code Usage for options, NotFound or Config for files that are missing or not as expected, and
// Invalid for another PBX than was said.
func New(o *Options) (*Plan, *PBX, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	if o.Kind == FreeSWITCH {
		p, err := newFreeSWITCH(o)
		return p, nil, err
	}
	pbx, err := Find(o)
	if err != nil {
		return nil, nil, err
	}
	if err := pbx.foreign(o); err != nil {
		return nil, nil, err
	}
	p := &Plan{folder: o.Etc}
	for _, step := range []func(*Options, *PBX) error{p.addSecrets, p.addDialplan, p.addManager, p.addSection} {
		if err := step(o, pbx); err != nil {
			return nil, nil, err
		}
	}
	p.later(o, pbx)
	p.findStale()
	return p, pbx, nil
}

// addSecrets plans the folder and the files with secrets.
func (p *Plan) addSecrets(o *Options, pbx *PBX) error {
	_, group := o.owner()
	uid, _ := o.guard()
	p.folders = []folder{{o.Secrets, owner{0o750, -1, group}}, {o.Own, owner{0o755, -1, -1}}}
	own := map[string]string{}
	names := []string{fileAMI, fileAsk}
	if o.Database {
		names = append(names, fileCDR)
	}
	for _, name := range names {
		s, err := o.secret(name)
		if err != nil {
			return err
		}
		own[name] = s
		p.secrets = append(p.secrets, s)
		if err := p.addFile(filepath.Join(o.Own, name), s+"\n", owner{0o600, uid, -1}); err != nil {
			return err
		}
	}
	d := o.dialPlan(pbx, own[fileAsk])
	query, err := d.Ask()
	if err != nil {
		return err
	}
	made := ""
	if _, err := os.Stat(o.Secrets); errors.Is(err, os.ErrNotExist) || o.madeFolder() {
		made = folderMade + "\n"
	}
	if err := p.addFile(filepath.Join(o.Secrets, fileQuery), query, owner{0o640, -1, group}); err != nil {
		return err
	}
	return p.addFile(filepath.Join(o.Secrets, fileManager), made+managerText(own[fileAMI], pbx), owner{0o640, -1, group})
}

// folderMade is a line that remembers for the way back that there was no folder.
const folderMade = "; belwacht connect made this folder."

// madeFolder says whether an earlier run made the folder of the secrets, or was interrupted while there was nothing else in it.
func (o *Options) madeFolder() bool {
	b, err := readFile(filepath.Join(o.Secrets, fileManager), maxOwners)
	if err == nil {
		return strings.HasPrefix(string(b), folderMade)
	}
	in, err := os.ReadDir(o.Secrets)
	for _, f := range in {
		if !strings.HasPrefix(f.Name(), leftover) {
			return false
		}
	}
	return err == nil && len(in) > 0
}

// managerText is the manager user.
func managerText(secret string, pbx *PBX) string {
	from, mask := pbx.from()
	return `; The manager user of Belwacht. Its secret is as good as a telephone line: with it, calls can be ended and also sent elsewhere.
; Only Asterisk may read this file (0640, group asterisk). Written by Belwacht: changes are lost.
[` + userAMI + `]
secret=` + secret + `
deny=0.0.0.0/0.0.0.0
deny=::/0
permit=` + from + mask + `
read=` + readAMI + `
write=` + writeAMI + `
writetimeout=5000
`
}

// addFile plans a file that is Belwacht's alone.
func (p *Plan) addFile(path, contents string, want owner) error {
	c, err := look(path, filepath.Dir(path), maxOwners)
	if err != nil {
		return err
	}
	c.after, c.want, c.secret = []byte(contents), want, true
	p.changes = append(p.changes, c)
	return nil
}

// dialPlan is what is written into the dial plan.
func (o *Options) dialPlan(pbx *PBX, secret string) *asterisk.DialPlan {
	d := &asterisk.DialPlan{Generation: pbx.Generation, FastAGI: o.FastAGI, Address: o.ask(), PBX: o.Name, Secret: secret, Emergency: o.Numbers.EmergencyForms(), InURI: o.Numbers.EmergencyNumbers(),
		RefuseAbroad: o.RefuseAbroad, Sentence: o.Say, LimitByDial: o.Kind == FreePBX}
	d.International, d.Home = o.Numbers.Abroad()
	return d
}

// addDialplan plans the hook.
func (p *Plan) addDialplan(o *Options, pbx *PBX) error {
	d := o.dialPlan(pbx, "not-in-this-part")
	guard, err := d.Guard()
	if err != nil {
		return err
	}
	body := guard + "\n" + o.testText(pbx) + "\n#tryinclude \"" + filepath.Join(o.Secrets, fileQuery) + "\"\n"
	if err := p.addBlock(o, o.dialplan(), body); err != nil {
		return err
	}
	list := strings.Join(d.Emergency, ", ")
	how := map[asterisk.Generation]string{asterisk.ByMacro: "Macro()", asterisk.ByGosub: "Gosub()", asterisk.ByHand: "Gosub(belwacht-guard,s,1)"}[pbx.Generation]
	p.Steps = append(p.Steps,
		text.Say("%s: ask Belwacht at %s before a trunk dials, by %s.", "%s: vraag Belwacht op %s voordat een trunk kiest, met %s.",
			filepath.Join(o.Etc, o.dialplan()), o.ask(), how),
		text.Say("Emergency numbers go out without asking: %s.", "Noodnummers gaan naar buiten zonder te vragen: %s.", list))
	return nil
}

// testText is a context that plays an emergency call up to the place where a trunk would dial, for the test after a reload. Nothing leads there.
func (o *Options) testText(pbx *PBX) string {
	call := map[asterisk.Generation]string{asterisk.ByMacro: "Macro(dialout-trunk-predial-hook)", asterisk.ByGosub: "Gosub(" + hook + ",s,1)",
		asterisk.ByHand: "Gosub(belwacht-guard,s,1)"}[pbx.Generation]
	number := ""
	for _, n := range o.Numbers.EmergencyForms() {
		if number == "" || len(n) < len(number) {
			number = n
		}
	}
	return "; belwacht connect tries the hook here with an emergency number; nothing is dialled.\n[belwacht-test]\n" +
		"exten => s,1,Set(CDR_PROP(disable)=1)\n same => n,Set(OUTNUM=" + number + ")\n same => n," + call + "\n same => n,Set(GLOBAL(" + testVariable + ")=passed)\n same => n,Hangup()\n"
}

// addManager plans the manager user.
func (p *Plan) addManager(o *Options, pbx *PBX) error {
	from, _ := pbx.from()
	if err := p.addBlock(o, o.manager(), "#tryinclude \""+filepath.Join(o.Secrets, fileManager)+"\"\n"); err != nil {
		return err
	}
	p.Steps = append(p.Steps, text.Say("%s: a manager user %s, from %s only, that reads %s and writes %s.",
		"%s: een managergebruiker %s, alleen vanaf %s, die %s leest en %s schrijft.",
		filepath.Join(o.Etc, o.manager()), userAMI, from, readAMI, writeAMI))
	p.Steps = append(p.Steps, text.Say("Secrets: for Asterisk in %s (0640), Belwacht's own in %s (0600).",
		"Geheimen: voor Asterisk in %s (0640), van Belwacht zelf in %s (0600).", o.Secrets, o.Own))
	return nil
}

// unread says which of the owner's files Asterisk does not read, because the main file does not include it.
func (p *PBX) unread(o *Options) (out []text.Sentence) {
	for _, f := range []struct {
		t          *tree
		main, file string
	}{{p.dialplan, "extensions.conf", o.dialplan()}, {p.manager, "manager.conf", o.manager()}} {
		if f.t != nil && f.main != f.file && !f.t.includes(f.file) {
			out = append(out, text.Say("%s does not include %s, so nothing that is written there is read; have FreePBX write it anew.",
				"%s neemt %s niet op, dus wat daarin staat wordt niet gelezen; laat FreePBX dat opnieuw schrijven.", filepath.Join(o.Etc, f.main), f.file))
		}
	}
	return out
}

// addBlock plans Belwacht's part of an owner's file.
func (p *Plan) addBlock(o *Options, name, body string) error {
	c, err := o.owned(name)
	if err != nil {
		return err
	}
	if _, open := asterisk.ReadConf(c.before); open > 0 {
		return belwacht.Errorf(belwacht.Config,
			"%s:%d: a comment begins here with ;-- and never ends, so nothing behind it is read; end it with --; and try again", c.path, open)
	}
	c.like(o.Etc, "manager.conf", "extensions.conf", "extensions_additional.conf")
	if c.after, err = marks(";").put(c.path, c.before, c.exists, body); err != nil {
		return err
	}
	p.changes = append(p.changes, c)
	return nil
}

// later says what remains.
func (p *Plan) later(o *Options, pbx *PBX) {
	p.Later = append(p.Later, pbx.unread(o)...)
	if !pbx.Enabled {
		p.Later = append(p.Later, text.Say("The manager is switched off: write enabled = yes under [general] in %s, then have it reloaded.",
			"De manager staat uit: zet enabled = yes onder [general] in %s en laat die herladen.", filepath.Join(o.Etc, "manager.conf")))
	}
	if at := pbx.before(o); at != nil {
		p.Later = append(p.Later, text.Say("%s:%d defines the hook before %s is read, so Belwacht is not asked; take it out there.",
			"%s:%d bepaalt de hook voordat %s gelezen wordt, zodat Belwacht niets gevraagd wordt; haal die daar weg.", at.file, at.Number, o.dialplan()))
	}
	if o.Kind == Asterisk && (pbx.dialplan == nil || !pbx.callsGuard()) {
		lines := "\n    same => n,Set(OUTNUM=${EXTEN})\n    same => n," + GuardCall + "\n    same => n,Dial(PJSIP/${OUTNUM}@trunk)"
		p.Later = append(p.Later, text.Say("Nothing asks yet: before each Dial() to a trunk, in %s, set OUTNUM to the number that the trunk will dial and call the guard:%s",
			"Er wordt nog niets gevraagd: zet vóór elke Dial() naar een trunk, in %s, in OUTNUM het nummer dat de trunk kiest en roep de wacht aan:%s",
			filepath.Join(o.Etc, "extensions.conf"), lines))
	}
	if len(pbx.Trunks) == 0 {
		p.Later = append(p.Later, text.Say("Name the endpoints that lead outside in Belwacht's configuration, such as trunks: [PJSIP/provider].",
			"Noem in de configuratie van Belwacht de endpoints die naar buiten leiden, zoals trunks: [PJSIP/provider]."))
	}
}

// findStale looks for what an interrupted run left.
func (p *Plan) findStale() {
	seen := map[string]bool{}
	for _, c := range p.changes {
		if dir := filepath.Dir(c.real); !seen[dir] {
			seen[dir] = true
			left, _ := filepath.Glob(filepath.Join(dir, leftover+"*"))
			p.stale = append(p.stale, left...)
		}
	}
}
