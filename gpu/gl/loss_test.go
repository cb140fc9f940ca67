//go:build cgo

package gl

import (
	"errors"
	"math/rand/v2"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/internal/rendertest"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// TestLayersChangeNothing: the GPU takes tiny textures only, so that the
// picture consists of several.
func TestLayersChangeNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	src := rendertest.Picture(rng, 23, 17, render.ARGB8888)
	plain := open(t, Options{})
	pictures := map[bool][]render.Pixels{}
	for _, layered := range []bool{false, true} {
		if layered {
			plain.maxSide = 7
		}
		tex, err := plain.Import(src, true)
		rendertest.Must(t, err)
		if tex.(*texture).layered() != layered {
			t.Fatalf("layered %v", !layered)
		}
		plain.maxSide = 4096
		rendertest.Each(rendertest.Geometries, func(_ string, op render.TextureOp) {
			op.Texture = tex
			target := render.NewPixels(64, 56, render.ARGB8888)
			rendertest.Draw(t, plain, &target, &op, nil)
			pictures[layered] = append(pictures[layered], target)
		})
	}
	for i := range pictures[true] {
		if d, at := rendertest.Differ(&pictures[false][i], &pictures[true][i]); d != 0 {
			t.Fatalf("picture %d differs by %d at %v", i, d, at)
		}
	}
}

// TestTooLarge: what no GPU takes is refused, and what this one does not take
// is drawn all the same.
func TestTooLarge(t *testing.T) {
	r := open(t, Options{})
	r.maxSide, r.maxLayers = 64, 4
	if _, err := r.Import(render.NewPixels(65, 64*3, render.XRGB8888), true); !errors.Is(err, raster.ErrPixels) {
		t.Errorf("Import into six layers = %v; want %v", err, raster.ErrPixels)
	}
	if _, err := r.NewTarget(geom.Size{W: 65, H: 1}); err == nil {
		t.Error("NewTarget made a target that is too large")
	}
	target := render.NewPixels(200, 3, render.XRGB8888)
	p, err := r.Begin(&target)
	rendertest.Must(t, err)
	p.Clear(0xff123456, nil)
	rendertest.Must(t, p.Submit())
	if got := rendertest.Row(&target, 2)[199]; got != 0xff123456 {
		t.Errorf("the last pixel is %#08x", got)
	}
}

// TestExtremeShrink draws the largest texture into a few pixels, which must
// not take the GPU long.
func TestExtremeShrink(t *testing.T) {
	r := open(t, Options{})
	src := render.NewPixels(r.maxSide, 300, render.XRGB8888)
	for i := range src.Data {
		src.Data[i] = 0x40
	}
	tex, err := r.Import(src, true)
	rendertest.Must(t, err)
	target := render.NewPixels(3, 3, render.ARGB8888)
	rendertest.Draw(t, r, &target, &render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255, Filter: render.Bilinear}, nil)
	for y := range target.H {
		for x, px := range rendertest.Row(&target, y) {
			if rendertest.Apart(px, 0xff404040) > 1 {
				t.Errorf("pixel %d,%d is %#08x", x, y, px)
			}
		}
	}
}

// TestLoss: targets, textures and passes go on in software.
func TestLoss(t *testing.T) {
	r := open(t, Options{})
	rng := rand.New(rand.NewPCG(3, 3))
	var told []error
	r.OnLost(func(err error) { told = append(told, err) })
	src := rendertest.Picture(rng, 40, 30, render.XRGB8888)
	tex, err := r.Import(src, false)
	rendertest.Must(t, err)
	own, err := r.NewTarget(geom.Size{W: 40, H: 30})
	rendertest.Must(t, err)
	op := render.TextureOp{Texture: tex, Dst: geom.XYWH(0, 0, 40, 30), Alpha: 255}
	rendertest.Draw(t, r, own, &op, nil)

	pass, err := r.Begin(own)
	rendertest.Must(t, err)
	pass.Texture(&op, nil)
	r.Lose()
	if err := pass.Submit(); !errors.Is(err, ErrLost) {
		t.Errorf("Submit = %v; want ErrLost", err)
	}
	if len(told) != 1 || !errors.Is(told[0], ErrLost) {
		t.Errorf("told %v; want one ErrLost", told)
	}
	for _, target := range []render.Target{own, newMemory(40, 30)} {
		rendertest.Draw(t, r, target, &op, nil)
		got := render.NewPixels(40, 30, render.ARGB8888)
		rendertest.Must(t, r.ReadPixels(target, geom.XYWH(0, 0, 40, 30), got))
		want := rendertest.Plain(&src)
		if d, at := rendertest.Differ(&got, &want); d != 0 {
			t.Errorf("%T differs by %d at %v", target, d, at)
		}
	}
	tex.Release()
	r.FreeTarget(own)
	if _, err := r.NewTarget(geom.Size{W: 4, H: 4}); err != nil {
		t.Error(err)
	}
	r.Lose()
	if len(told) != 1 {
		t.Errorf("told %d times", len(told))
	}
}

func newMemory(w, h int32) *render.Pixels {
	p := render.NewPixels(w, h, render.XRGB8888)
	return &p
}

// TestContractAfterLoss: software fills the place of the GPU.
func TestContractAfterLoss(t *testing.T) {
	rendertest.Contract(t, rendertest.Subject{
		New: func(t testing.TB) render.Renderer {
			r := open(t, Options{})
			r.Lose()
			return r
		},
		Scaled: 3,
	})
}

// TestDrawFromTruncatedMemory: memory of a client that is gone fails the pass
// and not the process.
func TestDrawFromTruncatedMemory(t *testing.T) {
	r := open(t, Options{})
	fd, err := unix.MemfdCreate("pixels", unix.MFD_CLOEXEC)
	rendertest.Must(t, err)
	t.Cleanup(func() { rendertest.Must(t, unix.Close(fd)) })
	const w, h = 256, 256
	rendertest.Must(t, unix.Ftruncate(fd, 4*w*h))
	data, err := unix.Mmap(fd, 0, 4*w*h, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	rendertest.Must(t, err)
	t.Cleanup(func() { rendertest.Must(t, unix.Munmap(data)) })
	tex, err := r.Import(render.Pixels{Data: data, W: w, H: h, Stride: 4 * w, Format: render.ARGB8888}, true)
	rendertest.Must(t, err)
	rendertest.Must(t, unix.Ftruncate(fd, int64(unix.Getpagesize())))
	target := render.NewPixels(w, h, render.XRGB8888)
	for range 2 {
		p, err := r.Begin(&target)
		rendertest.Must(t, err)
		p.Clear(0xff102030, nil)
		p.Texture(&render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255}, nil)
		if err := p.Submit(); !errors.Is(err, raster.ErrFault) {
			t.Errorf("Submit = %v; want ErrFault", err)
		}
	}
	if r.lost != nil {
		t.Error("a client's fault has lost the GPU")
	}
}

// FuzzScale draws one op like the software renderer, and in pieces.
func FuzzScale(f *testing.F) {
	f.Add(uint8(23), uint8(17), int32(0), int32(0), int32(0), int32(0), int32(3), int32(3), uint16(41), uint16(30), uint8(255), uint8(1))
	f.Add(uint8(40), uint8(30), int32(300), int32(128), int32(7000), int32(5000), int32(-9), int32(2), uint16(9), uint16(60), uint8(90), uint8(11))
	f.Add(uint8(1), uint8(60), int32(0), int32(0), int32(256), int32(9000), int32(0), int32(0), uint16(900), uint16(6), uint8(255), uint8(15))
	f.Fuzz(func(t *testing.T, w, h uint8, x0, y0, x1, y1, left, top int32, wide, high uint16, alpha, how uint8) {
		if w == 0 || h == 0 {
			return
		}
		gpu := open(t, Options{})
		soft := raster.New(raster.Options{Workers: 1})
		defer soft.Close()
		src := rendertest.Picture(rand.New(rand.NewPCG(uint64(w), uint64(h))), int32(w), int32(h), render.ARGB8888)
		op := render.TextureOp{
			Src:       geom.FRect{X0: float64(x0) / 256, Y0: float64(y0) / 256, X1: float64(x1) / 256, Y1: float64(y1) / 256},
			Dst:       geom.XYWH(left, top, int32(wide), int32(high)),
			Transform: geom.Transform(how & 7), Filter: render.Filter(how >> 3 & 1), Opaque: how&16 != 0, Alpha: alpha,
		}
		var pictures []render.Pixels
		for _, r := range []render.Renderer{gpu, soft} {
			tex, err := r.Import(src, true)
			rendertest.Must(t, err)
			op.Texture = tex
			target := render.NewPixels(67, 45, render.ARGB8888)
			rendertest.Draw(t, r, &target, &op, nil)
			pictures = append(pictures, target)
		}
		if d, at := rendertest.Differ(&pictures[0], &pictures[1]); d > 4 {
			t.Errorf("%+v of %dx%d: differs by %d at %v: %#08x; software %#08x", op, w, h, d, at,
				rendertest.Row(&pictures[0], at.Y)[at.X], rendertest.Row(&pictures[1], at.Y)[at.X])
		}
	})
}

// TestBadDmabufs: what is no memory of a GPU is refused, and loses nothing.
func TestBadDmabufs(t *testing.T) {
	r := open(t, Options{})
	fd, err := unix.MemfdCreate("no dmabuf", unix.MFD_CLOEXEC)
	rendertest.Must(t, err)
	t.Cleanup(func() { rendertest.Must(t, unix.Close(fd)) })
	rendertest.Must(t, unix.Ftruncate(fd, 1<<16))
	plane := render.Plane{FD: fd, Stride: 256}
	for _, d := range []render.Dmabuf{
		{W: 64, H: 64, Format: render.XRGB8888},
		{W: 0, H: 64, Format: render.XRGB8888, Planes: []render.Plane{plane}},
		{W: 1 << 30, H: 64, Format: render.XRGB8888, Planes: []render.Plane{plane}},
		{W: 64, H: 64, Format: render.XRGB8888, Planes: make([]render.Plane, 5)},
	} {
		if _, err := r.ImportDmabuf(&d); !errors.Is(err, raster.ErrPixels) {
			t.Errorf("ImportDmabuf(%+v) = %v; want %v", d, err, raster.ErrPixels)
		}
	}
	if len(r.DmabufFormats()) == 0 {
		t.Logf("%s takes no memory of other processes", r.Device())
	} else if _, err := r.ImportDmabuf(&render.Dmabuf{W: 64, H: 64, Format: render.XRGB8888, Planes: []render.Plane{plane}}); err == nil {
		t.Error("ImportDmabuf takes ordinary memory")
	}
	if r.lost != nil {
		t.Errorf("the GPU is lost: %v", r.lost)
	}
}
