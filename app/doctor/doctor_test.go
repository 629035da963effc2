package doctor

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/pbx/connect"
)

// connected is a plain Asterisk's folder that Belwacht was connected to, with its configuration.
func connected(t *testing.T) (p *Patient, o *connect.Options) {
	t.Helper()
	dir := t.TempDir()
	o = &connect.Options{Kind: connect.Asterisk, Etc: filepath.Join(dir, "etc"), Secrets: filepath.Join(dir, "secrets"), Own: filepath.Join(dir, "own"),
		Config: filepath.Join(dir, "own", "belwacht.yaml"), Fresh: "organisation:\n  country: NL\n  timezone: Europe/Amsterdam\n", Name: "proef", Asked: true}
	var err error
	if o.Numbers, err = number.New(number.Config{Country: "NL"}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(o.Etc, "manager.conf"), "[general]\nenabled = yes\n")
	write(t, filepath.Join(o.Etc, "extensions.conf"), "[a]\nexten => _X.,1,"+connect.GuardCall+"\n same => n,Dial(PJSIP/${EXTEN}@uit)\n")
	plan, _, err := connect.New(o)
	if err != nil {
		t.Fatal(err)
	}
	applied, err := plan.Apply()
	if err != nil {
		t.Fatal(err)
	}
	applied.Keep()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return &Patient{File: o.Config, Etc: o.Etc, Now: time.Date(2026, 7, 1, 12, 0, 0, 0, zone)}, o
}

func write(t *testing.T, path, contents string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
}

// edit replaces something in a file.
func edit(t *testing.T, path, from, to string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(b), from) {
		t.Fatalf("%s has no %s: %v", path, from, err)
	}
	write(t, path, strings.ReplaceAll(string(b), from, to))
}

// expect looks for the only result of a check at a level.
func expect(t *testing.T, got []Result, level Level, want string) {
	t.Helper()
	for _, r := range got {
		if r.Says.Dutch == "" || r.Says.English == "" || r.Level > OK && r.Do.English != "" && r.Do.Dutch == "" {
			t.Errorf("not in both languages: %+v", r)
		}
		if r.Level == level && strings.Contains(r.Says.English, want) {
			return
		}
	}
	t.Errorf("%+v has no %s with %q", got, level, want)
}

func TestConfiguration(t *testing.T) {
	p, o := connected(t)
	p.open()
	expect(t, configuration{}.Look(t.Context(), p), OK, "is right")
	edit(t, o.Config, "NL", "QQ")
	p.open()
	expect(t, configuration{}.Look(t.Context(), p), Wrong, "no country")
	write(t, o.Config, "organisation: {country: NL, timezone: Europe/Amsterdam}\n")
	p = &Patient{File: o.Config}
	p.open()
	expect(t, configuration{}.Look(t.Context(), p), Warning, "names no PBX")
	p = &Patient{File: o.Config + "x"}
	expect(t, Examine(t.Context(), p), Wrong, "no such file")
}

func TestClock(t *testing.T) {
	p, _ := connected(t)
	p.open()
	says := func(yes, known bool) clock { return clock{func() (bool, bool) { return yes, known }} }
	expect(t, says(true, true).Look(t.Context(), p), OK, "kept right")
	expect(t, says(false, true).Look(t.Context(), p), Warning, "not kept right")
	expect(t, says(false, false).Look(t.Context(), p), Warning, "does not say")
	p.Now = p.Now.UTC()
	expect(t, says(true, true).Look(t.Context(), p), Warning, "another hour on this machine than in Europe/Amsterdam")
	if _, known := synchronised(); !known {
		t.Skip("this kernel does not say")
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	p := &Patient{live: live{Data: filepath.Join(dir, "data")}}
	expect(t, folder{}.Look(t.Context(), p), Warning, "not there yet")
	for mode, want := range map[os.FileMode]Level{0o700: OK, 0o755: Warning} {
		p.live.Data = filepath.Join(dir, fmt.Sprintf("%o", mode))
		if err := os.Mkdir(p.live.Data, mode); err != nil {
			t.Fatal(err)
		}
		expect(t, folder{}.Look(t.Context(), p), want, p.live.Data)
	}
	p.live.Data = filepath.Join(dir, "file")
	write(t, p.live.Data, "")
	expect(t, folder{}.Look(t.Context(), p), Wrong, "is no folder")
}

func TestSecrets(t *testing.T) {
	ami, ask := "ami.secret", "ask.secret"
	for _, c := range []struct {
		name  string
		spoil func(dir string) error
		level Level
		want  string
	}{
		{"good", func(string) error { return nil }, OK, "2 secrets"},
		{"open", func(dir string) error { return os.Chmod(filepath.Join(dir, ask), 0o644) }, Wrong, "mode 0644"},
		{"as belwacht run takes them", func(dir string) error { return os.Chmod(filepath.Join(dir, ask), 0o640) }, OK, "2 secrets"},
		{"gone", func(dir string) error { return os.Remove(filepath.Join(dir, ami)) }, Wrong, "ami.secret is not there"},
		{"the same", func(dir string) error {
			b, err := os.ReadFile(filepath.Join(dir, ami))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, ask), b, 0o600)
		}, Wrong, "the same secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, o := connected(t)
			if err := c.spoil(o.Own); err != nil {
				t.Fatal(err)
			}
			p.open()
			expect(t, secrets{}.Look(t.Context(), p), c.level, c.want)
		})
	}
	p, o := connected(t)
	p.Etc = o.Own
	p.open()
	expect(t, secrets{}.Look(t.Context(), p), Warning, "lies in the PBX's folder")
}

// serve lets a handler answer on a port of its own until the test ends.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	l := listen(t)
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Second}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestPorts(t *testing.T) {
	ours := http.NewServeMux()
	ours.HandleFunc("POST /ask", func(http.ResponseWriter, *http.Request) { t.Error("a question was asked") })
	closed := listen(t)
	nobody := closed.Addr().String()
	_ = closed.Close()
	look := func(http, agi string) []Result {
		var x livePBX
		x.Ask.Listen, x.Ask.FastAGI = http, agi
		return ports{}.Look(t.Context(), &Patient{live: live{PBX: []livePBX{x}}})
	}
	expect(t, look(serve(t, ours), ""), OK, "Belwacht answers")
	expect(t, look(serve(t, http.NotFoundHandler()), ""), Wrong, "Another program")
	expect(t, look(nobody, ""), Warning, "Nobody listens")
	expect(t, look("", nobody), Warning, "Nobody listens")
	expect(t, look("", listen(t).Addr().String()), OK, "Somebody listens")
	expect(t, look("", "127.0.0.1:4573"), Wrong, "FreePBX's own")
}

// greeter says something to whoever connects.
func greeter(t *testing.T, says string) string {
	t.Helper()
	l := listen(t)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte(says))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// manages is an Asterisk manager that knows one secret; it denies an action.
func manages(t *testing.T, secret, denied string) string {
	t.Helper()
	l := listen(t)
	serve := func(c net.Conn) {
		defer c.Close()
		fmt.Fprint(c, "Asterisk Call Manager/11.0.0\r\n")
		in := bufio.NewReader(c)
		for {
			action := map[string]string{}
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
				if !ok {
					break
				}
				action[name] = value
			}
			response, message := "Success", "well"
			switch {
			case action["Action"] == denied:
				response, message = "Error", "Permission denied"
			case action["Action"] == "Login" && (action["Username"] != "belwacht" || action["Secret"] != secret):
				response, message = "Error", "Authentication failed"
			}
			fmt.Fprintf(c, "Response: %s\r\nActionID: %s\r\nMessage: %s\r\n\r\n", response, action["ActionID"], message)
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l.Addr().String()
}

func TestManager(t *testing.T) {
	p, o := connected(t)
	p.open()
	look := func(address string) []Result {
		p.live.PBX[0].AMI.Address = address
		return manager{}.Look(t.Context(), p)
	}
	b, err := os.ReadFile(filepath.Join(o.Own, "ami.secret"))
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSpace(string(b))
	expect(t, look(manages(t, secret, "")), OK, "belwacht logs in")
	expect(t, look(manages(t, "another", "")), Wrong, "refuses user belwacht")
	expect(t, look(manages(t, secret, "CoreShowChannels")), Wrong, "may not do CoreShowChannels")
	expect(t, look(greeter(t, "SSH-2.0-OpenSSH\r\n")), Wrong, "is no Asterisk manager")
	expect(t, look(greeter(t, strings.Repeat("x", 100_000))), Wrong, "is no Asterisk manager")
	closed := listen(t)
	_ = closed.Close()
	expect(t, look(closed.Addr().String()), Wrong, "not reached")
	for _, r := range append(look(manages(t, "another", "")), look(manages(t, secret, "Login"))...) {
		if strings.Contains(r.Says.English+r.Do.English, secret) {
			t.Errorf("the secret is told: %+v", r)
		}
	}
}

// TestRunning: what a running Belwacht says of itself, and that it does not run.
func TestRunning(t *testing.T) {
	p, _ := connected(t)
	p.open()
	expect(t, running{}.Look(t.Context(), p), Warning, "does not run")
	p.settings = nil
	if got := (running{}).Look(t.Context(), p); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestHookAndHoles(t *testing.T) {
	p, o := connected(t)
	p.open()
	expect(t, hook{}.Look(t.Context(), p), OK, "proef asks Belwacht")
	expect(t, holes{}.Look(t.Context(), p), OK, "No way round")
	plan := filepath.Join(o.Etc, "extensions.conf")
	edit(t, plan, "[a]\n", "[b]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@uit)\n[a]\n")
	expect(t, holes{}.Look(t.Context(), p), Warning, "extensions.conf:2, context b: a trunk is dialled")
	edit(t, plan, `"112"`, `"113"`)
	expect(t, hook{}.Look(t.Context(), p), Wrong, "somebody has written")
	write(t, plan, "; >>> belwacht connect\n")
	expect(t, hook{}.Look(t.Context(), p), Wrong, "begins here and ends nowhere")
	p.Etc += "/none"
	expect(t, hook{}.Look(t.Context(), p), Warning, "nobody looked")
}

// TestLevels holds the words that machines read.
func TestLevels(t *testing.T) {
	b, err := json.Marshal([]Level{OK, Warning, Wrong})
	if err != nil || string(b) != `["ok","warning","wrong"]` {
		t.Errorf("%s, %v", b, err)
	}
	var l Level
	if err := l.UnmarshalText([]byte("grave")); err == nil || belwacht.CodeOf(err) != belwacht.Usage {
		t.Errorf("%v", err)
	}
	if Worst(nil) != OK || Worst([]Result{{Level: Wrong}, {Level: Warning}}) != Wrong {
		t.Error("the worst is not the worst")
	}
}
