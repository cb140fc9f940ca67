package host

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/vmm/qemu"
)

func TestRestarts(t *testing.T) {
	type step struct {
		lived time.Duration
		wait  time.Duration // 0: no more
	}
	short, long := time.Minute, 10*time.Minute
	for name, steps := range map[string][]step{
		"five":               {{short, 1}, {0, 2}, {short, 4}, {0, 8}, {0, 16}, {0, 0}, {short, 0}},
		"a long life counts": {{short, 1}, {short, 2}, {long, 1}, {short, 2}},
		"after giving up":    {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {long, 1}},
	} {
		r := restarts{unit: time.Second}
		for i, s := range steps {
			wait, again := r.after(s.lived)
			if wait != s.wait*time.Second || again != (s.wait > 0) {
				t.Errorf("%s, crash %d: after(%v) = %v, %v; want %v", name, i+1, s.lived, wait, again, s.wait*time.Second)
			}
		}
		if r.forget(); r.count != 0 {
			t.Errorf("%s: forget left %d", name, r.count)
		}
	}
}

func TestStartTime(t *testing.T) {
	if _, err := startTime(os.Getpid()); err != nil {
		t.Error(err)
	}
}

func TestRotor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	r := &rotor{path: path, size: 100, keep: 2}
	for i := range 50 {
		fmt.Fprintf(r, "line %02d of many\n", i)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r = &rotor{path: path, size: 100, keep: 2} // and on with the same files
	fmt.Fprintln(r, "line 50")
	r.Close()
	files, _ := filepath.Glob(path + "*")
	if len(files) != 3 {
		t.Errorf("files %q; want 3", files)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err != nil || len(b) > 100 {
			t.Errorf("%s has %d bytes, %v", f, len(b), err)
		}
	}
	if b, _ := os.ReadFile(path); !strings.HasSuffix(string(b), "line 50\n") {
		t.Errorf("the newest is %q", b)
	}
}

func TestTypable(t *testing.T) {
	var all strings.Builder
	for r := rune(' '); r < 0x7f; r++ {
		all.WriteRune(r)
	}
	if !typable(all.String() + "\n\t") {
		t.Error("a US keyboard types all of ASCII")
	}
	if typable("naïve") || typable("\x01") {
		t.Error("it types no more")
	}
}

func FuzzDecodeRequest(f *testing.F) {
	for _, s := range []string{
		`{"id":1,"op":"status"}`, `{"id":2,"op":"pointer","x":0.5,"y":1}`, `{"op":"type","text":"x"}`, `{"id":-1}`, `{}`, `[]`, `{"op":"a"}{}`,
		`{"id":18446744073709551616,"op":"x"}`, `{"op":"pointer","x":1e999}`, `{"op":"kill","extra":1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := decodeRequest(line)
		if err != nil {
			return
		}
		if r.Op == "" || r.X != nil && !(*r.X >= 0 && *r.X <= 1) || r.DeadlineMS < 0 {
			t.Errorf("decodeRequest(%q) = %+v", line, r)
		}
	})
}

// connected is two ends of a connection.
func connected(t *testing.T) (a, b *net.UnixConn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	end := func(fd int) *net.UnixConn {
		f := os.NewFile(uintptr(fd), "pair")
		defer f.Close()
		c, err := net.FileConn(f)
		if err != nil {
			t.Fatal(err)
		}
		return c.(*net.UnixConn)
	}
	return end(fds[0]), end(fds[1])
}

func TestLines(t *testing.T) {
	a, b := connected(t)
	in := newLines(b)
	defer in.close()
	defer a.Close()
	f, err := os.CreateTemp(t.TempDir(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	long := strings.Repeat("x", MaxLine-1)
	go func() {
		writeLine(a, []byte("one"), nil)
		writeLine(a, []byte("two"), f)
		writeLine(a, []byte(long), nil)
		a.Write(bytes.Repeat([]byte("y"), MaxLine+1))
	}()
	for _, want := range []string{"one", "two", long} {
		if got, err := in.next(); err != nil || string(got) != want {
			t.Fatalf("next() = %.20q (%d), %v; want %.20q", got, len(got), err, want)
		}
	}
	got, err := in.file()
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if x, y := stat(t, f), stat(t, got); x.Ino != y.Ino {
		t.Error("another file came")
	}
	if _, err := in.file(); err == nil {
		t.Error("a second file came")
	}
	if line, err := in.next(); err != errLong {
		t.Errorf("next() of an endless line = %d bytes, %v", len(line), err)
	}
}

func stat(t *testing.T, f *os.File) (st unix.Stat_t) {
	t.Helper()
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		t.Fatal(err)
	}
	return st
}

func TestTooManyFilesEndTheConnection(t *testing.T) {
	a, b := connected(t)
	in := newLines(b)
	defer in.close()
	defer a.Close()
	for range maxFiles + 1 {
		if _, _, err := a.WriteMsgUnix([]byte("x"), unix.UnixRights(0), nil); err != nil {
			t.Fatal(err)
		}
	}
	a.CloseWrite()
	if _, err := in.next(); err == nil || !strings.Contains(err.Error(), "descriptors") {
		t.Errorf("next() = %v", err)
	}
}

func TestFit(t *testing.T) {
	for _, tc := range []struct {
		window, picture geom.Size
		scale           geom.Scale
		want            geom.Rect
	}{
		{geom.Size{W: 1280, H: 800}, geom.Size{W: 1280, H: 800}, 120, geom.XYWH(0, 0, 1280, 800)},
		{geom.Size{W: 853, H: 533}, geom.Size{W: 1280, H: 800}, 180, geom.XYWH(0, 0, 853, 533)}, // 1.5: to the pixel
		{geom.Size{W: 1000, H: 500}, geom.Size{W: 1280, H: 800}, 120, geom.XYWH(100, 0, 800, 500)},
		{geom.Size{W: 640, H: 800}, geom.Size{W: 1280, H: 800}, 120, geom.XYWH(0, 200, 640, 400)},
		{geom.Size{W: 1280, H: 960}, geom.Size{W: 640, H: 480}, 120, geom.XYWH(0, 0, 1280, 960)},
		{geom.Size{W: 10, H: 1000}, geom.Size{W: 16384, H: 1}, 120, geom.XYWH(0, 499, 10, 1)},
		{geom.Size{W: 100, H: 100}, geom.Size{}, 120, geom.Rect{}},
	} {
		if got := fit(tc.window, tc.picture, tc.scale); got != tc.want {
			t.Errorf("fit(%v, %v, %d) = %v; want %v", tc.window, tc.picture, tc.scale, got, tc.want)
		}
	}
}

func TestWheelClicks(t *testing.T) {
	var w wheel
	turn := func(v int32) int32 { w.turn(v); return w.clicks() }
	for i, tc := range []struct{ v, want int32 }{{120, 1}, {60, 0}, {60, 1}, {30, 0}, {-120, -1}, {-240, -2}, {40, 0}, {40, 0}, {40, 1}} {
		if got := turn(tc.v); got != tc.want {
			t.Errorf("turn %d by %d: %d clicks; want %d", i, tc.v, got, tc.want)
		}
	}
	w.value = 45 // a touchpad's, in pixels
	if got := w.clicks(); got != 3 {
		t.Errorf("45 pixels: %d clicks; want 3", got)
	}
}

// recorder is a device that notes what it is told.
type recorder struct {
	mu   sync.Mutex
	more sync.Cond
	said []string
	hold chan struct{} // if not nil, everything waits for it
	held chan struct{} // has one for each that waits, or has waited
}

func newRecorder() *recorder {
	r := &recorder{}
	r.more.L = &r.mu
	return r
}

func (r *recorder) say(format string, args ...any) error {
	if r.hold != nil {
		r.held <- struct{}{}
		<-r.hold
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, fmt.Sprintf(format, args...))
	r.more.Broadcast()
	return nil
}

func (r *recorder) Key(code uint32, down bool) (bool, error) {
	return true, r.say("key %d %v", code, down)
}

func (r *recorder) Button(b qemu.Button, down bool) error { return r.say("button %d %v", b, down) }

func (r *recorder) Pointer(at geom.Point) error { return r.say("pointer %d,%d", at.X, at.Y) }

func (r *recorder) PointerBy(by geom.Point) error { return r.say("by %d,%d", by.X, by.Y) }

func (r *recorder) TouchDown(n uint64, x, y float64) error { return r.say("down %d %v,%v", n, x, y) }

func (r *recorder) TouchMove(n uint64, x, y float64) error { return r.say("move %d %v,%v", n, x, y) }

func (r *recorder) TouchUp(n uint64, x, y float64) error      { return r.say("up %d %v,%v", n, x, y) }
func (r *recorder) SetSize(size geom.Size, _ geom.Size) error { return r.say("size %v", size) }

// until waits for the last thing said, and returns all, which is forgotten.
func (r *recorder) until(t *testing.T, last string) []string {
	t.Helper()
	late := time.AfterFunc(patience, r.more.Broadcast)
	defer late.Stop()
	start := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if i := slices.Index(r.said, last); i >= 0 {
			said := r.said[:i+1]
			r.said = slices.Clone(r.said[i+1:])
			return said
		}
		if time.Since(start) > patience {
			t.Fatalf("never heard %q; but %q", last, r.said)
		}
		r.more.Wait()
	}
}

func newTestInput(t *testing.T, r *recorder) *input {
	i := newInput(newScreen().log)
	go i.run()
	t.Cleanup(i.close)
	i.use(r)
	r.until(t, fmt.Sprintf("key %d false", modifiers[len(modifiers)-1]))
	return i
}

func TestAllIsReleased(t *testing.T) {
	r := newRecorder()
	i := newTestInput(t, r)
	i.key(30, true)
	i.key(29, true)
	i.key(30, false)
	i.button(btnRight, true)
	i.touch(inTouchDown, 3, geom.FPoint{X: 1, Y: 2})
	i.releaseAll()
	i.releaseAll() // nothing is down any more
	i.key(57, true)
	want := []string{
		"key 30 true", "key 29 true", "key 30 false", "button 2 true", "down 3 1,2",
		"key 29 false", "button 2 false", "up 3 1,2", "key 57 true",
	}
	if got := r.until(t, "key 57 true"); !slices.Equal(got, want) {
		t.Errorf("said %q; want %q", got, want)
	}
}

func TestInputOfAHungMachineIsBounded(t *testing.T) {
	r := newRecorder()
	i := newTestInput(t, r)
	r.hold, r.held = make(chan struct{}), make(chan struct{}, 4*maxQueued)
	i.key(42, true)
	<-r.held // and nothing passes
	for n := range 3 * maxQueued {
		i.pointer(geom.FPoint{X: float64(n)})
	}
	i.mu.Lock()
	waiting := len(i.list)
	i.mu.Unlock()
	if waiting != 1 {
		t.Errorf("%d positions wait; want the last", waiting)
	}
	for range maxQueued + 10 {
		i.key(30, true)
	}
	i.mu.Lock()
	waiting = len(i.list)
	i.mu.Unlock()
	if waiting > maxQueued {
		t.Errorf("%d events wait", waiting)
	}
	i.key(1, true)
	i.key(1, false)
	close(r.hold)
	said := r.until(t, "key 1 false")
	if !slices.Contains(said, "key 42 false") {
		t.Errorf("a key that was down is down still: %q", said)
	}
}

// TestInputIsSpread counts how much of a burst reaches the guest at once, and
// how fast the rest does.
func TestInputIsSpread(t *testing.T) {
	for _, kind := range []inputKind{inKey, inPointer} {
		ev := inputEvent{kind: kind}
		var d drip
		now := time.Unix(1000, 0)
		begin := now
		atOnce := int(ahead / ev.needs())
		for n := range 100 {
			wait := d.wait(now, ev.needs())
			if n < atOnce && wait != 0 {
				t.Fatalf("event %d waits %v", n, wait)
			}
			now = now.Add(wait)
		}
		if got, want := now.Sub(begin), time.Duration(100-atOnce)*ev.needs(); got != want {
			t.Errorf("100 events take %v; want %v", got, want)
		}
		if wait := d.wait(now.Add(time.Hour), ev.needs()); wait != 0 {
			t.Errorf("after a pause an event waits %v", wait)
		}
	}
}
