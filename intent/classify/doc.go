// Package classify tells which intent a line has: one of those that it was
// trained on, with a probability, or none. It is the part of System 2 that has
// been learnt; what may be done with an intent is decided above it.
//
// A line is taken apart into words, words beside each other, characters within
// words, and pairs of words in any order. Each is known by a hash of 32 bits
// and counts the more, the rarer it is. A linear support vector machine for
// each intent weighs them (Hsieh et al., ICML 2008). Characters within words
// are what survives a typo; pairs are what survives another order of words.
//
//	m, err := classify.Train(examples, classify.Options{})
//	ranked := m.Classify("put that window on the left half")
//	if m.Accepts(ranked) {
//		do(ranked[0].Intent, ranked[0].P)
//	}
//
// # Probabilities
//
// Parts of the examples are held out, and in each part some intents as a
// whole: their lines are out of scope for the model trained without them. So a
// model knows how lines look that it can't know, without a single example of
// them; examples of OutOfScope are taken in if there are any. On what was held
// out, a temperature is fitted for softmax (Guo et al., ICML 2017), a logistic
// regression for whether a line is in scope at all, and the threshold below
// which a line is refused.
//
// # Bits
//
// The same examples and options give the same file on every machine: random
// numbers come from a seed, every product is rounded before it is added to
// something, logarithms and exponentials are our own, and what a model
// computes of a line are sums of integers.
//
// A model doesn't change after it was made; any goroutine may use it. Ranking
// takes about 40 µs with 150 intents and allocates nothing if it is appended
// to a slice with room.
package classify
