package volume

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"rayos/volume/ingest"
)

// Indexing says what Index reads.
type Indexing struct {
	Folders []string // or files, absolute
	// Progress is told after each file, and when Learn begins; nil tells nobody.
	// It is called by the goroutine of Index.
	Progress func(Progress)
}

// Progress is how far Index is.
type Progress struct {
	Report ingest.Report
	Done   int  // files that were looked at
	Files  int  // that there were when it began
	Learns bool // all were looked at; a model is fitted
}

// Index takes in what is new or has changed in folders, and takes out what is no
// longer there. It ends early with ctx; what was taken in until then stays, and
// the next Index goes on from there. A folder that isn't there is a problem, or an
// error if none is, and its documents stay: its disk may not be connected.
func (v *Volume) Index(ctx context.Context, x Indexing) (ingest.Report, error) {
	folders, missing, err := roots(x.Folders)
	if err != nil {
		return ingest.Report{}, err
	}
	select { // one at a time: another one would read the same files
	case v.one <- struct{}{}:
		defer func() { <-v.one }()
	case <-ctx.Done():
		return ingest.Report{}, ctx.Err()
	}
	p := Progress{}
	for _, folder := range folders {
		n, err := v.ingester([]string{folder}, nil).Count(ctx)
		if err != nil {
			return ingest.Report{}, fmt.Errorf("volume: %w", err)
		}
		p.Files += n
	}
	asked := make(map[string]bool)
	done := ingest.Report{Failed: len(missing), Problems: missing}
	for _, folder := range folders {
		in := v.ingester([]string{folder}, func(r ingest.Report) {
			p.Done++
			p.Report = sum(done, r)
			if x.Progress != nil {
				x.Progress(p)
			}
		})
		in.Known = func(path string) (ingest.Hash, bool) { asked[path] = true; return v.known(path) }
		in.Unchanged = func(path string, size int64, t time.Time) bool {
			same := v.unchanged(path, size, t)
			asked[path] = asked[path] || same
			return same
		}
		r, err := in.Run(ctx)
		done = sum(done, r)
		if err != nil {
			return done, fmt.Errorf("volume: %w", err)
		}
	}
	// What is kept of these folders and wasn't seen is looked at by its name.
	var unseen []string
	for _, folder := range folders {
		for _, path := range v.under(folder) {
			if !asked[path] {
				unseen = append(unseen, path)
			}
		}
	}
	r, err := v.ingester(folders, nil).Ingest(ctx, unseen)
	done = sum(done, r)
	if err != nil {
		return done, fmt.Errorf("volume: %w", err)
	}
	v.failed(done.Problems)
	if v.Due() != "" {
		p.Learns = true
		if x.Progress != nil {
			x.Progress(p)
		}
		if err := v.Learn(ctx); err != nil {
			return done, err
		}
	}
	return done, v.settle(ctx)
}

// failed notes what couldn't be read.
func (v *Volume) failed(list []ingest.Problem) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range list {
		v.note(Event{At: time.Now(), Step: Failed, Path: p.Path, Why: p.Err.Error()})
	}
}

// roots are folders without those that are named twice, and those of them that
// can't be read: a folder may be on a disk that isn't connected.
func roots(folders []string) (list []string, missing []ingest.Problem, err error) {
	for _, f := range folders {
		if !filepath.IsAbs(f) {
			return nil, nil, fmt.Errorf("volume: %q is no absolute path", f)
		}
		list = append(list, filepath.Clean(f))
	}
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(f string) bool {
		_, err := os.ReadDir(f)
		if errors.Is(err, syscall.ENOTDIR) {
			_, err = os.Lstat(f)
		}
		if err != nil {
			missing = append(missing, ingest.Problem{Path: f, Err: err})
		}
		return err != nil
	})
	switch {
	case len(list) > 0:
		return list, missing, nil
	case len(missing) > 0:
		return nil, nil, fmt.Errorf("volume: no folder can be read: %w", missing[0].Err)
	}
	return nil, nil, errors.New("volume: no folder is named")
}

func sum(a, b ingest.Report) ingest.Report {
	a.Files += b.Files
	a.Chunks += b.Chunks
	a.Bytes += b.Bytes
	a.Same += b.Same
	a.Excluded += b.Excluded
	a.NoText += b.NoText
	a.Failed += b.Failed
	a.Problems = slices.Concat(a.Problems, b.Problems)
	return a
}

// ingester reads folders into the volume.
func (v *Volume) ingester(roots []string, progress func(ingest.Report)) *ingest.Ingester {
	return &ingest.Ingester{
		Roots: roots, Exclude: v.o.Exclude, MaxSize: v.o.MaxSize, PDF: v.o.PDF, Known: v.known, Unchanged: v.unchanged, Emit: v.put,
		Gone:     func(path string) error { _, err := v.remove(path, Removed); return err },
		Progress: progress,
	}
}

// Watch follows folders until ctx ends: it indexes them, and then takes in soon
// what changes. changed, which may be nil, is called by its goroutine after each.
// That the model may be due then is left to the caller: see Due.
func (v *Volume) Watch(ctx context.Context, folders []string, changed func()) error {
	folders, _, err := roots(folders)
	if err != nil {
		return err
	}
	in := v.ingester(folders, nil)
	w, err := in.Watch()
	if err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	defer w.Close()
	c := ingest.Changes{All: true} // what changed before the watch
	for {
		if c.All {
			_, err = v.Index(ctx, Indexing{Folders: folders})
		} else {
			if _, err = in.Ingest(ctx, c.Paths); err == nil {
				err = v.settle(ctx)
			}
		}
		if err != nil {
			return fmt.Errorf("volume: %w", err)
		}
		if changed != nil {
			changed()
		}
		if c, err = w.Wait(ctx); err != nil {
			return fmt.Errorf("volume: %w", err)
		}
	}
}

// Imported begins the paths of documents that are in no file; a source's name
// follows.
const Imported = "import:"

// Document is a text that is in no file.
type Document struct {
	Name string // of it within its source
	Text string
	Time time.Time // zero if it isn't known
}

// Import takes in documents of a source that is no folder, such as the records of
// an older volume. Their paths are "import:", the source, a slash and the name.
// Those that are there already with the same text are left as they are.
func (v *Volume) Import(ctx context.Context, source string, docs []Document) (ingest.Report, error) {
	var r ingest.Report
	if source == "" || strings.ContainsAny(source, "/\x00") {
		return r, fmt.Errorf("volume: %q is no name of a source", source)
	}
	for _, d := range docs {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		f := importedFile(Imported+source+"/"+d.Name, d)
		if known, ok := v.known(f.Path); ok && known == f.Hash {
			r.Same++
			continue
		}
		if len(f.Chunks) == 0 {
			r.NoText++
			continue
		}
		if err := v.put(f); err != nil {
			return r, fmt.Errorf("volume: import: %w", err)
		}
		r.Files++
		r.Chunks += len(f.Chunks)
		r.Bytes += f.Size
	}
	if v.Due() != "" {
		if err := v.Learn(ctx); err != nil {
			return r, err
		}
	}
	return r, v.settle(ctx)
}

func importedFile(path string, d Document) ingest.File {
	text := strings.ToValidUTF8(d.Text, "\uFFFD")
	return ingest.File{Path: path, Hash: sha256.Sum256([]byte(d.Text)), Size: int64(len(d.Text)), Time: d.Time, Chunks: ingest.Chunks(text)}
}
