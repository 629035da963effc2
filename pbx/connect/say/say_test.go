package say

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/text"
)

// atTerminal speaks of a small Asterisk's folder to somebody at a terminal who answers so.
func atTerminal(t *testing.T, in io.Reader) (*Speaker, *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	etc := filepath.Join(dir, "etc")
	if err := os.Mkdir(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, contents := range map[string]string{"extensions.conf": "[a]\nexten => 1,1,NoOp()\n", "manager.conf": "[general]\nenabled = yes\n"} {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	site, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	return &Speaker{In: in, Out: &out, Terminal: true, NoReload: true, Options: connect.Options{Kind: connect.Asterisk, Etc: etc, Secrets: filepath.Join(dir, "secrets"),
		Own: filepath.Join(dir, "secrets"), Numbers: site, Name: "pbx", Asked: true}}, &out
}

// TestAsks does nothing unless a person says yes.
func TestAsks(t *testing.T) {
	for answer, done := range map[string]bool{"y\n": true, "ja\n": true, "YES\n": true, "n\n": false, "\n": false, "": false, "yesterday\n": false} {
		s, out := atTerminal(t, strings.NewReader(answer))
		told := 0
		s.Changed = func(files []string, undo bool) {
			if told++; len(files) == 0 || undo {
				t.Errorf("told of %q, undone %v", files, undo)
			}
		}
		if err := s.Connect(t.Context()); err != nil || !strings.Contains(out.String(), "Do this? [y/N] ") {
			t.Errorf("%q: %v, %s", answer, err, out)
		}
		if _, err := os.Stat(s.Secrets); (err == nil) != done || strings.Contains(out.String(), "Nothing has been changed.") == done {
			t.Errorf("%q: %s", answer, out)
		}
		if (told == 1) != done {
			t.Errorf("%q: told %d times", answer, told)
		}
	}
}

// TestNobodyToAsk changes nothing where nobody can be asked.
func TestNobodyToAsk(t *testing.T) {
	s, _ := atTerminal(t, strings.NewReader("y\n"))
	s.Terminal = false
	if err := s.Connect(t.Context()); belwacht.CodeOf(err) != belwacht.Usage || !strings.Contains(err.Error(), "--dry-run") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(s.Secrets); err == nil {
		t.Error("something was changed")
	}
}

// TestInterrupted ends the waiting for an answer.
func TestInterrupted(t *testing.T) {
	in, never := io.Pipe()
	defer never.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := atTerminal(t, in)
	s.Out, s.Language = &trigger{on: "[j/N]", do: cancel}, text.Dutch
	if err := s.Connect(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(s.Secrets); err == nil {
		t.Error("something was changed")
	}
}

// TestPutsBack: where the Asterisk that was told to read the files does not have what is in them, they are as they were, and that is said.
func TestPutsBack(t *testing.T) {
	s, out := atTerminal(t, strings.NewReader(""))
	s.Yes, s.NoReload = true, false
	file := filepath.Join(s.Etc, "extensions.conf")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reloads := 0
	s.Console.Run = func(_ context.Context, _, _ string, args ...string) (string, error) {
		switch command := args[len(args)-1]; command {
		case "core show version":
			return "Asterisk 22.10.1\n", nil
		case "dialplan reload":
			reloads++
		}
		return "", nil // it shows nothing of what was written
	}
	err = s.Connect(t.Context())
	if belwacht.CodeOf(err) != belwacht.Unreachable || !strings.Contains(err.Error(), "everything has been put back as it was") {
		t.Errorf("%v", err)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("%v: %s", err, after)
	}
	if strings.Contains(out.String(), "Done") || reloads != 2 {
		t.Errorf("reloaded %d times:\n%s", reloads, out)
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
