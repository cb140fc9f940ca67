package volume

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"rayos/internal/oneline"
	"rayos/volume/fuse"
	"rayos/volume/hnsw"
	"rayos/volume/lexical"
)

// Limits of a search.
const (
	MaxHits  = 1000
	MaxQuery = 4 << 10 // bytes
	deep     = 100     // of each ranking that are fused, at least
	near     = 0.35    // cosine below which texts aren't near: measured on Cranfield, where 0.25 and 0.5 find less
)

// Query is what is looked for.
type Query struct {
	Text   string
	N      int    // hits at most; 10
	Folder string // only below it, or only this file; "" is everywhere
	Files  bool   // a file is one hit, by its best chunk
	All    bool   // only chunks with all words that say something; their meaning isn't asked
}

// Legs are the rankings that a hit is in.
type Legs uint8

// Legs.
const (
	ByWords   Legs = 1 << iota // BM25
	ByMeaning                  // vectors
)

func (l Legs) String() string {
	return [...]string{"", "words", "meaning", "words+meaning"}[l&(ByWords|ByMeaning)]
}

// Hit is a chunk that was found.
type Hit struct {
	Path       string
	Line, Page int    // where the snippet begins, from 1: a page in a PDF, else a line; 0 where there is none
	Heading    string // above it, as Snippet
	Snippet    string // of the chunk, one line that may be shown
	Score      float64
	Legs       Legs
}

// Found is what came of a Query. The hits are in order; their scores compare
// within it.
type Found struct {
	Hits []Hit
	// Words says why the words alone decided, "" if they didn't.
	Words string
}

// ranking is chunks, the best first.
type ranking []uint64

// Search finds the chunks that fit a query best.
func (v *Volume) Search(ctx context.Context, q Query) (Found, error) {
	if err := ctx.Err(); err != nil {
		return Found{}, err
	}
	if len(q.Text) > MaxQuery {
		return Found{}, fmt.Errorf("volume: a query of %d bytes: want at most %d", len(q.Text), MaxQuery)
	}
	terms := lexical.Terms(nil, q.Text)
	var asked []float32
	var of *meaning
	var mute string
	if v.o.Embedder != nil && !q.All {
		asked, of, mute = v.vectorOf(ctx, q.Text)
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed {
		return Found{}, ErrClosed
	}
	var vector []float32
	why := v.why
	switch m := v.meaning; {
	case m == nil || why != "" || q.All:
	case v.o.Embedder != nil:
		if vector, why = asked, mute; m != of {
			vector = nil // they were replaced meanwhile
		}
	default:
		vector = make([]float32, m.dims)
		if m.model.EmbedTerms(vector, terms) == 0 {
			vector, why = nil, "the model knows none of the words"
		}
	}
	hits, err := v.find(terms, vector, q, nil)
	if err != nil {
		return Found{}, fmt.Errorf("volume: search: %w", err)
	}
	return Found{Hits: hits, Words: why}, nil
}

// find fuses the rankings of a query's terms and its vector, which may be nil.
// without is left out. mu is held.
func (v *Volume) find(terms []string, vector []float32, q Query, without *doc) ([]Hit, error) {
	n := min(q.N, MaxHits)
	if n <= 0 {
		n = 10
	}
	depth := max(deep, n)
	if q.Files {
		depth *= 2 // several chunks of a file become one hit
	}
	var wanted func(id uint64) bool
	if q.Folder != "" || without != nil {
		folder := filepath.Clean(q.Folder)
		wanted = func(id uint64) bool {
			d, _ := v.chunk(id)
			return d != nil && d != without && (q.Folder == "" || below(d.path, folder))
		}
	}
	asked := make(map[string]bool, len(terms))
	for _, t := range terms {
		if !lexical.Common(t) {
			asked[t] = true
		}
	}
	var words, meaning ranking
	legs := make(map[uint64]Legs)
	for _, h := range v.words.SearchFunc(terms, depth, wanted) {
		if q.All && !v.has(h.ID, asked) {
			continue
		}
		words = append(words, h.ID)
		legs[h.ID] |= ByWords
	}
	if vector != nil {
		list, err := v.meaning.vectors.Search(vector, depth, hnsw.Options{Filter: wanted})
		if err != nil {
			return nil, err
		}
		for _, h := range list {
			if h.Score < near {
				break
			}
			meaning = append(meaning, h.ID)
			legs[h.ID] |= ByMeaning
		}
	}
	var hits []Hit
	seen := make(map[*doc]bool)
	for _, h := range fuse.RRF(2*depth, words, meaning) {
		d, c := v.chunk(h.ID)
		if d == nil || q.Files && seen[d] {
			continue
		}
		seen[d] = true
		hit := Hit{Path: d.path, Page: int(c.page), Heading: oneline.Of(c.heading, 0), Score: h.Score, Legs: legs[h.ID]}
		whole := c.words()
		text, before := snippet(whole, asked)
		hit.Snippet = text
		if c.line > 0 {
			hit.Line = int(c.line) + strings.Count(whole[:before], "\n")
		}
		if hits = append(hits, hit); len(hits) == n {
			break
		}
	}
	return hits, nil
}

// has reports whether a chunk has all of some terms, at least one. mu is held.
func (v *Volume) has(id uint64, terms map[string]bool) bool {
	n := 0
	for _, c := range v.words.Counts(id) {
		if terms[v.words.Term(c.Term())] {
			n++
		}
	}
	return n > 0 && n == len(terms)
}

// Similar finds the documents that are most like one that the volume has.
func (v *Volume) Similar(ctx context.Context, path string, n int) (Found, error) {
	if err := ctx.Err(); err != nil {
		return Found{}, err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed {
		return Found{}, ErrClosed
	}
	d := v.docs[filepath.Clean(path)]
	if d == nil {
		return Found{}, fmt.Errorf("%w: %s", ErrNoDoc, path)
	}
	vector, why := []float32(nil), v.why
	if v.meaning != nil && why == "" {
		if vector = v.meaning.mean(d); vector == nil {
			why = "the document has no vector"
		}
	}
	hits, err := v.find(v.telling(d), vector, Query{N: n, Files: true}, d)
	if err != nil {
		return Found{}, fmt.Errorf("volume: similar: %w", err)
	}
	return Found{Hits: hits, Words: why}, nil
}

// mean is the direction of a document's vectors, nil if it has none.
func (m *meaning) mean(d *doc) []float32 {
	sum := make([]float32, m.dims)
	some := false
	for id := range d.ids() {
		v, ok := m.vectors.Vector(id)
		for i, x := range v {
			sum[i] += x
			some = some || ok && x != 0
		}
	}
	if !some {
		return nil
	}
	return sum
}
