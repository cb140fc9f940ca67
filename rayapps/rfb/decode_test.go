package rfb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rayos/geom"
)

var pixelEncodings = []Encoding{Raw, RRE, Hextile, TRLE, ZRLE, Tight}

// losslessEncodings are all that give the server's own pixels.
var losslessEncodings = append([]Encoding{CoRRE, Zlib, TightPNG}, pixelEncodings...)

// differs says where the framebuffer isn't what the server shows.
func differs(f *Framebuffer, m *picture) error {
	for y := range m.h {
		row := f.row(0, y, m.w)
		for x := range m.w {
			if got, want := binary.LittleEndian.Uint32(row[4*x:])&0xffffff, m.px[y*m.w+x]; got != want {
				return fmt.Errorf("pixel %d,%d is %06x; want %06x", x, y, got, want)
			}
		}
	}
	return nil
}

func someRect(rnd *rand.Rand, w, h int) geom.Rect {
	x, y := rnd.Int32N(int32(w)), rnd.Int32N(int32(h))
	return geom.XYWH(x, y, 1+rnd.Int32N(int32(w)-x), 1+rnd.Int32N(int32(h)-y))
}

// Each encoding, and then all of them in turn, gives the server's pixels, on
// the goroutine that reads and on workers that overtake each other.
func TestRoundTrip(t *testing.T) {
	kinds := append([]Encoding{-1}, losslessEncodings...)
	for _, kind := range kinds {
		for _, workers := range []int{0, 4} {
			name := fmt.Sprintf("%v/%d workers", kind, workers)
			if kind == -1 {
				name = fmt.Sprintf("all/%d workers", workers)
			}
			t.Run(name, func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(1, uint64(kind+2)))
				m := newPicture(211, 173)
				e := newEncoder(m, rnd)
				var out bytes.Buffer
				d := newDecoder(newReader(&out), workers)
				defer d.crew.close()
				d.inline = 1000
				*d.fb = NewFramebuffer(geom.Size{W: 211, H: 173})
				for round := range 12 {
					type step struct {
						enc Encoding
						r   geom.Rect
					}
					var steps []step
					for range 12 {
						r := someRect(rnd, m.w, m.h)
						enc := kind
						if kind == -1 {
							enc = losslessEncodings[rnd.IntN(len(losslessEncodings))]
							if rnd.IntN(6) == 0 {
								from := geom.Point{X: rnd.Int32N(int32(m.w) - r.W() + 1), Y: rnd.Int32N(int32(m.h) - r.H() + 1)}
								old := &picture{m.w, m.h, bytes2px(m.px)}
								for y := range r.H() {
									for x := range r.W() {
										m.px[int(r.Y0+y)*m.w+int(r.X0+x)] = old.at(from.X+x, from.Y+y)
									}
								}
								out.Write(be16(nil, from.X, from.Y))
								steps = append(steps, step{CopyRect, r})
								continue
							}
						}
						m.paint(rnd, r, []int{0, 1, 2, 3, 4, 9, 100, 200, 400}[rnd.IntN(9)])
						out.Write(e.pixels(nil, enc, r))
						steps = append(steps, step{enc, r})
					}
					for i, s := range steps {
						if err := d.rect(s.enc, i, s.r); err != nil {
							t.Fatal(err)
						}
					}
					if err := d.crew.flush(); err != nil {
						t.Fatal(err)
					}
					if err := differs(d.fb, m); err != nil {
						t.Fatalf("round %d: %v", round, err)
					}
				}
			})
		}
	}
}

func bytes2px(px []uint32) []uint32 { return append([]uint32(nil), px...) }

// What goes beyond its tile, its rectangle or its kind is refused.
func TestMalformed(t *testing.T) {
	for _, v := range []struct {
		enc  Encoding
		data string
		want string
	}{
		{RRE, "\x00\x00\x00\x11abcd", "17 subrectangles in 4×4"},
		{RRE, "\x00\x00\x00\x01abcdabcd\x00\x03\x00\x00\x00\x02\x00\x01", "is not in"},
		{Hextile, "\x20", "unknown bits 0x20"},
		{Hextile, "\x0c\x00\x00\x00\x00\x01\x30\x10", "subrectangle 2x1+3+0"},
		{TRLE, "\x80abc\x10", "run beyond the tile"},
		{TRLE, "\x82abcdef\x80\xff\x00", "run beyond the tile"},
		{TRLE, "\x7f", "kind 127 without a palette before"},
		{TRLE, "\x11", "unknown kind 17"},
		{TRLE, "\x80abc", "unexpected EOF"},
		{ZRLE, "\x7f\xff\xff\xff", "2147483647 deflated bytes"},
		{Tight, "\xb0", "control byte 0xb0"},
		{Tight, "\xa0\x2f", "47 bytes; want 48"},
		{TightPNG, "\x00", "control byte 0x00"},
		{TightPNG, "\xe0", "control byte 0xe0"},
		{TightPNG, "\xa0\x04abcd", "png: "},
		{CoRRE, "\x00\x00\x00\x11abcd", "17 subrectangles in 4×4"},
		{CoRRE, "\x00\x00\x00\x01abcdabcd\x03\x00\x02\x01", "is not in"},
		{Zlib, "\x00\x01\x00\x00", "65536 deflated bytes"},
		{Zlib, "\x00\x00\x00\x02\x78\x01", "unexpected EOF"},
		{JPEG, "\xff\xd9", "it begins with ff d9"},
		{JPEG, "\xff\xd8\x00", "0x00 where a marker should be"},
		{JPEG, "\xff\xd8\xff\xc0\x00\x01", "a segment of 1 bytes"},
		{JPEG, "\xff\xd8\xff\xd0", "marker 0xd0 between segments"},
		{JPEG, "\xff\xd8\xff\xdb\x00\x04\x00\x00", "a table is cut off"},
		{JPEG, "\xff\xd8\xff\xc4\x00\x03\x05", "table 0x05"},
		{JPEG, "\xff\xd8\xff\xda\x00\x02" + strings.Repeat("long", 1<<16), "longer than its pixels can be"},
		{JPEG, "\xff\xd8\xff\xd9", "jpeg: "},
		{Tight, "\x40\x03", "filter 3"},
		{CopyRect, "\x00\x01\x00\x00", "is not in 4×4"},
		{Encoding(99), "", "not an encoding that was asked for"},
	} {
		d := newDecoder(newReader(bytes.NewReader([]byte(v.data))), 0)
		*d.fb = NewFramebuffer(geom.Size{W: 4, H: 4})
		err := d.rect(v.enc, 0, geom.XYWH(0, 0, 4, 4))
		if err == nil || !strings.Contains(err.Error(), v.want) {
			t.Errorf("%v %q: %v; want %s", v.enc, v.data, err, v.want)
		}
	}
}

// A worker's error names the rectangle, and the crew ends with it.
func TestWorkerError(t *testing.T) {
	d := newDecoder(newReader(bytes.NewReader([]byte("\x00\x00\x00\x04abcd"))), 2)
	defer d.crew.close()
	d.inline = 0
	*d.fb = NewFramebuffer(geom.Size{W: 64, H: 64})
	if err := d.rect(ZRLE, 7, geom.XYWH(0, 0, 64, 64)); err != nil {
		t.Fatal(err)
	}
	err := d.crew.flush()
	want := "rectangle 7, ZRLE of 64×64 at 0,0 (byte 0): tile 64x64+0+0: zlib header 0x61 0x62"
	if err == nil || err.Error() != want {
		t.Errorf("flush = %v; want %s", err, want)
	}
}

// fuzzRect gives data to a decoder as two rectangles of sizes from it.
func fuzzRect(f *testing.F, enc Encoding) {
	rnd := rand.New(rand.NewPCG(3, uint64(enc)))
	for _, colours := range []int{0, 1, 2, 3, 12, 100} {
		if enc == JPEG {
			break // its own target has seeds
		}
		m := newPicture(64, 64)
		e := newEncoder(m, rnd)
		r := geom.XYWH(0, 0, 40, 33)
		m.paint(rnd, r, colours)
		f.Add(byte(39), byte(32), e.pixels(e.pixels(nil, enc, r), enc, r))
	}
	f.Fuzz(func(t *testing.T, w, h byte, data []byte) {
		fuzzed := func(workers int) (*Framebuffer, error) {
			d := newDecoder(newReader(bytes.NewReader(data)), workers)
			defer d.crew.close()
			d.inline = 0
			pix := make([]byte, 4*80*70)
			*d.fb = Framebuffer{Pix: pix[:4*80*66], Stride: 4 * 80, Size: geom.Size{W: 70, H: 66}}
			r := geom.XYWH(2, 1, int32(w%68)+1, int32(h%65)+1)
			for i := range 2 {
				if err := d.rect(enc, i, r); err != nil {
					_ = d.crew.flush() // the first error is returned
					return d.fb, err
				}
			}
			err := d.crew.flush()
			for y := range 66 {
				for x := range 80 {
					if !(geom.Point{X: int32(x), Y: int32(y)}).In(r) && !bytes.Equal(pix[4*(y*80+x):][:4], []byte{0, 0, 0, 0}) {
						t.Fatalf("pixel %d,%d outside %v was painted", x, y, r)
					}
				}
			}
			return d.fb, err
		}
		one, err := fuzzed(0)
		two, err2 := fuzzed(1)
		if (err == nil) != (err2 == nil) || (err == nil && !bytes.Equal(one.Pix, two.Pix)) {
			t.Fatalf("inline: %v; with workers: %v", err, err2)
		}
	})
}

func FuzzRaw(f *testing.F)     { fuzzRect(f, Raw) }
func FuzzRRE(f *testing.F)     { fuzzRect(f, RRE) }
func FuzzHextile(f *testing.F) { fuzzRect(f, Hextile) }
func FuzzTRLE(f *testing.F)    { fuzzRect(f, TRLE) }
func FuzzZRLE(f *testing.F)    { fuzzRect(f, ZRLE) }
func FuzzTight(f *testing.F)   { fuzzRect(f, Tight) }
func FuzzCoRRE(f *testing.F)   { fuzzRect(f, CoRRE) }
func FuzzZlib(f *testing.F)    { fuzzRect(f, Zlib) }
func FuzzPNG(f *testing.F)     { fuzzRect(f, TightPNG) }

func FuzzJPEG(f *testing.F) {
	f.Add(byte(7), byte(7), append(someJPEG(f, 8, 8, 80), abbreviated(someJPEG(f, 8, 8, 80))...))
	fuzzRect(f, JPEG)
}
