package cdr

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// maxOpen is how many files are kept open at once. More are opened as the times that they hold come up: logs by account come in thousands.
const maxOpen = 64

// Files reads several files as one, rows in the order of time as far as each file is in order itself: rotated logs one after the other, logs by
// account side by side. It is for one goroutine.
type Files struct {
	options Options
	waiting []*file // not begun, the earliest last
	active  []*file
	done    []*file
	size    int64 // bytes of all files; 0 where one is no regular file
	past    int64 // bytes of files that are done
	notes   []fileNote
}

// fileNote is a note on one file.
type fileNote struct{ path, what string }

// file is one of them.
type file struct {
	path   string
	info   fs.FileInfo
	handle *os.File
	reader *Reader
	row    ingest.Row // the next row, where ahead
	ahead  bool
	reach  belwacht.Instant // the latest start so far: where in time the file has got
	ended  bool
}

// OpenFiles opens files of records; "-" is standard input. Errors are of the code NotFound where a file does not exist, else as those of
// Open; each says what to do. A file named twice is read once, and an empty one among others is left out; both are noted.
func OpenFiles(paths []string, o Options) (*Files, error) {
	f := &Files{options: o}
	f.options.Brief = o.Brief && len(paths) == 1 // of several files rows are read ahead
	regular := true
	for _, path := range paths {
		one, err := f.begin(path)
		if err != nil {
			f.Close()
			return nil, err
		}
		if one == nil {
			continue
		}
		if one.info == nil || !one.info.Mode().IsRegular() {
			regular = false
		} else {
			f.size += one.info.Size()
		}
		f.waiting = append(f.waiting, one)
	}
	if !regular {
		f.size = 0
	}
	if len(f.waiting) == 0 {
		return nil, belwacht.Errorf(belwacht.Invalid, "there are no records in %s: empty; look whether the PBX writes any", names(paths))
	}
	sort.SliceStable(f.waiting, func(i, j int) bool { return f.waiting[i].reach > f.waiting[j].reach })
	return f, nil
}

// names are the first few of some paths.
func names(paths []string) string {
	if len(paths) == 1 {
		return paths[0]
	}
	return paths[0] + " and the others"
}

// begin opens a file and reads its first row. It gives nil for one that is left out.
func (f *Files) begin(path string) (*file, error) {
	one := &file{path: path}
	if path != "-" {
		info, err := stat(path)
		if err != nil {
			return nil, err
		}
		for _, other := range f.waiting {
			if other.info != nil && os.SameFile(info, other.info) {
				f.notes = append(f.notes, fileNote{path, "named twice, read once"})
				return nil, nil
			}
		}
		if info.Mode().IsRegular() && info.Size() == 0 && (len(f.waiting) > 0 || f.options.Format == "") {
			f.notes = append(f.notes, fileNote{path, "is empty and is left out"})
			return nil, nil
		}
		one.info = info
	}
	o, again := f.options, len(f.waiting) >= maxOpen && one.info != nil && one.info.Mode().IsRegular()
	if again {
		o.Rejects = nil // they are written when it is opened again, as its time has come
	}
	if err := one.open(o); err != nil {
		return nil, err
	}
	err := one.reader.Read(&one.row)
	one.ended, one.ahead = err == io.EOF, err == nil
	if err != nil && !one.ended {
		one.close()
		return nil, err
	}
	one.reach = one.row.Start
	for _, n := range one.reader.Notes() {
		f.notes = append(f.notes, fileNote{path, n})
	}
	if again {
		one.close()
	}
	return one, nil
}

// stat looks at a file and says what is wrong with it.
func stat(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, belwacht.Errorf(belwacht.NotFound, "%s does not exist; Asterisk writes /var/log/asterisk/cdr-csv/Master.csv", path)
	case err != nil:
		return nil, belwacht.Errorf(belwacht.Invalid, "%s cannot be opened: %w", path, err)
	case info.IsDir():
		return nil, belwacht.Errorf(belwacht.Invalid, "%s is a folder; name the files in it, as in %s", path, filepath.Join(path, "*.csv"))
	}
	return info, nil
}

// open makes the reader of a file.
func (one *file) open(o Options) error {
	if one.path == "-" {
		one.handle = os.Stdin
	} else {
		h, err := os.Open(one.path)
		if errors.Is(err, fs.ErrPermission) {
			return belwacht.Errorf(belwacht.Invalid, "%s may not be read by you; run this as a user who may, such as root or asterisk, or copy the file", one.path)
		}
		if err != nil {
			return belwacht.Errorf(belwacht.Invalid, "%s cannot be opened: %w", one.path, err)
		}
		one.handle = h
	}
	name := one.path
	if name == "-" {
		name = "standard input"
	}
	r, err := Open(one.handle, name, o)
	if err != nil {
		one.close()
		return err
	}
	one.reader = r
	return nil
}

// close closes a file, if it is open.
func (one *file) close() {
	if one.handle != nil && one.handle != os.Stdin {
		one.handle.Close()
	}
	one.handle = nil
}

// Read fills row with the next row of all files; io.EOF at the end. Errors are those of Reader.Read.
func (f *Files) Read(row *ingest.Row) error {
	for {
		next := f.earliest()
		if n := len(f.waiting); n > 0 && (next == nil || f.waiting[n-1].reach <= next.reach) {
			if err := f.activate(f.waiting[n-1]); err != nil {
				return err
			}
			f.waiting = f.waiting[:n-1]
			continue
		}
		if next == nil {
			return io.EOF
		}
		if next.ended {
			f.finish(next)
			continue
		}
		if err := next.take(row, len(f.active)+len(f.waiting) > 1); err != io.EOF {
			return err
		}
	}
}

// take gives the next row of a file, and reads the one after it where it has to be known. io.EOF says that there was none; the file has ended
// then.
func (one *file) take(row *ingest.Row, ahead bool) error {
	if !one.ahead {
		err := one.reader.Read(row)
		one.ended = err == io.EOF
		return err
	}
	*row, one.ahead = one.row, false
	if !ahead {
		return nil
	}
	switch err := one.reader.Read(&one.row); err {
	case nil:
		one.reach, one.ahead = max(one.reach, one.row.Start), true
	case io.EOF:
		one.ended = true
	default:
		return err
	}
	return nil
}

// earliest is the file that has got least far in time.
func (f *Files) earliest() *file {
	var best *file
	for _, one := range f.active {
		if best == nil || one.reach < best.reach {
			best = one
		}
	}
	return best
}

// activate makes a waiting file one of those that are read.
func (f *Files) activate(one *file) error {
	if one.handle == nil && !one.ended {
		if err := one.open(f.options); err != nil {
			return err
		}
		err := one.reader.Read(&one.row)
		one.ended, one.ahead = err == io.EOF, err == nil
		if err != nil && !one.ended {
			return err
		}
	}
	f.active = append(f.active, one)
	return nil
}

// finish puts a file that has been read away.
func (f *Files) finish(one *file) {
	one.close()
	f.past += one.reader.Offset()
	f.done = append(f.done, one)
	for i := range f.active {
		if f.active[i] == one {
			f.active = append(f.active[:i], f.active[i+1:]...)
			return
		}
	}
}

// all are the files, whatever their state.
func (f *Files) all() []*file {
	return append(append(append([]*file(nil), f.done...), f.active...), f.waiting...)
}

// Formats are the formats that were found, each once, in the order of their names.
func (f *Files) Formats() []string {
	seen := map[string]bool{}
	var list []string
	for _, one := range f.all() {
		if name := one.reader.Format(); !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	sort.Strings(list)
	return list
}

// Notes are sentences on what was found out about the files, each with the file's name before it, or with their number where several files
// have the same.
func (f *Files) Notes() []string {
	var list []string
	number := map[string]int{}
	for _, n := range f.notes {
		number[n.what]++
	}
	for _, n := range f.notes {
		switch k := number[n.what]; {
		case k == 1:
			list = append(list, n.path+": "+n.what)
		case k > 1:
			list = append(list, strconv.Itoa(k)+" files: "+n.what)
			number[n.what] = 0
		}
	}
	return list
}

// Rows is how many rows were read and how many could not be.
func (f *Files) Rows() (read, rejected int64) {
	for _, one := range f.all() {
		if one.handle == nil && !one.ended { // opened once to look, to be opened again
			continue
		}
		n, _ := one.reader.Rejected()
		read, rejected = read+one.reader.Rows(), rejected+n
	}
	return read, rejected
}

// Rejected are the first rows that could not be read, of each file, by its name.
func (f *Files) Rejected() map[string][]Reject {
	list := map[string][]Reject{}
	for _, one := range f.all() {
		if _, first := one.reader.Rejected(); len(first) > 0 {
			list[one.path] = first
		}
	}
	return list
}

// Progress is how many bytes were taken in and how many there are, 0 where that is not known.
func (f *Files) Progress() (done, size int64) {
	done = f.past
	for _, one := range f.active {
		done += one.reader.Offset()
	}
	return done, f.size
}

// Close closes all files.
func (f *Files) Close() {
	for _, one := range f.all() {
		one.close()
	}
}
