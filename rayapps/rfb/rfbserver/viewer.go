package rfbserver

import (
	"encoding/binary"
	"errors"
	"net"
	"sync"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// underWay is how many fences a viewer that answers them is sent before it does. One
// follows a picture once so many bytes have gone: small ones are not worth an answer
// each, and what they add to the time that pictures are under way is as small.
const (
	underWay   = 2
	fenceAfter = 16 << 10
)

// Viewer is somebody who looks.
type Viewer struct {
	srv  *Server
	conn net.Conn
	from string
	seat Seat

	wake chan struct{} // something may be to be sent

	mu       sync.Mutex
	err      error // why it ends
	size     geom.Size
	knows    map[rfb.Encoding]bool
	kind     rfb.Encoding // of pixels
	quality  int
	format   *format
	lacks    geom.Region           // what it hasn't been sent
	copy     *move                 // that comes before that
	asked    bool                  // for a picture
	all      bool                  // pictures are sent unasked
	resizing bool                  // the next size is what the viewer wants
	desktop  []desktop             // sizes to tell
	told     map[rfb.Encoding]bool // what we can
	flying   int                   // fences that were not answered
	cursor   []byte                // a rectangle to be sent, nil for none
	pointer  rfb.Cursor            // that it is of
	led      int                   // to be told, -1 for none
	messages []byte
	actions  uint32 // of the clipboard that the viewer takes, 0 without the extension
	clip     rfb.Clip
}

// desktop is a size to tell, and why.
type desktop struct {
	size           geom.Size
	reason, status uint16
}

// Reasons for a size.
const (
	byServer = iota
	byViewer
	byOther
)

// From says where a viewer is.
func (v *Viewer) From() string { return v.from }

// end makes Serve return, with the first reason there was.
func (v *Viewer) end(err error) {
	v.mu.Lock()
	if v.err == nil {
		v.err = err
	}
	conn := v.conn
	v.mu.Unlock()
	_ = conn.Close() // what was said first is what is told
	v.poke()
}

func (v *Viewer) poke() {
	select {
	case v.wake <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// begin makes all of the screen news. The screen is locked.
func (v *Viewer) begin(s geom.Size) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.size = s
	v.lacks.SetRect(s.Rect())
}

// damaged notes what a viewer lacks. The screen is locked.
func (v *Viewer) damaged(d *geom.Region) {
	v.mu.Lock()
	v.lacks.Union(d)
	v.lacks.Simplify(damageRects)
	v.mu.Unlock()
	v.poke()
}

// moved notes damage, a part of which is what the viewer has elsewhere. The screen is
// locked.
func (v *Viewer) moved(m move, d *geom.Region) {
	v.mu.Lock()
	if v.copy == nil && v.knows[rfb.CopyRect] && !v.lacks.Overlaps(m.source()) {
		v.copy = &m
		v.lacks.Union(d)
		v.lacks.SubtractRect(m.to)
	} else {
		v.lacks.Union(d)
	}
	v.lacks.Simplify(damageRects)
	v.mu.Unlock()
	v.poke()
}

// resized makes the screen another. It is locked.
func (v *Viewer) resized(s geom.Size) {
	v.mu.Lock()
	v.size, v.copy = s, nil
	v.lacks.SetRect(s.Rect())
	follows := v.knows[rfb.PseudoExtendedDesktopSize] || v.knows[rfb.PseudoDesktopSize]
	d := desktop{size: s, reason: byServer}
	if v.resizing {
		d.reason, v.resizing = byViewer, false
	}
	v.desktop = append(v.desktop, d)
	v.mu.Unlock()
	if !follows {
		v.end(errors.New("the screen has another size now, which the viewer can't follow"))
		return
	}
	v.poke()
}

// Bell rings the viewer's.
func (v *Viewer) Bell() { v.send([]byte{2}) }

// SetLED tells of the lights of the viewer's keyboard.
func (v *Viewer) SetLED(l rfb.LED) {
	v.mu.Lock()
	v.led = int(l)
	v.mu.Unlock()
	v.poke()
}

// SetCursor makes the viewer's pointer look so. The picture is borrowed.
func (v *Viewer) SetCursor(c rfb.Cursor) error {
	if c.Size.W < 0 || c.Size.H < 0 || c.Size.W > maxCursor || c.Size.H > maxCursor || len(c.Pix) < 4*int(c.Size.W)*int(c.Size.H) {
		return errors.New("rfbserver: a cursor that can't be")
	}
	c.Pix = append([]byte(nil), c.Pix...)
	v.mu.Lock()
	v.pointer = c
	v.cursor = v.cursorRect()
	v.mu.Unlock()
	v.poke()
	return nil
}

// send queues a message that isn't a picture.
func (v *Viewer) send(p []byte) {
	v.mu.Lock()
	v.messages = append(v.messages, p...)
	full := len(v.messages) > maxQueued
	v.mu.Unlock()
	if full {
		v.end(errors.New("the viewer doesn't read"))
		return
	}
	v.poke()
}

// run sends until the connection ends.
func (v *Viewer) run() {
	e := encoder{quality: -1}
	out := writerOf(v.conn)
	var b []byte
	for range v.wake {
		for {
			var err error
			if b, err = v.next(b[:0], &e); err == nil && len(b) > 0 {
				_, err = out.Write(b)
			}
			if err != nil {
				v.end(err)
				return
			}
			if len(b) == 0 {
				break
			}
		}
	}
}

// next appends what is to be sent now.
func (v *Viewer) next(b []byte, e *encoder) ([]byte, error) {
	screen := v.srv.screen
	screen.mu.RLock() // what a viewer lacks belongs to these pixels
	defer screen.mu.RUnlock()
	v.mu.Lock()
	if v.err != nil {
		v.mu.Unlock()
		return b, v.err
	}
	b = append(b, v.messages...)
	v.messages = v.messages[:0]
	if !v.asked && !v.all || v.flying >= underWay {
		v.mu.Unlock()
		return b, nil
	}
	at := len(b)
	b, count := v.news(append(b, 0, 0, 0, 0))
	lacks := &e.lacks
	lacks.Clear()
	if len(v.desktop) == 0 { // pixels of another size come by themselves
		if m := v.copy; m != nil {
			b = head(b, m.to, rfb.CopyRect)
			b = binary.BigEndian.AppendUint16(b, uint16(m.from.X))
			b = binary.BigEndian.AppendUint16(b, uint16(m.from.Y))
			count++
			v.copy = nil
		}
		lacks.Set(&v.lacks)
		v.lacks.Clear()
	}
	v.desktop = v.desktop[:0]
	if count == 0 && lacks.Empty() {
		v.mu.Unlock()
		if v.srv.o.Hungry != nil {
			v.srv.o.Hungry()
		}
		return b[:at], nil
	}
	e.format, e.kind, e.quality = v.format, v.kind, v.quality
	v.asked = false
	fences := v.knows[rfb.PseudoFence]
	v.mu.Unlock()

	for _, r := range lacks.Rects() {
		for y := r.Y0; y < r.Y1; y += band {
			part := geom.Rect{X0: r.X0, Y0: y, X1: r.X1, Y1: min(y+band, r.Y1)}
			var n int
			var err error
			if b, n, err = e.rect(b, &screen.shown, part); err != nil {
				return b, err
			}
			count += n
		}
	}
	if count > 0xffff {
		return b, errors.New("too many rectangles") // not with screens of this size
	}
	binary.BigEndian.PutUint16(b[at+2:], uint16(count))
	if e.unfenced += len(b) - at; fences && e.unfenced >= fenceAfter {
		e.unfenced = 0
		v.mu.Lock()
		v.flying++
		v.mu.Unlock()
		b = append(b, 248, 0, 0, 0)
		b = binary.BigEndian.AppendUint32(b, 1<<31|1) // a request; answered when all before it is done
		b = append(b, 0)
	}
	return b, nil
}

// band is how high a rectangle is that is encoded as one.
const band = 256
