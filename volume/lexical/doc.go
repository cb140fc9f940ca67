// Package lexical finds texts by their words: a tokeniser, a light stemmer and
// an index ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
// Framework", 2009, with k1 = 1.2 and b = 0.6).
//
//	var x lexical.Index
//	x.Add(1, "a descriptor chain of a virtqueue")
//	x.Add(2, "notes about cooking")
//	for _, hit := range x.Search("virtqueues", 10) {
//		show(hit.ID, hit.Score)
//	}
//
// # Terms
//
// A text becomes terms in this way: runs of letters, digits and underscores,
// lower case, without accents, at most MaxTerm bytes; an identifier of several
// words (snake_case, camelCase) counts as a whole and by its words; scripts
// without spaces become pairs of characters; English endings are cut lightly.
// Words that say nothing (the, of) are indexed, and left out of a query unless
// it has no others.
//
// # Change
//
// Documents come and go one at a time. One that has gone leaves a gap that is
// closed when a quarter of all are gaps, so a removal costs its own terms.
// An Index holds 8 bytes for each different term of a document; what it knows
// of a document is enough to fit package lsa without the text.
//
// # Bits
//
// The same calls give the same bits on every machine: products are rounded
// before they are added to something, and the logarithm is our own.
//
// Any number of goroutines may search at a time; changes need the Index alone.
package lexical
