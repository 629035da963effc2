package belwacht

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Code sorts errors for machines; the sentence is for people.
type Code string

// The codes; each has one exit code of the command line (see Exit).
const (
	Invalid     Code = "invalid"     // the input is wrong: a file, a value
	NotFound    Code = "not_found"   // what was asked for does not exist
	Config      Code = "config"      // the configuration is wrong
	Unreachable Code = "unreachable" // a remote system does not answer
	Usage       Code = "usage"       // the command line is wrong
	Internal    Code = "internal"    // our own fault
	Findings    Code = "findings"    // a check found what it was told to fail on
	Forbidden   Code = "forbidden"   // whoever asks has not the right
	TooMany     Code = "too_many"    // too much is asked; try again later
)

// Error is an error with a code for machines and one sentence for people, which says what is wrong, where, and what to do.
type Error struct {
	Code    Code
	Message string
	cause   error
}

// Errorf makes an Error; a %w in the format keeps the cause for errors.Is and errors.As.
func Errorf(code Code, format string, args ...any) error {
	wrapped := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: wrapped.Error(), cause: errors.Unwrap(wrapped)}
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf returns the code of the first Error in err's chain, and Internal where there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Reason takes operation and path off an error of package os, where a message names the file itself.
func Reason(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}

// Exit is the exit code of the command line for an error: 0 ok, 1 failed, 2 usage, 3 not found, 4 bad configuration,
// 5 remote unreachable, 6 findings where they were asked for by --fail-on.
func Exit(err error) int {
	if err == nil {
		return 0
	}
	switch CodeOf(err) {
	case Usage:
		return 2
	case NotFound:
		return 3
	case Config:
		return 4
	case Unreachable:
		return 5
	case Findings:
		return 6
	default:
		return 1
	}
}
