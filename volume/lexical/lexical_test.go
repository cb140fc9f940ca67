package lexical

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Pages of the guest's virtqueues", "pag of the guest virtqueu"},
		{"running runs ran", "run run ran"},
		{"classes class boxes stories story", "class class box stori stori"},
		{"Zürich naïve ﬁle", "zurich naiv fil"},
		{"virtio_net", "virtio net virtio_net"},
		{"HTTPServer getURL", "http server httpserver get url geturl"},
		{"sha256 x86_64", "sha256 x86 64 x86_64"},
		{"日本語", "日本 本語"},
		{"語", "語"},
		{"\u0301 a\u0301x \u0302\u0303", "ax"},
		{"a b 7", "7"},
		{"ab\xffcd\x00ef", "ab cd ef"},
		{strings.Repeat("xy", 5000), strings.Repeat("xy", MaxTerm/2-1) + "xi"},
		{strings.Repeat("éo", 5000), strings.Repeat("eo", MaxTerm/2)},
		{"", ""},
	} {
		if got := strings.Join(Terms(nil, c.text), " "); got != c.want {
			t.Errorf("Terms(%.40q) = %q; want %q", c.text, got, c.want)
		}
	}
}

func FuzzTerms(f *testing.F) {
	f.Add("virtio_net HTTPServer 日本語 naïve \xff")
	f.Fuzz(func(t *testing.T, text string) {
		for _, term := range Terms(nil, text) {
			if term == "" || len(term) > 2*MaxTerm {
				t.Errorf("Terms(%q) has %q", text, term)
			}
		}
	})
}

func TestLogIsTheLogarithm(t *testing.T) {
	for _, x := range []float64{1e-300, 1e-9, 0.5, 0.999999, 1, 1.0000001, 1.4142, 2, 3, 10, 12345.678, 1e300} {
		if got, want := Log(x), math.Log(x); math.Abs(got-want) > 2e-15*max(1, math.Abs(want)) {
			t.Errorf("Log(%g) = %g; want %g", x, got, want)
		}
	}
}

func ids(hits []Hit) []uint64 {
	var all []uint64
	for _, h := range hits {
		all = append(all, h.ID)
	}
	return all
}

func add(t interface{ Fatal(...any) }, x *Index, id uint64, text string) {
	if err := x.Add(id, text); err != nil {
		t.Fatal(err)
	}
}

func small(t *testing.T) *Index {
	x := &Index{}
	for i, text := range []string{
		"the kernel moves pages of a guest to swap",
		"a descriptor chain in a virtqueue of the guest",
		"bread needs flour and water and time",
		"virtqueues: avail ring, used ring, descriptor table; a virtqueue has a size",
	} {
		add(t, x, uint64(i+1), text)
	}
	return x
}

func TestRareTermsAndShortTextsRankFirst(t *testing.T) {
	x := small(t)
	if got := ids(x.Search("what is in a virtqueue", 10)); !slices.Equal(got, []uint64{4, 2}) {
		t.Errorf("virtqueue = %v; want 4, 2", got)
	}
	if got := ids(x.Search("guest virtqueue", 10)); !slices.Equal(got, []uint64{2, 4, 1}) {
		t.Errorf("guest virtqueue = %v; want 2, 4, 1", got)
	}
	if got := x.Search("zebra", 10); got != nil {
		t.Errorf("zebra = %v; want none", got)
	}
	if got := ids(x.Search("the", 10)); !slices.Equal(got, []uint64{2, 1}) {
		t.Errorf("a query of common words alone = %v; want 2 texts", got)
	}
	if got := ids(x.SearchFunc(Terms(nil, "guest"), 1, func(id uint64) bool { return id != 1 })); !slices.Equal(got, []uint64{2}) {
		t.Errorf("filtered = %v; want 2", got)
	}
}

// BM25 by hand: one document of two has the term once; lengths are 2 and 4.
func TestScoreIsBM25(t *testing.T) {
	x := &Index{}
	add(t, x, 1, "alpha beta")
	add(t, x, 2, "gamma delta epsilon zeta")
	hit := x.Search("alpha", 1)[0]
	want := math.Ln2 * 2.2 / (1 + 1.2*(0.4+0.6*2/3.0))
	if math.Abs(float64(hit.Score)-want) > 1e-6 {
		t.Errorf("score = %v; want %v", hit.Score, want)
	}
}

func TestEqualScoresGoByID(t *testing.T) {
	x := &Index{}
	for _, id := range []uint64{9, 3, 7, 1, 5} {
		add(t, x, id, "same words")
	}
	if got := ids(x.Search("words", 3)); !slices.Equal(got, []uint64{1, 3, 5}) {
		t.Errorf("equal documents = %v; want 1, 3, 5", got)
	}
}

// Any order of additions and removals searches like an index of what is left.
func TestChangedIndexIsLikeAFreshOne(t *testing.T) {
	words := strings.Fields("kernel guest page ring swap bread flour water time table")
	rapid.Check(t, func(t *rapid.T) {
		x, texts := &Index{}, map[uint64]string{}
		var order []uint64
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			id := rapid.Uint64Range(0, 120).Draw(t, "id")
			if i := slices.Index(order, id); i >= 0 {
				order = slices.Delete(order, i, i+1)
			}
			if rapid.IntRange(0, 2).Draw(t, "kind") == 0 {
				_, was := texts[id]
				if x.Delete(id) != was {
					t.Fatalf("Delete(%d) = %v", id, !was)
				}
				delete(texts, id)
				continue
			}
			texts[id] = strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 8).Draw(t, "text"), " ")
			order = append(order, id)
			add(t, x, id, texts[id])
		}
		fresh := &Index{}
		for _, id := range order {
			add(t, fresh, id, texts[id])
		}
		form, _ := x.AppendBinary(nil)
		read, err := Parse(form)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []*Index{fresh, read} {
			for _, q := range words {
				if got, want := x.Search(q+" page", 20), other.Search(q+" page", 20); !slices.Equal(got, want) {
					t.Fatalf("%s: %v; want %v", q, got, want)
				}
			}
		}
		if again, _ := read.AppendBinary(nil); !bytes.Equal(again, form) {
			t.Fatal("a form that was read is written differently")
		}
	})
}

func TestRemovalsAreForgotten(t *testing.T) {
	x := &Index{}
	for i := range 5000 {
		add(t, x, uint64(i+100), fmt.Sprintf("note number%d", i))
		x.Delete(uint64(i))
	}
	if x.Len() != 100 || len(x.docs) > 300 || x.NumTerms() > 600 {
		t.Errorf("%d documents take %d places and %d terms", x.Len(), len(x.docs), x.NumTerms())
	}
}

func TestParseRefuses(t *testing.T) {
	form, _ := small(t).AppendBinary(nil)
	for n := range form {
		if _, err := Parse(form[:n]); !errors.Is(err, ErrFormat) {
			t.Fatalf("the first %d bytes of %d: %v; want ErrFormat", n, len(form), err)
		}
	}
	for name, bad := range map[string][]byte{
		"more behind":    append(slices.Clone(form), 0),
		"other magic":    append([]byte("RLX2"), form[4:]...),
		"a huge promise": append([]byte("RLX1"), 0xff, 0xff, 0xff, 0x07),
	} {
		if _, err := Parse(bad); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v; want ErrFormat", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	var x Index
	for i, text := range []string{"one two two", "three", "two 日本語"} {
		add(f, &x, uint64(i), text)
	}
	form, _ := x.AppendBinary(nil)
	f.Add(form)
	f.Add([]byte("RLX1\x00\x00"))
	f.Fuzz(func(t *testing.T, src []byte) {
		x, err := Parse(src)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("error %v wraps no ErrFormat", err)
			}
			return
		}
		x.Search("one two", 3)
		x.Delete(1)
		form, _ := x.AppendBinary(nil)
		if _, err := Parse(form); err != nil {
			t.Errorf("what was parsed and written again: %v", err)
		}
	})
}
