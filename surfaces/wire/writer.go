package wire

import "encoding/binary"

// Writer builds one outgoing message in the connection's output. Generated
// code gets it from [Resource.Event] or [Proxy.Request], writes the arguments
// in order and calls End.
type Writer struct {
	t       *transport
	o       *base // sender
	peer    peer  // its connection, whose objects may be named
	start   int
	nfd     int
	op      uint16
	bad     string
	created Object
	trace   bool
}

// peer is what the writer needs of its connection, a *Conn or a *Client.
type peer interface {
	// messageSent sees every complete message while tracing is on.
	messageSent(o *base, op uint16, body []byte)
	// messageDropped is called for a message that could not be sent.
	messageDropped(o *base, op uint16, why string)
	// outputFailed is called when the output is over its limit or a flush failed.
	outputFailed(err error)
	// forget unregisters an object whose creating message was dropped.
	forget(o Object)
}

func (w *Writer) begin(o *base, op uint16) {
	w.o, w.op = o, op
	if w.t.out == nil {
		w.t.out = spareOut.Get().(*[outSize]byte)[:0]
	}
	w.start = len(w.t.out)
	w.nfd = len(w.t.outFDs)
	w.bad = ""
	w.created = nil
	w.t.out = append(w.t.out, 0, 0, 0, 0, 0, 0, 0, 0)
}

// Uint writes a uint.
func (w *Writer) Uint(v uint32) {
	w.t.out = binary.NativeEndian.AppendUint32(w.t.out, v)
}

// Int writes an int, or the bits of a fixed.
func (w *Writer) Int(v int32) { w.Uint(uint32(v)) }

// fits reports whether n more bytes keep the message within its limit.
func (w *Writer) fits(n int) bool {
	if len(w.t.out)-w.start+n+8 > MaxMessage {
		w.bad = "message too long"
		return false
	}
	return true
}

// String writes a string. What follows a NUL is cut off, as the reader would.
func (w *Writer) String(s string) {
	for i := range len(s) {
		if s[i] == 0 {
			s = s[:i]
			break
		}
	}
	if !w.fits(len(s)) {
		return
	}
	w.Uint(uint32(len(s) + 1))
	w.t.out = append(w.t.out, s...)
	w.t.out = append(w.t.out, 0)
	w.pad()
}

// StringOrNil writes a string that may be null.
func (w *Writer) StringOrNil(s *string) {
	if s == nil {
		w.Uint(0)
		return
	}
	w.String(*s)
}

// Array writes an array.
func (w *Writer) Array(b []byte) {
	if !w.fits(len(b)) {
		return
	}
	w.Uint(uint32(len(b)))
	w.t.out = append(w.t.out, b...)
	w.pad()
}

func (w *Writer) pad() {
	for (len(w.t.out)-w.start)&3 != 0 {
		w.t.out = append(w.t.out, 0)
	}
}

// FD queues a duplicate of fd.
func (w *Writer) FD(fd int) {
	if len(w.t.outFDs) >= maxQueuedFDs {
		w.bad = "too many unsent file descriptors"
		return
	}
	n, err := dupFD(fd)
	if err != nil {
		w.bad = "duplicate file descriptor: " + err.Error()
		return
	}
	w.t.outFDs = append(w.t.outFDs, outFD{n, w.start})
}

// object writes the id of b, which must live on this connection.
func (w *Writer) object(b *base, p peer, null bool) {
	switch {
	case b == nil && null:
		w.Uint(0)
	case b == nil:
		w.bad = "null object"
	case !b.alive && null:
		w.Uint(0)
	case !b.alive:
		w.bad = "object no longer exists"
	case p != w.peer:
		w.bad = "object of another connection"
	default:
		w.Uint(b.id)
	}
}

// Resource writes an object of the server role. The message is dropped if the
// object is of another connection, or is nil or dead where it may not be null.
func (w *Writer) Resource(r *Resource, null bool) {
	if r == nil {
		w.object(nil, nil, null)
		return
	}
	w.object(&r.base, r.c, null)
}

// Proxy writes an object of the client role, with the same rules.
func (w *Writer) Proxy(p *Proxy, null bool) {
	if p == nil {
		w.object(nil, nil, null)
		return
	}
	// Null would be another request than the caller meant.
	w.object(&p.base, p.c, null && p.alive)
}

// End completes the message and reports whether it was queued.
func (w *Writer) End() bool {
	t := w.t
	if w.bad == "" && len(t.out)-w.start > MaxMessage {
		w.bad = "message too long"
	}
	if w.bad != "" {
		for _, f := range t.outFDs[w.nfd:] {
			closeFD(f.fd)
		}
		t.out, t.outFDs = t.out[:w.start], t.outFDs[:w.nfd]
		if w.created != nil {
			w.peer.forget(w.created)
		}
		w.peer.messageDropped(w.o, w.op, w.bad)
		return false
	}
	m := t.out[w.start:]
	binary.NativeEndian.PutUint32(m, w.o.id)
	binary.NativeEndian.PutUint32(m[4:], uint32(len(m))<<16|uint32(w.op))
	if w.trace {
		w.peer.messageSent(w.o, w.op, m[headerSize:])
	}
	if t.pending() >= outEager && !t.blocked {
		if err := t.flush(); err != nil {
			w.peer.outputFailed(err)
			return true
		}
	}
	if t.pending() > t.limit {
		w.peer.outputFailed(errOutputFull)
	}
	return true
}

// Object writes an object of an interface the protocol leaves open. The caller
// vouches for its connection.
func (w *Writer) Object(o Object, null bool) {
	if o == nil {
		w.object(nil, w.peer, null)
		return
	}
	w.object(o.core(), w.peer, null)
}
