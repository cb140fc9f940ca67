package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/confine"
)

// The test's binary is the helper, and a hostile app that tries something.
const (
	helperEnv = "SANDBOX_HELPER"
	tryEnv    = "SANDBOX_TRY"
)

func TestMain(m *testing.M) {
	if os.Getenv(helperEnv) != "" {
		os.Exit(Main(os.Args[1:], os.Stderr))
	}
	if try, ok := os.LookupEnv(tryEnv); ok {
		name, arg, _ := strings.Cut(try, " ")
		if err := tries[name](arg); err != nil {
			fmt.Print("refused: ", err)
		} else {
			fmt.Print("done")
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// tries are what a hostile app attempts.
var tries = map[string]func(arg string) error{
	"read": func(path string) error {
		_, err := os.ReadFile(path)
		return err
	},
	"list": func(path string) error {
		_, err := os.ReadDir(path)
		return err
	},
	"write": func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	"dial": func(arg string) error {
		network, address, _ := strings.Cut(arg, " ")
		c, err := net.Dial(network, address)
		if err != nil {
			return err
		}
		return c.Close()
	},
	"listen": func(arg string) error {
		l, err := net.Listen("tcp", arg)
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
		_, err = unix.Socket(n, unix.SOCK_DGRAM, 0)
		return err
	},
	"trace": func(pid string) error {
		n, err := strconv.Atoi(pid)
		if err != nil {
			return err
		}
		return unix.PtraceSeize(n)
	},
	"signal": func(pid string) error {
		n, err := strconv.Atoi(pid)
		if err != nil {
			return err
		}
		return syscall.Kill(n, 0)
	},
	"become":    func(path string) error { return syscall.Exec(path, []string{path}, nil) },
	"run":       func(path string) error { return exec.Command(path).Run() },
	"mount":     func(dir string) error { return unix.Mount("none", dir, "tmpfs", 0, "") },
	"namespace": func(string) error { return unix.Unshare(unix.CLONE_NEWUSER) },
	"capable": func(string) error {
		text, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if name, value, _ := strings.Cut(line, ":"); strings.HasPrefix(name, "Cap") && strings.Trim(value, " \t\n0") != "" {
				return nil // it has some
			}
		}
		return errors.New("it has none")
	},
	"processes": func(string) error {
		list, err := filepath.Glob("/proc/[0-9]*")
		if err == nil && len(list) == 1 {
			err = errors.New("it sees itself alone")
		}
		return err
	},
	"memory": func(mib string) error {
		n, err := strconv.Atoi(mib)
		if err != nil {
			return err
		}
		b, err := unix.Mmap(-1, 0, n<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
		if err != nil {
			return err
		}
		return unix.Munmap(b)
	},
	// shared fills memory that isn't the app's alone.
	"shared": func(mib string) error {
		n, err := strconv.Atoi(mib)
		if err != nil {
			return err
		}
		b, err := unix.Mmap(-1, 0, n<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANON)
		if err != nil {
			return err
		}
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		return unix.Munmap(b)
	},
	// threads keeps so many.
	"threads": func(count string) error {
		n, err := strconv.Atoi(count)
		if err != nil {
			return err
		}
		var ready, end sync.WaitGroup
		end.Add(1)
		for range n {
			ready.Add(1)
			go func() {
				runtime.LockOSThread()
				ready.Done()
				end.Wait()
			}()
		}
		ready.Wait()
		end.Done()
		return nil
	},
	// throttled is busy until it has had much less of a processor than there
	// was time.
	"throttled": func(string) error {
		for begin := time.Now(); time.Since(begin) < 20*time.Second; {
			var use unix.Rusage
			if err := unix.Getrusage(unix.RUSAGE_SELF, &use); err != nil {
				return err
			}
			had := time.Duration(use.Utime.Nano() + use.Stime.Nano())
			if passed := time.Since(begin); passed > 2*time.Second && had > 200*time.Millisecond && had < passed/2 {
				return nil
			}
		}
		return errors.New("it had all of a processor")
	},
	"mptcp": func(string) error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, unix.IPPROTO_MPTCP)
		if err != nil {
			return err
		}
		return unix.Close(fd)
	},
	"udp": func(string) error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		return unix.Close(fd)
	},
	"descriptors": func(string) error {
		for i := range 4096 {
			if _, err := unix.Dup(0); err != nil {
				return fmt.Errorf("after some: %w", err)
			}
			_ = i
		}
		return nil
	},
	"descriptor": func(arg string) error {
		n, err := strconv.Atoi(arg)
		if err != nil {
			return err
		}
		_, err = unix.FcntlInt(uintptr(n), unix.F_GETFD, 0)
		return err
	},
	"say": func(arg string) error {
		f := os.NewFile(3, "given")
		_, err := f.WriteString(arg)
		return err
	},
	"environment": func(name string) error {
		if v, ok := os.LookupEnv(name); ok {
			return fmt.Errorf("%s=%s", name, v)
		}
		return nil
	},
}

// raced is set where races are looked for: that takes more memory than apps are
// given here.
var raced bool

// box is a place for an app.
type box struct {
	t          *testing.T
	dir, home  string
	launcher   Launcher
	lastStatus Status
}

func newBox(t *testing.T) *box {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b := &box{t: t, dir: filepath.Join(t.TempDir(), "app"), home: filepath.Join(t.TempDir(), "home")}
	b.launcher = Launcher{Helper: self, Env: []string{helperEnv + "=1"}}
	if err := os.Mkdir(b.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	// A link would be followed: the app is a file of the bundle.
	if err := os.Link(self, filepath.Join(b.dir, "app")); err != nil {
		data, err := os.ReadFile(self)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(b.dir, "app"), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(b.dir, "data"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	return b
}

// try runs an attempt inside and returns what became of it: "done", or
// "refused: " and why.
func (b *box) try(what string, edit ...func(*Spec)) string {
	b.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Close()
	s := &Spec{Program: filepath.Join(b.dir, "app"), Dir: b.dir, Home: b.home, Env: []string{tryEnv + "=" + strings.TrimPrefix(what, "ended ")}, Stdout: w, Stderr: os.Stderr}
	if strings.HasPrefix(what, "ended ") {
		s.Stderr = nil // it dies with many words
	}
	for _, fn := range edit {
		fn(s)
	}
	p, err := b.launcher.Start(s)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		b.t.Fatal(err)
	}
	b.lastStatus = <-p.Confined
	err = p.Wait()
	if end, ok := strings.CutPrefix(what, "ended "); ok && err != nil {
		return "killed while " + end + ": " + err.Error()
	}
	if err != nil || b.lastStatus.Error != "" {
		b.t.Fatalf("%s: %v, %+v, %s", what, err, b.lastStatus, out)
	}
	return string(out)
}

func needLandlock(t *testing.T, version int) {
	t.Helper()
	if s := confine.Detect(); s.Landlock < version || !s.Seccomp {
		t.Skipf("this kernel has %v", s)
	}
}

// TestHostileApp tries what an app must not be able to do: from outside of the
// sandbox it works, from inside it is refused.
func TestHostileApp(t *testing.T) {
	needLandlock(t, 6)
	b := newBox(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	path := filepath.Join(t.TempDir(), "socket")
	local, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	other := exec.Command("sleep", "1000")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = other.Process.Kill()
		_ = other.Wait() // killed
	}()
	pid := strconv.Itoa(other.Process.Pid)
	me := strconv.Itoa(os.Getpid())
	for _, c := range []struct {
		what  string
		works bool // outside, where this test may do it
	}{
		{"read " + outside, true},
		{"read " + b.dir + "/../" + "../" + filepath.Base(filepath.Dir(outside)) + "/secret", false},
		{"write " + outside, true},
		{"list " + filepath.Dir(outside), true},
		{"list /home", true},
		{"read /etc/passwd", true},
		{"write " + filepath.Join(b.dir, "data"), true},
		{"write /proc/self/oom_score_adj", false},
		{"dial tcp " + tcp.Addr().String(), true},
		{"dial unix " + path, true},
		{"listen 127.0.0.1:0", true},
		{"socket " + strconv.Itoa(unix.AF_INET), true},
		{"socket " + strconv.Itoa(unix.AF_UNIX), true},
		{"socket " + strconv.Itoa(unix.AF_NETLINK), true},
		{"signal " + pid, true},
		{"signal " + me, true},
		{"trace " + pid, false},
		{"read /proc/" + pid + "/environ", true},
		{"read /proc/" + me + "/environ", true},
		{"processes", true},
		{"become /bin/true", false},
		{"become " + b.dir + "/data", false},
		{"run /bin/true", true},
		{"mount " + b.home, false},
		{"namespace", false},
		{"capable", false},
	} {
		name, arg, _ := strings.Cut(c.what, " ")
		if c.works {
			if err := tries[name](arg); err != nil {
				t.Errorf("outside, %s: %v", c.what, err)
			}
		}
		if got := b.try(c.what); !strings.HasPrefix(got, "refused: ") {
			t.Errorf("inside, %s: %s", c.what, got)
		}
	}
}

func TestWhatAnAppMayDo(t *testing.T) {
	needLandlock(t, 3)
	b := newBox(t)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	online := func(s *Spec) { s.Network = true }
	port := uint16(tcp.Addr().(*net.TCPAddr).Port)
	only := func(port uint16) func(*Spec) {
		return func(s *Spec) { s.Network, s.Ports = true, []uint16{port} }
	}
	for _, c := range []struct {
		what string
		edit func(*Spec)
		want string
	}{
		{"read " + filepath.Join(b.dir, "data"), nil, "done"},
		{"write " + filepath.Join(b.home, "mine"), nil, "done"},
		{"read " + filepath.Join(b.home, "mine"), nil, "done"},
		{"write /dev/null", nil, "done"},
		{"read /dev/null", nil, "done"},
		{"environment HOME", nil, "refused: HOME=" + b.home},
		{"environment XDG_STATE_HOME", nil, "refused: XDG_STATE_HOME=" + b.home + "/state"},
		{"environment XDG_RUNTIME_DIR", nil, "done"}, // it has none
		{"dial tcp " + tcp.Addr().String(), online, "done"},
		{"dial tcp " + tcp.Addr().String(), nil, "refused: "},
		{"listen 127.0.0.1:0", online, "done"},
		{"socket " + strconv.Itoa(unix.AF_UNIX), online, "refused: "},
		{"memory 300", func(s *Spec) { s.MemoryMiB = 600 }, "done"},
		{"dial tcp " + tcp.Addr().String(), only(port), "done"},
		{"dial tcp " + tcp.Addr().String(), only(port + 1), "refused: "},
		{"listen 127.0.0.1:0", only(port), "refused: "},
		{"mptcp", online, "done"},
		{"mptcp", only(port), "refused: operation not permitted"},
		{"mptcp", func(s *Spec) { only(port)(s); s.Lookups = true }, "refused: operation not permitted"},
		{"udp", online, "done"},
		{"udp", only(port), "refused: operation not permitted"},
		{"udp", func(s *Spec) { only(port)(s); s.Lookups = true }, "done"},
		{"memory 300", func(s *Spec) { s.MemoryMiB = 256 }, "refused: cannot allocate memory"},
		{"descriptors", func(s *Spec) { s.Files = 64 }, "refused: after some: too many open files"},
		{"descriptor 3", nil, "refused: bad file descriptor"},
	} {
		if raced && strings.HasPrefix(c.what, "memory ") {
			continue
		}
		var edit []func(*Spec)
		if c.edit != nil {
			edit = append(edit, c.edit)
		}
		if got := b.try(c.what, edit...); got != c.want && !(c.want == "refused: " && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
	if l := b.lastStatus.Level(); l == None || b.lastStatus.Detail() == "" {
		t.Errorf("level %v, %+v", l, b.lastStatus)
	}
}

func TestDescriptorsAreInherited(t *testing.T) {
	b := newBox(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	give := func(s *Spec) { s.Inherit = []*os.File{w, w, w} }
	if got := b.try("say hello", give); got != "done" {
		t.Errorf("say: %s", got)
	}
	for fd, want := range map[int]bool{3: true, 4: true, 5: true, 6: false, 7: false} {
		if got := b.try("descriptor "+strconv.Itoa(fd), give); (got == "done") != want {
			t.Errorf("descriptor %d: %s; want %v", fd, got, want)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); string(text) != "hello" || err != nil {
		t.Errorf("heard %q, %v", text, err)
	}
}

// TestWithoutNamespaces: Landlock and seccomp hold alone.
func TestWithoutNamespaces(t *testing.T) {
	needLandlock(t, 6)
	b := newBox(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(what string) (string, Status) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		s, err := (&Spec{Program: filepath.Join(b.dir, "app"), Dir: b.dir, Home: b.dir + "-home", Env: []string{tryEnv + "=" + what}, Stdout: w}).made(t)
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.launcher.start(s, false, []string{"namespaces: forbidden"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		st := <-p.Confined
		if err := p.Wait(); err != nil {
			t.Fatalf("%v %+v", err, st)
		}
		return string(out), st
	}
	for _, what := range []string{
		"read " + outside, "list /", "signal " + strconv.Itoa(os.Getpid()), "read /proc/" + strconv.Itoa(os.Getpid()) + "/environ",
		"socket " + strconv.Itoa(unix.AF_INET), "run /bin/true", "become /bin/true", "capable",
	} {
		if got, st := run(what); !strings.HasPrefix(got, "refused: ") || st.Level() != Partial {
			t.Errorf("%s: %s, %v", what, got, st)
		}
	}
	if got, st := run("read " + filepath.Join(b.dir, "data")); got != "done" || !slices.Contains(st.Lacks, "namespaces: forbidden") {
		t.Errorf("its own: %s, %+v", got, st)
	}
}

// made is a spec whose home is there.
func (s *Spec) made(t *testing.T) (*Spec, error) {
	t.Helper()
	if err := os.MkdirAll(s.Home, 0o700); err != nil {
		return nil, err
	}
	return s.resolved()
}

func TestSpecsThatAreRefused(t *testing.T) {
	b := newBox(t)
	good := Spec{Program: filepath.Join(b.dir, "app"), Dir: b.dir, Home: b.home}
	for name, edit := range map[string]func(*Spec){
		"relative":      func(s *Spec) { s.Home = "home" },
		"not clean":     func(s *Spec) { s.Program = s.Dir + "/../app" },
		"root":          func(s *Spec) { s.Home = "/" },
		"elsewhere":     func(s *Spec) { s.Program = "/bin/true" },
		"home in app":   func(s *Spec) { s.Home = s.Dir + "/home" },
		"app in home":   func(s *Spec) { s.Home = filepath.Dir(s.Dir) },
		"no such":       func(s *Spec) { s.Program = s.Dir + "/none" },
		"link out":      func(s *Spec) { s.Program = link(t, s.Dir) },
		"too many fds":  func(s *Spec) { s.Inherit = make([]*os.File, maxInherit+1) },
		"same as home":  func(s *Spec) { s.Home = s.Dir },
		"home in files": func(s *Spec) { s.Home = s.Dir + "/data/x" },
	} {
		s := good
		edit(&s)
		if p, err := b.launcher.Start(&s); err == nil {
			t.Errorf("%s: started", name)
			_ = p.Wait() // the test has failed already
		}
	}
	// What can't be executed is told by the status.
	s := good
	s.Program = filepath.Join(b.dir, "data")
	p, err := b.launcher.Start(&s)
	if err != nil {
		t.Fatal(err)
	}
	st := <-p.Confined
	if err := p.Wait(); err == nil || st.Level() != None || !strings.Contains(st.Error, "is no program") {
		t.Errorf("%v, %+v", err, st)
	}
}

func link(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "out")
	if err := os.Symlink("/bin/true", path); err != nil {
		t.Fatal(err)
	}
	return path
}
