package logic

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"rayos/gpu/compute"
	"rayos/internal/vulkantest"
)

func TestMain(m *testing.M) {
	if os.Getenv("VK_ICD_FILENAMES") == "" {
		os.Setenv("VK_ICD_FILENAMES", "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json")
	}
	os.Exit(m.Run())
}

// engines are those that results must not depend on.
func engines(t *testing.T) map[string]*compute.Engine {
	all := map[string]*compute.Engine{"cpu": compute.Start(compute.Config{})}
	c := compute.Config{GPU: true, Software: true, Always: true, Log: t.Logf}
	gpu := compute.Start(c)
	if s := gpu.Stats(); s.Reason == "" {
		all["vulkan"] = gpu
	} else {
		t.Logf("the CPU alone, because %s", s.Reason)
		gpu.Close()
	}
	t.Run("ray queries", func(t *testing.T) {
		vulkantest.UseRays(t)
		c.RT, c.RTRequired = true, true
		e := compute.Start(c)
		if err := e.Required(); err != nil {
			e.Close()
			t.Fatal(err)
		}
		all["rayquery"] = e
	})
	t.Cleanup(func() {
		for _, e := range all {
			e.Close()
		}
	})
	return all
}

// TestSmoke: a branch at one half, and a switch.
func TestSmoke(t *testing.T) {
	branch, err := Compile(Branch(X, 0.5, Result(1), Result(0)))
	if err != nil {
		t.Fatal(err)
	}
	sw, err := Compile(Switch(X, []Case{{0, Result(100)}, {1, Result(200)}}, Result(999)))
	if err != nil {
		t.Fatal(err)
	}
	all := engines(t)
	for name, e := range all {
		for _, tt := range []struct {
			b    *BVH
			in   float32
			want Result
		}{
			{branch, 0.9, 1},
			{branch, 0.1, 0},
			{branch, 0.5, 0},
			{branch, math.Nextafter32(0.5, 1), 1},
			{sw, 0, 100},
			{sw, 1, 200},
			{sw, 2, 999},
			{sw, 0.5, 999},
			{sw, math.Nextafter32(1, 2), 999},
			{sw, -Limit, 999},
			{sw, Limit, 999},
		} {
			got, err := tt.b.Evaluate(e, []Inputs{{tt.in, 7}}, compute.Normal)
			if err != nil {
				t.Fatal(err)
			}
			if got[0] != tt.want {
				t.Errorf("%s: %v gives %d; want %d", name, tt.in, got[0], tt.want)
			}
			if one, err := tt.b.Trace(Inputs{tt.in, 7}); err != nil || one != tt.want {
				t.Errorf("Trace(%v) = %d, %v; want %d", tt.in, one, err, tt.want)
			}
		}
	}
	wantQueried(t, all)
}

// decide is what a tree says without any geometry.
func decide(n Node, in Inputs) Result {
	switch n := n.(type) {
	case Result:
		return n
	case *branch:
		if in[n.axis] > n.above {
			return decide(n.then, in)
		}
		return decide(n.other, in)
	case *inRange:
		if v := in[n.axis]; v >= n.low && v < n.high {
			return decide(n.inside, in)
		}
		return decide(n.outside, in)
	case *choice:
		for _, c := range n.cases {
			if in[n.axis] == c.Value {
				return decide(c.Node, in)
			}
		}
		return decide(n.other, in)
	}
	panic("no such node")
}

func random(r *rand.Rand, depth int, count *Result) Node {
	axis, v := Axis(r.IntN(2)), float32(r.IntN(16))/2
	if depth == 0 || r.IntN(6) == 0 {
		*count++
		return *count
	}
	sub := func() Node { return random(r, depth-1, count) }
	switch r.IntN(3) {
	case 0:
		return Branch(axis, v, sub(), sub())
	case 1:
		return Range(axis, v, v+1+float32(r.IntN(6))/2, sub(), sub())
	}
	var cases []Case
	for range r.IntN(4) {
		cases = append(cases, Case{float32(r.IntN(16)) / 2, sub()})
	}
	return Switch(axis, cases, sub())
}

// wantQueried checks that decisions went by ray queries where there are some.
func wantQueried(t *testing.T, all map[string]*compute.Engine) {
	t.Helper()
	if e := all["rayquery"]; e != nil {
		if s := e.Stats(); s.Queried == 0 || s.Queried != s.Done {
			t.Errorf("%d of %d batches of decisions by ray queries; want all", s.Queried, s.Done)
		}
	}
}

func TestBoxesDecideAsTreesDo(t *testing.T) {
	all := engines(t)
	r := rand.New(rand.NewPCG(5, 6))
	for range 40 {
		var count Result
		tree := random(r, 5, &count)
		b, err := Compile(tree)
		if err != nil {
			t.Fatal(err)
		}
		inputs := make([]Inputs, 300)
		for i := range inputs {
			inputs[i] = Inputs{float32(r.IntN(40))/4 - 1, float32(r.IntN(40))/4 - 1}
		}
		for name, e := range all {
			got, err := b.Evaluate(e, inputs, compute.Normal)
			if err != nil {
				t.Fatal(err)
			}
			for i, in := range inputs {
				if want := decide(tree, in); got[i] != want {
					t.Fatalf("%s: %v gives %d; want %d", name, in, got[i], want)
				}
			}
		}
	}
	wantQueried(t, all)
}

func TestBadTreesAndInputsAreRefused(t *testing.T) {
	nan := float32(math.NaN())
	deep := Node(Result(1))
	for range maxDepth + 1 {
		deep = Branch(X, 1, deep, Result(0))
	}
	many := make([]Case, MaxResults+1)
	for i := range many {
		many[i] = Case{float32(i), Result(i)}
	}
	for name, n := range map[string]Node{
		"nothing": nil, "no branch": Branch(X, 1, nil, Result(0)), "no number": Branch(X, nan, Result(1), Result(0)), "no axis": Branch(7, 1, Result(1), Result(0)),
		"turned": Range(X, 2, 1, Result(1), Result(0)), "far": Switch(X, []Case{{2 * Limit, Result(1)}}, Result(0)), "deep": deep, "many": Switch(X, many, Result(0)),
	} {
		if _, err := Compile(n); err == nil {
			t.Errorf("%s: compiled", name)
		}
	}
	b, err := Compile(Result(3))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []float32{nan, float32(math.Inf(1)), 2 * Limit} {
		if _, err := b.Trace(Inputs{v, 0}); err == nil {
			t.Errorf("%v was decided about", v)
		}
	}
}
