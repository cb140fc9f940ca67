package lsa

import (
	"crypto/sha256"
	"fmt"
	"math"

	"rayos/volume/lexical"
)

// Model gives texts vectors. It is made by Fit or Parse and doesn't change.
type Model struct {
	dims     int
	docs     int     // it was fitted on
	captured float32 // of their weight, the mean
	terms    []string
	row      map[string]uint32
	idf      []float32
	sigma    []float32 // singular values, descending
	basis    []float32 // a row of dims for each term
}

// Dims is the length of vectors.
func (m *Model) Dims() int { return m.dims }

// Docs is how many documents the model was fitted on.
func (m *Model) Docs() int { return m.docs }

// NumTerms is how many terms the model knows.
func (m *Model) NumTerms() int { return len(m.terms) }

// Captured is which part of the weight of a document's terms its vector holds,
// the mean over the documents of the fit, 0..1.
func (m *Model) Captured() float32 { return m.captured }

// ID names the kind of the model.
func (m *Model) ID() string { return fmt.Sprintf("lsa-%d", m.dims) }

// Hash is the SHA-256 of the binary form: models with the same Hash give the
// same vectors, others' vectors can't be compared.
func (m *Model) Hash() [sha256.Size]byte {
	form, _ := m.AppendBinary(nil) // it has no error
	return sha256.Sum256(form)
}

// Embed puts the vector of a text into dst, which has Dims elements, and says
// which part of the weight of its terms the vector holds, 0..1.
func (m *Model) Embed(dst []float32, text string) float32 {
	return m.EmbedTerms(dst, lexical.Terms(nil, text))
}

// EmbedTerms is Embed for a text whose terms are known.
func (m *Model) EmbedTerms(dst []float32, terms []string) float32 {
	at := make(map[string]int, len(terms))
	var different []string
	var n []int
	for _, t := range terms {
		i, ok := at[t]
		if !ok {
			i = len(n)
			at[t] = i
			different, n = append(different, t), append(n, 0)
		}
		n[i]++
	}
	return m.embed(dst, len(n), func(i int) (string, int) { return different[i], n[i] })
}

// EmbedCounts is Embed for a document of an index.
func (m *Model) EmbedCounts(dst []float32, x *lexical.Index, counts []lexical.Count) float32 {
	return m.embed(dst, len(counts), func(i int) (string, int) {
		return x.Term(counts[i].Term()), counts[i].N()
	})
}

func (m *Model) embed(dst []float32, n int, term func(int) (string, int)) float32 {
	dst = dst[:m.dims]
	clear(dst)
	var whole float64
	for i := range n {
		t, n := term(i)
		if lexical.Common(t) {
			continue
		}
		row, known := m.row[t]
		if !known {
			w := float64(frequency(n) * lexical.IDF(m.docs, 1))
			whole += float64(w * w)
			continue
		}
		w := float32(frequency(n) * float64(m.idf[row]))
		whole += float64(float64(w) * float64(w))
		for j, v := range m.basis[int(row)*m.dims:][:m.dims] {
			dst[j] += float32(w * v)
		}
	}
	part := length(dst)
	if part == 0 || whole == 0 {
		clear(dst)
		return 0
	}
	captured := float32(min(part/whole, 1))
	unit := float32(1 / math.Sqrt(part))
	for j := range dst {
		dst[j] = float32(dst[j] * unit)
	}
	return captured
}

// length is the square of a vector's.
func length(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(float64(x) * float64(x))
	}
	return sum
}

// frequency is the weight of a term that occurs n times, 255 at most.
func frequency(n int) float64 { return frequencies[min(n, 255)] }

var frequencies = func() (f [256]float64) {
	for n := 1; n < len(f); n++ {
		f[n] = 1 + lexical.Log(float64(n))
	}
	return f
}()
