package browser

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"rayos/internal/trash"
	"rayos/rayapps"
	"rayos/rayapps/browser/deed"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
)

// job is a deed that goes on. One goes on at a time, the others wait.
type job struct {
	b      *Browser
	deed   deed.Deed
	ctx    context.Context
	cancel context.CancelFunc
	seen   deed.Progress // what is shown

	mu     sync.Mutex
	latest deed.Progress
	posted bool
}

// maxJobs bounds those that wait.
const maxJobs = 32

// start begins a deed, now or after those before it.
func (b *Browser) start(d deed.Deed) {
	if len(d.Sources)+len(d.Items) == 0 || len(b.jobs) >= maxJobs {
		return
	}
	d.Bin = b.host.Bin
	j := &job{b: b, deed: d}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	b.jobs = append(b.jobs, j)
	if len(b.jobs) == 1 {
		go j.run()
	}
}

func (j *job) run() {
	done, err := j.deed.Run(j.ctx, deed.Talk{Ask: j.ask, Progress: j.progress})
	j.cancel()
	j.b.w.Post(func() { j.b.ended(j, done, err) })
}

// progress keeps the latest, and tells the window once.
func (j *job) progress(p deed.Progress) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.latest = p
	if j.posted {
		return
	}
	j.posted = j.b.w.Post(func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.posted, j.seen = false, j.latest
	})
}

// ask shows a question and waits for the answer.
func (j *job) ask(c deed.Conflict) (deed.Answer, error) {
	got := make(chan deed.Answer, 1)
	if !j.b.w.Post(func() { j.b.sheet = sheet{kind: conflictSheet, conflict: c, answer: got, job: j} }) {
		return deed.Answer{}, context.Canceled
	}
	select {
	case a := <-got:
		return a, nil
	case <-j.ctx.Done():
		return deed.Answer{}, j.ctx.Err()
	}
}

// ended is told of the end of a job, and begins the next.
func (b *Browser) ended(j *job, done deed.Done, err error) {
	b.jobs = b.jobs[1:]
	if b.sheet.job == j {
		b.sheet = sheet{}
	}
	if len(b.jobs) > 0 {
		go b.jobs[0].run()
	}
	b.changed()
	b.did(done, err)
}

// did says what was done, and offers to take it back.
func (b *Browser) did(done deed.Done, err error) {
	if done.Undoable() {
		b.undo = append(b.undo, done)
		b.undo = b.undo[max(len(b.undo)-maxUndo, 0):]
	}
	switch {
	case len(done.Failures) > 0:
		text := lang.F("{name}: {why}", "name", doing(done.Kind), "why", reason(done.Failures[0]))
		if done.Failed > 1 {
			text += " " + lang.N("({n} more)", "({n} more)", done.Failed-1, "n", lang.Number(done.Failed-1))
		}
		b.say(text, nil)
	case err != nil && len(done.Steps) == 0:
	case done.Undoable():
		b.say(did(done.Kind, len(done.Steps)), b.takeBack)
	}
}

// maxUndo bounds what can be taken back.
const maxUndo = 20

// takeBack takes back what was done last, beside the window.
func (b *Browser) takeBack() {
	n := len(b.undo)
	if n == 0 {
		return
	}
	last := b.undo[n-1]
	b.undo = b.undo[:n-1]
	go func() {
		failures := last.Back(b.host.Bin)
		b.w.Post(func() {
			b.changed()
			if len(failures) > 0 {
				b.say(lang.F("It can’t be taken back: {why}", "why", reason(failures[0])), nil)
			}
		})
	}()
}

// say shows a line for a while, with a way back if there is one.
func (b *Browser) say(text string, undo func()) {
	b.toast++
	id := strconv.Itoa(b.toast)
	gone := func() {
		for i := range b.toasts {
			if b.toasts[i].ID == id {
				b.toasts = append(b.toasts[:i:i], b.toasts[i+1:]...)
				return
			}
		}
	}
	t := ui.Toast{ID: id, Text: text, OnClose: gone}
	if undo != nil {
		t.Icon, t.Action = icon.Undo, lang.T("Undo")
		t.OnAction = func() { gone(); undo() }
	} else {
		t.Icon = icon.Info
	}
	b.toasts = []ui.Toast{t}
}

// copyFiles puts the chosen on the clipboard.
func (b *Browser) copyFiles(cut bool) {
	if paths := b.paths(); len(paths) > 0 {
		b.w.CopyFiles(paths, cut)
	}
}

// paste brings what is on the clipboard into the folder.
func (b *Browser) paste() {
	dir := b.dir
	b.w.PasteFiles(func(paths []string, cut bool) {
		kind := deed.Copy
		if cut {
			kind = deed.Move
		}
		b.start(deed.Deed{Kind: kind, Sources: paths, Into: dir})
	})
}

// throwAway moves the chosen to the trash; of what lies there already it asks
// whether to delete it.
func (b *Browser) throwAway() {
	if b.inTrash() {
		b.askDelete()
		return
	}
	b.start(deed.Deed{Kind: deed.Trash, Sources: b.paths()})
}

// restore brings the chosen back from the trash.
func (b *Browser) restore() {
	var items []trash.Item
	for _, p := range b.paths() {
		i, err := b.host.Bin.Get(filepath.Base(p))
		if err != nil {
			b.say(lang.F("{name} can’t be restored: {why}", "name", folder.Shown(filepath.Base(p)), "why", reason(err)), nil)
			continue
		}
		items = append(items, i)
	}
	b.start(deed.Deed{Kind: deed.Restore, Items: items})
}

// deleteNow deletes for good what was asked about.
func (b *Browser) deleteNow(paths []string) {
	if !b.inTrash() {
		b.start(deed.Deed{Kind: deed.Delete, Sources: paths})
		return
	}
	go func() {
		var failed error
		for _, p := range paths {
			if i, err := b.host.Bin.Get(filepath.Base(p)); err != nil {
				failed = err
			} else if err := b.host.Bin.Delete(i); err != nil {
				failed = err
			}
		}
		b.w.Post(func() {
			if failed != nil {
				b.say(lang.F("{name}: {why}", "name", doing(deed.Delete), "why", reason(failed)), nil)
			}
			b.changed()
		})
	}()
}

// drag lets the person draw the chosen out of the window, or within it.
func (b *Browser) drag() {
	paths := b.paths()
	if len(paths) == 0 {
		return
	}
	var uris []string
	for _, p := range paths {
		uris = append(uris, rayapps.FileURI(p))
	}
	b.dragging = paths
	b.w.Drag(strings.Join(paths, "\n"), uris, func(bool) { b.dragging = nil })
}

// Drop implements rayapps.Dropper: files go into the folder that they are
// dropped on, or into the one that is shown. What comes from this window is
// moved, all else copied.
func (b *Browser) Drop(_ *rayapps.Window, d rayapps.Drop) bool {
	var paths []string
	for _, n := range d.Names {
		if p := rayapps.FilePath(n); p != "" {
			paths = append(paths, p)
		}
	}
	if len(paths) == 0 || b.inTrash() {
		return false
	}
	into := b.dir
	if i := b.place.At(d.At); i >= 0 && i < len(b.shown) && b.shown[i].IsDir() {
		into = filepath.Join(b.dir, b.shown[i].Name)
	}
	kind := deed.Copy
	if len(b.dragging) > 0 {
		kind = deed.Move
		if into == b.dir {
			return false // they are there
		}
	}
	b.start(deed.Deed{Kind: kind, Sources: paths, Into: into})
	return true
}
