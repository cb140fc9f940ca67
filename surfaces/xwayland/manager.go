package xwayland

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/composite"
	"github.com/jezek/xgb/res"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

func init() {
	// The library logs what its users can't know otherwise by a global.
	xgb.Logger = log.New(io.Discard, "", 0)
}

// manager is the X11 client that manages windows and selections. All but send
// belongs to its own goroutine.
type manager struct {
	conn   *xgb.Conn
	post   func(event) // to the loop; never blocks
	log    *slog.Logger
	screen screen
	idle   time.Duration

	commands *mailbox[command]
	incoming *mailbox[any] // xgb.Event and xgb.Error
	overrun  chan struct{} // closed when incoming is too long
	gone     chan struct{} // closed when the connection has ended
	timer    *time.Timer   // the next of wakeups
	wakeups  []wakeup

	atoms   *atoms
	root    xproto.Window
	check   xproto.Window // _NET_SUPPORTING_WM_CHECK
	base    uint32        // of our resource ids
	mask    uint32
	now     xproto.Timestamp
	windows map[xproto.Window]*xwindow
	order   []xproto.Window // managed, oldest first
	stack   []xproto.Window // managed, bottom to top
	focus   xproto.Window   // that was given the focus last, 0 for none
	dirty   []dirtyProperty
	quiet   bool // nobody is connected, and the loop knows

	selections [selCount]selection
	atomNames  map[xproto.Atom]string
	inward     map[xproto.Window]*inward
	outward    []*outward
	transfers  uint64 // counted
	dragOut    dragOut
	dragIn     dragIn

	settings xproto.Window // owner of XSETTINGS
	serial   uint32        // of XSETTINGS
}

// maxEvents bounds what may wait to be handled.
const maxEvents = 1 << 18

// newManager takes over a socket to the X server and starts to serve it.
func newManager(f *os.File, sc screen, idle time.Duration, log *slog.Logger, post func(event)) *manager {
	m := &manager{
		post: post, log: log, screen: sc, idle: idle,
		commands: newMailbox[command](), incoming: newMailbox[any](),
		overrun: make(chan struct{}), gone: make(chan struct{}),
		windows: map[xproto.Window]*xwindow{}, atomNames: map[xproto.Atom]string{},
		inward: map[xproto.Window]*inward{}, timer: time.NewTimer(time.Hour),
	}
	m.timer.Stop()
	go m.run(f)
	return m
}

// send gives the manager something to do. It never blocks.
func (m *manager) send(c command) { m.commands.put(c) }

// run is the goroutine.
func (m *manager) run(f *os.File) {
	err := m.serve(f)
	if m.conn != nil {
		m.conn.Close()
	}
	m.endTransfers()
	m.post(evFailed{err})
}

func (m *manager) serve(f *os.File) error {
	nc, err := net.FileConn(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("socket to the X server: %w", err)
	}
	if m.conn, err = xgb.NewConnNet(nc); err != nil {
		nc.Close()
		return fmt.Errorf("connection to the X server: %w", err)
	}
	if err := m.setUp(); err != nil {
		return err
	}
	go m.pump()
	m.post(evReady{})
	m.checkIdle()
	for {
		select {
		case <-m.commands.ready:
		case <-m.incoming.ready:
		case <-m.timer.C:
		case <-m.overrun:
			return errors.New("X11 events come faster than they can be handled")
		case <-m.gone:
			return nil
		}
		for _, c := range m.commands.take() {
			if _, quit := c.(cmdQuit); quit {
				return nil
			}
			m.do(c)
		}
		for _, e := range m.incoming.take() {
			m.handle(e)
		}
		m.readDirty()
		m.wake()
	}
}

// pump keeps the library's queue empty: a full one would stop replies.
func (m *manager) pump() {
	defer close(m.gone)
	for {
		ev, err := m.conn.WaitForEvent()
		var v any = ev
		if ev == nil {
			if err == nil {
				return
			}
			v = err
		}
		if m.incoming.put(v) > maxEvents {
			close(m.overrun)
			return
		}
	}
}

// setUp makes root and properties complete before it takes WM_S0: the X server
// serves nobody else until then.
func (m *manager) setUp() error {
	c := m.conn
	setup := xproto.Setup(c)
	m.root = setup.DefaultScreen(c).Root
	m.base, m.mask = setup.ResourceIdBase, setup.ResourceIdMask
	for _, init := range []func(*xgb.Conn) error{composite.Init, xfixes.Init, res.Init} {
		if err := init(c); err != nil {
			return fmt.Errorf("extension of the X server: %w", err)
		}
	}
	if _, err := composite.QueryVersion(c, 0, 4).Reply(); err != nil {
		return fmt.Errorf("composite: %w", err)
	}
	if _, err := xfixes.QueryVersion(c, 5, 0).Reply(); err != nil {
		return fmt.Errorf("xfixes: %w", err)
	}
	if _, err := res.QueryVersion(c, 1, 2).Reply(); err != nil {
		return fmt.Errorf("x-resource: %w", err)
	}
	var err error
	if m.atoms, err = internAtoms(c); err != nil {
		return err
	}
	const events = xproto.EventMaskSubstructureRedirect | xproto.EventMaskSubstructureNotify | xproto.EventMaskPropertyChange
	if err := xproto.ChangeWindowAttributesChecked(c, m.root, xproto.CwEventMask, []uint32{events}).Check(); err != nil {
		return fmt.Errorf("another window manager has the X server: %w", err)
	}
	composite.RedirectSubwindows(c, m.root, composite.RedirectManual)
	if m.check, err = m.newWindow(xproto.WindowClassInputOnly, geom.Rect{X0: -1, Y0: -1}, 0); err != nil {
		return err
	}
	m.describeSelf()
	m.setScreen(m.screen, true)
	if err := m.setUpSelections(); err != nil {
		return err
	}
	xproto.SetInputFocus(c, xproto.InputFocusNone, xproto.WindowNone, xproto.TimeCurrentTime)
	xproto.SetSelectionOwner(c, m.check, m.atoms.of[netWMCMS0], xproto.TimeCurrentTime)
	xproto.SetSelectionOwner(c, m.check, m.atoms.of[wmS0], xproto.TimeCurrentTime)
	if err := m.setUpDrags(); err != nil {
		return err
	}
	_, err = xproto.GetInputFocus(c).Reply() // all of it has been done
	return err
}

// newWindow makes a window of the manager's own, not mapped.
func (m *manager) newWindow(class uint16, r geom.Rect, events uint32) (xproto.Window, error) {
	id, err := xproto.NewWindowId(m.conn)
	if err != nil {
		return 0, fmt.Errorf("window id: %w", err)
	}
	xproto.CreateWindow(m.conn, 0, id, m.root, int16(r.X0), int16(r.Y0), uint16(max(r.W(), 1)), uint16(max(r.H(), 1)), 0,
		class, 0, xproto.CwOverrideRedirect|xproto.CwEventMask, []uint32{1, events})
	return id, nil
}

// ours reports whether a window is the manager's own.
func (m *manager) ours(id xproto.Window) bool { return uint32(id)&^m.mask == m.base }

// sameProgram reports whether two windows belong to one connection.
func (m *manager) sameProgram(a, b xproto.Window) bool {
	return uint32(a)&^m.mask == uint32(b)&^m.mask
}

// supported is what programs may count on.
var supported = []name{
	netSupported, netSupportingWMCheck, netWMName, netWMPID, netWMIcon, netWMPing, netWMUserTime, netFrameExtents,
	netRequestFrameExtents, netClientList, netClientListStacking, netActiveWindow, netCloseWindow, netWMMoveResize,
	netMoveResizeWindow, netWorkarea, netDesktopGeometry, netDesktopViewport, netNumberOfDesktops, netCurrentDesktop,
	netWMState, stateModal, stateMaxVert, stateMaxHorz, stateHidden, stateFullscreen, stateAbove, stateAttention, stateFocused,
	netWMWindowType, typeDesktop, typeDock, typeToolbar, typeMenu, typeUtility, typeSplash, typeDialog, typeDropdownMenu,
	typePopupMenu, typeTooltip, typeNotification, typeCombo, typeDND, typeNormal, gtkFrameExtents,
}

func (m *manager) describeSelf() {
	const called = "RayOS"
	for _, w := range []xproto.Window{m.root, m.check} {
		m.setWindows(w, netSupportingWMCheck, m.check)
	}
	m.setText(m.check, netWMName, called)
	m.setText(m.root, netWMName, called)
	m.setAtoms(m.root, netSupported, supported...)
	m.setWords(m.root, netNumberOfDesktops, 1)
	m.setWords(m.root, netCurrentDesktop, 0)
	m.setWords(m.root, netDesktopViewport, 0, 0)
	m.setWindows(m.root, netClientList)
	m.setWindows(m.root, netClientListStacking)
	m.setWindows(m.root, netActiveWindow, xproto.WindowNone)
}

// Setters of properties.

func (m *manager) set(w xproto.Window, prop, kind xproto.Atom, format byte, value []byte) {
	xproto.ChangeProperty(m.conn, xproto.PropModeReplace, w, prop, kind, format, uint32(len(value))/uint32(format/8), value)
}

func packWords(values []uint32) []byte {
	b := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(b[4*i:], v)
	}
	return b
}

func (m *manager) setWords(w xproto.Window, n name, values ...uint32) {
	m.set(w, m.atoms.of[n], xproto.AtomCardinal, 32, packWords(values))
}

func (m *manager) setAtoms(w xproto.Window, n name, list ...name) {
	values := make([]uint32, len(list))
	for i, a := range list {
		values[i] = uint32(m.atoms.of[a])
	}
	m.set(w, m.atoms.of[n], xproto.AtomAtom, 32, packWords(values))
}

func (m *manager) setWindows(w xproto.Window, n name, list ...xproto.Window) {
	values := make([]uint32, len(list))
	for i, id := range list {
		values[i] = uint32(id)
	}
	m.set(w, m.atoms.of[n], xproto.AtomWindow, 32, packWords(values))
}

func (m *manager) setText(w xproto.Window, n name, s string) {
	m.set(w, m.atoms.of[n], m.atoms.of[utf8String], 8, []byte(s))
}

// message sends a ClientMessage.
func (m *manager) message(to xproto.Window, mask uint32, about xproto.Window, kind xproto.Atom, data ...uint32) {
	var words [5]uint32
	copy(words[:], data)
	ev := xproto.ClientMessageEvent{Format: 32, Window: about, Type: kind, Data: xproto.ClientMessageDataUnionData32New(words[:])}
	xproto.SendEvent(m.conn, false, to, mask, string(ev.Bytes()))
}

// protocol sends a WM_PROTOCOLS message.
func (m *manager) protocol(id xproto.Window, n name, data ...uint32) {
	words := append([]uint32{uint32(m.atoms.of[n]), uint32(m.time())}, data...)
	m.message(id, 0, id, m.atoms.of[wmProtocols], words...)
}

// time is that of the last event: programs compare it with their own.
func (m *manager) time() xproto.Timestamp { return m.now }

// checkIdle looks whether a program is connected. Windows say so without
// asking; without any, the X server is asked now and then.
func (m *manager) checkIdle() {
	if len(m.windows) > 0 || m.quiet {
		return
	}
	m.after(m.idle, "idle", func() {
		if len(m.windows) > 0 {
			return
		}
		r, err := res.QueryClients(m.conn).Reply()
		if err != nil {
			return
		}
		for _, c := range r.Clients {
			// The server itself owns id 0.
			if base := c.ResourceBase &^ m.mask; base != 0 && base != m.base&^m.mask {
				m.checkIdle()
				return
			}
		}
		m.quiet = true
		m.post(evIdle{})
	})
}

// wakeup is something to do later.
type wakeup struct {
	at  time.Time
	key string
	fn  func()
}

// after calls fn once after a time, in place of what was to be called under the
// same key.
func (m *manager) after(d time.Duration, key string, fn func()) {
	m.cancel(key)
	m.wakeups = append(m.wakeups, wakeup{time.Now().Add(d), key, fn})
	m.arm()
}

func (m *manager) cancel(key string) {
	for i := range m.wakeups {
		if m.wakeups[i].key == key {
			m.wakeups = append(m.wakeups[:i], m.wakeups[i+1:]...)
			return
		}
	}
}

func (m *manager) arm() {
	m.timer.Stop()
	var first time.Time
	for i := range m.wakeups {
		if at := m.wakeups[i].at; first.IsZero() || at.Before(first) {
			first = at
		}
	}
	if !first.IsZero() {
		m.timer.Reset(time.Until(first))
	}
}

// wake calls what is due.
func (m *manager) wake() {
	now := time.Now()
	for {
		i := 0
		for i < len(m.wakeups) && m.wakeups[i].at.After(now) {
			i++
		}
		if i == len(m.wakeups) {
			break
		}
		fn := m.wakeups[i].fn
		m.wakeups = append(m.wakeups[:i], m.wakeups[i+1:]...)
		fn()
	}
	if len(m.wakeups) > 0 {
		m.arm()
	}
}
