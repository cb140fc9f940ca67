package volume_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rayos/volume"
	"rayos/volume/lexical"
)

// hasher is an embedder: each word is a direction.
type hasher struct {
	name string
	dims int

	mu    sync.Mutex
	texts int // that it was asked about
	most  int // then it fails; 0 is never
	known bool
}

func (h *hasher) ID() string { return h.name }

func (h *hasher) Hash() ([sha256.Size]byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return sha256.Sum256(fmt.Append(nil, h.name, h.dims)), h.known
}

func (h *hasher) Embed(_ context.Context, texts []string) ([][]float32, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.texts += len(texts); h.most > 0 && h.texts > h.most {
		return nil, errors.New("the server is gone")
	}
	h.known = true
	var rows [][]float32
	for _, text := range texts {
		row := make([]float32, h.dims)
		row[0] = 0.01
		for _, t := range lexical.Terms(nil, text) {
			if !lexical.Common(t) {
				f := fnv.New32a()
				f.Write([]byte(h.name + t))
				row[int(f.Sum32())%h.dims]++
			}
		}
		var sum float64
		for _, x := range row {
			sum += float64(x) * float64(x)
		}
		for i := range row {
			row[i] /= float32(math.Sqrt(sum))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func TestEmbedderOfTheirChoice(t *testing.T) {
	ctx := context.Background()
	dir, home := t.TempDir(), t.TempDir()
	for i := range 70 {
		write(t, dir, map[string]string{fmt.Sprintf("%02d.txt", i): fmt.Sprintf("zebra%d giraffe%d", i, i)})
	}
	e := &hasher{name: "one", dims: 64, most: 40}
	with := func(e volume.Embedder) *volume.Volume {
		t.Helper()
		v, err := volume.Open(ctx, volume.Options{Dir: home, Embedder: e, Dims: 16})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := with(e)
	// The server goes in the midst of it: words alone decide, and that is said.
	if _, err := v.Index(ctx, volume.Indexing{Folders: []string{dir}}); err == nil {
		t.Error("the server is gone, and nobody is told")
	}
	found := search(t, v, volume.Query{Text: "zebra7"})
	if len(found.Hits) != 1 || found.Hits[0].Legs != volume.ByWords || !strings.Contains(found.Words, "38 of 70 pieces have no vectors of one") {
		t.Errorf("found %+v", found)
	}
	// It comes back: what it has told isn't asked again, also after a restart.
	shut(t, v)
	e = &hasher{name: "one", dims: 64}
	v = with(e)
	index(t, v, dir)
	if s := v.Stats(); s.Vectors != 70 || s.Why != "" || s.Embedder != "one" || e.texts != 38 {
		t.Errorf("%+v after %d texts; want 38", s, e.texts)
	}
	if h := search(t, v, volume.Query{Text: "zebra7"}).Hits; len(h) == 0 || h[0].Legs != volume.ByWords|volume.ByMeaning || filepath.Base(h[0].Path) != "07.txt" {
		t.Errorf("found %+v", h)
	}
	// Its model is another one by now: all are asked for anew.
	e.dims, e.texts = 48, 0
	write(t, dir, map[string]string{"70.txt": "zebra70"})
	index(t, v, dir)
	if s := v.Stats(); s.Vectors != 71 || s.Dims != 48 || s.Why != "" || e.texts < 71 {
		t.Errorf("%+v after %d texts; want 71 vectors of 48 dimensions", s, e.texts)
	}
	// A server that doesn't answer leaves the words.
	e.most = 1
	if f := search(t, v, volume.Query{Text: "zebra7"}); len(f.Hits) != 1 || !strings.Contains(f.Words, "doesn't answer") {
		t.Errorf("found %+v", f)
	}
	shut(t, v)

	// Another embedder's vectors are never compared: all are made anew.
	other := &hasher{name: "other", dims: 32}
	v = with(other)
	if f := search(t, v, volume.Query{Text: "zebra7"}); f.Words == "" || other.texts != 0 {
		t.Errorf("found %+v", f)
	}
	if err := v.Learn(ctx); err != nil {
		t.Fatal(err)
	}
	if s := v.Stats(); s.Vectors != 71 || s.Dims != 32 || s.Embedder != "other" || s.Why != "" {
		t.Errorf("%+v", s)
	}
	if err := v.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	whole(t, v)
	shut(t, v)
	asked := other.texts
	v = with(other)
	if s := v.Stats(); s.Vectors != 71 || s.Why != "" || other.texts != asked {
		t.Errorf("opened again: %+v, %d texts were asked again", s, other.texts-asked)
	}
	shut(t, v)

	// And with the model of the documents again.
	v = lasting(t, home)
	if s := v.Stats(); s.Vectors != 0 || s.Why == "" {
		t.Errorf("%+v", s)
	}
	shut(t, v)
}
