package editor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"rayos/rayapps"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/picker"
	"rayos/rayapps/ui"
)

// pick lets the person choose a file.
func (ed *Editor) pick(p rayapps.Pick, done func(picker.Chosen)) {
	folder := ""
	if path := ed.doc().path; path != "" {
		folder = filepath.Dir(path)
	}
	picker.Ask(ed.w, ed.choose, p, folder, func(c picker.Chosen, err error) {
		switch {
		case err != nil:
			ed.say(lang.F("There is no way to choose a file: {why}", "why", err.Error()))
		case c != picker.Chosen{}:
			done(c)
		}
	})
}

// openFile asks for a file and shows it.
func (ed *Editor) openFile() {
	ed.pick(rayapps.Pick{}, func(c picker.Chosen) {
		if c.File == nil {
			ed.openPath(c.Path)
			return
		}
		ed.OpenFile(ed.w, c.File, c.Name, "")
	})
}

// OpenFile implements rayapps.FileOpener. It is saved by writing into it.
func (ed *Editor) OpenFile(_ *rayapps.Window, f *os.File, name, _ string) {
	own, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		_ = f.Close() // nothing was read
		ed.say(lang.F("{name} can’t be opened: {why}", "name", name, "why", reason(err)))
		return
	}
	d := ed.newDocument()
	d.name, d.file = name, os.NewFile(uintptr(own), name)
	ed.show(d)
	ed.read(d, func(ctx context.Context, progress func(done, total int64)) (buffer.Text, buffer.About, error) {
		return buffer.Read(ctx, f, progress)
	})
	ed.focusText()
}

// told is how often the person is told how far something is.
const toldEvery = 100 * time.Millisecond

// begin starts work on a document; a function that tells how far it is, from any
// goroutine, goes with it.
func (ed *Editor) begin(d *document, saves bool) (context.Context, func(done, total int64)) {
	ctx, cancel := context.WithCancel(context.Background())
	j := &job{saves: saves, cancel: cancel}
	d.job = j
	var last time.Time
	return ctx, func(done, total int64) {
		if now := time.Now(); now.Sub(last) >= toldEvery {
			last = now
			ed.w.Post(func() { j.done, j.total = done, total })
		}
	}
}

func (d *document) end() {
	d.job.cancel()
	d.job = nil
}

// load reads a document's file.
func (ed *Editor) load(d *document) {
	path := d.path
	ed.read(d, func(ctx context.Context, progress func(done, total int64)) (buffer.Text, buffer.About, error) {
		return buffer.Open(ctx, path, progress)
	})
}

func (ed *Editor) read(d *document, open func(context.Context, func(done, total int64)) (buffer.Text, buffer.About, error)) {
	ctx, progress := ed.begin(d, false)
	d.fixed = true
	go func() {
		t, about, err := open(ctx, progress)
		ed.w.Post(func() { ed.opened(d, t, about, err) })
	}()
}

// opened is told how reading has ended.
func (ed *Editor) opened(d *document, t buffer.Text, about buffer.About, err error) {
	d.end()
	d.fixed = false
	switch {
	case errors.Is(err, context.Canceled):
		ed.drop(d)
	case errors.Is(err, fs.ErrNotExist): // a new one
		d.stamp, d.disk = buffer.Stamp{}, asIs
	case err != nil:
		ed.say(lang.F("{name} can’t be opened: {why}", "name", d.title(), "why", reason(err)))
		ed.drop(d)
	default:
		sel, top := d.sel, d.top
		d.take(t, about)
		d.top = anchor{min(top.off, t.Len()), 0}
		d.pick(sel.Anchor, sel.Caret)
		if d == ed.doc() {
			ed.find.anew(ed)
			if e := ed.w.Root().Focused(); e == nil {
				ed.focusText() // it may not have been there before
			}
		}
	}
}

// reason says an error without the path, which the person knows.
func reason(err error) string {
	if p := new(fs.PathError); errors.As(err, &p) {
		err = p.Err
	}
	switch {
	case errors.Is(err, errReads):
		return lang.T("A file of more than 64 MiB can only be saved where it can be replaced.")
	case errors.Is(err, buffer.ErrKind):
		return lang.T("It is not a file.")
	case errors.Is(err, fs.ErrPermission):
		return lang.T("You have no right to.")
	case errors.Is(err, unix.ENOSPC):
		return lang.T("The disk is full.")
	}
	return err.Error()
}

// save writes a document to its file, and asks for one if it has none. Then is
// called when it is written.
func (ed *Editor) save(d *document, then func()) {
	if d.job != nil {
		return
	}
	if d.path == "" && d.file == nil {
		ed.saveAs(d, then)
		return
	}
	if d.path != "" {
		now, err := buffer.Look(d.path)
		if err == nil && now != d.stamp && now != (buffer.Stamp{}) {
			ed.askOverwrite(d, then)
			return
		}
	}
	ed.write(d, then)
}

// saveAs asks for a file and writes the document to it.
func (ed *Editor) saveAs(d *document, then func()) {
	ed.pick(rayapps.Pick{Save: true, Name: d.title()}, func(c picker.Chosen) {
		if d.job != nil {
			if c.File != nil {
				_ = c.File.Close() // nothing is written to it
			}
			return
		}
		if d.file != nil {
			_ = d.file.Close() // what was written was synced
		}
		d.path, d.file, d.name = c.Path, c.File, c.Name
		ed.write(d, then)
	})
}

// write writes a document.
func (ed *Editor) write(d *document, then func()) {
	ctx, _ := ed.begin(d, true)
	t, path, bom, file := d.text(), d.path, d.bom, d.file
	go func() {
		var s buffer.Stamp
		var err error
		if path != "" {
			s, err = buffer.Save(ctx, path, t, bom)
		} else {
			err = overwrite(ctx, file, t, bom)
		}
		ed.w.Post(func() {
			d.end()
			switch {
			case errors.Is(err, context.Canceled):
			case err != nil:
				ed.say(lang.F("{name} was not saved: {why}", "name", d.title(), "why", reason(err)))
			default:
				d.buf.Saved(t)
				d.stamp, d.disk = s, asIs
				if then != nil {
					then()
				}
			}
		})
	}()
}

// errReads says that a text would be overwritten while it is read.
var errReads = errors.New("a file of more than 64 MiB can only be saved where it can be replaced")

// overwrite writes a text to an open file, from its beginning. It may be the one
// that the text was read from.
func overwrite(ctx context.Context, f *os.File, t buffer.Text, bom bool) error {
	if err := t.Err(); err != nil {
		return err
	}
	if t.Reads() {
		return errReads
	}
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	return buffer.Write(ctx, f, t, bom)
}

// askOverwrite asks before what somebody else has written is replaced.
func (ed *Editor) askOverwrite(d *document, then func()) {
	ed.ask = &question{
		title: lang.F("{name} has changed on disk", "name", d.title()),
		text:  lang.T("Another program has written the file since it was opened. If you save, its changes are lost."),
		actions: []ui.Button{
			{Text: lang.T("Cancel"), OnPress: ed.answered},
			{Text: lang.T("Replace"), Tone: ui.Danger, OnPress: func() {
				ed.answered()
				ed.write(d, then)
			}},
		},
	}
}

func (ed *Editor) answered() {
	ed.ask = nil
	ed.focusText()
}

// reload reads a document's file again.
func (ed *Editor) reload(d *document) {
	if d.job == nil && d.path != "" {
		d.disk = asIs
		ed.load(d)
	}
}

// close closes a document, and asks if it would be lost. Then is called when it
// is closed.
func (ed *Editor) close(d *document, then func()) {
	if d.job != nil && d.job.saves {
		return
	}
	shut := func() {
		ed.drop(d)
		if then != nil {
			then()
		}
	}
	if !d.buf.Modified() {
		shut()
		return
	}
	ed.ask = &question{
		title: lang.F("Save the changes to {name}?", "name", d.title()),
		text:  lang.T("If you don’t, they are lost."),
		actions: []ui.Button{
			{Text: lang.T("Discard"), Tone: ui.Danger, OnPress: func() { ed.answered(); shut() }},
			{Text: lang.T("Cancel"), OnPress: func() { ed.ending = false; ed.answered() }},
			{Text: lang.T("Save"), Tone: ui.Primary, OnPress: func() { ed.answered(); ed.save(d, shut) }},
		},
		cancel: func() { ed.ending = false; ed.answered() },
	}
	for i := range ed.docs {
		if ed.docs[i] == d {
			ed.turn(i)
		}
	}
}

// drop takes a document away.
func (ed *Editor) drop(d *document) {
	for i, o := range ed.docs {
		if o != d {
			continue
		}
		if d.job != nil {
			d.end()
		}
		if d.file != nil {
			_ = d.file.Close() // what was written was synced
		}
		ed.docs = append(ed.docs[:i:i], ed.docs[i+1:]...)
		if len(ed.docs) == 0 {
			ed.docs = append(ed.docs, ed.newDocument())
		}
		if ed.at >= len(ed.docs) || ed.at > i {
			ed.at--
		}
		ed.at = max(ed.at, 0)
		ed.find.anew(ed)
		ed.focusText()
		return
	}
}

// Close implements rayapps.Closer: what wasn't saved is asked about, one by one.
func (ed *Editor) Close(w *rayapps.Window) bool {
	for _, d := range ed.docs {
		if d.buf.Modified() {
			ed.ending = true
			ed.close(d, func() {
				if ed.Close(w) {
					w.Close()
				}
			})
			return false
		}
		if d.job != nil && d.job.saves {
			return false
		}
	}
	ed.ending = true
	return true
}
