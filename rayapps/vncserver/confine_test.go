package vncserver

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/vmm/confine"
)

// The test's binary confines itself as the server does, and tries something.
const (
	confineEnv = "VNCSERVER_TEST_CONFINE"
	tryEnv     = "VNCSERVER_TEST_TRY"
)

var tries = map[string]func(string) error{
	"read":    func(path string) error { _, err := os.ReadFile(path); return err },
	"write":   func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	"dial":    func(path string) error { _, err := net.Dial("unix", path); return err },
	"tcp":     func(string) error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err },
	"run":     func(path string) error { return exec.Command(path).Run() },
	"exec":    func(path string) error { return unix.Exec(path, []string{path}, nil) },
	"whose":   func(string) error { _, err := os.ReadFile("/proc/net/tcp"); return err },
	"trace":   func(string) error { return unix.PtraceAttach(os.Getppid()) },
	"unshare": func(string) error { return unix.Unshare(unix.CLONE_NEWUSER) },
}

func TestMain(m *testing.M) {
	if password, ok := os.LookupEnv(confineEnv); ok {
		os.Unsetenv(confineEnv)
		self, err := os.Executable()
		if err == nil {
			var r confine.Rules
			if r, err = rules(self, password, ""); err == nil {
				err = confine.Exec(&r, []string{self}, os.Environ(), nil)
			}
		}
		fmt.Println(err)
		os.Exit(2)
	}
	if try, ok := os.LookupEnv(tryEnv); ok {
		name, arg, _ := strings.Cut(try, " ")
		if err := tries[name](arg); err != nil {
			fmt.Print(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A server that is taken over by what a viewer sends can read its password, see
// whose connections there are, and nothing else.
func TestConfinement(t *testing.T) {
	if s := confine.Detect(); !s.Seccomp || s.Landlock == 0 {
		t.Skipf("this kernel confines by %v alone", s)
	}
	dir := t.TempDir()
	password, other := filepath.Join(dir, "password"), filepath.Join(dir, "other")
	for _, path := range []string{password, other} {
		if err := os.WriteFile(path, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for try, may := range map[string]bool{
		"read " + password: true, "whose": true,
		"read " + other: false, "read /etc/passwd": false, "write " + password: false, "write " + filepath.Join(dir, "new"): false,
		"dial " + ln.Addr().String(): false, "tcp": false, "run /bin/true": false, "exec /bin/true": false, "trace": false, "unshare": false,
	} {
		t.Run(strings.Fields(try)[0], func(t *testing.T) {
			cmd := exec.Command(self)
			cmd.Env = []string{confineEnv + "=" + password, tryEnv + "=" + try}
			out, err := cmd.CombinedOutput()
			if (err == nil) != may {
				t.Errorf("%s: %v %q; want it allowed: %v", try, err, out, may)
			}
		})
	}
}
