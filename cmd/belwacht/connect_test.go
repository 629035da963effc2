package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// plainAsterisk is the folder of a small one.
func plainAsterisk(t *testing.T) (etc, secrets string) {
	t.Helper()
	dir := t.TempDir()
	etc = filepath.Join(dir, "etc")
	if err := os.Mkdir(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, contents := range map[string]string{"extensions.conf": "[a]\nexten => 1,1,NoOp()\n", "manager.conf": "[general]\nenabled = yes\n"} {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return etc, filepath.Join(dir, "secrets")
}

// connectWith types connect at a terminal, with what a person answers.
func connectWith(ctx context.Context, t *testing.T, in io.Reader, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	env := &environment{in: in, out: &o, err: &e, isTerminal: true, now: time.Now, getenv: func(string) string { return "" }, environ: func() []string { return nil }}
	code = run(ctx, env, append([]string{"connect", "asterisk", "--no-reload"}, args...))
	return code, o.String(), e.String()
}

// TestConnectAsks does nothing unless a person says yes.
func TestConnectAsks(t *testing.T) {
	for answer, done := range map[string]bool{"y\n": true, "ja\n": true, "YES\n": true, "n\n": false, "\n": false, "": false, "yesterday\n": false} {
		etc, secrets := plainAsterisk(t)
		code, out, errs := connectWith(t.Context(), t, strings.NewReader(answer), "--etc", etc, "--secrets", secrets)
		if code != 0 || errs != "" || !strings.Contains(out, "Do this? [y/N] ") {
			t.Errorf("%q: %d, %s%s", answer, code, out, errs)
		}
		if _, err := os.Stat(secrets); (err == nil) != done || strings.Contains(out, "Nothing has been changed.") == done {
			t.Errorf("%q: %s", answer, out)
		}
	}
}

// TestConnectIsInterrupted ends the waiting for an answer.
func TestConnectIsInterrupted(t *testing.T) {
	etc, secrets := plainAsterisk(t)
	in, never := io.Pipe()
	defer never.Close()
	ctx, cancel := context.WithCancel(t.Context())
	asked := &trigger{on: "[j/N]", do: cancel}
	env := &environment{in: in, out: asked, err: io.Discard, isTerminal: true, now: time.Now, getenv: func(string) string { return "" }, environ: func() []string { return nil }}
	if code := run(ctx, env, []string{"connect", "asterisk", "--no-reload", "--etc", etc, "--secrets", secrets, "--lang", "nl"}); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat(secrets); err == nil {
		t.Error("something was changed")
	}
}

// trigger does something when a text is written to it.
type trigger struct {
	on string
	do func()
}

// Write implements io.Writer.
func (w *trigger) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.on) {
		w.do()
	}
	return len(p), nil
}
