//go:build cgo

package gl

import (
	"errors"

	"rayos/geom"
	"rayos/gpu/render"
)

// softPass draws in software what the renderer was asked to draw.
type softPass struct {
	r    *Renderer
	pass render.Pass // nil when it is not open
}

func (r *Renderer) beginSoft(p *render.Pixels) (render.Pass, error) {
	pass, err := r.soft.Begin(p)
	if err != nil {
		return nil, err
	}
	r.softPass = softPass{r, pass}
	return &r.softPass, nil
}

// drop ends a pass that nobody submits.
func (s *softPass) drop() {
	if s.pass != nil {
		s.pass = nil
		// Opening another makes the renderer forget the one that is open.
		p := render.NewPixels(1, 1, render.XRGB8888)
		if _, err := s.r.soft.Begin(&p); err == nil {
			panic("gl: a pass was open and was not")
		}
	}
}

// Rect implements render.Pass.
func (s *softPass) Rect(box geom.Rect, c render.Color, clip *geom.Region) {
	if s.pass != nil {
		s.pass.Rect(box, c, clip)
	}
}

// Clear implements render.Pass.
func (s *softPass) Clear(c render.Color, clip *geom.Region) {
	if s.pass != nil {
		s.pass.Clear(c, clip)
	}
}

// Texture implements render.Pass.
func (s *softPass) Texture(op *render.TextureOp, clip *geom.Region) {
	if t, ok := op.Texture.(*texture); ok && !t.gone && !t.imported && s.pass != nil {
		o := *op
		o.Texture = t.soft
		s.pass.Texture(&o, clip)
	}
}

// Submit implements render.Pass.
func (s *softPass) Submit() error {
	p := s.pass
	if p == nil {
		return errors.New("gl: the pass is not open")
	}
	s.pass = nil
	return p.Submit()
}
