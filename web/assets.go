package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web/ui"
)

// assets serves what is built in, compressed once as it starts. A name with a query is kept by browsers for a year: its query changes with its bytes.
type assets struct {
	files map[string]*asset
}

type asset struct {
	kind, sum    string
	plain, small []byte
}

func newAssets() (*assets, error) {
	a := &assets{files: map[string]*asset{}}
	files := ui.Files()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		a.files[name] = &asset{mime.TypeByExtension(path.Ext(name)), hex.EncodeToString(sum[:6]), b, z.Bytes()}
		return nil
	})
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the console's assets: %w", err)
	}
	return a, nil
}

// href is the address of a file, with its sum.
func (a *assets) href(name string) string {
	f := a.files[name]
	if f == nil {
		return "/ui/" + name
	}
	return "/ui/" + name + "?" + f.sum
}

// ServeHTTP implements http.Handler.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := a.files[r.URL.Path]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("ETag", `"`+f.sum+`"`)
	h.Set("Vary", "Accept-Encoding")
	if r.URL.RawQuery == f.sum {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if r.Header.Get("If-None-Match") == `"`+f.sum+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	b := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		b = f.small
	}
	_, _ = w.Write(b) // the reader has gone where this fails
}
