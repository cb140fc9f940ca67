package scene

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// mirrored is a stage with a hidden tree of 40×20 and a mirror of it, half as
// large, at 50,50.
func mirrored(t *testing.T) (s *stage, of *Tree, b *Buffer, m *Mirror) {
	s = newStage(t, 100, 100)
	of = s.Root().NewTree()
	of.SetEnabled(false)
	b = s.buffer(of, 40, 20, true)
	m = s.Root().NewMirror(of)
	m.SetPosition(50, 50)
	m.Show(geom.XYWH(0, 0, 40, 20), geom.Size{W: 20, H: 10})
	s.frame()
	return s, of, b, m
}

func TestAMirrorShowsAHiddenTreeSmaller(t *testing.T) {
	s, _, b, _ := mirrored(t)
	if got := fmt.Sprint(s.r.names()); got != "[clear 40x20]" || s.r.ops[1].op.Dst != geom.XYWH(50, 50, 20, 10) {
		t.Fatalf("drew %v, the last to %v", got, s.r.ops[len(s.r.ops)-1].op.Dst)
	}
	var seen []*Buffer
	s.out.EachVisible(func(c *Buffer) { seen = append(seen, c) })
	if len(seen) != 1 || seen[0].Of() != b || b.Of() != nil {
		t.Errorf("visible: %v", seen)
	}
	if hit, _ := s.At(geom.FPoint{X: 55, Y: 55}); hit != nil {
		t.Error("a mirror takes input")
	}
}

func TestAMirrorIsRedrawnByDamage(t *testing.T) {
	s, of, b, m := mirrored(t)
	s.wantDamage()
	d := geom.RegionOf(geom.XYWH(0, 0, 4, 4))
	b.SetTexture(b.Texture(), &d)
	s.wantDamage(geom.XYWH(50, 50, 4, 4)) // half of 4, and what filtering reaches
	b.SetAlpha(100)
	s.wantDamage(geom.XYWH(50, 50, 20, 10))
	b.SetAlpha(50)
	s.wantDamage(geom.XYWH(50, 50, 20, 10))
	sub := s.buffer(of, 10, 10, true)
	sub.SetPosition(20, 0)
	s.wantDamage(geom.XYWH(60, 50, 5, 5))
	sub.SetPosition(30, 0)
	s.wantDamage(geom.XYWH(60, 50, 10, 5))
	sub.Destroy()
	s.wantDamage(geom.XYWH(65, 50, 5, 5))
	of.SetClip(geom.XYWH(0, 0, 20, 20), true)
	s.wantDamage(geom.XYWH(50, 50, 20, 10))
	m.Show(geom.XYWH(0, 0, 40, 20), geom.Size{W: 10, H: 5})
	s.wantDamage(geom.XYWH(50, 50, 10, 10))
	b.SetTexture(nil, nil)
	s.wantDamage(geom.XYWH(50, 50, 5, 5))
	if got := fmt.Sprint(s.r.names()); got != "[clear]" {
		t.Errorf("nothing is there, and it drew %v", got)
	}
}

func TestAMirrorOutlivesItsTree(t *testing.T) {
	s, of, b, m := mirrored(t)
	of.Destroy()
	s.wantDamage(geom.XYWH(50, 50, 20, 10))
	b.SetTexture(nil, nil)
	m.Show(geom.XYWH(0, 0, 4, 4), geom.Size{W: 4, H: 4})
	s.frame()
	m.Destroy()
	if len(s.Scene.mirrors) != 0 || s.Nodes() != 1 {
		t.Errorf("%d mirrors and %d nodes are left", len(s.Scene.mirrors), s.Nodes())
	}
}

func TestADestroyedMirrorIsForgotten(t *testing.T) {
	s, of, b, m := mirrored(t)
	m.Destroy()
	s.wantDamage(geom.XYWH(50, 50, 20, 10))
	if len(b.clones) != 0 || len(of.mirrors) != 0 {
		t.Errorf("%d clones and %d mirrors are left", len(b.clones), len(of.mirrors))
	}
	m.Show(geom.XYWH(0, 0, 1, 1), geom.Size{W: 1, H: 1})
	b.SetTexture(b.Texture(), nil)
	s.wantDamage()
}

func TestAMirrorIsNotWithinWhatItShows(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it was made")
		}
	}()
	s := New()
	s.Root().NewTree().NewMirror(s.Root())
}

func TestMirroredContentCostsNoMemory(t *testing.T) {
	s, _, b, _ := mirrored(t)
	s.r.quiet = true
	d := geom.RegionOf(geom.XYWH(0, 0, 4, 4))
	sub := s.buffer(b.parent, 4, 4, true)
	var target render.Target = fakeTarget(s.out.Mode())
	x := int32(0)
	draw := func() {
		b.SetTexture(b.texture, &d)
		x = (x + 1) % 20
		sub.SetPosition(x, 0)
		if _, err := s.out.Render(&s.r, target, 1); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * ages {
		draw()
	}
	if n := testing.AllocsPerRun(100, draw); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestAMirrorFollowsWhateverHappens: after any changes a mirror of the same
// size has the pixels that its tree has.
func TestAMirrorFollowsWhateverHappens(t *testing.T) {
	r := raster.New(raster.Options{Workers: 1})
	defer r.Close()
	s := New()
	out := s.NewOutput(geom.Point{}, geom.Size{W: 128, H: 64}, geom.ScaleOne, geom.Normal)
	of := s.Root().NewTree()
	of.SetClip(geom.XYWH(0, 0, 64, 64), true)
	m := s.Root().NewMirror(of)
	m.SetPosition(64, 0)
	m.Show(geom.XYWH(0, 0, 64, 64), geom.Size{W: 64, H: 64})
	var textures []render.Texture
	for i := range 6 {
		px := render.NewPixels(int32(8+i*7), int32(30-i*3), render.ARGB8888)
		for j := range px.Data {
			px.Data[j] = byte(j*(i+3)) | 0xc0
		}
		tex, err := r.Import(px, i%2 == 0)
		if err != nil {
			t.Fatal(err)
		}
		defer tex.Release()
		textures = append(textures, tex)
	}
	target := render.NewPixels(128, 64, render.XRGB8888)
	rng := rand.New(rand.NewPCG(1, 2))
	n := func(k int) int32 { return int32(rng.IntN(k)) }
	trees, leaves := []*Tree{of}, []*Buffer{}
	for step := range 2000 {
		switch k := rng.IntN(9); {
		case k == 0 && len(trees) < 6:
			trees = append(trees, trees[n(len(trees))].NewTree())
		case k < 2 && len(leaves) < 12:
			b := trees[n(len(trees))].NewBuffer()
			b.SetTexture(textures[n(6)], nil)
			leaves = append(leaves, b)
		case len(leaves) == 0:
		case k == 2:
			leaves[n(len(leaves))].SetPosition(n(60), n(60))
		case k == 3:
			leaves[n(len(leaves))].SetTexture(textures[n(6)], nil)
		case k == 4:
			leaves[n(len(leaves))].SetAlpha(uint8(n(256)))
		case k == 5:
			leaves[n(len(leaves))].SetEnabled(n(2) == 0)
		case k == 6:
			leaves[n(len(leaves))].Raise()
		case k == 7:
			trees[1%len(trees)].SetPosition(n(30), n(30))
		default:
			i := n(len(leaves))
			leaves[i].Destroy()
			leaves = append(leaves[:i], leaves[i+1:]...)
		}
		of.SetPosition(0, 0)
		if _, err := out.Render(r, &target, min(step, 1)); err != nil {
			t.Fatal(err)
		}
		for y := range 64 {
			row := target.Data[y*int(target.Stride):]
			if !bytes.Equal(row[:256], row[256:512]) {
				t.Fatalf("step %d: row %d differs", step, y)
			}
		}
	}
}
