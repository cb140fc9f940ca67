package xwayland

import (
	"os"

	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"

	"rayos/geom"
)

// inward is data on its way from an X11 program into a Wayland program's pipe.
// Each has a window of its own, which the owner of the selection writes a
// property of: the data, or INCR and then piece after piece, the next one when
// the last was deleted.
type inward struct {
	n       uint64
	window  xproto.Window
	file    *os.File
	pieces  bool   // INCR
	fresh   bool   // a piece is there to be read
	busy    bool   // a piece is being written
	offset  uint32 // into a property that is read in several steps, in words
	left    bool   // of which there is more
	started bool
	chunks  chan []byte // to the writer
}

// wrote is what a writer says after each piece.
type wrote struct {
	t   *inward
	err error
}

// receive asks the owner of a selection for its data.
func (m *manager) receive(c cmdReceive) {
	if err := unix.SetNonblock(c.fd, true); err != nil {
		_ = unix.Close(c.fd)
		return
	}
	f := pollable(c.fd, "paste")
	s := &m.selections[c.sel]
	var target xproto.Atom
	for _, o := range s.offers {
		if o.mime == c.mime {
			target = o.atom
		}
	}
	if s.owner == 0 || target == 0 || len(m.inward) >= maxTransfers {
		f.Close()
		return
	}
	id, err := m.newWindow(xproto.WindowClassInputOnly, geom.Rect{X0: -1, Y0: -1}, xproto.EventMaskPropertyChange)
	if err != nil {
		f.Close()
		return
	}
	m.transfers++
	t := &inward{n: m.transfers, window: id, file: f, chunks: make(chan []byte, 1)}
	m.inward[id] = t
	go func() {
		for b := range t.chunks {
			_, err := f.Write(b)
			m.incoming.put(wrote{t, err})
		}
	}()
	m.progress(t)
	xproto.ConvertSelection(m.conn, id, s.atom, target, m.atoms.of[selectionData], m.time())
}

// progress starts the clock anew.
func (m *manager) progress(t *inward) {
	m.after(stall, transferKey(t.n), func() { m.endReceiving(t) })
}

func (m *manager) endReceiving(t *inward) {
	if m.inward[t.window] != t {
		return
	}
	delete(m.inward, t.window)
	m.cancel(transferKey(t.n))
	close(t.chunks)
	t.file.Close()
	xproto.DestroyWindow(m.conn, t.window)
}

// startReceiving: the owner has answered.
func (m *manager) startReceiving(t *inward, ok bool) {
	if !ok || t.started {
		m.endReceiving(t)
		return
	}
	t.started = true
	m.readPiece(t)
}

// readPiece reads what the property holds, up to a chunk, and hands it to the
// writer.
func (m *manager) readPiece(t *inward) {
	prop := m.atoms.of[selectionData]
	r, err := xproto.GetProperty(m.conn, true, t.window, prop, xproto.GetPropertyTypeAny, t.offset, chunkSize/4).Reply()
	if err != nil || r.Format != 0 && r.Format != 8 && r.Format != 16 && r.Format != 32 {
		m.endReceiving(t)
		return
	}
	if r.Type == m.atoms.of[incr] && !t.pieces {
		t.pieces = true // it was deleted, which asks for the first
		return
	}
	t.left = r.BytesAfter > 0
	if t.offset += uint32(len(r.Value)) / 4; !t.left {
		t.offset = 0
	}
	if len(r.Value) == 0 {
		m.endReceiving(t)
		return
	}
	t.busy = true
	t.chunks <- r.Value
}

// wrote: the reader of the pipe has taken a piece.
func (m *manager) wrote(e wrote) {
	t := e.t
	if m.inward[t.window] != t {
		return
	}
	t.busy = false
	if e.err != nil {
		m.endReceiving(t)
		return
	}
	m.progress(t)
	switch {
	case t.left, t.fresh:
		t.fresh = false
		m.readPiece(t)
	case !t.pieces:
		m.endReceiving(t)
	}
}

// received: a property of a transfer's window has changed. It reports whether
// the event is of one.
func (m *manager) received(e xproto.PropertyNotifyEvent) bool {
	t := m.inward[e.Window]
	if t == nil {
		return false
	}
	if t.pieces && e.State == xproto.PropertyNewValue && e.Atom == m.atoms.of[selectionData] {
		if t.busy {
			t.fresh = true
		} else {
			m.readPiece(t)
		}
	}
	return true
}
