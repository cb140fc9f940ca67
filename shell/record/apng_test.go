package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
)

// memory is a file.
type memory struct {
	b      []byte
	closed bool
	full   int // from so many bytes on writing fails; 0 is never
}

var errFull = errors.New("full")

func (m *memory) Write(p []byte) (int, error) {
	if m.full > 0 && len(m.b)+len(p) > m.full {
		return 0, errFull
	}
	m.b = append(m.b, p...)
	return len(p), nil
}

func (m *memory) WriteAt(p []byte, at int64) (int, error) { return copy(m.b[at:], p), nil }
func (m *memory) Close() error                            { m.closed = true; return nil }

// frame is one of a decoded recording.
type frame struct {
	box   geom.Rect
	delay time.Duration
	img   image.Image
}

// decode reads a recording with the standard library: each frame becomes a PNG
// of its own.
func decode(t *testing.T, b []byte) (size geom.Size, count, plays uint32, out []frame) {
	t.Helper()
	next := uint32(0)
	seq := func(v uint32) {
		if v != next {
			t.Fatalf("chunk number %d; want %d", v, next)
		}
		next++
	}
	if string(b[:8]) != "\x89PNG\r\n\x1a\n" {
		t.Fatal("no PNG")
	}
	var head []byte
	for b = b[8:]; len(b) > 0; {
		n := binary.BigEndian.Uint32(b)
		name, data := string(b[4:8]), b[8:8+n]
		if got := binary.BigEndian.Uint32(b[8+n:]); got != crc32.ChecksumIEEE(b[4:8+n]) {
			t.Fatalf("%s: wrong checksum", name)
		}
		b = b[12+n:]
		u := func(i int) int32 { return int32(binary.BigEndian.Uint32(data[i:])) }
		switch name {
		case "IHDR":
			head = bytes.Clone(data)
			size = geom.Size{W: u(0), H: u(4)}
		case "acTL":
			count, plays = uint32(u(0)), uint32(u(4))
		case "fcTL":
			seq(uint32(u(0)))
			num, den := binary.BigEndian.Uint16(data[20:]), binary.BigEndian.Uint16(data[22:])
			out = append(out, frame{
				box: geom.XYWH(u(12), u(16), u(4), u(8)), delay: time.Duration(num) * time.Second / time.Duration(den),
			})
		case "fdAT", "IDAT":
			if name == "fdAT" {
				seq(uint32(u(0)))
				data = data[4:]
			}
			f := &out[len(out)-1]
			var alone memory
			r := &Recorder{f: &alone}
			h := bytes.Clone(head)
			binary.BigEndian.PutUint32(h, uint32(f.box.W()))
			binary.BigEndian.PutUint32(h[4:], uint32(f.box.H()))
			r.write([]byte("\x89PNG\r\n\x1a\n"))
			r.chunk("IHDR", h)
			r.chunk("IDAT", data)
			r.chunk("IEND", nil)
			img, err := png.Decode(bytes.NewReader(alone.b))
			if err != nil {
				t.Fatalf("frame %d: %v", len(out), err)
			}
			f.img = img
		}
	}
	return size, count, plays, out
}

// plain returns pixels of changing colours.
func plain(w, h int32, seed byte) render.Pixels {
	p := render.NewPixels(w, h, render.XRGB8888)
	for y := range h {
		for x := range w {
			i := y*p.Stride + 4*x
			p.Data[i], p.Data[i+1], p.Data[i+2], p.Data[i+3] = seed, byte(x), byte(y), 0x55
		}
	}
	return p
}

func TestWhatWasRecordedIsRead(t *testing.T) {
	var m memory
	r, err := New(&m, geom.Size{W: 40, H: 30})
	if err != nil {
		t.Fatal(err)
	}
	boxes := []geom.Rect{geom.XYWH(0, 0, 40, 30), geom.XYWH(5, 6, 10, 3), geom.XYWH(39, 29, 1, 1)}
	at := []time.Duration{5 * time.Second, 5040 * time.Millisecond, 90 * time.Second}
	for i, b := range boxes {
		if err := r.Frame(b, plain(b.W(), b.H(), byte(i)), at[i]); err != nil {
			t.Fatal(err)
		}
	}
	st, err := r.Close(91 * time.Second)
	if err != nil || st.Frames != 3 || st.Bytes != int64(len(m.b)) || st.Time != 86*time.Second || !m.closed {
		t.Fatalf("%+v, %v, closed %v, %d bytes", st, err, m.closed, len(m.b))
	}
	size, count, plays, frames := decode(t, m.b)
	if size != (geom.Size{W: 40, H: 30}) || count != 3 || plays != 1 || len(frames) != 3 {
		t.Fatalf("%v, %d frames said, %d there, %d plays", size, count, len(frames), plays)
	}
	for i, want := range []time.Duration{40 * time.Millisecond, 84 * time.Second, time.Second} {
		f := frames[i]
		if f.box != boxes[i] || f.delay != want {
			t.Errorf("frame %d: %v for %v; want %v for %v", i, f.box, f.delay, boxes[i], want)
		}
		for y := range int(f.box.H()) {
			for x := range int(f.box.W()) {
				if red, green, blue, a := f.img.At(x, y).RGBA(); red>>8 != uint32(y) || green>>8 != uint32(x) || blue>>8 != uint32(i) || a != 0xffff {
					t.Fatalf("frame %d: %x %x %x at %d, %d", i, red, green, blue, x, y)
				}
			}
		}
	}
	if img, err := png.Decode(bytes.NewReader(m.b)); err != nil || img.Bounds().Dx() != 40 {
		t.Errorf("who knows no animation sees nothing: %v", err)
	}
}

func TestWhatIsNoFrame(t *testing.T) {
	var m memory
	r, err := New(&m, geom.Size{W: 40, H: 30})
	if err != nil {
		t.Fatal(err)
	}
	bad := func(b geom.Rect, p render.Pixels, at time.Duration) {
		t.Helper()
		if err := r.Frame(b, p, at); !errors.Is(err, ErrFrame) {
			t.Errorf("%v at %v: %v", b, at, err)
		}
	}
	bad(geom.XYWH(0, 0, 10, 10), plain(10, 10, 0), 0)
	if err := r.Frame(geom.XYWH(0, 0, 40, 30), plain(40, 30, 0), time.Second); err != nil {
		t.Fatal(err)
	}
	bad(geom.XYWH(31, 0, 10, 10), plain(10, 10, 0), time.Second)
	bad(geom.XYWH(0, 0, 10, 10), plain(9, 10, 0), time.Second)
	bad(geom.XYWH(0, 0, 10, 10), plain(10, 10, 0), 0)
	bad(geom.Rect{}, plain(1, 1, 0), time.Second)
	bad(geom.XYWH(0, 0, 10, 10), render.NewPixels(10, 10, render.RGB565), time.Second)
	if _, err := New(&m, geom.Size{W: 1 << 20, H: 1}); err == nil {
		t.Error("a screen of a million pixels across")
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	m := memory{full: 400}
	r, err := New(&m, geom.Size{W: 40, H: 30})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err = r.Frame(geom.XYWH(0, 0, 40, 30), plain(40, 30, byte(i)), time.Duration(i)); err != nil {
			break
		}
	}
	if !errors.Is(err, errFull) {
		t.Errorf("Frame: %v", err)
	}
	if _, err := r.Close(0); !errors.Is(err, errFull) || !m.closed {
		t.Errorf("Close: %v, closed %v", err, m.closed)
	}
	var empty memory
	if r, err = New(&empty, geom.Size{W: 4, H: 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Close(0); err == nil {
		t.Error("a recording without frames is one")
	}
}

// TestMemoryIsThatOfAFrame: however long a recording is, it takes no more.
func TestMemoryIsThatOfAFrame(t *testing.T) {
	r, err := New(nowhere{}, geom.Size{W: 400, H: 300})
	if err != nil {
		t.Fatal(err)
	}
	p, n := plain(400, 300, 1), time.Duration(0)
	draw := func() {
		n += time.Millisecond
		if err := r.Frame(geom.XYWH(0, 0, 400, 300), p, n); err != nil {
			t.Fatal(err)
		}
	}
	draw()
	draw()
	// The runtime's own, of goroutines, are a few more where races are looked for.
	if got := testing.AllocsPerRun(50, draw); got > 20 {
		t.Errorf("%v allocations for a frame", got)
	}
}

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error)            { return io.Discard.Write(p) }
func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }
func (nowhere) Close() error                           { return nil }

// BenchmarkFrame records a whole screen, as for a moving picture.
func BenchmarkFrame(b *testing.B) {
	r, err := New(nowhere{}, geom.Size{W: 1920, H: 1080})
	if err != nil {
		b.Fatal(err)
	}
	p := plain(1920, 1080, 1)
	n := time.Duration(0)
	b.ReportAllocs()
	for b.Loop() {
		n += time.Millisecond
		if err := r.Frame(geom.XYWH(0, 0, 1920, 1080), p, n); err != nil {
			b.Fatal(err)
		}
	}
}
