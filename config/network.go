package config

import (
	"fmt"
	"net/netip"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
)

// networksMost bounds a list of own networks.
const networksMost = 256

// readNetworks opens the owner's tables of networks, and the built-in one behind them.
func (c *Config) readNetworks() (*network.Table, error) {
	var files []string
	for _, name := range c.Lists.Networks {
		files = append(files, c.path(name))
	}
	t, err := network.New(network.Config{Files: files})
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: lists.networks: %w", c.at("lists.networks"), err)
	}
	return t, nil
}

// Network says where addresses are, and which of them are the tenant's own.
func (t *Tenant) Network() *network.Table {
	var own []netip.Prefix
	for _, s := range t.Networks {
		if p, err := network.ParsePrefix(s); err == nil { // Check said what is wrong with the others
			own = append(own, p)
		}
	}
	return t.networks.With(own)
}

// networks checks the tenant's own networks.
func (k *checker) networks(s *Settings, prefix string) {
	if len(s.Networks) > networksMost {
		k.fail(prefix+"networks", "%d networks; there may be %d", len(s.Networks), networksMost)
	}
	for i, n := range s.Networks {
		if _, err := network.ParsePrefix(n); err != nil {
			k.fail(fmt.Sprintf("%snetworks[%d]", prefix, i), "%s", err)
		}
	}
}
