package volume

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"rayos/internal/oneline"
	"rayos/volume/file"
	"rayos/volume/hnsw"
)

// Of what an embedder is asked.
const (
	asksFor  = 32        // texts at once
	longText = 16 << 10  // bytes of a text: what is longer is cut
	mostRows = 256 << 10 // numbers of a record of the log
	patience = 3 * time.Second
)

// pending says how many chunks have no vectors, "" if all have. mu or change is
// held.
func (v *Volume) pending() string {
	n := 0
	if v.meaning != nil {
		n = v.meaning.vectors.Len()
	}
	switch {
	case v.chunks == 0:
		return empty
	case n == v.chunks:
		return ""
	}
	return fmt.Sprintf("%d of %d pieces have no vectors of %s yet", v.chunks-n, v.chunks, oneline.Of(v.o.Embedder.ID(), 0))
}

// ask gives the chunks that have none vectors of Options.Embedder. Searches and
// changes go on meanwhile. What an embedder has told lasts, so that a call that
// was cancelled goes on from there.
func (v *Volume) ask(ctx context.Context) error {
	e := v.o.Embedder
	var last uint64
	for {
		ids, texts := v.mute(last)
		if len(ids) == 0 {
			return nil
		}
		rows, err := e.Embed(ctx, texts)
		if err != nil {
			return fmt.Errorf("volume: %s: %w", e.ID(), err)
		}
		hash, ok := e.Hash()
		if !ok || len(rows) != len(ids) {
			return fmt.Errorf("volume: %s: %d vectors for %d texts", e.ID(), len(rows), len(ids))
		}
		anew, err := v.give(ids, rows, hash)
		if err != nil {
			return err
		}
		if last = ids[len(ids)-1]; anew {
			last = 0 // those before have another embedder's
		}
	}
}

// mute returns the first chunks behind one that have no vectors, and their texts.
func (v *Volume) mute(behind uint64) (ids []uint64, texts []string) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed {
		return nil, nil
	}
	at, _ := slices.BinarySearchFunc(v.order, behind, byFirst)
	for _, d := range v.order[max(at-1, 0):] {
		for i, id := 0, d.first; i < len(d.chunks); i, id = i+1, id+1 {
			if id <= behind || v.meaning != nil && v.meaning.vectors.Has(id) {
				continue
			}
			text := d.indexed(i)
			ids, texts = append(ids, id), append(texts, strings.ToValidUTF8(text[:min(len(text), longText)], ""))
			if len(ids) == asksFor {
				return ids, texts
			}
		}
	}
	return ids, texts
}

// give puts vectors to chunks that are still there. anew says that they are the
// first of another embedder.
func (v *Volume) give(ids []uint64, rows [][]float32, hash [sha256.Size]byte) (anew bool, err error) {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return false, ErrClosed
	}
	dims := len(rows[0])
	var flat []float32
	var there []uint64
	for i, id := range ids {
		if d, _ := v.chunk(id); d == nil || len(rows[i]) != dims {
			continue
		}
		there, flat = append(there, id), append(flat, rows[i]...)
	}
	if len(there) == 0 {
		return false, nil
	}
	anew = v.meaning == nil || v.meaning.hash != hash
	for n := max(mostRows/dims, 1); len(there) > 0; there, flat = there[min(n, len(there)):], flat[min(n*dims, len(flat)):] {
		k := min(n, len(there))
		t := told{id: v.o.Embedder.ID(), hash: hash, dims: dims, ids: there[:k], rows: flat[:k*dims]}
		if err := v.hear(&t); err != nil {
			return false, err
		}
		if err := v.tell(opTold, t.bytes()); err != nil {
			return false, err
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.why = v.pending()
	return anew, nil
}

// told are vectors of an embedder of Options, as the log has them.
type told struct {
	id   string
	hash [sha256.Size]byte
	dims int
	ids  []uint64
	rows []float32
}

// hear takes vectors in. Those of another embedder go. change is held.
func (v *Volume) hear(t *told) error {
	m := v.meaning
	if m == nil || m.hash != t.hash || m.dims != t.dims {
		vectors, err := newVectors(t.dims, v.o.Seed)
		if err != nil {
			return fmt.Errorf("volume: %w", err)
		}
		m = &meaning{dims: t.dims, id: t.id, hash: t.hash, vectors: vectors}
		v.mu.Lock()
		v.meaning = m
		v.why = v.pending()
		v.mu.Unlock()
	}
	if err := m.vectors.AddBatch(t.ids, t.rows); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	return nil
}

func (t *told) bytes() []byte {
	b := binary.AppendUvarint(nil, uint64(len(t.id)))
	b = append(append(b, t.id...), t.hash[:]...)
	b = binary.AppendUvarint(b, uint64(t.dims))
	b = binary.AppendUvarint(b, uint64(len(t.ids)))
	for _, id := range t.ids {
		b = binary.AppendUvarint(b, id)
	}
	return append(b, file.Bytes(t.rows)...)
}

func parseTold(b []byte) (*told, error) {
	r := reader{b: b}
	t := &told{id: r.str(1 << 10)}
	copy(t.hash[:], r.take(sha256.Size))
	t.dims = int(r.number(hnsw.MaxDim))
	n := r.number(uint64(len(r.b)))
	for range n {
		t.ids = append(t.ids, r.number(math.MaxInt64))
	}
	if r.failed || t.dims == 0 || uint64(len(r.b)) != 4*n*uint64(t.dims) {
		return nil, errForm
	}
	rows, err := file.As[float32](slices.Clone(r.b)) // a clone lies as numbers have to
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errForm, err)
	}
	t.rows = rows
	return t, nil
}

// again takes in vectors of the log: not those of another embedder than the one of
// Options, nor of chunks that went since.
func (v *Volume) again(p []byte) error {
	t, err := parseTold(p)
	if err != nil {
		return err
	}
	if e := v.o.Embedder; e == nil || e.ID() != t.id {
		return nil
	}
	n := 0
	for i, id := range t.ids {
		if d, _ := v.chunk(id); d == nil {
			continue
		}
		t.ids[n] = id
		copy(t.rows[n*t.dims:], t.rows[i*t.dims:][:t.dims])
		n++
	}
	t.ids, t.rows = t.ids[:n], t.rows[:n*t.dims]
	if n == 0 {
		return nil
	}
	if err := v.hear(t); err != nil {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	v.why = v.pending()
	return nil
}

// vectorOf asks the embedder about a query, if all chunks have its vectors. why
// says why there is no vector.
func (v *Volume) vectorOf(ctx context.Context, text string) (vector []float32, of *meaning, why string) {
	v.mu.RLock()
	m, why, e := v.meaning, v.why, v.o.Embedder
	v.mu.RUnlock()
	if e == nil || m == nil || why != "" || strings.TrimSpace(text) == "" {
		return nil, nil, why
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := e.Embed(ctx, []string{text})
	if err != nil {
		return nil, nil, fmt.Sprintf("%s doesn't answer: %v", oneline.Of(e.ID(), 0), err)
	}
	if hash, ok := e.Hash(); !ok || hash != m.hash || len(rows) != 1 || len(rows[0]) != m.dims {
		v.unlearn(m)
		return nil, nil, anothers
	}
	return rows[0], m, ""
}

// unlearn drops vectors that searches can't be compared with any more, so that
// Learn asks for all anew.
func (v *Volume) unlearn(m *meaning) {
	v.change.Lock()
	defer v.change.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.meaning == m {
		v.meaning = nil
		v.why = v.pending()
	}
}
