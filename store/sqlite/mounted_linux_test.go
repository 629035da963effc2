package sqlite

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestDiskFullMounted fills a small file system.
func TestDiskFullMounted(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16m,mode=700"); err != nil {
		t.Skipf("a file system of its own cannot be mounted (%v): only the bounded file is tried", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := opened(t, Config{Folder: filepath.Join(folder, "data")})
	defer closed(t, s)
	full(t, s, func() {
		if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT, "size=256m,mode=700"); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
}
