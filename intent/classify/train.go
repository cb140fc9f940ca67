package classify

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// OutOfScope is the label of lines that mean none of the intents. A model
// never proposes it: it refuses.
const OutOfScope = "oos"

// Limits of what is trained on.
const (
	MaxExamples = 1 << 20
	MaxIntents  = 1 << 10
	maxLabel    = 128 // bytes
)

// Example is a line and the intent that it has.
type Example struct {
	Intent, Line string
	// Group, if there is one, is what lines have in common that were made from
	// one template. They are held out together: how a model does on the ninth
	// line of a template says nothing of lines that people come up with.
	Group string
}

// Options say how a model is trained. The zero value of a field means its default.
type Options struct {
	Seed   uint64
	Cost   float64 // of an error while training, C of the SVM: 2
	Epochs int     // at most, over all examples: 30
	Least  int     // lines that a feature occurs in to count: 1
	// Features is how many are kept at most: those with the greatest weights,
	// for which training begins anew. 0 keeps all.
	Features int
	Folds    int // parts of which each is held out once to calibrate: 5
	// Refuse is the share of lines that are in scope and would be understood,
	// but may be refused for the sake of those that aren't: 0.0025.
	Refuse float64
}

func (o Options) filled() Options {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&o.Epochs, 30)
	def(&o.Least, 1)
	def(&o.Folds, 5)
	if o.Cost == 0 {
		o.Cost = 2
	}
	if o.Refuse == 0 {
		o.Refuse = 0.0025
	}
	return o
}

// Train trains a model. The same examples in the same order and the same
// options give the same bits, on every machine.
func Train(examples []Example, o Options) (*Model, error) {
	o = o.filled()
	labels, err := check(examples)
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(examples))
	label := make([]int, len(examples))
	for i, e := range examples {
		lines[i] = e.Line
		label[i], _ = slices.BinarySearch(labels, e.Intent)
		if e.Intent == OutOfScope {
			label[i] = -1
		}
	}
	held := holdOut(examples, lines, label, labels, o)
	m := fit(lines, label, labels, nil, o)
	if n := len(m.space.keys) * len(labels); n > maxWeights {
		return nil, fmt.Errorf("%d features for each of %d intents are too many; take fewer lines, or shorter ones", len(m.space.keys), len(labels))
	}
	m.calibrate(held, o)
	return m, nil
}

// check returns the intents of examples, sorted.
func check(examples []Example) ([]string, error) {
	if len(examples) > MaxExamples {
		return nil, fmt.Errorf("%d examples; at most %d", len(examples), MaxExamples)
	}
	var labels []string
	seen := map[string]bool{OutOfScope: true}
	for i, e := range examples {
		if !nameOK(e.Intent) {
			return nil, fmt.Errorf("example %d: %q can't be the name of an intent", i+1, e.Intent)
		}
		if !seen[e.Intent] {
			seen[e.Intent] = true
			labels = append(labels, e.Intent)
		}
	}
	switch {
	case len(labels) < 2:
		return nil, errors.New("examples of at least two intents are needed")
	case len(labels) > MaxIntents:
		return nil, fmt.Errorf("%d intents; at most %d", len(labels), MaxIntents)
	}
	slices.Sort(labels)
	return labels, nil
}

// fit trains a machine for each intent that has examples. Examples whose label
// is -1 are of none. Those for which skip is true don't count, and their
// features neither.
func fit(lines []string, label []int, labels []string, skip []bool, o Options) *Model {
	if skip != nil {
		var keptLines []string
		var keptLabel []int
		for i := range lines {
			if !skip[i] {
				keptLines, keptLabel = append(keptLines, lines[i]), append(keptLabel, label[i])
			}
		}
		lines, label = keptLines, keptLabel
	}
	sp := newSpace(lines, o.Least)
	m := fitIn(sp, lines, label, labels, o)
	if o.Features > 0 && o.Features < len(sp.keys) {
		m = fitIn(sp.only(m.heaviest(o.Features)), lines, label, labels, o)
	}
	return m
}

func fitIn(sp *space, lines []string, label []int, labels []string, o Options) *Model {
	m := newModel(labels, sp)
	x := newMatrix(sp, lines)
	trainer := newSVM(x, len(sp.keys), o)
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(labels)) {
		wg.Go(func() {
			w := make([]float32, len(sp.keys))
			for c := range next {
				bias := trainer.train(w, label, c, o.Seed+uint64(c))
				m.set(c, w, bias)
			}
		})
	}
	for c := range labels {
		next <- c
	}
	close(next)
	wg.Wait()
	return m
}
