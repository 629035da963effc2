package web

import (
	"context"
	"io"
	"net/http"
	"time"
)

// downloadWithin is how long a file may take: a slow line must not hold a reader of the database for ever.
const downloadWithin = 10 * time.Minute

// Download adds a file that is written as it is made. name is what the browser saves it as; kind is its media type. An error before the first byte is a
// page; one after it breaks the connection off, so that nobody takes half a file for all of it.
func (s *Site) Download(path string, right Right, kind string, do func(*Ask) (name string, write func(context.Context, io.Writer) error, err error)) {
	s.mux.HandleFunc("GET "+exact(path), func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, right, func(a *Ask) error {
			name, write, err := do(a)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(r.Context(), downloadWithin)
			defer cancel()
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(downloadWithin)) // not every writer has one
			h := w.Header()
			h.Set("Content-Type", kind)
			h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
			h.Set("Cache-Control", "no-store")
			if err := write(ctx, w); err != nil {
				s.cfg.Log.Error("a file was not written to its end", "event", "web.failed", "path", r.URL.Path, "error", err)
				panic(http.ErrAbortHandler)
			}
			return nil
		})
	})
}
