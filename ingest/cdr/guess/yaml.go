package guess

import (
	"bytes"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// YAML is a guessed mapping as a file that its owner can correct and give back by --mapping.
func YAML(m *cdr.Mapping) ([]byte, error) {
	kept := *m
	kept.Title = "" // what was taken for what stands in it anyway
	b, err := yaml.Marshal(&kept)
	if err == nil {
		_, err = cdr.ReadMapping(b, "the guessed mapping")
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the mapping cannot be written: %w", err)
	}
	head := strings.Join([]string{
		"# Guessed from the names of the columns and what stands in them. Compare a call or two, correct what is wrong, and use it:",
		"#   belwacht records --mapping THIS-FILE RECORDS        or in the configuration: records: {mapping: THIS-FILE}",
		"# Columns may also be: id, link, start, date, time, answer, end, duration (from the start on), talk (from the answer on), talk_minutes,",
		"# from (the extension that calls), to (the extension that is reached), caller, called, direction, disposition, in_trunk, out_trunk, name.",
		"# Where numbers outside have their country code without a plus, as in 32470000001, write numbers: international",
		""}, "\n")
	return bytes.Join([][]byte{[]byte(head), b}, nil), nil
}
