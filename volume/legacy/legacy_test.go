package legacy

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

var le = binary.LittleEndian

func table(entries ...string) []byte {
	b := le.AppendUint32(le.AppendUint32([]byte("RAYOSVOL"), 1), uint32(len(entries)/2))
	for i := 0; i < len(entries); i += 2 {
		k, v := entries[i], entries[i+1]
		b = le.AppendUint16(le.AppendUint16(b, uint16(len(k))), uint16(len(v)))
		b = append(le.AppendUint32(b, 0), k+v...)
		b = append(b, make([]byte, -len(k+v)&3)...)
	}
	return b
}

// hashed is the embedder of the old files: a sign at a place for each word.
func hashed(text string) []float32 {
	v := make([]float32, 8)
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		h := fnv.New64a()
		h.Write([]byte(w[:min(len(w), 32)]))
		sum := h.Sum64()
		sign := float32(1)
		if sum>>63 != 0 {
			sign = -1
		}
		v[sum%8] += sign
	}
	var norm float64
	for _, x := range v {
		norm += float64(x) * float64(x)
	}
	if norm > 0 {
		for i := range v {
			v[i] /= float32(math.Sqrt(norm))
		}
	}
	return v
}

func embeddings(texts ...string) []byte {
	b := le.AppendUint32(le.AppendUint32(le.AppendUint32([]byte("EMB0"), 1), 8), uint32(len(texts)))
	for _, t := range texts {
		b = append(le.AppendUint32(b, uint32(len(t))), t...)
		for _, x := range hashed(t) {
			b = le.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b
}

// ring is a graph in which each document knows the next and the one before.
func ring(n int) []byte {
	b := le.AppendUint32(le.AppendUint32([]byte("HNS0"), 1), uint32(n))
	b = le.AppendUint32(le.AppendUint32(b, 3), 0)
	for i := range n {
		b = le.AppendUint32(le.AppendUint32(b, uint32((i+1)%n)), uint32((i+n-1)%n))
		b = le.AppendUint32(b, none)
	}
	return b
}

func disk(capacity int, inputs ...string) []byte {
	b := make([]byte, Sector*(capacity+1))
	le.PutUint64(b, superMagic)
	le.PutUint64(b[8:], uint64(len(inputs)))
	le.PutUint64(b[16:], uint64(capacity)+1)
	for i, text := range inputs {
		s := b[Sector*(1+i%capacity):][:Sector]
		clear(s)
		copy(s, "RVOL")
		s[4] = InputKind
		le.PutUint16(s[6:], uint16(len(text)))
		copy(s[8:], text)
	}
	return b
}

var texts = []string{"doc: greeting from volume", "doc: the weather of tomorrow", "doc: how rings of descriptors work", "doc: windows and workspaces", "doc: sound"}

func set() map[string][]byte {
	return map[string][]byte{
		TableFile: table("greeting", "hello-from-volume", "k", ""), DocsFile: embeddings(texts...), GraphFile: ring(len(texts)),
	}
}

// put writes files and a manifest of them, without overwriting what is there.
func put(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	sums := map[string]string{}
	for name, b := range files {
		sums[name] = fmt.Sprintf("%x", sha256.Sum256(b))
		write(t, dir, name, b)
	}
	b, err := json.Marshal(sums)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, ManifestFile, b)
}

func write(t *testing.T, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAStagedFolderIsRead(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, set())
	st, err := Stage(dir)
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := st.Table.Get("greeting"); !ok || v != "hello-from-volume" {
		t.Errorf("greeting is %q, %v", v, ok)
	}
	if v, ok := st.Table.Get("none"); ok {
		t.Errorf("a key that isn't there is %q", v)
	}
	if keys := st.Table.Keys(); !slices.Equal(keys, []string{"greeting", "k"}) {
		t.Errorf("keys are %q", keys)
	}
	if got := slices.Collect(st.Docs.Docs()); !slices.Equal(got, texts) {
		t.Errorf("texts are %q", got)
	}
	if st.Sizes[TableFile] != len(set()[TableFile]) {
		t.Errorf("sizes are %v", st.Sizes)
	}
}

func TestTheGraphFindsWhatAScanFinds(t *testing.T) {
	d, err := ParseDocs(embeddings(texts...))
	if err != nil {
		t.Fatal(err)
	}
	g, err := ParseGraph(ring(len(texts)))
	if err != nil {
		t.Fatal(err)
	}
	q := hashed("greeting volume")
	walked, indexed := g.Search(d, q, 3)
	scanned := d.Nearest(q, 3)
	if !indexed || len(walked) != 3 || !slices.Equal(walked, scanned) {
		t.Errorf("the graph (%v) gives %v; a scan %v", indexed, walked, scanned)
	}
	if walked[0].Text != "doc: greeting from volume" {
		t.Errorf("the best is %q", walked[0].Text)
	}
	// A walk that ends too soon, or of another set, compares all.
	alone := ring(len(texts))
	for i := 20; i < len(alone); i += 4 {
		le.PutUint32(alone[i:], none)
	}
	for name, b := range map[string][]byte{"without links": alone, "of other documents": ring(3)} {
		g, err := ParseGraph(b)
		if err != nil {
			t.Fatal(name, err)
		}
		if got, indexed := g.Search(d, q, 3); indexed || !slices.Equal(got, scanned) {
			t.Errorf("%s: %v, %v; want %v of a scan", name, got, indexed, scanned)
		}
	}
	// 64 expansions on a ring reach 64 steps, alternately both ways, and no further.
	many := slices.Repeat([]string{"a"}, 400)
	many[200] = "b"
	if d, err = ParseDocs(embeddings(many...)); err != nil {
		t.Fatal(err)
	}
	if g, err = ParseGraph(ring(len(many))); err != nil {
		t.Fatal(err)
	}
	if got, indexed := g.Search(d, hashed("b"), 1); !indexed || got[0].Doc == 200 {
		t.Errorf("a bounded walk gives %v, %v", got, indexed)
	}
}

func TestTheLogIsARing(t *testing.T) {
	for _, c := range []struct{ written, want string }{
		{"", ""}, {"a b", "a b"}, {"a b c", "a b c"}, {"a b c d e", "c d e"},
	} {
		records, err := ParseLog(disk(3, strings.Fields(c.written)...))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range records {
			if r.Kind != InputKind {
				t.Errorf("kind %d", r.Kind)
			}
			got = append(got, string(r.Payload))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("of %q the log has %q; want %q", c.written, got, c.want)
		}
	}
	for name, change := range map[string]func([]byte){
		"no magic":                func(b []byte) { b[0]++ },
		"a ring of nothing":       func(b []byte) { le.PutUint64(b[16:], 1) },
		"a ring beyond the disk":  func(b []byte) { le.PutUint64(b[16:], 1<<63) },
		"a sector of other bytes": func(b []byte) { b[Sector]++ },
		"a payload too long":      func(b []byte) { le.PutUint16(b[Sector+6:], maxPayload+1) },
	} {
		b := disk(3, "a", "b")
		change(b)
		if _, err := ParseLog(b); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestFilesCutAnywhereAreRefused(t *testing.T) {
	for name, b := range set() {
		for n := range len(b) {
			if parse(name, b[:n]) == nil {
				t.Errorf("%s cut to %d of %d bytes is accepted", name, n, len(b))
			}
		}
		if parse(name, append(slices.Clone(b), 0)) == nil {
			t.Errorf("%s with a byte more is accepted", name)
		}
	}
}

func parse(name string, b []byte) error {
	var err error
	switch name {
	case TableFile:
		_, err = ParseTable(b)
	case DocsFile:
		_, err = ParseDocs(b)
	default:
		_, err = ParseGraph(b)
	}
	return err
}

func TestNumbersThatPromiseTooMuchAllocateNothing(t *testing.T) {
	for name, at := range map[string]int{TableFile: 12, DocsFile: 12, GraphFile: 8} {
		b := set()[name]
		le.PutUint32(b[at:], 0xFFFFFFF0)
		// A header refused takes an error and its text: a slice made for the
		// count would be gigabytes.
		if n := testing.AllocsPerRun(10, func() {
			if parse(name, b) == nil {
				t.Errorf("%s: such a count is accepted", name)
			}
		}); n > 12 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestEveryFlippedBitOfAStagedFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, set())
	for _, name := range []string{TableFile, DocsFile, GraphFile, ManifestFile} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for bit := range 8 * len(b) {
			b[bit/8] ^= 1 << (bit % 8)
			write(t, dir, name, b)
			if _, err := Stage(dir); err == nil {
				t.Errorf("%s with bit %d flipped is accepted", name, bit)
			}
			b[bit/8] ^= 1 << (bit % 8)
		}
		write(t, dir, name, b)
	}
	if _, err := Stage(dir); err != nil {
		t.Error("unchanged:", err)
	}
}

func TestWhatIsNoPlainFileIsRefused(t *testing.T) {
	for name, make := range map[string]func(string) error{
		"fifo":    func(p string) error { return unix.Mkfifo(p, 0o600) },
		"symlink": func(p string) error { return os.Symlink("other", p) },
		"device":  func(p string) error { return os.Symlink("/dev/zero", p) },
		"folder":  func(p string) error { return os.Mkdir(p, 0o700) },
		"huge":    func(p string) error { return sparse(p, MaxFile+1) },
		"missing": func(string) error { return nil },
	} {
		for _, file := range []string{TableFile, ManifestFile} {
			dir := t.TempDir()
			put(t, dir, set())
			p := filepath.Join(dir, file)
			if err := os.Rename(p, filepath.Join(dir, "other")); err != nil {
				t.Fatal(err)
			}
			if err := make(p); err != nil {
				t.Fatal(err)
			}
			if st, err := Stage(dir); err == nil || st != nil || !strings.Contains(err.Error(), file) {
				t.Errorf("%s as %s: %v", name, file, err)
			}
		}
	}
}

func sparse(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Truncate(size)
}

func TestSetsThatDontFit(t *testing.T) {
	dir := t.TempDir()
	if st, err := Stage(filepath.Join(dir, "none")); err != nil || st.Table != nil {
		t.Errorf("a folder that isn't there: %v, %v", st, err)
	}
	for name, change := range map[string]func(map[string][]byte){
		"graph of others":     func(s map[string][]byte) { s[GraphFile] = ring(2) },
		"graph alone":         func(s map[string][]byte) { delete(s, DocsFile) },
		"a file nobody knows": func(s map[string][]byte) { s["model.bin"] = []byte("x") },
		"a bad table":         func(s map[string][]byte) { s[TableFile] = []byte("RAYOSVOL") },
	} {
		dir, s := t.TempDir(), set()
		change(s)
		put(t, dir, s)
		if _, err := Stage(dir); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	// A file that the manifest says nothing about.
	s := set()
	delete(s, GraphFile)
	put(t, dir, s)
	write(t, dir, GraphFile, ring(len(texts)))
	if _, err := Stage(dir); err == nil {
		t.Error("a file without a hash is accepted")
	}
}

func FuzzTable(f *testing.F) {
	f.Add(table("greeting", "hello", "k", ""))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ParseTable(b)
		if err != nil {
			return
		}
		var entries []string
		for _, k := range v.Keys() {
			value, _ := v.Get(k)
			entries = append(entries, k, value)
		}
		if !slices.Equal(table(entries...), b) {
			t.Error("what was read isn't what is there")
		}
	})
}

func FuzzDocsWithGraph(f *testing.F) {
	f.Add(embeddings(texts...), ring(len(texts)))
	f.Fuzz(func(t *testing.T, docs, graph []byte) {
		g, gerr := ParseGraph(graph)
		d, err := ParseDocs(docs)
		if err != nil || gerr != nil {
			return
		}
		if hits, _ := g.Search(d, make([]float32, d.Dim()), 3); len(hits) != min(3, d.Len()) {
			t.Errorf("%d hits of %d documents", len(hits), d.Len())
		}
	})
}

func FuzzLog(f *testing.F) {
	f.Add(disk(2, "a", "b", "c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		records, err := ParseLog(b)
		if err == nil && len(records) > len(b)/Sector {
			t.Errorf("%d records in %d bytes", len(records), len(b))
		}
	})
}

func TestTextsOfOlderFiles(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		file []byte
		want []Text
	}{
		"table": {table("greeting", "hello-from-volume"), []Text{{"greeting", "greeting\nhello-from-volume"}}},
		"docs":  {embeddings("one", "two"), []Text{{"0", "one"}, {"1", "two"}}},
		"log":   {disk(2, "a", "b", "\xff", "c"), []Text{{"3", "c"}}},
		"graph": {ring(3), nil},
		"other": {[]byte("%PDF"), nil},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadTexts(path); !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
	if _, err := ReadTexts(dir); err == nil {
		t.Error("a folder is a file")
	}
}
