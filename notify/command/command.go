// Package command tells alerts by running a program of the owner's, such as a script around curl or sendmail.
//
// The program is started without a shell, with the arguments that the configuration gives and none of an alert's. It gets the notify.Message in JSON on its
// standard input and the variables BELWACHT_TENANT, BELWACHT_ACCOUNT, BELWACHT_CAUSE, BELWACHT_WORD and BELWACHT_TEXT, each one line; of Belwacht's own
// environment only what a program needs to find its files, its language and a proxy. Exit status 0 means that the alert has arrived, any other that it is to
// be tried again. After 30 seconds the program is killed with all that it started. What it writes is kept for the error only, and little of it.
package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

const (
	timeout    = 30 * time.Second
	after      = 2 * time.Second // for its output to end once it has
	outputMost = 4 << 10         // bytes of its output that are kept
	saidMost   = 300             // characters of it that are shown
)

// Config is what is run.
type Config struct {
	Run     []string      // the program's absolute path and its arguments
	Environ []string      // Belwacht's own environment, as os.Environ gives it
	Timeout time.Duration // 0 = 30 s
}

// Command is a notify.Way.
type Command struct {
	run     []string
	environ []string
	timeout time.Duration
	one     sync.Mutex // at most one at once
}

// New makes a Command. An error is of code Config.
func New(c Config) (*Command, error) {
	if len(c.Run) == 0 || !filepath.IsAbs(c.Run[0]) {
		return nil, belwacht.Errorf(belwacht.Config, "the alert command must begin with the absolute path of a program, such as /usr/local/bin/alert")
	}
	if c.Timeout <= 0 {
		c.Timeout = timeout
	}
	return &Command{run: slices.Clone(c.Run), environ: needed(c.Environ), timeout: c.Timeout}, nil
}

// needed is what a program gets of an environment: nothing that may be a secret of Belwacht's.
func needed(environ []string) []string {
	names := []string{"PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LC_ALL", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"}
	var out []string
	for _, v := range environ {
		if name, _, _ := strings.Cut(v, "="); slices.Contains(names, strings.ToUpper(name)) {
			out = append(out, v)
		}
	}
	return out
}

// Name implements notify.Way.
func (c *Command) Name() string { return "command " + text.Clean(c.run[0], 200) }

// Send implements notify.Way. It takes at most its timeout and two seconds; a second one at the same time waits for the first.
func (c *Command) Send(ctx context.Context, m *notify.Message) error {
	c.one.Lock()
	defer c.one.Unlock()
	in, err := json.Marshal(m)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	said := &output{}
	p := exec.CommandContext(ctx, c.run[0], c.run[1:]...)
	p.Stdin, p.Stdout, p.Stderr = bytes.NewReader(append(in, '\n')), said, said
	p.Env = append(slices.Clone(c.environ), "BELWACHT_TENANT="+m.Tenant, "BELWACHT_ACCOUNT="+m.Account, "BELWACHT_CAUSE="+m.Cause,
		"BELWACHT_WORD="+m.Word.String(), "BELWACHT_TEXT="+m.Text)
	p.Dir = "/"
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that all that it starts can be killed with it
	p.Cancel = func() error { return syscall.Kill(-p.Process.Pid, syscall.SIGKILL) }
	p.WaitDelay = after
	if err := p.Start(); err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "%s cannot be started (%s); is the path right, and may the user that Belwacht runs as execute it?",
			c.Name(), text.Clean(errno(err), 100))
	}
	err = p.Wait()
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return belwacht.Errorf(belwacht.Invalid, "%s was killed, since Belwacht stops", c.Name())
	case ctx.Err() != nil:
		return belwacht.Errorf(belwacht.Invalid, "%s was not done after %.3g s and was killed%s", c.Name(), c.timeout.Seconds(), said)
	case errors.Is(err, exec.ErrWaitDelay): // it has ended well and left something behind that still holds its output
		_ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
		return nil
	}
	return belwacht.Errorf(belwacht.Invalid, "%s ended with %s%s", c.Name(), text.Clean(err.Error(), 60), said)
}

// errno is the reason alone, without the path that is named already.
func errno(err error) string {
	var n syscall.Errno
	if errors.As(err, &n) {
		return n.Error()
	}
	return err.Error()
}

// output keeps the beginning of what a program writes.
type output struct {
	mu sync.Mutex
	b  []byte
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b = append(o.b, b[:min(len(b), outputMost-len(o.b))]...)
	return len(b), nil
}

// String is what was written as the end of a sentence, "" for nothing.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if said := text.Clean(strings.TrimSpace(string(o.b)), saidMost); said != "" {
		return "; it said: " + said
	}
	return "; it said nothing"
}
