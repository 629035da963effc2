package connect

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/text"
)

// Runner runs a program with fixed arguments and returns what it said, at most 1 MB.
type Runner func(ctx context.Context, stdin, program string, args ...string) (string, error)

// The longest that one program may take, and that the test call may.
const (
	maxRun  = 20 * time.Second
	maxTest = 5 * time.Second
)

const (
	maxOutput    = 1 << 20
	testVariable = "BELWACHT_TEST"
)

// Run is the Runner of the real world. A program that is not there is an error of code NotFound, one that fails or takes longer than 20 s of code
// Unreachable.
func Run(ctx context.Context, stdin, program string, args ...string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", belwacht.Errorf(belwacht.NotFound, "the program %s is not on this machine", program)
	}
	ctx, cancel := context.WithTimeout(ctx, maxRun)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Stdin = strings.NewReader(stdin)
	out := &limited{most: maxOutput}
	c.Stdout, c.Stderr = out, out
	c.WaitDelay = time.Second
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return out.b.String(), belwacht.Errorf(belwacht.Unreachable, "%s: %w: %s", program, err, text.Clean(strings.TrimSpace(out.b.String()), 200))
	}
	return out.b.String(), nil
}

// limited keeps the first bytes of what is written to it.
type limited struct {
	b    bytes.Buffer
	most int
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	l.b.Write(p[:min(len(p), l.most-l.b.Len())])
	return len(p), nil
}

// Console is a running Asterisk's command line, reached through its own program on this machine.
type Console struct{ Run Runner }

// do gives one command to Asterisk.
func (c *Console) do(ctx context.Context, command string) (string, error) {
	return c.Run(ctx, "", "asterisk", "-rx", command)
}

// Running says whether an Asterisk runs here that this user may talk to.
func (c *Console) Running(ctx context.Context) bool {
	out, err := c.do(ctx, "core show version")
	return err == nil && strings.Contains(out, "Asterisk ")
}

// HasCURL says whether Asterisk can ask by HTTP.
func (c *Console) HasCURL(ctx context.Context) bool {
	out, err := c.do(ctx, "module show like curl")
	return err == nil && strings.Contains(out, "func_curl.so") && strings.Contains(out, "res_curl.so")
}

// Reload has the dial plan and the manager users read anew; nothing else is touched and no call is ended.
func (c *Console) Reload(ctx context.Context) error {
	for _, command := range []string{"dialplan reload", "module reload manager"} {
		out, err := c.do(ctx, command)
		if err != nil {
			return err
		}
		if s := strings.ToLower(out); strings.Contains(s, "no such command") || strings.Contains(s, "fail") || strings.Contains(s, "error") || strings.Contains(s,
			"unable") {
			return belwacht.Errorf(belwacht.Unreachable, "asterisk -rx '%s' answers: %s", command, text.Clean(strings.TrimSpace(out), 200))
		}
	}
	return nil
}

// Verify looks whether the reloaded Asterisk has what was written.
func (c *Console) Verify(ctx context.Context, o *Options, pbx *PBX) error {
	looks := []struct{ command, want string }{{"dialplan show belwacht-guard", "Context 'belwacht-guard'"}, {"dialplan show belwacht-ask",
		"Context 'belwacht-ask'"},
		{"manager show user " + userAMI, "username: " + userAMI}}
	if pbx.Generation != asterisk.ByHand {
		looks = append(looks, struct{ command, want string }{"dialplan show " + hook, "Gosub(belwacht-guard,s,1)"})
	}
	for _, l := range looks {
		out, err := c.do(ctx, l.command)
		if err != nil {
			return err
		}
		if !strings.Contains(out, l.want) {
			return belwacht.Errorf(belwacht.Unreachable,
				"after the reload Asterisk does not show what was written to %s (asterisk -rx '%s' lacks %q); is that the folder "+
					"it reads, and may its user read %s? Use --no-reload where another Asterisk runs", o.Etc, l.command, l.want, o.Secrets)
		}
	}
	return nil
}

// Test plays an emergency call up to the place where a trunk would dial: it must come back from the hook, without having been asked about. Nothing is
// dialled.
func (c *Console) Test(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, maxTest)
	defer cancel()
	for _, command := range []string{"dialplan set global " + testVariable + " waits", "channel originate Local/s@belwacht-test/n application NoOp"} {
		if _, err := c.do(ctx, command); err != nil {
			return err
		}
	}
	for {
		out, err := c.do(ctx, "dialplan show globals")
		if err == nil && strings.Contains(out, testVariable+"=passed") {
			return nil
		}
		select {
		case <-ctx.Done():
			return belwacht.Errorf(belwacht.Unreachable, "a test call to an emergency number did not come back from the hook within %s", maxTest)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ErrNotRunning says that there is no Asterisk to reload.
var ErrNotRunning = errors.New("no Asterisk runs here")

// Activate reloads a running Asterisk, looks whether it has what was written, and plays the test call. Where that fails, the caller puts everything back.
// It is ErrNotRunning where none runs.
func (c *Console) Activate(ctx context.Context, o *Options, pbx *PBX) error {
	if !c.Running(ctx) {
		return ErrNotRunning
	}
	for _, step := range []func(context.Context) error{c.Reload, func(ctx context.Context) error { return c.Verify(ctx, o, pbx) }, c.Test} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}
