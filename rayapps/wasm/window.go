package wasm

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/rayapps/wasm/abi"
)

// Window is the app's window.
type Window struct {
	app  App
	port port
	root *ui.Root
	set  abi.Configure
	look *theme.Theme
	now  func() time.Duration

	title   string
	begun   bool
	ended   bool
	may     bool // the host waits for a picture
	shown   bool // it has one
	shape   ui.Cursor
	infos   []byte
	timers  []*Timer
	out     []byte
	err     error
	resumed bool
}

// port is how messages come and go.
type port interface {
	// wait returns the next message, nil if none has come within the timeout; a
	// negative one doesn't end. It is valid until the next call.
	wait(timeout time.Duration) ([]byte, error)
	send(message []byte) error
}

// Root returns the window's tree of widgets.
func (w *Window) Root() *ui.Root { return w.root }

// Size returns the size in logical pixels.
func (w *Window) Size() geom.Size { return w.set.Size }

// Scale returns the physical pixels for each logical one.
func (w *Window) Scale() geom.Scale { return w.set.Scale }

// Theme returns the colours and sizes that the person has chosen.
func (w *Window) Theme() *theme.Theme { return w.look }

// Visible reports whether the window can be seen.
func (w *Window) Visible() bool { return w.set.Visible }

// Active reports whether the window has the keyboard.
func (w *Window) Active() bool { return w.set.Active }

// Now returns the time of the window's clock, which is monotonic.
func (w *Window) Now() time.Duration { return w.now() }

// Invalidate asks for a new view: the state of the app has changed. Callbacks of
// widgets and timers do so by themselves.
func (w *Window) Invalidate() { w.root.Invalidate() }

// SetTitle names the window.
func (w *Window) SetTitle(title string) {
	if title != w.title {
		w.title = title
		w.send(&abi.Title{Text: title})
	}
}

// Close ends the app, without asking it.
func (w *Window) Close() { w.ended = true }

func (w *Window) send(m abi.Message) {
	w.out = abi.Append(w.out[:0], m)
	if err := w.port.send(w.out); err != nil && w.err == nil {
		w.err, w.ended = err, true
	}
}

// clipboard is the host's.
type clipboard Window

func (c *clipboard) Copy(text string) { (*Window)(c).send(&abi.Copy{Text: text}) }
func (c *clipboard) Request()         { (*Window)(c).send(&abi.Request{}) }

// run shows an app until it ends.
func run(o Options, a App, p port, now func() time.Duration) error {
	w := &Window{app: a, port: p, now: now, title: o.Title, may: true, look: theme.New(theme.Dark, 0)}
	w.root = ui.New(ui.Options{
		View: w.view, Fonts: text.NewFonts(text.Options{}), Theme: w.look, Now: now, Clipboard: (*clipboard)(w), Background: true,
	})
	w.send(&abi.Hello{Version: abi.Version, Title: o.Title, Size: o.Size, MinSize: o.MinSize})
	for !w.ended {
		data, err := p.wait(w.timeout())
		if err != nil {
			return err
		}
		if data != nil {
			m, err := abi.ToGuest(data)
			if err != nil {
				return err
			}
			w.take(m)
		}
		w.tick()
		w.draw()
	}
	if w.err == nil {
		w.keep()
		w.send(&abi.End{})
	}
	return w.err
}

func (w *Window) view() ui.Node {
	n := w.app.View(w)
	if t, ok := w.app.(Titler); ok {
		w.SetTitle(t.Title())
	}
	return n
}

// timeout is how long nothing has to be done.
func (w *Window) timeout() time.Duration {
	next := time.Duration(-1)
	sooner := func(at time.Duration) {
		if at = max(at-w.now(), 0); next < 0 || at < next {
			next = at
		}
	}
	for _, t := range w.timers {
		sooner(t.at)
	}
	if w.begun && w.may && w.set.Visible {
		if at, ok := w.root.Next(); ok {
			sooner(at)
		}
	}
	return next
}

// take does what the host says.
func (w *Window) take(m abi.Message) {
	switch m := m.(type) {
	case *abi.Configure:
		w.configure(m)
	case *abi.Begin:
		w.begin(m)
	case *abi.Event:
		if !w.root.Event(m.Event) {
			if k, ok := m.Event.(*ui.Keystroke); ok {
				w.key(k)
			}
		}
	case *abi.Act:
		w.root.Do(m.ID, m.Action, m.Value)
	case *abi.Drawn:
		w.may = true
	case *abi.Open:
		w.open(m.Names)
	case *abi.Close:
		if c, ok := w.app.(Closer); ok && !c.Close(w) {
			w.Invalidate()
			w.send(&abi.Kept{})
			return
		}
		w.ended = true
	case *abi.Save:
		w.keep()
	case *abi.Stop:
		w.ended = true
	}
}

func (w *Window) key(k *ui.Keystroke) {
	if h, ok := w.app.(KeyHandler); ok && h.Key(w, k) {
		w.Invalidate()
	}
}

func (w *Window) open(names []string) {
	if o, ok := w.app.(Opener); ok && len(names) > 0 {
		o.Open(w, names)
		w.Invalidate()
	}
}

func (w *Window) configure(m *abi.Configure) {
	old := w.set
	w.set = *m
	if m.Scheme != old.Scheme || m.Accent != old.Accent || m.Still != old.Still || !w.begun {
		w.look = theme.New(theme.Scheme(m.Scheme), render.Color(m.Accent))
		w.look.Still = m.Still
		w.root.SetTheme(w.look)
	}
	if m.Language != old.Language {
		if err := lang.Set(lang.Parse(m.Language)); err != nil {
			fmt.Println("language:", err)
		}
		w.Invalidate()
	}
	if m.Zone != old.Zone || m.Offset != old.Offset {
		time.Local = time.FixedZone(m.Zone, m.Offset)
		w.Invalidate()
	}
	w.root.SetRTL(m.RTL)
	w.root.SetActive(m.Active)
	w.root.Resize(m.Size, m.Scale)
	w.seen()
}

// seen tells the app whether it can be seen.
func (w *Window) seen() {
	if !w.begun || w.set.Visible == w.resumed {
		return
	}
	w.resumed = w.set.Visible
	if r, ok := w.app.(Resumer); ok && w.resumed {
		r.Resume(w)
		w.Invalidate()
	}
	if p, ok := w.app.(Pauser); ok && !w.resumed {
		p.Pause(w)
	}
}

func (w *Window) begin(m *abi.Begin) {
	var saved []byte
	if m.Again {
		saved = append([]byte{}, m.Saved...)
	}
	if c, ok := w.app.(Creator); ok {
		if err := c.Create(w, saved); err != nil {
			w.err, w.ended = fmt.Errorf("create: %w", err), true
			return
		}
	}
	w.begun = true
	w.open(m.Open)
	w.seen()
}

// keep sends the state.
func (w *Window) keep() {
	m := &abi.Saved{}
	if s, ok := w.app.(Saver); ok && w.begun {
		data, err := s.Save()
		if err != nil {
			fmt.Println("save:", err)
		}
		m.Has, m.Data = err == nil, data
	}
	w.send(m)
}

// draw sends what the window looks like, if that has changed and the host waits
// for it.
func (w *Window) draw() {
	if !w.begun || w.ended || !w.may || !w.set.Visible || w.set.Size.Empty() {
		return
	}
	f := w.root.Frame()
	if shape := w.root.Cursor(); w.shown && !f.Changed && shape == w.shape {
		return
	}
	list, err := f.List.AppendBinary(nil)
	if err != nil {
		w.err, w.ended = err, true
		return
	}
	w.shape = w.root.Cursor()
	m := &abi.Present{List: list, Shape: w.shape, Input: w.root.IME(), Info: w.root.Semantics().Children}
	was := w.infos
	w.infos = abi.Append(nil, &abi.Present{Info: m.Info})
	if w.shown && bytes.Equal(was, w.infos) {
		m.Same, m.Info = true, nil
	}
	w.may, w.shown = false, true
	w.send(m)
}

// Timer calls a function of the app's later.
type Timer struct {
	w  *Window
	fn func()
	at time.Duration
}

// NewTimer returns a stopped timer that calls fn and asks for a new view.
func (w *Window) NewTimer(fn func()) *Timer { return &Timer{w: w, fn: fn} }

// Reset has it go off once after d, instead of when it would.
func (t *Timer) Reset(d time.Duration) {
	t.Stop()
	t.at = t.w.now() + d
	t.w.timers = append(t.w.timers, t)
}

// Stop keeps it from going off.
func (t *Timer) Stop() {
	t.w.timers = slices.DeleteFunc(t.w.timers, func(o *Timer) bool { return o == t })
}

// tick calls the timers that are due.
func (w *Window) tick() {
	now := w.now()
	for _, t := range slices.Clone(w.timers) {
		if t.at <= now && !w.ended && slices.Contains(w.timers, t) {
			t.Stop()
			t.fn()
			w.Invalidate()
		}
	}
}
