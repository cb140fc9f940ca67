package legacy

import (
	"iter"
	"math"
	"unicode/utf8"
)

// Docs is an embeddings.bin: texts, each with a vector.
type Docs struct {
	dim   int
	texts []string
	rows  []float32 // dim for each text
}

// maxDim is that of vectors. Old files have 8.
const maxDim = 4096

// ParseDocs reads an embeddings.bin: "EMB0", version 1, the dimensions of a
// vector, the number of documents, 32 bits each; a document is the length of
// its text, 32 bits, the text in UTF-8, and its vector of finite float32.
func ParseDocs(b []byte) (*Docs, error) {
	c := cursor{rest: b}
	if err := c.header("EMB0"); err != nil {
		return nil, err
	}
	dim, n := c.u32(), c.u32()
	switch {
	case c.bad || dim < 1 || dim > maxDim:
		return nil, wrong("vectors of %d dimensions; 1 to %d are known", dim, maxDim)
	case !c.fits(n, 4+4*uint64(dim)):
		return nil, wrong("%d documents of %d dimensions don't fit in %d bytes", n, dim, len(b))
	}
	d := &Docs{dim: int(dim), texts: make([]string, 0, n), rows: make([]float32, 0, uint64(n)*uint64(dim))}
	for i := range n {
		size := c.u32()
		if uint64(size) > uint64(len(c.rest)) {
			return nil, wrong("it ends within document %d of %d", i, n)
		}
		text := c.take(int(size))
		if !utf8.Valid(text) {
			return nil, wrong("the text of document %d isn't UTF-8", i)
		}
		d.texts = append(d.texts, string(text))
		for range dim {
			x := math.Float32frombits(c.u32())
			if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
				return nil, wrong("the vector of document %d isn't finite", i)
			}
			d.rows = append(d.rows, x)
		}
		if c.bad {
			return nil, wrong("it ends within document %d of %d", i, n)
		}
	}
	if len(c.rest) != 0 {
		return nil, wrong("%d bytes stand behind the last document", len(c.rest))
	}
	return d, nil
}

// Len is the number of documents, Dim that of a vector's dimensions.
func (d *Docs) Len() int { return len(d.texts) }
func (d *Docs) Dim() int { return d.dim }

// Docs gives the texts, in order. Who takes them into another index makes their
// vectors anew: those of the file are of words' hashes, and say little.
func (d *Docs) Docs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, t := range d.texts {
			if !yield(t) {
				return
			}
		}
	}
}

// Hit is a document that was found, with the inner product of its vector and
// the query's.
type Hit struct {
	Doc   int
	Text  string
	Score float32
}

// Nearest compares q, of Dim numbers, with every vector and gives the k best, the
// best first, of equal ones the earlier.
func (d *Docs) Nearest(q []float32, k int) []Hit {
	if len(q) != d.dim {
		return nil
	}
	var best []Hit
	for i := range d.texts {
		best = d.keep(best, i, d.score(q, i), k)
	}
	return best
}

func (d *Docs) score(q []float32, doc int) float32 {
	var sum float32
	for i, x := range d.rows[doc*d.dim : (doc+1)*d.dim] {
		sum += float32(x * q[i])
	}
	return sum
}

// keep puts a document in its place among the k best.
func (d *Docs) keep(best []Hit, doc int, score float32, k int) []Hit {
	at := len(best)
	for at > 0 && (best[at-1].Score < score || best[at-1].Score == score && best[at-1].Doc > doc) {
		at--
	}
	if at >= k {
		return best
	}
	if len(best) < k {
		best = append(best, Hit{})
	}
	copy(best[at+1:], best[at:])
	best[at] = Hit{Doc: doc, Text: d.texts[doc], Score: score}
	return best
}
