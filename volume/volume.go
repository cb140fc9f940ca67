package volume

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unsafe"

	"rayos/volume/hnsw"
	"rayos/volume/ingest"
	"rayos/volume/lexical"
	"rayos/volume/lsa"
)

// MaxChunks is how many chunks a volume holds unless Options say fewer.
const MaxChunks = 4 << 20

// Errors that callers tell apart.
var (
	ErrClosed = errors.New("the volume is closed")
	ErrFull   = errors.New("the volume is full: name fewer folders, or forget one")
	ErrNoDoc  = errors.New("the volume has no such document")
)

// Embedder gives texts vectors of length 1. *embed.Client is one.
type Embedder interface {
	ID() string
	// Hash tells embedders apart, once a text was embedded.
	Hash() (hash [sha256.Size]byte, ok bool)
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Options of a Volume. Zero fields are the defaults.
type Options struct {
	Dir      string   // of its files; "" keeps it in memory
	Exclude  []string // names that are no documents: see ingest.Ingester
	MaxSize  int64    // of a file: see there
	PDF      string   // pdftotext: see there
	Dims     int      // of the model's vectors; 128
	Seed     uint64   // of the model
	Embedder Embedder // nil: a model is fitted on the documents
	Chunks   int      // at most; MaxChunks
	// Scan finds what is nearest of many vectors at once, for SearchCost and
	// TuneEF: see hnsw.Index.ExactAll. nil is a scan for each.
	Scan hnsw.Scan
}

// Volume holds documents. Its zero value is of no use: see Open.
type Volume struct {
	o   Options
	one chan struct{} // of capacity 1: holds one Index

	// change is held by whoever changes what mu guards, all along: who has it
	// may read without mu. It is above mu.
	change sync.Mutex
	drift  lsa.Drift // guarded by change
	next   uint64    // id of the next chunk; guarded by change
	disk   *disk     // nil in memory
	healed []string  // what Open had to make anew

	mu      sync.RWMutex
	docs    map[string]*doc
	order   []*doc // by first
	chunks  int
	words   *lexical.Index
	meaning *meaning // nil: there are no vectors
	why     string   // then, why
	events  []Event
	closed  bool
}

// doc is a document with the chunks first, first+1 …
type doc struct {
	path   string
	hash   ingest.Hash
	size   int64
	time   time.Time // of the file's last change
	at     time.Time // when it was indexed
	first  uint64
	chunks []chunk
}

// chunk is a piece of a document.
type chunk struct {
	heading    string
	from, to   int32
	line, page int32
	text       []byte // in the base, or held until the next is written; read while mu or change is held
}

// words are the chunk's text, valid as long as text is.
func (c *chunk) words() string { return unsafe.String(unsafe.SliceData(c.text), len(c.text)) }

// meaning is vectors of one embedder.
type meaning struct {
	model   *lsa.Model // nil for one of Options
	dims    int
	id      string
	hash    [sha256.Size]byte
	vectors *hnsw.Index
}

// Open returns the volume of a folder, which has one process at a time. What can be
// made anew of damaged files is; errors about the rest wrap ErrDamaged.
func Open(ctx context.Context, o Options) (*Volume, error) {
	if o.Dims == 0 {
		o.Dims = 128
	}
	if o.Chunks <= 0 || o.Chunks > MaxChunks {
		o.Chunks = MaxChunks
	}
	if o.Dims < 2 || o.Dims > lsa.MaxDims {
		return nil, fmt.Errorf("volume: vectors of %d dimensions: want 2 to %d", o.Dims, lsa.MaxDims)
	}
	if err := (&ingest.Ingester{Exclude: o.Exclude}).Check(); err != nil {
		return nil, fmt.Errorf("volume: %w", err)
	}
	v := &Volume{o: o, one: make(chan struct{}, 1), docs: make(map[string]*doc), words: &lexical.Index{}, why: empty, next: 1}
	if o.Dir != "" {
		if err := v.load(ctx, o.Dir); err != nil {
			return nil, fmt.Errorf("volume: %w", err)
		}
	}
	return v, nil
}

// Close ends the use of the volume. It waits for a change that is under way.
func (v *Volume) Close() error {
	v.change.Lock()
	defer v.change.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil
	}
	v.closed = true
	if v.disk == nil {
		return nil
	}
	if err := errors.Join(v.sync(), v.disk.close()); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	return nil
}

func byFirst(d *doc, id uint64) int { return cmp.Compare(d.first, id) }

// chunk returns a chunk and its document by its id. mu or change is held.
func (v *Volume) chunk(id uint64) (*doc, *chunk) {
	i, found := slices.BinarySearchFunc(v.order, id, byFirst)
	if !found {
		i--
	}
	if i < 0 || id-v.order[i].first >= uint64(len(v.order[i].chunks)) {
		return nil, nil
	}
	d := v.order[i]
	return d, &d.chunks[id-d.first]
}

// ids are those of a document's chunks.
func (d *doc) ids() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i := range d.chunks {
			if !yield(d.first + uint64(i)) {
				return
			}
		}
	}
}

// below reports whether a path is a folder or lies in it. Both are clean.
func below(path, folder string) bool {
	return path == folder || folder == "/" || strings.HasPrefix(path, folder) && path[len(folder)] == filepath.Separator
}

// Step is what happened to a document.
type Step string

// Steps.
const (
	Indexed   Step = "indexed"
	Removed   Step = "removed"
	Forgotten Step = "forgotten"
	Failed    Step = "failed"
)

// Event is a line of Tail.
type Event struct {
	At     time.Time
	Step   Step
	Path   string
	Chunks int
	Why    string // it failed
}

// maxEvents is how many are kept.
const maxEvents = 1024

// note keeps an event. mu is held for writing.
func (v *Volume) note(e Event) {
	if len(v.events) >= 2*maxEvents {
		v.events = slices.Clone(v.events[len(v.events)-maxEvents:])
	}
	v.events = append(v.events, e)
}

// Tail returns the last n events, the latest last; at most 1024.
func (v *Volume) Tail(n int) []Event {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return slices.Clone(v.events[max(0, len(v.events)-min(max(n, 0), maxEvents)):])
}

// Stats is a Volume at one moment.
type Stats struct {
	Docs, Chunks, Terms int
	Bytes               int64  // of the documents
	Vectors             int    // of chunks
	Embedder            string // "" without vectors
	Dims                int
	EF                  int    // candidates that a search by meaning keeps
	Base, Log           int64  // bytes of the files
	Healed              string // what Open had to make anew of damaged files
	Why                 string // the words decide alone, or why a new fit is due; "" else
}

// Stats counts.
func (v *Volume) Stats() Stats {
	v.mu.RLock()
	defer v.mu.RUnlock()
	s := Stats{Docs: len(v.docs), Chunks: v.chunks, Terms: v.words.NumTerms(), Why: v.why, Healed: strings.Join(v.healed, "; ")}
	for _, d := range v.docs {
		s.Bytes += d.size
	}
	if v.disk != nil && !v.closed {
		s.Base, s.Log = v.disk.base.Size(), v.disk.log.Size()
	}
	if m := v.meaning; m != nil {
		s.Vectors, s.Embedder, s.Dims, s.EF = m.vectors.Len(), m.id, m.dims, m.vectors.EF()
	}
	return s
}
