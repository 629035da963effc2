package rule

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
)

// MaxFile is the greatest size of a rule file, in bytes.
const MaxFile = 16 << 10

// Parse reads one rule file and checks it. Errors name file and line, what is wrong and what was meant.
func Parse(data []byte, file string) (*Rule, error) {
	if len(data) > MaxFile {
		return nil, belwacht.Errorf(belwacht.Config, "%s: %d bytes; a rule file has at most %d", file, len(data), MaxFile)
	}
	var r Rule
	if err := yaml.Read(data, file, &r); err != nil {
		return nil, err
	}
	if err := r.compile(measures()); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: %w", file, err)
	}
	return &r, nil
}
