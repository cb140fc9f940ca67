package hnsw

import (
	"errors"
	"fmt"
)

// Metric says what "near" is. Scores are larger for nearer vectors.
type Metric uint8

const (
	Cosine Metric = iota // vectors and queries are normalised; the score is their cosine
	Dot                  // the score is the inner product of vectors as they are
)

func (m Metric) String() string {
	switch m {
	case Cosine:
		return "cosine"
	case Dot:
		return "dot"
	}
	return fmt.Sprintf("metric %d", uint8(m))
}

// Quant says how vectors are stored.
type Quant uint8

const (
	Float32   Quant = iota // 4 bytes a dimension
	SQ8                    // 1 byte a dimension and a scale: about a hundredth of recall less
	SQ8Rerank              // both: the graph reads codes, the last candidates are compared exactly
)

func (q Quant) String() string {
	switch q {
	case Float32:
		return "float32"
	case SQ8:
		return "sq8"
	case SQ8Rerank:
		return "sq8+rerank"
	}
	return fmt.Sprintf("quantisation %d", uint8(q))
}

// Limits of an index. Those of FromParts are the same.
const (
	MaxDim   = 8192
	MaxM     = 128
	MaxEF    = 1 << 16
	MaxLevel = 15
	MaxLen   = 1<<31 - 2 // slots
)

// Defaults of Config's fields that are 0.
const (
	DefaultM              = 16
	DefaultEfConstruction = 200
	DefaultEF             = 200
	DefaultScanBelow      = 20_000
)

// Config is what an index is made with.
type Config struct {
	Dim            int // of vectors and queries
	M              int // links that a new vector gets on each level; level 0 holds twice as many
	EfConstruction int // candidates that are looked at for them
	Metric         Metric
	Quant          Quant
	Seed           uint64 // decides, with its id, on which levels a vector is
	ScanBelow      int    // fewer vectors are scanned; negative: none are
	Workers        int    // of AddBatch and Rebuild; 0: one for each CPU
}

var (
	// ErrConfig is wrapped by errors about a Config that can't be.
	ErrConfig = errors.New("hnsw: bad configuration")
	// ErrVector is wrapped by errors about vectors and queries of another dimension, with numbers that are none, or without a direction.
	ErrVector = errors.New("hnsw: bad vector")
)

func (c Config) complete() (Config, error) {
	if c.M == 0 {
		c.M = DefaultM
	}
	if c.EfConstruction == 0 {
		c.EfConstruction = DefaultEfConstruction
	}
	if c.ScanBelow == 0 {
		c.ScanBelow = DefaultScanBelow
	}
	switch {
	case c.Dim < 1 || c.Dim > MaxDim:
		return c, fmt.Errorf("%w: %d dimensions, want 1 to %d", ErrConfig, c.Dim, MaxDim)
	case c.M < 2 || c.M > MaxM:
		return c, fmt.Errorf("%w: M is %d, want 2 to %d", ErrConfig, c.M, MaxM)
	case c.EfConstruction < 1 || c.EfConstruction > MaxEF:
		return c, fmt.Errorf("%w: efConstruction is %d, want 1 to %d", ErrConfig, c.EfConstruction, MaxEF)
	case c.Metric > Dot:
		return c, fmt.Errorf("%w: unknown %v", ErrConfig, c.Metric)
	case c.Quant > SQ8Rerank:
		return c, fmt.Errorf("%w: unknown %v", ErrConfig, c.Quant)
	case c.Workers < 0:
		return c, fmt.Errorf("%w: %d workers", ErrConfig, c.Workers)
	}
	return c, nil
}
