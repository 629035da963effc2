package doctor

import (
	"context"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/text"
)

// options are how a PBX on this machine was connected; false where it is not one that doctor can look into.
func (p *Patient) options(x *livePBX) (*connect.Options, bool) {
	if x.Kind != connect.Asterisk && x.Kind != connect.FreePBX {
		return nil, false
	}
	own := filepath.Dir(x.Ask.SecretFile)
	if !filepath.IsAbs(own) {
		own = filepath.Join(filepath.Dir(p.File), own)
	}
	return &connect.Options{Kind: x.Kind, Etc: p.Etc, Own: own, Secrets: connect.DefaultSecrets, Name: x.Name}, true
}

// hook looks whether the PBX asks before it dials, as connect set it up.
type hook struct{}

// Look implements Check.
func (hook) Look(_ context.Context, p *Patient) (out []Result) {
	const name = "hook"
	for _, x := range p.live.PBX {
		o, ok := p.options(&x)
		if !ok {
			continue
		}
		if _, err := os.Stat(p.Etc); err != nil {
			out = append(out, Result{name, Warning, text.Say("%s is not on this machine, so nobody looked whether the PBX asks.",
				"%s staat niet op deze machine, dus niemand heeft gekeken of de PBX vraagt.", p.Etc),
				text.Say("Run belwacht doctor on the PBX, or name its folder with --etc.", "Voer belwacht doctor op de PBX uit, of noem zijn map met --etc.")})
			continue
		}
		troubles, err := connect.Inspect(o)
		if err != nil {
			out = append(out, failed(name, Wrong, err))
			continue
		}
		for _, t := range troubles {
			level := Warning
			if t.Grave {
				level = Wrong
			}
			out = append(out, Result{name, level, t.Says, t.Do})
		}
		if len(troubles) == 0 {
			out = append(out, fine(name, "%s asks Belwacht before a trunk dials.", "%s vraagt Belwacht voordat een trunk kiest.", x.Name))
		}
	}
	return out
}
