package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/belwacht/belwacht/text"
)

// folder looks at where Belwacht keeps what it learns: call records are personal data.
type folder struct{}

// Look implements Check.
func (folder) Look(_ context.Context, p *Patient) []Result {
	const name = "data"
	path := p.live.Data
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []Result{{name, Warning, text.Say("%s is not there yet.",
			"%s is er nog niet.", path), text.Say("belwacht run makes it; or run install -d -m 0700 -o belwacht %s.",
			"belwacht run maakt die; of voer install -d -m 0700 -o belwacht %s uit.", path)}}
	case err != nil:
		return []Result{failed(name, Wrong, err)}
	case !info.IsDir():
		return []Result{{name, Wrong, text.Say("%s is no folder.", "%s is geen map.", path), text.Say("Move it away.", "Zet dat ergens anders.")}}
	case info.Mode().Perm()&0o077 != 0:
		return []Result{{name, Warning, text.Say("%s may be looked into by others (mode %04o).",
			"Anderen mogen in %s kijken (modus %04o).", path, info.Mode().Perm()),
			text.Say("Run chmod 0700 %s.", "Voer chmod 0700 %s uit.", path)}}
	}
	return []Result{fine(name, "%s is there and closed to others.", "%s is er en is voor anderen gesloten.", path)}
}
