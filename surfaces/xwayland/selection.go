package xwayland

import (
	"fmt"
	"os"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

// which names a selection.
type which uint8

const (
	selClipboard which = iota
	selPrimary
	selDrag
	selCount
)

// selection is the manager's record of one: either an X11 program has it, or
// the manager on behalf of a Wayland program, or nobody.
type selection struct {
	atom   xproto.Atom
	window xproto.Window // that owns it for Wayland, and asks X11 owners
	mine   bool          // the manager owns it
	since  xproto.Timestamp
	offers []offer       // what it can be had as
	owner  xproto.Window // an X11 program's, 0 without
}

// offer is a type with the atom that it is.
type offer struct {
	typed
	atom xproto.Atom
}

type (
	// evSelection: an X11 program has a selection, as these types; none when
	// it gave it up.
	evSelection struct {
		sel   which
		mimes []string
	}
	// evWants: an X11 program wants data of a Wayland program. fd is the end
	// to write to, and the loop's from here on.
	evWants struct {
		sel  which
		mime string
		fd   int
	}

	// cmdOffer says what a Wayland program's selection can be had as; nothing
	// when there is none.
	cmdOffer struct {
		sel   which
		mimes []string
	}
	// cmdReceive writes data of an X11 program into fd, which is the
	// manager's from here on.
	cmdReceive struct {
		sel  which
		mime string
		fd   int
	}
)

func (evSelection) isEvent()  {}
func (evWants) isEvent()      {}
func (cmdOffer) isCommand()   {}
func (cmdReceive) isCommand() {}

// Limits of transfers.
const (
	maxTransfers = 32               // each way
	chunkSize    = 64 << 10         // of a transfer in pieces
	maxWhole     = 224 << 10        // of one request; the X server takes 256 KiB
	stall        = 30 * time.Second // without progress ends a transfer
)

func (m *manager) setUpSelections() error {
	for i, atom := range []xproto.Atom{selClipboard: m.atoms.of[clipboard], selPrimary: xproto.AtomPrimary, selDrag: m.atoms.of[xdndSelection]} {
		s := &m.selections[i]
		s.atom = atom
		var err error
		if s.window, err = m.newWindow(xproto.WindowClassInputOnly, geom.Rect{X0: -1, Y0: -1}, xproto.EventMaskPropertyChange); err != nil {
			return err
		}
		const mask = xfixes.SelectionEventMaskSetSelectionOwner | xfixes.SelectionEventMaskSelectionWindowDestroy |
			xfixes.SelectionEventMaskSelectionClientClose
		xfixes.SelectSelectionInput(m.conn, s.window, s.atom, mask)
	}
	return nil
}

// selectionEvent serves events of selections, from the X server and from
// transfers.
func (m *manager) selectionEvent(e xgb.Event) {
	switch e := e.(type) {
	case xfixes.SelectionNotifyEvent:
		m.ownerChanged(e)
	case xproto.SelectionRequestEvent:
		m.requested(e)
	case xproto.SelectionNotifyEvent:
		m.converted(e)
	}
}

func (m *manager) selectionOf(atom xproto.Atom) (which, *selection) {
	for i := range m.selections {
		if m.selections[i].atom == atom {
			return which(i), &m.selections[i]
		}
	}
	return 0, nil
}

// ownerChanged asks a new owner what it has.
func (m *manager) ownerChanged(e xfixes.SelectionNotifyEvent) {
	i, s := m.selectionOf(e.Selection)
	if s == nil {
		return
	}
	if e.Owner == s.window {
		s.since, s.mine, s.owner = e.Timestamp, true, 0
		return
	}
	s.mine = false
	had := s.owner != 0
	if s.owner = e.Owner; s.owner == 0 {
		if had {
			s.offers = nil
			m.post(evSelection{sel: i})
		}
		return
	}
	if i == selDrag {
		m.dragOwned(e.Owner)
		return
	}
	xproto.ConvertSelection(m.conn, s.window, s.atom, m.atoms.of[targets], m.atoms.of[selectionData], e.Timestamp)
}

// converted: an owner has answered.
func (m *manager) converted(e xproto.SelectionNotifyEvent) {
	if t := m.inward[e.Requestor]; t != nil {
		m.startReceiving(t, e.Property != 0)
		return
	}
	i, s := m.selectionOf(e.Selection)
	if s == nil || e.Requestor != s.window || e.Target != m.atoms.of[targets] || s.mine {
		return
	}
	var mimes []string
	if e.Property != 0 {
		r, err := xproto.GetProperty(m.conn, true, s.window, e.Property, xproto.GetPropertyTypeAny, 0, 4*maxTypes).Reply()
		if err == nil && r.Format == 32 {
			s.offers = m.offersOf(property{format: 32, value: r.Value}.words())
			for _, o := range s.offers {
				mimes = append(mimes, o.mime)
			}
		}
	}
	m.post(evSelection{sel: i, mimes: mimes})
}

// offersOf turns targets into types.
func (m *manager) offersOf(atoms []uint32) []offer {
	byName := map[string]xproto.Atom{}
	var list []string
	for _, a := range atoms {
		if n := m.atomName(xproto.Atom(a)); n != "" {
			byName[n] = xproto.Atom(a)
			list = append(list, n)
		}
	}
	var out []offer
	for _, t := range fromTargets(list) {
		out = append(out, offer{t, byName[t.target]})
	}
	return out
}

// maxAtomNames bounds what is remembered of others' atoms.
const maxAtomNames = 4096

func (m *manager) atomName(a xproto.Atom) string {
	if n, ok := m.atoms.known(a); ok {
		return names[n]
	}
	if n, ok := m.atomNames[a]; ok {
		return n
	}
	if a == 0 {
		return ""
	}
	r, err := xproto.GetAtomName(m.conn, a).Reply()
	if err != nil {
		return ""
	}
	if len(m.atomNames) < maxAtomNames {
		m.atomNames[a] = r.Name
	}
	return r.Name
}

// atomFor interns a name.
func (m *manager) atomFor(n string) xproto.Atom {
	r, err := xproto.InternAtom(m.conn, false, uint16(len(n)), n).Reply()
	if err != nil {
		return 0
	}
	return r.Atom
}

// offer takes a selection on behalf of a Wayland program, or gives it up.
func (m *manager) offer(c cmdOffer) {
	s := &m.selections[c.sel]
	if len(c.mimes) == 0 {
		if s.mine {
			s.mine, s.offers = false, nil
			xproto.SetSelectionOwner(m.conn, xproto.WindowNone, s.atom, xproto.TimeCurrentTime)
		}
		return
	}
	s.offers = s.offers[:0:0]
	for _, t := range toTargets(c.mimes) {
		if a := m.atomFor(t.target); a != 0 {
			s.offers = append(s.offers, offer{t, a})
		}
	}
	s.mine, s.owner = true, 0
	xproto.SetSelectionOwner(m.conn, s.window, s.atom, xproto.TimeCurrentTime)
}

// doSelection carries out commands about selections.
func (m *manager) doSelection(c command) {
	switch c := c.(type) {
	case cmdOffer:
		m.offer(c)
	case cmdReceive:
		m.receive(c)
	default:
		m.doDrag(c)
	}
}

// transferKey names the deadline of a transfer.
func transferKey(n uint64) string { return fmt.Sprint("transfer ", n) }

// endTransfers ends all, as the connection does.
func (m *manager) endTransfers() {
	for _, t := range m.inward {
		t.file.Close()
	}
	for _, t := range m.outward {
		t.close()
	}
}

// pollable makes a file of a descriptor whose reads and writes end when it is
// closed.
func pollable(fd int, name string) *os.File { return os.NewFile(uintptr(fd), name) }
