package lsa

import (
	"math"
	"math/rand/v2"
	"slices"
)

// dense is a matrix, row by row.
type dense struct {
	rows, cols int
	at         []float32
}

func newDense(rows, cols int) *dense {
	return &dense{rows, cols, make([]float32, rows*cols)}
}

// random is a matrix of ±1.
func random(rows, cols int, seed uint64) *dense {
	m := newDense(rows, cols)
	r := rand.New(rand.NewPCG(seed, 0x6c7361))
	for i := range m.at {
		m.at[i] = float32(int(r.Uint64()>>63)*2 - 1)
	}
	return m
}

// gram is mᵀ·m.
func (m *dense) gram() [][]float64 {
	g := make([][]float64, m.cols)
	for i := range g {
		g[i] = make([]float64, m.cols)
	}
	columns(m.cols, func(from, to int) {
		for r := range m.rows {
			row := m.at[r*m.cols:][:m.cols]
			for i := from; i < to; i++ {
				x := float64(row[i])
				if x == 0 {
					continue
				}
				out := g[i][i:]
				for j, y := range row[i:] {
					out[j] += float64(x * float64(y))
				}
			}
		}
	})
	for i := range g {
		for j := range i {
			g[i][j] = g[j][i]
		}
	}
	return g
}

// orthonormal gives columns of length 1, at right angles, that span those of
// m: Cholesky's factor of its gram, inverted, row by row. Columns that add next
// to nothing to those before them are left out.
func (m *dense) orthonormal() *dense {
	g := m.gram()
	var keep []int
	var factor [][]float64 // of keep: row i of the lower triangle
	for c := range g {
		l := make([]float64, len(keep)+1)
		rest := g[c][c]
		for i, k := range keep {
			sum := g[c][k]
			for j := range i {
				sum -= float64(l[j] * factor[i][j])
			}
			l[i] = sum / factor[i][i]
			rest -= float64(l[i] * l[i])
		}
		if rest > 1e-10*g[c][c] {
			l[len(keep)] = math.Sqrt(rest)
			keep, factor = append(keep, c), append(factor, l)
		}
	}
	out := newDense(m.rows, len(keep))
	shares(m.rows, 1024, func(from, to int) {
		row := make([]float64, len(keep))
		for r := from; r < to; r++ {
			for i, k := range keep {
				sum := float64(m.at[r*m.cols+k])
				for j, l := range factor[i][:i] {
					sum -= float64(l * row[j])
				}
				row[i] = sum / factor[i][i]
				out.at[r*len(keep)+i] = float32(row[i])
			}
		}
	})
	return out
}

// rotate is m times the first cols of vectors, each of which is a row there.
func (m *dense) rotate(vectors [][]float64, cols int) *dense {
	out := newDense(m.rows, cols)
	columns(cols, func(from, to int) {
		for r := range m.rows {
			row := m.at[r*m.cols:][:m.cols]
			for c := from; c < to; c++ {
				sum := 0.0
				for j, v := range vectors[c][:len(row)] {
					sum += float64(v * float64(row[j]))
				}
				out.at[r*cols+c] = float32(sum)
			}
		}
	})
	return out
}

// eigen gives the eigenvalues of a symmetric matrix, descending, and the
// eigenvectors, one in each row. Jacobi's method, cyclic (Golub and Van Loan,
// Matrix Computations, 8.5). It overwrites a. An eigenvector's largest element
// is positive, so that its sign isn't left to chance.
func eigen(a [][]float64) (values []float64, vectors [][]float64) {
	n := len(a)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 60 {
		off, on := 0.0, 0.0
		for i := range n {
			on += float64(a[i][i] * a[i][i])
			for j := range i {
				off += float64(a[i][j] * a[i][j])
			}
		}
		if off <= 1e-28*on {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				turn(a, v, p, q)
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case a[i][i] > a[j][j]:
			return -1
		case a[i][i] < a[j][j]:
			return 1
		}
		return 0
	})
	for _, i := range order {
		values = append(values, a[i][i])
		vectors = append(vectors, upright(v[i]))
	}
	return values, vectors
}

func upright(v []float64) []float64 {
	largest := 0.0
	for _, x := range v {
		if math.Abs(x) > math.Abs(largest) {
			largest = x
		}
	}
	if largest < 0 {
		for i := range v {
			v[i] = -v[i]
		}
	}
	return v
}

// turn makes a[p][q] zero by a rotation of rows and columns p and q.
func turn(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	tau := (a[q][q] - a[p][p]) / float64(2*a[p][q])
	t := 1 / (math.Abs(tau) + math.Sqrt(1+float64(tau*tau)))
	if tau < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(1+float64(t*t))
	s := float64(t * c)
	for _, row := range a {
		x, y := row[p], row[q]
		row[p], row[q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	rows(a[p], a[q], c, s)
	rows(v[p], v[q], c, s)
}

func rows(a, b []float64, c, s float64) {
	for i, x := range a {
		y := b[i]
		a[i], b[i] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}
