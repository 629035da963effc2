package setup

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/yaml/splice"
)

// secretMost bounds a secret, in bytes.
const secretMost = 2000

// secretEnd is what the name of each file of a secret ends in that was typed on a page: no file that somebody made by hand is called so.
const secretEnd = ".typed.secret"

// sealed are secrets that an edit brings, by the path of the file that each is to stand in. A file is never written over: the former one stays while a former
// configuration that names it can be put back.
type sealed map[string]string

// seal takes the secrets out of edits and puts the paths of their files in their place.
func (o *Owner) seal(edits []splice.Edit) ([]splice.Edit, sealed, error) {
	var out []splice.Edit
	files := sealed{}
	for _, e := range edits {
		s, ok := e.Value.(setup.Secret)
		if !ok {
			out = append(out, e)
			continue
		}
		if err := o.checkSecret(&s); err != nil {
			return nil, nil, err
		}
		path, err := o.secretPath(s.Name)
		if err != nil {
			return nil, nil, err
		}
		files[path] = s.Value
		out = append(out, splice.Edit{Path: e.Path, Value: path})
	}
	return out, files, nil
}

// checkSecret says what is wrong with a secret, without saying it.
func (o *Owner) checkSecret(s *setup.Secret) error {
	if s.Value == "" || len(s.Value) > secretMost || !utf8.ValidString(s.Value) || strings.ContainsAny(s.Value, "\r\n\x00") {
		return access.Errorf(belwacht.Invalid, "a secret is one line of at most %d characters", "een geheim is één regel van ten hoogste %d tekens", secretMost)
	}
	if !s.URL {
		return nil
	}
	look, err := o.File.Look()
	if err != nil {
		return err
	}
	if err := notify.CheckURL(s.Value, look.Config.Alerts.Allowed()); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the address of %s %w", s.Name, err)
	}
	return nil
}

// secretPath is a new file for a secret: beside the configuration, or in the folder of the data where nothing may be written there.
func (o *Owner) secretPath(name string) (string, error) {
	return filepath.Abs(filepath.Join(o.secretDir(), name+"-"+strings.ToLower(rand.Text()[:8])+secretEnd))
}

func (o *Owner) secretDir() string {
	if o.File.Folder != "" && o.File.Writable() != nil {
		return o.File.Folder
	}
	return filepath.Dir(o.File.Path)
}

// write writes the files of secrets, for nobody else's eyes. Where one cannot be written none stays.
func (s sealed) write() error {
	for path, value := range s {
		err := file.Write(path, []byte(value+"\n")) // made with 0600
		if err != nil {
			s.remove()
			return belwacht.Errorf(belwacht.Config, "%w", err)
		}
	}
	return nil
}

func (s sealed) remove() {
	for path := range s {
		_ = os.Remove(path)
	}
}

// sweep removes files of secrets that we made and that no configuration names any more: neither the one in use nor a former one that is kept, nor the environment.
func (o *Owner) sweep() error {
	look, err := o.File.Look()
	if err != nil {
		return err
	}
	list, err := o.File.History()
	if err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(o.secretDir(), "*-????????"+secretEnd))
	if err != nil {
		return err
	}
	named := func(name string) bool {
		return strings.Contains(string(look.Data), name) || slices.ContainsFunc(list, func(v edit.Version) bool { return strings.Contains(v.Data, name) }) ||
			slices.ContainsFunc(o.File.Environ, func(e string) bool { return strings.Contains(e, name) })
	}
	var errs []error
	for _, path := range found {
		if name := filepath.Base(path); ours(name) && !named(name) {
			errs = append(errs, os.Remove(path))
		}
	}
	return errors.Join(errs...)
}

// ours says whether a file has a name that secretPath gives.
func ours(name string) bool {
	rest, ok := strings.CutSuffix(name, secretEnd)
	i := strings.LastIndexByte(rest, '-')
	return ok && i > 0 && len(rest)-i == 9 && strings.Trim(rest[i+1:], "abcdefghijklmnopqrstuvwxyz234567") == ""
}
