package volume

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"rayos/volume/ingest"
	"rayos/volume/lexical"
)

// known implements ingest.Ingester's Known.
func (v *Volume) known(path string) (ingest.Hash, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	d := v.docs[path]
	if d == nil {
		return ingest.Hash{}, false
	}
	return d.hash, true
}

// unchanged implements ingest.Ingester's Unchanged.
func (v *Volume) unchanged(path string, size int64, t time.Time) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	d := v.docs[path]
	return d != nil && d.size == size && d.time.Equal(t)
}

// put takes a file in, in place of the one at its path.
func (v *Volume) put(f ingest.File) error {
	v.change.Lock()
	defer v.change.Unlock()
	d := &doc{path: f.Path, hash: f.Hash, size: f.Size, time: f.Time, at: time.Now(), first: v.next, chunks: make([]chunk, len(f.Chunks))}
	for i, c := range f.Chunks {
		d.chunks[i] = chunk{heading: c.Heading, from: int32(c.From), to: int32(c.To), line: int32(c.Line), page: int32(c.Page), text: []byte(c.Text)}
	}
	return v.take(d)
}

// take takes a document in. change is held.
func (v *Volume) take(d *doc) error {
	old := v.docs[d.path]
	n := v.chunks + len(d.chunks)
	if old != nil {
		n -= len(old.chunks)
	}
	switch {
	case v.closed:
		return ErrClosed
	case n > v.o.Chunks:
		return fmt.Errorf("%w (%d chunks)", ErrFull, v.chunks)
	}
	terms := d.terms()
	if v.disk != nil {
		if err := v.tell(opPut, record(d)...); err != nil {
			return err
		}
	}
	v.next = d.first + uint64(len(d.chunks))
	if err := v.place(old, d, terms); err != nil {
		return err
	}
	if err := v.fold(d); err != nil {
		return err
	}
	if v.disk != nil && v.disk.log.Size() > logMost {
		return v.compact(context.Background())
	}
	return nil
}

// terms are those of each chunk.
func (d *doc) terms() [][]string {
	terms := make([][]string, len(d.chunks))
	for i := range d.chunks {
		terms[i] = lexical.Terms(nil, d.indexed(i))
	}
	return terms
}

// place puts a document where searches find it.
func (v *Volume) place(old, d *doc, terms [][]string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range d.chunks {
		if err := v.words.AddTerms(d.first+uint64(i), terms[i]); err != nil {
			for id := range d.ids() {
				v.words.Delete(id)
			}
			return fmt.Errorf("%s: %w", d.path, err)
		}
	}
	if old != nil {
		v.drop(old)
	}
	v.docs[d.path] = d
	v.order = append(v.order, d)
	v.chunks += len(d.chunks)
	v.judge()
	v.note(Event{At: d.at, Step: Indexed, Path: d.path, Chunks: len(d.chunks)})
	return nil
}

// judge notes whether all chunks have vectors of an embedder of Options. mu is
// held.
func (v *Volume) judge() {
	if v.o.Embedder != nil {
		v.why = v.pending()
	}
}

// indexed is the text that a chunk is found by: the first by the file's name,
// too.
func (d *doc) indexed(i int) string {
	c := &d.chunks[i]
	s := string(c.text) // terms of it last longer than the base
	if c.heading != "" {
		s = c.heading + "\n" + s
	}
	if i == 0 {
		s = filepath.Base(d.path) + "\n" + s
	}
	return s
}

// remove takes out the document at a path, if there is one.
func (v *Volume) remove(path string, why Step) (bool, error) {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return false, ErrClosed
	}
	d := v.docs[path]
	if d == nil {
		return false, nil
	}
	if err := v.tell(opGone, []byte(path)); err != nil {
		return false, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drop(d)
	v.judge()
	v.note(Event{At: time.Now(), Step: why, Path: path, Chunks: len(d.chunks)})
	return true, nil
}

// drop takes a document out. change and mu are held.
func (v *Volume) drop(d *doc) {
	delete(v.docs, d.path)
	i, _ := slices.BinarySearchFunc(v.order, d.first, byFirst)
	v.order = slices.Delete(v.order, i, i+1)
	v.chunks -= len(d.chunks)
	for id := range d.ids() {
		v.words.Delete(id)
		if v.meaning != nil && v.meaning.vectors.Delete(id) {
			v.drift.Remove()
		}
	}
}

// Forget takes out all documents of a folder, or one, and says how many.
func (v *Volume) Forget(ctx context.Context, folder string) (int, error) {
	n := 0
	for _, path := range v.under(filepath.Clean(folder)) {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		gone, err := v.remove(path, Forgotten)
		if err != nil {
			return n, fmt.Errorf("volume: forget %s: %w", folder, err)
		}
		if gone {
			n++
		}
	}
	return n, v.settle(ctx)
}

// under are the documents of a folder, sorted.
func (v *Volume) under(folder string) []string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	var list []string
	for path := range v.docs {
		if below(path, folder) {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}
