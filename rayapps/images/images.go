package images

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rayos/geom"
	"rayos/internal/trash"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/picker"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// Options says what the app is called.
var Options = rayapps.Options{
	ID: "org.rayos.Images", Title: lang.M("Images"), Size: geom.Size{W: 960, H: 600}, MinSize: geom.Size{W: 360, H: 280},
}

// Images is the app.
type Images struct {
	w      *rayapps.Window
	names  []string // to open at the start
	svg    Drawer
	choose picker.Program

	items  []item
	at     int // the one that is shown
	slots  map[string]*slot
	lister context.CancelFunc // of the folder that is read, nil for none

	camera  camera
	room    geom.Size // for the picture, in physical pixels
	scale   float64
	el      *ui.Element
	panning bool
	last    geom.FPoint
	frame   *rayapps.Timer // of what moves
	board   *paint.Image
	boardOf theme.Scheme

	full   bool // fills the screen
	detail bool // what is known of the picture is shown
	toasts []ui.Toast
	notes  int
}

// slot is a picture that is wanted, or there.
type slot struct {
	pic    *picture
	err    error
	cancel context.CancelFunc // while it is decoded
}

// ahead is up to how many pixels a picture may have for those beside it to be
// decoded, too.
const ahead = 50_000_000

// New returns a viewer of files, or of one folder. Svg draws drawings; nil is for
// none.
func New(names []string, svg Drawer) *Images {
	return &Images{names: names, svg: svg, slots: map[string]*slot{}, scale: 1}
}

// Run shows a viewer.
func Run(args []string, svg Drawer) error {
	s := New(args, svg)
	s.choose = picker.Self(Options.Title)
	return rayapps.Run(Options, s)
}

// Start implements rayapps.Starter.
func (s *Images) Start(w *rayapps.Window) error {
	s.w = w
	s.frame = w.NewTimer(s.step)
	s.Open(w, s.names)
	return nil
}

// Destroy implements rayapps.Destroyer.
func (s *Images) Destroy() { s.forget() }

// forget ends all work, and drops all pictures.
func (s *Images) forget() {
	if s.lister != nil {
		s.lister()
		s.lister = nil
	}
	for key, k := range s.slots {
		if k.cancel != nil {
			k.cancel()
		}
		delete(s.slots, key)
	}
	for _, it := range s.items {
		if it.file != nil {
			_ = it.file.Close() // it was only read
		}
	}
	s.items, s.at = nil, 0
}

// Pause implements rayapps.Pauser: what moves can rest.
func (s *Images) Pause(*rayapps.Window) { s.frame.Stop() }

// Resume implements rayapps.Resumer.
func (s *Images) Resume(*rayapps.Window) { s.move() }

// Title implements rayapps.Titler.
func (s *Images) Title() string {
	if it := s.item(); it != nil {
		return it.name
	}
	return lang.T("Images")
}

// item is the one that is shown, nil for none.
func (s *Images) item() *item {
	if s.at < len(s.items) {
		return &s.items[s.at]
	}
	return nil
}

func (it *item) key() string {
	if it.file != nil {
		return "\x00" + it.name
	}
	return it.path
}

// slot is that of the item that is shown, nil for none.
func (s *Images) slot() *slot {
	if it := s.item(); it != nil {
		return s.slots[it.key()]
	}
	return nil
}

// shown is the picture that is shown, nil while there is none.
func (s *Images) shown() *picture {
	if k := s.slot(); k != nil {
		return k.pic
	}
	return nil
}

// Open implements rayapps.Opener: files, or a folder. One file is shown among
// those of its folder.
func (s *Images) Open(_ *rayapps.Window, names []string) {
	var paths []string
	for _, name := range names {
		if path, ok := pathOf(name); ok {
			paths = append(paths, path)
		} else {
			s.say(lang.F("{name} is not a file of this machine.", "name", name))
		}
	}
	if len(paths) == 0 {
		return
	}
	s.forget()
	if len(paths) > 1 {
		for _, path := range paths {
			s.items = append(s.items, itemOf(path))
		}
		s.turn(0)
		return
	}
	st, err := os.Stat(paths[0])
	if err == nil && st.IsDir() {
		s.read(paths[0], "")
		return
	}
	s.items = []item{itemOf(paths[0])}
	s.turn(0)
	s.read(filepath.Dir(paths[0]), paths[0])
}

// OpenFile implements rayapps.FileOpener: such a file has none beside it.
func (s *Images) OpenFile(_ *rayapps.Window, f *os.File, name, _ string) {
	s.forget()
	s.items = []item{{file: f, name: name}}
	s.turn(0)
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

// read lists a folder in the background. One of its files may be shown already.
func (s *Images) read(dir, shown string) {
	ctx, cancel := context.WithCancel(context.Background())
	s.lister = cancel
	go func() {
		all, err := list(ctx, dir)
		s.w.Post(func() {
			if ctx.Err() != nil {
				return
			}
			cancel()
			s.lister = nil
			at := slices.IndexFunc(all, func(it item) bool { return it.path == shown })
			switch {
			case err != nil && shown == "":
				s.say(lang.F("{name} can’t be opened: {why}", "name", filepath.Base(dir), "why", reason(err)))
			case err != nil, shown != "" && at < 0: // it stands for itself
			case shown == "" && len(all) == 0:
				s.say(lang.T("There are no pictures in this folder."))
			default:
				s.items = all
				s.turn(max(at, 0))
			}
		})
	}()
}

// openFile asks for a file and shows it.
func (s *Images) openFile() {
	folder := ""
	if it := s.item(); it != nil && it.path != "" {
		folder = filepath.Dir(it.path)
	}
	picker.Ask(s.w, s.choose, rayapps.Pick{}, folder, func(c picker.Chosen, err error) {
		switch {
		case err != nil:
			s.say(lang.F("There is no way to choose a file: {why}", "why", err.Error()))
		case c.File != nil:
			s.OpenFile(s.w, c.File, c.Name, "")
		case c.Path != "":
			s.Open(s.w, []string{c.Path})
		}
	})
}

// Drop implements rayapps.Dropper.
func (s *Images) Drop(w *rayapps.Window, d rayapps.Drop) bool {
	if len(d.Names) == 0 {
		return false
	}
	s.Open(w, d.Names)
	return true
}

// turn shows another item: what isn't beside it is forgotten, and what is will be
// decoded.
func (s *Images) turn(to int) {
	if to < 0 || to >= len(s.items) {
		return
	}
	if to != s.at || s.slot() == nil {
		s.camera = camera{}
	}
	s.at = to
	wanted := map[string]bool{}
	for _, i := range [...]int{to - 1, to, to + 1} {
		if i >= 0 && i < len(s.items) {
			wanted[s.items[i].key()] = true
		}
	}
	for key, k := range s.slots {
		if !wanted[key] {
			if k.cancel != nil {
				k.cancel()
			}
			delete(s.slots, key)
		}
	}
	s.want(to)
	s.beside()
	s.move()
	s.w.Invalidate()
}

// want begins to decode an item.
func (s *Images) want(i int) {
	it := s.items[i]
	if s.slots[it.key()] != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	k := &slot{cancel: cancel}
	s.slots[it.key()] = k
	svg := s.svg
	go func() {
		pic, err := load(ctx, it.path, it.file, svg)
		s.w.Post(func() {
			cancel()
			if s.slots[it.key()] != k {
				return // nobody wants it any more
			}
			k.pic, k.err, k.cancel = pic, err, nil
			if pic != nil && it.file != nil {
				pic.about.name = it.name
			}
			if s.slot() == k {
				s.came()
			}
			s.beside()
		})
	}()
}

// came is told that the picture that is shown is there.
func (s *Images) came() {
	if p := s.shown(); p != nil {
		s.camera.settle(s.room, p.size)
	}
	s.move()
}

// beside decodes the next item and the one before, once the one that is shown is
// there.
func (s *Images) beside() {
	k := s.slot()
	if k == nil || k.cancel != nil || k.pic != nil && int(k.pic.size.W)*int(k.pic.size.H) > ahead {
		return
	}
	for _, i := range [...]int{s.at + 1, s.at - 1} {
		if i >= 0 && i < len(s.items) {
			s.want(i)
		}
	}
}

// move lets what moves go on.
func (s *Images) move() {
	s.frame.Stop()
	if p := s.shown(); p != nil && p.moving != nil && !p.moving.paused && s.w.Visible() {
		s.frame.Reset(p.moving.delay())
	}
}

// step shows the next frame.
func (s *Images) step() {
	p := s.shown()
	if p == nil || p.moving == nil {
		return
	}
	if p.moving.step() {
		s.move()
	} else {
		p.moving.paused = true
	}
	s.w.Root().Repaint()
}

// rotate turns the picture by a quarter, in the background.
func (s *Images) rotate(right bool) {
	k := s.slot()
	if k == nil || k.pic == nil || k.pic.moving != nil || k.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	p, how := k.pic, 8
	if right {
		how = 6
	}
	go func() {
		t, err := finishPixels(ctx, turn(p.levels[0].pixels, how), p.about)
		s.w.Post(func() {
			cancel()
			k.cancel = nil
			if err == nil {
				k.pic = t
				s.camera = camera{}
				s.came()
			}
		})
	}()
}

// fail shows why a picture can't be drawn.
func (s *Images) fail(err error) {
	if k := s.slot(); k != nil {
		k.pic, k.err = nil, err
		s.w.Invalidate()
	}
}

// remove moves the file to the trash.
func (s *Images) remove() {
	it := s.item()
	if it == nil || it.path == "" {
		return
	}
	gone, at := *it, s.at
	path, bin := gone.path, trash.Home(os.Getenv)
	go func() {
		t, err := bin.Put(path, time.Now())
		s.w.Post(func() {
			if err != nil {
				s.say(lang.F("{name} can’t be moved to the trash: {why}", "name", gone.name, "why", reason(err)))
				return
			}
			if i := slices.IndexFunc(s.items, func(it item) bool { return it.path == path }); i >= 0 {
				s.items = slices.Delete(s.items, i, i+1)
				delete(s.slots, gone.key())
				if s.at > i || s.at >= len(s.items) {
					s.at = max(s.at-1, 0)
				}
				s.camera = camera{}
				s.turn(s.at)
			}
			s.toast(ui.Toast{Text: lang.F("{name} is in the trash", "name", gone.name), Action: lang.T("Undo"), OnAction: func() {
				s.restore(bin, t, gone, at)
			}})
		})
	}()
}

// restore brings a file back from the trash.
func (s *Images) restore(bin *trash.Bin, t trash.Item, it item, at int) {
	if err := bin.Restore(t); err != nil {
		s.say(lang.F("{name} can’t be brought back: {why}", "name", it.name, "why", reason(err)))
		return
	}
	at = min(at, len(s.items))
	s.items = slices.Insert(s.items, at, it)
	s.turn(at)
}

// say tells the person something.
func (s *Images) say(text string) { s.toast(ui.Toast{Text: text}) }

func (s *Images) toast(t ui.Toast) {
	s.notes++
	t.ID = lang.Number(s.notes)
	t.OnClose = func() {
		s.toasts = slices.DeleteFunc(s.toasts, func(o ui.Toast) bool { return o.ID == t.ID })
	}
	s.toasts = append(s.toasts[max(len(s.toasts)-2, 0):], t)
	s.w.Invalidate()
}

// reason says an error as people read it.
func reason(err error) string {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return lang.T("It isn’t there.")
	case errors.Is(err, os.ErrPermission):
		return lang.T("You have no right to.")
	case errors.Is(err, errLarge):
		return lang.T("It is too large.")
	case errors.Is(err, errFormat):
		return lang.T("It is not a picture of a known kind.")
	case errors.Is(err, errKind):
		return lang.T("It is not a file.")
	case errors.Is(err, trash.ErrNone):
		return lang.T("Its disk has no trash.")
	}
	return err.Error()
}
