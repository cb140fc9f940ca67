package wire

import "fmt"

// Resource is the server's side of one object. Generated objects embed it.
type Resource struct {
	base
	c *Conn
}

// ResourceDestroyed is implemented by handlers that want to know when their
// object ends, for whatever reason: a destructor request, a destructor event,
// or the end of the connection. It is called exactly once; the object is no
// longer alive then, and events to it are skipped.
type ResourceDestroyed interface{ ResourceDestroyed() }

// ServerObject is an Object of the server role.
type ServerObject interface {
	Object
	// ObjectHandler returns the Handler field.
	ObjectHandler() any
}

// Conn returns the connection of the object.
func (r *Resource) Conn() *Conn { return r.c }

// PostErrorCode posts a protocol error of this object, with a code of its own
// interface's error enum.
func (r *Resource) PostErrorCode(code uint32, format string, args ...any) {
	r.c.PostError(r.id, code, fmt.Sprintf(format, args...))
}

// Event starts the event with opcode op, or returns nil if the object or its
// client is gone or too old for it.
func (r *Resource) Event(op uint16, since uint32) *Writer {
	if !r.alive || r.version < since || r.c.dead {
		return nil
	}
	w := &r.c.writer
	w.begin(&r.base, op)
	return w
}

// Created registers o as the object that the event being written creates, and
// writes its id.
func (w *Writer) Created(o ServerObject, r *Resource, iface *Interface, version uint32) {
	c := w.peer.(*Conn)
	i, ok := c.ids.server.take()
	if !ok || c.ids.server.live >= c.opts.MaxObjects {
		w.bad = "no more server object ids"
		return
	}
	r.base = base{iface: iface, id: serverIDStart + i, version: version, alive: true}
	r.c = c
	c.ids.server.put(i, o)
	w.created = o
	w.Uint(r.id)
}

// Register makes o the object with the given id, chosen by the client. If the
// id cannot be used, or the client has too many objects, the client gets the
// error and o stays dead.
func (c *Conn) Register(o ServerObject, r *Resource, iface *Interface, id, version uint32) {
	r.base = base{iface: iface, id: id, version: version}
	r.c = c
	if c.dead {
		return
	}
	if id == 0 || id >= serverIDStart || !c.ids.client.accepts(id) {
		c.PostError(displayID, ErrorInvalidObject, fmt.Sprintf("invalid new id %d", id))
		return
	}
	if c.ids.client.live >= c.opts.MaxObjects {
		c.PostError(displayID, ErrorNoMemory, "too many objects")
		return
	}
	r.alive = true
	c.ids.client.put(id, o)
}

// Recycled returns an object of the interface that has ended before, or nil.
func (c *Conn) Recycled(iface *Interface) Object { return c.pools.get(iface) }

// End ends an object whose destructor was received or sent: its id is free
// again, the client is told, its handler is told. Generated code calls it.
func (c *Conn) End(o ServerObject) {
	b := o.core()
	if !b.alive {
		return
	}
	c.drop(o)
	if b.id < serverIDStart && !c.dead {
		c.sendDeleteID(b.id)
	}
	if r, ok := o.(recyclable); ok && !c.closed {
		c.pools.put(r)
	}
}

// drop takes o out of the id space and tells its handler.
func (c *Conn) drop(o ServerObject) {
	b := o.core()
	b.alive = false
	t, i := c.ids.side(b.id)
	t.clear(i)
	if t == &c.ids.server {
		t.free = append(t.free, i)
	}
	if h, ok := o.ObjectHandler().(ResourceDestroyed); ok {
		h.ResourceDestroyed()
	}
}
