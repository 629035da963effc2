package follow

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// headSize is how much of a file's beginning it is known by.
const headSize = 1 << 10

// mark is what a file is known by, and how far it has been read.
type mark struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	Offset int64  `json:"offset"`    // bytes read
	Size   int64  `json:"head_size"` // of the beginning that Head is the SHA-256 of
	Head   string `json:"head"`
	Rows   int64  `json:"rows,omitempty"` // of a file that is read whole: rows handed on
	Done   bool   `json:"done,omitempty"` // nothing more is to be read
}

// same says whether a file is the one of a mark, by device and inode.
func (m *mark) same(info fs.FileInfo) bool {
	device, inode := place(info)
	return m.Device == device && m.Inode == inode
}

// place is a file's device and inode.
func place(info fs.FileInfo) (device, inode uint64) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Dev), s.Ino
	}
	return 0, 0
}

// sum is the SHA-256 of the first n bytes of r, "" where there are not so many.
func sum(r io.Reader, n int64) string {
	h := sha256.New()
	if got, err := io.CopyN(h, r, n); err != nil || got != n {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// begins says whether a file begins as that of a mark does, and is at least as long as what was read of it. It unpacks.
func (m *mark) begins(path string) bool {
	f, err := unpacked(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if m.Size > 0 && sum(f, m.Size) != m.Head {
		return false
	}
	if plain, ok := f.(*os.File); ok {
		info, err := plain.Stat()
		return err == nil && info.Size() >= m.Offset
	}
	n, err := io.CopyN(io.Discard, f, m.Offset-m.Size)
	return err == nil && n == m.Offset-m.Size
}

// packed is a file that is unpacked as it is read.
type packed struct {
	io.Reader
	close []func()
}

func (p *packed) Close() error {
	for _, c := range p.close {
		c()
	}
	return nil
}

// unpacked opens a file for reading; gzip and zstd, by the file's name, are undone.
func unpacked(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	closeFile := func() { f.Close() } // it was only read
	switch filepath.Ext(path) {
	case ".gz":
		z, err := gzip.NewReader(f)
		if err != nil {
			f.Close()
			return nil, err
		}
		return &packed{z, []func(){closeFile}}, nil
	case ".zst":
		z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			f.Close()
			return nil, err
		}
		return &packed{z, []func(){z.Close, closeFile}}, nil
	}
	return f, nil
}

// rotated is a file beside the one that grows, and what is known of it.
type rotated struct {
	path string
	info fs.FileInfo
}

// maxRotated bounds the rotated files that are looked at, the newest of them.
const maxRotated = 1000

// siblings are the files that were rotated away from path, the oldest first: path.1, path.2.gz, path-20261101 …
func siblings(path string) []rotated {
	dir, base := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var all []rotated
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), base)
		if !ok || rest == "" || rest[0] != '.' && rest[0] != '-' || strings.HasSuffix(rest, ".swp") || strings.HasSuffix(rest, ".tmp") {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			all = append(all, rotated{filepath.Join(dir, e.Name()), info})
		}
	}
	slices.SortFunc(all, func(a, b rotated) int {
		if c := a.info.ModTime().Compare(b.info.ModTime()); c != 0 {
			return c
		}
		return strings.Compare(b.path, a.path) // .2 is older than .1
	})
	return all[max(0, len(all)-maxRotated):]
}
