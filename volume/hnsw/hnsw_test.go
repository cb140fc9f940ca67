package hnsw

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// clustered are n vectors around centres, as embeddings of texts lie.
func clustered(seed uint64, n, dim, centres int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	cs := make([]float32, centres*dim)
	for i := range cs {
		cs[i] = float32(r.NormFloat64())
	}
	vs := make([]float32, n*dim)
	for i := range n {
		c := cs[r.IntN(centres)*dim:][:dim]
		for j := range dim {
			vs[i*dim+j] = c[j] + float32(0.7*r.NormFloat64())
		}
	}
	return vs
}

func numbered(n int) []uint64 {
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = uint64(i)*7 + 3
	}
	return ids
}

// world is an index that always walks, with what is in it and queries.
type world struct {
	*Index
	ids     []uint64
	vs      []float32
	queries [][]float32
}

const testDim = 40

func newWorld(t testing.TB, n int, c Config) *world {
	t.Helper()
	c.Dim, c.ScanBelow = testDim, -1
	if c.M == 0 {
		c.M, c.EfConstruction = 8, 100
	}
	ix, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	const queries = 100
	all := clustered(7, n+queries, testDim, 30)
	w := &world{Index: ix, ids: numbered(n), vs: all[:n*testDim]}
	for q := range slices.Chunk(all[n*testDim:], testDim) {
		w.queries = append(w.queries, q)
	}
	if err := ix.AddBatch(w.ids, w.vs); err != nil {
		t.Fatal(err)
	}
	return w
}

// recall is the part of the 10 exact nearest among the wanted that searches find.
func (w *world) recall(t testing.TB, o Options) float64 {
	t.Helper()
	found, all := 0, 0
	exact := o
	exact.Exact = true
	for _, q := range w.queries {
		want, err := w.Search(q, 10, exact)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Search(q, 10, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(got); i++ {
			if got[i].Score > got[i-1].Score {
				t.Fatalf("hits are not the nearest first: %v", got)
			}
		}
		for _, h := range got {
			if slices.ContainsFunc(want, func(x Hit) bool { return x.ID == h.ID }) {
				found++
			}
		}
		all += len(want)
	}
	return float64(found) / float64(all)
}

// invariants checks what the package's doc states.
func invariants(t testing.TB, ix *Index) {
	t.Helper()
	into := make([]map[uint32]bool, len(ix.levels))
	inUse, highest := 0, free
	for i, level := range ix.levels {
		slot := uint32(i)
		if level == free {
			continue
		}
		inUse++
		highest = max(highest, int(level))
		if ix.slots[ix.ids[slot]] != slot {
			t.Fatalf("slot %d has id %d, which is in slot %d", slot, ix.ids[slot], ix.slots[ix.ids[slot]])
		}
		for l := range int(level) + 1 {
			list := ix.neighbours(slot, l)
			links := used(list)
			for j, v := range links {
				if int(ix.levels[v]) < l || v == slot || slices.Contains(links[:j], v) {
					t.Fatalf("slot %d has a bad link to %d (level %d) on level %d: %v", slot, v, ix.levels[v], l, links)
				}
				if l == 0 {
					if into[v] == nil {
						into[v] = map[uint32]bool{}
					}
					into[v][slot] = true
				}
			}
			for _, v := range list[len(links):] {
				if v != None {
					t.Fatalf("slot %d has a link behind the end of its list: %v", slot, list)
				}
			}
		}
	}
	if inUse != len(ix.slots) || highest != ix.top || inUse+len(ix.freeSlots) != len(ix.levels) {
		t.Fatalf("%d slots in use, the highest on %d; %d ids, top %d, %d free of %d", inUse, highest, len(ix.slots), ix.top, len(ix.freeSlots), len(ix.levels))
	}
	if inUse > 0 && int(ix.levels[ix.entry]) != ix.top {
		t.Fatalf("the entry is on level %d of %d", ix.levels[ix.entry], ix.top)
	}
	for v, in := range ix.in {
		got := map[uint32]bool{}
		for _, u := range in {
			got[u] = true
		}
		if len(got) != len(in) || len(got) != len(into[v]) || len(got) > 0 && !reflect.DeepEqual(got, into[v]) {
			t.Fatalf("who points at %d: known %v, are %v", v, in, into[v])
		}
	}
}

// reachable is the part of all vectors that links of level 0 lead to from the entry.
func reachable(ix *Index) float64 {
	seen := map[uint32]bool{ix.entry: true}
	for queue := []uint32{ix.entry}; len(queue) > 0; {
		at := queue[0]
		queue = queue[1:]
		for _, v := range used(ix.neighbours(at, 0)) {
			if !seen[v] {
				seen[v] = true
				queue = append(queue, v)
			}
		}
	}
	return float64(len(seen)) / float64(len(ix.slots))
}

func TestRecall(t *testing.T) {
	for _, c := range []struct {
		name string
		Config
		ef   int
		want float64
	}{
		{"float32", Config{}, 100, .97},
		{"inner product", Config{Metric: Dot}, 200, .95},
		{"codes", Config{Quant: SQ8}, 100, .97}, // by codes' own truth
		{"codes and rerank", Config{Quant: SQ8Rerank}, 100, .97},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, 4000, c.Config)
			invariants(t, w.Index)
			if got := w.recall(t, Options{EF: c.ef}); got < c.want {
				t.Errorf("recall@10 = %.3f; want %v", got, c.want)
			}
			if low, high := w.recall(t, Options{EF: 10}), w.recall(t, Options{EF: 400}); low >= high {
				t.Errorf("recall with ef 10 = %.3f, with 400 = %.3f; want more", low, high)
			}
		})
	}
}

func TestCodesLoseLittle(t *testing.T) {
	exact, codes, both := newWorld(t, 3000, Config{}), newWorld(t, 3000, Config{Quant: SQ8}), newWorld(t, 3000, Config{Quant: SQ8Rerank})
	same := func(w *world, o Options) float64 {
		n := 0
		for _, q := range w.queries {
			want, _ := exact.Exact(q, 10)
			got, err := w.Search(q, 10, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range got {
				if slices.ContainsFunc(want, func(x Hit) bool { return x.ID == h.ID }) {
					n++
				}
			}
		}
		return float64(n) / float64(10*len(w.queries))
	}
	if got := same(codes, Options{Exact: true}); got < .98 {
		t.Errorf("of the exact nearest, codes find %.3f; want .98", got)
	}
	if got := same(both, Options{EF: 400}); got < .995 {
		t.Errorf("of the exact nearest, codes with rerank find %.3f; want .995", got)
	}
}

func TestExactIsTheTruth(t *testing.T) {
	w := newWorld(t, 700, Config{})
	for _, q := range w.queries[:20] {
		type pair struct {
			id    uint64
			score float64
		}
		var want []pair
		for i, id := range w.ids {
			v := w.vs[i*testDim:][:testDim]
			dot, qq, vv := 0.0, 0.0, 0.0
			for j := range v {
				dot, qq, vv = dot+float64(q[j])*float64(v[j]), qq+float64(q[j])*float64(q[j]), vv+float64(v[j])*float64(v[j])
			}
			want = append(want, pair{id, dot / math.Sqrt(qq*vv)})
		}
		slices.SortFunc(want, func(a, b pair) int { return int(math.Copysign(1, b.score-a.score)) })
		got, err := w.Exact(q, 7)
		if err != nil || len(got) != 7 {
			t.Fatal(got, err)
		}
		for i, h := range got {
			if math.Abs(float64(h.Score)-want[i].score) > 1e-5 || h.ID != want[i].id && math.Abs(want[i].score-want[i+1].score) > 1e-5 {
				t.Errorf("hit %d = %v; want %v", i, h, want[i])
			}
		}
	}
}

func TestDeleteAndAddAgain(t *testing.T) {
	w := newWorld(t, 4000, Config{})
	before := w.recall(t, Options{EF: 20})
	r := rand.New(rand.NewPCG(3, 3))
	gone := r.Perm(len(w.ids))[:len(w.ids)*3/10]
	for _, i := range gone {
		if !w.Delete(w.ids[i]) {
			t.Fatalf("there is no %d", w.ids[i])
		}
	}
	invariants(t, w.Index)
	if w.Len() != len(w.ids)-len(gone) || w.Delete(w.ids[gone[0]]) || w.Has(w.ids[gone[0]]) {
		t.Fatalf("%d vectors are left", w.Len())
	}
	if got := reachable(w.Index); got < .999 {
		t.Errorf("%.4f of all can be reached", got)
	}
	between := w.recall(t, Options{EF: 20})
	for _, i := range gone {
		if err := w.Add(w.ids[i], w.vs[i*testDim:][:testDim]); err != nil {
			t.Fatal(err)
		}
	}
	invariants(t, w.Index)
	if len(w.levels) != len(w.ids) {
		t.Errorf("%d slots for %d vectors: freed ones were not used again", len(w.levels), len(w.ids))
	}
	after := w.recall(t, Options{EF: 20})
	t.Logf("recall before %.3f, without 30 %% %.3f, with them again %.3f", before, between, after)
	if between < before-.02 || after < before-.02 {
		t.Errorf("recall before %.3f, without 30 %% %.3f, with them again %.3f", before, between, after)
	}
	for _, i := range r.Perm(len(w.ids)) { // to the last
		if !w.Delete(w.ids[i]) {
			t.Fatal(i)
		}
	}
	invariants(t, w.Index)
	if hits, err := w.Search(w.queries[0], 3, Options{}); err != nil || len(hits) != 0 {
		t.Fatal(hits, err)
	}
	if err := w.Add(5, w.queries[0]); err != nil {
		t.Fatal(err)
	}
	if hits, _ := w.Search(w.queries[0], 3, Options{}); len(hits) != 1 || hits[0].ID != 5 {
		t.Fatal(hits)
	}
}

// TestTheLastOneWhoKnowsAVectorGoes: it points at nobody, and nobody else at it.
func TestTheLastOneWhoKnowsAVectorGoes(t *testing.T) {
	const lonely, friend = 17, 42
	for _, knows := range [][]uint32{{}, {friend}, {friend, 3}} {
		p := newWorld(t, 300, Config{}).Parts()
		m0 := 2 * p.Config.M
		for at := 0; at < len(p.Links); at += m0 {
			list := slices.DeleteFunc(slices.Clone(used(p.Links[at:at+m0])), func(v uint32) bool { return v == lonely })
			switch at / m0 {
			case lonely:
				list = knows
			case friend:
				list = append(list[:min(len(list), m0-1)], lonely)
			}
			copy(p.Links[at:at+m0], slices.Concat(list, slices.Repeat([]uint32{None}, m0-len(list))))
		}
		ix, err := FromParts(p)
		if err != nil {
			t.Fatal(err)
		}
		ix.Delete(p.IDs[friend])
		invariants(t, ix)
		if got := reachable(ix); got != 1 {
			t.Errorf("it knows %v: %.4f of all can be reached", knows, got)
		}
		if list := used(ix.neighbours(lonely, 0)); len(list) == 0 {
			t.Errorf("it knew %v and knows nobody now", knows)
		}
	}
}

func TestAddReplaces(t *testing.T) {
	w := newWorld(t, 300, Config{})
	if err := w.AddBatch([]uint64{w.ids[9], 1, w.ids[9]}, slices.Concat(w.queries[0], w.queries[1], w.queries[2])); err != nil {
		t.Fatal(err)
	}
	invariants(t, w.Index)
	if w.Len() != 301 {
		t.Errorf("%d vectors; want 301", w.Len())
	}
	if hits, _ := w.Search(w.queries[2], 1, Options{}); len(hits) != 1 || hits[0].ID != w.ids[9] || hits[0].Score < .999 {
		t.Errorf("the last vector of %d is not found by itself: %v", w.ids[9], hits)
	}
}

func TestFilters(t *testing.T) {
	w := newWorld(t, 12_000, Config{})
	pick := func(every uint64) ([]uint64, func(uint64) bool) {
		var among []uint64
		want := func(id uint64) bool { return id/7%every == 0 }
		for _, id := range w.ids {
			if want(id) {
				among = append(among, id)
			}
		}
		return among, want
	}
	for _, every := range []uint64{2, 30, 4000} { // walked, scanned, scanned
		among, want := pick(every)
		for name, o := range map[string]Options{"among": {Among: among, EF: 100}, "filter": {Filter: want, EF: 100}, "both": {Among: w.ids, Filter: want, EF: 100}} {
			if got := w.recall(t, o); got < .95 {
				t.Errorf("one in %d, %s: recall %.3f; want .95", every, name, got)
			}
			for _, q := range w.queries {
				hits, _ := w.Search(q, 10, o)
				if len(hits) != min(10, len(among)) {
					t.Fatalf("one in %d, %s: %d hits of %d", every, name, len(hits), len(among))
				}
				for _, h := range hits {
					if !want(h.ID) {
						t.Fatalf("one in %d, %s: %d is not wanted", every, name, h.ID)
					}
				}
			}
		}
	}
	if hits, err := w.Search(w.queries[0], 5, Options{Among: []uint64{1, 2, 4}}); err != nil || len(hits) != 0 {
		t.Errorf("among ids that are not there: %v, %v", hits, err)
	}
	if hits, err := w.Search(w.queries[0], 5, Options{Filter: func(uint64) bool { return false }}); err != nil || len(hits) != 0 {
		t.Errorf("nothing wanted: %v, %v", hits, err)
	}
}

func TestSearchesAllocateNothing(t *testing.T) {
	w := newWorld(t, 12_000, Config{Quant: SQ8Rerank})
	into := make([]Hit, 0, 10)
	half := slices.Clone(w.ids[:6000])
	odd := func(id uint64) bool { return id%2 == 1 }
	for name, o := range map[string]Options{
		"walk": {Into: into}, "scan": {Into: into, Exact: true},
		"few": {Into: into, Among: half[:100]}, "many": {Into: into, Among: half}, "filter": {Into: into, Filter: odd},
	} {
		i := 0
		search := func() {
			if _, err := w.Search(w.queries[i%len(w.queries)], 10, o); err != nil {
				t.Fatal(err)
			}
			i++
		}
		search()
		if got := testing.AllocsPerRun(100, search); got > 0 {
			t.Errorf("%s: %v allocations a search; want none", name, got)
		}
	}
}

func TestTheGraphFollowsFromTheSeed(t *testing.T) {
	one, many := newWorld(t, 2000, Config{Seed: 4, Workers: 1}), newWorld(t, 2000, Config{Seed: 4, Workers: 5})
	a, b := one.Parts(), many.Parts()
	a.Config.Workers, b.Config.Workers = 0, 0
	if !reflect.DeepEqual(a, b) {
		t.Error("one and five workers made different graphs")
	}
	if other := newWorld(t, 2000, Config{Seed: 5}); reflect.DeepEqual(other.Parts().Levels, a.Levels) {
		t.Error("another seed chose the same levels")
	}
}

func TestSearchesBesideChanges(t *testing.T) {
	w := newWorld(t, 600, Config{Quant: SQ8Rerank})
	stay := w.ids[:500]
	var searchers sync.WaitGroup
	done := make(chan struct{})
	for i := range 3 {
		searchers.Go(func() {
			o := Options{EF: 50}
			if i == 1 {
				o.Among = stay
			}
			for j := 0; ; j++ {
				select {
				case <-done:
					return
				default:
				}
				hits, err := w.Search(w.queries[j%len(w.queries)], 5, o)
				if err != nil || len(hits) != 5 {
					t.Errorf("%v, %v", hits, err)
					return
				}
			}
		})
	}
	for i := 500; i < 600; i++ {
		w.Delete(w.ids[i])
	}
	for i := 500; i < 600; i++ {
		if err := w.Add(w.ids[i], w.vs[i*testDim:][:testDim]); err != nil {
			t.Error(err)
		}
	}
	if err := w.AddBatch(numbered(1200)[600:], clustered(9, 600, testDim, 5)); err != nil { // the arenas move
		t.Error(err)
	}
	if err := w.Rebuild(t.Context()); err != nil {
		t.Error(err)
	}
	close(done)
	searchers.Wait()
	invariants(t, w.Index)
	if got := w.recall(t, Options{EF: 100}); got < .95 {
		t.Errorf("recall %.3f afterwards", got)
	}
}

func TestTune(t *testing.T) {
	w := newWorld(t, 3000, Config{})
	low, err := w.Tune(t.Context(), TuneOptions{Recall: .8, Seed: 1})
	if err != nil || !low.Met {
		t.Fatal(low, err)
	}
	high, err := w.Tune(t.Context(), TuneOptions{Recall: .995, Seed: 1})
	if err != nil || !high.Met || high.EF <= low.EF || high.Recall < .995 {
		t.Fatal(low, high, err)
	}
	if again, _ := w.Tune(t.Context(), TuneOptions{Recall: .995, Seed: 1}); again != high {
		t.Errorf("the same draw gave %v and %v", high, again)
	}
	if got := w.recall(t, Options{EF: high.EF}); got < .97 {
		t.Errorf("ef %d, tuned for .995, finds %.3f of other queries", high.EF, got)
	}
	if most, err := w.Tune(t.Context(), TuneOptions{Recall: 1, MaxEF: 12, Queries: w.queries}); err != nil || most.Met || most.EF != 12 {
		t.Errorf("ef up to 12: %v, %v", most, err)
	}
	empty, _ := New(Config{Dim: 3})
	if _, err := empty.Tune(t.Context(), TuneOptions{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("of nothing: %v", err)
	}
}

func TestBadInput(t *testing.T) {
	w := newWorld(t, 50, Config{})
	v := func(x float32) []float32 { return slices.Repeat([]float32{x}, testDim) }
	for name, err := range map[string]error{
		"short":    w.Add(1, v(1)[1:]),
		"NaN":      w.Add(1, v(float32(math.NaN()))),
		"infinite": w.Add(1, v(float32(math.Inf(1)))),
		"huge":     w.Add(1, v(1e38)),
		"zero":     w.Add(1, v(0)),
		"batch":    w.AddBatch([]uint64{1, 2}, append(v(1), v(0)...)),
		"count":    w.AddBatch([]uint64{1, 2}, v(1)),
		"query": func() error {
			_, err := w.Search(v(0), 1, Options{})
			return err
		}(),
	} {
		if !errors.Is(err, ErrVector) {
			t.Errorf("%s: %v; want ErrVector", name, err)
		}
	}
	if _, err := w.Search(v(1), 0, Options{}); !errors.Is(err, ErrK) {
		t.Errorf("k 0: %v", err)
	}
	if w.Len() != 50 {
		t.Errorf("%d vectors after errors; want 50", w.Len())
	}
	for _, c := range []Config{{}, {Dim: MaxDim + 1}, {Dim: 2, M: 1}, {Dim: 2, M: MaxM + 1}, {Dim: 2, EfConstruction: -1}, {Dim: 2, Metric: 9}, {Dim: 2, Quant: 9}, {Dim: 2, Workers: -1}} {
		if _, err := New(c); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := w.SetEF(0); !errors.Is(err, ErrConfig) {
		t.Errorf("ef 0: %v", err)
	}
	if _, err := w.Search(v(1), 3, Options{EF: -1}); !errors.Is(err, ErrConfig) {
		t.Errorf("ef -1: %v", err)
	}
}

func TestSmallCollectionsAreScanned(t *testing.T) {
	ix, err := New(Config{Dim: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		a := 2 * math.Pi * float64(i) / 300
		if err := ix.Add(uint64(i), []float32{float32(math.Cos(a)), float32(math.Sin(a))}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range uint64(300) {
		v, ok := ix.Vector(i)
		hits, err := ix.Search(v, 1, Options{EF: 1})
		if !ok || err != nil || len(hits) != 1 || hits[0].ID != i {
			t.Errorf("%d: %v, %v", i, hits, err)
		}
	}
	if hits, _ := ix.Search([]float32{1, 0}, 1000, Options{}); len(hits) != 300 {
		t.Errorf("%d hits; want all 300", len(hits))
	}
}

func TestCandidatesSortByScore(t *testing.T) {
	scores := []float32{float32(math.Inf(1)), 3, 1, .5, 1e-40, 0, -1e-40, -.5, -1, -7, float32(math.Inf(-1))}
	for i, s := range scores {
		c := newCandidate(s, 5)
		if c.score() != s || c.slot() != 5 {
			t.Errorf("%v comes back as %v of %d", s, c.score(), c.slot())
		}
		if i > 0 && newCandidate(scores[i-1], MaxLen) >= c {
			t.Errorf("%v is not before %v", scores[i-1], s)
		}
	}
}

func ExampleIndex_Search() {
	ix, err := New(Config{Dim: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = ix.AddBatch([]uint64{10, 20, 30}, []float32{1, 0, 0, 0, 1, 0, 0, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	hits, err := ix.Search([]float32{0, 2, 1}, 2, Options{})
	for _, h := range hits {
		fmt.Printf("%d %.3f\n", h.ID, h.Score)
	}
	fmt.Println(err)
	// Output:
	// 30 0.949
	// 20 0.894
	// <nil>
}

func TestCodesAreFaithful(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for _, dim := range []int{1, 3, 100, 384} {
		v := make([]float32, dim)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		v[dim/2] *= 6 // one that stands out
		row := make([]int8, CodeStride(dim))
		encode(row, v)
		scale := float64(scaleIn(row))
		dot, length, lost := 0.0, 0.0, 0.0
		for i, x := range v {
			y := scale * float64(row[i])
			dot, length, lost = dot+float64(x)*y, length+float64(x)*float64(x), lost+(float64(x)-y)*(float64(x)-y)
		}
		if math.Abs(dot/length-1) > 1e-6 || lost/length > 1e-3 {
			t.Errorf("%d dimensions: a vector by its codes is %v of that by itself, and %v is lost", dim, dot/length, lost/length)
		}
	}
	row := slices.Repeat([]int8{5}, CodeStride(9))
	if encode(row, make([]float32, 9)); slices.ContainsFunc(row, func(c int8) bool { return c != 0 }) {
		t.Errorf("nothing has the codes %v", row)
	}
}
