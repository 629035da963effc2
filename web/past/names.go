package past

import (
	"cmp"
	"slices"
)

// sortNames puts names in order, as far as bytes do.
func sortNames(list []named) {
	slices.SortFunc(list, func(a, b named) int { return cmp.Compare(a.Name, b.Name) })
}
