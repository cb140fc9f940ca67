//go:build cgo

package gl

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/internal/rendertest"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// BenchmarkFrame draws a window on a background at 1920×1080 with both
// renderers, to the end: ns/op is the time until the picture is there, and
// cpu-us/op what all threads of the process spent on it.
func BenchmarkFrame(b *testing.B) {
	size := geom.Size{W: 1920, H: 1080}
	for _, name := range []string{"software", "gl"} {
		for _, s := range []struct {
			name   string
			damage geom.Rect
			dst    geom.Rect
			alpha  uint8
		}{
			{"full", size.Rect(), geom.XYWH(100, 100, 1280, 720), 255},
			{"translucent", size.Rect(), geom.XYWH(100, 100, 1280, 720), 200},
			{"scaled", size.Rect(), geom.XYWH(100, 100, 1600, 900), 255},
			{"16x16", geom.XYWH(500, 500, 16, 16), geom.XYWH(100, 100, 1280, 720), 255},
		} {
			b.Run(fmt.Sprintf("%s/%s", s.name, name), func(b *testing.B) {
				// Each runs on a goroutine of its own, which OpenGL is bound to.
				var r render.Renderer = raster.New(raster.Options{})
				memory := render.NewPixels(size.W, size.H, render.XRGB8888)
				target, finish := render.Target(&memory), func() error { return nil }
				if name == "gl" {
					gpu := open(b, Options{})
					own, err := gpu.NewTarget(size)
					rendertest.Must(b, err)
					r, target, finish = gpu, own, await
				}
				px := render.NewPixels(1280, 720, render.XRGB8888)
				tex, err := r.Import(px, true)
				rendertest.Must(b, err)
				defer tex.Release()
				damage := geom.RegionOf(s.damage)
				before := cpuTime(b)
				for b.Loop() {
					rendertest.Must(b, r.Update(tex, px, &damage))
					p, err := r.Begin(target)
					rendertest.Must(b, err)
					p.Clear(0xff203040, &damage)
					p.Texture(&render.TextureOp{Texture: tex, Dst: s.dst, Alpha: s.alpha, Filter: render.Bilinear}, &damage)
					rendertest.Must(b, p.Submit())
					rendertest.Must(b, finish())
				}
				b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-us/op")
			})
		}
	}
}

// cpuTime is what the process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	rendertest.Must(b, unix.Getrusage(unix.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
