package rule

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
)

// MaxFile is the greatest size of a rule file, in bytes.
const MaxFile = 16 << 10

// Parse reads one rule file and checks it. An error, of code Config, names file and line, what is wrong and what was most likely meant;
// where the file itself cannot be read there may be several, one a line.
func Parse(data []byte, file string) (*Rule, error) {
	if len(data) > MaxFile {
		return nil, belwacht.Errorf(belwacht.Config, "%s: is %d bytes long; a rule file has at most %d: is it the right file?", file, len(data), MaxFile)
	}
	var r Rule
	lines, err := yaml.ReadLines(data, file, &r)
	if err != nil {
		return nil, err
	}
	if err := required(lines, file, len(r.Steps), len(r.Together)); err != nil {
		return nil, err
	}
	if err := r.compile(measures()); err != nil {
		var m *misfit
		if !errors.As(err, &m) {
			return nil, belwacht.Errorf(belwacht.Config, "%s: %w", file, err)
		}
		return nil, belwacht.Errorf(belwacht.Config, "%s: %s", place(lines, file, m.key), m.message)
	}
	return &r, nil
}

// required looks for the keys whose absence a value would not show.
func required(lines yaml.Lines, file string, steps, pairs int) error {
	for _, key := range [...]string{"rule", "family", "kind", "of", "steps", "en", "nl"} {
		if lines[key] == 0 {
			return belwacht.Errorf(belwacht.Config, "%s:1: the key %s is missing; a rule has rule, family, kind, of, steps, en and nl, and may have why, on, mode, origin and together", file, key)
		}
	}
	for i := range steps {
		step := "steps[" + strconv.Itoa(i) + "]"
		for _, key := range [...]string{".at", ".bits"} {
			if lines[step+key] == 0 {
				return belwacht.Errorf(belwacht.Config, "%s: step %d lacks %s; a step is such as {at: 2, bits: 1.5}", place(lines, file, step), i+1, key[1:])
			}
		}
	}
	for i := range pairs {
		pair := "together[" + strconv.Itoa(i) + "]"
		for _, key := range [...]string{".at", ".with", ".from", ".bits"} {
			if lines[pair+key] == 0 {
				return belwacht.Errorf(belwacht.Config, "%s: pair %d lacks %s; a pair is such as {at: 1, with: odd-hour, from: 2, bits: 0.5}",
					place(lines, file, pair), i+1, key[1:])
			}
		}
	}
	return nil
}

// place is file and line of a key, of the key above it where it has no line of its own.
func place(lines yaml.Lines, file, key string) string {
	for ; key != ""; key = key[:len(key)-1] {
		if n := lines[key]; n > 0 {
			return fmt.Sprintf("%s:%d", file, n)
		}
	}
	return file + ":1"
}
