package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
)

// Bounds of declared accounts.
const (
	maxRange    = 10_000  // accounts in one range
	maxAccounts = 200_000 // in all, of a tenant
)

// Declared are the accounts that the owner named, those of a group's ranges included.
func (t *Tenant) Declared() []belwacht.Account {
	out := make([]belwacht.Account, 0, len(t.Accounts))
	seen := make(map[string]int, len(t.Accounts))
	for _, a := range t.Accounts {
		seen[a.Name] = len(out)
		out = append(out, belwacht.Account{Name: a.Name, Kind: a.Kind, Group: a.Group, Numbers: a.Numbers, List: a.List})
	}
	for _, group := range slices.Sorted(mapKeys(t.Groups)) {
		g := t.Groups[group]
		for _, word := range g.Accounts {
			names, _ := expand(word)
			for _, name := range names {
				i, ok := seen[name]
				if !ok {
					if i = len(out); i >= maxAccounts {
						return out
					}
					seen[name] = i
					out = append(out, belwacht.Account{Name: name})
				}
				if out[i].Group == "" {
					out[i].Group = group
				}
				if g.Kind != nil && out[i].Kind == belwacht.KindPerson {
					out[i].Kind = *g.Kind
				}
			}
		}
	}
	return out
}

// mapKeys is maps.Keys for slices.Sorted, of a map that may be nil.
func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// expand is the accounts that a word names: itself, or all of a range of numbers of one length, such as 200-249.
func expand(word string) ([]string, bool) {
	a, b, isRange := strings.Cut(word, "-")
	first, err1 := strconv.ParseUint(a, 10, 32)
	last, err2 := strconv.ParseUint(b, 10, 32)
	if !isRange || err1 != nil || err2 != nil {
		return []string{word}, true // names may have a hyphen
	}
	if len(a) != len(b) || last < first || last-first >= maxRange {
		return nil, false
	}
	out := make([]string, 0, last-first+1)
	for n := first; n <= last; n++ {
		s := strconv.FormatUint(n, 10)
		out = append(out, strings.Repeat("0", len(a)-len(s))+s)
	}
	return out, true
}

// Extensions says which names are declared extensions; nil where none is declared, so that nobody is asked for each row.
func (t *Tenant) Extensions() func(string) bool {
	accounts := t.Declared()
	if len(accounts) == 0 {
		return nil
	}
	declared := make(map[string]bool, len(accounts))
	for i := range accounts {
		declared[accounts[i].Name] = accounts[i].Kind != belwacht.KindTrunk
	}
	return func(name string) bool { return declared[name] }
}
