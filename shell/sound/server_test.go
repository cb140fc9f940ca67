package sound

import (
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/internal/pulse"
)

const within = 30 * time.Second

// fake is a sound server that answers by a function.
type fake struct {
	t    *testing.T
	path string

	mu      sync.Mutex
	volumes []uint32
	muted   bool
	input   []byte // the answer about the input, nil for none
	deaf    bool   // the input is muted
	conn    net.Conn
}

// newFake serves one connection. answer may answer a command in another way: it
// returns true if it has.
func newFake(t *testing.T, answer func(f *fake, command, tag uint32) bool) *fake {
	t.Helper()
	f := &fake{t: t, path: filepath.Join(t.TempDir(), "native"), volumes: []uint32{pulse.Norm / 2, pulse.Norm / 4}}
	l, err := net.Listen("unix", f.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conn = c
			f.mu.Unlock()
			f.serve(c, answer)
		}
	}()
	return f
}

func (f *fake) serve(c net.Conn, answer func(f *fake, command, tag uint32) bool) {
	defer c.Close()
	for {
		p, err := pulse.ReadPacket(c, nil)
		if err != nil {
			return
		}
		r := pulse.Reader{B: p}
		command, tag := r.U32(), r.U32()
		if answer != nil && answer(f, command, tag) {
			continue
		}
		w := pulse.NewWriter(pulse.Reply, tag)
		f.mu.Lock()
		switch command {
		case pulse.Auth:
			w.U32(pulse.Version)
		case pulse.GetSinkInfo:
			w.B = append(w.B, sinkPacket(f.volumes, f.muted)...)
		case pulse.GetSourceInfo:
			if f.input == nil {
				w = pulse.NewWriter(pulse.Error, tag)
				w.U32(5) // no such entity
				break
			}
			w.B = append(w.B, sourcePacket(f.deaf, pulse.Invalid)...)
		case pulse.SetSourceMute:
			r.U32()
			r.Str()
			f.deaf = r.Bool()
		case pulse.SetSinkVolume:
			r.U32()
			r.Str()
			f.volumes = r.Volumes()
		case pulse.SetSinkMute:
			r.U32()
			r.Str()
			f.muted = r.Bool()
		}
		f.mu.Unlock()
		if r.Bad {
			f.t.Errorf("command %d: nonsense", command)
		}
		if _, err := c.Write(w.Packet()); err != nil {
			return
		}
	}
}

// tell says that something has changed.
func (f *fake) tell(volumes []uint32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.volumes = volumes
	w := pulse.NewWriter(pulse.SubscribeEvent, 0xffffffff)
	w.U32(1)
	w.U32(0)
	if _, err := f.conn.Write(w.Packet()); err != nil {
		f.t.Error(err)
	}
}

// link is a connection of a test.
type link struct {
	t      *testing.T
	s      *Server
	states chan State
	ended  chan error
}

func connect(t *testing.T, path string) (*link, error) {
	t.Helper()
	l := &link{t: t, states: make(chan State, 64), ended: make(chan error, 1)}
	s, err := Connect(path, func(st State) { l.states <- st }, func(err error) { l.ended <- err })
	if err == nil {
		l.s = s
		t.Cleanup(func() { s.Close() })
	}
	return l, err
}

func (l *link) want(want State) {
	l.t.Helper()
	select {
	case got := <-l.states:
		if d := got.Level - want.Level; d > 1e-4 || d < -1e-4 || got.Muted != want.Muted {
			l.t.Fatalf("%+v; want %+v", got, want)
		}
	case <-time.After(within):
		l.t.Fatalf("nothing is said; want %+v", want)
	}
}

func (l *link) change(c Change) (State, error) {
	l.t.Helper()
	type result struct {
		st  State
		err error
	}
	got := make(chan result, 1)
	l.s.Change(c, func(st State, err error) { got <- result{st, err} })
	select {
	case r := <-got:
		return r.st, r.err
	case <-time.After(within):
		l.t.Fatal("no answer")
		return State{}, nil
	}
}

func TestServer(t *testing.T) {
	f := newFake(t, nil)
	l, err := connect(t, f.path)
	if err != nil {
		t.Fatal(err)
	}
	l.want(State{Level: 0.5, Muted: false})
	if st, err := l.change(Change{By: 0.25}); err != nil || st.Level != 0.75 {
		t.Errorf("%+v, %v", st, err)
	}
	l.want(State{Level: 0.75, Muted: false})
	if st, err := l.change(Change{Toggle: true}); err != nil || !st.Muted {
		t.Errorf("%+v, %v", st, err)
	}
	l.want(State{Level: 0.75, Muted: true})
	f.tell([]uint32{pulse.Norm})
	l.want(State{Level: 1, Muted: true})
	if err := l.s.Close(); err != nil {
		t.Error(err)
	}
	select {
	case <-l.ended:
	case <-time.After(within):
		t.Fatal("the end isn't told")
	}
	if _, err := l.change(Change{Toggle: true}); err == nil {
		t.Error("a change was made after the end")
	}
}

// TestInput: a microphone is muted by whoever asks for it, and where there is
// none that is said.
func TestInput(t *testing.T) {
	f := newFake(t, nil)
	l, err := connect(t, f.path)
	if err != nil {
		t.Fatal(err)
	}
	if st := <-l.states; st.Input {
		t.Errorf("%+v: there is no microphone", st)
	}
	yes := true
	if _, err := l.change(Change{MuteInput: &yes}); !errors.Is(err, ErrNoInput) {
		t.Errorf("muted what isn't there: %v", err)
	}
	f.mu.Lock()
	f.input = []byte{1}
	f.mu.Unlock()
	f.tell([]uint32{pulse.Norm})
	if st := <-l.states; !st.Input || st.InputMuted || st.Level != 1 {
		t.Errorf("a microphone has come: %+v", st)
	}
	for _, c := range []struct {
		change Change
		want   bool
	}{{Change{MuteInput: &yes}, true}, {Change{MuteInput: &yes}, true}, {Change{ToggleInput: true}, false}, {Change{ToggleInput: true}, true}} {
		if st, err := l.change(c.change); err != nil || st.InputMuted != c.want {
			t.Errorf("%+v: %+v, %v", c.change, st, err)
		}
	}
}

func TestParseSource(t *testing.T) {
	good := sourcePacket(true, pulse.Invalid)
	if m, err := parseSource(good); err != nil || m != (source{there: true, muted: true}) {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := parseSource(sourcePacket(false, 3)); err != nil || m != (source{}) {
		t.Errorf("what is played is heard: %+v, %v", m, err)
	}
	for n := range len(good) - 1 {
		if _, err := parseSource(good[:n]); !errors.Is(err, pulse.ErrPacket) {
			t.Errorf("%d bytes of it: %v", n, err)
		}
	}
}

// sourcePacket is the answer about an input.
func sourcePacket(muted bool, monitorOf uint32) []byte {
	w := &pulse.Writer{}
	w.U32(3)
	w.Str("source")
	w.Str("A source")
	w.Spec(pulse.S16LE, 1, 44100)
	w.Map(0)
	w.U32(1)
	w.Volumes([]uint32{pulse.Norm})
	w.Bool(muted)
	w.U32(monitorOf)
	return w.B
}

// TestServersThatFail: errors, nonsense and ends are told, and end nothing else.
func TestServersThatFail(t *testing.T) {
	say := func(f *fake, b []byte) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if _, err := f.conn.Write(b); err != nil {
			f.t.Error(err)
		}
		return true
	}
	for name, answer := range map[string]func(f *fake, command, tag uint32) bool{
		"refuses": func(f *fake, _, tag uint32) bool {
			w := pulse.NewWriter(pulse.Error, tag)
			w.U32(1)
			return say(f, w.Packet())
		},
		"hangs up":      func(f *fake, _, _ uint32) bool { f.conn.Close(); return true },
		"sends garbage": func(f *fake, _, _ uint32) bool { return say(f, []byte(strings.Repeat("garbage ", 8))) },
		"has no output": func(f *fake, command, tag uint32) bool {
			return command == pulse.GetSinkInfo && say(f, pulse.NewWriter(pulse.Reply, tag).Packet())
		},
		"answers what nobody asked": func(f *fake, _, tag uint32) bool {
			say(f, pulse.NewWriter(pulse.Reply, tag+1000).Packet())
			w := pulse.NewWriter(pulse.Error, tag)
			w.U32(3)
			return say(f, w.Packet())
		},
	} {
		if _, err := connect(t, newFake(t, answer).path); err == nil {
			t.Errorf("one that %s is a server", name)
		}
	}
	if _, err := connect(t, filepath.Join(t.TempDir(), "none")); !errors.Is(err, pulse.ErrNone) {
		t.Errorf("none: %v; want ErrNone", err)
	}
	if _, err := connect(t, ""); !errors.Is(err, pulse.ErrNone) {
		t.Errorf("no address: %v; want ErrNone", err)
	}
}

// TestTooManyChanges: what a slow server doesn't take is refused at once.
func TestTooManyChanges(t *testing.T) {
	block := make(chan bool)
	greeted := false
	f := newFake(t, func(_ *fake, command, _ uint32) bool {
		if greeted {
			<-block
		}
		greeted = greeted || command == pulse.GetSourceInfo // the last that it is asked at first
		return false
	})
	l, err := connect(t, f.path)
	if err != nil {
		t.Fatal(err)
	}
	const n = 4 * maxOps
	got := make(chan error, n)
	for range n {
		l.s.Change(Change{By: 0.01}, func(_ State, err error) { got <- err })
	}
	for range n - maxOps - 1 {
		select {
		case err := <-got:
			if !errors.Is(err, ErrBusy) {
				t.Fatalf("%v; want ErrBusy", err)
			}
		case <-time.After(within):
			t.Fatal("a change waits though too many do")
		}
	}
	close(block)
}

// TestPulseAudio speaks to a real server.
func TestPulseAudio(t *testing.T) {
	for _, name := range []string{"pulseaudio", "pactl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is not installed (packages pulseaudio, pulseaudio-utils)")
		}
	}
	dir := t.TempDir()
	env := []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=/usr/bin:/bin"}
	path := filepath.Join(dir, "pulse", "native")
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink sink_name=test", "-L", "module-native-protocol-unix")
	cmd.Env = env
	there, stop := pulse.Await(path)
	t.Cleanup(stop)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	select {
	case err := <-there:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(within):
		t.Fatal("the server doesn't start")
	}
	l, err := connect(t, path)
	if err != nil {
		t.Fatal(err)
	}
	l.want(State{Level: 1, Muted: false})
	if st, err := l.change(Change{By: -0.4}); err != nil || st.Level < 0.599 || st.Level > 0.601 {
		t.Errorf("%+v, %v", st, err)
	}
	l.want(State{Level: 0.6, Muted: false})
	if _, err := l.change(Change{Toggle: true}); err != nil {
		t.Error(err)
	}
	l.want(State{Level: 0.6, Muted: true})
	pactl := func(args ...string) string {
		t.Helper()
		c := exec.Command("pactl", args...)
		c.Env = append(env, "LC_ALL=C")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("pactl %q: %v: %s", args, err, out)
		}
		return string(out)
	}
	if got := pactl("get-sink-volume", "test"); !strings.Contains(got, " 60%") {
		t.Errorf("pactl says %s", got)
	}
	pactl("set-sink-mute", "test", "0")
	l.want(State{Level: 0.6, Muted: false})
	pactl("set-sink-volume", "test", "120%")
	l.want(State{Level: 1.2, Muted: false})
}
