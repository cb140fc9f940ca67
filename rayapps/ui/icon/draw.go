package icon

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
)

// grid is the size that icons are described in.
const grid = 24

// Stroke is the width of lines, in 1/256 of a logical pixel.
const Stroke = geom.Fixed(384)

// maxSize is the largest size of an icon, in logical pixels.
const maxSize = 128

// key is a path that has been made.
type key struct {
	name   Name
	size   int32
	mirror bool
}

var (
	common [names][2][maxSize / 4]atomic.Pointer[paint.Path] // by mirror and size/4
	mu     sync.Mutex                                        // guards other, and the making of paths
	other  = map[key]*paint.Path{}
)

// Draw draws an icon, size logical pixels wide and high, with its top-left
// corner at. Unknown names draw nothing; sizes are bounded to 128.
func Draw(b *paint.Builder, n Name, size int32, at geom.FixedPoint, rtl bool, c render.Color) {
	if n == None || n >= names || size <= 0 {
		return
	}
	b.Stroke(path(n, min(size, maxSize), rtl && set[n].mirror), at, Stroke, paint.RoundCap, c)
}

func path(n Name, size int32, mirror bool) *paint.Path {
	k := key{n, size, mirror}
	if size%4 != 0 || size == maxSize {
		mu.Lock()
		defer mu.Unlock()
		if other[k] == nil {
			other[k] = k.build()
		}
		return other[k]
	}
	m := 0
	if mirror {
		m = 1
	}
	slot := &common[n][m][size/4]
	if p := slot.Load(); p != nil {
		return p
	}
	mu.Lock()
	defer mu.Unlock()
	if slot.Load() == nil {
		slot.Store(k.build())
	}
	return slot.Load()
}

// build makes the path, ready to be shared.
func (k key) build() *paint.Path {
	s := source{text: set[k.name].path, size: k.size, mirror: k.mirror}
	p, err := s.parse()
	if err != nil {
		panic(fmt.Sprintf("icon: %v: %v", k.name, err))
	}
	// A path belongs to everybody once a builder has seen it.
	var b paint.Builder
	b.Stroke(p, geom.FixedPoint{}, Stroke, paint.RoundCap, 0xff000000)
	return p
}

// source reads the commands of an icon.
type source struct {
	text   string
	size   int32
	mirror bool
	err    error
	x, y   geom.Fixed // where the last command ended
}

func (s *source) parse() (*paint.Path, error) {
	p := new(paint.Path)
	for s.text != "" && s.err == nil {
		cmd := s.text[0]
		s.text = s.text[1:]
		switch cmd {
		case 'M':
			p.MoveTo(s.point())
		case 'L':
			p.LineTo(s.point())
		case 'H':
			s.x = s.across()
			p.LineTo(s.x, s.y)
		case 'V':
			s.y = s.length()
			p.LineTo(s.x, s.y)
		case 'Q':
			ax, ay := s.point()
			x, y := s.point()
			p.QuadTo(ax, ay, x, y)
		case 'C':
			ax, ay := s.point()
			bx, by := s.point()
			x, y := s.point()
			p.CubeTo(ax, ay, bx, by, x, y)
		case 'Z':
			p.Close()
		case 'O':
			x, y := s.point()
			p.Circle(x, y, s.length())
		case 'R':
			x, y := s.point()
			w, h, r := s.length(), s.length(), s.length()
			if s.mirror {
				x -= w
			}
			roundRect(p, x, y, x+w, y+h, r)
		default:
			return nil, fmt.Errorf("unknown command %q", cmd)
		}
	}
	return p, s.err
}

func (s *source) point() (x, y geom.Fixed) {
	s.x = s.across()
	s.y = s.length()
	return s.x, s.y
}

// across reads a horizontal position.
func (s *source) across() geom.Fixed {
	v := s.length()
	if s.mirror {
		v = geom.FixedFromInt(s.size) - v
	}
	return v
}

// length reads a number and scales it.
func (s *source) length() geom.Fixed {
	for s.text != "" && s.text[0] == ' ' {
		s.text = s.text[1:]
	}
	n := 0
	for n < len(s.text) && (s.text[n] >= '0' && s.text[n] <= '9' || s.text[n] == '.') {
		n++
	}
	v, err := strconv.ParseFloat(s.text[:n], 64)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("a number is missing before %q", s.text)
	}
	s.text = s.text[n:]
	// Tenths are exact; the rest is integers.
	tenths := int64(v*10 + 0.5)
	return geom.Fixed((tenths*int64(s.size)*256 + 5*grid) / (10 * grid))
}

func roundRect(p *paint.Path, x0, y0, x1, y1, r geom.Fixed) {
	k := geom.Fixed((int64(r)*29341 + 1<<15) >> 16) // r(1-κ): from the corner to the handle
	p.MoveTo(x0+r, y0)
	p.LineTo(x1-r, y0)
	p.CubeTo(x1-k, y0, x1, y0+k, x1, y0+r)
	p.LineTo(x1, y1-r)
	p.CubeTo(x1, y1-k, x1-k, y1, x1-r, y1)
	p.LineTo(x0+r, y1)
	p.CubeTo(x0+k, y1, x0, y1-k, x0, y1-r)
	p.LineTo(x0, y0+r)
	p.CubeTo(x0, y0+k, x0+k, y0, x0+r, y0)
	p.Close()
}
