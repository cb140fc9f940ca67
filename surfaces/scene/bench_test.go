package scene

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// desk returns a 1080p output with n windows of five nodes, overlapping.
func desk(n int32) (*Scene, *Output, []*Tree, []*Buffer) {
	s := New()
	o := s.NewOutput(geom.Point{}, geom.Size{W: 1920, H: 1080}, geom.ScaleOne, geom.Normal)
	var trees []*Tree
	var contents []*Buffer
	for i := range n {
		w := s.Root().NewTree()
		w.SetPosition(i*37%1300, i*53%700)
		w.NewRect(geom.Size{W: 604, H: 404}, glass).SetPosition(-2, -22)
		w.NewRect(geom.Size{W: 600, H: 20}, red).SetPosition(0, -20)
		b := w.NewBuffer()
		b.SetTexture(&fakeTexture{name: "w", size: geom.Size{W: 600, H: 380}, opaque: true}, nil)
		for k := range int32(2) {
			button := w.NewBuffer()
			button.SetTexture(&fakeTexture{name: "b", size: geom.Size{W: 16, H: 16}}, nil)
			button.SetPosition(560+k*20, -18)
		}
		trees, contents = append(trees, w), append(contents, b)
	}
	return s, o, trees, contents
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	s, o, trees, contents := desk(50)
	r := &fakeRenderer{quiet: true}
	var target render.Target = fakeTarget(o.Mode())
	frame := func(age int) {
		if _, err := o.Render(r, target, age); err != nil {
			t.Fatal(err)
		}
	}
	frame(0)
	i := int32(0)
	for name, turn := range map[string]func(){
		"content damage and frame": func() {
			i++
			var d geom.Region
			d.SetRect(geom.XYWH(i%500, i%300, 16, 16))
			b := contents[len(contents)-1]
			b.SetTexture(b.Texture(), &d)
			frame(2)
		},
		"idle": func() {
			if o.Damaged() {
				t.Fatal("damaged")
			}
			o.Scanout()
		},
		"hit test": func() { s.At(geom.FPoint{X: 700, Y: 500}) },
		"move and frame": func() {
			i++
			trees[25].SetPosition(300+i%5, 200+i%3)
			frame(1)
		},
		"primary output": func() { s.PrimaryOutput(contents[3]) },
	} {
		for range 40 {
			turn()
		}
		if o.Damaged() {
			frame(1)
		}
		if n := testing.AllocsPerRun(100, turn); n != 0 {
			t.Errorf("%s: %v allocations; want 0", name, n)
		}
	}
}

func BenchmarkContentDamage(b *testing.B) {
	_, o, _, contents := desk(50)
	r := &fakeRenderer{quiet: true}
	var target render.Target = fakeTarget(o.Mode())
	d := geom.RegionOf(geom.XYWH(100, 100, 16, 16))
	top := contents[len(contents)-1]
	b.ReportAllocs()
	for b.Loop() {
		top.SetTexture(top.Texture(), &d)
		if _, err := o.Render(r, target, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMoveWindow(b *testing.B) {
	_, o, trees, _ := desk(50)
	r := &fakeRenderer{quiet: true}
	var target render.Target = fakeTarget(o.Mode())
	b.ReportAllocs()
	for i := int32(0); b.Loop(); i++ {
		trees[49].SetPosition(200+i%200, 100+i%100)
		if _, err := o.Render(r, target, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAt(b *testing.B) {
	s, _, _, _ := desk(50)
	b.ReportAllocs()
	for b.Loop() {
		s.At(geom.FPoint{X: 3, Y: 1070})
	}
}

func BenchmarkIdle(b *testing.B) {
	_, o, _, _ := desk(50)
	o.TakeDamage()
	b.ReportAllocs()
	for b.Loop() {
		if o.Damaged() {
			b.Fatal("damaged")
		}
	}
}
