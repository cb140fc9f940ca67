package editor

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/ui"
)

// large shows an editor of a file of 1 GiB, or of 65 MiB with -short, in its middle.
func large(b *testing.B) *rayapps.Preview {
	b.Helper()
	size := int64(1 << 30)
	if testing.Short() {
		size = 65 << 20
	}
	path := filepath.Join(b.TempDir(), "large")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for n, i := int64(0), 0; n < size; i++ {
		k, err := fmt.Fprintf(w, "%09d The quick brown fox jumps over the lazy dog, again.\n", i)
		if err != nil {
			b.Fatal(err)
		}
		n += int64(k)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	ed := New([]string{path})
	p, err := rayapps.NewPreview(Options, ed, rayapps.Look{Size: geom.Size{W: 880, H: 620}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	})
	for ed.doc().job != nil {
		time.Sleep(time.Millisecond)
		p.Settle()
	}
	p.List()
	p.Settle()
	mid := ed.doc().text().Len() / 2
	ed.doc().choose(mid, mid)
	p.List()
	return p
}

// A key, and the list of what is drawn then.
func BenchmarkKeystroke(b *testing.B) {
	p := large(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Type("x")
		if i%80 == 79 {
			p.Press(ui.KeyEnter, 0)
		}
		p.List()
	}
}

// A click of the wheel, and the list of what is drawn then.
func BenchmarkScroll(b *testing.B) {
	p := large(b)
	b.ReportAllocs()
	for b.Loop() {
		p.Event(&ui.Pointer{Kind: ui.PointerScroll, Pos: geom.FPoint{X: 300, Y: 300}, Scroll: geom.FPoint{Y: 54}})
		p.List()
	}
}
