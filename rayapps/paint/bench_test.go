package paint

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

func benchmarkDraw(b *testing.B, name string, scale geom.Scale) {
	s := newStage()
	r := NewRaster(s.fonts)
	l := s.scene(name)
	p := render.NewPixels(scale.Apply(sizes[name].W), scale.Apply(sizes[name].H), render.XRGB8888)
	t := Target{Pixels: &p, Scale: scale}
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Draw(t, l, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// A full redraw of what the session shows most.
func BenchmarkDrawPanel(b *testing.B)      { benchmarkDraw(b, "panel", 120) }
func BenchmarkDrawLauncher(b *testing.B)   { benchmarkDraw(b, "launcher", 120) }
func BenchmarkDrawLauncher2x(b *testing.B) { benchmarkDraw(b, "launcher", 240) }
func BenchmarkDrawLayers(b *testing.B)     { benchmarkDraw(b, "layers", 120) }

// BenchmarkBuildLauncher makes the list anew from text that was laid out before.
func BenchmarkBuildLauncher(b *testing.B) {
	s := newStage()
	var old, list *List
	b.ReportAllocs()
	for b.Loop() {
		s.Reset(old)
		old, list = list, s.scene("launcher")
	}
}

func BenchmarkDiffLauncher(b *testing.B) {
	s := newStage()
	x, y := s.scene("launcher"), s.scene("words")
	var damage geom.Region
	b.ReportAllocs()
	for b.Loop() {
		damage.Clear()
		Diff(x, y, &damage)
	}
}
