package connect

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestRefuses has everything that is not as expected: a sentence that names the place, and nothing changed.
func TestRefuses(t *testing.T) {
	custom := func(text string) func(*testing.T, *Options) {
		return func(t *testing.T, o *Options) { write(t, filepath.Join(o.Etc, "extensions_custom.conf"), text) }
	}
	file := func(name, text string) func(*testing.T, *Options) {
		return func(t *testing.T, o *Options) { write(t, filepath.Join(o.Etc, name), text) }
	}
	link := func(name, to string) func(*testing.T, *Options) {
		return func(t *testing.T, o *Options) {
			path := filepath.Join(o.Etc, name)
			if err := errors.Join(os.Remove(path), os.Symlink(to, path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name, tree string
		spoil      func(*testing.T, *Options)
		code       belwacht.Code
		want       string
	}{
		{"begins and never ends", "freepbx17", custom("a\n; >>> belwacht connect sum=1\nb\n"), belwacht.Config,
			"extensions_custom.conf:2: Belwacht's part begins here and ends nowhere"},
		{"ends without beginning", "freepbx17", custom("a\nb\n; <<< belwacht connect\n"), belwacht.Config,
			"extensions_custom.conf:3: Belwacht's part ends here and begins nowhere"},
		{"twice", "freepbx17", custom("; >>> belwacht connect\n; <<< belwacht connect\n; >>> belwacht connect\n"), belwacht.Config,
			"extensions_custom.conf:3: Belwacht's part begins here a second"},
		{"hook of somebody", "freepbx17", custom("\n\n[" + hook + "]\nexten => s,1,Return()\n"), belwacht.Config,
			"extensions_custom.conf:3: defines the context " + hook},
		{"hook in an include", "freepbx17", func(t *testing.T, o *Options) {
			custom("#include mine.conf\n")(t, o)
			file("mine.conf", "["+hook+"](+)\n")(t, o)
		}, belwacht.Config, "mine.conf:1: defines the context " + hook},
		{"hook overridden", "freepbx15", file("extensions_override_freepbx.conf",
			";\n["+hook+"]\n"), belwacht.Config, "extensions_override_freepbx.conf:2: defines the context"},
		{"guard of somebody", "asterisk", file("extensions.conf", "[belwacht-guard]\n"), belwacht.Config, "extensions.conf:1: defines the context belwacht-guard"},
		{"manager user of somebody", "freepbx16", file("manager_additional.conf",
			"[a]\n[belwacht]\nsecret=x\n"), belwacht.Config, "manager_additional.conf:2: defines a manager user belwacht"},
		{"comment that never ends", "freepbx17", custom("[a]\n;-- not now\nexten => 1,1,NoOp()\n"), belwacht.Config,
			"extensions_custom.conf:2: a comment begins here"},
		{"binary", "freepbx17", custom("a\x00b"), belwacht.Config, "extensions_custom.conf: is no text"},
		{"gigantic", "freepbx17", func(t *testing.T, o *Options) {
			if err := os.Truncate(filepath.Join(o.Etc, "extensions_custom.conf"), maxOwners+1); err != nil {
				t.Fatal(err)
			}
		}, belwacht.Config, "extensions_custom.conf: is 4194305 bytes long"},
		{"a folder in its place", "freepbx16", func(t *testing.T, o *Options) {
			if err := os.Mkdir(filepath.Join(o.Etc, "manager_custom.conf"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, belwacht.Config, "manager_custom.conf: is no file"},
		{"link outside", "freepbx17", func(t *testing.T, o *Options) {
			write(t, filepath.Join(filepath.Dir(o.Etc), "elsewhere"), "x\n")
			link("extensions_custom.conf", "../elsewhere")(t, o)
		}, belwacht.Config, "elsewhere, outside"},
		{"link nowhere", "freepbx17", link("extensions_custom.conf", "gone.conf"), belwacht.Config, "is a link that leads nowhere"},
		{"no FreePBX", "asterisk", func(_ *testing.T, o *Options) { o.Kind = FreePBX }, belwacht.NotFound,
			"extensions_additional.conf: there is no such file; is FreePBX here?"},
		{"FreePBX after all", "freepbx17", func(_ *testing.T, o *Options) { o.Kind = Asterisk }, belwacht.Invalid, "use belwacht connect freepbx"},
		{"no Asterisk", "asterisk", func(_ *testing.T, o *Options) { o.Etc += "/none" }, belwacht.NotFound,
			"name the folder of Asterisk's configuration with --etc"},
		{"includes itself", "asterisk", file("extensions.conf", "#include extensions.conf\n"), belwacht.Config, "does a file include itself"},
		{"secrets in the configuration", "freepbx17", func(_ *testing.T, o *Options) { o.Secrets = o.Etc + "/belwacht" }, belwacht.Usage, "fwconsole chown"},
		{"secrets that cannot be included", "freepbx17", func(_ *testing.T, o *Options) { o.Secrets += "\"\n#exec x" }, belwacht.Usage, "cannot include"},
		{"name", "freepbx17", func(_ *testing.T, o *Options) { o.Name = "a,b" }, belwacht.Usage, "is no name for a PBX"},
		{"no secret", "freepbx17", func(t *testing.T, o *Options) { write(t, filepath.Join(o.Own, fileAMI), "kort\n") }, belwacht.Config,
			"ami.secret: holds no secret"},
		{"a secret that is a statement", "freepbx17", func(t *testing.T, o *Options) { write(t, filepath.Join(o.Own, fileCDR), "x'; DROP TABLE cdr; --123\n") },
			belwacht.Config,
			"cdr.secret: holds no secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := unpack(t, c.tree)
			dir := filepath.Dir(o.Etc)
			c.spoil(t, o)
			before := snapshot(t, dir)
			_, _, err := New(o)
			code(t, err, c.code)
			if err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if snapshot(t, dir) != before {
				t.Error("something was changed")
			}
		})
	}
}

// TestUndoRefuses leaves a file alone in which Belwacht's part is broken.
func TestUndoRefuses(t *testing.T) {
	o := unpack(t, "freepbx17")
	connected(t, o)
	file := filepath.Join(o.Etc, "extensions_custom.conf")
	write(t, file, strings.Replace(read(t, file), "; <<< belwacht connect\n", "", 1))
	before := snapshot(t, filepath.Dir(o.Etc))
	_, err := Undo(o)
	code(t, err, belwacht.Config)
	if snapshot(t, filepath.Dir(o.Etc)) != before {
		t.Error("something was changed")
	}
}

// TestLinksAreFollowed keeps a link within the folder a link.
func TestLinksAreFollowed(t *testing.T) {
	o := unpack(t, "freepbx17")
	file := filepath.Join(o.Etc, "extensions_custom.conf")
	if err := errors.Join(os.Mkdir(filepath.Join(o.Etc, "own"), 0o755), os.Rename(file, filepath.Join(o.Etc, "own",
		"plan.conf")), os.Symlink("own/plan.conf", file)); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, o.Etc)
	connected(t, o)
	if to, err := os.Readlink(file); err != nil || to != "own/plan.conf" || !strings.Contains(read(t, file), "[belwacht-guard]") {
		t.Errorf("the link is %q, %v", to, err)
	}
	undone(t, o)
	if snapshot(t, o.Etc) != before {
		t.Error("not as before")
	}
}

// TestUndoKeepsCallsAlive refuses to take the guard away from under a plain Gosub(), and takes it away from under one that looks first.
func TestUndoKeepsCallsAlive(t *testing.T) {
	o := unpack(t, "asterisk")
	connected(t, o)
	file := filepath.Join(o.Etc, "extensions.conf")
	with := func(call string) {
		write(t, file, strings.Replace(read(t, file), " same => n,Dial(", " same => n,"+call+"\n same => n,Dial(", 1))
	}
	with("Gosub(belwacht-guard,s,1)")
	_, err := Undo(o)
	code(t, err, belwacht.Invalid)
	if err == nil || !strings.Contains(err.Error(), "extensions.conf:8: calls belwacht-guard") {
		t.Errorf("%v", err)
	}
	write(t, file, strings.Replace(read(t, file), " same => n,Gosub(belwacht-guard,s,1)\n", "", 1))
	with(GuardCall)
	undone(t, o)
	if !strings.Contains(read(t, file), GuardCall) || strings.Contains(read(t, file), "[belwacht-guard]") {
		t.Error("the owner's line went, or the guard did not")
	}
}
