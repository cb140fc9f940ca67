package bench

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"rayos/geom"
)

// sceneSize is the screen that viewers look at, in pixels.
var sceneSize = geom.Size{W: 1280, H: 720}

// scene is what changes on a screen while somebody looks at it from afar. Its
// pixels are as wl_shm's XRGB8888 in rows without gaps, and the same in every run.
type scene struct {
	name  string
	area  geom.Rect // that changes in a step
	rate  int       // steps in a second, if all who look can follow
	share int       // of so many frames of a measurement one is a step
	pix   []byte
	draw  func(n int) // the step of a number
}

func (s *scene) set(x, y int32, px uint32) {
	binary.LittleEndian.PutUint32(s.pix[4*(int(y)*int(sceneSize.W)+int(x)):], px|0xff<<24)
}

// scenes are a terminal whose text scrolls, a small thing that turns, a film and a
// slide show.
func scenes() ([]*scene, error) {
	text, err := scrollScene()
	if err != nil {
		return nil, err
	}
	return []*scene{text, spinScene(), videoScene(), photoScene()}, nil
}

func newScene(name string, area geom.Rect, rate, share int) *scene {
	s := &scene{name: name, area: area, rate: rate, share: share, pix: make([]byte, 4*int(sceneSize.W)*int(sceneSize.H))}
	for y := range sceneSize.H { // a desktop of a slight gradient
		for x := range sceneSize.W {
			s.set(x, y, 0x203040+uint32(y)/24*0x010101)
		}
	}
	return s
}

// scrollScene is a terminal of 800×608 in which a line of text comes with each step.
func scrollScene() (*scene, error) {
	const line = 16
	s := newScene("scroll", geom.XYWH(240, 56, 800, 38*line), 10, 2)
	parsed, err := opentype.Parse(gomono.TTF)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 13, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	words := []string{"open", "read", "of", "surface", "error", "0x7f3a", "=>", "return", "func", "main.go", "42", "buffer", "and", "the", "frame", "{", "}", "wrote"}
	img := image.NewRGBA(image.Rect(0, 0, int(s.area.W()), int(s.area.H())))
	colours := []color.RGBA{{0xd0, 0xd0, 0xd0, 255}, {0x80, 0xd0, 0x80, 255}, {0xe0, 0xb0, 0x60, 255}}
	s.draw = func(n int) {
		copy(img.Pix, img.Pix[line*img.Stride:])
		last := image.Rect(0, img.Rect.Dy()-line, img.Rect.Dx(), img.Rect.Dy())
		draw.Draw(img, last, image.NewUniform(color.RGBA{0x18, 0x18, 0x1c, 255}), image.Point{}, draw.Src)
		d := font.Drawer{Dst: img, Face: face, Dot: fixed.P(4, last.Max.Y-4)}
		text := fmt.Sprintf("%5d ", n)
		for range 4 + rnd.IntN(12) {
			d.Src = image.NewUniform(colours[rnd.IntN(len(colours))])
			d.DrawString(text)
			text = words[rnd.IntN(len(words))] + " "
		}
		for y := range s.area.H() {
			for x := range s.area.W() {
				p := img.Pix[int(y)*img.Stride+4*int(x):]
				s.set(s.area.X0+x, s.area.Y0+y, uint32(p[0])<<16|uint32(p[1])<<8|uint32(p[2]))
			}
		}
	}
	for n := range 38 {
		s.draw(n)
	}
	return s, nil
}

// spinScene is a spinner of 48×48.
func spinScene() *scene {
	s := newScene("spin", geom.XYWH(616, 336, 48, 48), 30, 1)
	s.draw = func(n int) {
		for y := range s.area.H() {
			for x := range s.area.W() {
				dx, dy := float64(x)-23.5, float64(y)-23.5
				r := math.Hypot(dx, dy)
				cover := max(0, min(1, 22-r)) * max(0, min(1, r-16))
				turn := math.Mod(math.Atan2(dy, dx)/(2*math.Pi)+2-float64(n)/30, 1)
				v := uint32(40 + 200*cover*turn)
				s.set(s.area.X0+x, s.area.Y0+y, v<<16|v<<8|(v+15))
			}
		}
	}
	s.draw(0)
	return s
}

// grain is noise that a camera adds, −3 to 3.
func grain(seed uint64) []int8 {
	rnd := rand.New(rand.NewPCG(seed, 2))
	g := make([]int8, 1<<16)
	for i := range g {
		g[i] = int8(rnd.IntN(7) - 3)
	}
	return g
}

// wave is a sine in 256 steps, 0 to 80.
func wave() (w [256]int) {
	for i := range w {
		w[i] = int(40 + 40*math.Sin(2*math.Pi*float64(i)/256))
	}
	return w
}

// picture fills the area with soft shapes that n moves, and grain.
func (s *scene) picture(n int, w *[256]int, g []int8) {
	at := n * 7919
	for y := range int(s.area.H()) {
		for x := range int(s.area.W()) {
			a, b, c := w[(x+3*n)&255], w[(2*y+5*n)&255], w[(x/2+y-2*n)&255]
			at++
			noise := int(g[at*31&(1<<16-1)])
			s.set(s.area.X0+int32(x), s.area.Y0+int32(y), uint32(4+a+b+noise)<<16|uint32(4+b+c+noise)<<8|uint32(4+a+c+noise))
		}
	}
}

// videoScene is a film of 640×360.
func videoScene() *scene {
	s := newScene("video", geom.XYWH(320, 180, 640, 360), 25, 1)
	w, g := wave(), grain(3)
	s.draw = func(n int) { s.picture(n, &w, g) }
	s.draw(0)
	return s
}

// photoScene is another photograph of 1280×592 with each step. It leaves out where
// sway draws a pointer that nobody moves.
func photoScene() *scene {
	s := newScene("photo", geom.XYWH(0, 128, 1280, 592), 4, 6)
	w, g := wave(), grain(4)
	s.draw = func(n int) { s.picture(n*37, &w, g) }
	s.draw(0)
	return s
}
