package store

import (
	"io"
	"os"
	"syscall"

	"github.com/belwacht/belwacht"
)

// CopyFile copies a regular file (0600, of the folder's owner) and syncs it.
func CopyFile(from, to, folder string) error {
	in, err := os.Open(from)
	if err != nil {
		return belwacht.Errorf(belwacht.NotFound, "%s cannot be read: %w", from, belwacht.Reason(err))
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return belwacht.Errorf(belwacht.Invalid, "%s is no file", from)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the copy cannot be put beside the store: %w", belwacht.Reason(err))
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "the copy cannot be put beside the store: %w; is the disk full?", belwacht.Reason(err))
	}
	if info, err := os.Stat(folder); err == nil {
		if owner, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 { // root restores for the user that Belwacht runs as
			if err := out.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
				return belwacht.Errorf(belwacht.Invalid, "the copy cannot be given to the folder's owner: %w", belwacht.Reason(err))
			}
		}
	}
	if err := out.Sync(); err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "the copy cannot be put beside the store: %w", belwacht.Reason(err))
	}
	return nil
}
