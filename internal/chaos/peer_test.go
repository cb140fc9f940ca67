package chaos

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// object is what a peer believes to have.
type object struct {
	id, version uint32
	iface       *iface
	serials     []uint32 // that its events brought, oldest first
	ended       bool     // a destructor was sent or received
}

// global is an announcement of the registry.
type global struct {
	name, version uint32
	iface         *iface
}

// peer is a client that says anything. It knows the wire and the tables, and
// shares no code with the server.
type peer struct {
	w       *world
	name    string
	fd      int
	objects map[uint32]*object
	live    []*object // by age, so that choices can be repeated
	next    uint32
	free    []uint32
	globals []global
	bound   map[string]*object
	strings []string // that events brought
	serials []uint32
	in      []byte
	dead    bool // the server has closed it, or sent an error
	deaf    bool // it does not read
	fault   string
	held    []int // descriptors it keeps until it goes
	files   []int // memory that it has given away, of which it may take pages back
}

const (
	maxLive    = 400
	headerSize = 8
	serverIDs  = 0xff000000
)

// connect makes a peer that has bound every global.
func (w *world) connect(name string) *peer {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		panic(err)
	}
	if _, err := w.session.Server().AddClient(fds[0]); err != nil {
		panic(err)
	}
	p := &peer{w: w, name: name, fd: fds[1], objects: map[uint32]*object{}, next: 2, bound: map[string]*object{}}
	display := p.add(1, 1, w.table.ifaces["wl_display"])
	reg := p.make(display, "get_registry")
	w.turn()
	p.read()
	for _, g := range slices.Clone(p.globals) {
		p.bind(reg, g, g.version)
	}
	w.turn()
	p.read()
	return p
}

func (p *peer) add(id, version uint32, i *iface) *object {
	o := &object{id: id, version: version, iface: i}
	p.objects[id] = o
	p.live = append(p.live, o)
	return o
}

func (p *peer) newID() uint32 {
	if n := len(p.free); n > 0 {
		id := p.free[n-1]
		p.free = p.free[:n-1]
		return id
	}
	p.next++
	return p.next - 1
}

// end takes an object out of the choice. Its id is free after delete_id.
func (p *peer) end(o *object) {
	o.ended = true
	if i := slices.Index(p.live, o); i >= 0 {
		p.live = slices.Delete(p.live, i, i+1)
	}
	if p.bound[o.iface.name] == o {
		delete(p.bound, o.iface.name)
	}
}

// bind makes an object of a global.
func (p *peer) bind(reg *object, g global, version uint32) *object {
	id := p.newID()
	b := words(nil, g.name)
	b = text(b, g.iface.name)
	p.send(reg, reg.iface.request("bind"), words(b, version, id), nil)
	o := p.add(id, version, g.iface)
	p.bound[g.iface.name] = o
	return o
}

// put sends a request whose arguments are given but for the new id, and returns
// what it makes.
func (p *peer) put(o *object, name string, args ...any) *object {
	m := o.iface.request(name)
	var b []byte
	var fds []int
	var made *object
	for _, a := range m.args {
		if a.kind == "new_id" {
			made = p.add(p.newID(), o.version, p.w.table.ifaces[a.ref])
			b = words(b, made.id)
			continue
		}
		v := args[0]
		args = args[1:]
		switch v := v.(type) {
		case int:
			if a.kind == "fd" {
				fds = append(fds, v)
			} else {
				b = words(b, uint32(v))
			}
		case uint32:
			b = words(b, v)
		case string:
			b = text(b, v)
		case *object:
			if v == nil {
				b = words(b, 0)
			} else {
				b = words(b, v.id)
			}
		default:
			panic(fmt.Sprintf("%s.%s: argument %T", o.iface.name, name, v))
		}
	}
	p.send(o, m, b, fds)
	if m.destructor {
		p.end(o)
	}
	return made
}

// make is put for requests that make something.
func (p *peer) make(o *object, name string, args ...any) *object { return p.put(o, name, args...) }

func words(b []byte, list ...uint32) []byte {
	for _, v := range list {
		b = binary.NativeEndian.AppendUint32(b, v)
	}
	return b
}

func text(b []byte, s string) []byte {
	b = words(b, uint32(len(s)+1))
	b = append(b, s...)
	for b = append(b, 0); len(b)%4 != 0; {
		b = append(b, 0)
	}
	return b
}

func array(b, a []byte) []byte {
	b = append(words(b, uint32(len(a))), a...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// send writes a message and closes the descriptors.
func (p *peer) send(o *object, m *message, body []byte, fds []int) {
	p.w.note("%s %s@%d.%s %s", p.name, o.iface.name, o.id, m.name, p.describe(m, body))
	p.raw(append(words(nil, o.id, uint32(headerSize+len(body))<<16|uint32(m.op)), body...), fds)
}

func (p *peer) describe(m *message, body []byte) string {
	var s strings.Builder
	for i := 0; i+4 <= len(body) && i < 40; i += 4 {
		fmt.Fprintf(&s, "%d ", int32(binary.NativeEndian.Uint32(body[i:])))
	}
	if len(body) > 40 {
		fmt.Fprintf(&s, "… %d bytes", len(body))
	}
	return s.String()
}

// raw writes bytes, and turns the loop when the socket is full.
func (p *peer) raw(b []byte, fds []int) {
	defer func() {
		for _, fd := range fds {
			_ = unix.Close(fd)
		}
	}()
	for tries := 0; len(b) > 0 && !p.dead; {
		var oob []byte
		if len(fds) > 0 {
			oob = unix.UnixRights(fds...)
		}
		n, err := unix.SendmsgN(p.fd, b, oob, nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
		switch {
		case err == nil:
			b = b[n:]
			for _, fd := range fds {
				_ = unix.Close(fd)
			}
			fds = nil
		case errors.Is(err, unix.EAGAIN) && tries < 50:
			tries++
			p.w.turn()
			if !p.deaf {
				p.read()
			}
		default:
			p.dead = true // the reason may still be read
		}
	}
}

// read takes all events that are there.
func (p *peer) read() {
	var buf [1 << 16]byte
	var oob [1024]byte
	for p.fd >= 0 {
		n, oobn, _, _, err := unix.Recvmsg(p.fd, buf[:], oob[:], unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
		if oobn > 0 {
			p.drop(oob[:oobn])
		}
		if n <= 0 || err != nil {
			p.dead = p.dead || !errors.Is(err, unix.EAGAIN)
			break
		}
		p.in = append(p.in, buf[:n]...)
		p.events()
	}
}

// drop closes received descriptors.
func (p *peer) drop(oob []byte) {
	list, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		panic(err)
	}
	for i := range list {
		fds, err := unix.ParseUnixRights(&list[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			_ = unix.Close(fd)
		}
	}
}

func (p *peer) events() {
	for len(p.in) >= headerSize {
		id := binary.NativeEndian.Uint32(p.in)
		word := binary.NativeEndian.Uint32(p.in[4:])
		size := int(word >> 16)
		if size < headerSize || size%4 != 0 {
			p.w.fail("%s was sent an event of %d bytes", p.name, size)
			p.in = nil
			return
		}
		if len(p.in) < size {
			return
		}
		p.event(id, int(word&0xffff), p.in[headerSize:size])
		p.in = p.in[size:]
	}
}

// event takes what a stream can use: new objects, serials, words.
func (p *peer) event(id uint32, op int, body []byte) {
	o := p.objects[id]
	if o == nil {
		// The stream may have made the object behind the peer's back.
		return
	}
	if op >= len(o.iface.events) {
		p.w.fail("%s was sent event %d of %s", p.name, op, o.iface.name)
		return
	}
	m := o.iface.events[op]
	if m.since > o.version {
		p.w.fail("%s was sent %s.%s, which version %d does not have", p.name, o.iface.name, m.name, o.version)
	}
	var nums []uint32
	var str string
	for _, a := range m.args {
		if a.kind == "fd" {
			continue
		}
		if len(body) < 4 {
			p.w.fail("%s was sent a short %s.%s", p.name, o.iface.name, m.name)
			return
		}
		v := binary.NativeEndian.Uint32(body)
		body = body[4:]
		nums = append(nums, v)
		switch a.kind {
		case "string", "array":
			n := (int(v) + 3) &^ 3
			if len(body) < n {
				p.w.fail("%s was sent a short %s.%s", p.name, o.iface.name, m.name)
				return
			}
			if a.kind == "string" && v > 0 {
				str = string(body[:v-1])
				p.strings = append(p.strings[max(0, len(p.strings)-30):], str)
			}
			body = body[n:]
		case "new_id":
			if old := p.objects[v]; old != nil {
				p.end(old)
			}
			p.add(v, o.version, p.w.table.ifaces[a.ref])
		case "uint":
			if strings.HasSuffix(a.name, "serial") {
				o.serials = append(o.serials[max(0, len(o.serials)-4):], v)
				p.serials = append(p.serials[max(0, len(p.serials)-20):], v)
			}
		}
	}
	if m.destructor {
		p.end(o)
		if id >= serverIDs {
			delete(p.objects, id)
		}
	}
	switch o.iface.name + "." + m.name {
	case "wl_display.error":
		p.fault = fmt.Sprintf("%d: %s", nums[1], str)
		p.w.note("%s was told: error %s", p.name, p.fault)
		p.dead = true
	case "wl_display.delete_id":
		if gone := p.objects[nums[0]]; gone != nil {
			p.end(gone)
			delete(p.objects, nums[0])
			p.free = append(p.free, nums[0])
		}
	case "wl_registry.global":
		if i := p.w.table.ifaces[str]; i != nil {
			p.globals = append(p.globals, global{nums[0], min(nums[2], i.version), i})
		} else {
			p.w.fail("global %s is not in the tables", str)
		}
	case "wl_registry.global_remove":
		p.globals = slices.DeleteFunc(p.globals, func(g global) bool { return g.name == nums[0] })
	}
}

// leave closes everything.
func (p *peer) leave() {
	_ = unix.Close(p.fd)
	p.fd, p.dead = -1, true
	for _, fd := range append(p.held, p.files...) {
		_ = unix.Close(fd)
	}
	p.held, p.files = nil, nil
}
