package volume

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// Parameters of all indexes that are compared.
const (
	K              = 10
	m              = 16
	efConstruction = 200
	seed           = 100
)

// EFs are the settings that are measured; times at a recall lie between two of them.
var EFs = []int{60, 80, 100, 140, 200, 280, 400, 600, 800}

// Data are vectors and held-out queries.
type Data struct {
	File    string // absolute
	Base    []float32
	Queries [][]float32
	n       int
}

// Load reads the first vectors of a file that Convert has written, and as many queries behind them.
func Load(file string, base, queries int) (*Data, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there are no embeddings (`make volume-data` fetches them): %w", err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	b := make([]byte, (base+queries)*dim*4)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, fmt.Errorf("%s has fewer than %d vectors: %w", file, base+queries, err)
	}
	all := make([]float32, len(b)/4)
	for i := range all {
		all[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return &Data{File: file, n: base, Base: all[:base*dim], Queries: slices.Collect(slices.Chunk(all[base*dim:], dim))}, nil
}

// Point is what a setting of ef gives.
type Point struct {
	EF     int
	Recall float64 // of the K nearest, how many are found
	NS     float64 // CPU per query
	P95    float64 // of single queries
}

// At is the CPU per query in ns at a recall, between the two settings beside it on the way up. It is NaN outside of all.
func At(points []Point, recall float64) float64 {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if a.Recall <= recall && recall <= b.Recall && a.Recall < b.Recall {
			part := (recall - a.Recall) / (b.Recall - a.Recall)
			return math.Exp(math.Log(a.NS)*(1-part) + math.Log(b.NS)*part)
		}
	}
	return math.NaN()
}

// Of is the point of an ef.
func Of(points []Point, ef int) Point {
	if i := slices.IndexFunc(points, func(p Point) bool { return p.EF == ef }); i >= 0 {
		return points[i]
	}
	return Point{EF: ef, Recall: math.NaN(), NS: math.NaN(), P95: math.NaN()}
}
