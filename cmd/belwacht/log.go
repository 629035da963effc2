package main

import (
	"log/slog"
	"os"

	"github.com/belwacht/belwacht/terminal/backlog"
)

// newLog writes lines of words to a terminal, and of JSON elsewhere. flush ends it and writes what is left.
func newLog(env *environment) (log *slog.Logger, flush func()) {
	f, ok := env.err.(*os.File)
	return backlog.Log(env.err, ok && isTerminal(f))
}
