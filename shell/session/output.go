package session

import (
	"slices"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/capture"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

// redrawState is where an output is in its frame cycle.
type redrawState uint8

const (
	// idle: nothing to do until something queues a redraw.
	idle redrawState = iota
	// queued: drawn at the end of this turn.
	queued
	// waitVBlank: a frame is on its way to the screen.
	waitVBlank
	// waitEstimatedVBlank: nothing was damaged, but clients were told to
	// draw; the timer stands in for the vblank so that they can't spin.
	waitEstimatedVBlank
)

func (r redrawState) String() string {
	return [...]string{"idle", "queued", "wait-vblank", "wait-estimated-vblank"}[r]
}

// output is a screen: its place in the scene and its frame cycle.
type output struct {
	s      *Session
	id     wm.OutputID
	disp   display.Output
	head   *head
	scene  *scene.Output
	global *wayland.Output
	info   display.Info

	state redrawState
	again bool // queue once the wait is over
	rest  rest
	timer *loop.Timer
	last  time.Duration // of the last vblank
	// held is the client's buffer that the last frame shows directly. It is
	// locked until another frame takes its place.
	held     surfaces.Buffer
	front    render.Target // what the last frame shows, for capture
	feedback []surfaces.Feedback
	frames   uint64 // drawn
	// shownFrames is how many of them have reached the screen.
	shownFrames uint64
	callback    func(*scene.Buffer)
	collect     func(*scene.Buffer)
	now         uint32 // milliseconds, for callback
	wall        *wallpaperNode
	lockRect    *scene.Rect   // covers it while the session is locked
	coverAt     uint64        // the first frame that shows lockRect
	off         bool          // without power
	darkAt      uint64        // the frame that is black because of that, 0 before
	tint        *tint         // nil for its own colours
	stats       *frameStats   // nil unless they are shown
	drawn       uint64        // frames since the output is there
	spent       time.Duration // on drawing them
}

// enable puts a screen to the right of the others, or where it is wished.
func (s *Session) enable(h *head) {
	s.lastOut++
	o := &output{s: s, id: s.lastOut, disp: h.disp, head: h, info: h.info()}
	h.out = o
	o.callback, o.collect = o.sendFrame, o.collectFeedback
	o.timer = s.loop.NewTimer(o.estimatedVBlank)
	o.scene = s.scene.NewOutput(s.freePlace(h), o.info.Mode.Size, o.info.Scale, o.info.Transform)
	o.scene.OnDamage = o.queue
	s.outputs = append(s.outputs, o)
	o.wall = s.newWallpaper(o)
	o.global = s.server.AddOutput(o.describe(), o.scene, o)
	s.do(wm.AddOutput{ID: o.id, Name: o.info.Name, Rect: o.scene.Logical()})
	s.bars.reserve(o)
	if len(s.outputs) == 1 {
		s.centerPointer()
	}
	if s.lock.on {
		o.cover()
	}
	s.moved = true
	if o.queue(); h.pending {
		o.state, o.again = waitVBlank, true
	}
}

func (o *output) describe() wayland.OutputState {
	return wayland.OutputState{Info: o.info, Logical: o.scene.Logical(), Scale: o.info.Scale}
}

// arrangeOutputs puts the outputs where they are wished, and the others side
// by side, in the order they came.
func (s *Session) arrangeOutputs() {
	for _, wished := range []bool{true, false} {
		for _, h := range s.heads {
			if h.out != nil && (h.at != nil) == wished {
				h.out.arrange()
			}
		}
	}
	s.tellHeads()
	s.keepPointer(s.seat)
	for _, v := range s.visitors {
		s.keepPointer(v.seat)
	}
	s.moved = true
}

// keepPointer brings a pointer back that is on no output any more.
func (s *Session) keepPointer(st *seat.Seat) {
	if p := st.Position(); s.limitPointer(st, p, p) != p {
		st.Warp(p)
	}
}

// arrange brings the output in line with its place, mode, scale and transform.
func (o *output) arrange() {
	o.info = o.head.info()
	o.scene.Configure(o.s.freePlace(o.head), o.info.Mode.Size, o.info.Scale, o.info.Transform)
	o.wall.arrange()
	o.arrangeCover()
	o.global.Update(o.describe())
	o.s.do(wm.ChangeOutput{ID: o.id, Rect: o.scene.Logical(), Usable: o.global.Usable()})
}

// disable takes a screen out of the layout; its windows go to another.
func (s *Session) disable(h *head) {
	o := h.out
	h.out = nil
	for i, p := range s.outputs {
		if p == o {
			s.outputs = slices.Delete(s.outputs, i, i+1)
			break
		}
	}
	o.timer.Disarm()
	o.await()
	o.s.overlay.forget(o)
	s.record.gone(o)
	s.markers.gone(o)
	o.discard()
	o.hold(nil)
	o.front = nil
	s.do(wm.RemoveOutput{ID: o.id})
	o.global.Remove()
	o.wall.destroy()
	o.uncover()
	o.scene.OnDamage = nil
	o.scene.Destroy()
}

func (s *Session) outputOf(d display.Output) *output {
	for _, o := range s.outputs {
		if o.disp == d {
			return o
		}
	}
	return nil
}

// queue asks for a redraw at the end of this turn, or after the vblank that is
// waited for.
func (o *output) queue() {
	if o.state == idle {
		o.state = queued
	} else if o.state != queued {
		o.again = true
		o.await()
	}
}

// redraw draws if it is due.
func (o *output) redraw() {
	if o.state != queued {
		return
	}
	if o.dark() {
		o.state = idle
		return
	}
	if o.stats != nil {
		o.stats.begin()
	}
	begun := time.Now()
	drawn, err := o.draw()
	if drawn {
		o.drawn++
		o.spent += time.Since(begun)
	}
	if err != nil {
		o.s.log.Error("redraw", "output", o.info.Name, "err", err)
		o.state = idle
		return
	}
	defer o.s.server.OutputLatched(o.global)
	now := o.s.loop.Now()
	o.now = uint32(now / time.Millisecond)
	if drawn {
		if o.state = waitVBlank; !o.off {
			o.rest.called = false
			o.scene.EachVisible(o.callback)
		}
		o.putOff()
		return
	}
	o.state = waitEstimatedVBlank
	o.timer.Arm(o.nextVBlank(now))
	o.scene.EachVisible(o.callback)
}

// draw renders what is damaged and hands it to the display. It reports false
// when nothing was damaged.
func (o *output) draw() (bool, error) {
	if o.off {
		return true, o.drawBlack()
	}
	if !o.scene.Damaged() {
		return false, nil
	}
	if b := o.scene.Scanout(); b != nil && o.tint == nil && o.disp.CanScanout(b.Pixels()) {
		return o.scanOut(b)
	}
	target, age, err := o.disp.Framebuffer()
	if err != nil {
		return false, err
	}
	if px, ok := target.(*render.Pixels); ok && o.tint != nil {
		return true, o.drawTinted(px, age)
	}
	damage, err := o.scene.Render(o.s.render, target, age)
	if err != nil {
		return false, err
	}
	if err := o.disp.Commit(display.Frame{Damage: damage}); err != nil {
		return false, err
	}
	o.shown(target, nil, damage)
	return true, nil
}

// scanOut hands the display a client's buffer as it is.
func (o *output) scanOut(b *scene.Buffer) (bool, error) {
	damage := o.scene.TakeDamage()
	pixels := b.Pixels()
	if err := o.disp.Commit(display.Frame{Damage: damage, Scanout: pixels}); err != nil {
		return false, err
	}
	var held surfaces.Buffer
	if s, ok := b.Data.(*surfaces.Surface); ok {
		if held = s.Current.Buffer; held != nil {
			held.Lock()
		}
	}
	o.shown(pixels, held, damage)
	return true, nil
}

// shown notes what the frame on its way shows.
func (o *output) shown(front render.Target, held surfaces.Buffer, damage *geom.Region) {
	o.hold(held)
	o.front = front
	o.frames++
	o.s.markers.drawing(o)
	if o.stats != nil {
		o.stats.end(damage)
	}
	o.head.pending = true
	o.discard()
	if !o.off {
		o.scene.EachVisible(o.collect)
	}
	o.s.server.OutputDrawn(o.global, damage)
	o.s.record.drawn(o, damage)
}

// hold keeps a client's buffer from being written or unmapped, in place of the
// one before.
func (o *output) hold(b surfaces.Buffer) {
	if o.held != nil {
		o.held.Unlock()
	}
	o.held = b
}

// discard answers feedback of a frame that never reached the screen.
func (o *output) discard() {
	for i, f := range o.feedback {
		f.Discarded()
		o.feedback[i] = nil
	}
	o.feedback = o.feedback[:0]
}

// collectFeedback takes what wants to know of this frame. Content that is
// visible on several outputs belongs to the one that shows most of it.
func (o *output) collectFeedback(b *scene.Buffer) {
	s, ok := b.Data.(*surfaces.Surface)
	if !ok || b.Of() != nil || !o.primary(b) {
		return
	}
	o.feedback = s.TakeFeedback(o.feedback)
	if g := s.Guest; g != nil {
		g.FrameSeq++
	}
}

func (o *output) sendFrame(b *scene.Buffer) {
	if s, ok := b.Data.(*surfaces.Surface); ok && s.WantsFrame() && o.primary(b) && !o.mirrored(b) {
		o.rest.called = true
		s.FrameDone(o.now)
	}
}

// mirrored reports whether b is a picture of what can be seen itself, and is
// paced there.
func (o *output) mirrored(b *scene.Buffer) bool {
	of := b.Of()
	return of != nil && o.s.scene.PrimaryOutput(of) != nil
}

func (o *output) primary(b *scene.Buffer) bool {
	return len(o.s.outputs) == 1 || o.s.scene.PrimaryOutput(b) == o.scene
}

// refresh is the time between two vblanks.
func (o *output) refresh() time.Duration {
	if hz := o.info.Mode.Refresh; hz > 0 {
		return time.Duration(int64(time.Second) * 1000 / int64(hz))
	}
	return time.Second / 60
}

// nextVBlank estimates the vblank after now.
func (o *output) nextVBlank(now time.Duration) time.Duration {
	r := o.refresh()
	return o.last + (max(now-o.last, 0)/r+1)*r
}

func (o *output) estimatedVBlank() { o.cycle() }

// cycle ends a wait.
func (o *output) cycle() {
	o.state = idle
	if o.again {
		o.again = false
		o.state = queued
	}
}

// Presented is told by the display that a frame is on the screen.
func (s *Session) Presented(d display.Output, p display.Presented) {
	if h := s.headOf(d); h != nil {
		h.presented()
	}
	o := s.outputOf(d)
	if o == nil {
		return
	}
	if o.last = p.Time; o.rest.told {
		o.rest.told = false
		o.cycle()
		return
	}
	o.shownFrames = o.frames
	s.presented++
	s.markers.shown(o)
	s.checkCovered()
	for i, f := range o.feedback {
		f.Presented(surfaces.Presentation{
			Output: o.global, Time: p.Time, Refresh: p.Refresh, Seq: p.Seq,
			VSync: p.VSync, HWClock: p.HWClock, ZeroCopy: p.ZeroCopy,
		})
		o.feedback[i] = nil
	}
	o.feedback = o.feedback[:0]
	if o.state == waitVBlank {
		o.cycle()
	}
}

// NeedFrame draws an output whose content was lost.
func (s *Session) NeedFrame(d display.Output) {
	if o := s.outputOf(d); o != nil {
		o.darkAt = 0
		o.scene.DamageAll()
		o.queue()
	} else if h := s.headOf(d); h != nil {
		h.lost()
	}
}

// Closed: the nested display is gone.
func (s *Session) Closed(err error) { s.Quit(err) }

// Picture tells what an output shows.
func (s *Session) Picture(g *wayland.Output) capture.Source {
	o, ok := g.Data.(*output)
	if !ok {
		return capture.Source{}
	}
	src := capture.Source{Output: o.scene, Front: o.front}
	if o.exposed() || o.off && !o.dark() {
		return capture.Source{}
	}
	if (s.cursor.composited() || len(s.visitors) > 0) && !o.off {
		src.Cursor = s.layers.cursor
	}
	return src
}
