package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rayos/intent/conductor"
	"rayos/intent/conductor/dream"
	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/launcher"
	"rayos/shell/settings"
	"rayos/shell/taskbar"
	vol "rayos/volume"
	"rayos/volume/embed"
	"rayos/volume/ingest"
)

// tellEvery is how often it is said how far a folder is.
const tellEvery = 100 * time.Millisecond

// indexing is the kind of task that takes a named folder into the volume.
const indexing = "volume.index"

// recall is the session's semantic memory: the folders of the setting
// privacy.folders, and no others. It opens when it is needed for the first time,
// and all of its work is done beside the loop.
type recall struct {
	s    *Session
	life context.Context
	end  context.CancelFunc
	wg   sync.WaitGroup

	told vol.Embedder // nil: meaning is learnt here

	opening sync.Mutex
	v       *vol.Volume // nil until it is open
	closed  bool

	// What follows is the loop's.
	jobs  map[string]*indexJob // by folder
	runs  map[string]*indexRun // by folder
	watch context.CancelFunc   // ends the watch of folders, nil without one
	ends  []chan struct{}      // of watches, closed when they have ended
	// answers wait for folders to be forgotten, leaving are those that are.
	answers map[string]func(docs int, err error)
	leaving int
	begun   bool   // the conductor has our kinds
	idle    func() // ends the wait for the person's absence
}

// indexJob is a folder that is being taken in, and who waits for it.
type indexJob struct {
	progress vol.Progress
	waiters  []*indexWaiter
}

// indexRun is a task that takes a folder in.
type indexRun struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

type indexWaiter struct {
	note func(string)
	done func(control.VolumeReport, error)
}

func (r *recall) init(s *Session) {
	r.s, r.jobs, r.runs, r.answers = s, map[string]*indexJob{}, map[string]*indexRun{}, map[string]func(int, error){}
	r.life, r.end = context.WithCancel(context.Background())
	s.tasks.more = append(s.tasks.more, r.register)
	e, err := r.embedder()
	if err != nil {
		s.log.Warn("the meaning of documents is learnt here", "err", err)
	}
	r.told = e
}

// embedder returns the server that tells what documents mean, if the person names
// one with its model.
func (r *recall) embedder() (vol.Embedder, error) {
	store := r.s.prefs.store
	server, model := store.Get("privacy.embedder-server"), store.Get("privacy.embedder-name")
	if server == "" {
		return nil, nil
	}
	e, err := embed.New(embed.Config{URL: server, Model: cmp.Or(model, "none")})
	if err != nil || model == "" {
		return nil, err
	}
	return e, nil
}

// register tells the conductor what the volume has to do, and begins to follow
// the named folders. It is called off the loop.
func (r *recall) register(c *conductor.Conductor, d *dream.Dreamer) error {
	err := errors.Join(r.dreams(d), c.Register(conductor.Kind{Name: indexing, Run: func(ctx context.Context, t conductor.Task) error {
		return r.index(ctx, string(t.Args))
	}}), c.Register(conductor.Kind{Name: compacting, Volatile: true, Run: func(ctx context.Context, _ conductor.Task) error { return r.compact(ctx) }}))
	r.s.loop.Post(func() {
		r.rest()
		r.begun = true
		r.settled()
	})
	return err
}

// stop ends all work, before the conductor is closed.
func (r *recall) stop() {
	if r.idle != nil {
		r.idle()
	}
	r.end()
}

// close closes the volume, after the conductor.
func (r *recall) close() {
	r.wg.Wait()
	r.opening.Lock()
	defer r.opening.Unlock()
	r.closed = true
	if r.v == nil {
		return
	}
	if err := r.v.Close(); err != nil {
		r.s.log.Error("the volume", "err", err)
	}
}

// open returns the volume. It is called off the loop.
func (r *recall) open() (*vol.Volume, error) {
	r.opening.Lock()
	defer r.opening.Unlock()
	if r.closed {
		return nil, vol.ErrClosed
	}
	if r.v == nil {
		v, err := vol.Open(r.life, vol.Options{Dir: r.s.opt.Volume, Scan: r.s.reflex.scan, Embedder: r.told})
		if err != nil {
			return nil, err
		}
		if s := v.Stats(); s.Healed != "" {
			r.s.log.Warn("the volume was damaged", "healed", s.Healed)
		}
		r.v = v
	}
	return r.v, nil
}

// renew opens the volume without its documents. One that can't be opened because
// it is damaged is put aside. It is called off the loop.
func (r *recall) renew(ctx context.Context) error {
	v, err := r.open()
	if err == nil {
		return v.Empty(ctx)
	}
	if !errors.Is(err, vol.ErrDamaged) {
		return err
	}
	r.s.log.Warn("the volume is made anew", "err", err)
	return vol.Renew(r.s.opt.Volume)
}

// with calls fn off the loop with the volume, and done on the loop.
func (r *recall) with(fn func(context.Context, *vol.Volume) error, done func(error)) (cancel func()) {
	ctx, cancel := context.WithCancel(r.life)
	r.wg.Go(func() {
		defer cancel()
		v, err := r.open()
		if err == nil {
			err = fn(ctx, v)
		}
		r.s.loop.Post(func() { done(recallError(err)) })
	})
	return cancel
}

// recallError says which errors are about what was asked for.
func recallError(err error) error {
	if errors.Is(err, vol.ErrNoDoc) || errors.Is(err, vol.ErrFull) {
		return control.Errorf(control.CodeBadArgs, "%v", err)
	}
	return err
}

// documents is how many are known, -1 as long as the volume isn't open.
func (r *recall) documents() int {
	if !r.opening.TryLock() {
		return -1
	}
	defer r.opening.Unlock()
	if r.v == nil || r.closed {
		return -1
	}
	return r.v.Stats().Docs
}

// folders are those that the person has named.
func (r *recall) folders() []string {
	return settings.SplitFolders(r.s.prefs.store.Get("privacy.folders"))
}

// named takes note of another value of the setting.
func (r *recall) named(old, now string) {
	was, is := settings.SplitFolders(old), settings.SplitFolders(now)
	r.unfollow()
	for _, f := range was {
		if !slices.Contains(is, f) {
			r.forget(f, is)
		}
	}
	for _, f := range is {
		if !slices.Contains(was, f) {
			r.begin(f)
		}
	}
	r.settled()
}

// settled follows the folders when nothing else is at work on them.
func (r *recall) settled() {
	if len(r.jobs) == 0 && r.leaving == 0 {
		r.follow()
	}
}

// forget takes out what is in a folder and in none of those that stay, when
// nobody takes it in any more.
func (r *recall) forget(folder string, stay []string) {
	within := func(f, other string) bool {
		rel, err := filepath.Rel(other, f)
		return err == nil && filepath.IsLocal(rel)
	}
	answer := r.answers[folder]
	delete(r.answers, folder)
	ends := slices.Clone(r.ends)
	if run := r.runs[folder]; run != nil {
		run.cancel()
		ends = append(ends, run.ended)
	}
	n := 0
	r.leaving++
	r.with(func(ctx context.Context, v *vol.Volume) (err error) {
		for _, end := range ends {
			<-end // its context has ended
		}
		if slices.ContainsFunc(stay, func(f string) bool { return within(folder, f) }) {
			return nil // it is named with the one above it
		}
		n, err = v.Forget(ctx, folder)
		for _, f := range stay {
			if err == nil && within(f, folder) {
				_, err = v.Index(ctx, vol.Indexing{Folders: []string{f}})
			}
		}
		return err
	}, func(err error) {
		if err != nil && r.life.Err() == nil {
			r.s.log.Error("a folder isn't forgotten", "folder", folder, "err", err)
		}
		if answer != nil {
			answer(n, err)
		}
		r.leaving--
		r.settled()
	})
}

// unfollow ends the watch; ends says when it has.
func (r *recall) unfollow() {
	if r.watch != nil {
		r.watch()
		r.watch = nil
	}
	r.ends = slices.DeleteFunc(r.ends, func(end chan struct{}) bool {
		select {
		case <-end:
			return true
		default:
			return false
		}
	})
}

// follow watches the named folders, instead of those that it did.
func (r *recall) follow() {
	r.unfollow()
	list := r.folders()
	if len(list) == 0 || !r.begun {
		return
	}
	ctx, cancel := context.WithCancel(r.life)
	end := make(chan struct{})
	r.watch, r.ends = cancel, append(r.ends, end)
	r.wg.Go(func() {
		defer close(end)
		v, err := r.open()
		if err == nil {
			err = v.Watch(ctx, list, nil)
		}
		if err != nil && ctx.Err() == nil {
			r.s.log.Warn("changes of folders aren't followed", "err", err)
		}
	})
}

// begin has a folder taken in by the conductor, once at a time.
func (r *recall) begin(folder string) *indexJob {
	if job := r.jobs[folder]; job != nil {
		return job
	}
	job := &indexJob{}
	r.jobs[folder] = job
	r.s.tasks.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
		id, err := c.Submit(conductor.Spec{Kind: indexing, Args: []byte(folder), Level: conductor.Low})
		if err != nil {
			return err
		}
		st, err := c.Wait(r.life, id)
		if err == nil && st.State != conductor.Done {
			err = fmt.Errorf("the folder isn't taken in (%v): %s", st.State, st.Reason)
		}
		return err
	}, func(err error) {
		if r.jobs[folder] == job {
			delete(r.jobs, folder)
		}
		if err != nil && r.life.Err() == nil {
			r.s.log.Warn("volume", "folder", folder, "err", err)
		}
		report := controlReport(&job.progress.Report)
		for _, w := range job.waiters {
			w.done(report, err)
		}
		r.s.bars.stale = true
		if len(r.jobs) == 0 {
			r.s.memory.later() // reading and learning leave several times what stays
		}
		r.settled()
	})
	r.s.bars.stale = true
	return job
}

// index carries a task out, off the loop.
func (r *recall) index(ctx context.Context, folder string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	run := &indexRun{cancel, make(chan struct{})}
	defer close(run.ended)
	named := make(chan bool, 1)
	r.s.loop.Post(func() {
		ok := slices.Contains(r.folders(), folder)
		if ok {
			r.runs[folder] = run
		}
		named <- ok
	})
	defer r.s.loop.Post(func() {
		if r.runs[folder] == run {
			delete(r.runs, folder)
		}
	})
	select {
	case ok := <-named:
		if !ok {
			return conductor.Permanent(fmt.Errorf("%q isn't a folder that the person named", folder))
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	v, err := r.open()
	if err != nil {
		return err
	}
	var told time.Time
	report, err := v.Index(ctx, vol.Indexing{Folders: []string{folder}, Progress: func(p vol.Progress) {
		if p.Done < p.Files && time.Since(told) < tellEvery {
			return
		}
		told = time.Now()
		r.s.loop.Post(func() { r.progress(folder, p) })
	}})
	r.s.loop.Post(func() {
		if job := r.jobs[folder]; job != nil {
			job.progress.Report = report
		}
	})
	return err
}

// progress tells who waits how far a folder is.
func (r *recall) progress(folder string, p vol.Progress) {
	job := r.jobs[folder]
	if job == nil {
		return
	}
	job.progress = p
	r.s.bars.stale = true
	for _, w := range job.waiters {
		w.note(says(p))
	}
}

func controlReport(r *ingest.Report) control.VolumeReport {
	v := control.VolumeReport{
		Files: r.Files, Chunks: r.Chunks, Bytes: r.Bytes, Same: r.Same, Excluded: r.Excluded, NoText: r.NoText, Failed: r.Failed,
	}
	for _, p := range r.Problems {
		v.Problems = append(v.Problems, p.Path+": "+p.Err.Error())
	}
	return v
}

// Volume implements control.Session.
func (c *commands) Volume() control.Volume { return &c.s.recall }

var _ control.Volume = (*recall)(nil)

// Index implements control.Volume.
func (r *recall) Index(folder string, note func(string), done func(control.VolumeReport, error)) (cancel func()) {
	list := r.folders()
	if folder == "" {
		if len(list) == 0 {
			done(control.VolumeReport{}, control.Errorf(control.CodeBadArgs, "%s", lang.M("no folder is named: say which")))
			return nil
		}
		return r.indexAll(list, note, done)
	}
	folder = filepath.Clean(folder)
	if slices.Contains(list, folder) {
		return r.indexAll([]string{folder}, note, done)
	}
	if strings.Contains(folder, ":") {
		done(control.VolumeReport{}, control.Errorf(control.CodeBadArgs, "%s", lang.M("a folder whose name has a colon can’t be named: name the one above it")))
		return nil
	}
	over := false
	cancel = func() { over = true }
	r.wg.Go(func() {
		_, err := os.Stat(folder) // a disk may take its time
		r.s.loop.Post(func() {
			if over {
				return
			}
			if err == nil {
				r.s.prefs.Set("privacy.folders", strings.Join(append(r.folders(), folder), ":"), func(set error) { err = set })
			}
			if err != nil {
				done(control.VolumeReport{}, control.Errorf(control.CodeBadArgs, "%v", err))
				return
			}
			cancel = r.indexAll([]string{folder}, note, done)
		})
	})
	return func() { cancel() }
}

// indexAll takes folders in and answers when all are.
func (r *recall) indexAll(list []string, note func(string), done func(control.VolumeReport, error)) (cancel func()) {
	var sum control.VolumeReport
	var errs []error
	left := len(list)
	w := &indexWaiter{note: note, done: func(v control.VolumeReport, err error) {
		sum.Files += v.Files
		sum.Chunks += v.Chunks
		sum.Bytes += v.Bytes
		sum.Same += v.Same
		sum.Excluded += v.Excluded
		sum.NoText += v.NoText
		sum.Failed += v.Failed
		sum.Problems = append(sum.Problems, v.Problems...)
		errs = append(errs, err)
		if left--; left == 0 {
			done(sum, errors.Join(errs...))
		}
	}}
	for _, f := range list {
		job := r.begin(f)
		job.waiters = append(job.waiters, w)
	}
	return func() { w.note, w.done = func(string) {}, func(control.VolumeReport, error) {} }
}

// Search implements control.Volume.
func (r *recall) Search(q control.VolumeQuery, done func(control.VolumeFound, error)) (cancel func()) {
	return r.find(func(ctx context.Context, v *vol.Volume) (vol.Found, error) {
		return v.Search(ctx, vol.Query{Text: q.Text, N: q.N, Folder: q.Folder, Files: q.Files})
	}, done)
}

// Similar implements control.Volume.
func (r *recall) Similar(path string, n int, done func(control.VolumeFound, error)) (cancel func()) {
	return r.find(func(ctx context.Context, v *vol.Volume) (vol.Found, error) { return v.Similar(ctx, path, n) }, done)
}

func (r *recall) find(find func(context.Context, *vol.Volume) (vol.Found, error), done func(control.VolumeFound, error)) (cancel func()) {
	out := control.VolumeFound{Hits: []control.VolumeHit{}, Index: "bm25"}
	return r.with(func(ctx context.Context, v *vol.Volume) error {
		found, err := find(ctx, v)
		out.Words = found.Words
		if s := v.Stats(); found.Words == "" {
			out.Index += "+" + s.Embedder
		}
		for i := range found.Hits {
			h := &found.Hits[i]
			out.Hits = append(out.Hits, control.VolumeHit{
				Path: h.Path, Line: h.Line, Page: h.Page, Heading: h.Heading, Snippet: h.Snippet, Score: h.Score, By: h.Legs.String(),
			})
		}
		return err
	}, func(err error) { done(out, err) })
}

// job is what the taskbar shows of it.
func (r *recall) job() taskbar.Job {
	var j taskbar.Job
	done, files := 0, 0
	for f, job := range r.jobs {
		done, files = done+job.progress.Done, files+job.progress.Files
		j.Name = lang.F("Taking in {folder}", "folder", launcher.Name(filepath.Base(f)))
	}
	if len(r.jobs) > 1 {
		j.Name = lang.F("Taking in {n} folders", "n", lang.Number(len(r.jobs)))
	}
	if files > 0 {
		j.Percent = min(done*100/files, 100)
	}
	return j
}

// Stats implements control.Volume.
func (r *recall) Stats(done func(control.VolumeStats, error)) {
	out := control.VolumeStats{Folders: append([]string{}, r.folders()...), Busy: r.busy()}
	r.with(func(_ context.Context, v *vol.Volume) error {
		s := v.Stats()
		out.Docs, out.Chunks, out.Terms, out.Bytes = s.Docs, s.Chunks, s.Terms, s.Bytes
		out.Vectors, out.Embedder, out.Dims, out.EF, out.Words = s.Vectors, s.Embedder, s.Dims, s.EF, s.Why
		return nil
	}, func(err error) { done(out, err) })
}

// busy says what is under way, "" if nothing is.
func (r *recall) busy() string {
	var list []string
	for f, job := range r.jobs {
		list = append(list, f+": "+says(job.progress))
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

// says is how far an indexing is, for people.
func says(p vol.Progress) string {
	if p.Learns {
		return lang.T("learning what the documents are about")
	}
	return lang.F("{n} of {m} files", "n", lang.Number(p.Done), "m", lang.Number(p.Files))
}

// Tail implements control.Volume.
func (r *recall) Tail(n int, done func([]control.VolumeEvent, error)) {
	var list []control.VolumeEvent
	r.with(func(_ context.Context, v *vol.Volume) error {
		for _, e := range v.Tail(n) {
			list = append(list, control.VolumeEvent{At: e.At, Step: string(e.Step), Path: e.Path, Chunks: e.Chunks, Why: e.Why})
		}
		return nil
	}, func(err error) { done(list, err) })
}

// Verify implements control.Volume.
func (r *recall) Verify(done func(control.VolumeCheck, error)) {
	out := control.VolumeCheck{Problems: []string{}}
	r.with(func(ctx context.Context, v *vol.Volume) error {
		list, err := v.Verify(ctx)
		s := v.Stats()
		out.Docs, out.Chunks, out.Problems = s.Docs, s.Chunks, append(out.Problems, list...)
		return err
	}, func(err error) { done(out, err) })
}

// Rebuild implements control.Volume.
func (r *recall) Rebuild(note func(string), done func(control.VolumeReport, error)) (cancel func()) {
	list := r.folders()
	over := false
	r.wg.Go(func() {
		err := r.renew(r.life)
		r.s.loop.Post(func() {
			switch {
			case over:
			case err != nil || len(list) == 0:
				done(control.VolumeReport{}, err)
			default:
				r.indexAll(list, note, done)
			}
		})
	})
	return func() { over = true }
}

// Forget implements control.Volume.
func (r *recall) Forget(folder string, done func(int, error)) {
	if strings.HasPrefix(folder, vol.Imported) {
		n := 0
		r.with(func(ctx context.Context, v *vol.Volume) (err error) {
			if n, err = v.Forget(ctx, folder); err == nil && n == 0 {
				err = fmt.Errorf("%w: %s", vol.ErrNoDoc, folder)
			}
			return err
		}, func(err error) { done(n, err) })
		return
	}
	folder = filepath.Clean(folder)
	list := r.folders()
	i := slices.Index(list, folder)
	if i < 0 {
		done(0, control.Errorf(control.CodeBadArgs, lang.M("%s is no folder that was named; volume stats lists them"), folder))
		return
	}
	r.answers[folder] = done
	r.s.prefs.Set("privacy.folders", strings.Join(slices.Delete(list, i, i+1), ":"), func(err error) {
		if err != nil {
			delete(r.answers, folder)
			done(0, err)
		}
	})
}
