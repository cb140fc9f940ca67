package rayapps

import (
	"errors"
	"fmt"
	"os"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// Look is how a Preview shows an app.
type Look struct {
	Size   geom.Size  // logical pixels; 0 is Options.Size
	Scale  geom.Scale // 0 is 1.0
	Scheme theme.Scheme
	RTL    bool // also in a language from left to right
	// Language is what the process speaks from then on, as "de" or "ar_EG"; what
	// it speaks, English at first, if empty.
	Language string
	// FontFiles are those of text.Options, for letters that the embedded fonts
	// lack.
	FontFiles [2][]string
	Moving    bool // without, motion is reduced, so that pictures stand still
	// Saved is what a life before has left: Creator gets it.
	Saved []byte
}

// Preview is an app without a compositor, for tests and for pictures of it. Its
// clock stands still but for Advance, its fonts are the embedded ones and those of
// Look: the same app has the same pixels everywhere. The app is created, started and resumed,
// and nothing is read from or written to a disk.
type Preview struct {
	w      *Window
	pixels render.Pixels
}

// NewPreview starts an app. Close ends it.
func NewPreview(o Options, a App, look Look) (*Preview, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	l, err := loop.NewVirtual()
	if err != nil {
		return nil, err
	}
	if look.Language != "" {
		if err := lang.Set(lang.Parse(look.Language)); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	set := settings{Scheme: look.Scheme, Still: !look.Moving, RTL: look.RTL}
	w := newWindow(l, o, a, set, text.NewFonts(text.Options{Files: look.FontFiles}))
	p := &Preview{w: w}
	fail := func(err error) (*Preview, error) { return nil, errors.Join(err, p.Close()) }
	if look.Size.Empty() {
		look.Size = o.Size
	}
	if look.Scale == 0 {
		look.Scale = geom.ScaleOne
	}
	w.size, w.scale = look.Size, look.Scale
	if c, ok := as[Creator](a); ok {
		if err := c.Create(w, look.Saved); err != nil {
			return fail(fmt.Errorf("create: %w", err))
		}
	}
	if s, ok := as[Starter](a); ok {
		if err := s.Start(w); err != nil {
			return fail(fmt.Errorf("start: %w", err))
		}
	}
	if op, ok := as[Opener](a); ok && len(o.Names) > 0 {
		op.Open(w, o.Names)
	}
	w.root.SetActive(true)
	w.root.Resize(w.size, w.scale)
	w.suspend(false)
	p.Settle()
	return p, nil
}

// Window returns the app's window.
func (p *Preview) Window() *Window { return p.w }

// Root returns its tree of widgets.
func (p *Preview) Root() *ui.Root { return p.w.root }

// Settle does what was posted and brings the tree up to date.
func (p *Preview) Settle() {
	if err := p.w.loop.Dispatch(0); err != nil {
		panic("rayapps: " + err.Error()) // epoll on its own descriptors
	}
	p.w.root.Layout()
}

// Advance lets time pass.
func (p *Preview) Advance(d time.Duration) {
	p.w.loop.Advance(d)
	p.Settle()
}

// Event gives the app an event, in coordinates of the window, as a compositor
// would. It reports whether somebody took it.
func (p *Preview) Event(ev ui.Event) bool {
	took := p.w.event(ev)
	if k, ok := ev.(*ui.Keystroke); ok && !took {
		took = p.w.key(k)
	}
	return took
}

// Click presses and releases the left button at a point of the window.
func (p *Preview) Click(at geom.Point) {
	for _, k := range [...]ui.PointerKind{ui.PointerMove, ui.PointerPress, ui.PointerRelease} {
		p.Event(&ui.Pointer{Kind: k, Pos: at.F()})
	}
}

// Press presses and releases a key.
func (p *Preview) Press(sym ui.Sym, mods ui.Mods) {
	k := ui.Keystroke{Sym: sym, Mods: mods}
	if sym >= 0x20 && sym < 0x7f && mods&(ui.Ctrl|ui.Alt|ui.Super) == 0 {
		k.Text = string(rune(sym))
	}
	p.Event(&k)
	p.Event(&ui.Keystroke{Sym: sym, Mods: mods, Release: true})
}

// Type types ASCII text.
func (p *Preview) Type(text string) {
	for _, c := range []byte(text) {
		p.Press(ui.Sym(c), 0)
	}
}

// RawKey presses or releases a key by its keysym and its code of
// linux/input-event-codes.h, and reports whether a RawKeyHandler took it.
func (p *Preview) RawKey(sym ui.Sym, code uint32, down bool) bool {
	h, ok := as[RawKeyHandler](p.w.app)
	return ok && h.RawKey(p.w, sym, code, down)
}

// Show lets the window be seen, or not.
func (p *Preview) Show(on bool) { p.w.suspend(!on) }

// Focus gives the window the keyboard, or takes it away.
func (p *Preview) Focus(has bool) {
	p.w.root.SetActive(has)
	if f, ok := as[Focuser](p.w.app); ok {
		f.Focus(p.w, has)
	}
}

// Drop drops something on the window and reports whether it was taken.
func (p *Preview) Drop(d Drop) bool {
	t, ok := as[Dropper](p.w.app)
	return ok && t.Drop(p.w, d)
}

// Open has the app open files and addresses, OpenFile a file that it can't see. It
// reports whether the app does such things; of a file, it closes one that isn't
// taken.
func (p *Preview) Open(names ...string) bool {
	o, ok := as[Opener](p.w.app)
	if ok {
		o.Open(p.w, names)
	}
	return ok
}

// OpenFile is described at Open.
func (p *Preview) OpenFile(f *os.File, name, grant string) bool {
	o, ok := as[FileOpener](p.w.app)
	if !ok {
		_ = f.Close() // nothing was read
		return false
	}
	o.OpenFile(p.w, f, name, grant)
	return true
}

// Ask closes the window as a person does and reports whether it is closed.
func (p *Preview) Ask() bool {
	p.w.asked()
	return p.w.ended
}

// Save returns what would be there for the next life, nil if the app keeps
// nothing.
func (p *Preview) Save() ([]byte, error) {
	s, ok := as[Saver](p.w.app)
	if !ok {
		return nil, nil
	}
	data, err := s.Save()
	if err == nil && len(data) > MaxState {
		err = ErrState
	}
	return data, err
}

// List returns what is drawn.
func (p *Preview) List() *paint.List { return p.w.root.Frame().List }

// Picture draws the window. The pixels are the preview's until it is called
// again.
func (p *Preview) Picture() (render.Pixels, error) {
	size := geom.Size{W: max(p.w.scale.Apply(p.w.size.W), 1), H: max(p.w.scale.Apply(p.w.size.H), 1)}
	if p.pixels.Size() != size {
		p.pixels = render.NewPixels(size.W, size.H, render.XRGB8888)
	}
	err := p.w.raster.Draw(paint.Target{Pixels: &p.pixels, Scale: p.w.scale}, p.List(), nil)
	return p.pixels, err
}

// Close ends the app.
func (p *Preview) Close() error {
	p.w.suspend(true)
	p.w.ended = true
	if d, ok := as[Destroyer](p.w.app); ok {
		d.Destroy()
	}
	return p.w.loop.Close()
}
