package connect

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestInspect spoils a connection in every way that doctor must notice.
func TestInspect(t *testing.T) {
	replace := func(file, from, to string) func(*testing.T, *Options) {
		return func(t *testing.T, o *Options) {
			path := filepath.Join(o.Etc, file)
			s := read(t, path)
			if !strings.Contains(s, from) {
				t.Fatalf("%s has no %s", file, from)
			}
			write(t, path, strings.Replace(s, from, to, 1))
		}
	}
	for _, c := range []struct {
		name, tree string
		spoil      func(*testing.T, *Options)
		want       string // in the sentence; "" for no trouble
		grave      bool
	}{
		{"as it should be", "freepbx15", func(*testing.T, *Options) {}, "", false},
		{"as it should be, Gosub", "freepbx17", func(*testing.T, *Options) {}, "", false},
		{"hook written in", "freepbx17", replace("extensions_custom.conf", `"112"`, `"113"`), "somebody has written in Belwacht's part", true},
		{"hook gone", "freepbx17", func(t *testing.T, o *Options) { write(t, filepath.Join(o.Etc, "extensions_custom.conf"), "") }, "does not ask Belwacht", true},
		{"manager user gone", "freepbx17", func(t *testing.T, o *Options) { write(t, filepath.Join(o.Etc, "manager_custom.conf"), "") }, "no manager user", true},
		{"upgraded to 17", "freepbx16", replace("extensions_additional.conf", "Macro(dialout-trunk-predial-hook,)", "Gosub(macro-dialout-trunk-predial-hook,s,1())"),
			"of another generation", true},
		{"another hook", "freepbx17", replace("extensions.conf", "#include extensions_override", "["+hook+"]\n#include extensions_override"), "another hook is read before", true},
		{"not included", "freepbx17", replace("extensions.conf", "#include extensions_custom.conf\n", ""), "does not include extensions_custom.conf", true},
		{"manager off", "freepbx17", replace("manager.conf", "enabled = yes", "enabled = no"), "switched off", true},
		{"question gone", "freepbx17", func(t *testing.T, o *Options) {
			if err := os.Remove(filepath.Join(o.Secrets, fileQuery)); err != nil {
				t.Fatal(err)
			}
		}, "goes without it", true},
		{"question open", "freepbx17", func(t *testing.T, o *Options) {
			if err := os.Chmod(filepath.Join(o.Secrets, fileQuery), 0o644); err != nil {
				t.Fatal(err)
			}
		}, "read or written by others (mode 0644)", false},
		{"another secret", "freepbx17", func(t *testing.T, o *Options) { write(t, filepath.Join(o.Own, fileAsk), strings.Repeat("x", 26)+"\n") }, "another secret than Belwacht knows", true},
		{"nobody calls the guard", "asterisk", func(*testing.T, *Options) {}, "nothing calls belwacht-guard", true},
		{"somebody does", "asterisk", replace("extensions.conf", " same => n,Dial(", " same => n,"+GuardCall+"\n same => n,Dial("), "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := unpack(t, c.tree)
			connected(t, o)
			c.spoil(t, o)
			got, err := Inspect(&Options{Kind: o.Kind, Etc: o.Etc, Own: o.Own, Secrets: o.Secrets})
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if len(got) > 0 {
					t.Errorf("%v", got)
				}
				return
			}
			if !slices.ContainsFunc(got, func(x Trouble) bool {
				return strings.Contains(x.Says.English, c.want) && x.Grave == c.grave && x.Do.Dutch != "" && x.Says.Dutch != x.Says.English
			}) {
				t.Errorf("%v lacks %q", got, c.want)
			}
		})
	}
}

// TestHoles finds what dials a trunk without asking, and nothing else.
func TestHoles(t *testing.T) {
	for _, c := range []struct {
		name, tree, file, text string
		trunks                 []string
		want                   []int // lines of the file
	}{
		{"none", "freepbx17", "globals_custom.conf", "", nil, nil},
		{"custom dials", "freepbx17", "extensions_custom.conf", "[a]\nexten => _00.,1,Dial(PJSIP/${EXTEN}@voorbeeld-uit,60)\n same => n,Dial(PJSIP/201)\n" +
			" same => n,Dial(PJSIP/voorbeeld-uit/sip:${EXTEN}@x)\n same => n,Dial(${OUT_1}/${EXTEN})\n same => n,Dial(DAHDI/g0/${EXTEN})\n same => n,Dial(Local/1@from-internal)\n" +
			"; exten => 1,1,Dial(PJSIP/1@voorbeeld-uit)\n same => n,Originate(PJSIP/${X}@voorbeeld-uit,exten,a,s,1)\n same => n,Dial(PJSIP/1@voorbeeld-uit2)\n", nil, []int{2, 4, 5, 6, 9}},
		{"guarded", "freepbx17", "extensions_custom.conf", "[a]\nexten => _0.,1," + GuardCall + "\n same => n,Dial(PJSIP/1@voorbeeld-uit)\nexten => _1.,1,Dial(PJSIP/1@voorbeeld-uit)\n",
			nil, []int{4}},
		{"generated", "freepbx17", "extensions_additional.conf", "[ext-did]\nexten => 1,1,Gosub(x,s,1)\n same => n,Goto(ext-trunk,1,1)\n[ext-trunk]\nexten => 1,1,Goto(ext-trunk,2,1)\n" +
			"[r]\nexten => 1,1,Gosub(macro-dialout-enum,s,1(3))\n same => n,Dial(PJSIP/1@voorbeeld-uit)\n", nil, []int{3, 7}},
		{"by hand", "asterisk", "extensions.conf", "[a]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@uit)\n same => n,Dial(PJSIP/201)\n", nil, []int{2}},
		{"by hand, trunks named", "asterisk", "extensions.conf", "[a]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@uit)\n same => n,Dial(PJSIP/1@phone)\n", []string{"PJSIP/uit"}, []int{2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := unpack(t, c.tree)
			if c.name != "generated" {
				connected(t, o)
			}
			if c.text != "" {
				write(t, filepath.Join(o.Etc, c.file), c.text)
			}
			got, err := Holes(o, c.trunks)
			if err != nil {
				t.Fatal(err)
			}
			var lines []int
			for _, h := range got {
				if filepath.Base(h.File) != c.file || h.Says.Dutch == "" {
					t.Errorf("%+v", h)
				}
				lines = append(lines, h.Line)
			}
			if fmt.Sprint(lines) != fmt.Sprint(c.want) {
				t.Errorf("lines %v, want %v", lines, c.want)
			}
		})
	}
}
