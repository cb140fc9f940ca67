package hnsw

import (
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"
)

func TestPartsThereAndBack(t *testing.T) {
	for _, quant := range []Quant{Float32, SQ8, SQ8Rerank} {
		w := newWorld(t, 1200, Config{Quant: quant, Seed: 8})
		for _, id := range w.ids[100:500] {
			w.Delete(id)
		}
		p := w.Parts()
		if len(p.IDs) != 800 {
			t.Fatalf("%v: %d ids; want 800", quant, len(p.IDs))
		}
		back, err := FromParts(p)
		if err != nil {
			t.Fatal(err)
		}
		invariants(t, back)
		if !reflect.DeepEqual(back.Parts(), p) {
			t.Errorf("%v: the parts of an index from parts are others", quant)
		}
		for _, q := range w.queries[:20] {
			a, _ := w.Search(q, 10, Options{EF: 50})
			b, err := back.Search(q, 10, Options{EF: 50})
			if err != nil || !slices.Equal(a, b) {
				t.Fatalf("%v: hits %v; want %v (%v)", quant, b, a, err)
			}
		}

		// Its vectors may be read-only memory: changes copy them.
		rows, codes := slices.Clone(p.Rows), slices.Clone(p.Codes)
		back.Delete(p.IDs[3])
		if err := back.Add(4_000_000, w.queries[0]); err != nil {
			t.Fatal(err)
		}
		invariants(t, back)
		if !slices.Equal(rows, p.Rows) || !slices.Equal(codes, p.Codes) {
			t.Errorf("%v: lent vectors were written to", quant)
		}
		if hits, _ := back.Search(w.queries[0], 1, Options{}); len(hits) != 1 || hits[0].ID != 4_000_000 {
			t.Errorf("%v: a vector added to lent ones is not found: %v", quant, hits)
		}

		p.Levels, p.Links, p.Upper = nil, nil, nil
		anew, err := FromParts(p)
		if err != nil {
			t.Fatal(err)
		}
		invariants(t, anew)
		made := world{Index: anew, queries: w.queries}
		if got := made.recall(t, Options{EF: 100}); got < .97 {
			t.Errorf("%v: recall of a graph made anew is %.3f", quant, got)
		}
	}
	empty, _ := New(Config{Dim: 5})
	if back, err := FromParts(empty.Parts()); err != nil || back.Len() != 0 {
		t.Errorf("of an empty index: %v", err)
	}
}

func TestRebuildKeepsWhatWasDeletedAway(t *testing.T) {
	w := newWorld(t, 1000, Config{})
	for _, id := range w.ids[:300] {
		w.Delete(id)
	}
	if err := w.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	invariants(t, w.Index)
	if got := w.recall(t, Options{EF: 100}); got < .97 {
		t.Errorf("recall %.3f", got)
	}
	for i, id := range w.ids[:300] {
		if err := w.Add(id, w.vs[i*testDim:][:testDim]); err != nil {
			t.Fatal(err)
		}
	}
	invariants(t, w.Index)
}

func TestHostileParts(t *testing.T) {
	w := newWorld(t, 200, Config{Quant: SQ8Rerank})
	top := slices.Index(w.Parts().Levels, uint8(w.top))
	for name, c := range map[string]struct {
		spoil func(p *Parts)
		want  error
	}{
		"dim":               {func(p *Parts) { p.Config.Dim = -4 }, ErrConfig},
		"another dim":       {func(p *Parts) { p.Config.Dim = 41 << 4 }, ErrParts},
		"huge M":            {func(p *Parts) { p.Config.M = 1 << 40 }, ErrConfig},
		"ids twice":         {func(p *Parts) { p.IDs[1] = p.IDs[7] }, ErrParts},
		"fewer ids":         {func(p *Parts) { p.IDs = p.IDs[1:] }, ErrParts},
		"fewer rows":        {func(p *Parts) { p.Rows = p.Rows[1:] }, ErrParts},
		"no codes":          {func(p *Parts) { p.Codes = nil }, ErrParts},
		"NaN":               {func(p *Parts) { p.Rows[77] = float32(math.NaN()) }, ErrParts},
		"long vector":       {func(p *Parts) { p.Rows[77] = 50 }, ErrParts},
		"behind the vector": {func(p *Parts) { p.Rows[testDim] = 1e-3 }, ErrParts},
		"scale":             {func(p *Parts) { p.Codes[CodeStride(testDim)-1] = 0x7f }, ErrParts},
		"negative scale":    {func(p *Parts) { p.Codes[CodeStride(testDim)-1] ^= -128 }, ErrParts},
		"a level":           {func(p *Parts) { p.Levels[3] = 255 }, ErrGraph},
		"a level more":      {func(p *Parts) { p.Levels[3]++ }, ErrGraph},
		"fewer levels":      {func(p *Parts) { p.Levels = p.Levels[1:] }, ErrGraph},
		"no levels":         {func(p *Parts) { p.Levels = nil }, ErrGraph},
		"entry":             {func(p *Parts) { p.Entry = 200 }, ErrGraph},
		"low entry":         {func(p *Parts) { p.Entry = uint32((top + 1) % 200) }, ErrGraph},
		"links":             {func(p *Parts) { p.Links = p.Links[:len(p.Links)-1] }, ErrGraph},
		"upper links":       {func(p *Parts) { p.Upper = append(p.Upper, None) }, ErrGraph},
		"wild link":         {func(p *Parts) { p.Links[0] = 200 }, ErrGraph},
		"wilder link":       {func(p *Parts) { p.Links[0] = None - 1 }, ErrGraph},
		"link to itself":    {func(p *Parts) { p.Links[0] = 0 }, ErrGraph},
		"link twice":        {func(p *Parts) { p.Links[1] = p.Links[0] }, ErrGraph},
		"link behind None":  {func(p *Parts) { p.Links[0] = None }, ErrGraph},
		"upper to below":    {func(p *Parts) { p.Upper[0] = uint32(slices.Index(p.Levels, 0)) }, ErrGraph},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.Parts()
			c.spoil(&p)
			if ix, err := FromParts(p); !errors.Is(err, c.want) || ix != nil {
				t.Errorf("%v; want %v", err, c.want)
			}
		})
	}
}

// FuzzFromParts: whatever parts hold, FromParts refuses them or makes an index that can be searched and changed; and it takes no memory for what they
// only say that they hold.
func FuzzFromParts(f *testing.F) {
	const dim = 3
	r32 := func(b []byte) (v []float32) {
		for ; len(b) >= 4; b = b[4:] {
			v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
		return v
	}
	u32 := func(b []byte) (v []uint32) {
		for ; len(b) >= 4; b = b[4:] {
			v = append(v, binary.LittleEndian.Uint32(b))
		}
		return v
	}
	bytes32 := func(v []uint32) (b []byte) {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, x)
		}
		return b
	}
	for _, quant := range []Quant{Float32, SQ8, SQ8Rerank} {
		ix, err := New(Config{Dim: dim, M: 2, Quant: quant, EfConstruction: 8})
		if err != nil {
			f.Fatal(err)
		}
		if err := ix.AddBatch(numbered(12), clustered(1, 12, dim, 3)); err != nil {
			f.Fatal(err)
		}
		p := ix.Parts()
		rows, codes := []byte(nil), []byte(nil)
		for _, x := range p.Rows {
			rows = binary.LittleEndian.AppendUint32(rows, math.Float32bits(x))
		}
		for _, x := range p.Codes {
			codes = append(codes, byte(x))
		}
		f.Add(dim, 2, 8, uint8(quant), uint8(12), rows, codes, p.Levels, bytes32(p.Links), bytes32(p.Upper), p.Entry)
		f.Add(dim, 2, 8, uint8(quant), uint8(12), rows, codes, []byte(nil), []byte(nil), []byte(nil), uint32(0))
	}
	f.Fuzz(func(t *testing.T, dim, m, efc int, quant, n uint8, rows, codes, levels, links, upper []byte, entry uint32) {
		if len(rows)+len(codes)+len(links)+len(upper) > 1<<16 || efc > 64 {
			return
		}
		p := Parts{
			Config: Config{Dim: dim, M: m, EfConstruction: efc, Quant: Quant(quant), ScanBelow: -1},
			IDs:    numbered(int(n)), Rows: r32(rows), Levels: levels, Links: u32(links), Upper: u32(upper), Entry: entry,
		}
		for _, c := range codes {
			p.Codes = append(p.Codes, int8(c))
		}
		if len(levels) == 0 {
			p.Levels = nil
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ix, err := FromParts(p)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 64<<20 {
			t.Fatalf("%d bytes for parts of %d", took, len(rows)+len(codes)+len(links)+len(upper))
		}
		if err != nil {
			if ix != nil {
				t.Fatal("an error and an index")
			}
			return
		}
		invariants(t, ix)
		q := make([]float32, ix.cfg.Dim)
		q[0] = 1
		for _, o := range []Options{{EF: 4}, {Exact: true}, {Filter: func(id uint64) bool { return id%2 == 0 }}} {
			if _, err := ix.Search(q, 3, o); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range p.IDs[:len(p.IDs)/2] {
			ix.Delete(id)
		}
		if err := ix.Add(1, q); err != nil {
			t.Fatal(err)
		}
		invariants(t, ix)
	})
}
