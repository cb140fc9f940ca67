package lsa

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"rayos/volume/lexical"
)

// topics makes documents about two things that share no words. Car and
// automobile never meet; both meet engine and wheel.
func topics(t interface{ Fatal(...any) }, n int) *lexical.Index {
	x := &lexical.Index{}
	cars := strings.Fields("engine wheel road driver brake fuel gear tyre")
	bread := strings.Fields("flour water yeast oven dough crust salt loaf")
	for i := range n {
		words := cars
		extra := []string{"car", "automobile"}[i/2%2]
		if i%2 == 1 {
			words, extra = bread, "bakery"
		}
		text := extra
		for j := range 5 {
			text += " " + words[(i*3+j*j+i/7)%len(words)]
		}
		if err := x.Add(uint64(i), text); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func fit(t interface{ Fatal(...any) }, x *lexical.Index, o Options) *Model {
	m, err := Fit(context.Background(), x, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func dot(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func embed(m *Model, text string) []float32 {
	v := make([]float32, m.Dims())
	m.Embed(v, text)
	return v
}

func TestWordsOfTheSameDocumentsAreNear(t *testing.T) {
	m := fit(t, topics(t, 80), Options{Dims: 2})
	if near := dot(embed(m, "car"), embed(m, "automobile")); near < 0.9 {
		t.Errorf("car · automobile = %.3f; want near 1, they keep the same company", near)
	}
	if far := dot(embed(m, "car"), embed(m, "bakery")); math.Abs(far) > 0.1 {
		t.Errorf("car · bakery = %.3f; want near 0", far)
	}
	v := embed(m, "engine and dough")
	if l := dot(v, v); math.Abs(l-1) > 1e-5 {
		t.Errorf("length = %v; want 1", l)
	}
	if v := embed(m, "zebra"); slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
		t.Errorf("unknown words = %v; want zero", v)
	}
}

// All dimensions keep all there is: the vectors' dot products are the texts'.
func TestFullRankLosesNothing(t *testing.T) {
	x := topics(t, 60)
	m := fit(t, x, Options{Dims: 19})
	if m.Captured() < 0.9999 {
		t.Errorf("captured %v with as many dimensions as terms; want 1", m.Captured())
	}
	if slices.IsSortedFunc(m.sigma, func(a, b float32) int { return -1 * int(math.Copysign(1, float64(a-b))) }) == false {
		t.Errorf("singular values %v don't descend", m.sigma)
	}
}

func TestSubspaceIsTheBestThereIs(t *testing.T) {
	x := topics(t, 60)
	whole, part := fit(t, x, Options{Dims: 19}), fit(t, x, Options{Dims: 5, Seed: 3})
	for i, s := range part.sigma {
		if d := math.Abs(float64(s-whole.sigma[i])) / float64(whole.sigma[0]); d > 1e-4 {
			t.Errorf("singular value %d = %v; want %v", i, s, whole.sigma[i])
		}
	}
}

func TestEigen(t *testing.T) {
	a := [][]float64{{4, 1, 2}, {1, 3, 0}, {2, 0, 1}}
	copied := [][]float64{{4, 1, 2}, {1, 3, 0}, {2, 0, 1}}
	values, vectors := eigen(copied)
	for i, v := range vectors {
		for r := range a {
			got := 0.0
			for c := range a {
				got += a[r][c] * v[c]
			}
			if math.Abs(got-values[i]*v[r]) > 1e-12 {
				t.Errorf("A·v%d[%d] = %v; want %v", i, r, got, values[i]*v[r])
			}
		}
	}
}

// The hash holds on every machine: CI runs it on amd64 and arm64.
const golden = "73f02155f932a3b93034f90ac1cbc4a0d322e3af2417f1ff220eba77a1e63323"

func TestSameCorpusAndSeedGiveTheSameBits(t *testing.T) {
	x := topics(t, 80)
	o := Options{Dims: 12, Seed: 7}
	first := fit(t, x, o).Hash()
	if got := hex.EncodeToString(first[:]); got != golden {
		t.Errorf("hash = %s; want %s", got, golden)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if fit(t, x, o).Hash() != first {
		t.Error("one CPU gives other bits than all")
	}
	if o.Seed = 8; fit(t, x, o).Hash() == first {
		t.Error("another seed gives the same bits: it isn't used")
	}
}

func TestTooLittleToLearnFrom(t *testing.T) {
	x := &lexical.Index{}
	for i, text := range []string{"", "one text", "another thing"} {
		if _, err := Fit(context.Background(), x, Options{}); !errors.Is(err, ErrTooSmall) {
			t.Errorf("fit on %d texts: %v; want ErrTooSmall", x.Len(), err)
		}
		if err := x.Add(uint64(i), text); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Fit(context.Background(), x, Options{Dims: -1}); err == nil || errors.Is(err, ErrTooSmall) {
		t.Errorf("dims -1: %v; want an error of the option", err)
	}
}

func TestSameTextsThroughout(t *testing.T) {
	x := &lexical.Index{}
	for i := range 50 {
		if err := x.Add(uint64(i), "the very same words again"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Fit(context.Background(), x, Options{}); !errors.Is(err, ErrTooSmall) {
		t.Errorf("fit on one text 50 times: %v; want ErrTooSmall, there is one direction", err)
	}
}

func TestFitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Fit(ctx, topics(t, 80), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("fit = %v; want canceled", err)
	}
}

func TestSampleIsSpreadAndBounded(t *testing.T) {
	x := topics(t, 1000)
	n := 0
	for range sample(x, 64) {
		n++
	}
	if n != 64 {
		t.Errorf("a sample of 64 has %d", n)
	}
	if m := fit(t, x, Options{Dims: 4, MaxDocs: 64}); m.Docs() != 1000 || m.Dims() != 4 {
		t.Errorf("model of a sample: %d documents, %d dimensions", m.Docs(), m.Dims())
	}
}

func TestFoldedInLikeFitted(t *testing.T) {
	x := topics(t, 80)
	m := fit(t, x, Options{Dims: 8})
	text := "car engine wheel wheel road"
	if err := x.Add(1000, text); err != nil {
		t.Fatal(err)
	}
	v := make([]float32, m.Dims())
	a := m.EmbedCounts(v, x, x.Counts(1000))
	w := make([]float32, m.Dims())
	b := m.Embed(w, text)
	if math.Abs(float64(a-b)) > 1e-6 || dot(v, w) < 0.99999 {
		t.Errorf("an indexed text and the text alone: captured %v and %v, dot %v", a, b, dot(v, w))
	}
}

func TestDriftTellsWhenANewFitIsDue(t *testing.T) {
	m := fit(t, topics(t, 200), Options{Dims: 8})
	v := make([]float32, m.Dims())
	var same, strange, many Drift
	for i := range 60 {
		same.Add(m.Embed(v, "car engine wheel brake"))
		strange.Add(m.Embed(v, fmt.Sprintf("engine nebula%d quasar%d galaxy comet", i, i)))
	}
	if why := same.Due(m); why != "" {
		t.Errorf("more of the same: %q; want not due", why)
	}
	if why := strange.Due(m); !strings.Contains(why, "doesn't know") {
		t.Errorf("another subject: %q; want due", why)
	}
	for range 101 {
		many.Remove()
	}
	if why := many.Due(m); !strings.Contains(why, "half") {
		t.Errorf("half has gone: %q; want due", why)
	}
}

func TestBinary(t *testing.T) {
	m := fit(t, topics(t, 80), Options{Dims: 6})
	form, _ := m.AppendBinary([]byte("before"))
	form = form[len("before"):]
	read, err := Parse(form)
	if err != nil {
		t.Fatal(err)
	}
	if read.Hash() != m.Hash() || !slices.Equal(embed(read, "car dough"), embed(m, "car dough")) || read.Docs() != m.Docs() {
		t.Error("a model that was read is another")
	}
	for n := range form {
		if _, err := Parse(form[:n]); !errors.Is(err, ErrFormat) {
			t.Fatalf("the first %d of %d bytes: %v; want ErrFormat", n, len(form), err)
		}
	}
	nan := slices.Clone(form)
	copy(nan[len(nan)-4:], "\xff\xff\xff\xff")
	if _, err := Parse(nan); !errors.Is(err, ErrFormat) {
		t.Errorf("a basis with NaN: %v; want ErrFormat", err)
	}
	if _, err := Parse(append(form, 0)); !errors.Is(err, ErrFormat) {
		t.Errorf("a byte more: %v; want ErrFormat", err)
	}
}

func FuzzParse(f *testing.F) {
	form, _ := fit(f, topics(f, 20), Options{Dims: 2}).AppendBinary(nil)
	f.Add(form)
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := Parse(src)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("error %v wraps no ErrFormat", err)
			}
			return
		}
		for _, x := range embed(m, "car engine dough") {
			if x != x {
				t.Fatal("a model that was accepted gives NaN")
			}
		}
	})
}
