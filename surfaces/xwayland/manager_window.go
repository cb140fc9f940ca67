package xwayland

import (
	"fmt"
	"slices"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/res"
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

// xwindow is the manager's record of a top-level window.
type xwindow struct {
	id       xproto.Window
	rect     geom.Rect // in X pixels
	border   int32
	override bool
	managed  bool // the loop decides about its place
	mapped   bool
	known    bool // its properties were read
	props    props
	states   states
	pings    int // without an answer
}

// maxWindows bounds the top-level windows that are followed; each costs both
// sides some memory. Others are left to the X server.
const maxWindows = 1 << 13

// handle serves one X event or error.
func (m *manager) handle(v any) {
	switch e := v.(type) {
	case xproto.CreateNotifyEvent:
		m.created(e)
	case xproto.DestroyNotifyEvent:
		m.destroyed(e.Window)
	case xproto.ConfigureRequestEvent:
		m.configureRequest(e)
	case xproto.ConfigureNotifyEvent:
		m.configured(e)
	case xproto.MapRequestEvent:
		m.mapRequest(e.Window)
	case xproto.MapNotifyEvent:
		m.mappedNow(e)
	case xproto.UnmapNotifyEvent:
		m.unmapped(e)
	case xproto.ReparentNotifyEvent:
		m.reparented(e)
	case xproto.PropertyNotifyEvent:
		m.now = e.Time
		m.propertyChanged(e)
	case xproto.ClientMessageEvent:
		m.clientMessage(e)
	case xproto.FocusInEvent:
		m.focusIn(e)
	case xproto.MappingNotifyEvent, xproto.FocusOutEvent:
	case xgb.Error:
		// Programs destroy windows while they are talked to.
		m.log.Debug("X11 error", "err", e)
	case wrote:
		m.wrote(e)
	case gotPiece:
		m.gotPiece(e)
	case xgb.Event:
		m.selectionEvent(e)
	}
}

func (m *manager) created(e xproto.CreateNotifyEvent) {
	if e.Parent != m.root || m.ours(e.Window) || len(m.windows) >= maxWindows {
		return
	}
	m.add(e.Window, geom.XYWH(int32(e.X), int32(e.Y), int32(e.Width), int32(e.Height)), int32(e.BorderWidth), e.OverrideRedirect)
}

func (m *manager) add(id xproto.Window, r geom.Rect, border int32, override bool) *xwindow {
	w := &xwindow{id: id, rect: r, border: border, override: override}
	m.windows[id] = w
	m.quiet = false
	m.cancel("idle")
	const events = xproto.EventMaskPropertyChange | xproto.EventMaskFocusChange
	xproto.ChangeWindowAttributes(m.conn, id, xproto.CwEventMask, []uint32{events})
	m.post(evCreated{id, r, override})
	return w
}

func (m *manager) destroyed(id xproto.Window) {
	m.requestorGone(id)
	w := m.windows[id]
	if w == nil {
		return
	}
	delete(m.windows, id)
	m.unlist(w)
	m.cancel(pingKey(id))
	if m.focus == id {
		m.focus = 0
	}
	m.post(evDestroyed{id})
	m.checkIdle()
}

// reparented: a window that moves into another is not top-level any more.
func (m *manager) reparented(e xproto.ReparentNotifyEvent) {
	if e.Parent != m.root {
		m.destroyed(e.Window)
		return
	}
	if m.windows[e.Window] != nil || m.ours(e.Window) || len(m.windows) >= maxWindows {
		return
	}
	g, err := xproto.GetGeometry(m.conn, xproto.Drawable(e.Window)).Reply()
	if err != nil {
		return
	}
	m.add(e.Window, geom.XYWH(int32(g.X), int32(g.Y), int32(g.Width), int32(g.Height)), int32(g.BorderWidth), e.OverrideRedirect)
}

// configureRequest grants what the program wants, except of windows that the
// loop has on the desktop.
func (m *manager) configureRequest(e xproto.ConfigureRequestEvent) {
	w := m.windows[e.Window]
	if w != nil && w.managed && w.mapped {
		r := geom.XYWH(int32(e.X), int32(e.Y), int32(e.Width), int32(e.Height))
		const place = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
		if mask := e.ValueMask & place; mask != 0 {
			m.post(evAsksRect{e.Window, mask, r})
		}
		return
	}
	var values []uint32
	for _, v := range []struct {
		bit   uint16
		value uint32
	}{
		{xproto.ConfigWindowX, uint32(int32(e.X))},
		{xproto.ConfigWindowY, uint32(int32(e.Y))},
		{xproto.ConfigWindowWidth, uint32(e.Width)},
		{xproto.ConfigWindowHeight, uint32(e.Height)},
		{xproto.ConfigWindowBorderWidth, uint32(e.BorderWidth)},
		{xproto.ConfigWindowSibling, uint32(e.Sibling)},
		{xproto.ConfigWindowStackMode, uint32(e.StackMode)},
	} {
		if e.ValueMask&v.bit != 0 {
			values = append(values, v.value)
		}
	}
	xproto.ConfigureWindow(m.conn, e.Window, e.ValueMask, values)
	if w != nil && e.ValueMask&xproto.ConfigWindowStackMode != 0 && e.StackMode == xproto.StackModeAbove {
		m.post(evRaised{w.id})
	}
}

func (m *manager) configured(e xproto.ConfigureNotifyEvent) {
	w := m.windows[e.Window]
	if w == nil {
		return
	}
	r := geom.XYWH(int32(e.X), int32(e.Y), int32(e.Width), int32(e.Height))
	if r == w.rect && e.OverrideRedirect == w.override {
		return
	}
	w.rect, w.override = r, e.OverrideRedirect
	m.post(evMoved{w.id, r, w.override})
}

// mapRequest hands a window to the loop, which answers with cmdMap.
func (m *manager) mapRequest(id xproto.Window) {
	w := m.windows[id]
	if w == nil {
		xproto.MapWindow(m.conn, id)
		return
	}
	m.readProps(w)
	if popupType(w.props.Type) {
		xproto.MapWindow(m.conn, id)
		return
	}
	// Wishes that a program writes before it maps the window.
	w.states = w.props.State
	w.managed = true
	if w.border != 0 {
		xproto.ConfigureWindow(m.conn, id, xproto.ConfigWindowBorderWidth, []uint32{0})
		w.border = 0
	}
	m.post(evMap{id, w.props, w.rect, false})
}

// show does what the loop says about a MapRequest.
func (m *manager) show(c cmdMap) {
	w := m.windows[c.id]
	if w == nil {
		return
	}
	w.mapped = true
	m.setExtents(c.id, c.extents)
	m.set(c.id, m.atoms.of[wmState], m.atoms.of[wmState], 32, packWords([]uint32{1, 0}))
	m.setWords(c.id, netWMDesktop, 0)
	xproto.MapWindow(m.conn, c.id)
	if !slices.Contains(m.order, c.id) {
		m.order = append(m.order, c.id)
		m.stack = append(m.stack, c.id)
		m.tellLists()
	}
}

// mappedNow tells of windows that nobody asks about.
func (m *manager) mappedNow(e xproto.MapNotifyEvent) {
	w := m.windows[e.Window]
	if w == nil || w.managed || e.Event != m.root {
		return
	}
	m.readProps(w)
	w.mapped = true
	m.post(evMap{w.id, w.props, w.rect, true})
}

func (m *manager) unmapped(e xproto.UnmapNotifyEvent) {
	w := m.windows[e.Window]
	if w == nil || e.Event != m.root {
		return
	}
	if w.managed {
		m.set(w.id, m.atoms.of[wmState], m.atoms.of[wmState], 32, packWords([]uint32{0, 0}))
		xproto.DeleteProperty(m.conn, w.id, m.atoms.of[netWMState])
		xproto.DeleteProperty(m.conn, w.id, m.atoms.of[netWMDesktop])
	}
	w.mapped, w.managed, w.known = false, false, false
	m.unlist(w)
	if m.focus == w.id {
		m.focus = 0
	}
	m.post(evUnmapped{w.id})
}

func (m *manager) unlist(w *xwindow) {
	is := func(id xproto.Window) bool { return id == w.id }
	if n := len(m.order); n > 0 {
		m.order = slices.DeleteFunc(m.order, is)
		m.stack = slices.DeleteFunc(m.stack, is)
		if len(m.order) != n {
			m.tellLists()
		}
	}
}

func (m *manager) tellLists() {
	m.setWindows(m.root, netClientList, m.order...)
	m.setWindows(m.root, netClientListStacking, m.stack...)
}

// dirtyProperty is a property to read once the events that wait are handled.
type dirtyProperty struct {
	w    *xwindow
	atom xproto.Atom
}

func (m *manager) propertyChanged(e xproto.PropertyNotifyEvent) {
	if m.transferProperty(e) {
		return
	}
	w := m.windows[e.Window]
	if w == nil || !w.known {
		return
	}
	d := dirtyProperty{w, e.Atom}
	if !slices.Contains(m.dirty, d) {
		m.dirty = append(m.dirty, d)
	}
}

// readDirty reads what has changed, once however often it has.
func (m *manager) readDirty() {
	if len(m.dirty) == 0 {
		return
	}
	dirty := m.dirty
	m.dirty = nil
	changed := map[*xwindow]bool{}
	for _, d := range dirty {
		if m.windows[d.w.id] != d.w || !d.w.known {
			continue
		}
		for i := range reads {
			if r := &reads[i]; m.atomOf(r) == d.atom {
				r.parse(m, &d.w.props, m.fetch(d.w.id, r)())
				changed[d.w] = true
			}
		}
	}
	for w := range changed {
		m.post(evProps{w.id, w.props})
	}
}

// read is a property and what it tells.
type read struct {
	name  name        // unless atom is set
	atom  xproto.Atom // a predefined one
	words uint32      // how much of it is looked at
	parse func(m *manager, p *props, v property)
}

func (m *manager) atomOf(r *read) xproto.Atom {
	if r.atom != 0 {
		return r.atom
	}
	return m.atoms.of[r.name]
}

// textWords is how much of a text is looked at.
const textWords = maxText / 4

// reads are the properties that are followed. Later ones win.
var reads = []read{
	{atom: xproto.AtomWmName, words: textWords, parse: func(m *manager, p *props, v property) {
		if !p.netName {
			p.Title = v.text(v.kind != m.atoms.of[utf8String])
		}
	}},
	{name: netWMName, words: textWords, parse: func(_ *manager, p *props, v property) {
		if p.netName = len(v.value) > 0; p.netName {
			p.Title = v.text(false)
		}
	}},
	{atom: xproto.AtomWmClass, words: textWords, parse: func(_ *manager, p *props, v property) { p.Instance, p.Class = v.class() }},
	{name: wmWindowRole, words: textWords, parse: func(_ *manager, p *props, v property) { p.Role = v.text(true) }},
	{atom: xproto.AtomWmHints, words: 9, parse: func(_ *manager, p *props, v property) { p.Hints = parseHints(v.words()) }},
	{atom: xproto.AtomWmNormalHints, words: 18, parse: func(_ *manager, p *props, v property) { p.Size = parseSizeHints(v.words()) }},
	{atom: xproto.AtomWmTransientFor, words: 1, parse: func(_ *manager, p *props, v property) { p.Transient = v.window() }},
	{name: wmClientLeader, words: 1, parse: func(_ *manager, p *props, v property) { p.Leader = v.window() }},
	{name: motifHints, words: 5, parse: func(_ *manager, p *props, v property) { p.Motif = parseMotif(v.words()) }},
	{name: gtkFrameExtents, words: 4, parse: func(_ *manager, p *props, v property) { p.Shadow = parseExtents(v.words()) }},
	{name: netWMWindowType, words: 32, parse: func(m *manager, p *props, v property) {
		p.Type = windowType(m.atoms.atomsIn(v.words()), p.Transient != 0)
	}},
	{name: netWMState, words: 32, parse: func(m *manager, p *props, v property) { p.State = statesOf(m.atoms.atomsIn(v.words())) }},
	{name: wmProtocols, words: 32, parse: func(m *manager, p *props, v property) {
		p.Delete, p.TakeFocus, p.Ping = false, false, false
		for _, n := range m.atoms.atomsIn(v.words()) {
			p.Delete = p.Delete || n == wmDeleteWindow
			p.TakeFocus = p.TakeFocus || n == wmTakeFocus
			p.Ping = p.Ping || n == netWMPing
		}
	}},
	{name: netWMUserTime, words: 1, parse: func(_ *manager, p *props, v property) {
		w := v.words()
		p.Quiet = len(w) == 1 && w[0] == 0
	}},
	{name: netWMIcon, words: maxIconBytes / 4, parse: func(_ *manager, p *props, v property) { p.Icon = parseIcon(v.words()) }},
	{name: xdndAware, words: 1, parse: func(_ *manager, p *props, v property) {
		p.DND = 0
		if w := v.words(); len(w) > 0 {
			p.DND = byte(min(w[0], xdndVersion))
		}
	}},
}

// window returns a value that names a window.
func (p property) window() xproto.Window {
	if w := p.words(); len(w) > 0 {
		return xproto.Window(w[0])
	}
	return 0
}

// fetch asks for a property and returns how to wait for it.
func (m *manager) fetch(id xproto.Window, r *read) func() property {
	cookie := xproto.GetProperty(m.conn, false, id, m.atomOf(r), xproto.GetPropertyTypeAny, 0, r.words)
	return func() property {
		v, err := cookie.Reply()
		if err != nil || v == nil {
			return property{}
		}
		return property{v.Type, v.Format, v.Value}
	}
}

// readProps reads all that is known of a window.
func (m *manager) readProps(w *xwindow) {
	waits := make([]func() property, len(reads))
	for i := range reads {
		waits[i] = m.fetch(w.id, &reads[i])
	}
	pid := res.QueryClientIds(m.conn, 1, []res.ClientIdSpec{{Client: uint32(w.id), Mask: res.ClientIdMaskLocalClientPID}})
	w.props = props{}
	for i := range reads {
		reads[i].parse(m, &w.props, waits[i]())
	}
	if r, err := pid.Reply(); err == nil {
		for _, id := range r.Ids {
			if id.Spec.Mask&res.ClientIdMaskLocalClientPID != 0 && len(id.Value) > 0 {
				w.props.PID = int32(id.Value[0])
			}
		}
	}
	w.known = true
}

// focusIn undoes what a program does to the focus behind the seat's back. Within
// one program it may move it.
func (m *manager) focusIn(e xproto.FocusInEvent) {
	if e.Mode == xproto.NotifyModeGrab || e.Mode == xproto.NotifyModeUngrab || e.Detail == xproto.NotifyDetailPointer {
		return
	}
	if e.Event == m.focus || m.focus != 0 && m.sameProgram(e.Event, m.focus) {
		return
	}
	if w := m.windows[e.Event]; w != nil && !w.managed && m.focus == 0 {
		return // a launcher; keys come to it only if the seat lets it
	}
	m.setFocus(m.focus)
}

func (m *manager) setFocus(id xproto.Window) {
	w := m.windows[id]
	if w == nil {
		m.focus = 0
		xproto.SetInputFocus(m.conn, xproto.InputFocusNone, xproto.WindowNone, xproto.TimeCurrentTime)
		m.setWindows(m.root, netActiveWindow, xproto.WindowNone)
		return
	}
	// ICCCM 4.1.7: input hint and WM_TAKE_FOCUS make four models.
	m.focus = id
	if w.props.TakeFocus {
		m.protocol(id, wmTakeFocus)
	}
	if !w.props.Hints.NoInput {
		xproto.SetInputFocus(m.conn, xproto.InputFocusPointerRoot, id, xproto.TimeCurrentTime)
	}
	if w.managed {
		m.setWindows(m.root, netActiveWindow, id)
	}
}

// do carries out a command.
func (m *manager) do(c command) {
	switch c := c.(type) {
	case cmdScreen:
		m.setScreen(c.screen, false)
	case cmdMap:
		m.show(c)
	case cmdPlace:
		m.place(c)
	case cmdState:
		m.setState(c)
	case cmdExtents:
		m.setExtents(c.id, c.extents)
	case cmdFocus:
		m.setFocus(c.id)
	case cmdStack:
		m.restack(c.ids)
	case cmdClose:
		m.closeWindow(c)
	default:
		m.doSelection(c)
	}
}

func (m *manager) place(c cmdPlace) {
	w := m.windows[c.id]
	if w == nil {
		return
	}
	r := c.rect
	if r == w.rect {
		if c.tell {
			m.tellPlace(w)
		}
		return
	}
	xproto.ConfigureWindow(m.conn, c.id,
		xproto.ConfigWindowX|xproto.ConfigWindowY|xproto.ConfigWindowWidth|xproto.ConfigWindowHeight,
		[]uint32{uint32(r.X0), uint32(r.Y0), uint32(max(r.W(), 1)), uint32(max(r.H(), 1))})
	w.rect = r
}

// tellPlace is ICCCM's synthetic ConfigureNotify: the answer to a request that
// changes nothing.
func (m *manager) tellPlace(w *xwindow) {
	r := w.rect
	ev := xproto.ConfigureNotifyEvent{
		Event: w.id, Window: w.id, X: int16(r.X0), Y: int16(r.Y0), Width: uint16(r.W()), Height: uint16(r.H()),
	}
	xproto.SendEvent(m.conn, false, w.id, xproto.EventMaskStructureNotify, string(ev.Bytes()))
}

// setState writes what a window is told of itself.
func (m *manager) setState(c cmdState) {
	w := m.windows[c.id]
	if w == nil || !w.managed || c.states == w.states {
		return
	}
	was := w.states
	w.states = c.states
	var list []name
	c.states.each(func(n name) { list = append(list, n) })
	m.setAtoms(c.id, netWMState, list...)
	if hidden := c.states.has(stateHidden); hidden != was.has(stateHidden) {
		state := uint32(1)
		if hidden {
			state = 3
		}
		m.set(c.id, m.atoms.of[wmState], m.atoms.of[wmState], 32, packWords([]uint32{state, 0}))
	}
}

func (m *manager) setExtents(id xproto.Window, e extents) {
	m.setWords(id, netFrameExtents, uint32(e.Left), uint32(e.Right), uint32(e.Top), uint32(e.Bottom))
}

// restack brings the X order of managed windows in line, below those that are
// not managed.
func (m *manager) restack(ids []xproto.Window) {
	ids = slices.DeleteFunc(ids, func(id xproto.Window) bool {
		w := m.windows[id]
		return w == nil || !w.managed
	})
	if slices.Equal(ids, m.stack) {
		return
	}
	for i, id := range ids {
		if i == 0 {
			xproto.ConfigureWindow(m.conn, id, xproto.ConfigWindowStackMode, []uint32{xproto.StackModeBelow})
			continue
		}
		xproto.ConfigureWindow(m.conn, id, xproto.ConfigWindowSibling|xproto.ConfigWindowStackMode,
			[]uint32{uint32(ids[i-1]), xproto.StackModeAbove})
	}
	m.stack = ids
	m.tellLists()
}

// patience is how long a program may take to answer a ping.
const patience = 5 * time.Second

func pingKey(id xproto.Window) string { return fmt.Sprint("ping ", id) }

// closeWindow asks politely, if the program listens.
func (m *manager) closeWindow(c cmdClose) {
	w := m.windows[c.id]
	if w == nil {
		return
	}
	if c.kill || !w.props.Delete {
		xproto.KillClient(m.conn, uint32(c.id))
		return
	}
	m.protocol(c.id, wmDeleteWindow)
	if w.props.Ping {
		m.protocol(c.id, netWMPing, uint32(c.id))
		w.pings++
		m.after(patience, pingKey(c.id), func() {
			if m.windows[c.id] == w {
				m.post(evHung{c.id, true})
			}
		})
	}
}

func (m *manager) pong(id xproto.Window) {
	w := m.windows[id]
	if w == nil || w.pings == 0 {
		return
	}
	w.pings = 0
	m.cancel(pingKey(id))
	m.post(evHung{id, false})
}

// clientMessage serves what programs ask of the window manager.
func (m *manager) clientMessage(e xproto.ClientMessageEvent) {
	n, ok := m.atoms.known(e.Type)
	if !ok || e.Format != 32 {
		return
	}
	d := e.Data.Data32
	switch n {
	case wlSurfaceID:
		m.post(evSurface{id: e.Window, surface: d[0]})
	case wlSurfaceSerial:
		m.post(evSurface{id: e.Window, serial: uint64(d[1])<<32 | uint64(d[0])})
	case wmProtocols:
		if v, _ := m.atoms.known(xproto.Atom(d[0])); v == netWMPing && e.Window == m.root {
			m.pong(xproto.Window(d[2]))
		}
	case netWMState:
		list := m.atoms.atomsIn(d[1:3])
		m.post(evAsksState{e.Window, d[0], statesOf(list)})
	case wmChangeState:
		if d[0] == 3 {
			m.post(evMinimize{e.Window})
		}
	case netActiveWindow:
		m.post(evActivate{id: e.Window, by: xproto.Window(d[2]), user: d[0] == 2})
	case netCloseWindow:
		m.post(evClose{e.Window})
	case netWMMoveResize:
		m.post(evMoveResize{e.Window, d[2]})
	case netMoveResizeWindow:
		mask := uint16(d[0] >> 8 & 0xf)
		m.post(evAsksRect{e.Window, mask, geom.XYWH(int32(d[1]), int32(d[2]), int32(d[3]), int32(d[4]))})
	case netRequestFrameExtents:
		m.setExtents(e.Window, extents{})
	default:
		m.dragMessage(n, e)
	}
}
