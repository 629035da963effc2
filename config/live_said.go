package config

import (
	"fmt"
	"os"

	"github.com/belwacht/belwacht"
)

// SaidOfRecords is all of a configuration that the source of a PBX's call records is made of, and where it reads. The error is that of its secret or mapping.
func (c *Config) SaidOfRecords(p *PBX) (said, place string, err error) {
	t := c.Of(p)
	if t == nil {
		return "", "", belwacht.Errorf(belwacht.Config, "PBX %s belongs to no organisation", p.Name)
	}
	place = fmt.Sprintf("%q %q", c.Path(p.Records.File), c.Path(p.Records.Folder))
	for kind, d := range map[string]*Database{"mysql": p.Records.MySQL, "postgres": p.Records.Postgres} {
		if d == nil {
			continue
		}
		secret, err := c.Secret(d.SecretFile)
		if err != nil {
			return "", "", err
		}
		tls := TLS{}
		if d.TLS != nil {
			tls = *d.TLS
		}
		db := *d
		db.TLS = nil
		place, said = fmt.Sprintf("%s %q %q %q", kind, d.Address, d.Database, d.Table), fmt.Sprintf("%+v %q %+v", db, secret, tls)
	}
	var mapping []byte
	if c.Records.Mapping != "" {
		if mapping, err = os.ReadFile(c.Path(c.Records.Mapping)); err != nil {
			return "", "", belwacht.Errorf(belwacht.Config, "records.mapping: %s cannot be read: %w", c.Records.Mapping, belwacht.Reason(err))
		}
	}
	said = fmt.Sprintf("%s %s %+v %q %q %s %+v %q", place, said, c.Records, mapping, t.Name, t.Timezone, t.NumberConfig(), c.TrunksOf(p))
	for _, a := range t.Declared() {
		said += fmt.Sprintf(" %q %v", a.Name, a.Kind)
	}
	return said, place, nil
}

// SaidOfFeed is all of a configuration that the feed of a PBX is made of, so that one that stays as it is can be told. The error is that of its secret.
func (c *Config) SaidOfFeed(p *PBX) (string, error) {
	secret, err := c.Secret(p.AMI.SecretFile)
	if err != nil {
		return "", err
	}
	for _, t := range c.All() {
		if t.Name == c.TenantOf(p) {
			return fmt.Sprintf("%+v %q %q %q %+v", *p.AMI, secret, t.Name, c.TrunksOf(p), t.NumberConfig()), nil
		}
	}
	return "", belwacht.Errorf(belwacht.Config, "PBX %s belongs to no organisation", p.Name)
}
