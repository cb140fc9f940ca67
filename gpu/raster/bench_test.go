package raster

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
)

var (
	hd  = geom.Size{W: 1920, H: 1080}
	uhd = geom.Size{W: 3840, H: 2160}
)

// benchTexture returns translucent noise: the slow way of OVER.
func benchTexture(b *testing.B, r *Renderer, s geom.Size, f render.Format) render.Texture {
	p := render.NewPixels(s.W, s.H, f)
	rng := rand.New(rand.NewPCG(3, 3))
	for y := range s.H {
		for x := range row(&p, y) {
			row(&p, y)[x] = rng.Uint32()>>2&0x3f3f3f3f | 0x40000000
		}
	}
	t, err := r.Import(p, true)
	must(b, err)
	return t
}

func benchDraw(b *testing.B, size geom.Size, op render.TextureOp, clip *geom.Region, opts Options) {
	r := New(opts)
	defer r.Close()
	target := render.NewPixels(size.W, size.H, render.XRGB8888)
	area := int64(size.W) * int64(size.H)
	if clip != nil {
		area = clip.Area()
	}
	b.SetBytes(4 * area)
	// On a machine that others use too, the median of the thread's CPU time
	// says more than the mean of wall time.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var spent []time.Duration
	for b.Loop() {
		start := threadTime()
		p, err := r.Begin(&target)
		must(b, err)
		p.Texture(&op, clip)
		must(b, p.Submit())
		if len(spent) < 1000 {
			spent = append(spent, threadTime()-start)
		}
	}
	slices.Sort(spent)
	b.ReportMetric(spent[len(spent)/2].Seconds()*1e6, "cpu-µs")
	b.ReportMetric(spent[0].Seconds()*1e6, "least-µs")
}

// threadTime is the CPU time that the calling thread has used.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

func BenchmarkTexture(b *testing.B) {
	damage := geom.RegionOf(geom.XYWH(801, 403, 16, 16))
	for _, size := range []struct {
		name string
		geom.Size
	}{{"1080p", hd}, {"4K", uhd}} {
		for _, c := range []struct {
			name   string
			format render.Format
			scale  [2]int32 // of the source
			op     render.TextureOp
			clip   *geom.Region
		}{
			{"opaque", render.XRGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 255}, nil},
			{"over", render.ARGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 255}, nil},
			{"fade", render.ARGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 200}, nil},
			{"nearest1.5", render.XRGB8888, [2]int32{2, 3}, render.TextureOp{Alpha: 255}, nil},
			{"bilinear1.5", render.XRGB8888, [2]int32{2, 3}, render.TextureOp{Alpha: 255, Filter: render.Bilinear}, nil},
			{"bilinear0.67", render.XRGB8888, [2]int32{3, 2}, render.TextureOp{Alpha: 255, Filter: render.Bilinear}, nil},
			{"box0.25", render.XRGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 255, Filter: render.Bilinear}, nil},
			{"rotate90", render.XRGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 255, Transform: geom.Rotate90}, nil},
			{"rotate180", render.XRGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 255, Transform: geom.Rotate180}, nil},
			{"rotate90bilinear1.5", render.XRGB8888, [2]int32{2, 3}, render.TextureOp{Alpha: 255, Transform: geom.Rotate90, Filter: render.Bilinear}, nil},
			{"damage16", render.XRGB8888, [2]int32{1, 1}, render.TextureOp{Alpha: 255}, &damage},
			{"damage16bilinear", render.XRGB8888, [2]int32{2, 3}, render.TextureOp{Alpha: 255, Filter: render.Bilinear}, &damage},
		} {
			b.Run(size.name+"/"+c.name, func(b *testing.B) {
				s := geom.Size{W: size.W * c.scale[0] / c.scale[1], H: size.H * c.scale[0] / c.scale[1]}
				if c.op.Transform.Swaps() {
					s.W, s.H = s.H, s.W
				}
				r := New(Options{Workers: 1})
				c.op.Texture = benchTexture(b, r, s, c.format)
				c.op.Dst = size.Rect()
				if c.name == "box0.25" {
					c.op.Dst = geom.XYWH(0, 0, size.W/4, size.H/4)
				}
				benchDraw(b, size.Size, c.op, c.clip, Options{Workers: 1})
			})
		}
	}
}
