package wire

import (
	"bytes"
	"encoding/binary"
)

// maxArgFDs is more than any message of any protocol carries.
const maxArgFDs = 4

// maxServerObjects is how many objects a server may create in a client.
const maxServerObjects = 200_000

// FD is a file descriptor received as an argument. It is valid until the
// handler returns and closed then, unless it was taken.
type FD struct{ n int }

// Take returns the descriptor and gives its ownership to the caller. A second
// call returns -1.
func (f *FD) Take() int {
	n := f.n
	f.n = -1
	return n
}

// Borrow returns the descriptor without giving it away: it is closed when the
// handler returns.
func (f *FD) Borrow() int { return f.n }

// Args reads the arguments of one message, in order. The first fault sticks:
// later reads return zero values, and End reports false.
type Args struct {
	t      *transport
	ids    *objects
	b      []byte
	fail   string
	fds    [maxArgFDs]FD
	nfd    int
	server bool // role of this end
}

// begin starts a message with this body.
func (a *Args) begin(body []byte) {
	a.b = body
	a.fail = ""
}

// finish closes the descriptors nobody took.
func (a *Args) finish() {
	for i := range a.nfd {
		if n := a.fds[i].Take(); n >= 0 {
			closeFD(n)
		}
	}
	a.nfd = 0
}

func (a *Args) bad(why string) {
	if a.fail == "" {
		a.fail = why
	}
	a.b = nil
}

// End reports whether all arguments were valid and the message ends here. On
// false the caller must do nothing: the connection deals with the fault.
func (a *Args) End() bool {
	if len(a.b) != 0 {
		a.bad("message too long")
	}
	return a.fail == ""
}

// Uint reads a uint.
func (a *Args) Uint() uint32 {
	if len(a.b) < 4 {
		a.bad("message too short")
		return 0
	}
	v := binary.NativeEndian.Uint32(a.b)
	a.b = a.b[4:]
	return v
}

// Int reads an int, or the bits of a fixed.
func (a *Args) Int() int32 { return int32(a.Uint()) }

// bytes reads a length and so many bytes, padded to a multiple of four.
func (a *Args) bytes() []byte {
	n := a.Uint()
	if a.fail != "" {
		return nil
	}
	if (uint64(n)+3)&^3 > uint64(len(a.b)) {
		a.bad("string or array longer than its message")
		return nil
	}
	v := a.b[:n:n]
	a.b = a.b[(n+3)&^3:]
	return v
}

// String reads a string that may not be null.
func (a *Args) String() string {
	s, null := a.text()
	if null && a.fail == "" {
		a.bad("null string")
	}
	return s
}

// StringOrNil reads a string that may be null.
func (a *Args) StringOrNil() *string {
	s, null := a.text()
	if null {
		return nil
	}
	return &s
}

func (a *Args) text() (s string, null bool) {
	b := a.bytes()
	if len(b) == 0 {
		return "", true
	}
	if b[len(b)-1] != 0 {
		a.bad("string not terminated")
		return "", true
	}
	// Some clients count the padding; libwayland ends at the first NUL too.
	return string(b[:bytes.IndexByte(b, 0)]), false
}

// Array reads an array. The bytes are borrowed: they are gone when the handler
// returns.
func (a *Args) Array() []byte { return a.bytes() }

// FD takes the next descriptor of the queue. It is closed when the handler
// returns, unless the handler took it.
func (a *Args) FD() *FD {
	if a.fail != "" {
		return nil
	}
	if a.nfd == maxArgFDs {
		a.bad("too many file descriptors in one message")
		return nil
	}
	n := a.t.popFD()
	if n < 0 {
		a.bad("file descriptor missing")
		return nil
	}
	f := &a.fds[a.nfd]
	a.nfd++
	f.n = n
	return f
}

// Object reads an object of the given interface (any, if nil). In the client
// role an object that the client has destroyed reads as nil, whether it may be
// null or not.
func (a *Args) Object(iface *Interface, null bool) Object {
	id := a.Uint()
	if a.fail != "" {
		return nil
	}
	if id == 0 {
		if !null {
			a.bad("null object")
		}
		return nil
	}
	o := a.ids.get(id)
	if o == nil {
		a.bad("unknown object")
		return nil
	}
	b := o.core()
	if iface != nil && b.iface != iface {
		a.bad("object of another interface")
		return nil
	}
	if !b.alive {
		return nil
	}
	return o
}

// NewID reads the id of an object that the message creates.
func (a *Args) NewID() uint32 {
	id := a.Uint()
	if a.fail != "" {
		return 0
	}
	t, i := a.ids.side(id)
	ok := id != 0
	if a.server {
		ok = ok && id < serverIDStart && t.accepts(i)
	} else {
		// The server's ids: a slot is free again as soon as its object was
		// destroyed here, a zombie gives way.
		old := t.get(i)
		ok = ok && id >= serverIDStart && i <= t.next && i < maxIDs && (old != nil && !old.core().alive || old == nil && t.live < maxServerObjects)
	}
	if !ok {
		a.bad("invalid new id")
		return 0
	}
	return id
}
