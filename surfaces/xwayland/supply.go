package xwayland

import (
	"errors"
	"io"
	"os"

	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"
)

// outward is data on its way from a Wayland program to an X11 program that
// pastes or takes a drop. What fits into one request goes at once; more goes
// piece by piece (INCR), the next when the requestor has deleted the last.
type outward struct {
	n       uint64
	req     xproto.SelectionRequestEvent
	kind    xproto.Atom // of the data
	file    *os.File    // to read from
	whole   []byte      // read so far, until it is clear how much it is
	pieces  bool        // INCR
	ready   bool        // the requestor waits for a piece
	piece   []byte      // to be sent next
	ended   bool        // there is no more
	more    chan struct{}
	stopped bool
}

// gotPiece is what a reader says after each piece.
type gotPiece struct {
	t    *outward
	data []byte
	end  bool
}

func (t *outward) close() {
	if !t.stopped {
		t.stopped = true
		close(t.more)
		t.file.Close()
	}
}

// answer tells a requestor where its data is; property 0 refuses.
func (m *manager) answer(req *xproto.SelectionRequestEvent, property xproto.Atom) {
	ev := xproto.SelectionNotifyEvent{
		Time: req.Time, Requestor: req.Requestor, Selection: req.Selection, Target: req.Target, Property: property,
	}
	xproto.SendEvent(m.conn, false, req.Requestor, 0, string(ev.Bytes()))
}

// requested serves an X11 program that wants what a Wayland program has. It is
// let only while a window of X11 has the keyboard, or the drag is over one.
func (m *manager) requested(req xproto.SelectionRequestEvent) {
	i, s := m.selectionOf(req.Selection)
	if s == nil {
		m.answer(&req, 0)
		return
	}
	if req.Property == 0 {
		req.Property = req.Target // programs older than ICCCM
	}
	if !s.mine || req.Owner != s.window || !m.mayRead(i) {
		m.answer(&req, 0)
		return
	}
	switch req.Target {
	case m.atoms.of[targets]:
		list := []uint32{uint32(m.atoms.of[targets]), uint32(m.atoms.of[timestamp])}
		for _, o := range s.offers {
			list = append(list, uint32(o.atom))
		}
		m.set(req.Requestor, req.Property, xproto.AtomAtom, 32, packWords(list))
		m.answer(&req, req.Property)
	case m.atoms.of[timestamp]:
		m.set(req.Requestor, req.Property, xproto.AtomInteger, 32, packWords([]uint32{uint32(s.since)}))
		m.answer(&req, req.Property)
	default:
		for _, o := range s.offers {
			if o.atom == req.Target {
				m.supply(i, o, req)
				return
			}
		}
		m.answer(&req, 0)
	}
}

func (m *manager) mayRead(i which) bool {
	if i == selDrag {
		return m.dragOut.target != 0
	}
	return m.focus != 0
}

// supply starts to read what the Wayland program writes.
func (m *manager) supply(i which, o offer, req xproto.SelectionRequestEvent) {
	var p [2]int
	if len(m.outward) >= maxTransfers || unix.Pipe2(p[:], unix.O_CLOEXEC) != nil {
		m.answer(&req, 0)
		return
	}
	if err := unix.SetNonblock(p[0], true); err != nil {
		_ = unix.Close(p[0])
		_ = unix.Close(p[1])
		m.answer(&req, 0)
		return
	}
	m.transfers++
	t := &outward{n: m.transfers, req: req, kind: o.atom, file: pollable(p[0], "copy"), more: make(chan struct{}, 1)}
	m.outward = append(m.outward, t)
	xproto.ChangeWindowAttributes(m.conn, req.Requestor, xproto.CwEventMask, []uint32{m.maskFor(req.Requestor)})
	go func() {
		for range t.more {
			b := make([]byte, chunkSize)
			n, err := io.ReadFull(t.file, b)
			m.incoming.put(gotPiece{t, b[:n], err != nil})
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
				return
			}
		}
	}()
	t.more <- struct{}{}
	m.supplied(t)
	m.post(evWants{i, o.mime, p[1]})
}

// maskFor is what the manager listens to on a window.
func (m *manager) maskFor(id xproto.Window) uint32 {
	mask := uint32(xproto.EventMaskPropertyChange | xproto.EventMaskStructureNotify)
	if m.windows[id] != nil {
		mask |= xproto.EventMaskFocusChange
	}
	return mask
}

// supplied starts the clock anew.
func (m *manager) supplied(t *outward) {
	m.after(stall, transferKey(t.n), func() { m.endSupply(t, false) })
}

func (m *manager) endSupply(t *outward, ok bool) {
	for i, o := range m.outward {
		if o == t {
			m.outward = append(m.outward[:i], m.outward[i+1:]...)
			m.cancel(transferKey(t.n))
			t.close()
			if !ok && !t.pieces {
				m.answer(&t.req, 0)
			}
			return
		}
	}
}

// gotPiece: the Wayland program has written something.
func (m *manager) gotPiece(e gotPiece) {
	t := e.t
	if t.stopped {
		return
	}
	m.supplied(t)
	t.ended = t.ended || e.end
	if t.pieces {
		t.piece = e.data
		m.sendPiece(t)
		return
	}
	t.whole = append(t.whole, e.data...)
	switch {
	case t.ended:
		m.set(t.req.Requestor, t.req.Property, t.kind, 8, t.whole)
		m.answer(&t.req, t.req.Property)
		m.endSupply(t, true)
	case len(t.whole) > maxWhole-chunkSize:
		t.pieces, t.piece, t.whole = true, t.whole, nil
		m.set(t.req.Requestor, t.req.Property, m.atoms.of[incr], 32, packWords([]uint32{uint32(len(t.piece))}))
		m.answer(&t.req, t.req.Property)
	default:
		t.more <- struct{}{}
	}
}

// sendPiece sends what is there once the requestor waits for it; an empty one
// ends.
func (m *manager) sendPiece(t *outward) {
	if !t.ready || len(t.piece) == 0 && !t.ended {
		return
	}
	t.ready = false
	piece := t.piece
	t.piece = nil
	m.set(t.req.Requestor, t.req.Property, t.kind, 8, piece)
	switch {
	case len(piece) == 0:
		m.endSupply(t, true)
	case !t.ended:
		t.more <- struct{}{}
	}
}

// transferProperty looks whether a property is of a transfer.
func (m *manager) transferProperty(e xproto.PropertyNotifyEvent) bool {
	if e.State == xproto.PropertyDelete {
		for _, t := range m.outward {
			if t.pieces && t.req.Requestor == e.Window && t.req.Property == e.Atom {
				m.supplied(t)
				t.ready = true
				m.sendPiece(t)
				return true
			}
		}
	}
	return m.received(e)
}

// requestorGone ends the transfers to a window.
func (m *manager) requestorGone(id xproto.Window) {
	for i := len(m.outward) - 1; i >= 0; i-- {
		if i < len(m.outward) && m.outward[i].req.Requestor == id {
			m.endSupply(m.outward[i], true)
		}
	}
}
