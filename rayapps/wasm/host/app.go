package host

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/wasm/abi"
)

// maxCost bounds the work of a picture, in pixels that are filled: some hundred
// screens of 4K.
const maxCost = 1 << 30

// saveWait is how long the window waits for the state of an app that is busy.
const saveWait = 300 * time.Millisecond

// App shows a guest in a window.
type App struct {
	guest *Guest
	w     *rayapps.Window

	hello  abi.Hello
	list   *paint.List
	info   []*ui.Info
	input  ui.IME
	shape  ui.Cursor
	set    abi.Configure
	size   geom.Size
	begun  bool
	owed   bool // the guest waits for Drawn
	opened []string
	restore
	state []byte // what was saved last
	err   error

	mu    sync.Mutex
	came  []abi.Message // for the window's goroutine
	saved chan *abi.Saved
}

// restore is what the guest begins with.
type restore struct {
	again bool
	old   []byte
}

// NewApp starts a guest and returns when it has said what window it would like.
func NewApp(g *Guest) (*App, error) {
	a := &App{guest: g, saved: make(chan *abi.Saved, 1)}
	hello := make(chan *abi.Hello, 1)
	g.Start(func(m abi.Message) {
		switch m := m.(type) {
		case *abi.Hello:
			select {
			case hello <- m:
			default:
				g.Kill(fmt.Errorf("%w: a second Hello", abi.ErrMessage))
			}
		case *abi.Saved:
			select {
			case a.saved <- m:
			default: // nobody asked
			}
		default:
			a.take(m)
		}
	})
	select {
	case h := <-hello:
		if err := h.Check(); err != nil {
			return nil, errors.Join(err, g.Close())
		}
		a.hello = *h
		return a, nil
	case <-g.Done():
		err := g.Err()
		if err == nil {
			err = errors.New("the app has ended before it said anything")
		}
		return nil, errors.Join(err, g.Close())
	}
}

// Options completes those of the window by what the guest would like.
func (a *App) Options(o rayapps.Options) rayapps.Options {
	if a.hello.Title != "" {
		o.Title = a.hello.Title
	}
	o.Size, o.MinSize = a.hello.Size, a.hello.MinSize
	return o
}

// maxCame bounds what waits for the window's goroutine.
const maxCame = 256

// take is called on the guest's goroutine.
func (a *App) take(m abi.Message) {
	a.mu.Lock()
	first := len(a.came) == 0
	switch {
	case len(a.came) < maxCame:
		a.came = append(a.came, m)
	default:
		a.guest.Kill(fmt.Errorf("%w: more at once than a window can take", abi.ErrMessage))
	}
	w := a.w
	a.mu.Unlock()
	if first && w != nil {
		w.Post(a.receive)
	}
}

// receive does what the guest has said, on the window's goroutine.
func (a *App) receive() {
	a.mu.Lock()
	came := a.came
	a.came = nil
	a.mu.Unlock()
	for _, m := range came {
		switch m := m.(type) {
		case *abi.Present:
			a.present(m)
		case *abi.Title:
			a.w.SetTitle(m.Text)
		case *abi.Copy:
			a.w.Root().Clipboard().Copy(m.Text)
		case *abi.Request:
			a.w.Root().Clipboard().Request()
		case *abi.End:
			a.w.Close()
		}
	}
}

func (a *App) present(m *abi.Present) {
	if a.owed {
		a.guest.Kill(fmt.Errorf("%w: a picture before the last one was drawn", abi.ErrMessage))
		return
	}
	list, err := paint.Decode(m.List, a.w.Root().Fonts())
	if err == nil && list.Cost() > maxCost {
		err = fmt.Errorf("%w: it takes too long to draw", paint.ErrList)
	}
	if err != nil {
		a.guest.Kill(err)
		return
	}
	a.list, a.shape, a.input, a.owed = list, m.Shape, m.Input, true
	if !m.Same {
		a.info = m.Info
	}
	a.w.Invalidate()
}

// Create implements rayapps.Creator.
func (a *App) Create(w *rayapps.Window, saved []byte) error {
	a.again, a.old, a.state = saved != nil, saved, saved
	a.mu.Lock()
	a.w = w
	waits := len(a.came) > 0
	a.mu.Unlock()
	if waits {
		w.Post(a.receive)
	}
	go func() {
		<-a.guest.Done()
		w.Post(func() {
			a.err = a.guest.Err()
			w.Close()
		})
	}()
	return nil
}

// Open implements rayapps.Opener.
func (a *App) Open(_ *rayapps.Window, names []string) {
	if !a.begun {
		a.opened = append(a.opened, names...)
		return
	}
	a.guest.Send(&abi.Open{Names: names})
}

// View implements rayapps.App.
func (a *App) View(w *rayapps.Window) ui.Node {
	a.configure()
	n := ui.Foreign{
		List: a.list, Info: a.info, Input: a.input, Shape: a.shape,
		Resized: func(s geom.Size) { a.size = s; a.configure() },
		Painted: a.painted, OnEvent: a.event, OnAct: a.act,
	}
	return n
}

// Ready implements rayapps.Readier.
func (a *App) Ready() bool { return a.list != nil }

// painted asks for the next picture.
func (a *App) painted() {
	if a.owed {
		a.owed = false
		a.guest.Send(&abi.Drawn{})
	}
}

// configure tells the guest what has changed of the window.
func (a *App) configure() {
	if a.size.Empty() {
		return
	}
	th := a.w.Theme()
	zone, offset := time.Now().Zone()
	set := abi.Configure{
		Size: a.size, Scale: a.w.Scale(), Scheme: uint8(th.Scheme), Accent: uint32(th.Accent), Still: th.Still,
		RTL: a.w.Root().RTL(), Visible: a.w.Visible(), Active: a.w.Root().Active(), Language: lang.Now().String(),
		Zone: zone, Offset: offset,
	}
	if set != a.set {
		a.set = set
		a.guest.Send(&set)
	}
	if !a.begun {
		a.begun = true
		a.guest.Send(&abi.Begin{Again: a.again, Saved: a.old, Open: a.opened})
		a.old, a.opened = nil, nil
	}
}

func (a *App) event(ev ui.Event) bool {
	switch e := ev.(type) {
	case *ui.Pointer:
		c := *e
		ev = &c
	case *ui.Keystroke:
		c := *e
		ev = &c
	case *ui.Preedit:
		c := *e
		ev = &c
	case *ui.Commit:
		c := *e
		ev = &c
	case *ui.Delete:
		c := *e
		ev = &c
	case *ui.Paste:
		c := *e
		ev = &c
	}
	a.guest.Send(&abi.Event{Event: ev})
	return true
}

func (a *App) act(id uint64, action ui.Action, value string) bool {
	a.guest.Send(&abi.Act{ID: id, Action: action, Value: value})
	return true
}

// Resume implements rayapps.Resumer.
func (a *App) Resume(*rayapps.Window) { a.configure() }

// Pause implements rayapps.Pauser.
func (a *App) Pause(*rayapps.Window) { a.configure() }

// Focus implements rayapps.Focuser.
func (a *App) Focus(*rayapps.Window, bool) { a.configure() }

// Close implements rayapps.Closer.
func (a *App) Close(*rayapps.Window) bool {
	a.guest.Send(&abi.Close{})
	return false // it answers
}

// Save implements rayapps.Saver: it asks the guest. One that is busy is saved as
// it was.
func (a *App) Save() ([]byte, error) {
	if !a.begun {
		return a.state, nil
	}
	select {
	case <-a.saved: // too late for whoever asked
	default:
	}
	a.guest.Send(&abi.Save{})
	late := time.NewTimer(saveWait)
	defer late.Stop()
	select {
	case s := <-a.saved:
		if s.Has {
			a.state = append([]byte(nil), s.Data...)
		}
	case <-late.C:
	case <-a.guest.Done():
		select {
		case s := <-a.saved:
			if s.Has {
				a.state = append([]byte(nil), s.Data...)
			}
		default:
		}
	}
	return a.state, nil
}

// Destroy implements rayapps.Destroyer.
func (a *App) Destroy() {
	a.guest.Send(&abi.Stop{})
	late := time.NewTimer(a.guest.opt.Deadline)
	defer late.Stop()
	select {
	case <-a.guest.Done():
	case <-late.C:
	}
	if err := a.guest.Close(); err != nil && a.err == nil {
		a.err = err
	}
}

// Err returns why the guest has ended; nil if it was told to, or did so by itself.
func (a *App) Err() error { return a.err }
