package yaml

import (
	"github.com/belwacht/belwacht"
	goccy "github.com/goccy/go-yaml"
)

// Write is v in YAML, with the same tags and units that Read takes: what Read makes of it is v again.
func Write(v any) ([]byte, error) {
	b, err := goccy.MarshalWithOptions(v, goccy.Indent(2), goccy.IndentSequence(true))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "cannot be written as YAML: %w", err)
	}
	return b, nil
}
