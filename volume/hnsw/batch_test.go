package hnsw

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// slowScan is a Scan that adds in an order of its own, and counts.
type slowScan struct {
	parts int
}

func (s *slowScan) scan(dim int, queries, rows []float32, k int) ([]Near, error) {
	s.parts++
	var all []Near
	for q := range slices.Chunk(queries, dim) {
		var near []Near
		for i := range len(rows) / dim {
			sum := float32(0)
			for j := dim - 1; j >= 0; j-- {
				sum += float32(q[j] * rows[i*dim+j])
			}
			near = append(near, Near{uint32(i), sum})
		}
		slices.SortFunc(near, func(a, b Near) int {
			switch {
			case a.Score > b.Score || a.Score == b.Score && a.Row < b.Row:
				return -1
			}
			return 1
		})
		for len(near) < k {
			near = append(near, Near{Row: NoRow})
		}
		all = append(all, near[:k]...)
	}
	return all, nil
}

// TestExactAllIsExact, with vectors that were deleted, by scans of several parts
// and whatever the vectors are stored as.
func TestExactAllIsExact(t *testing.T) {
	for _, quant := range []Quant{Float32, SQ8, SQ8Rerank} {
		t.Run(quant.String(), func(t *testing.T) {
			w := newWorld(t, scanRows+700, Config{Quant: quant, M: 4, EfConstruction: 16})
			// Those that were nearest go, so that their rows are found and are none.
			for _, q := range w.queries[:20] {
				hits, err := w.Exact(q, 15)
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range hits {
					w.Delete(h.ID)
				}
			}
			s := &slowScan{}
			got, err := w.ExactAll(t.Context(), w.queries, 10, s.scan)
			if err != nil {
				t.Fatal(err)
			}
			for i, q := range w.queries {
				want, err := w.Exact(q, 10)
				if err != nil {
					t.Fatal(err)
				}
				wantNear(t, got[i], want)
			}
			if s.parts != 2 {
				t.Errorf("asked %d times; want once for each of 2 parts", s.parts)
			}
		})
	}
}

// wantNear compares hits but for what rounding makes of scores.
func wantNear(t *testing.T, got, want []Hit) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d hits; want %d", len(got), len(want))
	}
	for i := range want {
		if math.Abs(float64(got[i].Score-want[i].Score)) > 1e-5 || got[i].ID != want[i].ID && i+1 < len(want) && want[i].Score-want[i+1].Score > 1e-5 && (i == 0 || want[i-1].Score-want[i].Score > 1e-5) {
			t.Fatalf("hit %d is %v; want %v", i, got[i], want[i])
		}
	}
}

// TestExactAllLooksItself where more vectors are as near as the last than a scan
// was asked for.
func TestExactAllLooksItself(t *testing.T) {
	ix, err := New(Config{Dim: 8, ScanBelow: -1, M: 4, EfConstruction: 16, Quant: SQ8})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	same := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	for id := range uint64(200) {
		v := slices.Clone(same)
		if id%2 == 0 {
			for i := range v {
				v[i] = float32(r.NormFloat64())
			}
		}
		if err := ix.Add(id, v); err != nil {
			t.Fatal(err)
		}
	}
	// Of the hundred that are alike, a scan that prefers the last ones.
	scan := func(dim int, queries, rows []float32, k int) ([]Near, error) {
		var s slowScan
		found, err := s.scan(dim, queries, rows, len(rows)/dim)
		slices.SortStableFunc(found, func(a, b Near) int {
			if math.Abs(float64(a.Score-b.Score)) > 1e-5 {
				return int(math.Copysign(1, float64(b.Score-a.Score)))
			}
			return int(b.Row) - int(a.Row)
		})
		return found[:k], err
	}
	got, err := ix.ExactAll(t.Context(), [][]float32{same}, 10, scan)
	if err != nil {
		t.Fatal(err)
	}
	want, err := ix.Exact(same, 10)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got[0], want) {
		t.Errorf("%v; want those of the lowest slots, %v", got[0], want)
	}
}

func TestExactAllOfBadScans(t *testing.T) {
	w := newWorld(t, 300, Config{Quant: SQ8})
	failed := errors.New("no more")
	for name, scan := range map[string]Scan{
		"fails":   func(int, []float32, []float32, int) ([]Near, error) { return nil, failed },
		"too few": func(int, []float32, []float32, int) ([]Near, error) { return make([]Near, 3), nil },
		"no row": func(_ int, q, _ []float32, k int) ([]Near, error) {
			return slices.Repeat([]Near{{Row: 300}}, len(q)/testDim*k), nil
		},
		"unordered": func(_ int, q, _ []float32, k int) ([]Near, error) {
			return slices.Repeat([]Near{{1, 0.1}, {2, 0.5}}, len(q)/testDim*k/2), nil
		},
		"no number": func(_ int, q, _ []float32, k int) ([]Near, error) {
			return slices.Repeat([]Near{{1, float32(math.NaN())}}, len(q)/testDim*k), nil
		},
	} {
		if _, err := w.ExactAll(t.Context(), w.queries, 10, scan); err == nil {
			t.Errorf("%s: no error", name)
		} else if name == "fails" && !errors.Is(err, failed) {
			t.Errorf("%v; want %v", err, failed)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.ExactAll(ctx, w.queries, 10, (&slowScan{}).scan); !errors.Is(err, context.Canceled) {
		t.Errorf("%v after the end of the context", err)
	}
	if _, err := w.ExactAll(t.Context(), [][]float32{{1}}, 10, (&slowScan{}).scan); !errors.Is(err, ErrVector) {
		t.Errorf("%v for a query of another dimension", err)
	}
	if got, err := w.ExactAll(t.Context(), nil, 10, (&slowScan{}).scan); err != nil || len(got) != 0 {
		t.Errorf("no queries: %v, %v", got, err)
	}
}

// TestTuneByAScan finds what Tune finds alone.
func TestTuneByAScan(t *testing.T) {
	w := newWorld(t, 2000, Config{Quant: SQ8})
	want, err := w.Tune(t.Context(), TuneOptions{Sample: 50})
	if err != nil {
		t.Fatal(err)
	}
	s := &slowScan{}
	got, err := w.Tune(t.Context(), TuneOptions{Sample: 50, Scan: s.scan})
	if err != nil || got != want || s.parts != 1 {
		t.Errorf("%+v, %v, %d scans; want %+v by one", got, err, s.parts, want)
	}
}
