package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"github.com/belwacht/belwacht"
)

// Uploaded is a file that was sent with a form.
type Uploaded struct {
	Name string    // as the browser calls it; hostile until escaped. "" = none was sent
	File io.Reader // nil = none was sent. It is read while it comes, and ends with an error where it is too long
}

// fieldMost bounds the fields that come before the file of an upload, in bytes.
const fieldMost = 64 << 10

// uploadWithin is how long a file may take to come.
const uploadWithin = 20 * time.Minute

// Upload adds a change whose form may have one file, as its last field, of at most so many bytes. What came before it is in PostForm; the file is read while
// it comes, so that it need not fit in memory.
func (s *Site) Upload(path string, right Right, most int64, set *Set, do func(*Ask, *Uploaded) (*Page, *Done, error)) {
	s.long[path] = most + fieldMost
	s.mux.HandleFunc("POST "+exact(path), func(w http.ResponseWriter, r *http.Request) {
		// The server's bounds are those of forms; what is long takes longer. Where they cannot be moved they hold.
		late := http.NewResponseController(w)
		_ = late.SetReadDeadline(time.Now().Add(uploadWithin))
		_ = late.SetWriteDeadline(time.Now().Add(uploadWithin + time.Minute))
		s.answer(w, r, right, func(a *Ask) error {
			a.set = set
			u, err := a.parts()
			if err != nil {
				return err
			}
			p, d, err := do(a, u)
			if err != nil {
				return err
			}
			if p != nil {
				return s.show(a, set, p)
			}
			return a.onward(d)
		})
	})
}

// parts reads a form up to its file.
func (a *Ask) parts() (*Uploaded, error) {
	reader, err := a.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		if err := a.ParseForm(); err != nil {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("What was sent is too long or no form."))
		}
		return &Uploaded{}, nil
	}
	bad := func() error {
		return belwacht.Errorf(belwacht.Invalid, "%s", a.T("What was sent is too long or no form."))
	}
	if err != nil {
		return nil, bad()
	}
	a.PostForm = url.Values{}
	left := int64(fieldMost)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return &Uploaded{}, nil
		}
		if err != nil {
			return nil, bad()
		}
		if part.FileName() != "" {
			return &Uploaded{Name: part.FileName(), File: part}, nil
		}
		if isFile(part) {
			continue // a field for a file that none was chosen for
		}
		b, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(b)); err != nil || left < 0 || len(a.PostForm) > 100 {
			return nil, bad()
		}
		a.PostForm.Add(part.FormName(), string(b))
	}
}

func isFile(p *multipart.Part) bool { return p.Header.Get("Content-Type") != "" }

// onward goes where a change leads.
func (a *Ask) onward(d *Done) error {
	if d.Said != "" {
		flash(a.w, d)
	}
	to := d.To
	if to == "" {
		to = back(a.Request)
	}
	http.Redirect(a.w, a.Request, to, http.StatusSeeOther)
	return nil
}
