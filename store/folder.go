package store

import (
	"os"

	"github.com/belwacht/belwacht"
)

// SyncFolder has a folder's names on disk, so that a rename lasts over a power cut. The error has the code Unreachable.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err == nil {
		defer d.Close()
		err = d.Sync()
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "the folder cannot be written: %w", belwacht.Reason(err))
	}
	return nil
}
