package panel

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// Times of frames.
const (
	// Budget is what a frame of a panel may take: a quarter of one at 60 Hz.
	Budget = 4 * time.Millisecond
	// frame is the time between two frames of something that moves.
	frame = time.Second / 60
	// slow is the time between frames of a panel that is over its budget.
	slow = time.Second / 5
	// overruns is how many frames in a row have to take too long.
	overruns = 3
)

// Options says what a panel is made of.
type Options struct {
	Name     string // for the log
	Loop     *loop.Loop
	Seat     *seat.Seat
	Renderer render.Renderer
	// Strip is where the strip hangs, Above where menus do. The origin of
	// both is that of the layout.
	Strip, Above *scene.Tree
	// Shadow gives the strip room for the shadow that its view draws. The room
	// takes no input.
	Shadow bool
	// Sparse is for a large strip of which little is drawn: what is of one
	// colour, or none, takes no memory.
	Sparse bool
	// Rise is how long the strip takes to come up out of nothing: it fades in. The
	// pixels are drawn once, the scene gives them their opacity. 0 has it there
	// at once.
	Rise time.Duration
	// UI is what the root is made with; the panel brings the clock.
	UI ui.Options
	// Raster draws the lists; it may be shared by panels with the same fonts.
	Raster *paint.Raster
	// Open tells whether the panel takes input now.
	Open func() bool
	// Cursor shows a shape while the pointer is over the panel.
	Cursor func(name string)
	// Keyboard is called when Keyboard may return something else.
	Keyboard func()
	// Text is told where a person types now, each time that it changes: Enabled
	// is false where nobody does, or an input method must not hear of it. It
	// may be nil.
	Text func(p *Panel, now ui.IME)
	// Failed is called after the panel has panicked and was taken down; last
	// says that it won't come again.
	Failed func(last bool)
	// Work measures how long frames take; nil is the machine's clock, or that
	// of a virtual loop, on which nothing takes any time.
	Work func() time.Duration
	Log  *slog.Logger
	// Drawn, if not nil, is told after the panel shows something else, or has
	// been taken off the screen.
	Drawn func(*Panel)
	// Made, if not nil, is told of the panel when it is new.
	Made func(*Panel)
}

// Panel is a root on an output.
type Panel struct {
	o     Options
	root  *ui.Root
	area  geom.Rect // of the output, in the layout
	scale geom.Scale
	strip geom.Rect // in the root

	base   *pane
	tiles  *tiles  // what base shows, if it is sparse; otherwise nil
	layers []*pane // those in use first
	used   int
	shield *pane
	rects  []geom.Rect
	keys   bool   // the person has asked for the keyboard
	has    bool   // the keyboard
	text   ui.IME // that Options.Text knows

	composing bool
	repeat    *loop.Timer
	held      uint32

	rise    rise
	timer   *loop.Timer
	drawn   time.Duration // when the last frame was
	every   time.Duration // least time between frames
	late    int           // frames over budget in a row, below zero: in time
	failed  int
	down    bool
	closed  bool
	retry   bool
	damage  geom.Region
	pointer ui.Pointer
	stroke  ui.Keystroke
}

// New returns a panel that is nowhere yet.
func New(o Options) *Panel {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Work == nil && o.Loop.Virtual() {
		o.Work = o.Loop.Now
	}
	if o.Work == nil {
		start := time.Now()
		o.Work = func() time.Duration { return time.Since(start) }
	}
	if o.Raster == nil {
		o.Raster = paint.NewRaster(o.UI.Fonts)
	}
	o.UI.Now = o.Loop.Now
	p := &Panel{o: o, every: frame, drawn: -frame}
	p.timer = o.Loop.NewTimer(p.wake)
	p.repeat = o.Loop.NewTimer(p.again)
	p.rise.init(p)
	if o.Sparse {
		p.tiles = newTiles(p, o.Strip)
	}
	p.base = newPane(p, o.Strip)
	p.shield = newPane(p, o.Above)
	p.shield.show(false)
	p.root = ui.New(o.UI)
	p.root.SetActive(false)
	if o.Made != nil {
		o.Made(p)
	}
	return p
}

// Root returns the tree, which changes when the panel is started anew.
func (p *Panel) Root() *ui.Root { return p.root }

// Down reports whether the panel is away after a fault.
func (p *Panel) Down() bool { return p.down }

// Strip returns where the strip lies in the layout.
func (p *Panel) Strip() geom.Rect { return p.strip.Add(p.area.Min()) }

// Place puts the panel on an output whose rectangle in the layout is area;
// strip is what of it is always shown. With an empty strip nothing is shown, and
// the panel keeps no pixels.
func (p *Panel) Place(area, strip geom.Rect, scale geom.Scale) {
	if !strip.Empty() {
		strip = strip.Add(geom.Point{X: -area.X0, Y: -area.Y0})
	}
	if p.area == area && p.strip == strip && p.scale == scale {
		return
	}
	p.area, p.strip, p.scale = area, strip, scale
	if strip.Empty() {
		p.hide()
		p.tell()
		return
	}
	p.outdate()
	p.shield.place(area.Size().Rect())
	p.resize()
}

// outdate has everything drawn anew.
func (p *Panel) outdate() {
	p.base.stale = true
	if p.tiles != nil {
		p.tiles.stale = true
	}
	for _, l := range p.layers {
		l.stale = true
	}
}

func (p *Panel) resize() {
	defer p.recovered("resize")
	p.root.Resize(p.area.Size(), p.scale)
	p.root.Repaint()
}

// Invalidate asks for a new view at the next frame.
func (p *Panel) Invalidate() {
	if !p.down {
		p.root.Invalidate()
	}
}

// Layout brings the view and its places up to date before Turn, for panels
// whose strip depends on them.
func (p *Panel) Layout() {
	if p.down {
		return
	}
	defer p.recovered("layout")
	p.root.Layout()
}

// Repaint draws everything anew, for another theme.
func (p *Panel) Repaint() {
	if p.down || p.closed {
		return
	}
	p.outdate()
	p.root.Invalidate()
	p.root.Repaint()
}

// Closed reports whether Close was called.
func (p *Panel) Closed() bool { return p.closed }

// Turn draws a frame if one is due. It is for the end of each turn of the loop.
func (p *Panel) Turn() {
	if p.retry {
		p.restart()
	}
	if p.down || p.strip.Empty() {
		return
	}
	p.frame()
	p.schedule()
}

// schedule arms the timer for the next frame, if there will be one without
// anything happening.
func (p *Panel) schedule() {
	if p.down {
		return
	}
	defer p.recovered("schedule")
	at, ok := p.root.Next()
	if !ok {
		p.timer.Disarm()
		return
	}
	if at = max(at, p.drawn+p.every); !p.timer.Armed() || p.timer.At() != at {
		p.timer.Arm(at)
	}
}

// wake does nothing: the turn that follows draws.
func (p *Panel) wake() {}

func (p *Panel) frame() {
	defer p.recovered("frame")
	at, ok := p.root.Next()
	now := p.o.Loop.Now()
	if !p.base.stale && (!ok || at > now || now < p.drawn+p.every) {
		return
	}
	since := p.o.Work()
	f := p.root.Frame()
	p.drawn = now
	if f.Changed || p.base.stale {
		p.paint(f)
		p.tell()
	}
	p.tellText()
	p.spend(p.o.Work() - since)
}

func (p *Panel) tell() {
	if p.o.Drawn != nil {
		p.o.Drawn(p)
	}
}

// Name returns what the panel is called in the log.
func (p *Panel) Name() string { return p.o.Name }

// Area returns the rectangle of the output that the panel is on, in the layout.
func (p *Panel) Area() geom.Rect { return p.area }

// Shown reports whether the panel is on the screen.
func (p *Panel) Shown() bool { return !p.down && !p.strip.Empty() }

// Do carries out an action on an element of the view, as ui.Root has it.
func (p *Panel) Do(id uint64, act ui.Action, value string) (done bool) {
	if p.down {
		return false
	}
	defer p.recovered("action")
	return p.root.Do(id, act, value)
}

// spend keeps account of what frames take.
func (p *Panel) spend(took time.Duration) {
	switch {
	case took > Budget:
		p.late = max(p.late, 0) + 1
	default:
		p.late = min(p.late, 0) - 1
	}
	switch {
	case p.late == overruns && p.every == frame:
		p.every = slow
		p.o.Log.Warn("panel is over its budget: it is drawn less often", "panel", p.o.Name, "took", took, "budget", Budget)
	case p.late == -overruns && p.every == slow:
		p.every = frame
		p.o.Log.Info("panel is within its budget again", "panel", p.o.Name)
	}
}

// paint draws the panes from a frame.
func (p *Panel) paint(f *ui.Frame) {
	box := p.strip
	if p.o.Shadow {
		p.base.input = p.strip
		box = shadowed(p.strip).Intersect(p.area.Size().Rect())
	}
	p.base.place(box)
	if !p.base.on {
		p.rise.begin()
	}
	if p.tiles != nil {
		p.paintTiles(box, f)
	} else {
		p.base.draw(f)
	}
	p.rects = p.root.Layers(p.rects[:0])
	for i, r := range p.rects {
		if i == len(p.layers) {
			p.layers = append(p.layers, newPane(p, p.o.Above))
		}
		l := p.layers[i]
		l.input = r
		l.place(shadowed(r).Intersect(p.area.Size().Rect()))
		l.draw(f)
		l.show(true)
	}
	for i := len(p.rects); i < p.used; i++ {
		p.layers[i].release()
	}
	p.used = len(p.rects)
	if open := p.root.Trapping(); open != p.shield.on {
		p.shield.show(open)
		p.o.Keyboard()
	}
}

// paintTiles draws the strip of a sparse panel. Its pane has the input alone.
func (p *Panel) paintTiles(box geom.Rect, f *ui.Frame) {
	p.tiles.place(box)
	if err := p.tiles.draw(f); err != nil {
		p.o.Log.Error("panel", "panel", p.o.Name, "err", err)
		return
	}
	p.base.stale = false
	p.base.show(true)
}

// shadowed is a layer with the room that its shadow takes.
func shadowed(r geom.Rect) geom.Rect {
	const reach = 36
	return geom.Rect{X0: r.X0 - reach, Y0: r.Y0 - reach, X1: r.X1 + reach, Y1: r.Y1 + reach}
}

// recovered ends a call into the panel that has panicked. It is deferred.
func (p *Panel) recovered(what string) {
	v := recover()
	if v == nil {
		return
	}
	p.failed++
	p.o.Log.Error("panel has failed", "panel", p.o.Name, "in", what, "fault", fmt.Sprint(v), "stack", string(debug.Stack()))
	p.hide()
	p.down, p.retry = true, p.failed == 1
	p.tell()
	if p.retry {
		p.timer.Arm(p.o.Loop.Now())
	}
	p.o.Failed(!p.retry)
}

// restart begins with a new root.
func (p *Panel) restart() {
	defer p.recovered("start")
	p.retry, p.down = false, false
	p.root = ui.New(p.o.UI)
	p.root.SetActive(false)
	p.root.Resize(p.area.Size(), p.scale)
	p.base.stale = true
}

// hide takes everything off the screen.
func (p *Panel) hide() {
	p.timer.Disarm()
	p.repeat.Disarm()
	p.rise.stop()
	had := p.Keyboard() != nil
	p.keys = false
	p.base.release()
	if p.tiles != nil {
		p.tiles.release()
	}
	for _, l := range p.layers {
		l.release()
	}
	p.used = 0
	p.shield.show(false)
	p.leaveText()
	if had {
		p.o.Keyboard()
	}
}

// Close frees everything.
func (p *Panel) Close() {
	p.hide()
	p.down, p.closed = true, true
	p.tell()
	for _, l := range append(p.layers, p.base, p.shield) {
		p.o.Seat.Forget(l)
		l.node.Destroy()
	}
	if p.tiles != nil {
		p.tiles.tree.Destroy()
	}
}
