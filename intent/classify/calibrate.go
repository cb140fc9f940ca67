package classify

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// evidence counts what tells whether a line is in scope: a constant, the best
// margin, how far it is before the second, and the known share of the line.
const evidence = 4

// heldOut is a line that a model has not been trained on.
type heldOut struct {
	ranked []float32 // margins, the greatest first
	truth  int       // position of the line's intent in ranked, or -1: out of scope
	known  float32
}

// holdOut trains a model on each of several parts of the examples and looks at
// the others. To see lines that are out of scope, each part misses some
// intents as a whole.
func holdOut(examples []Example, lines []string, label []int, labels []string, o Options) []heldOut {
	rng := rand.New(rand.NewPCG(o.Seed, 0x666f6c6473))
	part := make([]int, len(lines))
	groups := map[string]int{}
	for i, at := range rng.Perm(len(lines)) {
		part[at] = i % o.Folds
		if g := examples[at].Group; g != "" {
			p, ok := groups[g]
			if !ok {
				p = len(groups) % o.Folds
				groups[g] = p
			}
			part[at] = p
		}
	}
	missing := make([]int, len(labels))
	for i, c := range rng.Perm(len(labels)) {
		missing[c] = i % o.Folds
		if len(labels) < 4 {
			missing[c] = -1
		}
	}
	var held []heldOut
	var s scratch
	skip := make([]bool, len(lines))
	for f := range o.Folds {
		for i, c := range label {
			skip[i] = part[i] == f || c >= 0 && missing[c] == f
		}
		m := fit(lines, label, labels, skip, o)
		for i, line := range lines {
			if !skip[i] {
				continue
			}
			h := heldOut{known: m.margins(&s, line), truth: -1}
			var own float32
			for c, v := range s.margins {
				if missing[c] == f {
					continue
				}
				h.ranked = append(h.ranked, v)
				if c == label[i] {
					own = v
				}
			}
			slices.SortFunc(h.ranked, func(a, b float32) int { return cmp.Compare(b, a) })
			if c := label[i]; c >= 0 && missing[c] != f {
				h.truth = slices.Index(h.ranked, own)
			}
			held = append(held, h)
		}
	}
	return held
}

// calibrate chooses temperature, weights of the evidence, and threshold.
func (m *Model) calibrate(held []heldOut, o Options) {
	m.temperature = temperature(held)
	m.scope = scope(held)
	var right []float32
	for _, h := range held {
		if h.truth == 0 {
			right = append(right, m.best(h))
		}
	}
	if len(right) == 0 {
		return
	}
	slices.Sort(right)
	m.threshold = right[int(o.Refuse*float64(len(right)))]
}

// best returns P of the best intent.
func (m *Model) best(h heldOut) float32 {
	list := make([]Score, len(h.ranked))
	for i, v := range h.ranked {
		list[i].Margin = v
	}
	m.probabilities(list, h.known)
	return list[0].P
}

// probabilities fills in P of scores, of which the best margin is the first.
func (m *Model) probabilities(ranked []Score, known float32) {
	if len(ranked) == 0 {
		return
	}
	var sum float64
	for i := range ranked {
		p := exp(float64(ranked[i].Margin-ranked[0].Margin) / float64(m.temperature))
		sum += p
		ranked[i].P = float32(p)
	}
	second := ranked[0].Margin
	if len(ranked) > 1 {
		second = ranked[1].Margin
	}
	in := sigmoid(dot(m.scope, weigh(ranked[0].Margin, second, known)))
	for i := range ranked {
		ranked[i].P = float32(float64(ranked[i].P) * in / sum)
	}
}

func weigh(best, second, known float32) [evidence]float32 {
	return [evidence]float32{1, best, best - second, known}
}

func dot(a, b [evidence]float32) float64 {
	var s float64
	for i := range a {
		s += float64(float64(a[i]) * float64(b[i]))
	}
	return s
}

// temperature returns the temperature with which softmax is the likeliest for
// lines that are in scope (Guo et al.: On Calibration of Modern Neural
// Networks, ICML 2017), by a search of the golden section over its logarithm.
func temperature(held []heldOut) float32 {
	loss := func(t float64) float64 {
		var total float64
		for _, h := range held {
			if h.truth < 0 {
				continue
			}
			var sum float64
			for _, v := range h.ranked {
				sum += exp(float64(v-h.ranked[0]) / t)
			}
			total += ln(sum) - float64(h.ranked[h.truth]-h.ranked[0])/t
		}
		return total
	}
	const golden = 0.6180339887498949
	lo, hi := ln(0.01), ln(10)
	a, b := hi-float64(golden*(hi-lo)), lo+float64(golden*(hi-lo))
	la, lb := loss(exp(a)), loss(exp(b))
	for range 24 {
		if la <= lb {
			hi, b, lb = b, a, la
			a = hi - float64(golden*(hi-lo))
			la = loss(exp(a))
		} else {
			lo, a, la = a, b, lb
			b = lo + float64(golden*(hi-lo))
			lb = loss(exp(b))
		}
	}
	return float32(exp((lo + hi) / 2))
}

// scope returns the weights of a logistic regression that tells lines in scope
// from others, as if there were as many of both, by Newton's method.
func scope(held []heldOut) [evidence]float32 {
	var in, out int
	for _, h := range held {
		if h.truth >= 0 {
			in++
		} else {
			out++
		}
	}
	if in == 0 || out == 0 {
		return [evidence]float32{30} // nothing is known of lines out of scope: all are in
	}
	var w [evidence]float64
	for range 30 {
		var grad [evidence]float64
		var hess [evidence][evidence]float64
		for i := range hess {
			grad[i] = 1e-4 * w[i] // a little ridge keeps it finite
			hess[i][i] = 1e-4
		}
		for _, h := range held {
			x := weigh(h.ranked[0], h.ranked[min(1, len(h.ranked)-1)], h.known)
			var z float64
			for i := range w {
				z += float64(w[i] * float64(x[i]))
			}
			p := sigmoid(z)
			y, n := 1.0, 1/float64(in)
			if h.truth < 0 {
				y, n = 0, 1/float64(out)
			}
			for i := range w {
				grad[i] += float64(float64(n*(p-y)) * float64(x[i]))
				for j := range w {
					hess[i][j] += float64(float64(float64(n*p)*(1-p)) * float64(float64(x[i])*float64(x[j])))
				}
			}
		}
		step := solve(hess, grad)
		var size float64
		for i := range w {
			w[i] -= step[i]
			size = max(size, math.Abs(step[i]))
		}
		if size < 1e-9 {
			break
		}
	}
	var r [evidence]float32
	for i := range w {
		r[i] = float32(w[i])
	}
	return r
}

// solve solves a x = b for a positive definite matrix.
func solve(a [evidence][evidence]float64, b [evidence]float64) [evidence]float64 {
	for i := range evidence {
		for j := i + 1; j < evidence; j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < evidence; k++ {
				a[j][k] -= float64(f * a[i][k])
			}
			b[j] -= float64(f * b[i])
		}
	}
	for i := evidence - 1; i >= 0; i-- {
		for k := i + 1; k < evidence; k++ {
			b[i] -= float64(a[i][k] * b[k])
		}
		b[i] /= a[i][i]
	}
	return b
}
