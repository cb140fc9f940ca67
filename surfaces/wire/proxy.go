package wire

import "fmt"

// Proxy is the client's side of one object. Generated objects embed it. The
// zero value is an object that never lived: requests to it do nothing.
type Proxy struct {
	base
	c *Client
	// deleted is set when the server freed the id of an object that is still
	// alive here.
	deleted bool
}

// ClientObject is an Object of the client role.
type ClientObject interface {
	Object
	proxy() *Proxy
}

func (p *Proxy) proxy() *Proxy { return p }

// Client returns the connection of the object, nil if it never lived.
func (p *Proxy) Client() *Client { return p.c }

// Request starts the request with opcode op, or returns nil: if the object has
// ended, if the connection has failed, or, failing the connection, if the
// object is too old for it.
func (p *Proxy) Request(op uint16, since uint32) *Writer {
	if !p.alive || p.c.err != nil || p.c.mute {
		return nil
	}
	if p.version < since {
		p.c.fail(fmt.Errorf("%s@%d.%s needs version %d, object has %d",
			p.iface.Name, p.id, p.iface.Requests[op].Name, since, p.version))
		return nil
	}
	w := &p.c.writer
	w.begin(&p.base, op)
	return w
}

// New registers o as the object that the request being written creates, and
// writes its id.
func (w *Writer) New(o ClientObject, iface *Interface, version uint32) {
	c := w.peer.(*Client)
	i, ok := c.ids.client.take()
	if !ok {
		w.bad = "no more object ids"
		return
	}
	p := o.proxy()
	*p = Proxy{base: base{iface: iface, id: i, version: version, alive: true}, c: c}
	c.ids.client.put(i, o)
	w.created = o
	w.Uint(i)
}

// Adopt registers an object that an event creates, with an id from
// [Args.NewID].
func (c *Client) Adopt(o ClientObject, iface *Interface, id, version uint32) {
	*o.proxy() = Proxy{base: base{iface: iface, id: id, version: version, alive: true}, c: c}
	t, i := c.ids.side(id)
	t.clear(i) // a zombie
	t.put(i, o)
}

// Recycled returns an object of the interface that has ended before, or nil.
func (c *Client) Recycled(iface *Interface) Object { return c.pools.get(iface) }

// End ends an object whose destructor was sent or received. It stays as a
// zombie for the events that are still under way, until the server has freed
// its id. Generated code calls it; for an object without a destructor it is
// the way to stop listening.
func (c *Client) End(o ClientObject) {
	p := o.proxy()
	if !p.alive {
		return
	}
	p.alive = false
	if p.deleted {
		c.free(p.id)
	}
}

// free makes a client id available again.
func (c *Client) free(id uint32) {
	t, i := c.ids.side(id)
	o := t.get(i)
	t.clear(i)
	t.free = append(t.free, i)
	if r, ok := o.(recyclable); ok {
		c.pools.put(r)
	}
}

// zombie stands for an object that an event to a zombie created.
type zombie struct{ Proxy }

func (*zombie) HandleMessage(uint16, *Args) {}
