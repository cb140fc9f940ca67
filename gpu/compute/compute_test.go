package compute

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"rayos/gpu/compute/bvh"
	"rayos/gpu/compute/dot"
)

// softwareDriver is lavapipe's manifest in Debian.
const softwareDriver = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"

func TestMain(m *testing.M) {
	// One driver, the same everywhere, and not the GPU of whoever tests.
	if os.Getenv("VK_ICD_FILENAMES") == "" {
		os.Setenv("VK_ICD_FILENAMES", softwareDriver)
	}
	os.Exit(m.Run())
}

// startGPU starts an engine that sends everything to lavapipe.
func startGPU(t testing.TB, c Config) *Engine {
	t.Helper()
	c.GPU, c.Software, c.Always = true, true, true
	if c.Log == nil {
		c.Log = t.Logf
	}
	e := Start(c)
	t.Cleanup(e.Close)
	if s := e.Stats(); s.Reason != "" {
		if len(s.Adapters) > 0 {
			t.Fatalf("%v is not used: %s", &s.Adapters[0], s.Reason)
		}
		t.Skipf("no Vulkan driver (Debian: mesa-vulkan-drivers): %s", s.Reason)
	}
	return e
}

func randomBoxes(r *rand.Rand, n int) []bvh.Box {
	boxes := make([]bvh.Box, n)
	for i := range boxes {
		for a := range 3 {
			boxes[i].Min[a] = float32(r.IntN(200)) / 4
			boxes[i].Max[a] = boxes[i].Min[a] + float32(r.IntN(40))/8
		}
	}
	return boxes
}

func randomRays(r *rand.Rand, n int) []bvh.Ray {
	rays := make([]bvh.Ray, n)
	for i := range rays {
		var o, d bvh.Vec
		for a := range 3 {
			o[a] = float32(r.IntN(240))/4 - 5
			if r.IntN(3) > 0 {
				d[a] = float32(r.NormFloat64())
			}
		}
		rays[i] = bvh.NewRay(o, d, 0, 1000)
	}
	return rays
}

func randomFloats(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v
}

func randomFrame(r *rand.Rand, w, h, stride int) Frame {
	f := Frame{Width: w, Height: h, Stride: stride, Pixels: make([]uint32, h*stride)}
	for i := range f.Pixels {
		f.Pixels[i] = r.Uint32()
	}
	return f
}

// tasks returns one task of each kernel, always the same ones, and what their
// results are.
func tasks(t testing.TB, seed uint64) (all []Task, results func(Task) any) {
	r := rand.New(rand.NewPCG(seed, 7))
	tree, err := bvh.Build(randomBoxes(r, 700))
	if err != nil {
		t.Fatal(err)
	}
	now := randomFrame(r, 333, 127, 340)
	before := Frame{Width: 333, Height: 127, Stride: 333, Pixels: make([]uint32, 333*127)}
	for y := range 127 {
		copy(before.Pixels[y*333:(y+1)*333], now.Pixels[y*340:])
	}
	for range 40 {
		before.Pixels[r.IntN(len(before.Pixels))] ^= 1 << r.IntN(32)
	}
	rays := randomRays(r, 5000)
	queries := randomBoxes(r, 3000)
	vectors, asked := randomFloats(r, 2500*45), randomFloats(r, 6*45)
	copy(vectors[1300*45:1301*45], vectors[7*45:]) // equal scores in two blocks
	copy(vectors[9*45:10*45], vectors[7*45:])
	count, _ := TileCount(333, 127, 32)
	all = []Task{
		&TraceTask{Tree: tree, Rays: rays, Hits: make([]bvh.Hit, len(rays))},
		&OverlapTask{Tree: tree, Queries: queries, Found: make([]bvh.Overlaps, len(queries))},
		&SearchTask{Dim: 45, Queries: asked, Vectors: vectors, K: 20, Best: make([]Match, 6*20)},
		&TileTask{Before: before, Now: now, Edge: 32, Mask: 0xffffff, Tiles: make([]Tile, count)},
		&ScaleTask{Source: now, Width: 100, Height: 33, Result: make([]uint32, 3300)},
	}
	return all, resultsOf
}

// resultsOf returns what a task has computed.
func resultsOf(t Task) any {
	switch t := t.(type) {
	case *TraceTask:
		return t.Hits
	case *OverlapTask:
		return t.Found
	case *SearchTask:
		return t.Best
	case *TileTask:
		return t.Tiles
	case *ScaleTask:
		return t.Result
	}
	return nil
}

// bytesOf makes results comparable bit for bit: 0 and -0 are not the same.
func bytesOf(t testing.TB, v any) []byte {
	switch v := v.(type) {
	case []bvh.Hit:
		return raw(v)
	case []bvh.Overlaps:
		return raw(v)
	case []Match:
		return raw(v)
	case []Tile:
		return raw(v)
	case []uint32:
		return raw(v)
	}
	t.Fatalf("no bytes of %T", v)
	return nil
}

func wantSame(t testing.TB, what string, got, want any) {
	t.Helper()
	if slices.Equal(bytesOf(t, got), bytesOf(t, want)) {
		return
	}
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.Len() {
		if !reflect.DeepEqual(g.Index(i).Interface(), w.Index(i).Interface()) {
			t.Errorf("%s: item %d = %+v; want %+v", what, i, g.Index(i), w.Index(i))
			return
		}
	}
	t.Errorf("%s: results differ in bits", what)
}

func TestGPUComputesWhatTheCPUDoes(t *testing.T) {
	gpu := startGPU(t, Config{})
	cpu := Start(Config{})
	defer cpu.Close()
	for seed := range uint64(8) {
		ours, results := tasks(t, seed)
		theirs, _ := tasks(t, seed)
		for i := range ours {
			if err := cpu.Do(ours[i], Normal); err != nil {
				t.Fatal(err)
			}
			if err := gpu.Do(theirs[i], Normal); err != nil {
				t.Fatal(err)
			}
			wantSame(t, reflect.TypeOf(ours[i]).String(), results(theirs[i]), results(ours[i]))
		}
	}
	if s := gpu.Stats(); s.OnCPU != 0 || s.OnGPU != 8*uint64(kernels) || s.Replayed != 0 {
		t.Errorf("of %d tasks %d ran on the CPU, %d on the GPU, %d twice; want all on the GPU", 8*kernels, s.OnCPU, s.OnGPU, s.Replayed)
	}
}

// TestBudgetThatRunsOutIsDispatchedAgain: one group, one item a worker, so that
// each dispatch leaves nearly everything.
func TestBudgetThatRunsOutIsDispatchedAgain(t *testing.T) {
	gpu := startGPU(t, Config{groups: 1, budget: 3})
	cpu := Start(Config{})
	defer cpu.Close()
	ours, results := tasks(t, 3)
	theirs, _ := tasks(t, 3)
	for i := range ours {
		if err := cpu.Do(ours[i], Normal); err != nil {
			t.Fatal(err)
		}
		if err := gpu.Do(theirs[i], Normal); err != nil {
			t.Fatal(err)
		}
		wantSame(t, reflect.TypeOf(ours[i]).String(), results(theirs[i]), results(ours[i]))
	}
	if s := gpu.Stats(); s.Again == 0 {
		t.Error("no dispatch was done again; a worker took more than its budget")
	}
}

func TestSearchFindsWhatSortingDoes(t *testing.T) {
	e := Start(Config{})
	defer e.Close()
	all, _ := tasks(t, 1)
	s := all[2].(*SearchTask)
	if err := e.Do(s, Normal); err != nil {
		t.Fatal(err)
	}
	for q := range 6 {
		var want []Match
		for v := range 2500 {
			want = append(want, Match{uint32(v), dot.Dot(s.Queries[q*45:(q+1)*45], s.Vectors[v*45:(v+1)*45])})
		}
		slices.SortStableFunc(want, func(a, b Match) int {
			return cmp.Compare(key(b.Score, b.ID), key(a.Score, a.ID))
		})
		if got := s.Best[q*20 : (q+1)*20]; !slices.Equal(got, want[:20]) {
			t.Errorf("query %d: %v; want %v", q, got, want[:20])
		}
	}
	few := &SearchTask{Dim: 45, Queries: s.Queries[:45], Vectors: s.Vectors[:2*45], K: 4, Best: make([]Match, 4)}
	if err := e.Do(few, Normal); err != nil {
		t.Fatal(err)
	}
	if few.Best[1].ID > 1 || few.Best[2].ID != NoMatch || few.Best[3].ID != NoMatch {
		t.Errorf("4 of 2 vectors: %v; want two and two of NoMatch", few.Best)
	}
}

func TestTilesTellWhatChanged(t *testing.T) {
	now := randomFrame(rand.New(rand.NewPCG(1, 1)), 100, 50, 100)
	before := now
	before.Pixels = slices.Clone(now.Pixels)
	before.Pixels[20*100+70] ^= 0xff
	before.Pixels[22*100+65] ^= 0xff00
	before.Pixels[40*100+3] ^= 0xff000000 // not of the mask
	task := &TileTask{Before: before, Now: now, Edge: 32, Mask: 0xffffff, Tiles: make([]Tile, 8)}
	e := Start(Config{})
	defer e.Close()
	if err := e.Do(task, Normal); err != nil {
		t.Fatal(err)
	}
	for i, tile := range task.Tiles {
		want := Tile{}
		if i == 2 {
			want = Tile{Changed: 2, X0: 1, Y0: 20, X1: 7, Y1: 23}
		}
		if tile != want {
			t.Errorf("tile %d: %+v; want %+v", i, tile, want)
		}
	}
}

func TestScaleAverages(t *testing.T) {
	e := Start(Config{})
	defer e.Close()
	task := &ScaleTask{
		Source: Frame{Width: 4, Height: 2, Stride: 4, Pixels: []uint32{0xff000000, 0xff0000ff, 0x01020304, 0x01020304, 0xff000001, 0xff000000, 0x01020304, 0x01020305}},
		Width:  2, Height: 1, Result: make([]uint32, 2),
	}
	if err := e.Do(task, Normal); err != nil {
		t.Fatal(err)
	}
	if want := []uint32{0xff000040, 0x01020304}; !slices.Equal(task.Result, want) {
		t.Errorf("means %08x; want %08x", task.Result, want)
	}
}

func TestBadTasksAreRefused(t *testing.T) {
	e := Start(Config{})
	defer e.Close()
	tree, err := bvh.Build(nil)
	if err != nil {
		t.Fatal(err)
	}
	frame := Frame{Width: 4, Height: 4, Stride: 4, Pixels: make([]uint32, 16)}
	short := frame
	short.Pixels = short.Pixels[:15]
	for name, task := range map[string]Task{
		"no tree":         &TraceTask{},
		"no room":         &TraceTask{Tree: tree, Rays: make([]bvh.Ray, 2), Hits: make([]bvh.Hit, 1)},
		"ray of nothing":  &TraceTask{Tree: tree, Rays: []bvh.Ray{{TMin: 1}}, Hits: make([]bvh.Hit, 1)},
		"box inside out":  &OverlapTask{Tree: tree, Queries: []bvh.Box{{Min: bvh.Vec{1}}}, Found: make([]bvh.Overlaps, 1)},
		"no dimension":    &SearchTask{K: 1},
		"uneven rows":     &SearchTask{Dim: 3, Queries: make([]float32, 4), Vectors: make([]float32, 3), K: 1, Best: make([]Match, 1)},
		"too many of k":   &SearchTask{Dim: 1, Queries: make([]float32, 1), K: MaxK + 1, Best: make([]Match, MaxK+1)},
		"short frame":     &ScaleTask{Source: short, Width: 1, Height: 1, Result: make([]uint32, 1)},
		"larger":          &ScaleTask{Source: frame, Width: 5, Height: 1, Result: make([]uint32, 5)},
		"tiny tiles":      &TileTask{Before: frame, Now: frame, Edge: 4, Tiles: make([]Tile, 1)},
		"frames of sizes": &TileTask{Before: frame, Now: Frame{Width: 2, Height: 2, Stride: 2, Pixels: make([]uint32, 4)}, Edge: 8, Tiles: make([]Tile, 1)},
	} {
		if err := e.Do(task, Normal); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestReasonWhenThereIsNoDriver(t *testing.T) {
	t.Setenv("VK_ICD_FILENAMES", filepath.Join(t.TempDir(), "none.json"))
	e := Start(Config{GPU: true, Log: t.Logf})
	defer e.Close()
	s := e.Stats()
	if s.Backend != "cpu" || s.Reason == "" {
		t.Fatalf("backend %q, reason %q; want the CPU and why", s.Backend, s.Reason)
	}
	all, _ := tasks(t, 1)
	if err := e.Do(all[0], Normal); err != nil {
		t.Fatal(err)
	}
}
