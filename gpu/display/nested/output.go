package nested

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// Output is one window. It belongs to the loop goroutine.
type Output struct {
	display *Display
	info    display.Info
	spec    display.Spec

	surface    *client.WlSurface
	xdg        *client.XdgSurface
	toplevel   *client.XdgToplevel
	decoration *client.ZxdgToplevelDecorationV1
	viewport   *client.WpViewport          // nil if the host has none
	fractional *client.WpFractionalScaleV1 // nil if the host has none
	inhibitor  *client.ZwpKeyboardShortcutsInhibitorV1
	on         []*screen // the host's outputs that show a part of the window

	logical    geom.Size  // the window in the host's logical pixels
	hostScale  geom.Scale // pixels of a buffer per logical pixel
	configured bool       // the host has configured the window once
	wanted     wanted

	swap    swapchain
	clock   frameClock
	cursor  cursor
	removed bool
}

// wanted is what the host, or SetMode, asked for and reconfigure has not done
// yet.
type wanted struct {
	logical   geom.Size // 0: as it is
	scale     geom.Scale
	serial    uint32 // to ack, if ack is set
	ack       bool
	fixed     bool // the host insists on the size
	fromHost  geom.Size
	hostFixed bool
}

func newOutput(d *Display, s display.Spec, title, appID string) *Output {
	h := &d.host
	o := &Output{display: d, spec: s, hostScale: geom.ScaleOne}
	o.logical = unscaled(s.Size, o.hostScale)
	o.wanted.scale = o.hostScale
	o.info = display.Info{
		Name:        s.Name,
		Description: "Window " + s.Name + " on Wayland",
		Make:        "RayOS",
		Model:       "Wayland window",
		Transform:   s.Transform,
	}
	o.swap.init(o)
	o.clock.init(o)

	o.surface = h.compositor.CreateSurface()
	o.surface.OnEnter = o.entered
	o.surface.OnLeave = o.left
	o.surface.OnPreferredBufferScale = func(f int32) {
		if o.fractional == nil {
			o.wanted.scale = geom.Scale(max(f, 1)) * geom.ScaleOne
		}
	}
	if h.viewporter != nil {
		o.viewport = h.viewporter.GetViewport(o.surface)
	}
	if h.fractional != nil {
		o.fractional = h.fractional.GetFractionalScale(o.surface)
		o.fractional.OnPreferredScale = func(s uint32) { o.wanted.scale = geom.Scale(min(max(s, 1), 120*64)) }
	}
	o.xdg = h.shell.GetXdgSurface(o.surface)
	o.xdg.OnConfigure = o.configure
	o.toplevel = o.xdg.GetToplevel()
	o.toplevel.OnConfigure = o.configureToplevel
	o.toplevel.OnClose = func() { d.closeWindow(o) }
	o.toplevel.SetTitle(title)
	o.toplevel.SetAppId(appID)
	if h.decoration != nil {
		o.decoration = h.decoration.GetToplevelDecoration(o.toplevel)
		o.decoration.SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	}
	if d.seat != nil {
		o.inhibitShortcuts(d.seat)
	}
	o.surface.Commit()
	return o
}

// inhibitShortcuts asks the host to keep its shortcuts to itself. The inhibitor
// of a seat that went away lives on without effect until the next comes.
func (o *Output) inhibitShortcuts(s *seat) {
	h := &o.display.host
	if !h.inhibit || h.inhibitor == nil {
		return
	}
	if o.inhibitor != nil {
		o.inhibitor.Destroy()
	}
	o.inhibitor = h.inhibitor.InhibitShortcuts(o.surface, s.seat)
}

func (o *Output) entered(out *client.WlOutput) {
	if s := o.display.host.screen(out); s != nil && !slices.Contains(o.on, s) {
		o.on = append(o.on, s)
		o.followScreens()
	}
}

func (o *Output) left(out *client.WlOutput) {
	i := slices.IndexFunc(o.on, func(s *screen) bool { return s.output == out })
	if i >= 0 {
		o.on = slices.Delete(o.on, i, i+1)
		o.followScreens()
	}
}

// followScreens takes over the refresh rate of the screen that the window is
// on, and the highest scale where the host does not tell a better one.
func (o *Output) followScreens() {
	if len(o.on) == 0 {
		return
	}
	if o.fractional == nil && o.surface.Version() < 6 {
		scale := int32(1)
		for _, s := range o.on {
			scale = max(scale, s.scale)
		}
		o.wanted.scale = geom.Scale(scale) * geom.ScaleOne
	}
	o.info.Mode.Refresh = o.refresh()
}

func (o *Output) refresh() int32 {
	for _, s := range o.on {
		if s.refresh > 0 {
			return s.refresh
		}
	}
	for _, s := range o.display.host.screens {
		if s.refresh > 0 {
			return s.refresh
		}
	}
	return display.DefaultRefresh
}

// configureToplevel notes the first half of a configure.
func (o *Output) configureToplevel(w, h int32, states []byte) {
	o.wanted.fromHost = geom.Size{W: max(w, 0), H: max(h, 0)}
	o.wanted.hostFixed = false
	for ; len(states) >= 4; states = states[4:] {
		switch protocol.XdgToplevelState(binary.NativeEndian.Uint32(states)) {
		case protocol.XdgToplevelStateMaximized, protocol.XdgToplevelStateFullscreen,
			protocol.XdgToplevelStateTiledLeft, protocol.XdgToplevelStateTiledRight,
			protocol.XdgToplevelStateTiledTop, protocol.XdgToplevelStateTiledBottom:
			o.wanted.hostFixed = true
		}
	}
}

// configure completes it. Of several in one batch the last one counts.
func (o *Output) configure(serial uint32) {
	w := &o.wanted
	w.serial, w.ack = serial, true
	w.fixed = w.hostFixed
	if w.fromHost.W > 0 {
		w.logical.W = w.fromHost.W
	}
	if w.fromHost.H > 0 {
		w.logical.H = w.fromHost.H
	}
	o.configured = true
}

// reconfigure does what the host asked for since the last time.
func (o *Output) reconfigure() {
	w := &o.wanted
	logical := o.logical
	if w.logical.W > 0 {
		logical.W = w.logical.W
	}
	if w.logical.H > 0 {
		logical.H = w.logical.H
	}
	size := scaled(logical, w.scale)
	if o.display.handler == nil && w.logical.Empty() {
		// The host leaves the size to us: the pixels that were asked for.
		size = o.spec.Size
		logical = unscaled(size, w.scale)
	}
	scale := o.spec.Scale
	if scale == 0 {
		scale = w.scale
	}
	acked := w.ack
	if w.ack {
		o.xdg.AckConfigure(w.serial)
	}
	changed := size != o.info.Mode.Size || scale != o.info.Scale
	resized := size != o.info.Mode.Size
	o.logical, o.hostScale = logical, w.scale
	w.ack, w.logical = false, geom.Size{}
	o.info.Mode.Size, o.info.Scale = size, scale
	if o.info.Mode.Refresh == 0 {
		o.info.Mode.Refresh = o.refresh()
	}
	if resized {
		o.swap.retire()
		o.clock.abandon()
		if o.removed {
			return
		}
	}
	switch {
	case changed && o.display.handler != nil:
		o.display.handler.OutputChanged(o)
	case acked && o.clock.frames > 0:
		o.surface.Commit() // nothing to draw: the answer is the ack
	}
}

// Info describes the output.
func (o *Output) Info() display.Info { return o.info }

// Framebuffer returns a buffer that the host does not read, an XRGB8888
// *render.Pixels.
func (o *Output) Framebuffer() (render.Target, int, error) {
	if o.removed {
		return nil, 0, display.ErrRemoved
	}
	b, err := o.swap.acquire()
	if err != nil {
		return nil, 0, fmt.Errorf("output %s: %w", o.info.Name, err)
	}
	return &b.mem.Pixels, o.swap.age(b), nil
}

// CanScanout reports false: the host reads only what lies in our buffers.
func (o *Output) CanScanout(*render.Pixels) bool { return false }

// maxDamageRects is how many rectangles of damage the host is told of; more
// are told as the rectangle around them.
const maxDamageRects = 64

// Commit hands the framebuffer to the host.
func (o *Output) Commit(f display.Frame) error {
	d := o.display
	switch {
	case o.removed:
		return display.ErrRemoved
	case d.dead:
		return errors.New("the Wayland host went away")
	case d.handler == nil:
		return errors.New("nested display: not started")
	case o.clock.waiting():
		return display.ErrBusy
	case f.Scanout != nil:
		return errors.New("output " + o.info.Name + " cannot scan out")
	case o.swap.current == nil:
		return errors.New("output " + o.info.Name + ": commit without a framebuffer")
	}
	s := o.surface
	s.Attach(o.swap.submit(), 0, 0)
	if o.viewport != nil {
		o.viewport.SetDestination(o.logical.W, o.logical.H)
	} else {
		s.SetBufferScale(o.hostScale.Ceil())
	}
	o.damage(f.Damage)
	o.clock.request()
	s.Commit()
	d.flush()
	return nil
}

func (o *Output) damage(region *geom.Region) {
	all := o.info.Mode.Size.Rect()
	switch {
	case region == nil || o.clock.frames == 0:
		o.surface.DamageBuffer(0, 0, all.W(), all.H())
	case region.Len() > maxDamageRects:
		r := region.Extents().Intersect(all)
		o.surface.DamageBuffer(r.X0, r.Y0, r.W(), r.H())
	default:
		for _, r := range region.Rects() {
			if r = r.Intersect(all); !r.Empty() {
				o.surface.DamageBuffer(r.X0, r.Y0, r.W(), r.H())
			}
		}
	}
}

// Shown returns the frame that the host was given last, once it was presented.
func (o *Output) Shown() render.Target {
	if b := o.swap.shown; b != nil {
		return &b.mem.Pixels
	}
	return nil
}

// SetMode gives the window another size, unless the host has it maximised,
// tiled or fullscreen. The refresh rate is the host's.
func (o *Output) SetMode(m display.Mode) error {
	switch {
	case o.removed:
		return display.ErrRemoved
	case m.Size.Empty():
		return fmt.Errorf("output %s: mode of size %v", o.info.Name, m.Size)
	case o.wanted.fixed:
		return errors.New("output " + o.info.Name + ": the host decides the size of this window")
	}
	o.wanted.logical = unscaled(m.Size, o.hostScale)
	o.display.loop.Idle(func() {
		if !o.removed && o.display.handler != nil && !o.display.dead {
			o.reconfigure()
			o.display.flush()
		}
	})
	return nil
}

// size of the window in the host's logical pixels, for positions.
func (o *Output) fraction(x, y geom.Fixed) (float64, float64) {
	return min(max(x.Float()/float64(o.logical.W), 0), 1), min(max(y.Float()/float64(o.logical.H), 0), 1)
}

func (o *Output) destroy() {
	o.cursor.destroy()
	if o.inhibitor != nil {
		o.inhibitor.Destroy()
	}
	if o.decoration != nil {
		o.decoration.Destroy()
	}
	o.toplevel.Destroy()
	o.xdg.Destroy()
	if o.fractional != nil {
		o.fractional.Destroy()
	}
	if o.viewport != nil {
		o.viewport.Destroy()
	}
	o.surface.Destroy()
	o.swap.destroy()
}

// presented tells the session that the frame is on the host's screen.
func (o *Output) presented(p display.Presented) {
	o.swap.present()
	if p.Refresh == 0 && o.info.Mode.Refresh > 0 {
		p.Refresh = 1000 * time.Second / time.Duration(o.info.Mode.Refresh)
	}
	o.display.handler.Presented(o, p)
}
