package surfaces

import (
	"fmt"
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/scene"
)

// tester is what testing and rapid have in common.
type tester interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// world is a core with surfaces, buffers and a log of what hooks and clients
// are told.
type world struct {
	t      tester
	core   *Core
	limbo  *scene.Tree
	log    []string
	copies int // owned textures that live
}

func newWorld(t tester) *world {
	s := scene.New()
	w := &world{t: t, core: &Core{Scene: s}}
	w.limbo = s.Root().NewTree()
	return w
}

// logged returns what happened since the last call.
func (w *world) logged() string {
	l := strings.Join(w.log, " ")
	w.log = w.log[:0]
	return l
}

func (w *world) wantLog(want string) {
	w.t.Helper()
	if got := w.logged(); got != want {
		w.t.Errorf("log = %q; want %q", got, want)
	}
}

// client is the adapter of one surface.
type client struct {
	*Surface
	w    *world
	name string
	set  Fields // of the last Committed
	then func() // in Committed
}

func (w *world) surface(name string) *client {
	c := &client{w: w, name: name}
	c.Surface = w.core.NewSurface(w.limbo, c)
	c.Data = c
	return c
}

// child returns a surface that is below p from p's next commit on.
func (w *world) child(name string, p *client) *client {
	c := w.surface(name)
	c.Join(p.Surface)
	return c
}

func (c *client) Committed(_ *Surface, set Fields) {
	c.w.log = append(c.w.log, c.name)
	c.set = set
	if c.then != nil {
		c.then()
	}
}

func (c *client) BufferFault(_ *Surface, err error) {
	c.w.log = append(c.w.log, c.name+":"+err.Error())
}

func (c *client) attach(b *fakeBuffer) {
	c.Pending.Set |= FieldBuffer
	c.Pending.Buffer = nil
	if b != nil {
		c.Pending.Buffer = b
	}
}

func (c *client) damage(surface, buffer geom.Rect) {
	c.Pending.Set |= FieldDamage
	c.Pending.SurfaceDamage.UnionRect(surface)
	c.Pending.BufferDamage.UnionRect(buffer)
}

func (c *client) frame(f *fakeFrame) {
	c.Pending.Set |= FieldFrames
	c.Pending.Frames = append(c.Pending.Frames, f)
}

func (c *client) present(f *fakeFeedback) {
	c.Pending.Set |= FieldFeedback
	c.Pending.Feedback = append(c.Pending.Feedback, f)
}

// ack marks the pending state with a number.
func (c *client) ack(n uint32) {
	c.Pending.Set |= FieldAck
	c.Pending.Ack = n
}

func (c *client) commit() {
	c.w.t.Helper()
	if v := c.Commit(); v != OK {
		c.w.t.Fatalf("%s: commit = %d; want OK", c.name, v)
	}
}

// show commits a new held buffer of a size.
func (c *client) show(width, height int32) *fakeBuffer {
	c.w.t.Helper()
	b := c.w.buffer(width, height)
	c.attach(b)
	c.commit()
	return b
}

// fakeBuffer counts its readers.
type fakeBuffer struct {
	w      *world
	size   geom.Size
	copied bool // textures are copies
	gone   bool
	fail   error
	tex    *fakeTexture
	locks  int
	frees  int         // times that the last reader left
	seen   geom.Region // damage of the last Texture
}

func (w *world) buffer(width, height int32) *fakeBuffer {
	b := &fakeBuffer{w: w, size: geom.Size{W: width, H: height}}
	b.tex = &fakeTexture{w: w, size: b.size}
	return b
}

func (w *world) copied(width, height int32) *fakeBuffer {
	b := w.buffer(width, height)
	b.copied = true
	return b
}

func (b *fakeBuffer) Size() geom.Size        { return b.size }
func (b *fakeBuffer) Pixels() *render.Pixels { return nil }
func (b *fakeBuffer) Destroyed() bool        { return b.gone }
func (b *fakeBuffer) Lock()                  { b.locks++ }

func (b *fakeBuffer) Unlock() {
	if b.locks--; b.locks < 0 {
		b.w.t.Error("a buffer is unlocked too often")
	}
	if b.locks == 0 {
		b.frees++
	}
}

func (b *fakeBuffer) Texture(old render.Texture, damage *geom.Region) (render.Texture, bool, error) {
	if b.locks <= 0 {
		b.w.t.Error("a buffer is read without a lock")
	}
	b.seen.Set(damage)
	switch {
	case b.fail != nil:
		return nil, false, b.fail
	case !b.copied:
		return b.tex, true, nil
	case old != nil && old.Size() == b.size:
		return old, false, nil
	}
	b.w.copies++
	return &fakeTexture{w: b.w, size: b.size, own: true}, false, nil
}

type fakeTexture struct {
	w        *world
	size     geom.Size
	own      bool
	released bool
}

func (t *fakeTexture) Size() geom.Size { return t.size }
func (t *fakeTexture) Opaque() bool    { return false }

func (t *fakeTexture) Release() {
	if t.released || !t.own {
		t.w.t.Errorf("texture released twice (%v) or by a stranger", t.released)
	}
	t.released = true
	t.w.copies--
}

type fakeFrame struct {
	w    *world
	name string
	done int
}

func (f *fakeFrame) SendDone(ms uint32) {
	f.done++
	if f.w != nil {
		f.w.log = append(f.w.log, fmt.Sprintf("done:%s:%d", f.name, ms))
	}
}

type fakeFeedback struct{ shown, lost int }

func (f *fakeFeedback) Presented(Presentation) { f.shown++ }
func (f *fakeFeedback) Discarded()             { f.lost++ }

func (f *fakeFeedback) answers() int { return f.shown + f.lost }
