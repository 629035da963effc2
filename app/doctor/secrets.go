package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
)

// secrets looks at the files with Belwacht's own secrets, without ever showing one.
type secrets struct{}

// Look implements Check.
func (s secrets) Look(_ context.Context, p *Patient) (out []Result) {
	const name = "secrets"
	used := map[string]string{} // contents to file
	for _, x := range p.live.PBX {
		for _, path := range []string{x.AMI.SecretFile, x.Ask.SecretFile, x.Records.MySQL.SecretFile} {
			if path == "" {
				continue
			}
			if !filepath.IsAbs(path) {
				path = filepath.Join(filepath.Dir(p.File), path)
			}
			r, contents := s.file(path, p.Etc)
			if r == nil && contents != "" && used[contents] != "" && used[contents] != path {
				r = &Result{name, Wrong, text.Say("%s and %s hold the same secret.", "%s en %s bevatten hetzelfde geheim.", used[contents], path),
					text.Say("Remove one and run belwacht connect again.", "Haal er een weg en voer belwacht connect opnieuw uit.")}
			}
			used[contents] = path
			if r != nil {
				r.Check = name
				out = append(out, *r)
			}
		}
	}
	if len(out) == 0 && len(used) > 0 {
		out = append(out, fine(name, "%d secrets, each its own and for Belwacht alone.", "%d geheimen, elk anders en alleen voor Belwacht.", len(used)))
	}
	return out
}

// file looks at one; its contents never leave this check.
func (secrets) file(path, etc string) (*Result, string) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Result{"", Wrong, text.Say("%s is not there.", "%s is er niet.", path), text.Say("Run belwacht connect again.",
			"Voer belwacht connect opnieuw uit.")}, ""
	case err != nil || !info.Mode().IsRegular():
		return &Result{"", Wrong, text.Say("%s cannot be looked at.", "%s kan niet bekeken worden.", path), text.Say("Run this as root.",
			"Voer dit uit als root.")}, ""
	case strings.HasPrefix(path, filepath.Clean(etc)+"/"):
		return &Result{"", Warning, text.Say("%s lies in the PBX's folder, whose modes FreePBX widens.",
			"%s ligt in de map van de PBX, waarvan FreePBX de modi verruimt.", path),
			text.Say("Move it elsewhere.", "Zet dat ergens anders.")}, ""
	case config.SecretOpen(info.Mode()):
		return &Result{"", Wrong, text.Say("%s may be read or written by others (mode %04o).",
			"%s is voor anderen te lezen of te schrijven (modus %04o).", path, info.Mode().Perm()),
			text.Say("Run chmod 0640 %s.", "Voer chmod 0640 %s uit.", path)}, ""
	}
	if f, err := os.Open(path); err != nil {
		return &Result{"", Warning, text.Say("%s may not be read by this user.",
			"%s mag door deze gebruiker niet gelezen worden.", path), text.Say("Run this as root.", "Voer dit uit als root.")}, ""
	} else if err := f.Close(); err != nil {
		return &Result{"", Wrong, text.Say("%s cannot be read.", "%s kan niet gelezen worden.", path), text.Sentence{}}, ""
	}
	secret, err := config.ReadSecret(path)
	if err != nil {
		r := failed("", Wrong, err)
		return &r, ""
	}
	return nil, secret
}
