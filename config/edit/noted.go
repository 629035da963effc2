package edit

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// Noted is what the changes of a configuration were that somebody made without asking: one deed for each organisation and kind of act, the first key that changed
// as its subject. What concerns all organisations, or one that has no name, has tenant ""; so has what makes an organisation or takes it away.
func Noted(list []belwacht.Change) []*access.Deed {
	type kind struct {
		tenant string
		act    belwacht.Act
	}
	by := make(map[kind]*Plan)
	var order []kind
	for i := range list {
		w := What{list[i].What, list[i].Before, list[i].After}
		k := kind{tenantOf(w.Key), w.act()}
		if by[k] == nil {
			by[k] = &Plan{}
			order = append(order, k)
		}
		by[k].What = append(by[k].What, w)
	}
	deeds := make([]*access.Deed, 0, len(order))
	for _, k := range order {
		deeds = append(deeds, by[k].Deed(k.tenant))
	}
	return deeds
}

// tenantOf is the organisation that a key belongs to, such as oak of tenants[oak].mode.
func tenantOf(key string) string {
	rest, ok := strings.CutPrefix(key, "tenants[")
	name, _, more := strings.Cut(rest, "]")
	if !ok || !more {
		return ""
	}
	return name
}
