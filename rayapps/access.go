package rayapps

import (
	"context"
	"errors"

	"rayos/internal/bus"
	"rayos/rayapps/applink"
	"rayos/rayapps/atspi"
	"rayos/rayapps/ui"
)

// access is the window as assistive technologies see it: on the accessibility
// bus, or by the session where the app has no bus. It costs nothing before they
// are enabled.
type access struct {
	bridge *atspi.Bridge // nil where there is no bus
	window *atspi.Window
	active bool
	stop   context.CancelFunc
	done   chan struct{}
	remote remoteAccess
}

// beReadable begins to look for assistive technologies. The window has been seen
// by then: nobody waits for it longer because of them.
func (w *Window) beReadable() {
	a := &w.access
	address := bus.Address()
	if address == "" {
		return
	}
	a.bridge = atspi.New(atspi.Options{Name: w.title, Locale: w.settings.Locale.String(), Post: w.loop.Post, WhenEnabled: true})
	a.window = a.bridge.Open((*readable)(w), w.title)
	a.window.Acted = w.Invalidate
	a.window.Activate(a.active)
	ctx, stop := context.WithCancel(context.Background())
	a.stop, a.done = stop, make(chan struct{})
	go func() {
		defer close(a.done)
		if err := a.bridge.FollowAt(ctx, address); ctx.Err() == nil {
			w.opts.Log.Info("screen readers can't read the window", "err", err)
		}
	}()
}

// tell is called when the window shows something else.
func (w *Window) tell() {
	if w.access.window != nil {
		w.access.window.Changed()
	}
	w.describe()
}

// activate is told whether the window has the keyboard.
func (a *access) activate(on bool) {
	a.active = on
	if a.window != nil {
		a.window.Activate(on)
	}
}

// end leaves the bus.
func (a *access) end() {
	if a.stop != nil {
		a.stop()
		<-a.done
		a.stop = nil
	}
}

// readable is a window as a tree: atspi.Tree. Its methods are called on the
// window's goroutine.
type readable Window

// Semantics implements atspi.Tree.
func (r *readable) Semantics() *ui.Info {
	in := r.root.Semantics()
	in.Name = r.title
	return in
}

// Do implements atspi.Tree.
func (r *readable) Do(id uint64, a ui.Action, value string) bool {
	return !r.ended && r.root.Do(id, a, value)
}

// remoteAccess is the window as it is described to the session.
type remoteAccess struct {
	on      bool
	waiting bool // for the session to have seen the last description
	dirty   bool
}

// describe describes the window to the session, if that wants to know.
func (w *Window) describe() {
	r := &w.access.remote
	if !r.on || w.link == nil {
		return
	}
	if r.waiting {
		r.dirty = true
		return
	}
	r.dirty = false
	f, err := applink.WriteTree((*readable)(w).Semantics())
	if err == nil {
		err = w.link.describe(f)
		r.waiting = err == nil
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		w.opts.Log.Warn("screen readers can't read the window", "err", err)
	}
}

// heard is told what the session says of assistive technologies.
func (w *Window) heard(e *applink.Event) {
	r := &w.access.remote
	switch {
	case e.Access != "":
		*r = remoteAccess{on: e.Access == applink.AccessOn}
		w.describe()
	case e.Seen:
		r.waiting = false
		if r.dirty {
			w.describe()
		}
	case e.Act != nil:
		if (*readable)(w).Do(e.Act.ID, e.Act.Do, cut(e.Act.Value, maxValue)) {
			w.Invalidate()
		}
	}
}

// maxValue bounds what is typed into an element at once, in bytes.
const maxValue = applink.MaxMessage
