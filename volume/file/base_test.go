package file

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/volume/hnsw"
)

var created = time.Unix(1700000000, 123456789)

// small are a header and sections of three vectors of two dimensions.
func small(tag string) (Header, []Section) {
	h := Header{
		Dim: 2, Count: 3, Metric: 1, Quant: 2, Embedder: "lsa " + tag, EmbedderHash: [32]byte{1, 2, 3, 31: 9},
		M: 2, EFC: 200, Created: created, Flags: 0x8001, Mark: Mark{Volume: 0x0123456789abcdef, Seq: 7},
	}
	return h, []Section{
		{Type: Ids, Data: Bytes([]uint64{10, 20, 30})},
		{Type: Vectors, Data: make([]byte, 64), More: [][]byte{bytes.Repeat([]byte{1}, 64), make([]byte, 64)}},
		{Type: Links0, Data: Bytes([]uint32{1, 2, 9, 9, 0, 9, 9, 9, 0, 9, 9, 9})},
		{Type: LinksUp},
		{Type: Docs, Data: []byte("three documents of " + tag)},
	}
}

// base writes a small base and returns its path and bytes.
func base(t testing.TB, tag string) (path string, data []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "v.rayvol")
	h, s := small(tag)
	if err := Write(path, h, s); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, data
}

func open(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestWriteAndOpen(t *testing.T) {
	path, data := base(t, "a")
	f := open(t, path)
	h, s := small("a")
	if got := f.Header(); got != h {
		t.Errorf("%+v; want %+v", got, h)
	}
	if got, want := f.Sections(), []Type{Embedder, Ids, Vectors, Links0, LinksUp, Docs}; !slices.Equal(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
	for i := range s {
		var want []byte
		_ = s[i].parts(func(b []byte) error { want = append(want, b...); return nil })
		if got, err := f.Section(s[i].Type); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: %x, %v; want %x", s[i].Type, got, err, want)
		}
	}
	b, err := f.Section(Ids)
	if ids, err2 := As[uint64](b); err != nil || err2 != nil || !slices.Equal(ids, []uint64{10, 20, 30}) {
		t.Errorf("%v, %v, %v", ids, err, err2)
	}
	if _, err := f.Section(Model); !errors.Is(err, ErrMissing) {
		t.Errorf("a section that isn't there: %v", err)
	}
	if err := f.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if f.Size() != int64(len(data)) {
		t.Errorf("%d bytes; want %d", f.Size(), len(data))
	}
	if st, err := os.Stat(path); err != nil || st.Mode() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	// Whoever reads the old one goes on with it.
	h, s = small("b")
	if err := Write(path, h, s); err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(t.Context()); err != nil || f.Header().Embedder != "lsa a" {
		t.Errorf("%v, %q", err, f.Header().Embedder)
	}
	if got := open(t, path).Header().Embedder; got != "lsa b" {
		t.Errorf("%q was written", got)
	}
	if err := errors.Join(f.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	if _, err := f.Section(Ids); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// TestWhatIsFilledIn: the first base of a volume gets its number and time.
func TestWhatIsFilledIn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v")
	var seen []uint64
	for range 2 {
		if err := Write(path, Header{}, nil); err != nil {
			t.Fatal(err)
		}
		h := open(t, path).Header()
		if h.Mark.Volume == 0 || slices.Contains(seen, h.Mark.Volume) || h.Created.IsZero() {
			t.Errorf("%+v", h)
		}
		seen = append(seen, h.Mark.Volume)
	}
}

// TestRowsAreAsTheIndexHasThem: what the index keeps can be written as it lies.
func TestRowsAreAsTheIndexHasThem(t *testing.T) {
	for _, dim := range []int{1, 15, 16, 17, 28, 29, 60, 100, 384, 8192} {
		if got, want := RowBytes(dim), 4*hnsw.RowStride(dim); got != want {
			t.Errorf("a row of %d has %d bytes; want %d", dim, got, want)
		}
		if got, want := CodeBytes(dim), hnsw.CodeStride(dim); got != want {
			t.Errorf("the codes of %d have %d bytes; want %d", dim, got, want)
		}
	}
}

func TestWhatCantBeWritten(t *testing.T) {
	path, data := base(t, "a")
	ids := Section{Type: Ids, Data: make([]byte, 24)}
	for name, c := range map[string]struct {
		h Header
		s []Section
	}{
		"too few ids":       {Header{Count: 4}, []Section{ids}},
		"twice":             {Header{Count: 3}, []Section{ids, ids}},
		"the embedder":      {Header{}, []Section{{Type: Embedder}}},
		"a long name":       {Header{Embedder: strings.Repeat("x", 256)}, nil},
		"negative":          {Header{Dim: -1}, nil},
		"too many":          {Header{Count: MaxCount + 1}, nil},
		"short vectors":     {Header{Count: 1, Dim: 17}, []Section{{Type: Vectors, Data: make([]byte, 64)}}},
		"links of other M":  {Header{Count: 3, M: 4}, []Section{{Type: Links0, Data: make([]byte, 48)}}},
		"too many sections": {Header{}, slices.Repeat([]Section{{Type: 99}}, 64)},
	} {
		if err := Write(path, c.h, c.s); err == nil {
			t.Errorf("%s: written", name)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, data) {
			t.Errorf("%s: the old one isn't there: %v", name, err)
		}
	}
}

// read opens bytes as Open does and reads all that is in them.
func read(t testing.TB, data []byte) (f *File, opened, sections, verify error) {
	f, err := parse("v", &mapping{bytes: data})
	if err != nil {
		return nil, err, nil, nil
	}
	for _, k := range f.Sections() {
		_, err := f.Section(k)
		sections = errors.Join(sections, err)
	}
	return f, nil, sections, f.Verify(t.Context())
}

// TestEveryFlippedBitOfABaseIsFound flips each bit. In a part that is read Open
// or Section finds it; Verify also finds it in the space between parts.
func TestEveryFlippedBitOfABaseIsFound(t *testing.T) {
	_, data := base(t, "a")
	whole, _, _, _ := read(t, data)
	b := slices.Clone(data)
	for bit := range 8 * len(b) {
		at := uint64(bit / 8)
		b[at] ^= 1 << (bit % 8)
		_, opened, sections, verify := read(t, b)
		var in *entry
		for i := range whole.table {
			if e := &whole.table[i]; at >= e.off && at < e.off+e.len {
				in = e
			}
		}
		var d *Damage
		switch {
		case at < headerSize+uint64(len(whole.table))*entrySize || in != nil && in.Type == Embedder:
			if opened == nil {
				t.Fatalf("bit %d: the header's flip wasn't found", bit)
			}
		case opened != nil:
			t.Fatalf("bit %d: %v", bit, opened)
		case in != nil:
			if !errors.As(sections, &d) || d.Type != in.Type || d.Derivable() != in.Type.Derivable() {
				t.Fatalf("bit %d of %v: %v", bit, in.Type, sections)
			}
			if !errors.As(verify, &d) || d.Type != in.Type || d.Offset != int64(in.off) {
				t.Fatalf("bit %d of %v: %v", bit, in.Type, verify)
			}
		case sections != nil || !errors.As(verify, &d) || d.What != "trailer":
			t.Fatalf("bit %d: %v, %v", bit, sections, verify)
		}
		b[at] ^= 1 << (bit % 8)
	}
}

// TestABaseCutAnywhere cuts a base at each length.
func TestABaseCutAnywhere(t *testing.T) {
	_, data := base(t, "a")
	for n := range data {
		if _, err, _, _ := read(t, data[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err, _, _ := read(t, append(data, 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestForeignFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "v")
	for _, text := range []string{"RAYOSVOL", "hello", strings.Repeat("\x00", 9000)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrForeign) {
			t.Errorf("%.10q: %v", text, err)
		}
	}
	if _, err := Open(dir); !errors.Is(err, ErrForeign) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
}
