package editor

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/picker"
	"rayos/rayapps/ui"
)

// Options says what the app is called.
var Options = rayapps.Options{
	ID: "org.rayos.Editor", Title: lang.M("Text Editor"), Size: geom.Size{W: 880, H: 620}, MinSize: geom.Size{W: 360, H: 240},
}

// Editor is the app.
type Editor struct {
	w     *rayapps.Window
	docs  []*document
	at    int // the one that is shown
	last  int // id
	prefs prefs
	find  finder

	ask    *question
	toasts []ui.Toast
	notes  int // said so far

	names  []string // to open at the start
	saved  []byte   // state of another editor, which isn't touched
	alone  bool     // this one keeps the state
	ending bool     // the person closes the window: nothing is to come back
	choose picker.Program

	dragged *document // of text that is dragged out
}

// prefs are how the person wants all texts to be shown.
type prefs struct {
	Wrap, Numbers, Spaces bool
	Tab                   int
	Size                  int32 // of characters, in logical pixels
}

// question is what the person is asked.
type question struct {
	title, text string
	content     ui.Node
	actions     []ui.Button
	cancel      func()
}

// New returns an editor of files.
func New(names []string) *Editor {
	ed := &Editor{names: names, alone: true, prefs: prefs{Wrap: true, Numbers: true, Tab: 4, Size: 13}}
	ed.show(ed.newDocument())
	return ed
}

// Run shows an editor.
func Run(args []string) error {
	ed := New(args)
	release, alone := onlyOne(os.Getenv)
	defer release()
	ed.alone = alone
	ed.choose = picker.Self(Options.Title)
	return rayapps.Run(Options, ed)
}

// Create implements rayapps.Creator.
func (ed *Editor) Create(w *rayapps.Window, saved []byte) error {
	ed.w = w
	ed.saved = saved
	ed.restore(saved)
	return nil
}

// Start implements rayapps.Starter.
func (ed *Editor) Start(*rayapps.Window) error {
	ed.find.timer = ed.w.NewTimer(ed.count)
	for _, d := range ed.docs {
		if d.path != "" && !d.buf.Modified() {
			ed.load(d)
		}
	}
	ed.Open(ed.w, ed.names)
	ed.focusText()
	return nil
}

// Destroy implements rayapps.Destroyer.
func (ed *Editor) Destroy() {
	ed.find.stop()
	for _, d := range ed.docs {
		if d.job != nil {
			d.job.cancel()
		}
	}
}

// Title implements rayapps.Titler.
func (ed *Editor) Title() string {
	d := ed.doc()
	name := d.title()
	if d.buf.Modified() {
		name = "• " + name
	}
	return name
}

func (ed *Editor) doc() *document { return ed.docs[ed.at] }

// show adds a document, in the place of one that nothing was done with.
func (ed *Editor) show(d *document) {
	if len(ed.docs) > 0 && ed.doc().blank() {
		ed.docs[ed.at] = d
	} else {
		ed.docs = append(ed.docs, d)
		ed.at = len(ed.docs) - 1
	}
}

// Open implements rayapps.Opener: files, by path or address.
func (ed *Editor) Open(_ *rayapps.Window, names []string) {
	for _, name := range names {
		path, ok := pathOf(name)
		if !ok {
			ed.say(lang.F("{name} is not a file of this machine.", "name", name))
			continue
		}
		ed.openPath(path)
	}
}

// pathOf returns the path of a name or file: address (RFC 8089).
func pathOf(name string) (string, bool) {
	if strings.Contains(name, "://") || strings.HasPrefix(name, "file:") {
		u, err := url.Parse(name)
		if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.Path == "" {
			return "", false
		}
		name = u.Path
	}
	path, err := filepath.Abs(name)
	return path, err == nil
}

// openPath shows a file, which may be open already.
func (ed *Editor) openPath(path string) {
	for i, d := range ed.docs {
		if d.path == path {
			ed.turn(i)
			return
		}
	}
	d := ed.newDocument()
	d.path = path
	ed.show(d)
	ed.load(d)
	ed.focusText()
}

// turn shows another document.
func (ed *Editor) turn(i int) {
	if i >= 0 && i < len(ed.docs) && i != ed.at {
		ed.at = i
		ed.find.anew(ed)
		ed.look(ed.doc())
		ed.focusText()
	}
}

// Focus implements rayapps.Focuser: somebody may have changed files meanwhile.
func (ed *Editor) Focus(_ *rayapps.Window, has bool) {
	if has {
		ed.look(ed.doc())
	}
}

// look finds out what has become of a document's file.
func (ed *Editor) look(d *document) {
	if d.path == "" || d.job != nil {
		return
	}
	now, err := buffer.Look(d.path)
	switch {
	case err != nil, now == d.stamp:
		d.disk = asIs
	case now == buffer.Stamp{}:
		d.disk = goneFromDisk
	default:
		d.disk = changedOnDisk
	}
}

// edited is told that text or selection of a document are other ones.
func (ed *Editor) edited(d *document) {
	if ed.at < len(ed.docs) && d == ed.doc() {
		ed.find.moved(ed)
	}
	if ed.w != nil {
		ed.w.Invalidate()
	}
}

// focusText gives the text the keyboard when it is shown next.
func (ed *Editor) focusText() {
	ed.w.Post(func() {
		ed.w.Invalidate()
		ed.w.Root().Layout()
		if el := ed.doc().el; el != nil {
			el.Focus()
		}
	})
}

// say tells the person something.
func (ed *Editor) say(text string) {
	ed.notes++
	id := lang.Number(ed.notes)
	ed.toasts = append(ed.toasts[max(len(ed.toasts)-2, 0):], ui.Toast{ID: id, Text: text, OnClose: func() {
		for i := range ed.toasts {
			if ed.toasts[i].ID == id {
				ed.toasts = append(ed.toasts[:i:i], ed.toasts[i+1:]...)
				return
			}
		}
	}})
	ed.w.Invalidate()
}

// zoom makes characters larger or smaller.
func (ed *Editor) zoom(d int) {
	ed.prefs.Size = min(max(ed.prefs.Size+int32(d), 8), 40)
	ed.restyle()
}

// restyle shows all texts as the person wants them now.
func (ed *Editor) restyle() {
	for _, d := range ed.docs {
		d.style, d.numbers = style(ed.prefs.Size), ed.prefs.Numbers
		d.wide = 0
		switch {
		case !ed.prefs.Wrap:
			d.wrap = 0
		case d.wrap == 0:
			d.wrap = max(d.size.W, 1)
		}
		if d.el != nil {
			d.settle()
			d.follow()
			d.el.Relayout()
		}
	}
}

// dragOut lets the person drag what is selected out of a document. Dropped in
// the same one it moves there.
func (ed *Editor) dragOut(d *document, s string) {
	ed.dragged = d
	ed.w.Drag(s, nil, func(bool) { ed.dragged = nil })
}

// Drop implements rayapps.Dropper.
func (ed *Editor) Drop(w *rayapps.Window, drop rayapps.Drop) bool {
	if len(drop.Names) > 0 {
		ed.Open(w, drop.Names)
		return true
	}
	d := ed.doc()
	if d.el == nil || d.fixed || !drop.At.In(d.el.Bounds()) {
		return false // a field may take it
	}
	at, _ := d.hit(drop.At.Sub(d.el.Bounds().Min()).Sub(d.place.Min()))
	if ed.dragged == d {
		start, end := d.span()
		if at >= start && at <= end {
			return true
		}
		sel, t := d.sel, d.text()
		piece := t.Slice(start, end)
		t = t.Replace(start, end-start, nil)
		if at > end {
			at -= end - start
		}
		d.buf.Set(t.Replace(at, 0, piece), sel, int64(len(piece))+512)
		d.choose(at, at+int64(len(piece)))
	} else {
		d.pick(at, at)
		d.pasted(drop.Text)
		d.choose(at, d.sel.Caret)
	}
	ed.focusText()
	return true
}
