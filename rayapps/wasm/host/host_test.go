package host

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/rayapps/wasm/abi"
)

// within is how long anything may take, on a slow machine.
const within = 3 * time.Minute

// built is the guest of these tests, and a folder for its machine code.
var built = sync.OnceValues(func() (b struct {
	module []byte
	cache  string
}, err error,
) {
	dir, err := os.MkdirTemp("", "wasm")
	if err != nil {
		return b, err
	}
	path := filepath.Join(dir, "guest.wasm")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, "./testdata/guest")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return b, errors.New(string(out))
	}
	b.cache = filepath.Join(dir, "cache")
	b.module, err = os.ReadFile(path)
	return b, errors.Join(err, os.Remove(path))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if b, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(b.cache)) // the test has ended
	}
	os.Exit(code)
}

// stand shows the guest.
type stand struct {
	t   *testing.T
	app *App
	p   *rayapps.Preview
	out *bytes.Buffer
}

func start(t *testing.T, o Options, look rayapps.Look, names ...string) *stand {
	t.Helper()
	b, err := built()
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{t: t, out: new(bytes.Buffer)}
	o.Cache, o.Output = b.cache, s.out
	g, err := Compile(b.module, o)
	if err != nil {
		t.Fatal(err)
	}
	if s.app, err = NewApp(g); err != nil {
		t.Fatal(err)
	}
	s.p, err = rayapps.NewPreview(s.app.Options(rayapps.Options{ID: "org.example.Guest", Names: names}), s.app, look)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.p != nil {
			s.end()
		}
	})
	return s
}

func (s *stand) end() {
	s.t.Helper()
	if err := s.p.Close(); err != nil {
		s.t.Error(err)
	}
	s.p = nil
}

// until goes on until something holds.
func (s *stand) until(what string, holds func() bool) {
	s.t.Helper()
	for late := time.Now().Add(within); ; time.Sleep(time.Millisecond) {
		s.p.Settle()
		s.p.List() // draws
		if holds() {
			return
		}
		select {
		case <-s.app.guest.Done():
			s.t.Fatalf("the app has ended before %s: %v\n%s", what, s.app.guest.Err(), s.out)
		default:
		}
		if time.Now().After(late) {
			s.t.Fatalf("not %s; there is\n%s", what, s.p.List())
		}
	}
}

// find returns what has a role, as a screen reader sees it.
func (s *stand) find(role ui.Role) *ui.Info {
	var found *ui.Info
	var look func(list []*ui.Info)
	look = func(list []*ui.Info) {
		for _, i := range list {
			if i.Role == role && found == nil {
				found = i
			}
			look(i.Children)
		}
	}
	look(s.p.Root().Semantics().Children)
	if found == nil {
		return &ui.Info{}
	}
	return found
}

func (s *stand) label(text string) {
	s.t.Helper()
	s.until(text, func() bool { return s.find(ui.RoleLabel).Name == text })
}

func (s *stand) click(role ui.Role) {
	b := s.find(role).Bounds
	s.p.Click(geom.Point{X: (b.X0 + b.X1) / 2, Y: (b.Y0 + b.Y1) / 2})
}

// TestGuest: pointer, keys, actions, text, time, title and colours go in and out.
func TestGuest(t *testing.T) {
	s := start(t, Options{}, rayapps.Look{Scheme: theme.Light}, "language", "later")
	s.label("n=0 ticks=1")
	if size := s.p.Window().Size(); size != (geom.Size{W: 240, H: 160}) {
		t.Errorf("the window is %v", size)
	}
	if v := s.find(ui.RoleEntry).Value; !strings.HasPrefix(v, "light ") || strings.HasSuffix(v, "Local") {
		t.Errorf("it sees %q", v)
	}
	s.click(ui.RoleButton)
	s.label("n=1 ticks=1")
	if !s.p.Root().Do(s.find(ui.RoleButton).ID, ui.DoActivate, "") {
		t.Error("a screen reader can't press it")
	}
	s.label("n=2 ticks=1")
	s.p.Press(ui.KeyF2, 0)
	s.label("n=102 ticks=1")
	if !s.p.Root().Do(s.find(ui.RoleEntry).ID, ui.DoSetValue, "") {
		t.Error("a screen reader can't write")
	}
	s.click(ui.RoleEntry)
	s.p.Type("ab")
	s.p.Event(&ui.Commit{Text: "ç"})
	s.until("typed", func() bool { return s.find(ui.RoleEntry).Value == "abç" })
	if m := s.p.Root().IME(); !m.Enabled || m.Text != "abç" || s.p.Root().Cursor() != ui.CursorText {
		t.Errorf("an input method hears of %+v, the pointer is a %s", m, s.p.Root().Cursor())
	}
	s.p.Press('a', ui.Ctrl)
	s.p.Press('c', ui.Ctrl)
	s.p.Press(ui.KeyEnd, 0)
	s.p.Press('v', ui.Ctrl)
	s.until("pasted", func() bool { return s.find(ui.RoleEntry).Value == "abçabç" })
	if _, err := s.p.Picture(); err != nil {
		t.Error(err)
	}
}

// TestState: what the app saves is what the next one begins with, and closing asks
// it.
func TestState(t *testing.T) {
	s := start(t, Options{}, rayapps.Look{}, "keep")
	s.label("n=0 ticks=0")
	s.click(ui.RoleButton)
	s.label("n=1 ticks=0")
	if data, err := s.app.Save(); string(data) != "1" || err != nil {
		t.Errorf("saved %q, %v", data, err)
	}
	if s.app.Close(s.p.Window()) {
		t.Error("it closes before the app was asked")
	}
	s.click(ui.RoleButton)
	s.label("n=2 ticks=0") // it has kept the window
	s.end()
	if err := s.app.Err(); err != nil {
		t.Error(err)
	}
	b, err := built()
	if err != nil {
		t.Fatal(err)
	}
	g, err := Compile(b.module, Options{Cache: b.cache})
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewApp(g)
	if err != nil {
		t.Fatal(err)
	}
	p, err := rayapps.NewPreview(rayapps.Options{ID: "org.example.Guest"}, again{a}, rayapps.Look{})
	if err != nil {
		t.Fatal(err)
	}
	next := &stand{t: t, app: a, p: p, out: new(bytes.Buffer)}
	next.label("n=41 ticks=0")
	a.Close(p.Window())
	<-g.Done()
	next.end()
	if err := a.Err(); err != nil {
		t.Error("closed:", err)
	}
}

// again is an app with a life before.
type again struct{ *App }

func (a again) Create(w *rayapps.Window, _ []byte) error { return a.App.Create(w, []byte("41")) }

// TestMisdeeds: each ends the guest, says why, and leaves the host as it was.
func TestMisdeeds(t *testing.T) {
	for name, want := range map[string]struct {
		err  error
		says string
	}{
		"spin":        {err: ErrDeadline},
		"sleep":       {err: ErrDeadline},
		"panic":       {says: "status 2"},
		"exit":        {says: "status 3"},
		"garbage":     {err: abi.ErrMessage},
		"hostmessage": {err: abi.ErrMessage},
		"pointer":     {err: ErrMemory},
		"buffer":      {err: ErrMemory},
		"list":        {says: "display list"},
		"twice":       {err: abi.ErrMessage},
		"flood":       {err: abi.ErrMessage},
		"hoard":       {says: "status 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deadline := 5 * time.Second
			if want.err == nil {
				deadline = within // it ends by itself, however slow the machine is
			}
			s := start(t, Options{Deadline: deadline, MemoryMiB: 64}, rayapps.Look{})
			s.label("n=0 ticks=0")
			s.app.Open(s.p.Window(), []string{name})
			s.app.Open(s.p.Window(), []string{"later"})
			for late := time.After(within); ; {
				s.p.Settle()
				s.p.List()
				select {
				case <-s.app.guest.Done():
				case <-late:
					t.Fatal("it goes on")
				case <-time.After(time.Millisecond):
					continue
				}
				break
			}
			err := s.app.guest.Err()
			if want.err != nil && !errors.Is(err, want.err) || want.says != "" && (err == nil || !strings.Contains(err.Error(), want.says)) {
				t.Errorf("%v; want %v%s\n%s", err, want.err, want.says, s.out)
			}
			if s.out.Len() > maxOutput {
				t.Errorf("it wrote %d bytes", s.out.Len())
			}
		})
	}
}

// TestNothingToReach: a module has no files and no environment.
func TestNothingToReach(t *testing.T) {
	s := start(t, Options{}, rayapps.Look{}, "environment")
	s.until("told", func() bool { return s.find(ui.RoleEntry).Value == "0 0" })
	s.app.Open(s.p.Window(), []string{"files"})
	s.until("refused", func() bool { return strings.Contains(s.find(ui.RoleEntry).Value, "open /etc/passwd") })
}

// TestModules: what is no module of ours doesn't begin.
func TestModules(t *testing.T) {
	header := "\x00asm\x01\x00\x00\x00"
	for name, module := range map[string]string{
		"nothing": "", "text": "hello", "another version": "\x00asm\x02\x00\x00\x00",
		// (import "env" "f" (func))
		"strange imports": header + "\x01\x04\x01\x60\x00\x00" + "\x02\x09\x01\x03env\x01f\x00\x00",
		"no start":        header,
	} {
		g, err := Compile([]byte(module), Options{})
		if err == nil {
			_, err = NewApp(g)
		}
		if err == nil {
			t.Errorf("%s: it has begun", name)
		}
	}
}

// TestQueue: moves of the pointer and sizes give way to later ones; the guest never
// misses what it needs.
func TestQueue(t *testing.T) {
	q := newQueue()
	move := func(x float64) abi.Message { return &abi.Event{Event: &ui.Pointer{Pos: geom.FPoint{X: x}}} }
	for x := range 1000 {
		q.put(move(float64(x)))
		q.put(&abi.Event{Event: &ui.Keystroke{Sym: 'a'}})
	}
	q.put(&abi.Configure{Offset: 1})
	q.put(&abi.Configure{Offset: 2})
	q.put(&abi.Stop{})
	q.put(move(1))
	var last []abi.Message
	for n := 0; ; n++ {
		m, ok := q.wait(0, nil)
		if !ok {
			if n != maxWaiting+2 {
				t.Errorf("%d waited", n)
			}
			break
		}
		last = append(last, m)
	}
	n := len(last)
	if c, ok := last[n-2].(*abi.Configure); !ok || c.Offset != 2 {
		t.Errorf("%#v", last[n-2])
	}
	if _, ok := last[n-1].(*abi.Stop); !ok {
		t.Errorf("%#v", last[n-1])
	}
	q.put(move(1))
	q.put(move(2))
	if m, _ := q.wait(-1, nil); m.(*abi.Event).Event.(*ui.Pointer).Pos.X != 2 {
		t.Error("an old position")
	}
	done := make(chan struct{})
	close(done)
	if _, ok := q.wait(-1, done); ok {
		t.Error("a message out of nothing")
	}
	if _, ok := q.wait(time.Nanosecond, nil); ok {
		t.Error("a message out of nothing")
	}
}
