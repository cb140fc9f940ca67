package raster

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"rayos/gpu/render"
)

// resident returns the pages of memory that the process occupies.
func resident(t *testing.T) (pages int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	must(t, err)
	var size int
	if _, err := fmt.Sscan(string(b), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages
}

func TestReleaseGivesMemoryBack(t *testing.T) {
	r := New(Options{Workers: 1})
	before := resident(t)
	var all []render.Texture
	for i := range int32(100) { // up to a MiB each
		tex, err := r.Import(render.NewPixels(512, 412+i, render.XRGB8888), false)
		must(t, err)
		all = append(all, tex)
	}
	for _, tex := range all {
		tex.Release()
		tex.Release()
	}
	if r.store.kept > keepBytes {
		t.Errorf("%d bytes kept; want at most %d", r.store.kept, keepBytes)
	}
	r.Close()
	if r.store.kept != 0 {
		t.Errorf("%d bytes kept after Close", r.store.kept)
	}
	runtime.GC() // the imported pixels
	debug.FreeOSMemory()
	if grown := (resident(t) - before) * os.Getpagesize(); grown > 10<<20 {
		t.Errorf("100 released textures left %d MiB", grown>>20)
	}
}

func TestMemoryIsReused(t *testing.T) {
	var s store
	a, err := s.alloc(1920 * 1080 * 4)
	must(t, err)
	s.free(a)
	b, err := s.alloc(1900 * 1070 * 4)
	must(t, err)
	if &a[0] != &b[0] {
		t.Error("a slightly smaller texture got other memory")
	}
	s.free(b)
	s.trim(0)
	for n := 1; n < 1<<30; n = n*3/2 + 1 {
		if c := class(n); c < n || c%4096 != 0 || c > max(n+n/4+4096, 4096) {
			t.Errorf("class(%d) = %d", n, c)
		}
	}
}

func BenchmarkImport(b *testing.B) {
	r := New(Options{Workers: 1})
	defer r.Close()
	src := render.NewPixels(hd.W, hd.H, render.XRGB8888)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			tex, err := r.Import(src, false)
			must(b, err)
			tex.Release()
		}
	})
	b.Run("update", func(b *testing.B) {
		tex, err := r.Import(src, false)
		must(b, err)
		defer tex.Release()
		for b.Loop() {
			must(b, r.Update(tex, src, nil))
		}
	})
}
