package lexical

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

// What an Index can hold: ordinals and term numbers have 24 bits.
const (
	maxDocs  = 1 << 24
	maxTerms = 1 << 24
)

// Count is a term of a document and how often it occurs there, 255 at most.
type Count uint32

// Term is the term's number in its Index.
func (c Count) Term() int { return int(c >> 8) }

// N is how often it occurs, 255 for more.
func (c Count) N() int { return int(c & 0xff) }

func count(term, n int) Count { return Count(term)<<8 | Count(min(n, 255)) }

// posting is a document's ordinal and how often a term occurs in it.
type posting uint32

type doc struct {
	id     uint64
	length uint32 // terms, repeated ones too
	gone   bool
	counts []Count // by term
}

// Index finds documents by their terms. The zero Index is empty and ready.
type Index struct {
	terms    []string
	number   map[string]uint32
	df       []uint32 // of documents that are there
	postings [][]posting
	common   []bool

	docs   []doc
	at     map[uint64]uint32 // ordinals by id
	gaps   int
	length uint64 // of all documents that are there

	scratch sync.Pool // *scores
}

// Hit is a document that was found. Scores are comparable within one search.
type Hit struct {
	ID    uint64
	Score float32
}

// Len is how many documents there are.
func (x *Index) Len() int { return len(x.docs) - x.gaps }

// NumTerms is how many term numbers there are; some may have no document left.
func (x *Index) NumTerms() int { return len(x.terms) }

// Term is the term of a number below NumTerms.
func (x *Index) Term(n int) string { return x.terms[n] }

// DF is in how many documents the term of a number is.
func (x *Index) DF(n int) int { return int(x.df[n]) }

// Has reports whether there is a document with this id.
func (x *Index) Has(id uint64) bool {
	_, ok := x.at[id]
	return ok
}

// All goes through the documents in the order they were added. The counts are
// the Index's own: they may be read until it changes.
func (x *Index) All() iter.Seq2[uint64, []Count] {
	return func(yield func(uint64, []Count) bool) {
		for i := range x.docs {
			if d := &x.docs[i]; !d.gone && !yield(d.id, d.counts) {
				return
			}
		}
	}
}

// Counts are the terms of a document, nil if there is none with this id. They
// may be read until the Index changes.
func (x *Index) Counts(id uint64) []Count {
	at, ok := x.at[id]
	if !ok {
		return nil
	}
	return x.docs[at].counts
}

// Add takes a document in, in place of one with the same id. It fails only
// when the Index is full: 16,777,216 documents or different terms.
func (x *Index) Add(id uint64, text string) error {
	return x.AddTerms(id, Terms(nil, text))
}

// AddTerms is Add for a text whose terms are known.
func (x *Index) AddTerms(id uint64, terms []string) error {
	if len(x.docs) == maxDocs || len(x.terms)+len(terms) > maxTerms {
		x.compact() // gaps may be all that fills it
		if len(x.docs) == maxDocs || len(x.terms)+len(terms) > maxTerms {
			return fmt.Errorf("index of %d documents and %d terms is full: leave some folders out", x.Len(), len(x.terms))
		}
	}
	x.Delete(id)
	if x.number == nil {
		x.number, x.at = make(map[string]uint32), make(map[uint64]uint32)
	}
	numbers := make([]uint32, len(terms))
	for i, t := range terms {
		numbers[i] = x.intern(t)
	}
	slices.Sort(numbers)
	var counts []Count
	for from := 0; from < len(numbers); {
		to := from + 1
		for to < len(numbers) && numbers[to] == numbers[from] {
			to++
		}
		counts = append(counts, count(int(numbers[from]), to-from))
		from = to
	}
	x.put(id, len(terms), slices.Clip(counts))
	return nil
}

func (x *Index) intern(t string) uint32 {
	n, ok := x.number[t]
	if !ok {
		n = uint32(len(x.terms))
		t = strings.Clone(t) // not the text it is a part of
		x.number[t] = n
		x.terms = append(x.terms, t)
		x.df = append(x.df, 0)
		x.postings = append(x.postings, nil)
		x.common = append(x.common, Common(t))
	}
	return n
}

func (x *Index) put(id uint64, length int, counts []Count) {
	at := uint32(len(x.docs))
	x.docs = append(x.docs, doc{id: id, length: uint32(length), counts: counts})
	x.at[id] = at
	x.length += uint64(length)
	for _, c := range counts {
		x.df[c.Term()]++
		x.postings[c.Term()] = append(x.postings[c.Term()], posting(at)<<8|posting(c.N()))
	}
}

// Delete takes a document out and reports whether it was there.
func (x *Index) Delete(id uint64) bool {
	at, ok := x.at[id]
	if !ok {
		return false
	}
	d := &x.docs[at]
	for _, c := range d.counts {
		x.df[c.Term()]--
	}
	x.length -= uint64(d.length)
	d.gone, d.counts = true, nil
	delete(x.at, id)
	x.gaps++
	if x.gaps > 64 && x.gaps > len(x.docs)/4 {
		x.compact()
	}
	return true
}

// compact closes the gaps: documents get new ordinals, and terms without a
// document go.
func (x *Index) compact() {
	if x.gaps == 0 {
		return
	}
	to := &Index{number: make(map[string]uint32), at: make(map[uint64]uint32)}
	renumber := make([]uint32, len(x.terms))
	for n, t := range x.terms {
		if x.df[n] > 0 {
			renumber[n] = to.intern(t)
		}
	}
	for i := range x.docs {
		d := &x.docs[i]
		if d.gone {
			continue
		}
		for j, c := range d.counts {
			d.counts[j] = count(int(renumber[c.Term()]), c.N())
		}
		to.put(d.id, int(d.length), d.counts)
	}
	x.terms, x.number, x.df, x.postings, x.common = to.terms, to.number, to.df, to.postings, to.common
	x.docs, x.at, x.gaps, x.length = to.docs, to.at, 0, to.length
}

// byScore orders hits: the best first, of equals the lower id.
func byScore(a, b Hit) int {
	if c := cmp.Compare(b.Score, a.Score); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}
