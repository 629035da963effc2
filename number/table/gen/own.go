package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// override is a line of own/class.txt; override 0 is none.
type override struct {
	class   belwacht.Class
	network int
}

// own is what the files in own/ say.
type own struct {
	zone      map[string]table.Zone
	risk      map[string]belwacht.Risk
	emergency map[string][]string
	social    map[string][]string
	overrides []override
	prefixes  map[string]int // E.164 prefix → index in overrides
	alive     map[string]bool
	networks  []string // "" first
}

func readOwn(dir string) (*own, error) {
	o := &own{zone: map[string]table.Zone{}, risk: map[string]belwacht.Risk{}, emergency: map[string][]string{}, social: map[string][]string{},
		overrides: make([]override, 1), prefixes: map[string]int{}, alive: map[string]bool{}, networks: []string{""}}
	for name, take := range map[string]func([]string) error{"country.txt": o.country, "class.txt": o.class,
		"emergency.txt": o.list(o.emergency), "social.txt": o.list(o.social)} {
		if err := eachLine(filepath.Join(dir, name), take); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// eachLine hands over the fields of each line that is neither empty nor a comment.
func eachLine(path string, take func([]string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		fields := strings.Fields(s.Text())
		if len(fields) == 0 || fields[0][0] == '#' {
			continue
		}
		if err := take(fields); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return s.Err()
}

func (o *own) country(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("want country, zone and risk, have %d fields", len(f))
	}
	zone, ok := table.ParseZone(f[1])
	if !ok {
		return fmt.Errorf("%q is no zone", f[1])
	}
	for r := belwacht.RiskUsual; r <= belwacht.RiskHigh; r++ {
		if r.String() == f[2] {
			if _, twice := o.zone[f[0]]; twice {
				return fmt.Errorf("%s stands here twice", f[0])
			}
			o.zone[f[0]], o.risk[f[0]] = zone, r
			return nil
		}
	}
	return fmt.Errorf("%q is no risk", f[2])
}

func (o *own) class(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("want prefix, class and network, have %d fields", len(f))
	}
	class, ok := belwacht.ParseClass(f[1])
	if _, digits := belwacht.ParseE164(f[0]); !ok || !digits || f[0][0] == '+' {
		return fmt.Errorf("%q is no prefix or %q no class", f[0], f[1])
	}
	if _, twice := o.prefixes[f[0]]; twice {
		return fmt.Errorf("%s stands here twice", f[0])
	}
	v := override{class: class}
	if f[2] != "-" {
		name := strings.ReplaceAll(f[2], "_", " ")
		for i, n := range o.networks {
			if n == name {
				v.network = i
			}
		}
		if v.network == 0 {
			v.network = len(o.networks)
			o.networks = append(o.networks, name)
		}
	}
	// One entry a distinct value, so that equal states stay equal.
	index := 0
	for i := 1; i < len(o.overrides); i++ {
		if o.overrides[i] == v {
			index = i
		}
	}
	if index == 0 {
		index = len(o.overrides)
		o.overrides = append(o.overrides, v)
	}
	o.prefixes[f[0]] = index
	for i := range f[0] {
		o.alive[f[0][:i]] = true
	}
	return nil
}

func (o *own) list(into map[string][]string) func([]string) error {
	return func(f []string) error {
		for _, n := range f[1:] {
			if strings.Trim(n, "0123456789X-") != "" {
				return fmt.Errorf("%q is no number", n)
			}
		}
		into[f[0]] = append(into[f[0]], f[1:]...)
		return nil
	}
}

// at is the override in force for numbers beginning with the prefix, given the one in force before its last digit.
func (o *own) at(prefix string, before int) int {
	if v, ok := o.prefixes[prefix]; ok {
		return v
	}
	return before
}
