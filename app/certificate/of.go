package certificate

import (
	"crypto/tls"
	"log/slog"
	"net/url"

	"github.com/belwacht/belwacht/config"
)

// Of is a Keeper as a configuration wants it; nil where it wants none. own is how the console is served without one.
func Of(c *config.Config, folder string, own *tls.Config, log *slog.Logger) (*Keeper, error) {
	a := c.Web.ACME
	if a == nil {
		return nil, nil
	}
	roots, err := c.Authorities(a)
	if err != nil {
		return nil, err
	}
	port := ""
	if u, err := url.Parse(c.Access.URL); err == nil {
		port = u.Port()
	}
	return New(Config{Names: a.Names, Mail: a.Mail, Directory: a.Directory, Roots: roots, HTTP: a.HTTP, Port: port, Folder: folder, Own: &own.Certificates[0], Log: log})
}
