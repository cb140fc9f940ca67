package geom

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// grid is the oracle: a bitmap of the square [0,side)².
const side = 24

type grid [side][side]bool

func (g *grid) put(r Rect, op setOp) {
	for y := range side {
		for x := range side {
			in := Point{int32(x), int32(y)}.In(r)
			switch {
			case op == union && in:
				g[y][x] = true
			case op == subtract && in, op == intersect && !in:
				g[y][x] = false
			}
		}
	}
}

func (g *grid) merge(h *grid, op setOp) {
	for y := range side {
		for x := range side {
			switch op {
			case union:
				g[y][x] = g[y][x] || h[y][x]
			case subtract:
				g[y][x] = g[y][x] && !h[y][x]
			case intersect:
				g[y][x] = g[y][x] && h[y][x]
			}
		}
	}
}

// remap fills a new grid from f, which says whether a pixel is set.
func remap(f func(x, y int32) bool) (g grid) {
	for y := range int32(side) {
		for x := range int32(side) {
			g[y][x] = f(x, y)
		}
	}
	return g
}

func (g *grid) at(x, y int32) bool {
	return x >= 0 && y >= 0 && x < side && y < side && g[y][x]
}

// invariants returns what is wrong with the form of r, or "".
func invariants(r *Region) string {
	rects := r.Rects()
	if len(r.rects) == 1 {
		return "one rectangle in the long form"
	}
	if len(rects) == 0 {
		if r.Extents() != (Rect{}) {
			return "empty with extents " + r.Extents().String()
		}
		return ""
	}
	var ext Rect
	for i, s := range rects {
		if s.Empty() {
			return fmt.Sprintf("rectangle %d is empty", i)
		}
		ext = ext.Union(s)
		if i == 0 {
			continue
		}
		p := rects[i-1]
		switch {
		case p.Y0 == s.Y0 && p.Y1 != s.Y1:
			return fmt.Sprintf("rectangles %d and %d share rows but not a band", i-1, i)
		case p.Y0 == s.Y0 && p.X1 >= s.X0:
			return fmt.Sprintf("rectangles %d and %d are unsorted or touch", i-1, i)
		case p.Y0 != s.Y0 && p.Y1 > s.Y0:
			return fmt.Sprintf("bands at %d and %d overlap", i-1, i)
		}
	}
	if ext != r.Extents() {
		return fmt.Sprintf("extents %v, want %v", r.Extents(), ext)
	}
	for i := 0; i < len(rects); {
		j := bandEnd(rects, i)
		if j == len(rects) {
			break
		}
		k := bandEnd(rects, j)
		if rects[i].Y1 == rects[j].Y0 && k-j == j-i {
			same := true
			for n := range j - i {
				same = same && rects[i+n].X0 == rects[j+n].X0 && rects[i+n].X1 == rects[j+n].X1
			}
			if same {
				return fmt.Sprintf("bands at %d and %d should be one", i, j)
			}
		}
		i = j
	}
	return ""
}

func check(t *testing.T, what string, r *Region, want *grid) {
	t.Helper()
	if s := invariants(r); s != "" {
		t.Fatalf("%s: %s in %v", what, s, r.Rects())
	}
	var got grid
	var area int64
	for _, s := range r.Rects() {
		area += int64(s.W()) * int64(s.H())
		if !(Rect{0, 0, side, side}).Contains(s) {
			t.Fatalf("%s: %v reaches out of the grid", what, s)
		}
		got.put(s, union)
	}
	if got != *want {
		t.Fatalf("%s: pixels differ: %v", what, r.Rects())
	}
	if r.Area() != area {
		t.Fatalf("%s: Area() = %d; want %d", what, r.Area(), area)
	}
}

// machine drives two regions and their oracles with the bytes of a fuzz input.
type machine struct {
	t    *testing.T
	in   []byte
	regs [2]Region
	want [2]grid
}

func (m *machine) byte() byte {
	if len(m.in) == 0 {
		return 0
	}
	b := m.in[0]
	m.in = m.in[1:]
	return b
}

func (m *machine) rect() Rect {
	x, y := int32(m.byte()%side), int32(m.byte()%side)
	return Rect{x, y, min(x+int32(m.byte()%13), side), min(y+int32(m.byte()%13), side)}
}

func (m *machine) run() {
	for step := 0; len(m.in) > 0; step++ {
		code := m.byte()
		i := int(code >> 7)
		r, s := &m.regs[i], &m.regs[1-i]
		if code&0x40 != 0 {
			s = r // the argument may be the receiver
		}
		g := &m.want[i]
		h := *g
		if s != r {
			h = m.want[1-i]
		}
		what := m.step(code&0x1f, r, s, g, &h)
		check(m.t, fmt.Sprintf("step %d: %s", step, what), r, g)
		m.query(r, g)
	}
}

func (m *machine) step(code byte, r, s *Region, g, h *grid) string {
	switch code % 16 {
	case 0, 1, 2:
		q := m.rect()
		r.UnionRect(q)
		g.put(q, union)
		return fmt.Sprint("UnionRect ", q)
	case 3, 4:
		q := m.rect()
		r.SubtractRect(q)
		g.put(q, subtract)
		return fmt.Sprint("SubtractRect ", q)
	case 5:
		q := m.rect()
		q.X1, q.Y1 = side, side
		r.IntersectRect(q)
		g.put(q, intersect)
		return fmt.Sprint("IntersectRect ", q)
	case 6:
		r.Union(s)
		g.merge(h, union)
		return "Union"
	case 7:
		r.Subtract(s)
		g.merge(h, subtract)
		return "Subtract"
	case 8:
		r.Intersect(s)
		g.merge(h, intersect)
		return "Intersect"
	case 9:
		r.Set(s)
		*g = *h
		return "Set"
	case 10:
		q := m.rect()
		r.SetRect(q)
		*g = grid{}
		g.put(q, union)
		return fmt.Sprint("SetRect ", q)
	case 11:
		d := Point{int32(m.byte()%9) - 4, int32(m.byte()%9) - 4}
		was := *g
		r.Translate(d)
		r.IntersectRect(Rect{0, 0, side, side})
		*g = remap(func(x, y int32) bool { return was.at(x-d.X, y-d.Y) })
		return fmt.Sprint("Translate ", d)
	case 12:
		t := Transform(m.byte() % 8)
		var rot grid
		for y := range int32(side) {
			for x := range int32(side) {
				if g[y][x] {
					p := t.ApplyRect(Rect{x, y, x + 1, y + 1}, Size{side, side})
					rot[p.Y0][p.X0] = true
				}
			}
		}
		r.Transform(t, Size{side, side})
		*g = rot
		return fmt.Sprint("Transform ", t)
	case 13:
		scale := []Scale{60, 90, 120, 150, 180, 240}[m.byte()%6]
		was := *g
		r.Scale(scale)
		r.IntersectRect(Rect{0, 0, side, side})
		*g = grid{}
		for y := range int32(side) {
			for x := range int32(side) {
				if was[y][x] {
					g.put(scale.Outwards(Rect{x, y, x + 1, y + 1}), union)
				}
			}
		}
		return fmt.Sprint("Scale ", scale)
	case 14:
		d := int32(m.byte() % 3)
		was := *g
		r.Grow(d)
		r.IntersectRect(Rect{0, 0, side, side})
		*g = grid{}
		for y := range int32(side) {
			for x := range int32(side) {
				if was[y][x] {
					g.put(Rect{x, y, x + 1, y + 1}.Inset(-d), union)
				}
			}
		}
		return fmt.Sprint("Grow ", d)
	}
	n := int(m.byte()%6) + 1
	was := *g
	ext := r.Extents()
	r.Simplify(n)
	if r.Len() > n || r.Extents() != ext {
		m.t.Fatalf("Simplify(%d): %d rectangles, extents %v; want %v", n, r.Len(), r.Extents(), ext)
	}
	*g = grid{}
	for _, q := range r.Rects() {
		g.put(q, union)
	}
	missing := was
	if missing.merge(g, subtract); missing != (grid{}) {
		m.t.Fatalf("Simplify(%d) lost pixels: %v", n, r.Rects())
	}
	return fmt.Sprint("Simplify ", n)
}

func (m *machine) query(r *Region, g *grid) {
	if len(m.in) < 4 {
		return
	}
	q := Rect{int32(m.in[0] % side), int32(m.in[1] % side), 0, 0}
	q.X1, q.Y1 = q.X0+int32(m.in[2]%5), q.Y0+int32(m.in[3]%5)
	if got, want := r.Contains(q.Min()), g.at(q.X0, q.Y0); got != want {
		m.t.Fatalf("Contains(%v) = %v; want %v in %v", q.Min(), got, want, r.Rects())
	}
	all, some := true, false
	for y := q.Y0; y < q.Y1; y++ {
		for x := q.X0; x < q.X1; x++ {
			all, some = all && g.at(x, y), some || g.at(x, y)
		}
	}
	if got := r.ContainsRect(q); got != all {
		m.t.Fatalf("ContainsRect(%v) = %v; want %v in %v", q, got, all, r.Rects())
	}
	if got := r.Overlaps(q); got != some {
		m.t.Fatalf("Overlaps(%v) = %v; want %v in %v", q, got, some, r.Rects())
	}
	same := m.want[0] == m.want[1]
	if got := m.regs[0].Equal(&m.regs[1]); got != same {
		m.t.Fatalf("Equal = %v; want %v", got, same)
	}
}

func FuzzRegionOps(f *testing.F) {
	f.Add([]byte{0, 1, 1, 5, 5, 0, 3, 3, 5, 5, 3, 2, 2, 2, 2})
	f.Add([]byte{0, 0, 0, 9, 9, 0x80, 3, 3, 3, 3, 7, 0x87, 6, 0x46, 0x47})
	f.Add([]byte{0, 0, 0, 3, 9, 0, 6, 0, 3, 9, 12, 1, 13, 3, 14, 1, 15, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		m := machine{t: t, in: in[:min(len(in), 512)]}
		m.run()
	})
}

func TestRegionAgreesWithABitmap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		in := make([]byte, 200)
		for i := range in {
			in[i] = byte(rng.Uint32())
		}
		m := machine{t: t, in: in}
		m.run()
	}
}

func TestRegionZeroValueIsEmpty(t *testing.T) {
	var r Region
	if !r.Empty() || r.Len() != 0 || r.Rects() != nil || r.Area() != 0 || r.Extents() != (Rect{}) {
		t.Errorf("zero Region = %+v; want empty", r)
	}
	r.UnionRect(Rect{5, 5, 5, 9})
	r.UnionRect(Rect{5, 5, 1, 1})
	r.SetRect(Rect{3, 3, 2, 2})
	if !r.Empty() {
		t.Errorf("union with empty rectangles = %v; want empty", r.Rects())
	}
	if !r.ContainsRect(Rect{}) || r.Overlaps(Rect{}) || r.Contains(Point{}) {
		t.Error("an empty region contains the empty rectangle and nothing else")
	}
}

func TestRegionBands(t *testing.T) {
	r := RegionOf(Rect{0, 0, 10, 10}, Rect{5, 5, 15, 15})
	want := []Rect{{0, 0, 10, 5}, {0, 5, 15, 10}, {5, 10, 15, 15}}
	if got := r.Rects(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("bands = %v; want %v", got, want)
	}
}

func TestRegionCoordinatesSaturate(t *testing.T) {
	all := Rect{lo, lo, hi, hi}
	r := RegionOf(all)
	if r.Area() != math.MaxInt64 {
		t.Errorf("Area() = %d; want saturated", r.Area())
	}
	r.SubtractRect(Rect{0, 0, 1, 1})
	if r.Area() != math.MaxInt64 || r.Len() != 4 {
		t.Errorf("Area() = %d of %v; want saturated", r.Area(), r.Rects())
	}
	for _, f := range []func(*Region){
		func(r *Region) { r.Translate(Point{hi, hi}) },
		func(r *Region) { r.Translate(Point{lo, lo}) },
		func(r *Region) { r.Scale(240) },
		func(r *Region) { r.Grow(10) },
		func(r *Region) { r.Transform(Rotate90, Size{10, 10}) },
		func(r *Region) { r.Transform(Flipped270, Size{hi, hi}) },
		func(r *Region) { r.Simplify(2) },
	} {
		var s Region
		s.Set(&r)
		f(&s)
		if msg := invariants(&s); msg != "" {
			t.Errorf("%s: %v", msg, s.Rects())
		}
	}
	for range 3 {
		r.Translate(Point{hi, 0})
	}
	if !r.Empty() {
		t.Errorf("a region pushed off the plane = %v; want empty", r.Rects())
	}
}

// A client may add as many rectangles as it likes. With a look at Len after
// each, the work stays small.
func TestRegionManyRectsAreBounded(t *testing.T) {
	const limit = 256
	var r Region
	for i := range int32(5000) {
		r.UnionRect(Rect{2 * i, 0, 2*i + 1, 20000})
		r.UnionRect(Rect{0, 2 * i, 20000, 2*i + 1})
		if r.Len() > limit {
			r.Simplify(limit / 2)
		}
	}
	if msg := invariants(&r); msg != "" || r.Len() > limit {
		t.Errorf("%d rectangles, %s", r.Len(), msg)
	}
	if !r.ContainsRect(Rect{9998, 0, 9999, 20000}) {
		t.Error("Simplify lost pixels")
	}
}

func TestRegionSteadyStateAllocatesNothing(t *testing.T) {
	var a, b, c Region
	i := int32(0)
	turn := func() {
		i++
		a.Clear()
		for k := range int32(20) {
			a.UnionRect(XYWH(k*7%50+i%3, k*11%40, 9, 9))
		}
		b.SetRect(Rect{10, 10, 30, 30})
		b.SubtractRect(Rect{15, 15, 20, 20})
		c.Set(&a)
		c.Subtract(&b)
		c.Union(&b)
		c.Intersect(&a)
		c.Translate(Point{3, -2})
		c.Scale(150)
		c.Transform(Rotate270, Size{100, 100})
		c.Grow(1)
		c.Simplify(8)
		if !c.Overlaps(c.Extents()) || c.Contains(Point{-1, -1}) {
			t.Fatal("wrong answer")
		}
	}
	for range 10 {
		turn()
	}
	if n := testing.AllocsPerRun(100, turn); n != 0 {
		t.Errorf("%v allocations per turn; want 0", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		var r Region
		r.UnionRect(Rect{0, 0, 9, 9})
		r.UnionRect(Rect{2, 2, 4, 4})
		r.IntersectRect(Rect{1, 1, 20, 20})
		r.Translate(Point{1, 1})
		r.Scale(180)
		if len(r.Rects()) != 1 {
			t.Fatal("want one rectangle")
		}
	}); n != 0 {
		t.Errorf("a region of one rectangle: %v allocations; want 0", n)
	}
}

func BenchmarkRegionUnionRect(b *testing.B) {
	for _, n := range []int32{1, 16, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			var r Region
			for b.Loop() {
				r.Clear()
				for i := range n {
					r.UnionRect(XYWH(i*37%1900, i*61%1000, 16, 16))
				}
			}
		})
	}
}

func BenchmarkRegionSubtract(b *testing.B) {
	b.ReportAllocs()
	var a, c Region
	for i := range int32(64) {
		a.UnionRect(XYWH(i*37%1900, i*61%1000, 16, 16))
	}
	for b.Loop() {
		c.SetRect(Rect{0, 0, 1920, 1080})
		c.Subtract(&a)
	}
}
