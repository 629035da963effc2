package connect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/rogpeppe/go-internal/txtar"
)

// trees are the folders of testdata.
func trees() map[string]Kind {
	return map[string]Kind{"freepbx15": FreePBX, "freepbx16": FreePBX, "freepbx17": FreePBX, "asterisk": Asterisk}
}

// unpack lays a tree of testdata out and returns the options to connect it.
func unpack(t *testing.T, name string) *Options {
	t.Helper()
	dir := t.TempDir()
	a, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	o := &Options{Kind: trees()[name], Etc: filepath.Join(dir, "etc"), Secrets: filepath.Join(dir, "secrets"), Own: filepath.Join(dir, "own"),
		Config: filepath.Join(dir, "own", "belwacht.yaml"), Fresh: "organisation:\n  country: NL\n", Name: "proef", Asked: true, Database: trees()[name] == FreePBX}
	if o.Numbers, err = number.New(number.Config{Country: "NL"}); err != nil {
		t.Fatal(err)
	}
	for i, f := range a.Files {
		write(t, filepath.Join(o.Etc, f.Name), string(f.Data))
		if err := os.Chmod(filepath.Join(o.Etc, f.Name), []fs.FileMode{0o640, 0o664, 0o600}[i%3]); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func write(t *testing.T, path, contents string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(contents), 0o640); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// snapshot is all of a folder: names, modes, owners, links and contents.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		o := ownerOf(info)
		fmt.Fprintf(&b, "%s %v %d:%d", path, info.Mode(), o.uid, o.gid)
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(path)
			fmt.Fprintf(&b, " -> %s", to)
		case info.Mode().IsRegular():
			data, _ := os.ReadFile(path)
			fmt.Fprintf(&b, " %q", data)
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// carry applies a plan and keeps it.
func carry(t *testing.T, p *Plan) {
	t.Helper()
	a, err := p.Apply()
	if err != nil {
		t.Fatal(err)
	}
	a.Keep()
}

// connected plans and applies.
func connected(t *testing.T, o *Options) *PBX {
	t.Helper()
	p, pbx, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	carry(t, p)
	return pbx
}

// undone plans the way back and applies it.
func undone(t *testing.T, o *Options) {
	t.Helper()
	p, err := Undo(o)
	if err != nil {
		t.Fatal(err)
	}
	carry(t, p)
}

// TestConnect connects every tree: the diff is the golden one (UPDATE=1 go test writes it), a second time there is nothing to do, and the way back gives
// every byte, mode and owner as before.
func TestConnect(t *testing.T) {
	for name := range trees() {
		t.Run(name, func(t *testing.T) {
			o := unpack(t, name)
			dir := filepath.Dir(o.Etc)
			if err := os.Mkdir(o.Own, 0o755); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, dir)
			p, _, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			if after := snapshot(t, dir); after != before {
				t.Error("making a plan changed something")
			}
			golden(t, name, strings.ReplaceAll(strings.Join(p.Diff(), "\n"), dir, "")+"\n")
			carry(t, p)
			secretsKept(t, o)
			done := snapshot(t, dir)
			again, _, err := New(o)
			if err != nil || !again.Empty() || len(again.Diff()) > 0 {
				t.Fatalf("a second time there is something to do: %v, %q", err, again.Diff())
			}
			carry(t, again)
			if now := snapshot(t, dir); now != done {
				t.Error("a second run changed something")
			}
			undone(t, o)
			if after := snapshot(t, dir); after != before {
				t.Errorf("not as before:\n%s\nbut\n%s", before, after)
			}
			back, err := Undo(o)
			if err != nil || !back.Empty() {
				t.Errorf("a second way back: %v, empty %v", err, back.Empty())
			}
		})
	}
}

// golden compares with a file of testdata. The sum of the block holds the folder's name, which differs from run to run.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = regexp.MustCompile(`sum=[0-9a-f]{12}`).ReplaceAllString(got, "sum=…")
	file := filepath.Join("testdata", name+".diff")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || string(want) != got {
		t.Errorf("the diff is not %s (%v):\n%s", file, err, got)
	}
}

// secretsKept holds what must be true of the secrets.
func secretsKept(t *testing.T, o *Options) {
	t.Helper()
	ami, ask := strings.TrimSpace(read(t, filepath.Join(o.Own, fileAMI))), strings.TrimSpace(read(t, filepath.Join(o.Own, fileAsk)))
	if ami == ask || len(ami) < 24 || len(ask) < 24 {
		t.Errorf("the secrets are not two of their own")
	}
	for file, mode := range map[string]fs.FileMode{filepath.Join(o.Own, fileAMI): 0o600, filepath.Join(o.Own, fileAsk): 0o600, filepath.Join(o.Secrets,
		fileManager): 0o640,
		filepath.Join(o.Secrets, fileQuery): 0o640, o.Secrets: 0o750} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, mode %v, want %v", file, err, info.Mode(), mode)
		}
	}
	if s := read(t, filepath.Join(o.Secrets, fileManager)); !strings.Contains(s, "secret="+ami) || strings.Contains(s, ask) {
		t.Error("the manager user does not have its own secret")
	}
	if s := read(t, filepath.Join(o.Secrets, fileQuery)); !strings.Contains(s, "key="+ask) || strings.Contains(s, ami) {
		t.Error("the question does not have its own secret")
	}
	for _, dir := range []string{o.Etc, o.Config} {
		if all := snapshot(t, dir); strings.Contains(all, ami) || strings.Contains(all, ask) {
			t.Errorf("%s holds a secret", dir)
		}
	}
}

func TestGeneration(t *testing.T) {
	for name, want := range map[string]string{"freepbx15": "MacroExit()", "freepbx16": "MacroExit()", "freepbx17": "Return()"} {
		o := unpack(t, name)
		pbx := connected(t, o)
		_, after, _ := strings.Cut(read(t, filepath.Join(o.Etc, "extensions_custom.conf")), "["+hook+"]\nexten => s,1,Gosub(belwacht-guard,s,1)\n same => n,")
		if !strings.HasPrefix(after, want) {
			t.Errorf("%s: the hook gives back by %.20q, want %s", name, after, want)
		}
		if len(pbx.Trunks) != 1 || !strings.HasSuffix(pbx.Trunks[0], "SIP/voorbeeld-uit") || pbx.AMI != "127.0.0.1:5038" || !pbx.Enabled {
			t.Errorf("%s: found %+v", name, pbx)
		}
	}
	for text, want := range map[string]string{
		"exten => s,1,Noop(Macro(x))": "neither", "exten => s,1,Set(a=${b})": "neither", "; exten => s,1,Macro(x)": "neither",
		"exten => s,n(a),Macro(dialout-trunk-predial-hook,)\nexten => s,n,Gosub(macro-dialout-trunk-predial-hook,s,1())": "as a macro and by Gosub",
	} {
		o := unpack(t, "freepbx17")
		write(t, filepath.Join(o.Etc, "extensions_additional.conf"), "[a]\n"+text+"\n")
		if _, err := Find(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestManagerAddress(t *testing.T) {
	for bind, want := range map[string][2]string{
		"bindaddr = 0.0.0.0": {"127.0.0.1:5038", "permit=127.0.0.1/255.255.255.255"}, "bindaddr = 192.0.2.7\nport = 5039": {"192.0.2.7:5039", "permit=192.0.2.7/255.255.255.255"},
		"bindaddr = ::1": {"[::1]:5038", "permit=::1/128"}, "bindaddr = ::": {"127.0.0.1:5038", "permit=127.0.0.1/"}, "port = x": {"127.0.0.1:5038", "permit=127.0.0.1/"},
	} {
		o := unpack(t, "asterisk")
		write(t, filepath.Join(o.Etc, "manager.conf"), "[general]\nenabled = yes\n"+bind+"\n")
		pbx := connected(t, o)
		if s := read(t, filepath.Join(o.Secrets, fileManager)); pbx.AMI != want[0] || !strings.Contains(s, want[1]) {
			t.Errorf("%q: %s, %s", bind, pbx.AMI, s)
		}
	}
}

// TestOwnersEdits has the owner write around Belwacht's part; only that goes.
func TestOwnersEdits(t *testing.T) {
	o := unpack(t, "freepbx17")
	file := filepath.Join(o.Etc, "extensions_custom.conf")
	original := read(t, file)
	connected(t, o)
	write(t, file, "; above\n"+read(t, file)+"[below]\nexten => s,1,NoOp()")
	undone(t, o)
	if got, want := read(t, file), "; above\n"+original+"[below]\nexten => s,1,NoOp()"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestNewSecretsFolder moves the secrets: the new folder is used, and the way back finds all of it.
func TestNewSecretsFolder(t *testing.T) {
	o := unpack(t, "freepbx17")
	connected(t, o)
	o.Secrets += "2"
	connected(t, o)
	if s := read(t, filepath.Join(o.Etc, "manager_custom.conf")); !strings.Contains(s, o.Secrets+"/manager.conf") {
		t.Errorf("the new folder is not included: %s", s)
	}
	undone(t, o)
	if _, err := os.Stat(o.Secrets); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there", o.Secrets)
	}
}

// TestModesAreMended has fwconsole chown, or a person, widen what must be narrow.
func TestModesAreMended(t *testing.T) {
	o := unpack(t, "freepbx17")
	connected(t, o)
	ami := filepath.Join(o.Own, fileAMI)
	if err := os.Chmod(ami, 0o644); err != nil {
		t.Fatal(err)
	}
	p, _, err := New(o)
	if err != nil || p.Empty() || !strings.Contains(strings.Join(p.Diff(), "\n"), ".secret: 0644 ") {
		t.Fatalf("%v: %q", err, p.Diff())
	}
	carry(t, p)
	if info, _ := os.Stat(ami); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestSection(t *testing.T) {
	for _, c := range []struct{ name, before, want, wrong string }{
		{"beside others, with comments", "# mine\norganisation: {country: NL} # here", "# mine\norganisation: {country: NL} # here\n# >>>", ""},
		{"Windows line ends", "mode: learn\r\n", "mode: learn\r\n# >>>", ""},
		{"a section of the owner's", "pbx:\n  - name: eigen\n", "pbx:\n  - name: eigen\n", ""},
		{"all in one", "{mode: learn}\n", "{mode: learn}\n", "cannot be put behind"},
		{"no YAML", "a: [\n", "a: [\n", "own/belwacht.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := unpack(t, "freepbx17")
			write(t, o.Config, c.before)
			p, _, err := New(o)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("error %v, want %q", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			carry(t, p)
			if got := read(t, o.Config); !strings.HasPrefix(got, c.want) || p.InFile != strings.Contains(got, "kind: freepbx") {
				t.Errorf("%q, in file %v", got, p.InFile)
			}
			undone(t, o)
			if got := read(t, o.Config); got != c.before {
				t.Errorf("not as before: %q", got)
			}
		})
	}
}

// TestFreshConfigurationStays keeps a file that connect made and its owner has made his own.
func TestFreshConfigurationStays(t *testing.T) {
	o := unpack(t, "freepbx17")
	connected(t, o)
	write(t, o.Config, strings.Replace(read(t, o.Config), "NL", "BE", 1))
	undone(t, o)
	if got := read(t, o.Config); got != "organisation:\n  country: BE\n" {
		t.Errorf("%q", got)
	}
}

func TestLater(t *testing.T) {
	for _, c := range []struct{ name, tree, file, text, want string }{
		{"custom file not included", "freepbx17", "extensions.conf", "#include extensions_additional.conf\n", "extensions.conf does not include extensions_custom.conf"},
		{"manager file not included", "freepbx17", "manager.conf", "[general]\nenabled=yes\n", "manager.conf does not include manager_custom.conf"},
		{"manager off", "asterisk", "manager.conf", "[general]\nenabled = no\n", "enabled = yes"},
		{"another hook first", "freepbx17", "extensions.conf", "[" + hook + "]\nexten => s,1,return()\n#include extensions_custom.conf\n",
			"extensions.conf:1 defines the hook"},
		{"by hand", "asterisk", "manager.conf", "[general]\nenabled = yes\n", "]?belwacht-guard,s,1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := unpack(t, c.tree)
			write(t, filepath.Join(o.Etc, c.file), c.text)
			p, _, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, s := range p.Later {
				all = append(all, s.English)
				if s.Dutch == "" || s.Dutch == s.English {
					t.Errorf("not in Dutch: %s", s.English)
				}
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("%q lacks %q", all, c.want)
			}
		})
	}
}

// code is what the error of a refusal must have.
func code(t *testing.T, err error, want belwacht.Code) {
	t.Helper()
	if err == nil || belwacht.CodeOf(err) != want {
		t.Errorf("error %v of code %s, want %s", err, belwacht.CodeOf(err), want)
	}
}
