package chaos

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/bench"
	"rayos/internal/bench/rawclient"
	"rayos/internal/proctest"
)

// asClient names the environment variable that makes this test binary a client
// that will die, with its seed.
const asClient = "RAYOS_CHAOS_CLIENT"

func TestMain(m *testing.M) {
	if seed, err := strconv.ParseUint(os.Getenv(asClient), 10, 64); err == nil {
		doomed(rand.New(rand.NewPCG(seed, 1)))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// lives are what a doomed client does until it is killed, or is done.
var lives = []struct {
	name string
	run  func(path string, r *rand.Rand) error
}{
	{"draws", drawer},
	{"draws", drawer},
	{"opens and closes", opener},
	{"half a message", half},
	{"never reads", deaf},
	{"stops", stopper},
	{"floods", flooder},
	{"garbage", babbler},
}

// doomed runs several lives at once.
func doomed(r *rand.Rand) {
	path := os.Getenv("WAYLAND_DISPLAY")
	done := make(chan error)
	n := 1 + r.IntN(4)
	for range n {
		life, seed := lives[r.IntN(len(lives))], r.Uint64()
		go func() { done <- life.run(path, rand.New(rand.NewPCG(seed, 2))) }()
	}
	for range n {
		// How it ends is all the same: the session may have thrown it out.
		<-done
	}
}

func windowOf(c *rawclient.Conn, r *rand.Rand) (*rawclient.Window, error) {
	return c.NewWindow(rawclient.WindowOptions{
		Title: "doomed", Width: 16 + r.Int32N(600), Height: 16 + r.Int32N(400), Buffers: 2, Format: rawclient.ARGB8888, Color: 0x80406080,
	})
}

func drawer(path string, r *rand.Rand) error {
	c, err := rawclient.Dial(path)
	if err != nil {
		return err
	}
	w, err := windowOf(c, r)
	for range r.IntN(30) {
		if err != nil {
			return err
		}
		err = w.Frame(rawclient.FullDamage)
	}
	return err // and leaves without a word
}

func opener(path string, r *rand.Rand) error {
	c, err := rawclient.Dial(path)
	for range r.IntN(30) {
		if err != nil {
			return err
		}
		var w *rawclient.Window
		if w, err = windowOf(c, r); err == nil {
			err = errors.Join(w.Resize(16+r.Int32N(600), 50, rawclient.ARGB8888, 0), w.Destroy(), c.Sync())
		}
	}
	return err
}

// dial connects without a word.
func dial(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	return fd, unix.Connect(fd, &unix.SockaddrUnix{Name: path})
}

// half sends the beginning of a message with descriptors, and dies with it.
func half(path string, r *rand.Rand) error {
	fd, err := dial(path)
	if err != nil {
		return err
	}
	var rights []int
	for range r.IntN(5) {
		m, err := unix.MemfdCreate("doomed", unix.MFD_CLOEXEC)
		if err != nil {
			return err
		}
		rights = append(rights, m)
	}
	b := words(nil, 1, 12<<16|1, 2, 2, 40<<16)
	err = unix.Sendmsg(fd, b[:1+r.IntN(len(b)-1)], unix.UnixRights(rights...), nil, unix.MSG_NOSIGNAL)
	if err == nil && r.IntN(2) == 0 {
		select {} // until somebody comes
	}
	return err
}

func deaf(path string, _ *rand.Rand) error {
	fd, err := dial(path)
	for id := uint32(2); err == nil; id++ {
		err = unix.Sendmsg(fd, words(nil, 1, 12<<16|1, id), nil, nil, unix.MSG_NOSIGNAL)
	}
	return err
}

// stopper stops its whole process with a window that should answer.
func stopper(path string, r *rand.Rand) error {
	c, err := rawclient.Dial(path)
	if err != nil {
		return err
	}
	if _, err = windowOf(c, r); err != nil {
		return err
	}
	return unix.Kill(os.Getpid(), unix.SIGSTOP)
}

func flooder(path string, r *rand.Rand) error {
	c, err := rawclient.Dial(path)
	if err != nil {
		return err
	}
	w, err := windowOf(c, r)
	for n := 0; err == nil && n < 5000; n++ {
		w.Commit(rawclient.FullDamage)
		if n%50 == 0 {
			err = w.Flush()
		}
	}
	return err
}

func babbler(path string, r *rand.Rand) error {
	fd, err := dial(path)
	for err == nil {
		b := words(nil, uint32(r.IntN(4)), uint32(8+4*r.IntN(8))<<16|uint32(r.IntN(3)), r.Uint32(), r.Uint32())
		err = unix.Sendmsg(fd, b, nil, nil, unix.MSG_NOSIGNAL)
	}
	return err
}

// crowd keeps doomed clients running.
type crowd struct {
	t    *testing.T
	s    *proctest.Session
	rand *rand.Rand
	live []*exec.Cmd
	died int
}

const crowdSize = 8

func (k *crowd) spawn() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(k.s.Env(), "WAYLAND_DISPLAY="+k.s.Socket(), asClient+"="+strconv.FormatUint(k.rand.Uint64(), 10), "GOMAXPROCS=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.live = append(k.live, cmd)
}

// kill ends one of them, wherever it may be. One that stopped dies too.
func (k *crowd) kill() {
	i := k.rand.IntN(len(k.live))
	cmd := k.live[i]
	k.live[i] = k.live[len(k.live)-1]
	k.live = k.live[:len(k.live)-1]
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		k.t.Fatal(err)
	}
	// It was killed, or had ended by itself.
	if err := cmd.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		k.t.Fatal(err)
	}
	k.died++
}

// rage lets clients come and die for a while; a witness must be served.
func (k *crowd) rage(d time.Duration, look func()) {
	for began := time.Now(); time.Since(began) < d; {
		for len(k.live) < crowdSize {
			k.spawn()
		}
		// Where it meets them is left to chance.
		<-time.After(time.Duration(k.rand.IntN(20)) * time.Millisecond)
		k.kill()
		if k.died%20 == 0 {
			look()
		}
	}
	for len(k.live) > 0 {
		k.kill()
	}
	look()
}

// kept is what the session's process holds.
type kept struct {
	files, threads, goroutines int
	pss                        int64 // KiB
}

func (k *crowd) kept() kept {
	p := bench.Process{PID: k.s.PID}
	m, err := p.Memory()
	if err != nil {
		k.t.Fatal(err)
	}
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", k.s.PID))
	if err != nil {
		k.t.Fatal(err)
	}
	return kept{k.s.Descriptors(), len(threads), k.s.Stats().Goroutines, m.PSS}
}

// TestCrashes: see the package comment.
func TestCrashes(t *testing.T) {
	length := 3 * time.Second
	if *forFlag > 0 {
		length = *forFlag
	}
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed) // the order of events is the machine's all the same
	dir := t.TempDir()
	if err := proctest.Build(dir, os.Environ()); err != nil {
		t.Fatal(err)
	}
	s := proctest.StartWith(t, proctest.Options{
		Binary: dir + "/rayos-session",
		Args:   []string{"--headless", "--output", "1280x720", "--plain", "--no-shell"},
	})
	c, err := rawclient.Dial(s.Socket())
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.NewWindow(rawclient.WindowOptions{Title: "witness", Width: 200, Height: 150, Buffers: 2, Format: rawclient.ARGB8888, Color: 0xc03060a0})
	if err != nil {
		t.Fatal(err)
	}
	served := func() {
		if err := errors.Join(c.Sync(), w.Frame(rawclient.FullDamage)); err != nil {
			t.Fatalf("the witness is not served: %v", err)
		}
	}
	k := &crowd{t: t, s: s, rand: rand.New(rand.NewPCG(seed, 3))}
	alone := s.Stats()
	k.rage(length/4+time.Second, served) // caches and free lists fill
	var before, after kept
	s.Until("the first are gone", func() bool {
		st := s.Stats()
		return st.Clients == alone.Clients && st.Windows == alone.Windows && st.Surfaces == alone.Surfaces
	})
	before = k.kept()
	k.rage(length, served)
	s.Until("everything is as before", func() bool {
		st := s.Stats()
		after = k.kept()
		t.Logf("%+v", after)
		return st.Clients == alone.Clients && st.Windows == alone.Windows && st.Surfaces == alone.Surfaces &&
			after.files <= before.files && after.goroutines <= before.goroutines && after.pss <= before.pss+before.pss/20+1024
	})
	t.Logf("%d processes died; before %+v, after %+v", k.died, before, after)
	if n := strings.Count(s.Log(), "level=WARN"); n > 0 {
		t.Logf("%d warnings", n)
	}
	served()
	if err := errors.Join(w.Destroy(), c.Close()); err != nil {
		t.Error(err)
	}
}
