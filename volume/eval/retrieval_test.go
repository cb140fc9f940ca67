package eval

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rayos/volume/fuse"
	"rayos/volume/lexical"
	"rayos/volume/lsa"
)

// retriever is what is measured: BM25, LSA by an exact scan, and both fused.
type retriever struct {
	index   lexical.Index
	model   *lsa.Model
	ids     []uint64
	vectors []float32
}

func newRetriever(t testing.TB, docs []Document, dims int) *retriever {
	r := &retriever{}
	for _, d := range docs {
		if err := r.index.Add(d.ID, d.Text); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if r.model, err = lsa.Fit(context.Background(), &r.index, lsa.Options{Dims: dims}); err != nil {
		t.Fatal(err)
	}
	for id, counts := range r.index.All() {
		v := make([]float32, r.model.Dims())
		r.model.EmbedCounts(v, &r.index, counts)
		r.ids, r.vectors = append(r.ids, id), append(r.vectors, v...)
	}
	return r
}

func (r *retriever) byWords(query string) []uint64 {
	var ids []uint64
	for _, h := range r.index.Search(query, 100) {
		ids = append(ids, h.ID)
	}
	return ids
}

func (r *retriever) byMeaning(query string) []uint64 {
	q := make([]float32, r.model.Dims())
	if r.model.Embed(q, query) == 0 {
		return nil
	}
	scores := make([]float32, len(r.ids))
	order := make([]int, len(r.ids))
	for i := range r.ids {
		var sum float32
		for j, x := range r.vectors[i*len(q):][:len(q)] {
			sum += float32(x * q[j])
		}
		order[i], scores[i] = i, sum
	}
	threshold := slices.Clone(scores)
	slices.Sort(threshold)
	least := threshold[max(0, len(threshold)-100)]
	order = slices.DeleteFunc(order, func(i int) bool { return scores[i] < least })
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	var ids []uint64
	for _, i := range order {
		ids = append(ids, r.ids[i])
	}
	return ids
}

func (r *retriever) hybrid(query string) []uint64 {
	var ids []uint64
	for _, h := range fuse.RRF(10, r.byWords(query), r.byMeaning(query)) {
		ids = append(ids, h.ID)
	}
	return ids
}

// The collection has no licence, so it isn't here: RAYOS_CRANFIELD is a folder
// with it.
func TestCranfield(t *testing.T) {
	dir := os.Getenv("RAYOS_CRANFIELD")
	if dir == "" {
		t.Skip("RAYOS_CRANFIELD names no folder with the Cranfield collection in TREC's form")
	}
	c, err := Cranfield(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := newRetriever(t, c.Documents, 128)
	for _, m := range []struct {
		name   string
		search func(string) []uint64
		least  float64
	}{{"BM25", r.byWords, 0.37}, {"LSA-128", r.byMeaning, 0.41}, {"hybrid", r.hybrid, 0.41}} {
		got := c.NDCG(10, m.search)
		t.Logf("%s: nDCG@10 %.4f over %d queries", m.name, got, len(c.Queries))
		if got < m.least {
			t.Errorf("%s: nDCG@10 = %.4f; want at least %.2f", m.name, got, m.least)
		}
	}
}

func notes(t testing.TB) *Collection {
	b, err := os.ReadFile("testdata/notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := &Collection{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if id, ok := strings.CutPrefix(line, "# "); ok {
			n, err := strconv.ParseUint(id, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			c.Documents = append(c.Documents, Document{ID: n})
		} else if q, ok := strings.CutPrefix(line, "? "); ok {
			text, answers, _ := strings.Cut(q, " | ")
			relevant := make(map[uint64]float64)
			for i, id := range strings.Fields(answers) {
				n, err := strconv.ParseUint(id, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				relevant[n] = 1 / float64(i+1)
			}
			c.Queries = append(c.Queries, Query{text, relevant})
		} else {
			c.Documents[len(c.Documents)-1].Text += line
		}
	}
	return c
}

func TestNotesAreFound(t *testing.T) {
	c := notes(t)
	r := newRetriever(t, c.Documents, 16)
	words, hybrid := c.NDCG(10, r.byWords), c.NDCG(10, r.hybrid)
	t.Logf("BM25 %.4f, hybrid %.4f", words, hybrid)
	if words < 0.90 {
		t.Errorf("BM25: nDCG@10 = %.4f; want at least 0.90", words)
	}
	if hybrid < 0.80 {
		t.Errorf("hybrid: nDCG@10 = %.4f; want at least 0.80", hybrid)
	}
}

// chunks makes n texts of 120 words, as frequent as words are (Zipf's law).
func chunks(n int) []Document {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.1, 4, 30_000)
	docs := make([]Document, n)
	for i := range docs {
		var b strings.Builder
		for range 120 {
			fmt.Fprintf(&b, "w%dx ", zipf.Uint64())
		}
		docs[i] = Document{uint64(i), b.String()}
	}
	return docs
}

// One query of five words, frequent and rare, over 20,000 chunks.
func BenchmarkQuery20000(b *testing.B) {
	r := newRetriever(b, chunks(20_000), 128)
	const query = "w3x w40x w500x w6000x w1x"
	for _, m := range []struct {
		name   string
		search func(string) []uint64
	}{{"BM25", r.byWords}, {"LSA", r.byMeaning}, {"hybrid", r.hybrid}} {
		b.Run(m.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(m.search(query)) == 0 {
					b.Fatal("nothing found")
				}
			}
		})
	}
}

func BenchmarkIndex10000(b *testing.B) {
	docs := chunks(10_000)
	b.Run("BM25", func(b *testing.B) {
		for b.Loop() {
			var x lexical.Index
			for _, d := range docs {
				if err := x.Add(d.ID, d.Text); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("LSA", func(b *testing.B) {
		var x lexical.Index
		for _, d := range docs {
			if err := x.Add(d.ID, d.Text); err != nil {
				b.Fatal(err)
			}
		}
		for b.Loop() {
			if _, err := lsa.Fit(context.Background(), &x, lsa.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
