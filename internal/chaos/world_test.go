package chaos

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/raster"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/session"
	"rayos/surfaces/seat/xkb"
)

func itoa(n int) string { return strconv.Itoa(n) }

// world is a session on a virtual clock with hostile clients, a witness and a
// person. It lives on one goroutine.
type world struct {
	table   *table
	keymap  []byte
	loop    *loop.Loop
	display *headless.Display
	session *session.Session
	ctl     control.Session
	raster  *raster.Renderer
	witness *witness
	peers   []*peer
	names   int // of peers so far
	faults  []string
	notes   []string // the last requests
	slowest time.Duration
	// requests and refusals count what was sent, and how many clients met an
	// error.
	requests, refusals int
}

// turnLimit is how much processor time a turn may take: far more than any does
// on a slow machine, and far less than a loop that does not end.
const turnLimit = 3 * time.Second

const keptNotes = 60

func newWorld() (*world, error) {
	tab, err := protocols()
	if err != nil {
		return nil, err
	}
	w := &world{table: tab, keymap: append([]byte(xkb.Builtin().Text()), 0)}
	if w.loop, err = loop.NewVirtual(); err != nil {
		return nil, err
	}
	if w.display, err = headless.New(w.loop, display.Spec{Size: geom.Size{W: 800, H: 600}}); err != nil {
		return nil, err
	}
	w.raster = raster.New(raster.Options{Workers: 1})
	w.session, err = session.New(session.Options{
		Loop: w.loop, Display: w.display, Renderer: w.raster, NoSocket: true, Keymap: xkb.Builtin(), Plain: true,
		Log: slog.New(complaints{w}),
	})
	if err != nil {
		return nil, err
	}
	w.ctl = w.session.Commands()
	w.witness, err = w.newWitness()
	return w, err
}

func (w *world) close() {
	for _, p := range w.peers {
		p.leave()
	}
	w.peers = nil
	w.witness.dpy.Close()
	w.turn()
	if err := w.session.Close(); err != nil {
		w.fail("close: %v", err)
	}
	if err := w.loop.Close(); err != nil {
		w.fail("close: %v", err)
	}
	w.raster.Close()
}

// fail notes a fault. The first is what a stream is judged by.
func (w *world) fail(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *world) note(format string, args ...any) {
	w.requests++
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
	if len(w.notes) > 2*keptNotes {
		w.notes = append(w.notes[:0], w.notes[keptNotes:]...)
	}
}

// complaints makes faults of errors that the session logs: a panic that was
// recovered is one of them.
type complaints struct{ w *world }

func (complaints) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (c complaints) WithAttrs([]slog.Attr) slog.Handler         { return c }
func (c complaints) WithGroup(string) slog.Handler              { return c }

func (c complaints) Handle(_ context.Context, r slog.Record) error {
	var s strings.Builder
	s.WriteString("the session complains: " + r.Message)
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&s, "\n%s: %v", a.Key, a.Value)
		return true
	})
	c.w.fail("%s", s.String())
	return nil
}

func cpuTime() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &ts); err != nil {
		panic(err)
	}
	return time.Duration(ts.Nano())
}

// guarded runs a part of the session that may be broken.
func (w *world) guarded(what string, fn func()) {
	defer func() {
		if v := recover(); v != nil {
			w.fail("panic in %s: %v\n%s", what, v, debug.Stack())
		}
	}()
	began := cpuTime()
	fn()
	took := cpuTime() - began
	w.slowest = max(w.slowest, took)
	if took > turnLimit {
		w.fail("%s took %v", what, took)
	}
}

func (w *world) turn() {
	w.guarded("a turn", func() {
		if err := w.loop.Dispatch(0); err != nil {
			w.fail("dispatch: %v", err)
		}
	})
}

// read lets all peers take what they were sent, but those that do not.
func (w *world) read() {
	for _, p := range w.peers {
		if !p.deaf {
			p.read()
		}
	}
}

// pass lets time pass, a frame at a time.
func (w *world) pass(t time.Duration) {
	const frame = time.Second / 60
	for ; t > 0; t -= frame {
		w.guarded("a frame", func() { w.loop.Advance(min(t, frame)) })
		w.turn()
		w.read()
		w.witness.pump()
	}
}

// stream says which steps of a seed are played.
type stream struct {
	seed  uint64
	steps []int
}

func newStream(seed uint64, n int) stream {
	s := stream{seed, make([]int, n)}
	for i := range s.steps {
		s.steps[i] = i
	}
	return s
}

const peers = 3

// play plays a stream until its end or the first fault.
func (w *world) play(s stream) {
	for range peers {
		w.names++
		w.peers = append(w.peers, w.connect(fmt.Sprint("client ", w.names)))
	}
	for n, i := range s.steps {
		if len(w.faults) > 0 {
			return
		}
		w.step(rand.New(rand.NewPCG(s.seed, uint64(i))))
		if n%50 == 49 {
			w.witness.served()
		}
	}
	w.read()
	w.turn()
	w.witness.served()
}

// step does one thing.
func (w *world) step(r *rand.Rand) {
	at := r.IntN(len(w.peers))
	p := w.peers[at]
	if p.dead && r.IntN(3) > 0 {
		if p.read(); p.fault != "" {
			w.refusals++
		}
		p.leave()
		w.turn()
		w.names++
		p = w.connect(fmt.Sprint("client ", w.names))
		w.peers[at] = p
	}
	d := &draw{r, p}
	switch k := r.IntN(100); {
	case k < 45:
		d.requests()
	case k < 60:
		if !p.dead {
			one(d, recipes...)(d)
		}
	case k < 70:
		w.turn()
		w.read()
		w.witness.pump()
	case k < 84:
		w.person(d)
	case k < 91:
		w.pass(time.Duration(r.IntN(300)) * time.Millisecond)
	case k < 94:
		w.tool(d)
	case k < 96:
		w.plug(d)
	case k < 97:
		d.garbage()
	case k < 98:
		d.shrink()
	case k < 99:
		p.deaf = !p.deaf
		w.note("%s is deaf: %v", p.name, p.deaf)
	default:
		w.note("%s leaves", p.name)
		if d.often(50) { // in the middle of a message, with a descriptor on its way
			p.raw([]byte{1, 0, 0}, []int{d.anything()})
		}
		p.leave()
	}
}

// person moves, clicks, types and touches.
func (w *world) person(d *draw) {
	now := w.loop.Now()
	s := w.session
	w.guarded("input", func() {
		outs := w.display.Outputs()
		if len(outs) == 0 {
			return
		}
		o := one(d, outs...)
		switch d.IntN(8) {
		case 0, 1, 2:
			s.PointerAbsolute(o, now, d.Float64(), d.Float64())
			s.PointerFrame()
		case 3:
			s.PointerRelative(now, geom.FPoint{X: d.Float64()*40 - 20, Y: d.Float64()*40 - 20}, geom.FPoint{X: 1})
			s.PointerFrame()
		case 4:
			s.PointerButton(now, one(d, uint32(0x110), 0x110, 0x111, 0x112), d.often(50))
			s.PointerFrame()
		case 5:
			s.Key(now, one(d, uint32(1), 15, 28, 29, 30, 42, 44, 56, 59, 62, 97, 103, 105, 106, 108, 125), d.often(50))
		case 6:
			s.PointerAxis(now, display.Axis{Horizontal: d.often(50), Source: display.AxisSource(d.IntN(4)), Value: d.Float64() * 30, Value120: one(d, int32(0), 120, -120), Stop: d.often(10)})
			s.PointerFrame()
		default:
			id := d.Int32N(3)
			switch d.IntN(4) {
			case 0:
				s.TouchDown(o, now, id, d.Float64(), d.Float64())
			case 1:
				s.TouchMotion(o, now, id, d.Float64(), d.Float64())
			case 2:
				s.TouchUp(now, id)
			default:
				s.TouchCancel()
			}
			s.TouchFrame()
		}
	})
}

// tool does what rayctl can.
func (w *world) tool(d *draw) {
	w.guarded("a command", func() {
		list := w.ctl.Windows()
		if len(list) == 0 {
			return
		}
		id := one(d, list...).ID
		// A refusal is an answer.
		switch d.IntN(7) {
		case 0:
			_ = w.ctl.SetState(id, one(d, control.WindowStates...))
		case 1:
			_ = w.ctl.Move(id, geom.Point{X: d.Int32N(2000) - 600, Y: d.Int32N(1500) - 500})
		case 2:
			w.ctl.Resize(id, geom.Size{W: d.Int32N(1200), H: d.Int32N(900)}, func(error) {})
		case 3:
			_ = w.ctl.Workspace(d.IntN(3))
		case 4:
			_ = w.ctl.MoveToWorkspace(id, d.IntN(3))
		case 5:
			_ = w.ctl.Focus(id)
		default:
			w.ctl.Close(id, func(error) {})
		}
	})
	w.turn()
}

// plug adds a screen, or takes one away.
func (w *world) plug(d *draw) {
	w.guarded("hot-plug", func() {
		outs := w.display.Outputs()
		if len(outs) > 3 || len(outs) > 0 && d.often(50) {
			o := one(d, outs...)
			w.note("output %s goes", o.Info().Name)
			if err := w.display.RemoveOutput(o.Info().Name); err != nil {
				w.fail("%v", err)
			}
			return
		}
		w.note("an output comes")
		w.addOutput(geom.Size{W: one(d, int32(1), 300, 800, 1000), H: one(d, int32(1), 200, 600)}, one(d, geom.ScaleOne, 2*geom.ScaleOne, geom.ScaleOne*3/2))
	})
	w.turn()
}

func (w *world) addOutput(z geom.Size, scale geom.Scale) {
	if _, err := w.display.AddOutput(display.Spec{Size: z, Scale: scale}); err != nil {
		w.fail("%v", err)
	}
}

// garbage sends what is no message.
func (d *draw) garbage() {
	b := make([]byte, d.IntN(64))
	for i := range b {
		b[i] = byte(d.Uint32())
	}
	switch d.IntN(4) {
	case 0: // a header that promises much
		b = append(words(nil, 1, 0xfff<<20), b...)
	case 1: // a known object, an unknown request
		b = words(nil, 1, headerSize<<16|uint32(d.IntN(60)))
	case 2: // one descriptor more than any message wants
		d.p.w.note("%s sends descriptors that nobody asked for", d.p.name)
		d.p.raw(words(nil, 1, 12<<16, d.p.newID()), []int{d.anything(), d.anything()})
		return
	}
	d.p.w.note("%s sends garbage", d.p.name)
	d.p.raw(b, nil)
}

// shrink takes pages back from memory that the session may have mapped.
func (d *draw) shrink() {
	if len(d.p.files) == 0 {
		return
	}
	d.p.w.note("%s shrinks its memory", d.p.name)
	// A seal may forbid it.
	_ = unix.Ftruncate(one(d, d.p.files...), one(d, int64(0), 1, 4096))
}

// state is what must be as it was when the hostile are gone.
type state struct {
	Clients, Surfaces, Windows, Nodes, Files, Goroutines, Mappings int
}

func (w *world) state() state {
	st := w.ctl.Stats()
	return state{
		st.Clients, st.Surfaces, st.Windows, w.session.Scene().Nodes(), countFiles(), countGoroutines(), countMappings(),
	}
}

func countFiles() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	return len(list)
}

// countGoroutines counts those that stay: what ends is given the time to.
func countGoroutines() int {
	n := runtime.NumGoroutine()
	for range 50 {
		runtime.Gosched()
		n = min(n, runtime.NumGoroutine())
	}
	return n
}

func countMappings() int {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		panic(err)
	}
	return strings.Count(string(maps), "/memfd:chaos")
}

// settle sends everyone away, puts the desktop in order as a person would, and
// has the witness open a window.
func (w *world) settle() {
	for _, p := range w.peers {
		p.leave()
	}
	w.peers = nil
	w.turn()
	w.guarded("input", func() {
		now := w.loop.Now()
		w.session.KeysLost()
		w.session.Key(now, 30, true) // and the keymap is its own again
		w.session.Key(now, 30, false)
		w.session.TouchCancel()
		for b := range uint32(3) {
			w.session.PointerButton(now, 0x110+b, false)
		}
	})
	w.turn()
	w.guarded("hot-plug", func() {
		for _, o := range slices.Clone(w.display.Outputs()) {
			if err := w.display.RemoveOutput(o.Info().Name); err != nil {
				w.fail("%v", err)
			}
		}
	})
	w.turn()
	w.guarded("hot-plug", func() { w.addOutput(geom.Size{W: 800, H: 600}, geom.ScaleOne) })
	w.pass(100 * time.Millisecond)
	if w.witness.err() == nil {
		w.witness.unlock()
		w.guarded("a command", func() { _ = w.ctl.Workspace(0) })
		w.witness.sees()
	}
	w.pass(6 * time.Second) // what is kept for a while is gone then
}
