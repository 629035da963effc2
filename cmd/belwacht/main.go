// Command belwacht guards a telephone system against fraud. This package is flags, signals and exit codes; what the commands do is in
// the packages below.
//
// One file a command: NAME.go holds newNAMECommand(env), which is listed in newRoot. A command returns its error and prints none: a
// [belwacht.Error] becomes one sentence on standard error and an exit code by [belwacht.Exit]. It reads and writes only through
// the [environment], so that a test can run it in its own process.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// environment is all of the world that a command may touch apart from the files that it is told to.
type environment struct {
	in         io.Reader
	out        io.Writer
	err        io.Writer
	isTerminal bool             // out is a terminal: progress bars and colours may be written
	colour     bool             // isTerminal, and NO_COLOR and TERM do not forbid it
	now        func() time.Time // the wall clock
	getenv     func(string) string
	environ    func() []string
}

// exitInterrupted is what a shell says of a program ended by Ctrl-C: 128 + SIGINT.
const exitInterrupted = 130

func main() {
	terminal := isTerminal(os.Stdout)
	env := &environment{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		isTerminal: terminal,
		colour:     terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		now:        time.Now, getenv: os.Getenv, environ: os.Environ,
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, env, os.Args[1:])
	stop()
	os.Exit(code)
}

// isTerminal says whether f is a terminal. The null device is a character device too, and none.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// run carries out one command line and returns the exit code. Its context ends on Ctrl-C.
func run(ctx context.Context, env *environment, args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(env.err, "belwacht: internal error: %v: please report it with what follows\n%s", p, debug.Stack())
			code = 1
		}
	}()
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if errors.Is(err, errStopped) {
		return 0
	}
	if ctx.Err() != nil {
		// A command that was told to stop may say so by an error or end as if done; both are an interruption to the shell.
		return exitInterrupted
	}
	if err == nil {
		return 0
	}
	err = asUsage(err)
	printError(env.err, err)
	return belwacht.Exit(err)
}

// asUsage gives cobra's own errors, which have no code, the code Usage.
func asUsage(err error) error {
	var known *belwacht.Error
	if errors.As(err, &known) {
		return err
	}
	if s := err.Error(); strings.HasPrefix(s, "required flag") || strings.HasPrefix(s, "if any flags in the group") || strings.HasPrefix(s, "unknown ") {
		return belwacht.Errorf(belwacht.Usage, "%s", s)
	}
	return err
}

// printError prints each of the error's sentences on a line of its own.
func printError(w io.Writer, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if line != "" {
			fmt.Fprintf(w, "belwacht: %s\n", text.Clean(line, 1000))
		}
	}
}
