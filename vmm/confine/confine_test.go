package confine

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The test's binary confines itself by these, and tries something.
const (
	rulesEnv = "CONFINE_RULES"
	keepEnv  = "CONFINE_KEEP"
	tryEnv   = "CONFINE_TRY"
)

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(rulesEnv); ok {
		os.Unsetenv(rulesEnv)
		var r Rules
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			panic(err)
		}
		var keep []int
		if n, err := strconv.Atoi(os.Getenv(keepEnv)); err == nil {
			keep = []int{n}
		}
		self, err := os.Executable()
		if err == nil {
			err = Exec(&r, []string{self}, os.Environ(), keep)
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

// tries are what a confined process attempts.
var tries = map[string]func(arg string) error{
	"nothing": func(string) error { return nil },
	"read": func(path string) error {
		_, err := os.ReadFile(path)
		return err
	},
	"list": func(path string) error {
		_, err := os.ReadDir(path)
		return err
	},
	"write": func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	"append": func(path string) error {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		return f.Close()
	},
	"truncate": func(path string) error { return os.Truncate(path, 0) },
	"remove":   os.Remove,
	"mkdir":    func(path string) error { return os.Mkdir(path, 0o700) },
	"rename": func(arg string) error {
		from, to, _ := strings.Cut(arg, " ")
		return os.Rename(from, to)
	},
	"mknod":  func(path string) error { return unix.Mknod(path, unix.S_IFCHR|0o600, 1<<8|3) },
	"mkfifo": func(path string) error { return unix.Mkfifo(path, 0o600) },
	"run":    func(path string) error { return exec.Command(path).Run() },
	"exec":   func(path string) error { return syscall.Exec(path, []string{path}, nil) },
	"dial": func(arg string) error {
		network, address, _ := strings.Cut(arg, " ")
		c, err := net.Dial(network, address)
		if err != nil {
			return err
		}
		return c.Close()
	},
	"listen": func(arg string) error {
		network, address, _ := strings.Cut(arg, " ")
		l, err := net.Listen(network, address)
		if err != nil {
			return err
		}
		return l.Close()
	},
	"socket": func(family string) error {
		n, err := strconv.Atoi(family)
		if err != nil {
			return err
		}
		_, err = unix.Socket(n, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		return err
	},
	"socketpair": func(string) error {
		_, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		return err
	},
	"namespace": func(string) error { return unix.Unshare(unix.CLONE_NEWUSER) },
	"clone-namespace": func(string) error {
		_, _, errno := unix.RawSyscall6(unix.SYS_CLONE, unix.CLONE_NEWUSER|uintptr(unix.SIGCHLD)|unix.CLONE_VM|unix.CLONE_VFORK|unix.CLONE_THREAD, 0, 0, 0, 0, 0)
		return fail(errno) // with these flags no kernel makes one
	},
	"clone3": func(string) error {
		_, _, errno := unix.RawSyscall(unix.SYS_CLONE3, 0, 0, 0)
		return fail(errno)
	},
	"trace": func(pid string) error {
		n, err := strconv.Atoi(pid)
		if err != nil {
			return err
		}
		return unix.PtraceAttach(n)
	},
	"peek": func(pid string) error {
		_, err := os.ReadFile("/proc/" + pid + "/mem")
		return err
	},
	"mount": func(dir string) error { return unix.Mount("none", dir, "tmpfs", 0, "") },
	"uring": func(string) error {
		_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, uintptr(unsafe.Pointer(new([128]byte))), 0)
		return fail(errno)
	},
	"bpf": func(string) error {
		_, _, errno := unix.Syscall(unix.SYS_BPF, 0, 0, 0)
		return fail(errno)
	},
	"keys": func(string) error {
		_, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_SESSION_KEYRING, true)
		return err
	},
	"type": func(string) error {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, 0, unix.TIOCSTI, uintptr(unsafe.Pointer(new(byte))))
		return fail(errno)
	},
	"device": func(path string) error {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), 0x5421+0x1000, 0) // nothing that a driver knows
		return fail(errno)
	},
	"signal": func(pid string) error {
		n, err := strconv.Atoi(pid)
		if err != nil {
			return err
		}
		return syscall.Kill(n, syscall.SIGUSR1)
	},
	"threads": func(string) error { // as many as block at once, and none is left out
		n := make(chan error)
		for range 8 {
			go func() {
				runtime.LockOSThread()
				var b []byte
				_, err := os.ReadFile("/etc/hostname")
				if !errors.Is(err, unix.EACCES) {
					err = fmt.Errorf("a thread reads: %s %v", b, err)
				} else {
					err = nil
				}
				n <- err
			}()
		}
		var errs []error
		for range 8 {
			errs = append(errs, <-n)
		}
		return errors.Join(errs...)
	},
	"descriptor": func(number string) error {
		n, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		_, err = unix.FcntlInt(uintptr(n), unix.F_GETFD, 0)
		return err
	},
	"limits": func(string) error {
		var core, files unix.Rlimit
		if err := errors.Join(unix.Getrlimit(unix.RLIMIT_CORE, &core), unix.Getrlimit(unix.RLIMIT_NOFILE, &files)); err != nil {
			return err
		}
		if core.Max != 0 || files.Max != 99 {
			return fmt.Errorf("core %d, files %d", core.Max, files.Max)
		}
		return nil
	},
	"privileges": func(string) error {
		n, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
		if n != 1 {
			return errors.Join(errors.New("new privileges"), err)
		}
		return nil
	},
}

func fail(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

// attempt runs a try under rules and returns what became of it.
func attempt(t *testing.T, r Rules, try string, edit ...func(*exec.Cmd)) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs, err := Programs(self)
	if err != nil {
		t.Fatal(err)
	}
	r.Run = append(slices.Clone(r.Run), programs...)
	r.Devices = append(slices.Clone(r.Devices), "/dev/null")
	r.Read = append(slices.Clone(r.Read), "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache")
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = []string{rulesEnv + "=" + string(text), tryEnv + "=" + try, "GOCOVERDIR=" + t.TempDir()}
	for _, fn := range edit {
		fn(cmd)
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%s: %v\n%s", try, err, out)
	}
	return string(out)
}

// need ends the test where the kernel lacks something.
func need(t *testing.T, landlock int) {
	t.Helper()
	if s := Detect(); s.Landlock < landlock || !s.Seccomp {
		t.Skipf("this kernel has %v", s)
	}
}

const (
	acces = "permission denied"
	perm  = "operation not permitted"
)

// TestWhatIsForbidden tries everything twice: with a rule that allows it, and
// without.
func TestWhatIsForbidden(t *testing.T) {
	need(t, 1)
	dir, other := t.TempDir(), t.TempDir()
	file := func(dir, name string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	program := filepath.Join(dir, "true")
	if data, err := os.ReadFile("/bin/true"); err != nil || os.WriteFile(program, data, 0o700) != nil {
		t.Fatal(err)
	}
	in := Rules{Write: []string{dir}}
	read := Rules{Read: []string{dir}}
	local := Rules{Write: []string{dir}, Local: true}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	loop := interpreter(t)
	for _, c := range []struct {
		name     string
		try      string
		landlock int   // the least that knows this
		with     Rules // allow it, unless never is set
		never    bool
		without  Rules
		want     string // of the error without
	}{
		{"read a file", "read " + file(other, "a"), 1, Rules{Read: []string{other}}, false, in, acces},
		{"list a folder", "list " + other, 1, Rules{Read: []string{other}}, false, in, acces},
		{"read by another way", "read " + dir + "/../" + filepath.Base(other) + "/a", 1, Rules{Read: []string{other}}, false, in, acces},
		{"make a file", "write " + filepath.Join(dir, "new"), 1, in, false, read, acces},
		{"write to a file", "append " + file(dir, "old"), 1, in, false, read, acces},
		{"truncate a file", "truncate " + file(dir, "long"), 3, in, false, read, acces},
		{"remove a file", "remove " + file(dir, "gone"), 1, in, false, read, acces},
		{"make a folder", "mkdir " + filepath.Join(dir, "sub"), 1, in, false, read, acces},
		{"make a pipe", "mkfifo " + filepath.Join(dir, "pipe"), 1, in, false, read, acces},
		{"make a device", "mknod " + filepath.Join(dir, "dev"), 1, in, true, in, acces},
		{"move out", "rename " + file(dir, "m") + " " + filepath.Join(other, "m"), 2, Rules{Write: []string{dir, other}}, false, in, acces},
		{"run a program", "run /bin/true", 1, Rules{Run: []string{"/bin/true", loop}, Spawn: true}, false, Rules{Run: []string{loop}, Spawn: true}, acces},
		{"run a program of one's own", "run " + program, 1, Rules{Run: []string{program, loop}, Spawn: true}, false, Rules{Write: []string{dir}, Run: []string{loop}, Spawn: true}, acces},
		{"become a program", "exec /bin/true", 1, Rules{Run: []string{"/bin/true", loop}}, false, Rules{Run: []string{loop}}, acces},
		{"start a process", "run /bin/true", 1, Rules{Run: []string{"/bin/true", loop}, Spawn: true}, false, Rules{Run: []string{"/bin/true", loop}}, perm},
		{"connect to the Internet", "dial tcp " + tcp.Addr().String(), 1, Rules{Network: true}, false, local, perm},
		{"serve the Internet", "listen tcp 127.0.0.1:0", 1, Rules{Network: true, Read: []string{"/proc"}}, false, local, perm},
		{"connect by path", "dial unix " + socket(t, filepath.Join(dir, "s")), 1, local, false, Rules{Network: true}, perm},
		{"connect by name", "dial unix " + socket(t, "@rayos-confine-"+strconv.Itoa(os.Getpid())), 6, local, true, local, perm},
		{"serve a path", "listen unix " + filepath.Join(dir, "l"), 1, local, false, in, perm},
		{"speak with the kernel's routing", "socket " + strconv.Itoa(unix.AF_NETLINK), 1, Rules{Network: true, Local: true}, true, Rules{Network: true, Local: true}, perm},
		{"leave a namespace", "namespace", 1, in, true, Rules{Spawn: true}, perm},
		{"leave one by clone", "clone-namespace", 1, in, true, Rules{Spawn: true}, perm},
		{"clone by memory", "clone3", 1, in, true, Rules{Spawn: true}, "function not implemented"},
		{"trace", "trace " + strconv.Itoa(os.Getpid()), 1, in, true, Rules{Spawn: true}, perm},
		{"read the memory of a process", "peek " + strconv.Itoa(os.Getpid()), 1, in, true, Rules{Read: []string{"/proc"}}, acces},
		{"mount", "mount " + dir, 1, in, true, Rules{Spawn: true}, perm},
		{"go round the filter", "uring", 1, in, true, Rules{Spawn: true}, perm},
		{"load a program", "bpf", 1, in, true, Rules{Spawn: true}, perm},
		{"read keys", "keys", 1, in, true, Rules{Spawn: true}, perm},
		{"type at a terminal", "type", 1, in, true, Rules{Spawn: true}, perm},
		{"open a device", "read /dev/zero", 1, in, true, in, acces},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			need(t, c.landlock)
			if got := attempt(t, c.without, c.try); !strings.Contains(got, c.want) {
				t.Errorf("without a rule: %q; want %q", got, c.want)
			}
			if c.never {
				return
			}
			if got := attempt(t, c.with, c.try); got != "" {
				t.Errorf("with a rule: %q", got)
			}
		})
	}
}

// interpreter is what loads programs.
func interpreter(t *testing.T) string {
	t.Helper()
	list, err := Programs("/bin/true")
	if err != nil || len(list) != 2 {
		t.Fatalf("Programs(/bin/true) = %q, %v", list, err)
	}
	return list[1]
}

// socket is one that somebody listens at.
func socket(t *testing.T, path string) string {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return path
}

// TestWhatIsLeft: what every program needs goes on.
func TestWhatIsLeft(t *testing.T) {
	need(t, 1)
	for _, try := range []string{"nothing", "socketpair", "threads", "privileges", "limits"} {
		if got := attempt(t, Rules{Files: 99}, try); got != "" {
			t.Errorf("%s: %s", try, got)
		}
	}
}

// TestDevicesAreControlledByRule: a device that may be read may not be
// controlled for that.
func TestDevicesAreControlledByRule(t *testing.T) {
	need(t, 5)
	const device = "/dev/zero"
	if got := attempt(t, Rules{Write: []string{device}}, "device "+device); got != acces {
		t.Errorf("device that may be written: %q; want %q", got, acces)
	}
	if got := attempt(t, Rules{Devices: []string{device}}, "device "+device); got != unix.ENOTTY.Error() {
		t.Errorf("device of a rule: %q; want the driver's answer", got)
	}
}

// TestSignalsStayInside: who starts no processes signals none.
func TestSignalsStayInside(t *testing.T) {
	need(t, 6)
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGUSR1)
	defer signal.Stop(got)
	try := "signal " + strconv.Itoa(os.Getpid())
	if got := attempt(t, Rules{}, try); got != perm {
		t.Errorf("without a rule: %q; want %q", got, perm)
	}
	if got := attempt(t, Rules{Spawn: true}, try); got != "" {
		t.Errorf("with a rule: %q", got)
	}
	<-got
}

// TestDescriptorsAreClosed: what the caller has open by chance isn't passed
// on, and what it names is.
func TestDescriptorsAreClosed(t *testing.T) {
	need(t, 1)
	f, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, keep := range []bool{false, true} {
		got := attempt(t, Rules{}, "descriptor 4", func(cmd *exec.Cmd) {
			cmd.ExtraFiles = []*os.File{f, f}
			if keep {
				cmd.Env = append(cmd.Env, keepEnv+"=4")
			}
		})
		if keep == (got != "") {
			t.Errorf("kept %v: %q", keep, got)
		}
	}
}

func TestWhatIsWrittenMustBeThere(t *testing.T) {
	need(t, 1)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = []string{rulesEnv + `={"read":["/not-there"],"write":["/nor-here"]}`, tryEnv + "=nothing"}
	out, _ := cmd.CombinedOutput()
	if !strings.Contains(string(out), "/nor-here") || strings.Contains(string(out), "not-there") {
		t.Errorf("%s; want an error about the folder to write to", out)
	}
}
