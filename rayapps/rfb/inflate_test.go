package rfb

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"
)

// Pieces of every kind of data and level come out as they went in, whatever is
// read of them.
func TestInflatePieces(t *testing.T) {
	for level := -2; level <= 9; level++ {
		rnd := rand.New(rand.NewPCG(6, uint64(level+2)))
		var b bytes.Buffer
		w, err := zlib.NewWriterLevel(&b, level)
		if err != nil {
			t.Fatal(err)
		}
		var z inflater
		for piece := range 60 {
			data := make([]byte, rnd.IntN(1<<uint(rnd.IntN(18))+1))
			spread := 1 + rnd.IntN(255)
			for i := range data {
				if data[i] = byte(rnd.IntN(spread)); i > 300 && rnd.IntN(4) > 0 {
					data[i] = data[i-300]
				}
			}
			b.Reset()
			if _, err := w.Write(data); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			part := rnd.IntN(len(data) + 1)
			if rnd.IntN(2) == 0 {
				part = len(data)
			}
			got := make([]byte, part)
			z.feed(b.Bytes())
			if err := z.out.full(got); err != nil {
				t.Fatalf("level %d, piece %d: %v", level, piece, err)
			}
			z.end()
			if !bytes.Equal(got, data[:part]) {
				t.Fatalf("level %d, piece %d of %d bytes differs", level, piece, len(data))
			}
			if len(z.rest) > 0 {
				t.Fatalf("level %d, piece %d: %d bytes left", level, piece, len(z.rest))
			}
		}
	}
}

// A match that begins before the stream does is refused, in fixed codes: the
// length 3 at the distance 1, and nothing before it.
func TestInflateBefore(t *testing.T) {
	var z inflater
	z.feed([]byte("\x78\x01\x03\x02\x00\x00\x00"))
	if _, err := z.Read(make([]byte, 9)); err != errCorrupt {
		t.Errorf("Read = %v; want %v", err, errCorrupt)
	}
}

// FuzzInflate compares with the standard library's, in one piece and in two.
func FuzzInflate(f *testing.F) {
	for _, level := range []int{0, 1, 9, -2} {
		var b bytes.Buffer
		w, err := zlib.NewWriterLevel(&b, level)
		if err != nil {
			f.Fatal(err)
		}
		for range 2 {
			if _, err := w.Write([]byte("a man, a plan, a canal, panama: a man, a plan")); err != nil {
				f.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(b.Bytes(), 20)
	}
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		var want []byte
		if len(data) > 1 && data[1]&0x20 != 0 {
			return // a dictionary, which RFB has none of; the library takes an empty one
		}
		if r, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
			want, _ = io.ReadAll(io.LimitReader(r, 1<<20)) // what comes before an error counts
		}
		cut = min(max(cut, 0), len(data))
		var z inflater
		var got []byte
		for _, p := range [][]byte{data[:cut], data[cut:]} {
			z.feed(p)
			more, _ := io.ReadAll(io.LimitReader(&z, 1<<20)) // until the piece ends
			got = append(got, more...)
			z.end()
			if len(z.rest) > 400 {
				t.Fatalf("%d bytes left", len(z.rest))
			}
		}
		if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) || len(got) < len(want) {
			t.Fatalf("%d bytes; want %d", len(got), len(want))
		}
	})
}
