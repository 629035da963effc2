package store

import "os"

// SyncFolder has a folder's names on disk, so that a rename lasts over a power cut.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
