package compute

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"rayos/gpu/compute/bvh"
	"rayos/gpu/compute/shader"
)

// layouts says which Go type is an element of which buffer of a kernel. The
// order is that of the bindings, behind the control block.
var layouts = map[Kernel][]any{
	Trace:   {bvh.Node{}, bvh.Box{}, bvh.Ray{}, bvh.Hit{}},
	Overlap: {bvh.Node{}, bvh.Box{}, bvh.Box{}, bvh.Overlaps{}},
	Search:  {float32(0), float32(0), Match{}},
	Tiles:   {uint32(0), uint32(0), Tile{}},
	Scale:   {uint32(0), uint32(0)},
	byQuery: {bvh.Box{}, bvh.Ray{}, bvh.Hit{}},
}

// TestRecordsLieAlike: both sides read the same bytes.
func TestRecordsLieAlike(t *testing.T) {
	for k := range ways {
		buffers, err := shader.Reflect(shader.Binary(k.String()))
		if err != nil {
			t.Fatal(err)
		}
		if k == byQuery { // the scene, behind the buffers
			scene, there := buffers[uint32(len(layouts[k])+1)]
			if !there || scene.Last.Stride != 0 {
				t.Errorf("%s: no scene behind its buffers", k)
			}
			delete(buffers, uint32(len(layouts[k])+1))
		}
		if want := inputs[k] + 2; len(buffers) != want || len(layouts[k])+1 != want {
			t.Errorf("%s has %d buffers, and Go types for %d; want %d", k, len(buffers), len(layouts[k]), want)
			continue
		}
		// next, first, count, budget, arg.
		if got, want := buffers[0].Offsets, []uint32{0, 4, 8, 12, 16}; !slices.Equal(got, want) {
			t.Errorf("%s: members of the control block at %v; want %v", k, got, want)
		}
		for i, v := range layouts[k] {
			typ, got := reflect.TypeOf(v), buffers[uint32(i+1)].Last
			if got.Stride != uint32(typ.Size()) {
				t.Errorf("%s, buffer %d: elements of %d bytes; %v has %d", k, i+1, got.Stride, typ, typ.Size())
			}
			var want []uint32
			if typ.Kind() == reflect.Struct {
				for f := range typ.NumField() {
					want = append(want, uint32(typ.Field(f).Offset))
				}
			}
			// What only fills up need not be there on both sides.
			n := min(len(want), len(got.Offsets))
			if len(want)-n > 1 || len(got.Offsets) > n || !slices.Equal(got.Offsets[:n], want[:n]) {
				t.Errorf("%s, buffer %d: members at %v; those of %v are at %v", k, i+1, got.Offsets, typ, want)
			}
		}
	}
}

func FuzzReflect(f *testing.F) {
	f.Add(shader.Binary("trace"))
	f.Add([]byte(strings.Repeat("\x03\x02\x23\x07", 6)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := shader.Reflect(b); err == nil && s == nil {
			t.Error("neither buffers nor an error")
		}
	})
}
