package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// lengths are those around the steps of the kernels, and those of known embedders.
var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 96, 100, 112, 127, 128, 300, 384, 768}

func floats(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v
}

func codes(r *rand.Rand, n int) []int8 {
	v := make([]int8, n)
	for i := range v {
		v[i] = int8(r.IntN(256) - 128)
	}
	return v
}

func words(r *rand.Rand, n int) []int16 {
	v := make([]int16, n)
	for i := range v {
		v[i] = int16(r.IntN(1<<13) - 1<<12)
	}
	return v
}

// near checks got against the true sum by the bound that the package states.
func near(t *testing.T, what string, got float32, a, b []float32) {
	t.Helper()
	var sum, magnitude float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
		magnitude += math.Abs(float64(a[i]) * float64(b[i]))
	}
	if bound := float64(len(a)) * 0x1p-23 * magnitude; !(math.Abs(float64(got)-sum) <= bound) {
		t.Errorf("%s of %d = %v; want %v ± %v", what, len(a), got, sum, bound)
	}
}

func sets() map[string]*kernels { return map[string]*kernels{"best": best, "portable": &portable} }

func TestDotIsWithinItsBound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, k := range sets() {
		for _, n := range lengths {
			for shift := range 3 { // nothing is aligned
				a, b := floats(r, n+shift)[shift:], floats(r, n+2*shift)[2*shift:]
				near(t, name+" dot", k.dot(a, b), a, b)
			}
		}
	}
}

func TestDot8IsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, n := range append(lengths, 131071) {
		for shift := range 3 {
			a, b := codes(r, n+shift)[shift:], codes(r, n+2*shift)[2*shift:]
			if n > 1<<16 { // the largest sum there is
				for i := range a {
					a[i], b[i] = -128, -128
				}
			}
			var want int64
			for i := range a {
				want += int64(a[i]) * int64(b[i])
			}
			for name, k := range sets() {
				if got := k.dot8(a, b); int64(got) != want {
					t.Errorf("%s dot8 of %d = %d; want %d", name, n, got, want)
				}
			}
		}
	}
}

func TestRowsAndGatherAgreeWithDot(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, d := range lengths {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 8, 11, 32} {
			stride := max(1, d+r.IntN(3)*8)
			rows, q := floats(r, n*stride+1)[1:], floats(r, d+1)[1:]
			c, w := codes(r, n*stride+1)[1:], words(r, d+1)[1:]
			ids := make([]uint32, n)
			for i := range ids {
				ids[i] = uint32(r.IntN(n))
			}
			got, picked := make([]float32, n), make([]float32, n)
			Rows(got, q, rows, stride)
			Gather(picked, q, rows, stride, ids)
			got16, picked16 := make([]int32, n), make([]int32, n)
			Rows16(got16, w, c, stride)
			Gather16(picked16, w, c, stride, ids)
			for i := range n {
				at, from := rows[i*stride:][:d], rows[int(ids[i])*stride:][:d]
				near(t, fmt.Sprintf("row %d of %d", i, n), got[i], q, at)
				near(t, fmt.Sprintf("picked row %d of %d", i, n), picked[i], q, from)
				if want := dot16Go(w, c[i*stride:]); got16[i] != want {
					t.Errorf("codes of row %d of %d, %d long: %d; want %d", i, n, d, got16[i], want)
				}
				if want := dot16Go(w, c[int(ids[i])*stride:]); picked16[i] != want {
					t.Errorf("codes of picked row %d of %d, %d long: %d; want %d", i, n, d, picked16[i], want)
				}
			}
		}
	}
}

func TestNothingIsReadBeyondTheRows(t *testing.T) {
	rows, q := make([]float32, 4*32), make([]float32, 32)
	c, w := make([]int8, 4*32), make([]int16, 32)
	for name, f := range map[string]func(){
		"rows":      func() { Rows(make([]float32, 5), q, rows, 32) },
		"stride":    func() { Rows(make([]float32, 1), q, rows, 16) },
		"gather":    func() { Gather(make([]float32, 8), q, rows, 32, []uint32{0, 1, 2, 3, 0, 4, 1, 2}) },
		"huge id":   func() { Gather(make([]float32, 4), q, rows, 32, []uint32{0, 1, math.MaxUint32, 3}) },
		"one id":    func() { Gather(make([]float32, 1), q, rows, 32, []uint32{4}) },
		"gather16":  func() { Gather16(make([]int32, 4), w, c, 32, []uint32{0, 1, 2, 4}) },
		"rest of16": func() { Gather16(make([]int32, 1), w, c, 32, []uint32{4}) },
		"rows16":    func() { Rows16(make([]int32, 5), w, c, 32) },
		"short dst": func() { Gather(make([]float32, 1), q, rows, 32, []uint32{0, 1}) },
		"no rows":   func() { Gather(make([]float32, 1), q, nil, 32, []uint32{0}) },
		"odd":       func() { Gather(make([]float32, 1), q[:31], rows, 32, []uint32{9}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func BenchmarkDot(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 5))
	for _, d := range []int{112, 384} {
		x, y := floats(r, d), floats(r, d)
		for name, k := range sets() {
			b.Run(fmt.Sprintf("%s/%d", name, d), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					k.dot(x, y)
				}
			})
		}
	}
}

// BenchmarkScan is an exact scan of 20,000 rows of 112 float32, and of 128 codes.
func BenchmarkScan(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 6))
	const n = 20_000
	rows, q, dst := floats(r, n*112), floats(r, 112), make([]float32, n)
	c, w, dst16 := codes(r, n*128), words(r, 128), make([]int32, n)
	for name, k := range sets() {
		b.Run("float32/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				k.rows(dst, q, rows, 112)
			}
		})
		b.Run("codes/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				k.rows16(dst16, w, c, 128)
			}
		})
	}
}
