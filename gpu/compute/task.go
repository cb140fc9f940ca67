package compute

import (
	"errors"
	"fmt"
	"unsafe"

	"rayos/gpu/compute/bvh"
)

// Kernel is a computation that back ends know.
type Kernel uint8

// Kernels.
const (
	Trace   Kernel = iota // closest boxes of rays
	Overlap               // boxes overlapping boxes
	Search                // nearest vectors by dot product
	Tiles                 // frame difference
	Scale                 // thumbnails
	kernels
	byQuery = kernels     // trace by an adapter's ray queries: a way, no task
	ways    = kernels + 1 // all that an adapter runs
)

var kernelNames = [ways]string{"trace", "overlap", "search", "tiles", "scale", "rayquery"}

func (k Kernel) String() string { return kernelNames[k] }

// grouped kernels have a workgroup for each item, the others an invocation.
func (k Kernel) grouped() bool { return k == Search || k == Tiles }

// inputs is the number of buffers that a kernel reads; one that it writes
// follows.
var inputs = [ways]int{Trace: 3, Overlap: 3, Search: 2, Tiles: 2, Scale: 1, byQuery: 2}

// Task is one of *TraceTask, *OverlapTask, *SearchTask, *TileTask and
// *ScaleTask. Its inputs must not change until it is done; its results are
// there then, and are the same whatever computed them. A task is idempotent:
// what was begun on a device that is lost begins again on the CPU.
type Task interface {
	program() (*program, error)
}

// ErrBadTask is wrapped by what Submit and Do say of tasks that can't be done.
var ErrBadTask = errors.New("bad task")

func bad(format string, args ...any) error {
	return fmt.Errorf("compute: %w: %s", ErrBadTask, fmt.Sprintf(format, args...))
}

// program is a task as back ends see it: items 0 to items-1, each computed
// alone.
type program struct {
	kernel Kernel
	items  int
	arg    [12]uint32
	in     [3][]byte // as many as inputs says
	out    []byte    // items records
	cpu    func(from, to int)
	finish func() // makes the results of out; nil where out is them

	trace *TraceTask // what it is made of, if it is one
	query bool       // it goes by ray queries
	far   bvh.Vec    // where its rays come from, then
}

// way is what runs it on an adapter.
func (p *program) way() Kernel {
	if p.query {
		return byQuery
	}
	return p.kernel
}

// record is the size of an item in out.
func (p *program) record() int { return len(p.out) / p.items }

// raw is the memory of a slice of records without pointers.
func raw[T any](s []T) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(zero)))
}

// Limits of tasks.
const (
	MaxItems = 1 << 26
	MaxDim   = 1 << 16
	MaxK     = 64
	MaxEdge  = 16384 // pixels of a frame, each way
	MaxRatio = 64    // of a scaled picture, each way
)

// TraceTask finds the closest box for each ray.
type TraceTask struct {
	Tree *bvh.Tree // not refitted before the task is done
	Rays []bvh.Ray // as bvh.NewRay makes them
	Hits []bvh.Hit // out: as many as rays
}

func (t *TraceTask) program() (*program, error) {
	if t.Tree == nil || len(t.Hits) != len(t.Rays) || len(t.Rays) > MaxItems {
		return nil, bad("trace of %d rays into %d hits; want a tree and a hit for each of at most %d rays", len(t.Rays), len(t.Hits), MaxItems)
	}
	for i := range t.Rays {
		if err := t.Rays[i].Check(); err != nil {
			return nil, bad("ray %d: %v", i, err)
		}
	}
	return &program{
		kernel: Trace, items: len(t.Rays), trace: t,
		in:  [3][]byte{raw(t.Tree.Nodes()), raw(t.Tree.Boxes()), raw(t.Rays)},
		out: raw(t.Hits),
		cpu: func(from, to int) {
			for i := from; i < to; i++ {
				t.Hits[i] = t.Tree.Closest(t.Rays[i])
			}
		},
	}, nil
}

// OverlapTask counts the boxes that overlap each query box.
type OverlapTask struct {
	Tree    *bvh.Tree
	Queries []bvh.Box
	Found   []bvh.Overlaps // out
}

func (t *OverlapTask) program() (*program, error) {
	if t.Tree == nil || len(t.Found) != len(t.Queries) || len(t.Queries) > MaxItems {
		return nil, bad("overlap of %d boxes into %d results; want a tree and a result for each of at most %d boxes", len(t.Queries), len(t.Found), MaxItems)
	}
	if err := bvh.Check(t.Queries); err != nil {
		return nil, bad("query: %v", err)
	}
	return &program{
		kernel: Overlap, items: len(t.Queries),
		in:  [3][]byte{raw(t.Tree.Nodes()), raw(t.Tree.Boxes()), raw(t.Queries)},
		out: raw(t.Found),
		cpu: func(from, to int) {
			for i := from; i < to; i++ {
				t.Found[i] = t.Tree.Overlapping(&t.Queries[i])
			}
		},
	}, nil
}

// Match is a vector's number and its dot product with a query.
type Match struct {
	ID    uint32
	Score float32
}

// NoMatch is the ID behind the last of fewer than K vectors.
const NoMatch = ^uint32(0)

// SearchTask finds, for each query, the K vectors with the largest dot
// products; of equal ones the lower number. All numbers are finite.
type SearchTask struct {
	Dim     int
	Queries []float32 // rows one after the other
	Vectors []float32
	K       int
	Best    []Match // out: K for each query, best first
}

// block is how many vectors an item of Search looks at. Items of a block follow
// each other, so that its vectors are in the cache for all queries.
const block = 1024

func rows(v []float32, dim int) (int, bool) {
	if dim < 1 || dim > MaxDim || len(v)%dim != 0 {
		return 0, false
	}
	return len(v) / dim, true
}

func (t *SearchTask) program() (*program, error) {
	queries, ok := rows(t.Queries, t.Dim)
	vectors, ok2 := rows(t.Vectors, t.Dim)
	if !ok || !ok2 || t.K < 1 || t.K > MaxK || queries > MaxItems || len(t.Best) != queries*t.K || vectors > 1<<31 {
		return nil, bad("search of %d in %d numbers of dimension %d for %d (at most %d) into %d matches", len(t.Queries), len(t.Vectors), t.Dim, t.K, MaxK, len(t.Best))
	}
	blocks := max(1, (vectors+block-1)/block)
	if queries*blocks > MaxItems/MaxK {
		return nil, bad("search of %d queries in %d vectors; divide it", queries, vectors)
	}
	parts := make([]Match, queries*blocks*t.K)
	return &program{
		kernel: Search, items: queries * blocks,
		arg: [12]uint32{uint32(t.Dim), uint32(vectors), uint32(t.K), uint32(queries)},
		in:  [3][]byte{raw(t.Queries), raw(t.Vectors)},
		out: raw(parts),
		cpu: func(from, to int) {
			for i := from; i < to; i++ {
				q := i % queries * t.Dim
				start := i / queries * block
				searchBlock(parts[i*t.K:(i+1)*t.K], t.Queries[q:q+t.Dim], t.Vectors, start, min(start+block, vectors))
			}
		},
		finish: func() {
			for q := range queries {
				mergeBlocks(t.Best[q*t.K:(q+1)*t.K], parts[q*t.K:], queries*t.K)
			}
		},
	}, nil
}

// Frame is a picture of 32-bit pixels. Stride is in pixels.
type Frame struct {
	Width, Height, Stride int
	Pixels                []uint32
}

func (f *Frame) check() error {
	switch {
	case f.Width < 1 || f.Height < 1 || f.Width > MaxEdge || f.Height > MaxEdge:
		return bad("a frame of %d×%d pixels; want 1 to %d each way", f.Width, f.Height, MaxEdge)
	case f.Stride < f.Width || f.Stride > 2*MaxEdge || len(f.Pixels) < (f.Height-1)*f.Stride+f.Width:
		return bad("%d pixels in lines of %d for a frame of %d×%d", len(f.Pixels), f.Stride, f.Width, f.Height)
	}
	return nil
}

// Tile tells what of a tile of a frame has changed. Bounds are in pixels from the
// tile's corner, X1 and Y1 beyond the last, all zero when nothing has.
type Tile struct {
	Changed        uint32 // pixels that differ
	X0, Y0, X1, Y1 uint32
}

// TileTask compares a frame with the one before, in tiles of Edge pixels from
// the upper left, line by line.
type TileTask struct {
	Before, Now Frame // of one size
	Edge        int   // 8 to 256
	Mask        uint32
	Tiles       []Tile // out: TileCount
}

// TileCount returns how many tiles of an edge a frame has, and how many stand
// side by side.
func TileCount(width, height, edge int) (count, across int) {
	across = (width + edge - 1) / edge
	return across * ((height + edge - 1) / edge), across
}

func (t *TileTask) program() (*program, error) {
	if err := t.Before.check(); err != nil {
		return nil, err
	}
	if err := t.Now.check(); err != nil {
		return nil, err
	}
	if t.Before.Width != t.Now.Width || t.Before.Height != t.Now.Height || t.Edge < 8 || t.Edge > 256 {
		return nil, bad("tiles of %d pixels in frames of %d×%d and %d×%d; want 8 to 256, and one size", t.Edge, t.Before.Width, t.Before.Height, t.Now.Width, t.Now.Height)
	}
	count, across := TileCount(t.Now.Width, t.Now.Height, t.Edge)
	if len(t.Tiles) != count {
		return nil, bad("room for %d tiles; want %d", len(t.Tiles), count)
	}
	return &program{
		kernel: Tiles, items: count,
		arg: [12]uint32{uint32(t.Now.Width), uint32(t.Now.Height), uint32(t.Before.Stride), uint32(t.Now.Stride), uint32(t.Edge), uint32(across), t.Mask},
		in:  [3][]byte{raw(t.Before.Pixels), raw(t.Now.Pixels)},
		out: raw(t.Tiles),
		cpu: func(from, to int) {
			for i := from; i < to; i++ {
				t.Tiles[i] = t.tile(i%across*t.Edge, i/across*t.Edge)
			}
		},
	}, nil
}

// ScaleTask makes a picture smaller: each pixel of Result is the rounded mean,
// channel by channel, of those it stands for.
type ScaleTask struct {
	Source        Frame
	Width, Height int      // of the result: at most the source's, at least a 64th of it
	Result        []uint32 // out: Width by Height
}

func (t *ScaleTask) program() (*program, error) {
	if err := t.Source.check(); err != nil {
		return nil, err
	}
	s := &t.Source
	if t.Width < 1 || t.Height < 1 || t.Width > s.Width || t.Height > s.Height || s.Width > t.Width*MaxRatio || s.Height > t.Height*MaxRatio {
		return nil, bad("%d×%d pixels scaled to %d×%d; want it smaller, at most %d times", s.Width, s.Height, t.Width, t.Height, MaxRatio)
	}
	if len(t.Result) != t.Width*t.Height {
		return nil, bad("room for %d pixels; want %d×%d", len(t.Result), t.Width, t.Height)
	}
	return &program{
		kernel: Scale, items: t.Width * t.Height,
		arg: [12]uint32{uint32(s.Width), uint32(s.Height), uint32(s.Stride), uint32(t.Width), uint32(t.Height)},
		in:  [3][]byte{raw(s.Pixels)},
		out: raw(t.Result),
		cpu: func(from, to int) {
			for i := from; i < to; i++ {
				t.Result[i] = t.mean(i%t.Width, i/t.Width)
			}
		},
	}, nil
}
