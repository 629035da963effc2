package connect

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/freeswitch"
	"github.com/belwacht/belwacht/text"
)

// ownDialplan is Belwacht's file in FreeSWITCH's folder of dial plans, all of which it reads.
const ownDialplan = "dialplan/belwacht.xml"

// writtenByUs marks the files that are Belwacht's.
const writtenByUs = "Written by Belwacht"

// freeSWITCHCall is how a dial plan asks.
const freeSWITCHCall = `<action application="set" data="belwacht_number=$1"/>
<action application="execute_extension" data="ask XML belwacht"/>
<action application="bridge" data="sofia/gateway/provider/$1"/>`

// newFreeSWITCH plans a connection of FreeSWITCH: a context of Belwacht's own, which the owner's dial plan runs. No file of the owner's is changed.
func newFreeSWITCH(o *Options) (*Plan, error) {
	if info, err := os.Stat(filepath.Join(o.Etc, "dialplan")); err != nil || !info.IsDir() {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s: has no folder dialplan, as FreeSWITCH's configuration has; name its folder with --etc", o.Etc)
	}
	secret, err := o.secret(fileAsk)
	if err != nil {
		return nil, err
	}
	_, group := o.owner()
	uid, _ := o.guard()
	p := &Plan{folder: o.Etc, secrets: []string{secret}, folders: []folder{{o.Secrets, owner{0o750, -1, group}}, {o.Own, owner{0o755, -1, -1}}}}
	d := &freeswitch.DialPlan{Address: o.ask(), PBX: o.Name, Secret: secret, SecretFile: filepath.Join(o.Secrets, fileKey), Emergency: o.Numbers.EmergencyForms(),
		InURI: o.Numbers.EmergencyNumbers(), RefuseAbroad: o.RefuseAbroad, Sentence: o.Say}
	d.International, d.Home = o.Numbers.Abroad()
	guard, err := d.Guard()
	if err != nil {
		return nil, err
	}
	key, err := d.Key()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(o.Secrets); os.IsNotExist(err) || o.madeForKey() {
		key += folderMadeXML
	}
	if err := p.addFile(filepath.Join(o.Own, fileAsk), secret+"\n", owner{0o600, uid, -1}); err != nil {
		return nil, err
	}
	if err := p.addFile(filepath.Join(o.Secrets, fileKey), key, owner{0o640, -1, group}); err != nil {
		return nil, err
	}
	c, err := o.owned(ownDialplan)
	if err != nil {
		return nil, err
	}
	if c.exists && !strings.Contains(string(c.before), writtenByUs) {
		return nil, belwacht.Errorf(belwacht.Config, "%s: is not Belwacht's; move it away and try again", c.path)
	}
	c.like(o.Etc, "freeswitch.xml", "vars.xml")
	c.after = []byte(guard)
	p.changes = append(p.changes, c)
	p.Steps = append(p.Steps,
		text.Say("%s: the context belwacht, which asks Belwacht at %s.", "%s: de context belwacht, die Belwacht vraagt op %s.", c.path, o.ask()),
		text.Say("Emergency numbers go out without asking: %s.", "Noodnummers gaan naar buiten zonder te vragen: %s.", strings.Join(d.Emergency, ", ")),
		text.Say("Secrets: for FreeSWITCH in %s (0640), Belwacht's own in %s (0600).", "Geheimen: voor FreeSWITCH in %s (0640), van Belwacht zelf in %s (0600).",
			o.Secrets, o.Own))
	if err := p.addSection(o, nil); err != nil {
		return nil, err
	}
	p.laterFreeSWITCH(o)
	p.findStale()
	return p, nil
}

// folderMadeXML is folderMade in the file of the key.
const folderMadeXML = "<!-- belwacht connect made this folder. -->\n"

// madeForKey says whether an earlier run made the folder of the key.
func (o *Options) madeForKey() bool {
	b, err := readFile(filepath.Join(o.Secrets, fileKey), maxOwners)
	return err == nil && strings.HasSuffix(string(b), folderMadeXML)
}

// laterFreeSWITCH says what remains: which extensions bridge to a gateway nobody can tell by program.
func (p *Plan) laterFreeSWITCH(o *Options) {
	lines := "\n    " + strings.ReplaceAll(freeSWITCHCall, "\n", "\n    ")
	p.Later = append(p.Later,
		text.Say("Nothing asks yet: before each bridge to a gateway, in %s, put the number that the gateway will dial into belwacht_number and run the context:%s",
			"Er wordt nog niets gevraagd: zet vóór elke bridge naar een gateway, in %s, het nummer dat de gateway kiest in belwacht_number en voer de context uit:%s",
			filepath.Join(o.Etc, "dialplan"), lines),
		text.Say("Load mod_curl (fs_cli -x 'load mod_curl', and in autoload_configs/modules.conf.xml), then have FreeSWITCH read its files: fs_cli -x reloadxml.",
			"Laad mod_curl (fs_cli -x 'load mod_curl', en in autoload_configs/modules.conf.xml), en laat FreeSWITCH zijn bestanden lezen: fs_cli -x reloadxml."))
}

// undoFreeSWITCH plans the way back. A dial plan that still runs the context goes on without it: FreeSWITCH logs that it is not there.
func undoFreeSWITCH(o *Options) (*Plan, error) {
	p := &Plan{folder: o.Etc}
	if o.madeForKey() {
		p.empty = []string{o.Secrets}
	}
	if err := p.takeOutSection(o); err != nil {
		return nil, err
	}
	own, err := o.owned(ownDialplan)
	if err != nil {
		return nil, err
	}
	files := []string{filepath.Join(o.Secrets, fileKey), filepath.Join(o.Own, fileAsk)}
	if own.exists && strings.Contains(string(own.before), writtenByUs) {
		files = append(files, own.path)
	}
	if err := p.remove(files); err != nil {
		return nil, err
	}
	p.findStale()
	return p, nil
}
