package dot

import (
	"math"
	"math/rand/v2"
	"testing"
)

func random(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		// Of many sizes, so that the order of additions shows; sometimes 0 or -0.
		v[i] = float32(math.Ldexp(r.Float64()*2-1, r.IntN(30)-15))
		if r.IntN(8) == 0 {
			v[i] = float32(math.Copysign(0, float64(v[i])))
		}
	}
	return v
}

// TestRowsAgreesWithDot bit for bit, whatever the lengths, and writes and reads
// nothing beyond.
func TestRowsAgreesWithDot(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for dim := range 140 {
		for _, n := range []int{0, 1, 3, 4, 5, 8, 31} {
			q, rows := random(r, dim), random(r, n*dim)
			got := make([]float32, n+1)
			got[n] = 77
			Rows(got[:n], q, rows)
			for i := range n {
				want := Dot(q, rows[i*dim:(i+1)*dim])
				if math.Float32bits(got[i]) != math.Float32bits(want) {
					t.Fatalf("row %d of %d, %d numbers: %x; want %x", i, n, dim, math.Float32bits(got[i]), math.Float32bits(want))
				}
			}
			if got[n] != 77 {
				t.Fatalf("%d rows of %d: the number behind the last was written", n, dim)
			}
		}
	}
}

// TestDotAddsInItsOrder: eight sums, then a tree.
func TestDotAddsInItsOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for dim := range 40 {
		a, b := random(r, dim), random(r, dim)
		var s [8]float32
		for k := range dim {
			p := a[k] * b[k]
			s[k%8] += p
		}
		low, high := (s[0]+s[1])+(s[2]+s[3]), (s[4]+s[5])+(s[6]+s[7])
		if got, want := Dot(a, b), low+high; got != want {
			t.Errorf("%d numbers: %v; want %v", dim, got, want)
		}
	}
}

func TestRowsRefusesTooFew(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for 3 rows of 4 numbers in 11")
		}
	}()
	Rows(make([]float32, 3), make([]float32, 4), make([]float32, 11))
}

func BenchmarkRows(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const dim, n = 128, 1024
	q, rows, out := random(r, dim), random(r, n*dim), make([]float32, n)
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"rows", func() { Rows(out, q, rows) }},
		{"go", func() {
			for i := range out {
				out[i] = Dot(q, rows[i*dim:(i+1)*dim])
			}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/row")
		})
	}
}
