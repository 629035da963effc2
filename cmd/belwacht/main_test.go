package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this test program as belwacht.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"belwacht": main})
}

// TestScripts types commands as users do: testdata/*.txtar, each in an empty folder of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("TZ", "America/Lima") // the machine's zone must not matter
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "listens": listens, "asks": asks, "tells": tells, "signals": signals},
		// A folder to look at, where a script fails: BELWACHT_TESTWORK=1 go test ./cmd/belwacht
		TestWork: os.Getenv("BELWACHT_TESTWORK") != "",
		Deadline: deadline(t),
	})
}

// deadline stops a script that hangs while there is still time to say which.
func deadline(t *testing.T) time.Time {
	if d, ok := t.Deadline(); ok {
		return d.Add(-10 * time.Second)
	}
	return time.Time{}
}

// exits runs a command and compares its exit code: exits 4 belwacht config check bad.yaml.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS…")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func TestRunSaysInternalErrors(t *testing.T) {
	var out, errs bytes.Buffer
	env := &environment{in: strings.NewReader(""), out: &out, err: &errs, now: time.Now, getenv: os.Getenv, environ: func() []string { panic("internal error: a test") }}
	if code := run(context.Background(), env, []string{"config", "check", "main.go"}); code != 1 || !strings.Contains(errs.String(), "belwacht: internal error: internal error: a test") {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
}

func TestRunSaysInterruption(t *testing.T) {
	var out, errs bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	env := &environment{in: strings.NewReader(""), out: &out, err: &errs, now: time.Now, getenv: os.Getenv, environ: os.Environ}
	if code := run(ctx, env, []string{"version"}); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
}
