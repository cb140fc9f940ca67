package capture

import (
	"errors"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/scene"
)

// ErrNotDrawn is returned for an output that shows nothing yet.
var ErrNotDrawn = errors.New("the output was not drawn yet")

// Camera takes pictures of a scene.
type Camera struct {
	Scene    *scene.Scene
	Renderer render.Renderer

	scratch render.Pixels // drawn into before anything is copied from it
}

// Source is an output or a node.
type Source struct {
	// Output is drawn anew for a picture without the cursor; for all
	// others Front, what it shows now, is read.
	Output *scene.Output
	Front  render.Target // nil when nothing was drawn yet
	// Cursor is part of Front, and left out of pictures without the cursor;
	// nil when there is none.
	Cursor scene.Noder

	// Node is drawn at Scale, with its origin at the top left.
	Node  scene.Noder
	Scale geom.Scale
}

// Shot is what to copy of a source.
type Shot struct {
	Box    geom.Rect // of the source, in its pixels
	Cursor bool      // with the cursor, where it is part of the source
	// Into takes the picture and has the size of Box. It may be memory of a
	// client, which may be gone: see render.Renderer.
	Into render.Pixels
	// Part is what of Into has to be brought up to date, in its pixels; nil
	// is all of it.
	Part *geom.Region
}

// Take copies a picture.
func (c *Camera) Take(src Source, s *Shot) error {
	from, err := c.picture(&src, s)
	if err != nil {
		return err
	}
	if s.Part == nil {
		return c.Renderer.ReadPixels(from, s.Box, s.Into)
	}
	all := s.Into.Size().Rect()
	for _, r := range s.Part.Rects() {
		if r = r.Intersect(all); r.Empty() {
			continue
		}
		if err := c.Renderer.ReadPixels(from, r.Add(s.Box.Min()), crop(&s.Into, r)); err != nil {
			return err
		}
	}
	return nil
}

// picture returns what to read from.
func (c *Camera) picture(src *Source, s *Shot) (render.Target, error) {
	switch {
	case src.Node != nil:
		size := geom.Size{W: s.Box.X1, H: s.Box.Y1}
		p := c.sheet(size, render.ARGB8888)
		return p, c.Scene.RenderNode(c.Renderer, src.Node, p, src.Scale)
	case src.Front == nil:
		return nil, ErrNotDrawn
	case s.Cursor || src.Cursor == nil:
		return src.Front, nil
	}
	p := c.sheet(src.Output.Mode(), render.XRGB8888)
	return p, src.Output.RenderWithout(c.Renderer, src.Cursor, p)
}

// sheet returns memory to draw into. It is kept for the next picture.
func (c *Camera) sheet(size geom.Size, f render.Format) *render.Pixels {
	if c.scratch.Size() != size || c.scratch.Format != f {
		c.scratch = render.NewPixels(size.W, size.H, f)
	}
	return &c.scratch
}

// Rest gives back what is kept between pictures.
func (c *Camera) Rest() { c.scratch = render.Pixels{} }

// crop returns the part r of p.
func crop(p *render.Pixels, r geom.Rect) render.Pixels {
	bpp := p.Format.BytesPerPixel()
	from := int(r.Y0)*int(p.Stride) + int(r.X0)*int(bpp)
	to := int(r.Y1-1)*int(p.Stride) + int(r.X1)*int(bpp)
	return render.Pixels{Data: p.Data[from:to:to], W: r.W(), H: r.H(), Stride: p.Stride, Format: p.Format}
}
