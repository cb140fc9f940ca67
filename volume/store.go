package volume

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rayos/internal/atomicfile"
	"rayos/volume/file"
	"rayos/volume/hnsw"
	"rayos/volume/lexical"
	"rayos/volume/lsa"
)

// Names in Options.Dir.
const (
	baseName = "base.rayvol"
	logName  = "log.rayvol"
	lockName = "lock"
	aside    = ".damaged" // behind the names of what Renew has put aside
)

// What records of the log say.
const (
	opPut   = 1 // a document with its texts: see record
	opGone  = 2 // a path: it was taken out
	opEmpty = 3 // all documents were taken out
	opTold  = 4 // vectors of an embedder of Options: see told
)

// When the next base is written.
const (
	logLeast = 16 << 20 // bytes of the log
	logShare = 4        // and that part of the base
	logMost  = 64 << 20 // bytes, in the midst of an Index
	unsynced = 64       // records
)

// ErrDamaged is wrapped by errors of Open about files that can't be read: see
// Renew.
var ErrDamaged = errors.New("the volume is damaged; rayctl volume rebuild makes it anew from your folders")

// ErrBusy is wrapped by errors of Open if another process has the volume.
var ErrBusy = atomicfile.ErrBusy

// disk is where a volume lies. Its fields are guarded by change, base also by mu.
type disk struct {
	dir   string
	lock  *os.File
	base  *file.File
	log   *file.Log
	dirty int // records since the last Sync
}

// kept is the section Meta.
type kept struct {
	Next  uint64    `json:"next"`
	EF    int       `json:"ef,omitempty"`
	Drift lsa.Drift `json:"drift"`
}

// load opens the volume's files, and makes them if there are none.
func (v *Volume) load(ctx context.Context, dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	k := &disk{dir: dir}
	if k.lock, err = atomicfile.Lock(filepath.Join(dir, lockName)); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, k.close())
		}
	}()
	path := filepath.Join(dir, baseName)
	if k.base, err = file.Open(path); errors.Is(err, fs.ErrNotExist) {
		if _, lost := os.Lstat(filepath.Join(dir, logName)); lost == nil {
			return fmt.Errorf("%w: %s is gone, but the log of it is there", ErrDamaged, path)
		}
		if err = v.write(path, file.Mark{}); err == nil {
			k.base, err = file.Open(path)
		}
	}
	if err != nil {
		return damaged(err)
	}
	healed, err := v.read(ctx, k.base)
	if err != nil {
		return damaged(err)
	}
	var added []*doc
	k.log, err = file.OpenLog(filepath.Join(dir, logName), k.base.Header().Mark, func(op uint8, p []byte) error {
		d, err := v.replay(op, p)
		if d != nil {
			added = append(added, d)
		}
		return err
	})
	if err != nil {
		return damaged(err)
	}
	v.disk = k
	for _, d := range added {
		if v.docs[d.path] == d {
			if err := v.fold(d); err != nil {
				return err
			}
		}
	}
	v.remember()
	if len(healed) > 0 {
		v.healed = healed
		return v.compact(ctx)
	}
	return nil
}

// damaged says of errors that are about what files hold that they can be made
// anew.
func damaged(err error) error {
	for _, e := range []error{file.ErrDamaged, file.ErrForeign, file.ErrGap, file.ErrMissing, errForm, hnsw.ErrParts} {
		if errors.Is(err, e) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return err
}

// read takes in a base, and says what of it had to be made anew.
func (v *Volume) read(ctx context.Context, f *file.File) (healed []string, err error) {
	b, err := f.Section(file.Docs)
	if err != nil {
		return nil, err
	}
	list, err := parseDocs(b)
	if err != nil {
		return nil, err
	}
	meta, err := f.Section(file.Meta)
	if err != nil {
		return nil, err
	}
	k := kept{}
	if err := json.Unmarshal(meta, &k); err != nil {
		return nil, fmt.Errorf("%w: %w", errForm, err)
	}
	end := uint64(1)
	for _, d := range list {
		if v.docs[d.path] != nil || d.first < end || d.first+uint64(len(d.chunks)) > max(k.Next, 1) {
			return nil, fmt.Errorf("%w: %q", errForm, d.path)
		}
		end = d.first + uint64(len(d.chunks))
		v.docs[d.path] = d
		v.chunks += len(d.chunks)
	}
	v.order, v.next, v.drift = list, max(k.Next, 1), k.Drift
	if len(list) > 0 {
		v.why = notYet
	}
	if why := v.readWords(f); why != "" {
		healed = append(healed, why)
	}
	why, err := v.readMeaning(ctx, f, k.EF)
	if why != "" {
		healed = append(healed, why)
	}
	return healed, err
}

// readWords takes in the index of words, or makes it anew.
func (v *Volume) readWords(f *file.File) (healed string) {
	b, err := f.Section(file.Lexical)
	if err == nil {
		var x *lexical.Index
		if x, err = lexical.Parse(b); err == nil && v.fits(x) {
			v.words = x
			return ""
		}
	}
	v.words = &lexical.Index{}
	for _, d := range v.order {
		for i, id := 0, d.first; i < len(d.chunks); i, id = i+1, id+1 {
			if err := v.words.Add(id, d.indexed(i)); err != nil {
				return fmt.Sprintf("the index of words was damaged, and is full: %v", err)
			}
		}
	}
	if err == nil {
		err = errForm
	}
	return fmt.Sprintf("the index of words was made anew: %v", err)
}

// fits reports whether an index has exactly the chunks.
func (v *Volume) fits(x *lexical.Index) bool {
	for _, d := range v.order {
		for id := range d.ids() {
			if !x.Has(id) {
				return false
			}
		}
	}
	return x.Len() == v.chunks
}

// readMeaning takes in the vectors, unless they are another embedder's.
func (v *Volume) readMeaning(ctx context.Context, f *file.File, ef int) (healed string, err error) {
	h := f.Header()
	if h.Count == 0 {
		return "", nil
	}
	m := &meaning{dims: h.Dim, id: h.Embedder, hash: h.EmbedderHash}
	if e := v.o.Embedder; e != nil {
		if m.id != e.ID() {
			v.why = v.pending()
			return "", nil
		}
	} else {
		b, err := f.Section(file.Model)
		if errors.Is(err, file.ErrMissing) {
			v.why = anothers
			return "", nil
		}
		if err == nil {
			m.model, err = lsa.Parse(b)
		}
		if err == nil && (m.model.Hash() != m.hash || m.model.Dims() != m.dims) {
			err = errForm
		}
		if err != nil {
			return fmt.Sprintf("the model is damaged, and is fitted anew: %v", err), nil
		}
	}
	if m.vectors, healed, err = v.readVectors(ctx, f); err != nil {
		return "", err
	}
	if ef > 0 && ef <= hnsw.MaxEF {
		if err := m.vectors.SetEF(ef); err != nil {
			return "", err
		}
	}
	v.meaning, v.why = m, ""
	v.judge()
	return healed, nil
}

// readVectors takes in the vectors and their graph, which is made anew if it is
// damaged.
func (v *Volume) readVectors(ctx context.Context, f *file.File) (ix *hnsw.Index, healed string, err error) {
	h := f.Header()
	p := hnsw.Parts{Config: hnsw.Config{
		Dim: h.Dim, M: h.M, EfConstruction: h.EFC, Metric: hnsw.Metric(h.Metric), Quant: hnsw.Quant(h.Quant), Seed: v.o.Seed,
	}}
	if p.Config.Metric != hnsw.Cosine || p.Config.Quant != hnsw.SQ8 {
		return nil, "", fmt.Errorf("%w: vectors of %v, %v", errForm, p.Config.Metric, p.Config.Quant)
	}
	if p.IDs, err = section[uint64](f, file.Ids); err != nil {
		return nil, "", err
	}
	if p.Codes, err = section[int8](f, file.Codes); err != nil {
		return nil, "", err
	}
	for _, id := range p.IDs {
		if d, _ := v.chunk(id); d == nil {
			return nil, "", fmt.Errorf("%w: a vector of no chunk", errForm)
		}
	}
	whole := p
	err = errors.Join(
		into(f, file.Levels, &whole.Levels), into(f, file.Links0, &whole.Links), into(f, file.LinksUp, &whole.Upper),
	)
	var entry []uint32
	if err = errors.Join(err, into(f, file.Entry, &entry)); err == nil && len(entry) == 1 {
		whole.Entry = entry[0]
		ix, err = hnsw.FromPartsContext(ctx, whole)
		if err == nil || !errors.Is(err, hnsw.ErrGraph) {
			return ix, "", err
		}
	}
	healed = fmt.Sprintf("the graph of vectors was made anew: %v", err)
	ix, err = hnsw.FromPartsContext(ctx, p)
	return ix, healed, err
}

func section[T file.Number](f *file.File, t file.Type) ([]T, error) {
	b, err := f.Section(t)
	if err != nil {
		return nil, err
	}
	return file.As[T](b)
}

func into[T file.Number](f *file.File, t file.Type, to *[]T) (err error) {
	*to, err = section[T](f, t)
	return err
}

// replay does again what a record of the log says. A document that comes has no
// vectors yet.
func (v *Volume) replay(op uint8, p []byte) (added *doc, err error) {
	switch op {
	case opPut:
		d, err := parseRecord(p)
		if err != nil {
			return nil, err
		}
		if d.first < v.next {
			return nil, fmt.Errorf("%w: chunks of %q come again", errForm, d.path)
		}
		v.next = d.first + uint64(len(d.chunks))
		return d, v.place(v.docs[d.path], d, d.terms())
	case opGone:
		if d := v.docs[string(p)]; d != nil {
			v.drop(d)
		}
	case opEmpty:
		v.clear()
	case opTold:
		return nil, v.again(p)
	default:
		return nil, fmt.Errorf("%w: a record of kind %d", errForm, op)
	}
	return nil, nil
}

// remember fills the tail from when documents were indexed.
func (v *Volume) remember() {
	list := slices.Clone(v.order)
	slices.SortStableFunc(list, func(a, b *doc) int { return cmp.Compare(nanoseconds(a.at), nanoseconds(b.at)) })
	v.events = nil
	for _, d := range list[max(0, len(list)-maxEvents):] {
		v.events = append(v.events, Event{At: d.at, Step: Indexed, Path: d.path, Chunks: len(d.chunks)})
	}
}

// write writes a base of all there is. change is held.
func (v *Volume) write(path string, mark file.Mark) error {
	h := file.Header{Mark: mark}
	k := kept{Next: v.next, Drift: v.drift}
	head, texts := docsSection(v.order)
	words, err := v.words.AppendBinary(nil)
	if err != nil {
		return err
	}
	list := []file.Section{{Type: file.Docs, Data: head, More: texts}, {Type: file.Lexical, Data: words}}
	if m := v.meaning; m != nil {
		p := m.vectors.Parts()
		h.Dim, h.Count, h.Metric, h.Quant = m.dims, len(p.IDs), uint8(p.Config.Metric), uint8(p.Config.Quant)
		h.M, h.EFC, h.Embedder, h.EmbedderHash = p.Config.M, p.Config.EfConstruction, m.id, m.hash
		list = append(list,
			file.Section{Type: file.Ids, Data: file.Bytes(p.IDs)}, file.Section{Type: file.Codes, Data: file.Bytes(p.Codes)},
			file.Section{Type: file.Levels, Data: p.Levels}, file.Section{Type: file.Links0, Data: file.Bytes(p.Links)},
			file.Section{Type: file.LinksUp, Data: file.Bytes(p.Upper)}, file.Section{Type: file.Entry, Data: file.Bytes([]uint32{p.Entry})},
		)
		k.EF = m.vectors.EF()
		if m.model != nil {
			b, err := m.model.AppendBinary(nil)
			if err != nil {
				return err
			}
			list = append(list, file.Section{Type: file.Model, Data: b})
		}
	}
	meta, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return file.Write(path, h, append(list, file.Section{Type: file.Meta, Data: meta}))
}

// Compact writes all there is as one file, and empties the log of changes. In
// memory there is nothing to do.
func (v *Volume) Compact(ctx context.Context) error {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return ErrClosed
	}
	return v.compact(ctx)
}

// compact is Compact; change is held.
func (v *Volume) compact(ctx context.Context) error {
	k := v.disk
	if k == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	path, mark := filepath.Join(k.dir, baseName), k.log.Mark()
	if err := v.write(path, mark); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	if err := k.log.Reset(mark); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	k.dirty = 0
	return v.lend(ctx, path)
}

// lend has texts and vectors lie in the base that was just written. change is
// held.
func (v *Volume) lend(ctx context.Context, path string) error {
	f, err := file.Open(path)
	if err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	var list []*doc
	var vectors *hnsw.Index
	b, err := f.Section(file.Docs)
	if err == nil {
		list, err = parseDocs(b)
	}
	if err == nil && len(list) != len(v.order) {
		err = errForm
	}
	if err == nil && v.meaning != nil {
		if vectors, _, err = v.readVectors(ctx, f); err == nil {
			err = vectors.SetEF(v.meaning.vectors.EF())
		}
	}
	if err != nil {
		return errors.Join(fmt.Errorf("volume: %w", err), f.Close())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, d := range v.order {
		for j := range d.chunks {
			d.chunks[j].text = list[i].chunks[j].text
		}
	}
	if vectors != nil {
		v.meaning.vectors = vectors
	}
	old := v.disk.base
	v.disk.base = f
	if err := old.Close(); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	return nil
}

// tell writes a change down, if the volume lies on a disk. change is held.
func (v *Volume) tell(op uint8, payload ...[]byte) error {
	k := v.disk
	if k == nil {
		return nil
	}
	if err := k.log.Append(op, payload...); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	if k.dirty++; k.dirty >= unsynced {
		return v.sync()
	}
	return nil
}

// sync puts what was written down on the disk. change is held.
func (v *Volume) sync() error {
	k := v.disk
	if k == nil || k.dirty == 0 {
		return nil
	}
	k.dirty = 0
	if err := k.log.Sync(); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	return nil
}

// settle puts all changes on the disk, in a new base if the log is long.
func (v *Volume) settle(ctx context.Context) error {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return ErrClosed
	}
	if k := v.disk; k != nil && k.log.Size() > max(logLeast, k.base.Size()/logShare) {
		return v.compact(ctx)
	}
	return v.sync()
}

func (k *disk) close() error {
	var errs []error
	if k.log != nil {
		errs = append(errs, k.log.Close())
	}
	if k.base != nil {
		errs = append(errs, k.base.Close())
	}
	return errors.Join(append(errs, k.lock.Close())...)
}

// Renew puts the files of a damaged volume aside, in place of those that were put
// aside before, so that Open makes an empty one.
func Renew(dir string) error {
	lock, err := atomicfile.Lock(filepath.Join(dir, lockName))
	if err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	var errs []error
	for _, name := range []string{logName, baseName} {
		path := filepath.Join(dir, name)
		if err := os.Rename(path, path+aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("volume: %w", err))
		}
	}
	return errors.Join(append(errs, lock.Close())...)
}
