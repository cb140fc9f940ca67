package classify

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// maxWeights is how many weights a model has at most.
const maxWeights = 1 << 28

// Score is what a model thinks of an intent for a line.
type Score struct {
	Intent string
	// P is the calibrated probability that the line has this intent. Those of
	// all intents sum up to the probability that the line is in scope at all.
	P float32
	// Margin is the raw score: about 1 for lines like those that the intent
	// was trained with, -1 for lines of others.
	Margin float32
}

// Model tells intents of lines. It doesn't change after it was made, and any
// goroutine may use it.
type Model struct {
	labels []string // sorted
	space  *space
	weight []byte    // rows × labels, each an int8
	scale  []float32 // of each label's weights
	bias   []float32 // of each label

	// temperature divides margins before softmax. scope are the weights of the
	// evidence for a line to be in scope.
	temperature float32
	scope       [evidence]float32
	threshold   float32

	pool sync.Pool // of *scratch
}

func newModel(labels []string, sp *space) *Model {
	n := len(labels)
	return &Model{
		labels: labels, space: sp, weight: make([]byte, n*len(sp.keys)),
		scale: make([]float32, n), bias: make([]float32, n), temperature: 1,
	}
}

// set takes a label's weights in.
func (m *Model) set(label int, w []float32, bias float32) {
	var top float32
	for _, v := range w {
		top = max(top, v, -v)
	}
	if m.bias[label] = bias; top == 0 {
		return
	}
	m.scale[label] = top / 127
	n := len(m.labels)
	for row, v := range w {
		m.weight[row*n+label] = byte(int8(math.RoundToEven(float64(v) / float64(m.scale[label]))))
	}
}

// heaviest returns the n rows of the greatest weight for any intent, ascending.
func (m *Model) heaviest(n int) []int {
	most := make([]float32, len(m.space.keys))
	rows := make([]int, len(most))
	for row := range most {
		rows[row] = row
		for c, w := range m.weight[row*len(m.labels):][:len(m.labels)] {
			v := float32(float32(int8(w))*m.scale[c]) * m.space.weight[row]
			most[row] = max(most[row], v, -v)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(most[b], most[a]) })
	rows = rows[:n]
	slices.Sort(rows)
	return rows
}

// Intents returns the names of all intents, sorted. They belong to the model.
func (m *Model) Intents() []string { return m.labels }

// Features returns how many features count.
func (m *Model) Features() int { return len(m.space.keys) }

// Threshold is the least P of the best intent with which a line is taken to be
// in scope.
func (m *Model) Threshold() float32 { return m.threshold }

// Accepts says whether a line with this ranking is in scope.
func (m *Model) Accepts(ranked []Score) bool {
	return len(ranked) > 0 && ranked[0].P >= m.threshold
}

// Classify ranks all intents for a line, the best first. Whether the best is
// good enough, Accepts says. Lines are read up to MaxLine bytes.
func (m *Model) Classify(line string) []Score {
	return m.Append(make([]Score, 0, len(m.labels)), line)
}

// Append is Classify into dst; it allocates nothing if dst has room for all intents.
func (m *Model) Append(dst []Score, line string) []Score {
	s, _ := m.pool.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	from := len(dst)
	known := m.margins(s, line)
	for c := range m.labels {
		dst = append(dst, Score{Intent: m.labels[c], Margin: s.margins[c]})
	}
	m.pool.Put(s)
	ranked := dst[from:]
	slices.SortFunc(ranked, func(a, b Score) int {
		return cmp.Or(cmp.Compare(b.Margin, a.Margin), cmp.Compare(a.Intent, b.Intent))
	})
	m.probabilities(ranked, known)
	return dst
}

// fixed is 1 as the fixed point numbers that values of terms become. Sums of
// such times an int8 fit: a line has at most about 6,000 terms whose squares
// sum up to 1, so their absolute values to less than 80.
const fixed = 1 << 14

// margins fills s.margins for a line and returns which share of it is known.
// It computes in integers: they have the same bits everywhere, in any order.
func (m *Model) margins(s *scratch, line string) (known float32) {
	n := len(m.labels)
	s.sums = append(s.sums[:0], make([]int32, n)...)
	s.margins = append(s.margins[:0], make([]float32, n)...)
	for _, t := range m.space.vector(s, line) {
		x := int32(math.RoundToEven(float64(t.val) * fixed))
		known += float32(t.val * t.val)
		sums := s.sums[:n]
		for c, w := range m.weight[int(t.row)*n:][:n] {
			sums[c] += x * int32(int8(w))
		}
	}
	for c, sum := range s.sums {
		s.margins[c] = float32(float32(float32(sum)*m.scale[c])/fixed) + m.bias[c]
	}
	return known
}
