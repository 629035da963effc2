package connect

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestDiskFails has every single operation on the disk fail in turn, as on one that is full, for both ways: all is as before,
// and nothing is left lying about.
func TestDiskFails(t *testing.T) {
	o := unpack(t, "freepbx17")
	dir := filepath.Dir(o.Etc)
	plans := map[string]func() (*Plan, error){
		"connect": func() (*Plan, error) { p, _, err := New(o); return p, err },
		"undo":    func() (*Plan, error) { return Undo(o) },
	}
	for _, way := range []string{"connect", "undo"} {
		before := snapshot(t, dir)
		for n := 0; ; n++ {
			p, err := plans[way]()
			if err != nil {
				t.Fatal(err)
			}
			at, operations := n, []string{}
			a, err := p.apply(func(operation string) error {
				operations = append(operations, operation)
				if at--; at == -1 {
					return syscall.ENOSPC
				}
				return nil
			})
			if err == nil {
				a.Keep()
				if n < 8 {
					t.Errorf("%s took only the operations %q", way, operations)
				}
				break
			}
			if belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), "no space left on device") {
				t.Errorf("%s: %v", way, err)
			}
			if after := snapshot(t, dir); after != before {
				t.Fatalf("%s failed at %q and left\n%s\nof\n%s", way, operations, after, before)
			}
		}
	}
}

// TestBack puts back what was applied and not kept.
func TestBack(t *testing.T) {
	o := unpack(t, "freepbx15")
	dir := filepath.Dir(o.Etc)
	before := snapshot(t, dir)
	p, _, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Apply()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Back(); err != nil {
		t.Fatal(err)
	}
	if after := snapshot(t, dir); after != before {
		t.Errorf("not as before: %s", after)
	}
}

// TestMeanwhile has somebody save a file between the plan and its carrying out.
func TestMeanwhile(t *testing.T) {
	o := unpack(t, "freepbx17")
	p, _, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(o.Etc, "manager_custom.conf"), "; new\n")
	before := snapshot(t, filepath.Dir(o.Etc))
	_, err = p.Apply()
	code(t, err, belwacht.Invalid)
	if after := snapshot(t, filepath.Dir(o.Etc)); after != before {
		t.Errorf("something was changed: %s", after)
	}
}

// TestOneAtATime keeps a second connect out while a first one has not ended.
func TestOneAtATime(t *testing.T) {
	o := unpack(t, "freepbx17")
	p, _, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Apply()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Undo(o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = back.Apply()
	code(t, err, belwacht.Invalid)
	a.Keep()
}

// TestInterrupted takes away what a run that was killed left.
func TestInterrupted(t *testing.T) {
	o := unpack(t, "freepbx17")
	connected(t, o)
	left := filepath.Join(o.Etc, leftover+"X")
	if err := os.Link(filepath.Join(o.Etc, "extensions_custom.conf"), left); err != nil {
		t.Fatal(err)
	}
	p, _, err := New(o)
	if err != nil || p.Empty() {
		t.Fatalf("%v, nothing to do", err)
	}
	carry(t, p)
	if _, err := os.Lstat(left); err == nil {
		t.Errorf("%s is still there", left)
	}
}

// TestOwnersAreKept needs a user who may give files away.
func TestOwnersAreKept(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may give files away")
	}
	o := unpack(t, "freepbx17")
	for _, f := range []string{"manager.conf", "extensions_custom.conf"} {
		if err := os.Chown(filepath.Join(o.Etc, f), 4321, 4322); err != nil {
			t.Fatal(err)
		}
	}
	connected(t, o)
	for path, want := range map[string]owner{filepath.Join(o.Etc, "extensions_custom.conf"): {uid: 4321, gid: 4322}, filepath.Join(o.Secrets,
		fileManager): {uid: 0, gid: 4322},
		filepath.Join(o.Own, fileAMI): {uid: 0, gid: 0}} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := ownerOf(info); got.uid != want.uid || got.gid != want.gid {
			t.Errorf("%s belongs to %d:%d", path, got.uid, got.gid)
		}
	}
	// A folder of a test is closed to others, so Asterisk's group does not get through.
	if got, err := Inspect(o); err != nil || len(got) != 2 || !strings.Contains(got[0].Says.English, "may not pass through") {
		t.Errorf("%v, %v", got, err)
	}
}

// TestReadOnly needs a user whom modes hinder.
func TestReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("modes do not hinder root")
	}
	for name, mode := range map[string]os.FileMode{".": 0o500, "extensions_custom.conf": 0} {
		o := unpack(t, "freepbx17")
		if err := os.Chmod(filepath.Join(o.Etc, name), mode); err != nil {
			t.Fatal(err)
		}
		p, _, err := New(o)
		if err == nil {
			_, err = p.Apply()
		}
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(o.Secrets); err == nil {
			t.Errorf("%s: something was changed", name)
		}
		_ = os.Chmod(o.Etc, 0o700)
	}
}
