package xwayland

import (
	"slices"
	"time"

	"github.com/jezek/xgb/xproto"

	"rayos/geom"
	"rayos/surfaces/wayland"
)

// This file speaks XDND version 5, on the manager's side. A Wayland program's
// drag is announced to X11 windows by the manager as its source. An X11
// program's drag finds the proxy, an invisible window over everything, where a
// Wayland window is under the pointer.

// xdndVersion is the version of the protocol that is spoken; older than
// xdndOldest have other messages.
const (
	xdndVersion = 5
	xdndOldest  = 3
)

// dragOut is a Wayland program's drag over X11 windows.
type dragOut struct {
	target  xproto.Window // 0 while it is over none
	to      xproto.Window // that gets the messages: the target or its proxy
	action  xproto.Atom
	waiting bool        // for a status
	next    *geom.Point // to be told then
	dropped bool
}

// dragIn is an X11 program's drag over Wayland windows.
type dragIn struct {
	proxy  xproto.Window
	mapped bool
	source xproto.Window
	status cmdDragStatus // said last
}

type (
	// evDragStatus: the X11 window says what it would do with a drop.
	evDragStatus struct {
		accepted bool
		action   uint32
	}
	// evDragFinished: it has taken the drop, or not.
	evDragFinished struct{ taken bool }
	// evDragBegan: an X11 program has begun to drag something.
	evDragBegan struct{}
	// evDragEnter: its drag is over the proxy, and can be had as these types.
	evDragEnter struct{ mimes []string }
	// evDragAt: it moves there, and wants an action.
	evDragAt    struct{ action uint32 }
	evDragLeave struct{}
	evDragDrop  struct{}

	// cmdDragEnter: a Wayland program's drag is over an X11 window.
	cmdDragEnter struct {
		id      xproto.Window
		mimes   []string
		actions uint32
	}
	cmdDragMotion struct{ at geom.Point } // in X pixels
	cmdDragLeave  struct{}
	cmdDragDrop   struct{}
	// cmdProxy says whether a Wayland window is under an X11 program's drag.
	cmdProxy struct{ on bool }
	// cmdDragStatus says what it would do with a drop.
	cmdDragStatus struct {
		accepted bool
		action   uint32
	}
	cmdDragFinished struct{ taken bool }
)

func (evDragStatus) isEvent()      {}
func (evDragFinished) isEvent()    {}
func (evDragBegan) isEvent()       {}
func (evDragEnter) isEvent()       {}
func (evDragAt) isEvent()          {}
func (evDragLeave) isEvent()       {}
func (evDragDrop) isEvent()        {}
func (cmdDragEnter) isCommand()    {}
func (cmdDragMotion) isCommand()   {}
func (cmdDragLeave) isCommand()    {}
func (cmdDragDrop) isCommand()     {}
func (cmdProxy) isCommand()        {}
func (cmdDragStatus) isCommand()   {}
func (cmdDragFinished) isCommand() {}

func (m *manager) setUpDrags() error {
	id, err := m.newWindow(xproto.WindowClassInputOnly, geom.Rect{X1: 1, Y1: 1}, 0)
	if err != nil {
		return err
	}
	m.dragIn.proxy = id
	m.set(id, m.atoms.of[xdndAware], xproto.AtomAtom, 32, packWords([]uint32{xdndVersion}))
	return nil
}

// doDrag carries out commands about drags.
func (m *manager) doDrag(c command) {
	switch c := c.(type) {
	case cmdDragEnter:
		m.dragEnter(c)
	case cmdDragMotion:
		m.dragMotion(c.at)
	case cmdDragLeave:
		m.dragTell(xdndLeave)
		m.dragOver()
	case cmdDragDrop:
		m.dragDrop()
	case cmdProxy:
		m.showProxy(c.on)
	case cmdDragStatus:
		m.dragIn.status = c
		m.sayStatus()
	case cmdDragFinished:
		m.sayFinished(c.taken)
	}
}

// actionAtom is the first of a set's actions in X11's words.
func (m *manager) actionAtom(a uint32) xproto.Atom {
	switch {
	case a&wayland.DragCopy != 0:
		return m.atoms.of[xdndActionCopy]
	case a&wayland.DragMove != 0:
		return m.atoms.of[xdndActionMove]
	case a&wayland.DragAsk != 0:
		return m.atoms.of[xdndActionAsk]
	}
	return 0
}

// action turns an atom into an action; programs with one of their own copy.
func (m *manager) action(a xproto.Atom) uint32 {
	switch n, _ := m.atoms.known(a); n {
	case xdndActionMove:
		return wayland.DragMove
	case xdndActionAsk:
		return wayland.DragAsk
	}
	return wayland.DragCopy
}

// dragTell sends a message of our drag.
func (m *manager) dragTell(n name, data ...uint32) {
	if d := &m.dragOut; d.target != 0 {
		m.message(d.to, 0, d.target, m.atoms.of[n], append([]uint32{uint32(m.selections[selDrag].window)}, data...)...)
	}
}

func (m *manager) dragEnter(c cmdDragEnter) {
	w := m.windows[c.id]
	if w == nil {
		return
	}
	to, version := m.dragProxy(c.id), w.props.DND
	if version < xdndOldest {
		return
	}
	m.offer(cmdOffer{selDrag, c.mimes})
	s := &m.selections[selDrag]
	m.dragOut = dragOut{target: c.id, to: to, action: m.actionAtom(c.actions)}
	types := make([]uint32, 0, len(s.offers))
	for _, o := range s.offers {
		types = append(types, uint32(o.atom))
	}
	m.set(s.window, m.atoms.of[xdndTypeList], xproto.AtomAtom, 32, packWords(types))
	flags := uint32(version) << 24
	if len(types) > 3 {
		flags |= 1
	}
	m.dragTell(xdndEnter, append([]uint32{flags}, types[:min(len(types), 3)]...)...)
}

// dragProxy is where messages for a window go: to itself, or to the window that
// it names, if that agrees.
func (m *manager) dragProxy(id xproto.Window) xproto.Window {
	ask := func(w xproto.Window) xproto.Window {
		r, err := xproto.GetProperty(m.conn, false, w, m.atoms.of[xdndProxy], xproto.AtomWindow, 0, 1).Reply()
		if err != nil {
			return 0
		}
		return property{format: r.Format, value: r.Value}.window()
	}
	if p := ask(id); p != 0 && ask(p) == p {
		return p
	}
	return id
}

// dragMotion tells a place, one at a time.
func (m *manager) dragMotion(at geom.Point) {
	d := &m.dragOut
	if d.target == 0 || d.dropped {
		return
	}
	if d.waiting {
		d.next = &at
		return
	}
	d.waiting = true
	m.dragTell(xdndPosition, 0, uint32(uint16(at.X))<<16|uint32(uint16(at.Y)), uint32(m.time()), uint32(d.action))
}

// dropPatience is how long an X11 program may take for a drop.
const dropPatience = 20 * time.Second

func (m *manager) dragDrop() {
	d := &m.dragOut
	if d.target == 0 {
		m.post(evDragFinished{false})
		return
	}
	d.dropped = true
	m.dragTell(xdndDrop, 0, uint32(m.time()))
	m.after(dropPatience, "drop", func() { m.dragFinished(false) })
}

func (m *manager) dragFinished(taken bool) {
	if m.dragOut.dropped {
		m.dragOver()
		m.post(evDragFinished{taken})
	}
}

// dragOver forgets our drag.
func (m *manager) dragOver() {
	m.cancel("drop")
	m.dragOut = dragOut{}
	m.offer(cmdOffer{sel: selDrag})
}

// dragMessage serves the messages of both kinds of drags.
func (m *manager) dragMessage(n name, e xproto.ClientMessageEvent) {
	d := e.Data.Data32
	out, in := &m.dragOut, &m.dragIn
	switch {
	case n == xdndStatus && e.Window == m.selections[selDrag].window && xproto.Window(d[0]) == out.target:
		out.waiting = false
		m.post(evDragStatus{d[1]&1 != 0, m.action(xproto.Atom(d[4]))})
		if next := out.next; next != nil {
			out.next = nil
			m.dragMotion(*next)
		}
	case n == xdndFinished && e.Window == m.selections[selDrag].window && xproto.Window(d[0]) == out.target:
		m.dragFinished(d[1]&1 != 0)
	case e.Window != in.proxy:
	case n == xdndEnter:
		m.dragEntered(d)
	case xproto.Window(d[0]) != in.source:
	case n == xdndPosition:
		m.now = xproto.Timestamp(d[3])
		m.post(evDragAt{m.action(xproto.Atom(d[4]))})
		m.sayStatus()
	case n == xdndLeave:
		m.post(evDragLeave{})
	case n == xdndDrop:
		m.now = xproto.Timestamp(d[2])
		m.post(evDragDrop{})
	}
}

// dragOwned: an X11 program begins to drag.
func (m *manager) dragOwned(xproto.Window) { m.post(evDragBegan{}) }

// dragEntered: the drag is over the proxy.
func (m *manager) dragEntered(d []uint32) {
	in, s := &m.dragIn, &m.selections[selDrag]
	in.source, in.status = xproto.Window(d[0]), cmdDragStatus{}
	types := d[2:5]
	if d[1]&1 != 0 {
		r, err := xproto.GetProperty(m.conn, false, in.source, m.atoms.of[xdndTypeList], xproto.AtomAtom, 0, maxTypes).Reply()
		if err == nil {
			types = property{format: r.Format, value: r.Value}.words()
		}
	}
	s.offers = m.offersOf(slices.DeleteFunc(slices.Clone(types), func(v uint32) bool { return v == 0 }))
	var mimes []string
	for _, o := range s.offers {
		mimes = append(mimes, o.mime)
	}
	m.post(evDragEnter{mimes})
}

func (m *manager) sayStatus() {
	in := &m.dragIn
	if in.source == 0 {
		return
	}
	flags := uint32(2) // tell every motion
	var action xproto.Atom
	if in.status.accepted {
		flags |= 1
		action = m.actionAtom(in.status.action)
	}
	m.message(in.source, 0, in.source, m.atoms.of[xdndStatus], uint32(in.proxy), flags, 0, 0, uint32(action))
}

func (m *manager) sayFinished(taken bool) {
	in := &m.dragIn
	if in.source == 0 {
		return
	}
	var flags uint32
	var action xproto.Atom
	if taken {
		flags, action = 1, m.actionAtom(in.status.action)
	}
	m.message(in.source, 0, in.source, m.atoms.of[xdndFinished], uint32(in.proxy), flags, uint32(action))
	in.source = 0
}

// showProxy lays the proxy over everything, or takes it away.
func (m *manager) showProxy(on bool) {
	in := &m.dragIn
	if in.mapped == on {
		return
	}
	in.mapped = on
	if !on {
		xproto.UnmapWindow(m.conn, in.proxy)
		return
	}
	const what = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight | xproto.ConfigWindowStackMode
	xproto.ConfigureWindow(m.conn, in.proxy, what,
		[]uint32{0, 0, uint32(max(m.screen.size.W, 1)), uint32(max(m.screen.size.H, 1)), xproto.StackModeAbove})
	xproto.MapWindow(m.conn, in.proxy)
}
