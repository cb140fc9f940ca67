package scene

import (
	"errors"
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// fakeTexture is a texture without pixels.
type fakeTexture struct {
	name   string
	size   geom.Size
	opaque bool
}

func (t *fakeTexture) Size() geom.Size { return t.size }
func (t *fakeTexture) Opaque() bool    { return t.opaque }
func (t *fakeTexture) Release()        {}

// fakeRenderer records what is drawn.
type fakeRenderer struct {
	ops       []fakeOp
	quiet     bool // counts only, for allocation tests
	count     int
	beginErr  error
	submitErr error
	render.Renderer
}

type fakeOp struct {
	what string // "clear", a colour or the name of a texture
	op   render.TextureOp
	box  geom.Rect
	clip []geom.Rect
}

func (r *fakeRenderer) Begin(render.Target) (render.Pass, error) {
	r.ops = r.ops[:0]
	return (*fakePass)(r), r.beginErr
}

type fakePass fakeRenderer

func (p *fakePass) add(o fakeOp, clip *geom.Region) {
	o.clip = append([]geom.Rect(nil), clip.Rects()...)
	p.ops = append(p.ops, o)
}

func (p *fakePass) Rect(box geom.Rect, c render.Color, clip *geom.Region) {
	if p.count++; !p.quiet {
		p.add(fakeOp{what: fmt.Sprintf("%08x", uint32(c)), box: box}, clip)
	}
}

func (p *fakePass) Clear(_ render.Color, clip *geom.Region) {
	if p.count++; !p.quiet {
		p.add(fakeOp{what: "clear"}, clip)
	}
}

func (p *fakePass) Texture(op *render.TextureOp, clip *geom.Region) {
	if p.count++; !p.quiet {
		p.add(fakeOp{what: op.Texture.(*fakeTexture).name, op: *op, box: op.Dst}, clip)
	}
}

func (p *fakePass) Submit() error { return p.submitErr }

// names lists what was drawn, in order.
func (r *fakeRenderer) names() (out []string) {
	for _, o := range r.ops {
		out = append(out, o.what)
	}
	return out
}

type fakeTarget geom.Size

func (t fakeTarget) Size() geom.Size { return geom.Size(t) }

var errFake = errors.New("fake")

const red, green, glass = render.Color(0xffff0000), render.Color(0xff00ff00), render.Color(0x80000000)

// stage is a scene with one output and a renderer that records.
type stage struct {
	*Scene
	t   *testing.T
	out *Output
	r   fakeRenderer
}

func newStage(t *testing.T, w, h int32) *stage {
	s := &stage{Scene: New(), t: t}
	s.out = s.NewOutput(geom.Point{}, geom.Size{W: w, H: h}, geom.ScaleOne, geom.Normal)
	return s
}

// frame renders with age 1 and returns the damage.
func (s *stage) frame() []geom.Rect {
	s.t.Helper()
	d, err := s.out.Render(&s.r, fakeTarget(s.out.Mode()), 1)
	if err != nil {
		s.t.Fatal(err)
	}
	return append([]geom.Rect(nil), d.Rects()...)
}

func (s *stage) wantDamage(want ...geom.Rect) {
	s.t.Helper()
	r := geom.RegionOf(want...)
	if got := s.frame(); fmt.Sprint(got) != fmt.Sprint(r.Rects()) {
		s.t.Errorf("damage = %v; want %v", got, r.Rects())
	}
}

func (s *stage) buffer(t *Tree, w, h int32, opaque bool) *Buffer {
	b := t.NewBuffer()
	b.SetTexture(&fakeTexture{name: fmt.Sprintf("%dx%d", w, h), size: geom.Size{W: w, H: h}, opaque: opaque}, nil)
	return b
}
