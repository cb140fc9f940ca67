package session

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/theme"
	"rayos/shell/wallpaper"
	"rayos/surfaces/scene"
)

// wallpaperNode is the background of one output.
type wallpaperNode struct {
	o    *output
	node *scene.Buffer
	tex  render.Texture
	size geom.Size // physical size that it was drawn for
}

func (s *Session) newWallpaper(o *output) *wallpaperNode {
	w := &wallpaperNode{o: o}
	if !s.opt.Plain {
		w.node = s.layers.wallpaper.NewBuffer()
		w.arrange()
	}
	return w
}

// arrange covers the output, with a picture drawn anew for a new size.
func (w *wallpaperNode) arrange() {
	if w.node == nil {
		return
	}
	s, o := w.o.s, w.o
	r := o.scene.Logical()
	w.node.SetPosition(r.X0, r.Y0)
	w.node.SetDestSize(r.Size())
	size := o.info.Transform.ApplySize(o.info.Mode.Size)
	if size == w.size {
		return
	}
	t, err := s.render.Import(wallpaper.Render(size, theme.For(s.opt.Scheme)), true)
	if err != nil {
		s.log.Error("wallpaper", "err", err)
		return
	}
	w.node.SetTexture(t, nil)
	w.node.SetFilter(render.Bilinear)
	if w.tex != nil {
		w.tex.Release()
	}
	w.tex, w.size = t, size
}

func (w *wallpaperNode) destroy() {
	if w.node == nil {
		return
	}
	w.node.Destroy()
	if w.tex != nil {
		w.tex.Release()
	}
}
