// Package lsa gives texts vectors by what they are about, learnt from the
// person's own documents: latent semantic analysis (Deerwester et al., 1990).
// TF-IDF of all documents is reduced to a few dimensions by a truncated
// singular value decomposition, found by randomised subspace iteration (Halko,
// Martinsson and Tropp, SIAM Review 2011). Words that occur in the same
// documents come to lie beside each other, so a text is found by words that
// it doesn't have.
//
//	m, err := lsa.Fit(ctx, index, lsa.Options{})
//	v := make([]float32, m.Dims())
//	m.Embed(v, "how do guests get memory back")
//
// Vectors have length 1, or are zero for a text of unknown words; their dot
// product says how near two texts are. Vectors of different models are not
// comparable: keep Hash beside them.
//
// # New documents
//
// A document that came after the fit is folded in: it gets its vector from the
// same Embed, with the words that were known. Drift measures how much of what
// came later the model can't tell, and says when a new fit is due.
//
// # Cost
//
// A fit reads all terms of at most MaxDocs documents four times and holds two
// matrices of MaxTerms rows; it uses all CPUs and ends early when its context
// does. Embedding takes time by the terms of the text.
//
// # Bits
//
// The same documents, options and seed give the same model on every machine,
// whatever the number of CPUs: each column of a product is computed by one
// goroutine in one order, and products are rounded before they are added.
//
// A Model doesn't change; any goroutine may use it.
package lsa
