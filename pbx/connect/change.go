package connect

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/belwacht/belwacht"
)

// change is one file as it is and as it shall be.
type change struct {
	path   string // as a person finds it
	real   string // where it really lies, links followed
	exists bool
	before []byte
	now    owner // of the file as it is
	after  []byte
	want   owner
	remove bool
	secret bool // its contents are shown to nobody
}

// owner is who may do what with a file. uid and gid -1 leave it as the process makes it.
type owner struct {
	mode     fs.FileMode
	uid, gid int
}

// String is mode, user and group, such as 0640 0:998; -1 for whoever runs this.
func (o owner) String() string { return fmt.Sprintf("%04o %d:%d", o.mode, o.uid, o.gid) }

// needed says whether anything is to be done.
func (c *change) needed() bool {
	if c.remove || !c.exists {
		return c.remove && c.exists || !c.remove
	}
	other := c.now.mode != c.want.mode || c.want.uid >= 0 && c.now.uid != c.want.uid || c.want.gid >= 0 && c.now.gid != c.want.gid
	return other || !bytes.Equal(c.before, c.after)
}

// ownerOf reads who owns a file.
func ownerOf(info fs.FileInfo) owner {
	o := owner{mode: info.Mode().Perm(), uid: -1, gid: -1}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		o.uid, o.gid = int(s.Uid), int(s.Gid)
	}
	return o
}

// look reads a file that may be changed. inside is the folder that a link must not lead out of: whoever may write there could otherwise have root write
// anywhere. A file that is not there is no error.
func look(path, inside string, most int64) (*change, error) {
	c := &change{path: path, real: path}
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be looked at: %w; run this as root", path, belwacht.Reason(err))
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		if c.real, err = filepath.EvalSymlinks(path); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "%s: is a link that leads nowhere; take it away or put a file there", path)
		}
		folder, err := filepath.EvalSymlinks(inside)
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be looked at: %w", inside, belwacht.Reason(err))
		}
		if rel, err := filepath.Rel(folder, c.real); err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
			return nil, belwacht.Errorf(belwacht.Config, "%s: is a link to %s, outside %s; put a file there instead", path, c.real, inside)
		}
	}
	if c.before, err = readFile(c.real, most); err != nil {
		return nil, err
	}
	if info, err = os.Stat(c.real); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be looked at: %w", path, belwacht.Reason(err))
	}
	c.exists, c.now, c.after = true, ownerOf(info), c.before
	c.want = c.now
	return c, nil
}

// owned is look for a file of the owner's configuration, which must be text.
func (o *Options) owned(name string) (*change, error) {
	c, err := look(filepath.Join(o.Etc, name), o.Etc, maxOwners)
	if err == nil && bytes.IndexByte(c.before, 0) >= 0 {
		return nil, belwacht.Errorf(belwacht.Config, "%s: is no text; is it the right file?", c.path)
	}
	return c, err
}

// like makes a file that is not there belong to whom another one does.
func (c *change) like(etc string, names ...string) {
	if c.exists {
		return
	}
	c.want = owner{0o640, -1, -1}
	for _, n := range names {
		if info, err := os.Stat(filepath.Join(etc, n)); err == nil {
			c.want = ownerOf(info)
			c.want.mode &= 0o664
			return
		}
	}
}

// owner is the user and group that the PBX runs as: its configuration's, or the group of its name; -1 where they are root's or not known.
func (o *Options) owner() (uid, gid int) {
	uid, gid = -1, -1
	name, files := "asterisk", []string{"manager.conf", "extensions.conf", o.manager(), o.dialplan(), "."}
	if o.Kind == FreeSWITCH {
		name, files = "freeswitch", []string{"freeswitch.xml", "vars.xml", "."}
	}
	for _, n := range files {
		info, err := os.Stat(filepath.Join(o.Etc, n))
		if err != nil {
			continue
		}
		who := ownerOf(info)
		if who.uid > 0 {
			uid = who.uid
		}
		if who.gid > 0 {
			return uid, who.gid
		}
	}
	if g, err := user.LookupGroup(name); err == nil && !o.Asked {
		if n, err := strconv.Atoi(g.Gid); err == nil {
			gid = n
		}
	}
	return uid, gid
}

// guard is the user and group that Belwacht runs as, -1 where there is none or this process may not give files away.
func (o *Options) guard() (uid, gid int) {
	if o.Asked || os.Geteuid() != 0 {
		return -1, -1
	}
	u, err := user.Lookup("belwacht")
	if err != nil {
		return -1, -1
	}
	uid, errUID := strconv.Atoi(u.Uid)
	gid, errGID := strconv.Atoi(u.Gid)
	if errUID != nil || errGID != nil {
		return -1, -1
	}
	return uid, gid
}
