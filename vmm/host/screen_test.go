package host

import (
	"bytes"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/vmm/qemu"
)

func newScreen() *screen {
	return &screen{log: slog.New(slog.DiscardHandler), onSize: func(geom.Size) {}}
}

// frame is a whole picture as QEMU sends it.
func frame(size geom.Size, fill byte) (qemu.Picture, []byte) {
	p := qemu.Picture{Size: size, Stride: 4*int(size.W) + 64}
	return p, bytes.Repeat([]byte{fill}, p.Stride*int(size.H))
}

func set(p qemu.Picture, data []byte, x, y int, v byte) {
	for i := range 4 {
		data[y*p.Stride+4*x+i] = v
	}
}

// holds reports whether a picture shows what data does.
func holds(pic *picture, p qemu.Picture, data []byte) bool {
	for y := range int(p.Size.H) {
		if !bytes.Equal(pic.row(y, 0, int(p.Size.W)), data[y*p.Stride:y*p.Stride+4*int(p.Size.W)]) {
			return false
		}
	}
	return true
}

func TestFlipsHaveTheDamageOfWhatDiffers(t *testing.T) {
	s := newScreen()
	defer s.close()
	p, data := frame(geom.Size{W: 100, H: 50}, 1)
	s.Scanout(p, data)
	var damage geom.Region
	if pic := s.take(&damage); pic == nil || damage.Area() != 5000 || !holds(pic, p, data) {
		t.Fatalf("first picture: %v, damage %v", pic, damage.Rects())
	}
	if pic := s.take(&damage); pic != nil {
		t.Fatal("there is nothing new")
	}
	s.Scanout(p, data)
	if pic := s.take(&damage); pic != nil {
		t.Fatalf("the same picture again has damage %v", damage.Rects())
	}
	set(p, data, 10, 5, 2)
	set(p, data, 20, 6, 2)
	set(p, data, 0, 40, 2)
	set(p, data, 99, 40, 2)
	s.Scanout(p, data)
	pic := s.take(&damage)
	want := geom.RegionOf(geom.XYWH(10, 5, 11, 2), geom.XYWH(0, 40, 100, 1))
	if pic == nil || !damage.Equal(&want) || !holds(pic, p, data) {
		t.Errorf("damage %v; want %v", damage.Rects(), want.Rects())
	}
}

func TestCompositorsPictureIsNeverDrawnInto(t *testing.T) {
	s := newScreen()
	defer s.close()
	r := rand.New(rand.NewPCG(1, 2))
	p, data := frame(geom.Size{W: 64, H: 48}, 0)
	s.Scanout(p, data)
	var damage geom.Region
	type reading struct {
		pic  *picture
		want []byte
	}
	var held []reading
	for range 2000 {
		switch r.IntN(4) {
		case 0, 1:
			rect := geom.XYWH(r.Int32N(60), r.Int32N(40), 1+r.Int32N(4), 1+r.Int32N(8))
			for y := rect.Y0; y < rect.Y1; y++ {
				for x := rect.X0; x < rect.X1; x++ {
					set(p, data, int(x), int(y), byte(r.Int()))
				}
			}
			if r.IntN(2) == 0 {
				s.Scanout(p, data)
			} else {
				s.Update(rect, p.Stride, data[int(rect.Y0)*p.Stride+4*int(rect.X0):])
			}
		case 2:
			if pic := s.take(&damage); pic != nil {
				if !holds(pic, p, data) {
					t.Fatal("the newest picture is not what the guest shows")
				}
				held = append(held, reading{pic, bytes.Clone(pic.data)})
			}
		case 3:
			if len(held) > 0 {
				i := r.IntN(len(held))
				s.released(held[i].pic)
				held = append(held[:i], held[i+1:]...)
			}
		}
		if len(held) > maxReading {
			t.Fatalf("the compositor has %d pictures", len(held))
		}
		for _, h := range held {
			if !bytes.Equal(h.pic.data, h.want) {
				t.Fatal("a picture changed while it was read")
			}
		}
	}
	if n := len(s.pictures); n > maxPictures {
		t.Errorf("%d pictures", n)
	}
}

func TestPicturesCannotBeWrittenByOthers(t *testing.T) {
	p, err := newPicture(geom.Size{W: 16, H: 16})
	if err != nil {
		t.Fatal(err)
	}
	defer p.free()
	fd := int(p.file.Fd())
	if _, err := unix.Mmap(fd, 0, 1024, unix.PROT_WRITE, unix.MAP_SHARED); err == nil {
		t.Error("it can be mapped for writing")
	}
	if _, err := unix.Pwrite(fd, []byte{1}, 0); err == nil {
		t.Error("it can be written")
	}
	if err := unix.Ftruncate(fd, 10); err == nil {
		t.Error("it can be cut")
	}
	b, err := unix.Mmap(fd, 0, 1024, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	unix.Munmap(b)
}

func TestHiddenMachineCopiesOnce(t *testing.T) {
	s := newScreen()
	defer s.close()
	p, data := frame(geom.Size{W: 100, H: 100}, 0)
	s.Scanout(p, data)
	before := s.stats.Copied
	for i := range 50 {
		for j := range data {
			data[j] = byte(i + 1)
		}
		s.Scanout(p, data)
	}
	if n := len(s.pictures); n != 1 {
		t.Errorf("%d pictures though nobody looks", n)
	}
	if got, want := s.stats.Copied-before, uint64(50*4*100*100); got != want {
		t.Errorf("copied %d bytes for 50 whole frames; want %d", got, want)
	}
	if s.stats.Dropped != 50 {
		t.Errorf("dropped %d of 51 that nobody took", s.stats.Dropped)
	}
}

// TestEachPixelIsCopiedOnce has a compositor that shows one picture and gets the
// next, and a guest that draws all of each, at once or in two halves.
func TestEachPixelIsCopiedOnce(t *testing.T) {
	for _, halves := range []int32{1, 2} {
		s := newScreen()
		defer s.close()
		p, data := frame(geom.Size{W: 100, H: 80}, 0)
		s.Scanout(p, data)
		var damage geom.Region
		shown := s.take(&damage)
		var before FrameStats
		const warm, frames = 3, 50 // as many pictures as there will be
		for i := range warm + frames {
			if i == warm {
				before = s.stats
			}
			for j := range data {
				data[j] = byte(i + 1)
			}
			for h := range halves {
				r := geom.XYWH(0, h*80/halves, 100, 80/halves)
				s.Update(r, p.Stride, data[int(r.Y0)*p.Stride:])
			}
			pic := s.take(&damage)
			if pic == nil || !holds(pic, p, data) {
				t.Fatalf("frame %d: %v is not what the guest shows", i, pic)
			}
			s.released(shown)
			shown = pic
		}
		want := uint64(frames * 4 * 100 * 80)
		if copied, drawn := s.stats.Copied-before.Copied, s.stats.Drawn-before.Drawn; copied != want || drawn != want {
			t.Errorf("in %d parts: %d bytes copied of %d drawn; want %d of both", halves, copied, drawn, want)
		}
	}
}

func TestSmallChangesAreSmallCopies(t *testing.T) {
	s := newScreen()
	defer s.close()
	p, data := frame(geom.Size{W: 100, H: 100}, 0)
	s.Scanout(p, data)
	var damage geom.Region
	var shown *picture
	change := func(i int) { // as a compositor does that shows one and gets the next
		set(p, data, i%100, i%100, byte(i+1))
		s.Update(geom.XYWH(int32(i%100), int32(i%100), 1, 1), p.Stride, data[(i%100)*p.Stride+4*(i%100):])
		pic := s.take(&damage)
		if shown != nil {
			s.released(shown)
		}
		shown = pic
	}
	for i := range 10 {
		change(i)
	}
	before := s.stats.Copied
	for i := range 100 {
		change(i)
	}
	// A pixel that is new, and the one that the other picture has missed.
	if got := s.stats.Copied - before; got > 100*4*3 {
		t.Errorf("copied %d bytes for 100 pixels", got)
	}
}

func TestSizesComeAndGo(t *testing.T) {
	s := newScreen()
	var damage geom.Region
	for i := range 100 {
		p, data := frame(geom.Size{W: int32(10 + i%7), H: int32(10 + i%5)}, byte(i))
		s.Scanout(p, data)
		pic := s.take(&damage)
		if pic == nil || pic.size != p.Size {
			t.Fatalf("picture %d: %v", i, pic)
		}
		if i%3 > 0 {
			s.released(pic)
		}
	}
	s.watch(nil) // the compositor has gone: so has what it held
	if n := len(s.former); n != 0 {
		t.Errorf("%d pictures of other sizes are kept", n)
	}
	s.close()
}

func TestMappedPicturesPassAsTheyAre(t *testing.T) {
	s := newScreen()
	defer s.close()
	memory := func() *os.File {
		fd, err := unix.MemfdCreate("qemu", unix.MFD_CLOEXEC)
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Ftruncate(fd, 1<<16); err != nil {
			t.Fatal(err)
		}
		return os.NewFile(uintptr(fd), "qemu")
	}
	again := func(f *os.File) *os.File {
		fd, err := unix.Dup(int(f.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		return os.NewFile(uintptr(fd), "qemu")
	}
	p := qemu.Picture{Size: geom.Size{W: 100, H: 100}, Stride: 400}
	var damage geom.Region
	a, b := memory(), memory()
	defer a.Close()
	defer b.Close()
	var seen []*picture
	for _, f := range []*os.File{a, b, a, b} { // two that the guest flips between
		s.ScanoutMap(p, again(f), 128)
		seen = append(seen, s.take(&damage))
	}
	if seen[0] != seen[2] || seen[1] != seen[3] || seen[0] == seen[1] {
		t.Errorf("pictures %p; want two, in turn", seen)
	}
	s.UpdateMap(geom.XYWH(5, 5, 10, 10))
	if pic := s.take(&damage); pic != seen[3] || damage.Area() != 100 || pic.offset != 128 {
		t.Errorf("update: %+v, damage %v", pic, damage.Rects())
	}
	if s.stats.Copied != 0 || !s.stats.Mapped {
		t.Errorf("stats %+v; want nothing copied", s.stats)
	}
	for range 20 { // and a guest that never comes back to one
		s.ScanoutMap(p, memory(), 0)
		s.released(s.take(&damage))
	}
	if n := len(s.mapped); n > maxMapped {
		t.Errorf("%d mappings are kept", n)
	}
}

func BenchmarkFlip(b *testing.B) {
	s := newScreen()
	defer s.close()
	p, data := frame(geom.Size{W: 1280, H: 800}, 0)
	s.Scanout(p, data)
	for _, bench := range []struct {
		name string
		rows int
	}{{"same", 0}, {"line", 16}, {"whole", 800}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				for y := range bench.rows {
					for x := range 1280 {
						data[y*p.Stride+4*x] = byte(i + 1)
					}
				}
				s.Scanout(p, data)
			}
		})
	}
}

// TestVeil has a guest draw before anybody is to see it.
func TestVeil(t *testing.T) {
	var sizes []geom.Size
	s := newScreen()
	defer s.close()
	s.onSize = func(size geom.Size) { sizes = append(sizes, size) }
	woken := 0
	s.watch(func() { woken++ })
	s.veil(true)
	var damage geom.Region
	for _, w := range []int32{64, 80} {
		p, data := frame(geom.Size{W: w, H: 48}, 1)
		s.Scanout(p, data)
		if pic := s.take(&damage); pic != nil || len(sizes) > 0 {
			t.Fatalf("veiled, it is seen; sizes %v", sizes)
		}
	}
	s.veil(false)
	s.veil(false)
	if pic := s.take(&damage); pic == nil || damage.Area() != 80*48 || len(sizes) != 1 || sizes[0].W != 80 || woken != 1 {
		t.Errorf("unveiled: damage %v, sizes %v, woken %d times; want the newest picture, told once", damage.Rects(), sizes, woken)
	}
	p, data := frame(geom.Size{W: 96, H: 48}, 1)
	s.Scanout(p, data)
	if len(sizes) != 2 {
		t.Errorf("told of the sizes %v; want 80 and 96", sizes)
	}
}

func TestFollowedSizeIsTimed(t *testing.T) {
	s := newScreen()
	defer s.close()
	show := func(w int32) float64 {
		p, data := frame(geom.Size{W: w, H: 10}, 1)
		s.Scanout(p, data)
		return s.statistics().Followed
	}
	if got := show(10); got != 0 {
		t.Errorf("nothing was asked for, and took %v ms", got)
	}
	s.expect(geom.Size{W: 20, H: 10})
	s.askedAt = s.askedAt.Add(-time.Second)
	if got := show(15); got != 0 {
		t.Errorf("another size took %v ms", got)
	}
	got := show(20)
	if got < 1000 {
		t.Errorf("the size that was asked for took %v ms; want a second at least", got)
	}
	if show(30); s.statistics().Followed != got {
		t.Errorf("the next size took %v ms", s.statistics().Followed)
	}
}
