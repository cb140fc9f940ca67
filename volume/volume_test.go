package volume_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"rayos/internal/oneline"
	"rayos/volume"
	"rayos/volume/eval"
)

func open(t testing.TB, o volume.Options) *volume.Volume {
	t.Helper()
	v, err := volume.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// write makes files in a folder of texts by their names.
func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func index(t testing.TB, v *volume.Volume, folders ...string) {
	t.Helper()
	if _, err := v.Index(context.Background(), volume.Indexing{Folders: folders}); err != nil {
		t.Fatal(err)
	}
}

func search(t testing.TB, v *volume.Volume, q volume.Query) volume.Found {
	t.Helper()
	found, err := v.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// notes are the documents and queries of package eval's test data.
func notes(t testing.TB) *eval.Collection {
	b, err := os.ReadFile("eval/testdata/notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := &eval.Collection{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if id, ok := strings.CutPrefix(line, "# "); ok {
			n, err := strconv.ParseUint(id, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			c.Documents = append(c.Documents, eval.Document{ID: n})
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
			c.Queries = append(c.Queries, eval.Query{Text: text, Relevant: relevant})
		} else {
			c.Documents[len(c.Documents)-1].Text += line
		}
	}
	return c
}

// noteFiles writes the documents of a collection as files.
func noteFiles(t testing.TB, c *eval.Collection) string {
	dir := t.TempDir()
	for _, d := range c.Documents {
		write(t, dir, map[string]string{fmt.Sprintf("%d.txt", d.ID): d.Text})
	}
	return dir
}

// ndcg measures a volume that holds the collection's files.
func ndcg(t testing.TB, v *volume.Volume, c *eval.Collection) float64 {
	return c.NDCG(10, func(q string) []uint64 {
		var ids []uint64
		for _, h := range search(t, v, volume.Query{Text: q, Files: true}).Hits {
			id, err := strconv.ParseUint(strings.TrimSuffix(filepath.Base(h.Path), ".txt"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		return ids
	})
}

func TestNotesAreFound(t *testing.T) {
	c := notes(t)
	v := open(t, volume.Options{Dims: 16})
	index(t, v, noteFiles(t, c))
	s := v.Stats()
	if s.Docs != len(c.Documents) || s.Vectors == 0 || s.Why != "" {
		t.Fatalf("%+v; want %d documents with vectors", s, len(c.Documents))
	}
	if got := ndcg(t, v, c); got < 0.85 {
		t.Errorf("nDCG@10 = %.4f; want at least 0.85", got)
	} else {
		t.Logf("nDCG@10 = %.4f", got)
	}
	both := 0
	for _, q := range c.Queries {
		for _, h := range search(t, v, volume.Query{Text: q.Text}).Hits {
			if h.Legs == volume.ByWords|volume.ByMeaning {
				both++
			}
		}
	}
	if both == 0 {
		t.Error("no hit was found by words and by meaning")
	}
}

// Cranfield's files come from who measures: the collection has no licence.
func TestCranfield(t *testing.T) {
	dir := os.Getenv("RAYOS_CRANFIELD")
	if dir == "" {
		t.Skip("RAYOS_CRANFIELD names no folder with the Cranfield collection in TREC's form")
	}
	c, err := eval.Cranfield(dir)
	if err != nil {
		t.Fatal(err)
	}
	v := open(t, volume.Options{})
	index(t, v, noteFiles(t, c))
	got := ndcg(t, v, c)
	t.Logf("nDCG@10 = %.4f, %+v", got, v.Stats())
	if got < 0.40 {
		t.Errorf("nDCG@10 = %.4f; want at least 0.40", got)
	}
}

func TestWordsAloneUntilThereIsEnoughToLearnFrom(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"one.md": "# Virtqueues\n\nA descriptor chain is a request.\n"})
	v := open(t, volume.Options{})
	if found := search(t, v, volume.Query{Text: "virtqueue"}); len(found.Hits) != 0 || found.Words == "" {
		t.Errorf("an empty volume finds %+v", found)
	}
	index(t, v, dir)
	found := search(t, v, volume.Query{Text: "the virtqueues"})
	if len(found.Hits) != 1 || found.Hits[0].Legs != volume.ByWords || found.Words == "" {
		t.Errorf("found %+v", found)
	}
}

func TestHitSaysWhere(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a/long.txt":   strings.Repeat("Nothing is said here about it.\n", 30) + "The balloon gives memory back to the host.\n" + strings.Repeat("And then again nothing.\n", 5),
		"b/cooking.md": "# Soup\n\nWater and salt.\n\n# Bread\n\nFlour, water, a balloon whisk.\n",
	})
	v := open(t, volume.Options{})
	index(t, v, dir)
	found := search(t, v, volume.Query{Text: "balloon memory", Folder: filepath.Join(dir, "a")})
	if len(found.Hits) != 1 {
		t.Fatalf("found %+v", found)
	}
	h := found.Hits[0]
	if h.Line < 28 || h.Line > 31 || !strings.Contains(h.Snippet, "balloon gives memory") || len(h.Snippet) > 300 {
		t.Errorf("found %+v; want line 31 or just above", h)
	}
	for q, want := range map[string]int{"the balloon memory": 1, "balloon": 2, "balloon whisk memory": 0, "the of": 0, "": 0} {
		if n := len(search(t, v, volume.Query{Text: q, All: true}).Hits); n != want {
			t.Errorf("%d chunks have all of %q; want %d", n, q, want)
		}
	}
	found = search(t, v, volume.Query{Text: "whisk"})
	if len(found.Hits) != 1 || found.Hits[0].Heading != "Bread" || found.Hits[0].Line != 5 {
		t.Errorf("found %+v", found)
	}
}

func TestIndexFollowsTheFolder(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.txt": "zebra one", "b.txt": "zebra two", "sub/c.txt": "zebra three"})
	v := open(t, volume.Options{})
	index(t, v, dir)
	write(t, dir, map[string]string{"a.txt": "giraffe"})
	if err := os.Remove(filepath.Join(dir, "b.txt")); err != nil {
		t.Fatal(err)
	}
	r, err := v.Index(ctx, volume.Indexing{Folders: []string{dir, filepath.Join(dir, "sub")}})
	if err != nil || r.Files != 1 {
		t.Errorf("read %+v, %v; want one file", r, err)
	}
	if found := search(t, v, volume.Query{Text: "zebra"}); len(found.Hits) != 1 || filepath.Base(found.Hits[0].Path) != "c.txt" {
		t.Errorf("found %+v", found)
	}
	if found := search(t, v, volume.Query{Text: "giraffe"}); len(found.Hits) != 1 {
		t.Errorf("found %+v", found)
	}
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Index(ctx, volume.Indexing{Folders: []string{dir}}); err == nil {
		t.Error("a folder that isn't there was indexed")
	}
	if n := v.Stats().Docs; n != 2 {
		t.Errorf("%d documents are left of a disk that isn't connected; want 2", n)
	}
	n, err := v.Forget(ctx, filepath.Join(dir, "sub"))
	if err != nil || n != 1 || v.Stats().Docs != 1 {
		t.Errorf("forgot %d, %v; %+v", n, err, v.Stats())
	}
	tail := v.Tail(2)
	if len(tail) != 2 || tail[1].Step != volume.Forgotten {
		t.Errorf("tail %+v", tail)
	}
}

func TestSimilar(t *testing.T) {
	c := notes(t)
	v := open(t, volume.Options{Dims: 16})
	dir := noteFiles(t, c)
	index(t, v, dir)
	path := filepath.Join(dir, fmt.Sprintf("%d.txt", c.Documents[0].ID))
	found, err := v.Similar(context.Background(), path, 3)
	if err != nil || len(found.Hits) != 3 {
		t.Fatalf("%+v, %v", found, err)
	}
	for _, h := range found.Hits {
		if h.Path == path {
			t.Error("a document is like itself")
		}
	}
	if _, err := v.Similar(context.Background(), "/nowhere", 3); err == nil {
		t.Error("similar to nothing")
	}
}

// TestHostileFolder: names and texts are data.
func TestHostileFolder(t *testing.T) {
	dir := t.TempDir()
	evil := "virtqueue \x1b[31mred\x1b[0m \u202egnp.exe\u202c \u2066a\u2069 \u200bzero\ufeff\n:run rm\r\nafter"
	write(t, dir, map[string]string{"new\nline.txt": evil, "\x1b]0;x\a.txt": "virtqueue too", "\u202etxt.exe.txt": "virtqueue three"})
	huge := filepath.Join(dir, "huge.txt")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(huge, []byte("text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Skip(err)
	}
	v := open(t, volume.Options{})
	r, err := v.Index(context.Background(), volume.Indexing{Folders: []string{dir}})
	if err != nil || r.Files != 3 {
		t.Fatalf("read %+v, %v; want three files", r, err)
	}
	found := search(t, v, volume.Query{Text: "virtqueue"})
	if len(found.Hits) != 3 {
		t.Errorf("found %+v", found)
	}
	for _, h := range found.Hits {
		for _, s := range []string{h.Snippet, oneline.Of(h.Path, 0)} {
			if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
				t.Errorf("%q may not be shown", s)
			}
		}
	}
}

// TestSearchesBesideAnIndex is for -race: they see each file as it was or is.
func TestSearchesBesideAnIndex(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	for i := range 60 {
		write(t, dir, map[string]string{fmt.Sprintf("%d.txt", i): fmt.Sprintf("virtqueue note %d about descriptor %d and ring %d", i, i%7, i%5)})
	}
	v := open(t, volume.Options{Dims: 8})
	index(t, v, dir)
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for ctx.Err() == nil {
				found, err := v.Search(context.Background(), volume.Query{Text: "virtqueue descriptor ring", N: 200, Files: true})
				if err != nil || len(found.Hits) != 60 {
					t.Errorf("%d hits, %v", len(found.Hits), err)
					return
				}
				v.Stats()
			}
		})
	}
	for n := range 4 {
		for i := range 60 {
			write(t, dir, map[string]string{fmt.Sprintf("%d.txt", i): fmt.Sprintf("virtqueue note %d about descriptor %d and ring %d, again %d", i, i%7, i%5, n)})
		}
		if _, err := v.Index(context.Background(), volume.Indexing{Folders: []string{dir}}); err != nil {
			t.Error(err)
		}
	}
	if err := v.Learn(context.Background()); err != nil {
		t.Error(err)
	}
	cancel()
	wg.Wait()
}

// TestOneIndexAtATime: the second finds everything read.
func TestOneIndexAtATime(t *testing.T) {
	const files = 200
	dir := t.TempDir()
	for i := range files {
		write(t, dir, map[string]string{fmt.Sprintf("%d.txt", i): fmt.Sprintf("zebra %d", i)})
	}
	v := open(t, volume.Options{})
	var second sync.WaitGroup
	_, err := v.Index(context.Background(), volume.Indexing{Folders: []string{dir}, Progress: func(p volume.Progress) {
		if p.Done != 1 {
			for range 20 { // another one would be faster than this
				search(t, v, volume.Query{Text: "zebra"})
			}
			return
		}
		second.Go(func() {
			r, err := v.Index(context.Background(), volume.Indexing{Folders: []string{dir}})
			if err != nil || r.Files != 0 || r.Same != files {
				t.Errorf("the second read %+v, %v", r, err)
			}
		})
	}})
	second.Wait()
	if err != nil || v.Stats().Docs != files {
		t.Errorf("%v, %+v", err, v.Stats())
	}
}

func TestCancelledIndexGoesOn(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		write(t, dir, map[string]string{fmt.Sprintf("%02d.txt", i): fmt.Sprintf("zebra %d", i)})
	}
	v := open(t, volume.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last volume.Progress
	_, err := v.Index(ctx, volume.Indexing{Folders: []string{dir}, Progress: func(p volume.Progress) {
		if last = p; p.Done == 7 {
			cancel()
		}
	}})
	if err == nil || last.Files != 20 || v.Stats().Docs != 7 {
		t.Fatalf("%v, %+v, %+v", err, last, v.Stats())
	}
	r, err := v.Index(context.Background(), volume.Indexing{Folders: []string{dir}})
	if err != nil || r.Files != 13 || r.Same != 7 || v.Stats().Docs != 20 {
		t.Errorf("went on with %+v, %v; %+v", r, err, v.Stats())
	}
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.txt": "zebra"})
	v := open(t, volume.Options{})
	index(t, v, dir)
	ctx, cancel := context.WithCancel(context.Background())
	changed := make(chan struct{}, 8)
	ended := make(chan error)
	go func() { ended <- v.Watch(ctx, []string{dir}, func() { changed <- struct{}{} }) }()
	await := func(want []string) {
		t.Helper()
		for {
			var got []string
			for _, h := range search(t, v, volume.Query{Text: "zebra giraffe"}).Hits {
				got = append(got, filepath.Base(h.Path))
			}
			slices.Sort(got)
			if slices.Equal(got, want) {
				return
			}
			select {
			case <-changed:
			case err := <-ended:
				t.Fatalf("have %v; want %v: the watch ended with %v", got, want, err)
			case <-t.Context().Done():
				t.Fatal("the test's time is over")
			}
		}
	}
	<-changed // it watches, and has looked
	write(t, dir, map[string]string{"b.txt": "giraffe"})
	await([]string{"a.txt", "b.txt"})
	if err := os.Remove(filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	await([]string{"b.txt"})
	cancel()
	<-ended
}

func TestImport(t *testing.T) {
	v := open(t, volume.Options{})
	docs := []volume.Document{{Name: "1", Text: "an old record about virtqueues"}, {Name: "2", Text: "\xff\xfe zebra"}}
	for i, want := range []int{2, 0} {
		r, err := v.Import(context.Background(), "rvol", docs)
		if err != nil || r.Files != want {
			t.Errorf("import %d: %+v, %v; want %d documents", i, r, err, want)
		}
	}
	found := search(t, v, volume.Query{Text: "virtqueue"})
	if len(found.Hits) != 1 || found.Hits[0].Path != "import:rvol/1" {
		t.Errorf("found %+v", found)
	}
}
