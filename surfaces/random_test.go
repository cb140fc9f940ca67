package surfaces

import (
	"errors"
	"flag"
	"testing"

	"pgregory.net/rapid"

	"rayos/geom"
	"rayos/surfaces/scene"
)

// The same runs every time and many of them, unless the command line has it
// differently.
func init() {
	for name, value := range map[string]string{"seed": "1", "checks": "2000", "steps": "60"} {
		if err := flag.Set("rapid."+name, value); err != nil {
			panic(err)
		}
	}
}

// model drives surfaces at random and knows what must hold after each step.
type model struct {
	*world
	rt        *rapid.T
	live      []*client
	all       []*client
	buffers   []*fakeBuffer
	blockers  []*Blocker
	frames    []*fakeFrame
	feedback  []*fakeFeedback
	taken     []Feedback
	abandoned map[FrameCallback]int
	sent      map[*client]uint32 // ack of the last commit
	seen      map[*client]uint32 // ack that the hook saw last
	nested    int
}

func newModel(rt *rapid.T) *model {
	m := &model{
		world: newWorld(rt), rt: rt,
		abandoned: map[FrameCallback]int{}, sent: map[*client]uint32{}, seen: map[*client]uint32{},
	}
	m.core.Abandoned = func(f FrameCallback) { m.abandoned[f]++ }
	return m
}

func (m *model) chance(percent int) bool { return rapid.IntRange(0, 99).Draw(m.rt, "chance") < percent }

func (m *model) pick() *client {
	if len(m.live) == 0 {
		m.rt.Skip("no surface")
	}
	return rapid.SampledFrom(m.live).Draw(m.rt, "surface")
}

func (m *model) create() {
	if len(m.live) >= 8 {
		m.rt.Skip("enough")
	}
	c := m.surface(string(rune('a' + len(m.all)%26)))
	c.then = func() { m.committed(c) }
	m.live, m.all = append(m.live, c), append(m.all, c)
}

// committed is the hook: it checks the order, and now and then does what an
// adapter may do there.
func (m *model) committed(c *client) {
	if c.Destroyed() {
		m.rt.Fatalf("%s is destroyed and hears of a commit", c.name)
	}
	if c.Current.Ack < m.seen[c] {
		m.rt.Fatalf("%s: commit %d after %d", c.name, c.Current.Ack, m.seen[c])
	}
	m.seen[c] = c.Current.Ack
	if m.nested >= 2 || len(m.live) == 0 || !m.chance(8) {
		return
	}
	m.nested++
	defer func() { m.nested-- }()
	switch rapid.IntRange(0, 5).Draw(m.rt, "hook") {
	case 0:
		m.commit(m.pick())
	case 1:
		m.destroy(m.pick())
	case 2:
		m.clear()
	case 3:
		m.pick().Leave()
	case 4:
		m.pick().SetDesync(true)
	case 5:
		if c, p := m.pick(), m.pick(); c.Parent() == nil && !p.HasAncestor(c.Surface) {
			c.Join(p.Surface)
		}
	}
}

func (m *model) fill(c *client) {
	if m.chance(50) {
		var b *fakeBuffer
		switch k := rapid.IntRange(0, 9).Draw(m.rt, "buffer"); {
		case k == 0:
		case k < 5 && len(m.buffers) > 0:
			b = rapid.SampledFrom(m.buffers).Draw(m.rt, "old")
		default:
			b = m.buffer(rapid.Int32Range(1, 2).Draw(m.rt, "w"), 1)
			b.copied = m.chance(40)
			if m.chance(8) {
				b.fail = errors.New("fault")
			}
			m.buffers = append(m.buffers, b)
		}
		c.attach(b)
	}
	if m.chance(30) {
		f := &fakeFrame{}
		m.frames = append(m.frames, f)
		c.frame(f)
	}
	if m.chance(30) {
		f := &fakeFeedback{}
		m.feedback = append(m.feedback, f)
		c.present(f)
	}
	if m.chance(30) {
		c.damage(rect(0, 0, 1, 1), rect(0, 0, 2, 2))
	}
	if m.chance(15) {
		m.blockers = append(m.blockers, c.Block())
	}
	if m.chance(10) {
		c.Pending.Set |= FieldScale
		c.Pending.Scale = rapid.Int32Range(1, 2).Draw(m.rt, "scale") // may be a violation
	}
}

func (m *model) commit(c *client) {
	m.sent[c]++
	c.ack(m.sent[c])
	if c.Commit() != OK {
		m.sent[c]--
		m.destroy(c) // as the adapter does with its client
	}
}

func (m *model) destroy(c *client) {
	for i, o := range m.live {
		if o == c {
			m.live = append(m.live[:i:i], m.live[i+1:]...)
		}
	}
	c.Destroy()
}

func (m *model) clear() {
	if len(m.blockers) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.blockers)-1).Draw(m.rt, "blocker")
	b := m.blockers[i]
	m.blockers = append(m.blockers[:i:i], m.blockers[i+1:]...)
	b.Clear()
}

func (m *model) join() {
	c, p := m.pick(), m.pick()
	if c.Parent() != nil || p.HasAncestor(c.Surface) {
		m.rt.Skip("no parent for it")
	}
	c.Join(p.Surface)
}

func (m *model) answer() {
	for _, f := range m.taken {
		if m.chance(50) {
			f.Presented(Presentation{})
		} else {
			f.Discarded()
		}
	}
	m.taken = m.taken[:0]
}

// holders counts the locks that the surfaces' states account for.
func (m *model) holders() map[Buffer]int {
	n := map[Buffer]int{}
	hold := func(b Buffer) {
		if b != nil {
			n[b]++
		}
	}
	for _, c := range m.all {
		hold(c.Current.Buffer)
		hold(c.cached.Buffer)
		for _, t := range c.queue.all() {
			hold(t.state(c.Surface).Buffer)
		}
	}
	return n
}

func (m *model) check() {
	held := m.holders()
	for i, b := range m.buffers {
		if b.locks != held[b] {
			m.rt.Fatalf("buffer %d has %d locks; %d states hold it", i, b.locks, held[b])
		}
	}
	for i, f := range m.feedback {
		if f.answers() > 1 {
			m.rt.Fatalf("feedback %d: %+v", i, *f)
		}
	}
	own := 0
	for _, c := range m.all {
		if c.ownTex {
			own++
		}
	}
	if own != m.copies {
		m.rt.Fatalf("%d copies live; surfaces own %d", m.copies, own)
	}
	for _, c := range m.live {
		m.checkSurface(c)
	}
	m.checkFrames()
	if len(m.core.applied)+len(m.core.ready) != 0 {
		m.rt.Fatal("work is left over")
	}
}

func (m *model) checkSurface(c *client) {
	s := c.Surface
	for _, t := range s.queue.all() {
		if t.due() {
			m.rt.Fatalf("%s: a transaction waits for nothing", c.name)
		}
	}
	if s.hasCached && !s.Synced() {
		m.rt.Fatalf("%s: a cached state waits for nothing", c.name)
	}
	if !s.hasCached && s.cached.Set != 0 {
		m.rt.Fatalf("%s: the empty cached state has %#x", c.name, s.cached.Set)
	}
	if s.queue.empty() && !s.hasCached && s.Current.Ack != m.sent[c] {
		m.rt.Fatalf("%s: commit %d is on screen; want %d", c.name, s.Current.Ack, m.sent[c])
	}
	waiting, extents := -1, s.size.Rect()
	if !s.hasCached {
		waiting = 0
	}
	s.Each(func(o *Surface) {
		if o.hasCached {
			waiting++
		}
		at, shown := geom.Point{}, o.HasBuffer()
		for up := o; up != s; up = up.parent {
			at = at.Add(up.tree.Position())
			shown = shown && up.placed && up.HasBuffer()
		}
		if o != s && shown {
			extents = extents.Union(o.size.Rect().Add(at))
		}
	})
	if s.waiting != waiting {
		m.rt.Fatalf("%s: %d cached states below; want %d", c.name, s.waiting, waiting)
	}
	if got := s.extents; s.measured && got != extents {
		m.rt.Fatalf("%s: extents %v; want %v", c.name, got, extents)
	}
	home := m.limbo
	if s.parent != nil {
		home = s.parent.tree
		if s.parent.indexOf(s) < 0 {
			m.rt.Fatalf("%s: its parent doesn't know it", c.name)
		}
	}
	if s.tree.Parent() != home {
		m.rt.Fatalf("%s: its tree is elsewhere", c.name)
	}
	if s.parent != nil && s.tree.Enabled() != (s.placed && s.parent.HasBuffer()) {
		m.rt.Fatalf("%s: shown %v, placed %v", c.name, s.tree.Enabled(), s.placed)
	}
	if s.node.Texture() != s.tex {
		m.rt.Fatalf("%s: the node shows another texture", c.name)
	}
}

// checkFrames: each frame callback is somewhere, or was answered or abandoned.
func (m *model) checkFrames() {
	n := map[FrameCallback]int{}
	count := func(list []FrameCallback) {
		for _, f := range list {
			n[f]++
		}
	}
	for _, c := range m.live {
		count(c.Pending.Frames)
		count(c.cached.Frames)
		count(c.frames)
		for _, t := range c.queue.all() {
			count(t.state(c.Surface).Frames)
		}
	}
	for i, f := range m.frames {
		if k := n[f] + f.done + m.abandoned[f]; k != 1 {
			m.rt.Fatalf("frame callback %d: %d waiting, %d done, %d abandoned", i, n[f], f.done, m.abandoned[f])
		}
	}
}

func TestRandomOperations(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(rt)
		for range 3 {
			m.create()
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(*rapid.T) { m.create() },
			"commit": func(*rapid.T) {
				c := m.pick()
				m.fill(c)
				m.commit(c)
			},
			"commit a tree": func(*rapid.T) {
				// A parent's state with that of its children.
				p := m.pick()
				var list []*client
				p.Each(func(s *Surface) { list = append(list, s.Data.(*client)) })
				for i := len(list) - 1; i >= 0; i-- {
					if !list[i].Destroyed() && m.chance(70) {
						m.fill(list[i])
						m.commit(list[i])
					}
				}
			},
			"fill":    func(*rapid.T) { m.fill(m.pick()) },
			"destroy": func(*rapid.T) { m.destroy(m.pick()) },
			"buffer gone": func(*rapid.T) {
				if len(m.buffers) > 0 {
					rapid.SampledFrom(m.buffers).Draw(rt, "gone").gone = true
				}
			},
			"join":  func(*rapid.T) { m.join() },
			"leave": func(*rapid.T) { m.pick().Leave() },
			"sync":  func(*rapid.T) { m.pick().SetDesync(m.chance(50)) },
			"place": func(*rapid.T) {
				m.pick().Place(m.pick().Surface, m.chance(50))
				m.pick().SetPosition(geom.Point{X: rapid.Int32Range(-9, 9).Draw(rt, "x")})
			},
			"clear":   func(*rapid.T) { m.clear() },
			"measure": func(*rapid.T) { m.pick().Extents() },
			"done":    func(*rapid.T) { m.pick().FrameDone(1) },
			"take":    func(*rapid.T) { m.taken = m.pick().TakeFeedback(m.taken) },
			"answer":  func(*rapid.T) { m.answer() },
			"":        func(*rapid.T) { m.check() },
		})
		m.end()
	})
}

// end takes everything down and looks for what is left.
func (m *model) end() {
	for len(m.blockers) > 0 {
		m.clear()
	}
	m.check()
	for _, c := range m.live {
		if !c.queue.empty() && len(c.Pending.blockers) == 0 {
			queued := false // by a blocker that is in no list: another's pending
			for _, o := range m.live {
				queued = queued || len(o.Pending.blockers) > 0
			}
			if !queued {
				m.rt.Fatalf("%s: queued behind nothing", c.name)
			}
		}
	}
	for len(m.live) > 0 {
		m.destroy(m.live[len(m.live)-1])
		m.check()
	}
	m.answer()
	for i, b := range m.buffers {
		if b.locks != 0 {
			m.rt.Fatalf("buffer %d keeps %d locks", i, b.locks)
		}
	}
	for i, f := range m.feedback {
		if f.answers() != 1 {
			m.rt.Fatalf("feedback %d was answered %d times", i, f.answers())
		}
	}
	if m.copies != 0 {
		m.rt.Fatalf("%d copies are left", m.copies)
	}
	var left []*scene.Tree
	for _, c := range m.all {
		if c.tree.Parent() != nil {
			left = append(left, c.tree)
		}
	}
	if len(left) != 0 {
		m.rt.Fatalf("%d trees are left", len(left))
	}
}
