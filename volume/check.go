package volume

import (
	"context"
	"fmt"
	"strings"

	"rayos/volume/lexical"
	"rayos/volume/lsa"
)

// Verify reads all of the volume and says what is wrong with it.
func (v *Volume) Verify(ctx context.Context) ([]string, error) {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return nil, ErrClosed
	}
	var wrong []string
	chunks, embedded := 0, 0
	for i, d := range v.order {
		if ctx.Err() != nil {
			return wrong, ctx.Err()
		}
		if v.docs[d.path] != d {
			wrong = append(wrong, fmt.Sprintf("%s: two documents have one path", d.path))
		}
		if i > 0 && d.first < v.order[i-1].first+uint64(len(v.order[i-1].chunks)) {
			wrong = append(wrong, fmt.Sprintf("%s: its chunks are another document's, too", d.path))
		}
		chunks += len(d.chunks)
		for id := range d.ids() {
			if !v.words.Has(id) {
				wrong = append(wrong, fmt.Sprintf("%s: chunk %d isn't found by words", d.path, id-d.first))
			}
			if v.meaning != nil && v.meaning.vectors.Has(id) {
				embedded++
			}
		}
	}
	if len(v.docs) != len(v.order) || chunks != v.chunks || chunks != v.words.Len() {
		wrong = append(wrong, fmt.Sprintf("%d documents with %d chunks, but %d paths and %d chunks in the index of words", len(v.order), chunks, len(v.docs), v.words.Len()))
	}
	if v.meaning != nil && embedded != v.meaning.vectors.Len() {
		wrong = append(wrong, fmt.Sprintf("%d vectors are of no chunk", v.meaning.vectors.Len()-embedded))
	}
	if v.disk != nil {
		if err := v.disk.base.Verify(ctx); err != nil {
			wrong = append(wrong, strings.Split(err.Error(), "\n")...)
		}
	}
	return wrong, nil
}

// Empty takes out all documents, to make the volume anew: Index brings them back.
func (v *Volume) Empty(context.Context) error {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return ErrClosed
	}
	if err := v.tell(opEmpty); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.clear()
	return v.sync()
}

// clear takes out all documents. change and mu are held.
func (v *Volume) clear() {
	v.docs, v.order, v.chunks, v.words = make(map[string]*doc), nil, 0, &lexical.Index{}
	v.meaning, v.why, v.drift = nil, empty, lsa.Drift{}
}
