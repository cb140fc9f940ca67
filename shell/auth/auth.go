package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode"
)

// MaxPassword is how long a password may be, in bytes: what PAM takes
// (PAM_MAX_RESP_SIZE).
const MaxPassword = 512

// Words of the helper, each a line of its standard output.
const (
	Ready    = "ready"    // it can check passwords
	Accepted = "accepted" // this was the right one
	Refused  = "refused"  // it wasn't; a message may follow, behind a space
)

// Verbs of the helper's command line.
const (
	VerbReady  = "ready"
	VerbVerify = "verify"
)

// ErrUnavailable says that no password can be checked.
var ErrUnavailable = errors.New("passwords can't be checked")

// Helper is a program that checks passwords.
type Helper struct {
	// Command is the program and its first arguments; empty is none.
	Command []string
}

// maxSaid bounds what a module's message may be, in bytes.
const maxSaid = 200

// Usable says why no password can be checked, nil if one can.
func (h Helper) Usable(ctx context.Context) error {
	out, err := h.run(ctx, VerbReady, nil)
	if err != nil {
		return err
	}
	if out != Ready {
		return fmt.Errorf("%w: the helper says %.40q", ErrUnavailable, out)
	}
	return nil
}

// Check asks whether a password is the person's, and overwrites it. said is what
// PAM would have the person know of a refusal, "" if nothing. An error means that
// nothing is known.
func (h Helper) Check(ctx context.Context, password []byte) (ok bool, said string, err error) {
	defer clear(password)
	out, err := h.run(ctx, VerbVerify, password)
	word, rest, _ := strings.Cut(out, " ")
	switch {
	case err == nil && out == Accepted:
		return true, "", nil
	case err != nil && word != Refused:
		return false, "", err
	case err == nil:
		return false, "", fmt.Errorf("%w: the helper says %.40q", ErrUnavailable, out)
	}
	return false, rest, nil
}

// run runs the helper and returns the line that it writes.
func (h Helper) run(ctx context.Context, verb string, input []byte) (string, error) {
	if len(h.Command) == 0 {
		return "", fmt.Errorf("%w: there is no helper", ErrUnavailable)
	}
	cmd := exec.CommandContext(ctx, h.Command[0], append(h.Command[1:len(h.Command):len(h.Command)], verb)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=" + os.Getenv("LANG")}
	cmd.WaitDelay = time.Second
	var out, errs limited
	cmd.Stdout, cmd.Stderr = &out, &errs
	if input != nil {
		cmd.Stdin = bytes.NewReader(input)
	}
	err := cmd.Run()
	line := printable(strings.TrimSuffix(out.String(), "\n"))
	if err == nil {
		return line, nil
	}
	if ctx.Err() != nil {
		return "", fmt.Errorf("%w: the helper doesn't answer", ErrUnavailable)
	}
	if why := printable(strings.TrimSpace(errs.String())); why != "" {
		return line, fmt.Errorf("%w: %s", ErrUnavailable, why)
	}
	return line, fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// limited keeps the beginning of what is written.
type limited struct{ bytes.Buffer }

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	if room := maxSaid - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// ReadFrom hides that of the buffer, which has no limit.
func (l *limited) ReadFrom(r io.Reader) (int64, error) { return io.Copy(struct{ io.Writer }{l}, r) }

// printable leaves one line of valid text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
