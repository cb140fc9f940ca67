package raster

import (
	"errors"
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
)

// shared returns pixels in a mapped file and what cuts the file to its first
// page under the mapping.
func shared(t *testing.T, w, h int32, f render.Format) (p render.Pixels, cut func()) {
	t.Helper()
	p = render.Pixels{W: w, H: h, Stride: w * f.BytesPerPixel(), Format: f}
	fd, err := unix.MemfdCreate("pixels", unix.MFD_CLOEXEC)
	must(t, err)
	t.Cleanup(func() { must(t, unix.Close(fd)) })
	size := int(p.Stride * h)
	must(t, unix.Ftruncate(fd, int64(size)))
	p.Data, err = unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(t, err)
	data := p.Data
	t.Cleanup(func() { must(t, unix.Munmap(data)) })
	return p, func() { must(t, unix.Ftruncate(fd, int64(unix.Getpagesize()))) }
}

// needFaults skips a test where the system does not say which address
// faulted, as user-mode emulators may not.
func needFaults(t *testing.T) {
	t.Helper()
	p, cut := shared(t, 64, 64, render.ARGB8888)
	cut()
	defer debug.SetPanicOnFault(onFault())
	defer func() {
		if v := recover(); !faultIn(v, p.Data) {
			t.Skipf("a fault in pixels reports %v", v)
		}
	}()
	bestKernels().opaque(make([]uint32, 64*64), words(p.Data))
}

func TestImportOfTruncatedMemory(t *testing.T) {
	needFaults(t)
	for name, opts := range sets() {
		t.Run(name, func(t *testing.T) {
			r := New(opts)
			defer r.Close()
			for _, f := range r.Formats() {
				p, cut := shared(t, 200, 200, f)
				tex, err := r.Import(p, false)
				must(t, err)
				cut()
				if _, err := r.Import(p, false); !errors.Is(err, ErrFault) {
					t.Errorf("%v: Import = %v; want ErrFault", f, err)
				}
				if err := r.Update(tex, p, nil); !errors.Is(err, ErrFault) {
					t.Errorf("%v: Update = %v; want ErrFault", f, err)
				}
				present := geom.RegionOf(geom.XYWH(0, 0, 100, 4))
				if err := r.Update(tex, p, &present); err != nil {
					t.Errorf("%v: Update of what is left: %v", f, err)
				}
			}
		})
	}
}

// TestDrawFromTruncatedMemory lets every kernel that reads textures meet a hole,
// on the caller and on the pool's goroutines.
func TestDrawFromTruncatedMemory(t *testing.T) {
	needFaults(t)
	whole := geom.XYWH(0, 0, 1024, 1024)
	ops := map[string]render.TextureOp{
		"direct":    {Dst: whole},
		"fade":      {Dst: whole, Alpha: 99},
		"rotated":   {Dst: whole, Transform: geom.Rotate90},
		"turned":    {Dst: whole, Transform: geom.Rotate180},
		"nearest":   {Dst: geom.XYWH(0, 0, 700, 700)},
		"bilinear":  {Dst: geom.XYWH(0, 0, 1900, 1900), Filter: render.Bilinear},
		"box":       {Dst: geom.XYWH(0, 0, 300, 300), Filter: render.Bilinear},
		"long rows": {Dst: geom.XYWH(0, 0, 300, 1024), Filter: render.Bilinear},
	}
	target := render.NewPixels(1024, 1024, render.ARGB8888)
	for name, opts := range sets() {
		for _, opts.Workers = range []int{1, 3} {
			r := New(opts)
			defer r.Close()
			r.pool.least = 0
			for _, f := range []render.Format{render.ARGB8888, render.XRGB8888} {
				for opName, op := range ops {
					p, cut := shared(t, 1024, 1024, f)
					for i := range p.Data {
						p.Data[i] = 0x40 // neither opaque nor empty
					}
					tex, err := r.Import(p, true)
					must(t, err)
					op.Texture = tex
					if op.Alpha == 0 {
						op.Alpha = 255
					}
					paint := func() error {
						pass, err := r.Begin(&target)
						must(t, err)
						pass.Texture(&op, nil)
						return pass.Submit()
					}
					must(t, paint())
					cut()
					if err := paint(); !errors.Is(err, ErrFault) {
						t.Errorf("%s with %d workers, %v %s: Submit = %v; want ErrFault", name, opts.Workers, f, opName, err)
					}
					tex.Release()
					must(t, paint())
				}
			}
		}
	}
}

func TestReadIntoTruncatedMemory(t *testing.T) {
	needFaults(t)
	for name, opts := range sets() {
		r := New(opts)
		defer r.Close()
		target := render.NewPixels(200, 200, render.ARGB8888)
		for _, f := range r.Formats() {
			p, cut := shared(t, 200, 200, f)
			must(t, r.ReadPixels(&target, target.Size().Rect(), p))
			cut()
			if err := r.ReadPixels(&target, target.Size().Rect(), p); !errors.Is(err, ErrFault) {
				t.Errorf("%s %v: ReadPixels = %v; want ErrFault", name, f, err)
			}
		}
	}
}

// TestOtherPanicsPass checks that only faults in the pixels are taken for
// faults in the pixels.
func TestOtherPanicsPass(t *testing.T) {
	defer func() {
		if v := recover(); v != "other" {
			t.Errorf("recovered %v; want the panic", v)
		}
	}()
	func() {
		var err error
		defer catch(&err, make([]byte, 4096))
		panic("other")
	}()
}
