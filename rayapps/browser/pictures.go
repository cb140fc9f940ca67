package browser

import (
	"image"
	"path/filepath"
	"sync"
	"time"

	"rayos/gpu/render"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/browser/thumb"
	"rayos/rayapps/paint"
)

// pictures are the small pictures of files that can be seen: asked for by the
// view, made by one goroutine, the last that was asked for first.
type pictures struct {
	b    *Browser
	have map[string]*picture // by path

	mu     sync.Mutex
	wanted []want
	wake   chan struct{}
	end    chan struct{}
}

// picture is one; image is nil while it isn't made, or can't be.
type picture struct {
	mod   time.Time
	image *paint.Image
}

type want struct {
	path string
	mod  time.Time
}

// Limits of pictures: what is kept takes at most maxPictures times a quarter of a
// megabyte.
const (
	maxPictures = 256
	maxWanted   = 128
)

func (p *pictures) init(b *Browser) {
	p.b, p.have = b, map[string]*picture{}
	if b.host.Thumbs == nil {
		return
	}
	p.wake, p.end = make(chan struct{}, 1), make(chan struct{})
	go p.work(b.host.Thumbs)
}

func (p *pictures) close() {
	if p.end != nil {
		close(p.end)
	}
}

// of returns the picture of an entry, nil while there is none.
func (p *pictures) of(e *folder.Entry) *paint.Image {
	if p.wake == nil || !e.Mode.IsRegular() || !thumb.Types(p.b.mime(e)) {
		return nil
	}
	path := filepath.Join(p.b.dir, e.Name)
	if h := p.have[path]; h != nil && h.mod.Equal(e.Mod) {
		return h.image
	}
	if len(p.have) >= maxPictures {
		p.have = map[string]*picture{} // those that are seen are asked for again, and are in the cache
	}
	p.have[path] = &picture{mod: e.Mod}
	p.mu.Lock()
	p.wanted = append(p.wanted, want{path, e.Mod})
	p.wanted = p.wanted[max(len(p.wanted)-maxWanted, 0):]
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return nil
}

// work makes pictures.
func (p *pictures) work(c *thumb.Cache) {
	for {
		select {
		case <-p.end:
			return
		case <-p.wake:
		}
		for {
			p.mu.Lock()
			n := len(p.wanted)
			if n == 0 {
				p.mu.Unlock()
				break
			}
			next := p.wanted[n-1]
			p.wanted = p.wanted[:n-1]
			p.mu.Unlock()
			img, err := c.Get(next.path, next.mod)
			if err != nil {
				continue // it is shown by an icon
			}
			pix := pixels(img)
			p.b.w.Post(func() { p.made(next, pix) })
		}
	}
}

func (p *pictures) made(w want, pix render.Pixels) {
	h := p.have[w.path]
	if h == nil || !h.mod.Equal(w.mod) {
		return // nobody wants it any more
	}
	if m, err := paint.NewImage(pix); err == nil {
		h.image = m
	}
}

// pixels are a picture as it is drawn.
func pixels(img *image.RGBA) render.Pixels {
	b := img.Bounds()
	p := render.NewPixels(int32(b.Dx()), int32(b.Dy()), render.ARGB8888)
	for y := range b.Dy() {
		from, to := img.Pix[y*img.Stride:], p.Data[y*int(p.Stride):]
		for x := 0; x < 4*b.Dx(); x += 4 {
			to[x], to[x+1], to[x+2], to[x+3] = from[x+2], from[x+1], from[x], from[x+3]
		}
	}
	return p
}
