package helper

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"rayos/shell/auth"
)

// Service is what PAM knows the lock screen as.
const Service = "rayos"

// Exit codes.
const (
	yes     = 0
	no      = 1
	unknown = 2
)

// verdict is what came of a check; said is a message of PAM, "" for none.
type verdict struct {
	ok   bool
	said string
}

var errNotBuilt = errors.New("rayos-auth was built without PAM: build it with -tags pam")

// Run is the program. It returns the exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	code, err := run(args, stdin, stdout)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return unknown
	}
	return code
}

func run(args []string, stdin io.Reader, stdout io.Writer) (int, error) {
	fs := flag.NewFlagSet("rayos-auth", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	dir := fs.String("confdir", "", "")
	if err := fs.Parse(args); err != nil {
		return unknown, err
	}
	if !built {
		return unknown, errNotBuilt
	}
	if err := findService(*dir); err != nil {
		return unknown, err
	}
	switch fs.Arg(0) {
	case auth.VerbReady:
		_, err := fmt.Fprintln(stdout, auth.Ready)
		return yes, err
	case auth.VerbVerify:
		return verify(*dir, stdin, stdout)
	}
	return unknown, fmt.Errorf("usage: rayos-auth [--confdir DIR] %s|%s", auth.VerbReady, auth.VerbVerify)
}

// findService says whether PAM has a service of ours.
func findService(dir string) error {
	dirs := []string{"/etc/pam.d", "/usr/lib/pam.d"}
	if dir != "" {
		dirs = []string{dir}
	}
	for _, d := range dirs {
		if st, err := os.Stat(filepath.Join(d, Service)); err == nil && st.Mode().IsRegular() {
			return nil
		}
	}
	return fmt.Errorf("PAM has no service %q: put assets/pam.d/rayos into %s", Service, dirs[0])
}

func verify(dir string, stdin io.Reader, stdout io.Writer) (int, error) {
	// No core file and no debugger gets the password.
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return unknown, err
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return unknown, err
	}
	who, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil {
		return unknown, err
	}
	password := make([]byte, auth.MaxPassword+1)
	defer clear(password)
	n, err := io.ReadFull(stdin, password)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
	case err != nil:
		return unknown, err
	default:
		return no, say(stdout, auth.Refused)
	}
	if bytes.IndexByte(password[:n], 0) >= 0 {
		return no, say(stdout, auth.Refused) // none can have it
	}
	v, err := authenticate(dir, who.Username, password[:n])
	switch {
	case err != nil:
		return unknown, err
	case v.ok:
		return yes, say(stdout, auth.Accepted)
	case v.said != "":
		return no, say(stdout, auth.Refused+" "+v.said)
	}
	return no, say(stdout, auth.Refused)
}

func say(w io.Writer, line string) error {
	_, err := fmt.Fprintln(w, line)
	return err
}
