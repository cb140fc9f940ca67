package session

import (
	"context"
	"errors"
	"io"
	"time"

	"rayos/rayapps/atspi"
	"rayos/rayapps/ui"
	"rayos/shell/a11y"
	"rayos/shell/panel"
	"rayos/shell/sessionbus"
	"rayos/surfaces/seat/xkb"
)

// access tells screen readers what the shell shows, and lets them hear keys.
// Without a message bus there is nothing of it; without a reader it costs
// nothing.
type access struct {
	s       *Session
	bridge  *atspi.Bridge
	manager *a11y.Manager // nil before it is there
	windows map[*panel.Panel]*atspi.Window
	stop    context.CancelFunc
	conns   []io.Closer
	ended   bool
	// listening is whether a reader is there that is to hear of changes.
	listening bool

	tapped xkb.Keysym // the modifier that was pressed last
	tapAt  time.Duration
	twice  bool
}

// tapTwice is how soon a modifier has to be pressed again to be meant itself.
const tapTwice = 300 * time.Millisecond

func (a *access) init(s *Session) {
	a.s = s
	if s.opt.Bus == "" || !s.opt.Shell {
		return
	}
	a.windows = map[*panel.Panel]*atspi.Window{}
	a.bridge = atspi.New(atspi.Options{Name: "RayOS", Version: Version, Post: s.loop.Post, Listening: func(on bool) {
		a.listening = on && !a.ended
		s.installed.listening(a.listening)
	}})
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	go func() {
		conn, err := sessionbus.Connect(s.opt.Bus)
		if err != nil {
			s.loop.Post(func() { s.log.Warn("screen readers can't read the shell", "err", err) })
			return
		}
		s.loop.Post(func() { a.keep(conn) })
		err = a.bridge.Follow(ctx, conn)
		s.loop.Post(func() {
			if !a.ended {
				s.log.Warn("screen readers can't read the shell any more", "err", err)
			}
		})
	}()
	go func() {
		conn, err := sessionbus.Connect(s.opt.Bus)
		var m *a11y.Manager
		if err == nil {
			m, err = a11y.Manage(conn, a.under)
			s.loop.Post(func() {
				a.keep(conn)
				if err == nil && !a.ended {
					a.manager = m
				}
			})
		}
		if err != nil && !errors.Is(err, a11y.ErrTaken) {
			s.loop.Post(func() { s.log.Warn("screen readers can't hear keys", "err", err) })
		}
	}()
}

// keep closes a connection in the end.
func (a *access) keep(c io.Closer) {
	if a.ended {
		_ = c.Close() // the session ends
		return
	}
	a.conns = append(a.conns, c)
}

func (a *access) end() {
	a.ended, a.manager = true, nil
	if a.stop != nil {
		a.stop()
	}
	for _, c := range a.conns {
		_ = c.Close() // the session ends
	}
}

// drawn is told of a panel that shows something else, or nothing any more.
func (a *access) drawn(p *panel.Panel) {
	if a.bridge == nil {
		return
	}
	w := a.windows[p]
	if !p.Shown() {
		if w != nil {
			w.Close()
			delete(a.windows, p)
		}
		return
	}
	if w == nil {
		w = a.bridge.Open(readable{a.s, p}, p.Name())
		a.windows[p] = w
	}
	w.Place(p.Area().Min())
	w.Activate(p.Keyboard() != nil)
	w.Changed()
}

// readable is a panel as readers see it: nothing while the session is locked.
type readable struct {
	s *Session
	p *panel.Panel
}

// Semantics implements atspi.Tree.
func (r readable) Semantics() *ui.Info {
	if r.hidden() {
		return &ui.Info{}
	}
	return r.p.Root().Semantics()
}

// Do implements atspi.Tree.
func (r readable) Do(id uint64, act ui.Action, value string) bool {
	return !r.hidden() && r.p.Do(id, act, value)
}

func (r readable) hidden() bool { return r.s.lock.on && !r.s.screenLock.shows(r.p) }

// lockChanged is told that what can be seen is another thing.
func (a *access) lockChanged() {
	for _, w := range a.windows {
		w.Changed()
	}
	for _, r := range a.s.installed.runs {
		if r.link != nil && r.link.access.window != nil {
			r.link.access.window.Changed()
		}
	}
	if a.manager != nil && a.s.lock.on {
		a.manager.Lift()
	}
}

// under tells what the pointer is over. It is called on any goroutine.
func (a *access) under() (a11y.Under, bool) {
	type answer struct {
		u  a11y.Under
		ok bool
	}
	got := make(chan answer, 1)
	a.s.loop.Post(func() {
		f, at := a.s.hit(a.s.seat.Position())
		w := a.s.windowBehind(f)
		if w == nil || a.s.lock.on {
			got <- answer{}
			return
		}
		got <- answer{a11y.Under{PID: w.guest.Owner.PID, X: at.X, Y: at.Y}, true}
	})
	select {
	case x := <-got:
		return x.u, x.ok
	case <-time.After(time.Second): // the session ends
		return a11y.Under{}, false
	}
}

// key lets readers have a key, by its evdev code, and reports whether it is
// theirs. What is typed while the session is locked is nobody's.
func (a *access) key(code uint32, pressed bool) (taken bool) {
	m := a.manager
	if m == nil || a.s.lock.on {
		return false
	}
	st := a.s.seat.State()
	sym := st.Sym(code)
	k := a11y.Key{Sym: uint32(sym), Mods: uint32(st.Effective()), Code: uint16(code + 8), Released: !pressed}
	if text := st.AppendUTF8(nil, code); len(text) > 0 {
		k.Rune = []rune(string(text))[0]
	}
	if pressed {
		now := a.s.loop.Now()
		a.twice = sym.IsModifier() && sym == a.tapped && now-a.tapAt < tapTwice
		if a.tapped = 0; sym.IsModifier() {
			a.tapped, a.tapAt = sym, now
		}
	}
	k.Again = a.twice && sym.IsModifier()
	return m.Key(k)
}

// moved is told that the pointer has.
func (a *access) moved() {
	if a.manager != nil {
		a.manager.Moved()
	}
}
