package volume

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/internal/oneline"
	"rayos/volume/file"
)

func someDocs() []*doc {
	return []*doc{
		{path: "/home/me/a.md", size: 10, time: time.Unix(5, 6), at: time.Unix(7, 8), first: 1, hash: [32]byte{1, 2}, chunks: []chunk{
			{heading: "Rings", to: 4, line: 1, text: []byte("text")}, {heading: "Rings", from: 5, to: 9, line: 3, text: []byte("more")},
		}},
		{path: Imported + "rvol/1", first: 3},
		{path: "/home/me/b.pdf", first: 3, chunks: []chunk{{to: 1, page: 2, text: []byte("x")}}},
	}
}

func TestFormOfDocuments(t *testing.T) {
	want := someDocs()
	head, texts := docsSection(want)
	section := slices.Concat(head, bytes.Join(texts, nil))
	got, err := parseDocs(section)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d documents, %v", len(got), err)
	}
	for i, d := range got {
		if !d.time.Equal(want[i].time) || !d.at.Equal(want[i].at) || d.path != want[i].path || d.hash != want[i].hash || d.first != want[i].first {
			t.Errorf("read %+v; want %+v", d, want[i])
		}
		if !slices.EqualFunc(d.chunks, want[i].chunks, func(a, b chunk) bool {
			return a.heading == b.heading && a.from == b.from && a.to == b.to && a.line == b.line && a.page == b.page && bytes.Equal(a.text, b.text)
		}) {
			t.Errorf("read %+v; want %+v", d.chunks, want[i].chunks)
		}
		again, err := parseRecord(bytes.Join(record(d), nil))
		if err != nil || again.path != d.path || len(again.chunks) != len(d.chunks) {
			t.Errorf("a record: %+v, %v", again, err)
		}
	}
	for n := range section {
		if _, err := parseDocs(section[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were read", n, len(section))
		}
	}
	for _, path := range []string{"", "relative", strings.Repeat("/", maxPath+1)} {
		if _, err := parseRecord(appendDoc(nil, &doc{path: path})); err == nil {
			t.Errorf("the path %.20q was read", path)
		}
	}
}

// FuzzDocuments reads sections and records of anybody's: they are refused, or can
// be written again as they are.
func FuzzDocuments(f *testing.F) {
	head, texts := docsSection(someDocs())
	f.Add(slices.Concat(head, bytes.Join(texts, nil)))
	for _, d := range someDocs() {
		f.Add(bytes.Join(record(d), nil))
	}
	f.Add((&told{id: "one", dims: 2, ids: []uint64{1, 300}, rows: []float32{1, 0, 0, 1}}).bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := parseTold(b); err == nil && !bytes.HasSuffix(b, file.Bytes(v.rows)) {
			t.Fatalf("read %+v", v)
		}
		if list, err := parseDocs(b); err == nil {
			head, texts := docsSection(list)
			if again, err := parseDocs(slices.Concat(head, bytes.Join(texts, nil))); err != nil || len(again) != len(list) {
				t.Fatalf("written again: %d of %d documents, %v", len(again), len(list), err)
			}
		}
		if d, err := parseRecord(b); err == nil {
			if again, err := parseRecord(bytes.Join(record(d), nil)); err != nil || again.path != d.path {
				t.Fatalf("written again: %+v, %v", again, err)
			}
		}
	})
}

// FuzzSnippet shows parts of anybody's texts.
func FuzzSnippet(f *testing.F) {
	f.Add("a virtqueue \x1b[31m\u202e has rings", "virtqueue ring")
	f.Add(strings.Repeat("ü ", 300)+"ring"+strings.Repeat("x", 300), "ring")
	f.Fuzz(func(t *testing.T, text, query string) {
		asked := map[string]bool{}
		for w := range strings.FieldsSeq(query) {
			asked[w] = true
		}
		s, from := snippet(text, asked)
		if from < 0 || from > len(text) || len(s) > 4*long || oneline.Of(s, 0) != s && strings.TrimSpace(s) != "…" {
			t.Fatalf("%q from %d of %q", s, from, text)
		}
	})
}
