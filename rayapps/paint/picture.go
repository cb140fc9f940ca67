package paint

import (
	"errors"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// pictures draws images by the software renderer, which scales them well.
type pictures struct {
	renderer *raster.Renderer
	textures map[*Image]render.Texture
	clip     geom.Region
	err      error
}

// maxTextures bounds the images that are known to the renderer. Their pixels
// stay where they are.
const maxTextures = 256

func (p *pictures) texture(m *Image) (render.Texture, error) {
	if t, ok := p.textures[m]; ok {
		return t, nil
	}
	if p.renderer == nil {
		p.renderer = raster.New(raster.Options{Workers: 1})
	}
	if p.textures == nil || len(p.textures) >= maxTextures {
		p.release()
		p.textures = make(map[*Image]render.Texture)
	}
	t, err := p.renderer.Import(m.pix, true)
	if err != nil {
		return nil, err
	}
	p.textures[m] = t
	return t, nil
}

func (p *pictures) release() {
	for m, t := range p.textures {
		t.Release()
		delete(p.textures, m)
	}
}

// image draws an image, without its corners' roundness.
func (r *Raster) image(c *canvas, l *List, o *op, area geom.Rect) {
	if err := r.pictures.draw(c, l.images[o.ref].image, o, r.device(o.box), area); err != nil {
		r.pictures.err = errors.Join(r.pictures.err, err)
	}
}

func (p *pictures) draw(c *canvas, m *Image, o *op, box, area geom.Rect) error {
	t, err := p.texture(m)
	if err != nil {
		return err
	}
	px := c.pixels()
	pass, err := p.renderer.Begin(&px)
	if err != nil {
		return err
	}
	by := geom.Point{X: -c.bounds.X0, Y: -c.bounds.Y0}
	p.clip.SetRect(area.Add(by))
	pass.Texture(&render.TextureOp{Texture: t, Src: o.src.F(), Dst: box.Add(by), Alpha: o.alpha, Filter: o.filter}, &p.clip)
	return pass.Submit()
}
