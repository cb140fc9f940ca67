package session

import (
	"rayos/gpu/render"
)

// art keeps the textures of pictures that many nodes share, such as shadows
// and cursors, by the picture.
type art struct {
	s        *Session
	textures map[*render.Pixels]render.Texture
}

// maxArt bounds the pictures kept: a few scales of two shadows and of all
// cursor shapes that were used.
const maxArt = 256

// texture imports a picture once. The picture must stay as it is.
func (a *art) texture(p *render.Pixels) (render.Texture, error) {
	if t := a.textures[p]; t != nil {
		return t, nil
	}
	t, err := a.s.render.Import(*p, true)
	if err != nil {
		return nil, err
	}
	if a.textures == nil || len(a.textures) >= maxArt {
		a.textures = map[*render.Pixels]render.Texture{}
	}
	a.textures[p] = t
	return t, nil
}
