package control

import (
	"errors"
	"fmt"
)

// Code says what kind of error a command ended with.
type Code string

// Codes.
const (
	CodeBadRequest Code = "bad-request"     // not a request at all
	CodeUnknown    Code = "unknown-command" // no such command
	CodeBadArgs    Code = "bad-args"        // an argument is missing or wrong
	CodeNoWindow   Code = "no-window"
	CodeNoOutput   Code = "no-output"
	CodeNoMachine  Code = "no-machine"
	CodeTimeout    Code = "timeout" // the effect did not come in time
	CodeFailed     Code = "failed"  // the session could not do it
	CodeInternal   Code = "internal"
	CodeNoSession  Code = "no-session" // only a client says this
)

// Error is how a command fails.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Message }

// Errorf returns an *Error.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// asError gives any error a code.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: CodeFailed, Message: err.Error()}
}
