package control

import (
	"context"
	"log/slog"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// Unlogged is how things are changed while there is no audit log, since the store could not be opened: what protects is done, and stands in the program's log.
func Unlogged(log *slog.Logger) Deeds { return unlogged{log} }

type unlogged struct{ log *slog.Logger }

// By implements Deeds.
func (u unlogged) By(_ context.Context, who string, deed *access.Deed, do func() error) error {
	if info, known := access.InfoOf(deed.Act); !known || !info.Anyhow {
		return belwacht.Errorf(belwacht.Unreachable, "not done, since the audit log cannot be written: the store could not be opened; belwacht status says why")
	}
	u.log.Error("done without the audit log, since the store could not be opened", "event", "audit.without", "act", string(deed.Act), "by", who, "organisation", deed.Tenant, "about", deed.Subject)
	return do()
}
