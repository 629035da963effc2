package follow_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/ingest/follow"
)

// line is a record as Master.csv has it.
func line(i int) string {
	at := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	return fmt.Sprintf("\"\",\"201\",\"0031%d\",\"from-internal\",\"\"\"A\"\" <201>\",\"PJSIP/201-%d\",\"PJSIP/trunk-%d\",\"Dial\",\"x\","+
		"\"%s\",\"%s\",\"%s\",20,20,\"ANSWERED\",\"DOCUMENTATION\",\"%d.%d\",\"\"\n",
		i, i, i, at.Format(time.DateTime), at.Format(time.DateTime), at.Add(20*time.Second).Format(time.DateTime), at.Unix(), i)
}

// lines are the records from one to before another.
func lines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(line(i))
	}
	return b.String()
}

// place is a folder in which a PBX and logrotate work. Its clock is that of the test.
type place struct {
	t   *testing.T
	dir string
}

func (p place) path(name string) string { return filepath.Join(p.dir, name) }

// touch says that a file was changed now.
func (p place) touch(name string) {
	p.t.Helper()
	if err := os.Chtimes(p.path(name), time.Now(), time.Now()); err != nil {
		p.t.Fatal(err)
	}
}

// write appends to a file.
func (p place) write(name, text string) {
	p.t.Helper()
	f, err := os.OpenFile(p.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.touch(name)
}

func (p place) rename(from, to string) {
	p.t.Helper()
	if err := os.Rename(p.path(from), p.path(to)); err != nil {
		p.t.Fatal(err)
	}
}

// pack packs a file as gzip does, which keeps its time.
func (p place) pack(name string) {
	p.t.Helper()
	data, err := os.ReadFile(p.path(name))
	if err != nil {
		p.t.Fatal(err)
	}
	info, err := os.Stat(p.path(name))
	if err != nil {
		p.t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		p.t.Fatal(err)
	}
	z.Close()
	p.write(name+".gz", b.String())
	if err := os.Chtimes(p.path(name+".gz"), info.ModTime(), info.ModTime()); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Remove(p.path(name)); err != nil {
		p.t.Fatal(err)
	}
}

// copyTruncate rotates as logrotate does where it is told to leave the file open.
func (p place) copyTruncate(from, to string) {
	p.t.Helper()
	data, err := os.ReadFile(p.path(from))
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(to, string(data))
	if err := os.Truncate(p.path(from), 0); err != nil {
		p.t.Fatal(err)
	}
	p.touch(from)
}

// follower is what File and Folder have in common.
type follower interface{ Feed() belwacht.Feed }

// taking is a follower with what it has handed on.
type taking struct {
	follower
	mu       sync.Mutex
	got      []int // numbers of records
	keep     func() any
	position []byte // of the last batch
	upTo     int    // records handed on by then
	cancel   context.CancelFunc
	done     chan error
}

// options are those of a test, with the real readers of records.
func (k *taking) options() follow.Options {
	o := cdr.Options{Zone: time.UTC}
	return follow.Options{
		Growing: func(head []byte, name string) (follow.Growing, error) { return cdr.OpenGrowing(head, name, o) },
		Whole:   func(r io.Reader, name string) (follow.Whole, error) { return cdr.Open(r, name, o) },
		Row: func(row *ingest.Row) error {
			var i int
			if _, err := fmt.Sscanf(row.Dst, "0031%d", &i); err != nil {
				return err
			}
			k.mu.Lock()
			defer k.mu.Unlock()
			k.got = append(k.got, i)
			return nil
		},
		Batch: func() error {
			b, err := json.Marshal(k.keep())
			k.position, k.upTo = b, len(k.got)
			return err
		},
		Past: true,
	}
}

// file follows a file from a kept position.
func (p place) file(name string, position []byte) *taking {
	p.t.Helper()
	k := &taking{done: make(chan error, 1)}
	f, err := follow.NewFile(p.path(name), k.options())
	if err != nil {
		p.t.Fatal(err)
	}
	var from follow.FilePosition
	if position != nil {
		if err := json.Unmarshal(position, &from); err != nil {
			p.t.Fatal(err)
		}
	}
	k.follower, k.keep = f, func() any { return f.Position() }
	k.start(func(ctx context.Context) error { return f.Run(ctx, from) })
	return k
}

// folder follows a folder from a kept position.
func (p place) folder(name string, position []byte) *taking {
	p.t.Helper()
	k := &taking{done: make(chan error, 1)}
	f, err := follow.NewFolder(p.path(name), k.options())
	if err != nil {
		p.t.Fatal(err)
	}
	var from follow.FolderPosition
	if position != nil {
		if err := json.Unmarshal(position, &from); err != nil {
			p.t.Fatal(err)
		}
	}
	k.follower, k.keep = f, func() any { return f.Position() }
	k.start(func(ctx context.Context) error { return f.Run(ctx, from) })
	return k
}

func (k *taking) start(run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	go func() { k.done <- run(ctx) }()
	time.Sleep(1100 * time.Millisecond)
}

// end ends a follower.
func (k *taking) end(t *testing.T) {
	t.Helper()
	k.cancel()
	if err := <-k.done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}

// want compares what was handed on with the records from one to before another, each once, after a look. In order where rotation does not mix them.
func (k *taking) want(t *testing.T, what string, from, to int) {
	t.Helper()
	time.Sleep(1100 * time.Millisecond)
	synctest.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	got := slices.Sorted(slices.Values(k.got))
	for i := range max(len(got), to-from) {
		if i >= len(got) || i >= to-from || got[i] != from+i {
			t.Errorf("%s: %.300s instead of %d to %d; %+v", what, fmt.Sprint(k.got), from, to-1, k.Feed())
			return
		}
	}
}

// inPlace runs a test on the clock of a bubble.
func inPlace(t *testing.T, test func(t *testing.T, p place)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { test(t, place{t, dir}) })
}

func TestGrows(t *testing.T) {
	inPlace(t, func(t *testing.T, p place) {
		k := p.file("Master.csv", nil)
		if f := k.Feed(); f.State != belwacht.FeedLost || !strings.Contains(f.Problem, "is not there") {
			t.Errorf("before there is a file: %+v", f)
		}
		p.write("Master.csv", "")
		k.want(t, "an empty file", 0, 0)
		p.write("Master.csv", lines(0, 3)+line(3)[:40])
		k.want(t, "a half line", 0, 3)
		p.write("Master.csv", line(3)[40:])
		k.want(t, "its other half", 0, 4)
		if f := k.Feed(); f.State != belwacht.FeedLive || f.Problem != "" || f.Delay.Count != 4 || f.Rows != 4 || f.Rejected != 0 {
			t.Errorf("live: %+v", f)
		}
		p.write("Master.csv", "junk\n"+line(4))
		k.want(t, "after junk", 0, 5)
		if f := k.Feed(); f.Rejected != 1 {
			t.Errorf("junk is not counted: %+v", f)
		}
		k.end(t)
	})
}

// TestRotated plays each way to rotate, followed and with the follower away meanwhile.
func TestRotated(t *testing.T) {
	rotations := map[string]func(p place){
		"renamed": func(p place) {
			p.rename("Master.csv", "Master.csv.1")
			p.write("Master.csv", lines(7, 9))
		},
		"renamed, the new one later": func(p place) {
			p.rename("Master.csv", "Master.csv-20260701")
			time.Sleep(30 * time.Second)
			p.write("Master.csv", lines(7, 9))
		},
		"copied and emptied": func(p place) {
			p.copyTruncate("Master.csv", "Master.csv.1")
			p.write("Master.csv", lines(7, 9))
		},
		"emptied and grown beyond where it was": func(p place) {
			p.copyTruncate("Master.csv", "Master.csv.1")
			p.write("Master.csv", lines(7, 9))
			p.write("Master.csv", strings.Repeat("\n", 5000))
		},
		"renamed twice and packed": func(p place) {
			p.rename("Master.csv", "Master.csv.2")
			time.Sleep(3 * time.Second)
			p.write("Master.csv", line(7))
			time.Sleep(3 * time.Second)
			p.rename("Master.csv", "Master.csv.1")
			p.write("Master.csv", line(8))
			time.Sleep(3 * time.Second)
			p.pack("Master.csv.2")
		},
	}
	for name, rotate := range rotations {
		t.Run(name, func(t *testing.T) {
			inPlace(t, func(t *testing.T, p place) {
				p.write("Master.csv", lines(0, 4))
				k := p.file("Master.csv", nil)
				k.want(t, "before", 0, 4)
				p.write("Master.csv", lines(4, 7)+"") // in the same second
				rotate(p)
				k.want(t, "followed", 0, 9)
				time.Sleep(2 * time.Minute)
				k.want(t, "later", 0, 9)
				k.end(t)
			})
		})
		t.Run(name+", away", func(t *testing.T) {
			inPlace(t, func(t *testing.T, p place) {
				p.write("Master.csv", lines(0, 4))
				k := p.file("Master.csv", nil)
				k.want(t, "before", 0, 4)
				k.end(t)
				time.Sleep(10 * time.Second)
				p.write("Master.csv", lines(4, 7))
				rotate(p)
				k = p.file("Master.csv", k.position)
				k.want(t, "resumed", 4, 9)
				p.write("Master.csv", line(9))
				k.want(t, "and live", 4, 10)
				time.Sleep(2 * time.Minute)
				k.end(t)
				k = p.file("Master.csv", k.position)
				k.want(t, "resumed again", 0, 0)
				k.end(t)
			})
		})
	}
}

// TestLateWriter has a program write to a file that was renamed, as those do that hold it open.
func TestLateWriter(t *testing.T) {
	inPlace(t, func(t *testing.T, p place) {
		p.write("Master.csv", lines(0, 2))
		k := p.file("Master.csv", nil)
		time.Sleep(time.Hour)
		p.rename("Master.csv", "Master.csv.1")
		p.write("Master.csv", line(3))
		time.Sleep(20 * time.Second)
		p.write("Master.csv.1", line(2))
		k.want(t, "written late", 0, 4)
		k.end(t)
	})
}

func TestPast(t *testing.T) {
	inPlace(t, func(t *testing.T, p place) {
		p.write("Master.csv-20260601", lines(0, 30_000))
		p.pack("Master.csv-20260601")
		time.Sleep(time.Hour)
		p.write("Master.csv-20260701", lines(30_000, 30_010))
		time.Sleep(time.Hour)
		p.write("Master.csv", lines(30_010, 30_020))
		k := p.file("Master.csv", nil)
		k.want(t, "history", 0, 30_020)
		if !slices.IsSorted(k.got) {
			t.Error("the history is in no order")
		}
		if f := k.Feed(); f.Done != f.Total || f.Total == 0 || f.Delay.Count != 0 {
			t.Errorf("after the history: %+v", f)
		}
		k.end(t)
		// Cut off after the second batch of the packed file, and resumed.
		c := &taking{done: make(chan error, 1)}
		o := c.options()
		enough := errors.New("enough")
		batch := o.Batch
		o.Batch = func() error {
			if err := batch(); err != nil || len(c.got) < 20_000 {
				return err
			}
			return enough
		}
		f, err := follow.NewFile(p.path("Master.csv"), o)
		if err != nil {
			t.Fatal(err)
		}
		c.keep = func() any { return f.Position() }
		if err := f.Run(t.Context(), follow.FilePosition{}); err != enough || c.upTo != 20_000 {
			t.Fatalf("%v after %d rows", err, c.upTo)
		}
		k = p.file("Master.csv", c.position)
		k.want(t, "resumed within the history", 20_000, 30_020)
		k.end(t)
	})
}

// TestGone has the file of a position vanish: that is told, and what is there is read.
func TestGone(t *testing.T) {
	inPlace(t, func(t *testing.T, p place) {
		p.write("Master.csv", lines(0, 4))
		k := p.file("Master.csv", nil)
		k.end(t)
		if err := os.Remove(p.path("Master.csv")); err != nil {
			t.Fatal(err)
		}
		p.write("Master.csv", lines(10, 12))
		k = p.file("Master.csv", k.position)
		k.want(t, "another file", 10, 12)
		if notes := strings.Join(k.Feed().Notes, "; "); !strings.Contains(notes, "is not there any more") {
			t.Errorf("notes: %s", notes)
		}
		k.end(t)
	})
}

func TestFolder(t *testing.T) {
	inPlace(t, func(t *testing.T, p place) {
		k := p.folder("in", nil)
		if f := k.Feed(); f.State != belwacht.FeedLost || f.Problem == "" {
			t.Errorf("before there is a folder: %+v", f)
		}
		if err := os.MkdirAll(p.path("in/sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		p.write("in/a.csv", lines(0, 3))
		k.want(t, "a file that may be growing", 0, 0)
		time.Sleep(4 * time.Second)
		p.write("in/a.csv", lines(3, 5))
		time.Sleep(4 * time.Second)
		k.want(t, "a file that has grown", 0, 0)
		time.Sleep(2 * time.Second)
		k.want(t, "a file that is whole", 0, 5)
		p.write("old.csv", lines(5, 7))
		p.write("in/.hidden", lines(100, 101))
		p.write("in/b.csv.part", lines(100, 101))
		p.write("in/sub/c.csv", lines(100, 101))
		time.Sleep(time.Minute)
		p.rename("old.csv", "in/old.csv")
		k.want(t, "a file that was moved in", 0, 7)
		p.write("in/copy.csv", lines(0, 5)) // the same again
		p.touch("in/old.csv")
		p.write("in/picture.csv", "\x89PNG\r\n")
		p.write("in/packed.csv", lines(7, 9))
		p.pack("in/packed.csv")
		p.rename("in/a.csv", "in/a-done.csv")
		time.Sleep(10 * time.Second)
		k.want(t, "each once", 0, 9)
		if f := k.Feed(); len(f.Notes) != 2 || f.State != belwacht.FeedLive { // gzip, and the picture
			t.Errorf("notes: %q", f.Notes)
		}
		k.end(t)
		p.write("in/old.csv", line(9)) // grows by one
		p.write("in/new.csv", line(10))
		time.Sleep(10 * time.Second)
		k = p.folder("in", k.position)
		k.want(t, "resumed", 9, 11)
		k.end(t)
	})
}

// TestFolderCutOff ends a follower within a file and goes on from the position that it kept.
func TestFolderCutOff(t *testing.T) {
	inPlace(t, func(t *testing.T, p place) {
		if err := os.Mkdir(p.path("in"), 0o700); err != nil {
			t.Fatal(err)
		}
		p.write("in/a.csv", lines(0, 25_000))
		time.Sleep(time.Minute)
		c := &taking{done: make(chan error, 1)}
		o := c.options()
		full := errors.New("the disk is full")
		row := o.Row
		o.Row = func(r *ingest.Row) error {
			if len(c.got) == 15_000 {
				return full
			}
			return row(r)
		}
		f, err := follow.NewFolder(p.path("in"), o)
		if err != nil {
			t.Fatal(err)
		}
		c.keep = func() any { return f.Position() }
		if err := f.Run(t.Context(), follow.FolderPosition{}); err != full || c.upTo != 10_000 {
			t.Fatalf("%v after %d rows", err, c.upTo)
		}
		k := p.folder("in", c.position)
		k.want(t, "resumed", 10_000, 25_000)
		k.end(t)
	})
}

// FuzzPosition reads kept positions of any content: what is accepted can be written and used.
func FuzzPosition(f *testing.F) {
	f.Add([]byte(`{"schema":"belwacht.position.file/1","at":"2026-07-01T09:00:00Z","files":[{"device":1,"inode":2,"offset":2000,"head_size":1024,"head":"ab"}]}`))
	f.Add([]byte(`{"schema":"belwacht.position.folder/1","taken":[{"device":1,"inode":2,"rows":3,"done":true,"bytes":4,"modified":"","content":"cd"}]}`))
	path := filepath.Join(f.TempDir(), "Master.csv")
	if err := os.WriteFile(path, []byte(lines(0, 20)), 0o600); err != nil {
		f.Fatal(err)
	}
	enough := errors.New("enough")
	f.Fuzz(func(t *testing.T, data []byte) {
		k := &taking{}
		o := k.options()
		o.Batch = func() error { return enough }
		var file follow.FilePosition
		if json.Unmarshal(data, &file) == nil {
			one, err := follow.NewFile(path, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := one.Run(t.Context(), file); err != enough || len(k.got) > 20 {
				t.Errorf("%s: %v after %d rows", data, err, len(k.got))
			}
			if _, err := json.Marshal(one.Position()); err != nil {
				t.Error(err)
			}
		}
		var folder follow.FolderPosition
		if json.Unmarshal(data, &folder) == nil {
			one, err := follow.NewFolder(filepath.Dir(path), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := one.Run(t.Context(), folder); err != enough {
				t.Errorf("%s: %v", data, err)
			}
		}
	})
}

func TestPositionsRefused(t *testing.T) {
	for text, p := range maps.All(map[string]json.Unmarshaler{
		`{"schema":"belwacht.position.file/2"}`:                                            &follow.FilePosition{},
		`{"schema":"belwacht.position.file/1","files":[{"offset":-1}]}`:                    &follow.FilePosition{},
		`{"schema":"belwacht.position.file/1","files":[{"offset":1,"head_size":1048576}]}`: &follow.FilePosition{},
		`[]`: &follow.FolderPosition{},
		`{"schema":"belwacht.position.folder/1","taken":[{"rows":-1}]}`: &follow.FolderPosition{},
	}) {
		if err := json.Unmarshal([]byte(text), p); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}
