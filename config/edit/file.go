package edit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
	"github.com/belwacht/belwacht/yaml/splice"
	"github.com/rogpeppe/go-internal/diff"
)

// File is the owner's file. Its methods may be called from many goroutines.
type File struct {
	Path    string
	Environ []string                                 // as os.Environ gives it: what is laid over the file
	Folder  string                                   // of the data, where former files are kept; "" = none are, and nothing can be undone
	Reload  func(c *config.Config, who string) error // puts a configuration to use; nil = there is nothing that runs
	Now     func() time.Time                         // nil = the clock
	fail    func(operation string) error             // of tests: a disk that fails
	mu      sync.Mutex
}

// Look is the file as it was looked at.
type Look struct {
	Data    []byte
	Sum     string // of Data; "" where there is no file
	Config  *config.Config
	Missing bool
}

// sumOf tells two files apart.
func sumOf(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:12])
}

// Look reads the file. A file that is not there is empty. The error says with file and line what is wrong with one that cannot be used.
func (f *File) Look() (*Look, error) {
	data, err := yaml.Bytes(f.Path)
	if err != nil && belwacht.CodeOf(err) == belwacht.NotFound {
		c, err := config.Begin(nil, f.Path, f.Environ)
		return &Look{Config: c, Missing: true}, err
	}
	if err != nil {
		return nil, err
	}
	c, err := config.Begin(data, f.Path, f.Environ)
	return &Look{Data: data, Sum: sumOf(data), Config: c}, err
}

// Changed is the error that the file is another one than it was.
type Changed struct {
	Path  string
	Lines []string // what somebody changed, as a diff; none where it is not known
}

func (c *Changed) Error() string {
	return c.Path + " was changed meanwhile, by hand or by another page; look at what it says now and do it again"
}

// Says is the error in a language.
func (c *Changed) Says(l text.Language) string {
	return l.Pick(c.Error(), c.Path+" is intussen gewijzigd, met de hand of op een andere pagina; kijk wat er nu staat en doe het opnieuw")
}

// Unwrap gives it its code.
func (c *Changed) Unwrap() error { return belwacht.Errorf(belwacht.Invalid, "the file was changed") }

// Other is the error that the file is another one than somebody thinks.
func (f *File) Other() error { return &Changed{Path: f.Path} }

// Plan is a change that was checked and can be written.
type Plan struct {
	Before, After *Look
	What          []What // what changes in what holds, by key
	Undoes        string // ID of the version that it goes back to; "" = it is a new change
}

// Plan makes edits and checks what comes of them. sum is that of the file which the edits were thought out for; "" = whatever is there. The error says with file
// and line what is wrong; it is a *Changed where the file is another one.
func (f *File) Plan(sum string, edits ...splice.Edit) (*Plan, error) {
	before, err := f.Look()
	if err != nil {
		return nil, err
	}
	if sum != "" && sum != before.Sum {
		return nil, &Changed{Path: f.Path, Lines: f.since(sum, before)}
	}
	for _, e := range edits {
		if name := f.environment(e.Path); name != "" {
			return nil, belwacht.Errorf(belwacht.Config, "%s is set by %s in the environment of the service, which wins over the file; change it there", splice.Name(e.Path), name)
		}
	}
	data, err := splice.Apply(before.Data, f.Path, edits...)
	if err != nil {
		return nil, err
	}
	return f.planned(before, data)
}

// planned checks a new file.
func (f *File) planned(before *Look, data []byte) (*Plan, error) {
	c, err := config.Begin(data, f.Path, f.Environ)
	if err != nil {
		return nil, err
	}
	p := &Plan{Before: before, After: &Look{Data: data, Sum: sumOf(data), Config: c}}
	p.What, err = between(before.Config, c)
	return p, err
}

// environment is the variable that sets what is at a path, or something above or below it; "" = none.
func (f *File) environment(path []string) string {
	key := "BELWACHT_" + strings.ToUpper(strings.Join(path, "__"))
	for _, v := range f.Environ {
		name, _, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "BELWACHT_") && (name == key || strings.HasPrefix(key, name+"__") || strings.HasPrefix(name, key+"__")) {
			return name
		}
	}
	return ""
}

// since is what was changed in the file since a version that is kept.
func (f *File) since(sum string, now *Look) []string {
	list, err := f.versions()
	if err != nil {
		return nil
	}
	for _, v := range list {
		switch sum {
		case v.Before:
			return shown([]byte(v.Data), now.Data)
		case v.After:
			if after, err := f.after(list, v); err == nil {
				return shown(after, now.Data)
			}
		}
	}
	return nil
}

// Same says that nothing would change.
func (p *Plan) Same() bool { return bytes.Equal(p.Before.Data, p.After.Data) }

// Diff are the lines that go and come, with what they stand below, fit to be shown: what may be a secret is hidden.
func (p *Plan) Diff() []string { return shown(p.Before.Data, p.After.Data) }

// hide finds what may be a secret: the value of a key that sounds so, and all fields of a text message.
var hide = regexp.MustCompile(`(?i)([\w.-]*(?:secret|pass(?:wd|word)?|auth|token|url|key)[\w.-]*\s*:\s*)[^,}\s][^,}]*|\bfields\s*:\s*\{.*`)

// hidden is a line without secrets. A key that names a file holds none.
func hidden(line string) string {
	return hide.ReplaceAllStringFunc(line, func(m string) string {
		key, value, _ := strings.Cut(m, ":")
		switch {
		case strings.HasSuffix(strings.TrimSpace(key), "_file"):
			return m
		case strings.HasPrefix(key, "fields"):
			return "fields: {••••"
		}
		return key + ":" + value[:len(value)-len(strings.TrimLeft(value, " "))] + "••••"
	})
}

// block is where in lines of a difference the fields of a text message stand, each on its own line: what they hold may be a secret.
type block struct {
	inside bool
	indent int
}

// hidden is a line without what such a field holds.
func (b *block) hidden(line string) string {
	if line == "" || strings.HasPrefix(line, "@@") {
		b.inside = false
		return line
	}
	rest := strings.TrimLeft(line[1:], " ")
	indent := len(line) - 1 - len(rest)
	key, value, ok := strings.Cut(rest, ":")
	switch {
	case b.inside && indent > b.indent && ok && strings.TrimSpace(value) != "":
		return line[:1+indent] + key + ": ••••"
	case rest == "" || strings.HasPrefix(rest, "#"):
	default:
		b.inside, b.indent = key == "fields" && strings.TrimSpace(value) == "", indent
	}
	return line
}

func shown(before, after []byte) (out []string) {
	lines := strings.Split(strings.TrimSuffix(string(diff.Diff("a", before, "b", after)), "\n"), "\n")
	var fields block
	for i, l := range lines {
		if i < 3 && !strings.HasPrefix(l, "@@") || strings.HasPrefix(l, `\ No newline`) {
			continue
		}
		l = text.Clean(strings.TrimRight(l, "\r"), 400)
		l = fields.hidden(hidden(l))
		if len(out) < 300 {
			out = append(out, l)
		}
	}
	return out
}

// Write puts a plan's file in place and to use; who did it is kept with it. The error is a *Changed where the file is another one meanwhile, an *Unwritable where it
// may not be written; whatever it is, the old file is there and in use.
func (f *File) Write(p *Plan, who string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, err := f.Look()
	if err != nil && !p.Before.Missing {
		return err
	}
	if now.Sum != p.Before.Sum {
		return &Changed{Path: f.Path, Lines: shown(p.Before.Data, now.Data)}
	}
	if p.Same() {
		return nil
	}
	v, err := f.keep(p, who)
	if err != nil {
		return err
	}
	if err := f.replace(p.After.Data); err != nil {
		f.drop(v)
		return err
	}
	if f.Reload == nil {
		return nil
	}
	if err := f.Reload(p.After.Config, who); err != nil {
		f.drop(v)
		back := f.replace(p.Before.Data)
		if p.Before.Missing && back == nil {
			back = os.Remove(f.Path)
		}
		return errors.Join(belwacht.Errorf(belwacht.CodeOf(err), "the new configuration was not taken, and the old one is there and in use: %w", err), back)
	}
	return nil
}

// Alone does something while no change is written or put to use, such as reading the file anew after it was changed by hand: what comes second sees what came first.
func (f *File) Alone(do func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return do()
}

// Again puts to use what the file says now.
func (f *File) Again(who string) error {
	return f.Alone(func() error {
		look, err := f.Look()
		if err != nil || f.Reload == nil {
			return err
		}
		return f.Reload(look.Config, who)
	})
}

// Unwritable is the error that the file may not be written by this process.
type Unwritable struct {
	Path string
	Why  error
}

func (u *Unwritable) Error() string {
	return u.Path + " may not be written by Belwacht (" + u.Why.Error() + "); put the lines into it by hand and reload Belwacht, or let it write there: " + u.Do()
}

// Do is the command that lets Belwacht write, as an administrator of the machine types it.
func (u *Unwritable) Do() string {
	dir := filepath.Dir(u.Path)
	return "chgrp belwacht " + dir + " && chmod 0770 " + dir + ", and under systemd ReadWritePaths=" + dir + " (systemctl edit belwacht)"
}

// Says is the error in a language.
func (u *Unwritable) Says(l text.Language) string {
	return l.Pick(u.Error(), u.Path+" kan niet door Belwacht geschreven worden ("+u.Why.Error()+"); zet de regels er met de hand in en herlaad Belwacht, of laat het daar schrijven: "+u.Do())
}

// Unwrap gives it its code.
func (u *Unwritable) Unwrap() error { return belwacht.Errorf(belwacht.Config, "%w", u.Why) }

// Writable says whether the file can be written, without writing it; nil = it can.
func (f *File) Writable() error {
	path, _, err := f.real()
	if err != nil {
		return &Unwritable{f.Path, belwacht.Reason(err)}
	}
	t, err := os.CreateTemp(filepath.Dir(path), beside)
	if err != nil {
		return &Unwritable{f.Path, belwacht.Reason(err)}
	}
	_ = t.Close()
	return os.Remove(t.Name())
}

// beside is what the new file is called until it takes the old one's name.
const beside = ".belwacht-config-*"

// real is the file itself behind links, and what is known of it; nil where it is not there.
func (f *File) real() (string, fs.FileInfo, error) {
	path, err := filepath.EvalSymlinks(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(f.Path); err == nil {
			return "", nil, errors.New("it is a link to nothing")
		}
		return f.Path, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	info, err := os.Stat(path)
	return path, info, err
}

// replace writes the file: whole or not at all, on the disk when it returns, with the mode and owner that it had.
func (f *File) replace(data []byte) (err error) {
	path, info, err := f.real()
	if err != nil {
		return &Unwritable{f.Path, belwacht.Reason(err)}
	}
	dir := filepath.Dir(path)
	t, err := os.CreateTemp(dir, beside)
	if err != nil {
		return &Unwritable{f.Path, belwacht.Reason(err)}
	}
	defer func() {
		if err != nil {
			_ = t.Close()
			_ = os.Remove(t.Name())
		}
	}()
	step := func(name string, do func() error) {
		if err == nil && f.fail != nil {
			err = f.fail(name)
		}
		if err == nil {
			err = do()
		}
	}
	step("write", func() error { _, err := t.Write(data); return err })
	step("mode", func() error { return t.Chmod(modeOf(info)) })
	step("owner", func() error { return own(t, info) })
	step("sync", t.Sync)
	step("close", t.Close)
	step("rename", func() error { return os.Rename(t.Name(), path) })
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "%s: was not written, and is as it was: %w", f.Path, belwacht.Reason(err))
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil //nolint:nilerr // it is written; only a power cut within seconds could take it back
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}

func modeOf(info fs.FileInfo) fs.FileMode {
	if info == nil {
		return 0o640
	}
	return info.Mode().Perm()
}

// own gives the new file the old one's owner and group. Who may not give it away keeps the group at least, so that who could read it still can.
func own(t *os.File, info fs.FileInfo) error {
	if info == nil {
		return nil
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	if err := t.Chown(int(s.Uid), int(s.Gid)); err == nil {
		return nil
	}
	now, err := t.Stat()
	if err != nil {
		return err
	}
	if is, ok := now.Sys().(*syscall.Stat_t); ok && is.Gid == s.Gid {
		return nil
	}
	return t.Chown(-1, int(s.Gid))
}

// clock is the time.
func (f *File) clock() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

// newest first.
func (f *File) sorted(list []Version) []Version {
	slices.SortFunc(list, func(a, b Version) int { return strings.Compare(b.ID, a.ID) })
	return list
}
