package classify

import (
	"math"
	"math/rand/v2"
)

// matrix is lines as sparse rows, one after the other.
type matrix struct {
	terms []term
	start []int // of each line, and the end
}

func newMatrix(sp *space, lines []string) *matrix {
	m := &matrix{start: []int{0}}
	var s scratch
	for _, line := range lines {
		m.terms = append(m.terms, sp.vector(&s, line)...)
		m.start = append(m.start, len(m.terms))
	}
	return m
}

func (m *matrix) len() int          { return len(m.start) - 1 }
func (m *matrix) line(i int) []term { return m.terms[m.start[i]:m.start[i+1]] }
func (m *matrix) square(i int) (s float32) {
	for _, t := range m.line(i) {
		s += float32(t.val * t.val)
	}
	return s
}

// svm trains linear support vector machines with squared hinge loss by dual
// coordinate descent with shrinking: Hsieh, Chang, Lin, Keerthi, Sundararajan:
// A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML 2008,
// algorithm 3. One machine tells one label from all others.
type svm struct {
	x      *matrix
	square []float32 // |x|² of each line, with the constant feature
	rows   int

	cost    float64 // of an example of the others
	epochs  int
	epsilon float32 // what the projected gradients may differ by at the end
}

func newSVM(x *matrix, rows int, o Options) *svm {
	m := &svm{x: x, rows: rows, cost: o.Cost, epochs: o.Epochs, epsilon: 0.1}
	for i := range x.len() {
		m.square = append(m.square, x.square(i)+1)
	}
	return m
}

// train fills w with the weights of the machine for a label and returns that of the constant
// feature. An example of the label
// costs the more, the fewer there are: the square root of others to own. The
// order in which examples are looked at comes from the seed, so the result is
// the same bits on every machine.
func (m *svm) train(w []float32, label []int, own int, seed uint64) (bias float32) {
	clear(w)
	type example struct {
		line       int32
		sign       float32
		alpha      float32
		diag, quad float32
	}
	var list []example
	count := 0
	for i := range m.x.len() {
		e := example{line: int32(i), sign: -1}
		if label[i] == own {
			e.sign = 1
			count++
		}
		list = append(list, e)
	}
	if count == 0 || count == len(list) {
		return 0
	}
	dear := m.cost * math.Sqrt(float64(len(list)-count)/float64(count))
	for i := range list {
		e := &list[i]
		e.diag = float32(0.5 / m.cost)
		if e.sign > 0 {
			e.diag = float32(0.5 / dear)
		}
		e.quad = m.square[e.line] + e.diag
	}
	inf := float32(math.Inf(1))
	rng := rand.New(rand.NewPCG(seed, 0x696e74656e74))
	active := len(list)
	upper := inf
	for range m.epochs {
		high, low := -inf, inf
		for i := range active {
			j := i + int(rng.Uint64()%uint64(active-i))
			list[i], list[j] = list[j], list[i]
		}
		for k := 0; k < active; k++ {
			e := &list[k]
			x := m.x.line(int(e.line))
			dot := bias
			for _, t := range x {
				dot += float32(w[t.row] * t.val)
			}
			g := float32(dot*e.sign) - 1 + float32(e.alpha*e.diag)
			pg := g
			if e.alpha == 0 {
				if g > upper {
					active--
					list[k], list[active] = list[active], list[k]
					k--
					continue
				}
				pg = min(g, 0)
			}
			high, low = max(high, pg), min(low, pg)
			if pg == 0 {
				continue
			}
			was := e.alpha
			e.alpha = max(was-g/e.quad, 0)
			d := float32((e.alpha - was) * e.sign)
			for _, t := range x {
				w[t.row] += float32(d * t.val)
			}
			bias += d
		}
		if high-low <= m.epsilon {
			if active == len(list) {
				break
			}
			active, upper = len(list), inf
			continue
		}
		if upper = high; upper <= 0 {
			upper = inf
		}
	}
	return bias
}
