package surfaces

import (
	"slices"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/scene"
)

// Core is what all surfaces of a session share.
type Core struct {
	Scene    *scene.Scene
	Renderer render.Renderer

	// Abandoned is told of frame callbacks that will never be answered,
	// because their surface or its role has ended. It may be nil.
	Abandoned func(FrameCallback)

	pool    []*transaction // free
	ready   []*transaction // to be run, innermost call last
	applied []applied      // to be told to hooks, innermost call last
	nodes   []*scene.Node  // scratch
}

// Hooks is how a surface's adapter hears of it.
//
// Both are called once all states that become current together are so. They
// may commit and destroy this and other surfaces.
type Hooks interface {
	// Committed is called after a state was applied; set says which fields
	// it had. The surface may have got or lost its buffer.
	Committed(s *Surface, set Fields)
	// BufferFault: the client's memory can't be read. The surface goes on
	// showing what it did. Committed follows.
	BufferFault(s *Surface, err error)
}

// Surface is a rectangle of client content with its children. It makes its
// scene nodes in a detached tree; the role decides where the tree hangs.
type Surface struct {
	// Pending is what the next Commit will apply.
	Pending State
	// Current is the state that is on screen. Its damage, frame callbacks,
	// feedback and order are empty: they are used up by applying them.
	Current State
	// AnySize lets the buffer's size be no multiple of the scale, as the
	// cursors of many themes are; the surface's size is rounded down, to 1 at
	// least.
	AnySize bool
	// Guest is the window that this surface belongs to, nil without one.
	Guest *GuestSurface
	// Data is the adapter's own value.
	Data any

	core  *Core
	hooks Hooks

	tree *scene.Tree
	node *scene.Buffer
	home *scene.Tree // where tree hangs while nobody shows it

	parent    *Surface
	placed    bool // the parent has committed the place of s
	desync    bool
	cached    State
	hasCached bool
	waiting   int         // how many surfaces below have a cached state
	order     []Placement // of children, as requested last; committed with this surface
	orderSet  bool

	queue  queue // not applied yet
	latest shape // committed last

	size       geom.Size // surface-local
	resized    bool      // the last commit changed it
	extents    geom.Rect // with what is below, if measured
	measured   bool
	bufferSize geom.Size // buffer pixels
	tex        render.Texture
	ownTex     bool // tex is a copy that the surface must release
	damage     geom.Region
	fault      error // of the state that is being applied
	frames     []FrameCallback
	spare      []FrameCallback // storage, to swap with frames
	feedback   []Feedback
	seq        uint64
	destroyed  bool
}

// NewSurface returns a surface without a buffer whose tree hangs under parent,
// disabled until a role enables it.
func (c *Core) NewSurface(parent *scene.Tree, h Hooks) *Surface {
	s := &Surface{core: c, hooks: h, home: parent}
	s.tree = parent.NewTree()
	s.tree.SetEnabled(false)
	s.node = s.tree.NewBuffer()
	s.node.Data = s
	s.Current.Scale, s.latest.scale = 1, 1
	s.Current.InputAll, s.Current.Alpha = true, 255
	s.order = append(s.order, Placement{Surface: s})
	return s
}

func (c *Core) abandon(frames []FrameCallback) {
	if c.Abandoned == nil {
		return
	}
	for _, f := range frames {
		c.Abandoned(f)
	}
}

// Tree holds the surface's own pixels and its subsurfaces.
func (s *Surface) Tree() *scene.Tree { return s.tree }

// Node shows the surface's own pixels.
func (s *Surface) Node() *scene.Buffer { return s.node }

// Size returns the size in surface-local pixels, zero without a buffer.
func (s *Surface) Size() geom.Size { return s.size }

// Resized reports whether the commit applied last changed Size.
func (s *Surface) Resized() bool { return s.resized }

// BufferSize returns the size of the current buffer in its own pixels.
func (s *Surface) BufferSize() geom.Size { return s.bufferSize }

// HasBuffer reports whether the surface has content.
func (s *Surface) HasBuffer() bool { return s.tex != nil }

// Texture returns the current content, or nil.
func (s *Surface) Texture() render.Texture { return s.tex }

// Seq counts the buffers that were applied.
func (s *Surface) Seq() uint64 { return s.seq }

// Destroyed reports whether Destroy was called.
func (s *Surface) Destroyed() bool { return s.destroyed }

// Violation is what a commit got wrong.
type Violation uint8

// Violations, in the words of the protocols that define them.
const (
	OK              Violation = iota
	InvalidSize               // wl_surface: the buffer is no multiple of the scale
	OutOfBuffer               // wp_viewport: the source leaves the buffer
	BadViewportSize           // wp_viewport: fractional source without a destination
)

// Commit takes the pending state. It is applied at once, or with the parent's
// commit for a synchronised subsurface, or when its blockers are gone. After a
// violation the pending state is as it was.
func (s *Surface) Commit() Violation {
	p := &s.Pending
	if s.destroyed {
		p.Set &^= FieldBuffer // not locked yet
		p.drop(s.core)
		return OK
	}
	if p.Set&FieldBuffer != 0 && p.Buffer != nil && p.Buffer.Destroyed() {
		p.Buffer = nil
	}
	next := s.latest.with(p)
	if v := s.check(&next); v != OK {
		return v
	}
	s.latest = next
	if p.Set&FieldBuffer != 0 && p.Buffer != nil {
		p.Buffer.Lock()
	}
	if s.orderSet {
		p.Order = append(p.Order[:0], s.order...)
		p.Set |= FieldOrder
		s.orderSet = false
	}
	if s.hasCached || s.Synced() {
		s.cached.merge(p)
		s.setCached(true)
		s.flushCached() // a hook commits while the cache is about to be flushed
		return OK
	}
	s.submit(p)
	return OK
}

// apply makes st current and leaves it to Core.report to tell the hooks. st is
// reset.
func (s *Surface) apply(st *State) {
	if s.destroyed {
		st.drop(s.core)
		return
	}
	cur, set := &s.Current, st.Set
	had := s.tex != nil
	resized := set&(FieldBuffer|FieldScale|FieldTransform|FieldViewport) != 0
	cur.mergeValues(st)
	was := s.size

	if set&FieldFrames != 0 {
		s.frames = append(s.frames, st.Frames...)
	}
	if set&FieldOffset != 0 {
		cur.Offset = st.Offset
	} else {
		cur.Offset = geom.Point{}
	}
	if resized {
		next := s.bufferSize
		if set&FieldBuffer != 0 {
			next = geom.Size{}
			if st.Buffer != nil {
				next = st.Buffer.Size()
			}
		}
		s.layout(next)
	}
	s.damage.Clear()
	if set&FieldDamage != 0 {
		s.damage.Set(&st.BufferDamage)
		s.damage.IntersectRect(s.bufferSize.Rect())
		s.addSurfaceDamage(&st.SurfaceDamage)
	}
	s.fault = nil
	if set&FieldBuffer != 0 {
		s.attach(st.Buffer)
		st.Buffer = nil
	}
	// Feedback is for this content update, whatever it contained.
	for _, f := range s.feedback {
		f.Discarded()
	}
	s.feedback = append(s.feedback[:0], st.Feedback...)

	s.updateNode(set, resized)
	if has := s.tex != nil; has != had {
		s.showChildren()
	}
	if s.size != was {
		s.unmeasure()
	}
	if set&FieldOrder != 0 {
		s.applyOrder(st.Order)
	}
	st.reset()
	s.core.applied = append(s.core.applied, applied{s, set, s.size != was, s.fault})
}

// attach shows b, which is locked, in place of the buffer before it.
func (s *Surface) attach(b Buffer) {
	old := s.Current.Buffer
	s.Current.Buffer = nil
	if b == nil {
		s.setTexture(nil, false)
		if old != nil {
			old.Unlock()
		}
		return
	}
	var mine render.Texture
	if s.ownTex {
		mine = s.tex
	}
	t, held, err := b.Texture(mine, &s.damage)
	if err != nil {
		b.Unlock()
		s.Current.Buffer, s.fault = old, err
		s.layout(s.shown())
		s.damage.Clear()
		return
	}
	s.seq++
	s.setTexture(t, !held)
	if held {
		s.Current.Buffer = b
	} else {
		b.Unlock()
	}
	if old != nil {
		old.Unlock()
	}
}

// shown returns the size of the texture, zero without one.
func (s *Surface) shown() geom.Size {
	if s.tex == nil {
		return geom.Size{}
	}
	return s.tex.Size()
}

func (s *Surface) setTexture(t render.Texture, own bool) {
	if s.ownTex && s.tex != nil && s.tex != t {
		s.node.SetTexture(nil, nil)
		s.tex.Release()
	}
	s.tex, s.ownTex = t, own
}

// updateNode brings the scene node in line with the current state.
func (s *Surface) updateNode(set Fields, resized bool) {
	cur, n := &s.Current, s.node
	if resized {
		n.SetTransform(cur.Transform)
		n.SetDestSize(s.size)
		n.SetSource(s.source())
	}
	if set&FieldOpaque != 0 || resized {
		n.SetOpaque(&cur.Opaque)
	}
	if set&FieldInput != 0 {
		if cur.InputAll {
			n.SetInput(nil)
		} else {
			n.SetInput(&cur.Input)
		}
	}
	if set&FieldAlpha != 0 {
		n.SetAlpha(cur.Alpha)
	}
	if set&(FieldBuffer|FieldDamage) != 0 {
		n.SetTexture(s.tex, &s.damage)
		n.SetPixels(s.scanout())
	}
}

func (s *Surface) scanout() *render.Pixels {
	if b := s.Current.Buffer; b != nil {
		return b.Pixels()
	}
	return nil
}

// FrameDone answers all frame callbacks of the current content.
func (s *Surface) FrameDone(ms uint32) {
	frames := s.frames
	s.frames, s.spare = s.spare[:0], nil
	for _, f := range frames {
		f.SendDone(ms)
	}
	clear(frames)
	s.spare = frames[:0]
}

// WantsFrame reports whether somebody waits for FrameDone.
func (s *Surface) WantsFrame() bool { return len(s.frames) > 0 }

// TakeFeedback moves the feedback of the current content to dst, for an
// output that has just drawn it and will say when it was presented.
func (s *Surface) TakeFeedback(dst []Feedback) []Feedback {
	dst = append(dst, s.feedback...)
	clear(s.feedback)
	s.feedback = s.feedback[:0]
	return dst
}

// Destroy ends the surface. Children are detached, never destroyed.
func (s *Surface) Destroy() {
	if s.destroyed {
		return
	}
	s.destroyed = true
	waiting := s.leaveQueue()
	s.Pending.Set &^= FieldBuffer // not locked yet
	s.Pending.drop(s.core)
	s.cached.drop(s.core)
	s.setCached(false)
	s.attach(nil)
	for _, f := range s.feedback {
		f.Discarded()
	}
	s.core.abandon(s.frames)
	s.feedback, s.frames = nil, nil
	children := slices.Clone(s.order)
	for _, p := range children {
		if p.Surface != s {
			p.Surface.leaveParent()
		}
	}
	s.leaveParent()
	s.tree.Destroy()

	// Hooks from here on see the tree without s.
	for _, p := range children {
		p.Surface.flushCached()
	}
	for _, t := range waiting {
		t.run()
	}
}

// LatestViewport returns the viewport that a commit would find: the one that
// was committed last, applied or not.
func (s *Surface) LatestViewport() Viewport { return s.latest.viewport }
