package people

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/store/sqlite"
)

// Offline verifies the audit log of a data folder that no Belwacht runs with, such as a backup on another machine. The folder's own program is not asked, so it
// need not be believed. It holds the database and the key of heads; nothing is made there that is missing.
func Offline(ctx context.Context, folder string, heads []string) (_ *ledger.Report, err error) {
	for _, name := range []string{ledger.KeyFile, sqlite.File} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return nil, belwacht.Errorf(belwacht.NotFound, "%s holds no audit log: there is no %s", folder, name)
		}
	}
	unlock, err := file.Folder(folder)
	if err != nil {
		return nil, err
	}
	defer unlock()
	keys, err := ledger.LoadKeys(folder, "")
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, sqlite.Config{Folder: folder})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	return ledger.Verify(ctx, s, keys.Verifier, heads)
}
