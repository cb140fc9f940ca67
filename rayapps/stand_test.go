package rayapps

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/wlcs/desk"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

// patience is how long anything may take. It only matters for a test that
// fails.
const patience = time.Minute

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "rayapps-")
	if err != nil {
		panic(err)
	}
	for name, value := range map[string]string{"XDG_STATE_HOME": dir, "LANG": "C", "RAYOS_REDUCED_MOTION": "1"} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// room is a session in this process.
type room struct {
	t    *testing.T
	desk *desk.Server
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{t, desk.New()}
	if err := r.desk.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.desk.Stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// Codes of linux/input-event-codes.h.
const (
	btnLeft   = 0x110
	btnMiddle = 0x112
)

// probe is an app that notes what it is told.
type probe struct {
	view func(w *Window) ui.Node
	mu   sync.Mutex
	told []string
	w    *Window

	state string // what is saved
	keep  bool   // refuses to close
	fail  string // the hook that fails
}

func (p *probe) note(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, s)
}

// life returns what it was told so far.
func (p *probe) life() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.told, " ")
}

var errHook = errors.New("does not want to")

func (p *probe) hook(name string) error {
	p.note(name)
	if p.fail == name {
		return errHook
	}
	return nil
}

func (p *probe) View(w *Window) ui.Node {
	if p.view == nil {
		return ui.Label{Text: "probe"}
	}
	return p.view(w)
}

func (p *probe) Create(w *Window, saved []byte) error {
	p.w = w
	if saved != nil {
		p.state = string(saved)
	}
	return p.hook("create")
}

func (p *probe) Start(*Window) error { return p.hook("start") }
func (p *probe) Resume(*Window)      { p.note("resume") }
func (p *probe) Pause(*Window)       { p.note("pause") }
func (p *probe) Destroy()            { p.note("destroy") }

func (p *probe) Save() ([]byte, error) { return []byte(p.state), p.hook("save") }

func (p *probe) Open(_ *Window, names []string) { p.note("open:" + strings.Join(names, ",")) }

func (p *probe) Key(_ *Window, k *ui.Keystroke) bool {
	if !k.Release {
		p.note("key:" + k.Text)
	}
	return true
}

func (p *probe) Close(*Window) bool {
	p.note("close")
	return !p.keep
}

// stand is an app in a room.
type stand struct {
	*probe
	r       *room
	fd      int
	done    chan error
	ready   chan string
	changed chan struct{}
	mu      sync.Mutex
	trace   []string
	origin  geom.Point // of the window in the layout, after place
}

// show runs an app in the room until the test ends, and returns when it has been
// seen.
func (r *room) show(o Options, p *probe) *stand {
	r.t.Helper()
	return r.showApp(o, p, p)
}

// showApp shows an app of which a probe is part.
func (r *room) showApp(o Options, a App, p *probe) *stand {
	r.t.Helper()
	s := r.startApp(o, a, p)
	select {
	case <-s.ready:
	case err := <-s.done:
		r.t.Fatalf("the app has ended: %v", err)
	case <-time.After(patience):
		r.t.Fatal("the app has never been seen")
	}
	return s
}

func (r *room) start(o Options, p *probe) *stand {
	r.t.Helper()
	return r.startApp(o, p, p)
}

func (r *room) startApp(o Options, a App, p *probe) *stand {
	r.t.Helper()
	fd, err := r.desk.Connect()
	if err != nil {
		r.t.Fatal(err)
	}
	s := &stand{
		probe: p, r: r, fd: fd, done: make(chan error, 1), ready: make(chan string, 8), changed: make(chan struct{}, 1),
	}
	if o.Conn, err = client.NewWithOptions(fd, wire.ClientOptions{Trace: s.line}); err != nil {
		r.t.Fatal(err)
	}
	if o.ID == "" {
		o.ID = "org.example." + strings.NewReplacer("/", "_", "#", "_").Replace(r.t.Name())
	}
	o.Marker = func(line string) { s.ready <- line }
	go func() {
		err := Run(o, a)
		s.done <- err
		s.done <- err
	}()
	r.t.Cleanup(func() {
		if p.w != nil {
			p.w.loop.Stop()
		}
		select {
		case <-s.done:
		case <-time.After(patience):
			r.t.Error("the app does not end")
		}
	})
	return s
}

func (s *stand) line(l string) {
	s.mu.Lock()
	s.trace = append(s.trace, l)
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// requests returns the requests and events that hold a text, so far.
func (s *stand) requests(text string) (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.trace {
		if strings.Contains(l, text) {
			list = append(list, l)
		}
	}
	return list
}

// forget drops the trace so far.
func (s *stand) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = nil
}

// do runs fn on the window's goroutine.
func (s *stand) do(fn func(w *Window)) {
	s.r.t.Helper()
	done := make(chan struct{})
	s.w.loop.Post(func() {
		defer close(done)
		fn(s.w)
	})
	select {
	case <-done:
	case <-time.After(patience):
		s.r.t.Fatal("the window's goroutine is stuck")
	}
}

// until waits until a condition holds on the window's goroutine.
func (s *stand) until(what string, holds func(w *Window) bool) {
	s.r.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ok := false
		s.do(func(w *Window) { ok = holds(w) })
		if ok {
			return
		}
		if time.Now().After(deadline) {
			s.r.t.Fatalf("not within %v: %s", patience, what)
		}
		select {
		case <-s.changed:
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// still waits until nothing is under way.
func (s *stand) still() {
	s.r.t.Helper()
	s.until("nothing is under way", func(w *Window) bool {
		_, due := w.root.Next()
		return w.waiting == nil && !due && !w.stale
	})
}

// place puts the window to about a point of the layout.
func (s *stand) place(at geom.Point) {
	s.r.t.Helper()
	var id uint32
	s.do(func(w *Window) { id = w.wl.ID() })
	if err := s.r.desk.Place(s.fd, id, at); err != nil {
		s.r.t.Fatal(err)
	}
	// Its frame takes room, so the pointer is asked where it is now.
	probe := at.Add(geom.Point{X: 50, Y: 80})
	s.r.desk.PointerTo(probe.F())
	s.until("the pointer has come", func(w *Window) bool { return w.host.seat.pointer != nil && w.host.seat.pointer.inside })
	s.do(func(w *Window) { s.origin = probe.Sub(w.host.seat.pointer.event.Pos.Floor()) })
}

// pointTo puts the pointer to a point of the window.
func (s *stand) pointTo(x, y int32) {
	s.r.t.Helper()
	s.r.desk.PointerTo(s.origin.Add(geom.Point{X: x, Y: y}).F())
	s.until("the pointer is there", func(w *Window) bool {
		return w.host.seat.drag.at.Pos.Floor() == geom.Point{X: x, Y: y} || w.host.seat.pointer.event.Pos.Floor() == geom.Point{X: x, Y: y}
	})
}

// Linux key codes (linux/input-event-codes.h).
const (
	codeA     = 30
	codeB     = 48
	codeC     = 46
	codeV     = 47
	codeCtrl  = 29
	codeShift = 42
	codeEnd   = 107
	codeSemi  = 39
	codeE     = 18
	codeDown  = 108
	codeEnter = 28
	codeEsc   = 1
)

// person types on a keyboard of the room.
type person struct {
	*client.Display
	t        *testing.T
	keyboard *client.ZwpVirtualKeyboardV1
	methods  *client.ZwpInputMethodManagerV2
	seat     *client.WlSeat
}

func (r *room) person() *person {
	r.t.Helper()
	return r.personWith(xkb.Builtin())
}

// personWith is a person with a keymap.
func (r *room) personWith(km *xkb.Keymap) *person {
	r.t.Helper()
	fd, err := r.desk.Connect()
	if err != nil {
		r.t.Fatal(err)
	}
	d, err := client.New(fd)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(d.Close)
	g, err := d.Globals()
	if err != nil {
		r.t.Fatal(err)
	}
	p := &person{Display: d, t: r.t}
	p.seat = bind(g, &protocol.WlSeatInterface, client.BindWlSeat)
	p.methods = bind(g, &protocol.ZwpInputMethodManagerV2Interface, client.BindZwpInputMethodManagerV2)
	p.keyboard = bind(g, &protocol.ZwpVirtualKeyboardManagerV1Interface, client.BindZwpVirtualKeyboardManagerV1).CreateVirtualKeyboard(p.seat)
	file, err := km.CopyFD()
	if err != nil {
		r.t.Fatal(err)
	}
	p.keyboard.Keymap(protocol.WlKeyboardKeymapFormatXkbV1, file, km.Size())
	p.sync()
	if err := unix.Close(file); err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (p *person) sync() {
	p.t.Helper()
	if err := p.Roundtrip(); err != nil {
		p.t.Fatal(err)
	}
}

// presses presses keys together, the last one first to go.
func (p *person) presses(codes ...uint32) {
	p.t.Helper()
	var mods uint32
	for i, down := 0, true; i >= 0; {
		state := uint32(0)
		if down {
			state = 1
		}
		switch codes[i] {
		case codeShift:
			mods = state * uint32(xkb.ModShift)
		case codeCtrl:
			mods = state * uint32(xkb.ModControl)
		}
		p.keyboard.Key(0, codes[i], state)
		p.keyboard.Modifiers(mods, 0, 0, 0)
		switch {
		case down && i == len(codes)-1:
			down = false
		case down:
			i++
		default:
			i--
		}
	}
	p.sync()
}

// contains is for conditions on what an app was told.
func (p *probe) heard(s string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.told, s)
}
