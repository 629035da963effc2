package dossier

import (
	"context"
	"errors"
	"os"
	"os/user"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/sqlite"
)

// noted writes to the audit log what is about to be done on the machine itself; where that fails it is not done.
func noted(ctx context.Context, s *sqlite.Store, act belwacht.Act, tenant, subject, detail string) error {
	info, _ := access.InfoOf(act)
	e := &belwacht.Entry{Act: act, Who: who(), Via: ledger.ByCommand, Tenant: tenant, Subject: subject, Detail: detail, Weakens: info.Weakens}
	if err := ledger.New(ledger.Config{Store: s}).Record(ctx, e); err != nil {
		return belwacht.Errorf(belwacht.CodeOf(err), "not done, since the audit log cannot be written: %w", err)
	}
	return nil
}

// who is who runs the command, and for whom where that is known.
func who() string {
	name := "uid " + strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if by := os.Getenv("SUDO_USER"); by != "" && by != name {
		name += " for " + by
	}
	return name
}

// Backup writes a copy of the store in a folder to a new file, as sqlite.BackupBeside does, and says so in the audit log. Tables of an older Belwacht have a copy all
// the same, without an entry: it is made before they are brought up to date.
func Backup(ctx context.Context, folder, to string) error {
	s, err := sqlite.OpenBeside(ctx, sqlite.Config{Folder: folder})
	switch {
	case err == nil:
		if err := errors.Join(noted(ctx, s, access.BackupMade, "", "the store", to), s.Close(ctx)); err != nil {
			return err
		}
	case belwacht.CodeOf(err) != belwacht.Config:
		return err
	}
	return sqlite.BackupBeside(ctx, folder, to)
}
