package config

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/text"
)

// Bounds of a list of numbers.
const (
	maxListed     = 1_000_000
	maxListedLine = 200
)

// path is a file name of the configuration, taken from the configuration's folder.
// Path is a file name as the configuration means it: relative ones are from its own folder.
func (c *Config) Path(name string) string { return c.path(name) }

func (c *Config) path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.dir, name)
}

// RatesFile is the rate deck's file, "" for none.
func (c *Config) RatesFile() string { return c.path(c.Rates.File) }

// MappingFile is the file of the owner's mapping of record columns, "" for none.
func (c *Config) MappingFile() string { return c.path(c.Records.Mapping) }

// shown is a file's name as a message shows it.
func shown(name string) string { return text.Clean(name, 300) }

// readList reads lists.numbers: one number or range a line, in international form with its plus; what follows # or a comma is a comment.
func (c *Config) readList() ([]belwacht.E164, error) {
	if c.Lists.Numbers == "" {
		return nil, nil
	}
	name := c.path(c.Lists.Numbers)
	f, err := os.Open(name)
	name = shown(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: lists.numbers: %s cannot be read; is the name right, seen from the configuration's folder?", c.at("lists.numbers"), name)
	}
	defer f.Close()
	var out []belwacht.E164
	s := bufio.NewScanner(f)
	s.Buffer(make([]byte, 4096), maxListedLine+1)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimPrefix(s.Text(), "\ufeff")
		if i := strings.IndexAny(line, "#,;"); i >= 0 {
			line = line[:i]
		}
		if line = strings.NewReplacer(" ", "", "\t", "", "-", "", `"`, "", "\r", "").Replace(line); line == "" {
			continue
		}
		e, ok := belwacht.ParseE164(line)
		if !ok || line[0] != '+' || e.Len() < 3 {
			return nil, belwacht.Errorf(belwacht.Config, "%s:%d: %.40q is no number or range in international form, such as +88213 or +37112345678", name, n, line)
		}
		if out = append(out, e); len(out) > maxListed {
			return nil, belwacht.Errorf(belwacht.Config, "%s: holds more than %d numbers; write ranges, without their last digits", name, maxListed)
		}
	}
	if err := s.Err(); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: is no list of numbers: a line is over %d characters long or cannot be read", name, maxListedLine)
	}
	return out, nil
}

// OwnMapping is the owner's own mapping of record columns, nil where there is none.
func (c *Config) OwnMapping() (*cdr.Mapping, error) {
	file := c.MappingFile()
	if file == "" {
		return nil, nil
	}
	return cdr.ReadMappingFile(file)
}
