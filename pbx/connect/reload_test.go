package connect

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// answers is a Runner that says what a program would, by its last argument; what is missing fails.
func answers(asked *[]string, list map[string]string) Runner {
	return func(_ context.Context, stdin, program string, args ...string) (string, error) {
		last := args[len(args)-1]
		*asked = append(*asked, program+" "+strings.Join(args, " ")+stdin)
		if out, ok := list[last]; ok {
			return out, nil
		}
		return "", belwacht.Errorf(belwacht.Unreachable, "%s fails", last)
	}
}

// asterisk22 is what a real Asterisk 22 said after a connection of FreePBX 17.
func asterisk22() map[string]string {
	return map[string]string{
		"core show version":                                          "Asterisk 22.10.1 built by nobody @ buildd on a unknown running Linux on 2026-07-20 21:35:32 UTC\n",
		"dialplan reload":                                            "Dialplan reloaded.\n",
		"module reload manager":                                      "Module 'manager' reloaded successfully.\n",
		"dialplan show belwacht-guard":                               "[ Context 'belwacht-guard' created by 'pbx_config' ]\n",
		"dialplan show belwacht-ask":                                 "[ Context 'belwacht-ask' created by 'pbx_config' ]\n",
		"manager show user belwacht":                                 "\n          username: belwacht\n            secret: <Set>\n",
		"dialplan show " + hook:                                      "[ Context '" + hook + "' created by 'pbx_config' ]\n  's' =>            1. Gosub(belwacht-guard,s,1)                  [extensions_custom.conf:9]\n",
		"dialplan set global BELWACHT_TEST waits":                    "\n    -- Global variable 'BELWACHT_TEST' set to 'waits'\n",
		"channel originate Local/s@belwacht-test/n application NoOp": "",
		"dialplan show globals":                                      "   BELWACHT_TEST=passed\n",
	}
}

func TestActivate(t *testing.T) {
	for _, c := range []struct {
		name, command, answer, want string
	}{
		{"good", "", "", ""},
		{"another Asterisk", "dialplan show belwacht-guard", "There is no existence of 'belwacht-guard' context\n", "is that the folder it reads"},
		{"secrets that Asterisk cannot read", "dialplan show belwacht-ask", "There is no existence of 'belwacht-ask' context\n", "may its user read"},
		{"no manager user", "manager show user belwacht", "There is no manager called belwacht\n", "manager show user belwacht"},
		{"another hook wins", "dialplan show " + hook, "  's' =>  1. return()\n", hook},
		{"reload fails", "module reload manager", "Module 'manager' could not be reloaded: error\n", "module reload manager"},
		{"no such command", "dialplan reload", "No such command 'dialplan reload'\n", "No such command"},
		{"the hook keeps the call", "dialplan show globals", "   BELWACHT_TEST=waits\n", "did not come back"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				list, asked := asterisk22(), []string{}
				if c.command != "" {
					list[c.command] = c.answer
				}
				console := Console{answers(&asked, list)}
				err := console.Activate(t.Context(), &Options{Etc: "/etc/asterisk", Secrets: "/s"}, &PBX{Generation: asterisk.ByGosub})
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || belwacht.CodeOf(err) != belwacht.Unreachable) {
					t.Errorf("error %v, want %q", err, c.want)
				}
				for _, a := range asked {
					if !strings.HasPrefix(a, "asterisk -rx ") {
						t.Errorf("ran %s", a)
					}
				}
			})
		})
	}
	asked := []string{}
	console := Console{answers(&asked, nil)}
	if err := console.Activate(t.Context(), &Options{}, &PBX{}); !errors.Is(err, ErrNotRunning) || len(asked) != 1 {
		t.Errorf("%v after %q", err, asked)
	}
}

func TestRun(t *testing.T) {
	if out, err := Run(t.Context(), "in", "cat"); err != nil || out != "in" {
		t.Errorf("%q, %v", out, err)
	}
	_, err := Run(t.Context(), "", "no-such-program-here")
	code(t, err, belwacht.NotFound)
	_, err = Run(t.Context(), "", "false")
	code(t, err, belwacht.Unreachable)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Run(ctx, "", "cat")
	code(t, err, belwacht.Unreachable)
	if out, err := Run(t.Context(), strings.Repeat("x", 2*maxOutput), "cat"); err != nil || len(out) != maxOutput {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

func TestGrant(t *testing.T) {
	o := unpack(t, "freepbx17")
	connected(t, o)
	secret := strings.TrimSpace(read(t, filepath.Join(o.Own, fileCDR)))
	var stdin string
	run := func(_ context.Context, in, program string, args ...string) (string, error) {
		if stdin += in; program != "mysql" || strings.Contains(strings.Join(args, " "), secret) {
			t.Errorf("%s %q", program, args)
		}
		return "", nil
	}
	if err := Grant(t.Context(), run, o); err != nil || strings.Count(stdin, "IDENTIFIED BY '"+secret+"'") != 4 || strings.Count(stdin, "GRANT SELECT ON asteriskcdrdb.c") != 4 ||
		strings.Count(stdin, "GRANT") != 4 {
		t.Errorf("%v: %s", err, stdin)
	}
	newer := func(_ context.Context, _, program string, _ ...string) (string, error) {
		if program == "mysql" {
			return "", belwacht.Errorf(belwacht.NotFound, "the program mysql is not on this machine")
		}
		return "", nil
	}
	if err := Grant(t.Context(), newer, o); err != nil {
		t.Errorf("a client by its newer name: %v", err)
	}
	failing := func(context.Context, string, string, ...string) (string, error) {
		out := "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax near 'BY '" + secret + "'' at line 1\n"
		return out, belwacht.Errorf(belwacht.Unreachable, "mysql: exit status 1: %s", out)
	}
	if err := Grant(t.Context(), failing, o); err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "ERROR 1064") {
		t.Errorf("%v", err)
	}
	if s := GrantByHand(o); strings.Contains(s, secret) || !strings.Contains(s, "cdr.secret") {
		t.Errorf("%s", s)
	}
}

// TestDiffHides shows no secret of Belwacht's or the owner's, and nothing that a terminal would obey.
func TestDiffHides(t *testing.T) {
	o := unpack(t, "freepbx17")
	write(t, filepath.Join(o.Etc, "manager_custom.conf"), "[w]\nsecret=van-de-eigenaar\ndbpass => x1\n; \x1b[31mred\n")
	p, _, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(p.Diff(), "\n")
	for _, s := range append(p.secrets, "van-de-eigenaar", "x1", "\x1b") {
		if strings.Contains(all, s) {
			t.Errorf("the diff shows %q", s)
		}
	}
	if !strings.Contains(all, " secret=••••") || !strings.Contains(all, "+secret=••••") || !strings.Contains(all, "secret_file: ") {
		t.Errorf("%s", all)
	}
}
