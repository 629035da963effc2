package follow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/feed"
	"github.com/belwacht/belwacht/ingest"
)

// settle is how long a file must not have grown before it is read.
const settle = 5 * time.Second

// maxListed bounds the files that are looked at, maxTaken those that are remembered: of files that are gone the oldest are forgotten first.
const (
	maxListed = 20_000
	maxTaken  = 2 * maxListed
)

// Folder reads files that are put into a folder. Run is for one goroutine; Feed may be called by any.
type Folder struct {
	path    string
	options Options
	feed    *feed.Keeper
	sink    sink
	taken   []taken
	waiting map[string]waiting // by name
	places  map[[2]uint64]int  // device and inode: where in taken
}

// taken is a file that was read, or is being read.
type taken struct {
	mark
	Bytes    int64            `json:"bytes"` // its size
	Modified belwacht.Instant `json:"modified"`
	Content  string           `json:"content"` // SHA-256 of all of it
}

// waiting is a file that may still be growing.
type waiting struct {
	size     int64
	modified time.Time
	since    time.Time
}

// NewFolder prepares to follow a folder; it need not exist yet. The error has the code Config or Internal.
func NewFolder(path string, o Options) (*Folder, error) {
	if err := o.check(path); err != nil {
		return nil, err
	}
	f := &Folder{path: path, options: o, feed: feed.New(path, o.Changed)}
	f.sink = sink{options: &f.options, feed: f.feed}
	return f, nil
}

// FolderPosition is which files of a folder have been read: a value that can be kept as JSON and handed to Folder.Run later. The zero
// FolderPosition is none.
type FolderPosition struct{ taken []taken }

// folderPositionSchema names the form of a FolderPosition.
const folderPositionSchema = "belwacht.position.folder/1"

// folderPositionForm is a FolderPosition as it is written.
type folderPositionForm struct {
	Schema string  `json:"schema"`
	Taken  []taken `json:"taken"`
}

// MarshalJSON writes a position.
func (p FolderPosition) MarshalJSON() ([]byte, error) {
	return json.Marshal(&folderPositionForm{folderPositionSchema, p.taken})
}

// UnmarshalJSON reads a position. What is none is an error of the code Invalid, and the position is then the beginning.
func (p *FolderPosition) UnmarshalJSON(data []byte) error {
	*p = FolderPosition{}
	var f folderPositionForm
	if err := json.Unmarshal(data, &f); err != nil || f.Schema != folderPositionSchema || len(f.Taken) > maxTaken ||
		slices.ContainsFunc(f.Taken, func(t taken) bool { return t.Rows < 0 || t.Bytes < 0 }) {
		return belwacht.Errorf(belwacht.Invalid, "a kept position in a folder is damaged, or not of the form %s; leave it out and all files are read",
			folderPositionSchema)
	}
	p.taken = f.Taken
	return nil
}

// Position is which files have been handed on. It is good in Options.Batch and after Run has returned, for the goroutine of Run.
func (f *Folder) Position() FolderPosition { return FolderPosition{slices.Clone(f.taken)} }

// Feed is how the folder stands. It may be called at any time by any goroutine.
func (f *Folder) Feed() belwacht.Feed { return f.feed.Feed() }

// Run hands on the rows of each file in the folder that was not read before a position, the oldest first, and then of those that are put there,
// until the context ends or Row or Batch return an error, which it returns. Hidden files, folders, links and names that end in .tmp, .part or
// .swp are left alone. A file that cannot be read is told, and tried again when it changes.
func (f *Folder) Run(ctx context.Context, from FolderPosition) error {
	f.taken, f.waiting, f.sink.live = slices.Clone(from.taken), map[string]waiting{}, false
	for {
		err := f.look(ctx)
		if err == nil {
			err = f.sink.batch()
		}
		if err == nil {
			f.sink.live = true
			err = ingest.Wait(ctx, f.options.Every)
		}
		var taker *takerError
		if errors.As(err, &taker) {
			return taker.err
		}
		if err != nil {
			return err
		}
	}
}

// look reads the files that are ready.
func (f *Folder) look(ctx context.Context) error {
	files, err := f.list()
	if err != nil {
		f.feed.Stand(belwacht.FeedLost, fmt.Sprintf("the folder %s cannot be read: %v", f.path, errors.Unwrap(err)))
		return nil
	}
	var total, done int64
	for _, one := range files {
		total += one.info.Size()
	}
	f.forget(files)
	for _, one := range files {
		if err := f.file(ctx, one); err != nil {
			return err
		}
		if done += one.info.Size(); !f.sink.live {
			f.feed.Progress(done, total)
		}
	}
	f.feed.Stand(belwacht.FeedLive, "")
	return nil
}

// list is what lies in the folder and no longer grows, the oldest first.
func (f *Folder) list() ([]rotated, error) {
	d, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(maxListed)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(entries) == maxListed {
		f.feed.Note(fmt.Sprintf("%s holds %d files or more; those beyond are not looked at: move some away", f.path, maxListed))
	}
	now := time.Now()
	seen := map[string]waiting{}
	var ready []rotated
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || name[0] == '.' || slices.Contains([]string{".tmp", ".part", ".swp", ".filepart"}, strings.ToLower(filepath.Ext(name))) {
			continue
		}
		info, err := e.Info()
		if err != nil || info.Size() == 0 {
			continue
		}
		w, before := f.waiting[name]
		if !before || w.size != info.Size() || !w.modified.Equal(info.ModTime()) {
			w = waiting{info.Size(), info.ModTime(), now}
		}
		seen[name] = w
		// One that has long been what it is was moved here, or lies here since before the start.
		if age := now.Sub(info.ModTime()); now.Sub(w.since) >= settle || !before && age >= settle {
			ready = append(ready, rotated{filepath.Join(f.path, name), info})
		}
	}
	f.waiting = seen
	slices.SortFunc(ready, func(a, b rotated) int {
		if c := a.info.ModTime().Compare(b.info.ModTime()); c != 0 {
			return c
		}
		return strings.Compare(a.path, b.path)
	})
	return ready, nil
}

// file reads a file where it is new or has grown.
func (f *Folder) file(ctx context.Context, one rotated) error {
	device, inode := place(one.info)
	if i, ok := f.places[[2]uint64{device, inode}]; ok {
		if t := &f.taken[i]; t.Done && t.Bytes == one.info.Size() && t.Modified == belwacht.InstantOf(one.info.ModTime()) {
			return nil
		}
	}
	h, err := os.Open(one.path)
	if err != nil {
		f.feed.Note(fmt.Sprintf("%s cannot be read: %v", one.path, errors.Unwrap(err)))
		return nil
	}
	defer h.Close()
	t, err := f.take(h, one.info)
	if err != nil {
		f.feed.Note(fmt.Sprintf("%s cannot be read: %v", one.path, err))
		return nil
	}
	if t.Done {
		return nil
	}
	if _, err := h.Seek(0, io.SeekStart); err != nil {
		f.feed.Note(fmt.Sprintf("%s cannot be read: %v", one.path, err))
		return nil
	}
	err = readWhole(ctx, &f.sink, h, one.path, &t.mark)
	var taker *takerError
	switch {
	case errors.As(err, &taker), ctx.Err() != nil:
		return err
	case err != nil:
		f.feed.Note(err.Error())
	}
	t.Done = true
	return f.sink.batch()
}

// take finds what is known of a file by its content: all of it, or, where it has grown since it was read, the part that was.
func (f *Folder) take(h *os.File, info fs.FileInfo) (*taken, error) {
	whole, sums := sha256.New(), map[int64]string{}
	sizes := []int64{info.Size()}
	for i := range f.taken {
		if t := &f.taken[i]; t.same(info) && t.Bytes < info.Size() && !slices.Contains(sizes, t.Bytes) {
			sizes = append(sizes, t.Bytes)
		}
	}
	slices.Sort(sizes)
	var at int64
	for _, size := range sizes {
		n, err := io.CopyN(whole, h, size-at)
		if at += n; err != nil {
			return nil, err
		}
		sums[size] = hex.EncodeToString(whole.Sum(nil))
	}
	device, inode := place(info)
	now := taken{mark: mark{Device: device, Inode: inode}, Bytes: info.Size(), Modified: belwacht.InstantOf(info.ModTime()), Content: sums[info.Size()]}
	for i := range f.taken {
		t := &f.taken[i]
		switch {
		case t.same(info) && t.Content == sums[t.Bytes]: // touched, grown, or not read to its end
			now.Rows, now.Done = t.Rows, t.Done && t.Content == now.Content
			*t = now
			return t, nil
		case t.Content == now.Content: // the same records again under another name, or moved here from elsewhere
			now.Rows, now.Done = t.Rows, t.Done
		}
	}
	f.taken = append(f.taken, now)
	return &f.taken[len(f.taken)-1], nil
}

// forget makes the table of places anew, and forgets files that are gone, the oldest first, where there are too many.
func (f *Folder) forget(files []rotated) {
	here := make(map[[2]uint64]bool, len(files))
	for _, one := range files {
		device, inode := place(one.info)
		here[[2]uint64{device, inode}] = true
	}
	surplus := len(f.taken) - (maxTaken - maxListed)
	f.taken = slices.DeleteFunc(f.taken, func(t taken) bool {
		surplus--
		return surplus >= 0 && !here[[2]uint64{t.Device, t.Inode}]
	})
	f.places = make(map[[2]uint64]int, len(f.taken))
	for i := range f.taken {
		f.places[[2]uint64{f.taken[i].Device, f.taken[i].Inode}] = i
	}
}
