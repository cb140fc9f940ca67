package raster

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/internal/rendertest"
	"rayos/gpu/render"
	"rayos/internal/golden"
)

// TestGolden pins every bit that the renderer draws, for all formats,
// geometries, filters and ways to composite, each over all transforms. The
// file is one for all CPUs.
func TestGolden(t *testing.T) {
	for name, opts := range sets() {
		t.Run(name, func(t *testing.T) { golden.Text(t, "golden.txt", sums(t, opts)) })
	}
}

// sums lists a hash of the pixels for each way to draw.
func sums(t *testing.T, opts Options) string {
	r := New(opts)
	defer r.Close()
	var out strings.Builder
	for i, f := range r.Formats() {
		rng := rand.New(rand.NewPCG(11, uint64(i)))
		tex, err := r.Import(picture(rng, 23, 17, f), false)
		must(t, err)
		target := picture(rng, 64, 56, render.ARGB8888)
		for _, g := range rendertest.Geometries {
			for filter := render.Nearest; filter <= render.Bilinear; filter++ {
				h := fnv.New64a()
				for _, way := range []render.TextureOp{{Alpha: 255}, {Alpha: 77}, {Alpha: 255, Opaque: true}} {
					for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
						op := way
						op.Texture, op.Src, op.Dst, op.Transform, op.Filter = tex, g.Src, g.Dst, tr, filter
						p, err := r.Begin(&target)
						must(t, err)
						p.Rect(geom.XYWH(10, 10, 20, 20), 0x60302010, nil)
						p.Texture(&op, nil)
						must(t, p.Submit())
						if _, err := h.Write(target.Data); err != nil {
							t.Fatal(err)
						}
					}
				}
				fmt.Fprintf(&out, "%v %-8s %d %016x\n", f, g.Name, filter, h.Sum64())
			}
		}
	}
	return out.String()
}
