package session

import (
	"cmp"
	"slices"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/shell/overlay"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
)

// overlays show how frames come about, a panel on each output. Off, there is
// nothing of them but a nil pointer that an output looks at when it draws. On,
// the panels are drawn anew four times a second, as long as there are frames
// that aren't theirs.
type overlays struct {
	s     *Session
	on    bool
	timer *loop.Timer
	draw  *overlay.Renderer
	last  time.Duration // when rates were computed
	shown map[*machine]uint32
}

// overlayEvery is how often the panels change.
const overlayEvery = 250 * time.Millisecond

// frameStats are those of one output.
type frameStats struct {
	all    *overlays
	o      *output
	since  time.Time // when the frame under way was begun
	frames []overlay.Frame
	count  int  // since the panel was drawn
	own    bool // the panel has changed since the last frame

	node *scene.Buffer
	tex  render.Texture
	size geom.Size // logical
}

// set shows the panels or takes them away.
func (v *overlays) set(on bool) {
	if v.on == on {
		return
	}
	v.on = on
	if !on {
		for _, o := range v.s.outputs {
			v.forget(o)
		}
		v.timer.Disarm()
		v.timer, v.shown = nil, nil
		return
	}
	v.timer = v.s.loop.NewTimer(v.update)
	v.shown = map[*machine]uint32{}
	v.last = v.s.loop.Now()
	v.follow()
}

// follow gives every output its panel, in its place.
func (v *overlays) follow() {
	if !v.on {
		return
	}
	for _, o := range v.s.outputs {
		if o.stats == nil {
			o.stats = &frameStats{all: v, o: o, frames: make([]overlay.Frame, 0, 2*overlay.History)}
			o.stats.node = v.s.layers.hints.NewBuffer()
			o.stats.paint(v.guests(0), 0)
		}
		o.stats.place()
	}
}

// forget takes an output's panel away.
func (v *overlays) forget(o *output) {
	st := o.stats
	if st == nil {
		return
	}
	o.stats = nil
	st.node.Destroy()
	if st.tex != nil {
		st.tex.Release()
	}
}

// update draws the panels of all outputs that have had frames.
func (v *overlays) update() {
	now := v.s.loop.Now()
	passed := now - v.last
	v.last = now
	guests := v.guests(passed)
	for _, o := range v.s.outputs {
		if o.stats != nil && o.stats.count > 0 {
			o.stats.paint(guests, passed)
		}
	}
}

// guests are the machines whose windows are on the desktop, by name.
func (v *overlays) guests(passed time.Duration) []overlay.Guest {
	var list []overlay.Guest
	seen := map[*machine]uint32{}
	for _, m := range v.s.machines {
		if !m.Shown() {
			continue
		}
		owner, n := &m.wins[0].guest.Owner, m.conn.Statistics()
		g := overlay.Guest{
			Name: owner.Label, Trust: trust(owner.Trust), Received: n.Received, Shown: n.Shown, Dropped: n.Dropped,
		}
		if before, ok := v.shown[m]; ok && passed > 0 {
			g.Rate = float64(n.Shown-before) / passed.Seconds()
		}
		seen[m] = n.Shown
		list = append(list, g)
	}
	v.shown = seen
	slices.SortFunc(list, func(a, b overlay.Guest) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// begin is told that the output begins to draw.
func (st *frameStats) begin() { st.since = time.Now() }

// end is told that a frame was handed over. One that shows nothing but a new
// panel doesn't count, or panels would keep each other busy.
func (st *frameStats) end(damage *geom.Region) {
	own := st.own
	st.own = false
	if own && st.covers(damage) {
		return
	}
	f := overlay.Frame{Draw: time.Since(st.since)}
	if size := st.o.info.Mode.Size; damage != nil && !size.Empty() {
		f.Damage = float64(damage.Area()) / (float64(size.W) * float64(size.H))
	}
	if len(st.frames) == cap(st.frames) {
		st.frames = append(st.frames[:0], st.frames[len(st.frames)-overlay.History:]...)
	}
	st.frames = append(st.frames, f)
	st.count++
	if t := st.all.timer; !t.Armed() {
		now := st.all.s.loop.Now()
		if st.all.last < now-2*overlayEvery {
			st.all.last = now // nothing has happened for a while: rates begin anew
		}
		t.Arm(now + overlayEvery)
	}
}

// covers reports whether damage, in physical pixels, is inside the panel.
func (st *frameStats) covers(damage *geom.Region) bool {
	if damage == nil {
		return false
	}
	box := st.o.info.Scale.ApplyRect(geom.XYWH(0, 0, st.size.W, st.size.H).Add(st.place()))
	box = st.o.info.Transform.ApplyRect(box, st.o.info.Transform.Invert().ApplySize(st.o.info.Mode.Size))
	box = geom.Rect{X0: box.X0 - 1, Y0: box.Y0 - 1, X1: box.X1 + 1, Y1: box.Y1 + 1}
	return damage.Empty() || box.Union(damage.Extents()) == box
}

// place puts the panel into the upper left corner of what panels of clients
// leave, and returns where that is on the output.
func (st *frameStats) place() geom.Point {
	at := st.o.global.Usable().Min().Add(geom.Point{X: theme.Space4, Y: theme.Space4})
	st.node.SetPosition(at.X, at.Y)
	return at.Sub(st.o.scene.Logical().Min())
}

// paint draws the panel.
func (st *frameStats) paint(guests []overlay.Guest, passed time.Duration) {
	o, s := st.o, st.all.s
	v := overlay.View{
		Output: o.info.Name, Size: o.info.Mode.Size, Refresh: o.refresh(), Frames: st.frames, Guests: guests,
		Scale: o.info.Scale, Scheme: s.opt.Scheme,
	}
	if passed > 0 {
		v.Rate = float64(st.count) / passed.Seconds()
	}
	st.count, st.own = 0, true
	px, size := st.all.draw.Frames(&v)
	tex, err := s.render.Import(px, false)
	if err != nil {
		s.log.Error("overlay", "err", err)
		return
	}
	st.node.SetTexture(tex, nil)
	st.node.SetDestSize(size)
	if st.tex != nil {
		st.tex.Release()
	}
	st.tex, st.size = tex, size
}
