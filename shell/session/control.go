package session

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/surfaces"
	"rayos/surfaces/capture"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// commands is the session as rayctl and the prompt see it.
type commands struct {
	s *Session
}

var _ control.Session = (*commands)(nil)

// Commands returns the session's command interface.
func (s *Session) Commands() control.Session { return &commands{s} }

// Windows implements control.Session.
func (c *commands) Windows() []control.Window {
	var out []control.Window
	for _, p := range c.s.wm.Arrange(nil) {
		if w := c.s.windows[p.ID]; w != nil && w.mapped {
			out = append(out, c.window(w, &p))
		}
	}
	return out
}

func (c *commands) window(w *window, p *wm.Placement) control.Window {
	g := w.guest
	out := control.Window{
		ID: uint32(w.id), AppID: g.AppID, Title: g.Title, Owner: g.Owner.Trust.String(), PID: g.Owner.PID,
		Frame: control.RectOf(p.Frame), Content: control.RectOf(p.Content), Workspace: p.Workspace,
		Focused: p.Activated, Visible: p.Visible, FrameSeq: g.FrameSeq, Parent: uint32(p.Parent),
		Tag: g.Tag, Description: g.Description,
	}
	if g.Surface != nil && g.Surface.Current.Content != surfaces.ContentNone {
		out.ContentType = g.Surface.Current.Content.String()
	}
	if g.Icon != nil {
		out.Icon = g.Icon.Name
		for i := range g.Icon.Images {
			out.IconSizes = append(out.IconSizes, g.Icon.Images[i].Pixels.W)
		}
	}
	for _, o := range c.s.outputs {
		if o.id == p.Output {
			out.Output = o.info.Name
		}
	}
	for _, f := range []struct {
		on   bool
		name string
	}{
		{p.Maximized, "maximized"},
		{p.Fullscreen, "fullscreen"},
		{p.Minimized, "minimized"},
		{p.Shaded, "shaded"},
		{p.Tiled != 0 && !p.Maximized, "tiled"},
		{p.Modal, "modal"},
		{p.Decorated, "decorated"},
		{w.attention, "attention"},
	} {
		if f.on {
			out.States = append(out.States, f.name)
		}
	}
	return out
}

// Outputs implements control.Session.
func (c *commands) Outputs() []control.Output {
	var out []control.Output
	for _, o := range c.s.outputs {
		m := o.info.Mode
		v := control.Output{
			Name: o.info.Name, Logical: control.RectOf(o.scene.Logical()), Width: m.Size.W, Height: m.Size.H,
			Refresh: float64(m.Refresh) / 1000, Scale: o.info.Scale.Float(), Frames: o.frames,
		}
		if t := o.info.Transform; t != geom.Normal {
			v.Transform = t.String()
		}
		out = append(out, v)
	}
	return out
}

// Stats implements control.Session.
func (c *commands) Stats() control.Stats {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return control.Stats{
		Display: c.s.socket, PID: os.Getpid(), Uptime: time.Since(c.s.started),
		Clients: c.s.server.Clients(), Surfaces: c.s.server.Surfaces(), Windows: len(c.Windows()), Outputs: len(c.s.outputs),
		Frames: c.s.presented, Wakeups: c.s.loop.Wakeups(), Goroutines: runtime.NumGoroutine(), HeapBytes: m.HeapAlloc, GCs: m.NumGC,
	}
}

// Version implements control.Session.
func (c *commands) Version() string { return Version }

// get returns a mapped window.
func (c *commands) get(id uint32) (*window, error) {
	w := c.s.windows[wm.WindowID(id)]
	if w == nil || !w.mapped {
		return nil, control.Errorf(control.CodeNoWindow, "there is no window %d", id)
	}
	return w, nil
}

// apply carries out an op; refused says in whose words it failed.
func (c *commands) apply(op wm.Op) error {
	next, err := c.s.wm.Apply(op)
	if err != nil {
		return fmt.Errorf("%s: %w", wm.FormatOp(op), err)
	}
	c.s.decide(next)
	return nil
}

func (c *commands) onWindow(id uint32, op wm.Op) error {
	if _, err := c.get(id); err != nil {
		return err
	}
	return c.apply(op)
}

// Focus implements control.Session.
func (c *commands) Focus(id uint32) error {
	return c.onWindow(id, wm.Activate{ID: wm.WindowID(id)})
}

// Move implements control.Session.
func (c *commands) Move(id uint32, p geom.Point) error {
	return c.onWindow(id, wm.Move{ID: wm.WindowID(id), To: p})
}

// Resize implements control.Session.
func (c *commands) Resize(id uint32, size geom.Size, done func(error)) func() {
	w, err := c.get(id)
	if err != nil {
		done(err)
		return nil
	}
	p, _ := c.s.placement(w.id)
	d := geom.Point{X: size.W - p.Content.W(), Y: size.H - p.Content.H()}
	if err := c.apply(wm.Resize{ID: w.id, Edges: wm.EdgeRight | wm.EdgeBottom, Delta: d, From: p.Frame}); err != nil {
		done(err)
		return nil
	}
	return c.s.waiters.add(func() bool {
		switch {
		case !w.mapped:
			done(control.Errorf(control.CodeNoWindow, "window %d is gone", id))
		case c.s.dirty || c.s.layout.pending:
			return false
		default:
			done(nil)
		}
		return true
	})
}

// Close implements control.Session.
func (c *commands) Close(id uint32, done func(error)) func() {
	w, err := c.get(id)
	if err != nil {
		done(err)
		return nil
	}
	w.guest.Window.Close()
	return c.s.waiters.add(func() bool {
		if w.mapped {
			return false
		}
		done(nil)
		return true
	})
}

// SetState implements control.Session.
func (c *commands) SetState(id uint32, st control.WindowState) error {
	w := wm.WindowID(id)
	ops := map[control.WindowState]wm.Op{
		control.Maximize: wm.Maximize{ID: w, To: wm.On}, control.Unmaximize: wm.Maximize{ID: w, To: wm.Off},
		control.Fullscreen: wm.Fullscreen{ID: w, To: wm.On}, control.Unfullscreen: wm.Fullscreen{ID: w, To: wm.Off},
		control.Minimize: wm.Minimize{ID: w, To: wm.On}, control.Restore: wm.Minimize{ID: w, To: wm.Off},
		control.Shade: wm.Shade{ID: w, To: wm.On}, control.Unshade: wm.Shade{ID: w, To: wm.Off},
		control.SnapLeft: wm.Snap{ID: w, Zone: wm.ZoneLeft}, control.SnapRight: wm.Snap{ID: w, Zone: wm.ZoneRight},
		control.SnapTop: wm.Snap{ID: w, Zone: wm.ZoneTop}, control.SnapBottom: wm.Snap{ID: w, Zone: wm.ZoneBottom},
		control.SnapTopLeft: wm.Snap{ID: w, Zone: wm.ZoneTopLeft}, control.SnapTopRight: wm.Snap{ID: w, Zone: wm.ZoneTopRight},
		control.SnapBotLeft: wm.Snap{ID: w, Zone: wm.ZoneBottomLeft}, control.SnapBotRight: wm.Snap{ID: w, Zone: wm.ZoneBottomRight},
		control.Unsnap: wm.Snap{ID: w, Zone: wm.ZoneNone},
		control.Raise:  wm.Raise{ID: w}, control.Lower: wm.Lower{ID: w},
	}
	op, ok := ops[st]
	if !ok {
		return control.Errorf(control.CodeBadArgs, "there is no state %q", st)
	}
	return c.onWindow(id, op)
}

// Screenshot implements control.Session. It waits until what was asked for
// before it is on screen, however busy the windows are.
func (c *commands) Screenshot(t control.Target, done func(render.Pixels, error)) func() {
	onScreen := c.s.onScreen()
	return c.s.waiters.add(func() bool {
		if !onScreen() {
			return false
		}
		done(c.shoot(t))
		return true
	})
}

func (c *commands) shoot(t control.Target) (render.Pixels, error) {
	if t.Window != 0 {
		w, err := c.get(t.Window)
		if err != nil {
			return render.Pixels{}, err
		}
		return c.s.shootWindow(w)
	}
	if !t.Region.Empty() {
		return c.s.shootRegion(t.Region, t.Cursor)
	}
	if t.Output != "" {
		for _, o := range c.s.outputs {
			if o.info.Name == t.Output {
				return c.s.shootOutput(o, t.Cursor)
			}
		}
		return render.Pixels{}, control.Errorf(control.CodeNoOutput, "there is no output %q", t.Output)
	}
	return c.s.shootAll(t.Cursor)
}

// Type implements control.Session.
func (c *commands) Type(text string) error { return c.s.typeText(text) }

// Key implements control.Session.
func (c *commands) Key(ch control.Chord, a control.Action) error { return c.s.pressChord(ch, a) }

// PointerMove implements control.Session.
func (c *commands) PointerMove(p geom.FPoint, relative bool) error {
	now := c.s.loop.Now()
	if relative {
		c.s.seat.RelativeMotion(now, p, p)
	} else {
		c.s.seat.Motion(now, p)
	}
	c.s.seat.Frame()
	return nil
}

// Button implements control.Session.
func (c *commands) Button(code uint32, a control.Action) error {
	now := c.s.loop.Now()
	if a != control.Release {
		c.s.seat.Button(now, code, true)
		c.s.seat.Frame()
	}
	if a != control.Press {
		c.s.seat.Button(now, code, false)
		c.s.seat.Frame()
	}
	return nil
}

// Scroll implements control.Session.
func (c *commands) Scroll(dx, dy float64) error {
	now := c.s.loop.Now()
	for _, a := range []struct {
		o seat.Orientation
		v float64
	}{{seat.Horizontal, dx}, {seat.Vertical, dy}} {
		if a.v != 0 {
			c.s.seat.Axis(now, seat.Axis{Orientation: a.o, V120: int32(a.v * seat.WheelStep)})
		}
	}
	c.s.seat.Frame()
	return nil
}

// AddOutput implements control.Session.
func (c *commands) AddOutput(o control.OutputSpec) (string, error) {
	d, ok := c.s.display.(*headless.Display)
	if !ok {
		return "", fmt.Errorf("the %s display can't add outputs: start the session with --headless", c.s.display.Name())
	}
	out, err := d.AddOutput(display.Spec{
		Name: o.Name, Size: o.Size, Scale: o.Scale, Refresh: o.Refresh, Transform: o.Transform,
	})
	if err != nil {
		return "", err
	}
	return out.Info().Name, nil
}

// RemoveOutput implements control.Session.
func (c *commands) RemoveOutput(name string) error {
	d, ok := c.s.display.(*headless.Display)
	if !ok {
		return fmt.Errorf("the %s display can't remove outputs", c.s.display.Name())
	}
	return d.RemoveOutput(name)
}

// Wait implements control.Session.
func (c *commands) Wait(f control.WaitFor, done func(*control.Window, error)) func() {
	switch {
	case f.Window != "":
		return c.s.waiters.add(func() bool { return c.windowThere(f, done) })
	case f.Idle:
		return c.s.waiters.add(func() bool {
			if c.s.busy() {
				return false
			}
			done(nil, nil)
			return true
		})
	}
	until := c.frames(f.Output) + uint64(f.Frames)
	return c.s.waiters.add(func() bool {
		if c.frames(f.Output) < until {
			return false
		}
		done(nil, nil)
		return true
	})
}

func (c *commands) frames(name string) uint64 {
	if name == "" {
		return c.s.presented
	}
	for _, o := range c.s.outputs {
		if o.info.Name == name {
			return o.frames
		}
	}
	return 0
}

// windowThere looks for a window with the name that has been on screen, or for
// its absence.
func (c *commands) windowThere(f control.WaitFor, done func(*control.Window, error)) bool {
	for _, w := range c.Windows() {
		if w.AppID != f.Window && w.Title != f.Window {
			continue
		}
		if f.Gone || w.FrameSeq == 0 {
			return false
		}
		done(&w, nil)
		return true
	}
	if f.Gone {
		done(nil, nil)
	}
	return f.Gone
}

// Machines implements control.Session.
func (c *commands) Machines() control.Machines { return c.s.vms }

// Console implements control.Session.
func (c *commands) Console() control.Console { return c.s.console }

// Quit implements control.Session.
func (c *commands) Quit() { c.s.loop.Idle(func() { c.s.Quit(nil) }) }

// busy reports whether something is still on its way to the screen.
func (s *Session) busy() bool {
	if s.dirty || s.layout.pending || s.moved {
		return true
	}
	for _, o := range s.outputs {
		if o.state == queued || o.state == waitVBlank && !o.rest.off || o.again || o.scene.Damaged() && !o.dark() {
			return true
		}
	}
	return false
}

// onScreen returns a function that tells whether everything that has happened
// before the call of onScreen is on screen: the layout is settled, and then
// each output that had something to draw has shown a frame.
func (s *Session) onScreen() func() bool {
	var until map[*output]uint64
	return func() bool {
		if s.dirty || s.layout.pending || s.moved {
			return false
		}
		if until == nil {
			until = map[*output]uint64{}
			for _, o := range s.outputs {
				until[o] = o.frames
				if o.state == queued || o.again || o.scene.Damaged() && !o.dark() {
					until[o]++
				}
			}
		}
		for _, o := range s.outputs {
			if o.shownFrames < until[o] {
				return false
			}
		}
		return true
	}
}

// shootWindow renders a window's own content, whatever lies above it.
func (s *Session) shootWindow(w *window) (render.Pixels, error) {
	scale := w.scale()
	size := scale.ApplyRect(w.guest.Window.Geometry().Size().Rect()).Size()
	if size.Empty() {
		return render.Pixels{}, fmt.Errorf("window %d has no content", w.id)
	}
	p := render.NewPixels(size.W, size.H, render.ARGB8888)
	return p, s.server.Capture(capture.Source{Node: w.guest.Node, Scale: scale}, &capture.Shot{Box: size.Rect(), Into: p})
}

// shootAll joins all outputs as they lie side by side, each in its own pixels.
func (s *Session) shootAll(cursor bool) (render.Pixels, error) {
	if len(s.outputs) == 0 {
		return render.Pixels{}, control.Errorf(control.CodeNoOutput, "the session has no output")
	}
	var size geom.Size
	for _, o := range s.outputs {
		m := o.info.Transform.ApplySize(o.info.Mode.Size)
		size.W += m.W
		size.H = max(size.H, m.H)
	}
	all := render.NewPixels(size.W, size.H, render.XRGB8888)
	var x int32
	for _, o := range s.outputs {
		part, err := s.shootOutput(o, cursor)
		if err != nil {
			return render.Pixels{}, fmt.Errorf("output %s: %w", o.info.Name, err)
		}
		for y := range part.H {
			copy(all.Data[y*all.Stride+4*x:], part.Data[y*part.Stride:y*part.Stride+4*part.W])
		}
		x += part.W
	}
	return all, nil
}

// shootOutput returns what an output shows, upright.
func (s *Session) shootOutput(o *output, cursor bool) (render.Pixels, error) {
	p := render.NewPixels(o.info.Mode.Size.W, o.info.Mode.Size.H, render.XRGB8888)
	err := s.server.Capture(s.Picture(o.global), &capture.Shot{Box: p.Size().Rect(), Cursor: cursor, Into: p})
	return turn(p, o.info.Transform.Invert()), err
}

// turn returns an image of 32-bit pixels as it is after t.
func turn(p render.Pixels, t geom.Transform) render.Pixels {
	if t == geom.Normal {
		return p
	}
	size := t.ApplySize(p.Size())
	out := render.NewPixels(size.W, size.H, p.Format)
	for y := range p.H {
		for x := range p.W {
			to := t.ApplyRect(geom.XYWH(x, y, 1, 1), p.Size())
			copy(out.Data[to.Y0*out.Stride+4*to.X0:], p.Data[y*p.Stride+4*x:y*p.Stride+4*x+4])
		}
	}
	return out
}
