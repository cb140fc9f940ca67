package wire

// MaxMessage is the largest message, header included, that libwayland accepts
// with its default buffers. Longer requests are a protocol error; longer
// events are not sent.
const MaxMessage = 4096

const (
	headerSize    = 8
	serverIDStart = 0xff000000
	displayID     = 1
)

// Codes of the wl_display.error enum, which every object may raise.
const (
	ErrorInvalidObject  = 0
	ErrorInvalidMethod  = 1
	ErrorNoMemory       = 2
	ErrorImplementation = 3
)

// Interface describes one protocol interface to the runtime.
type Interface struct {
	Name     string
	Version  uint32
	Requests []Message
	Events   []Message
	// Pool is non-zero for interfaces whose objects are recycled: no requests,
	// and ended by an event. It numbers them, so that a connection can keep
	// their free lists in a slice.
	Pool int
}

// Message describes one request or event.
type Message struct {
	Name string
	// Since is the interface version that introduced the message.
	Since uint32
	// Destructor messages end the object they are sent to or from.
	Destructor bool
	// Signature has one letter for each argument: i int, u uint, f fixed,
	// s string, o object, n new_id, N new_id without an interface (a string,
	// a uint and the id on the wire), a array, h file descriptor. A '?' stands
	// before an argument that may be null.
	Signature string
	// FDs is the number of h in Signature.
	FDs int
	// New is the interface of the new_id argument, if there is one.
	New *Interface
}

// Object is a protocol object of either role: a generated struct that embeds
// [Resource] or [Proxy].
type Object interface {
	core() *base
	// HandleMessage decodes the arguments of the message with opcode op and
	// calls the owner's code. Only the connection calls it, with op in range.
	HandleMessage(op uint16, a *Args)
}

// base is what both roles know of an object.
type base struct {
	iface   *Interface
	id      uint32
	version uint32
	alive   bool
}

func (b *base) core() *base { return b }

// ID returns the object id, which is unique on its connection only while the
// object lives.
func (b *base) ID() uint32 { return b.id }

// Version returns the interface version the object was bound or created with.
func (b *base) Version() uint32 { return b.version }

// Alive reports whether the object still exists in the protocol.
func (b *base) Alive() bool { return b.alive }

// Interface returns the object's descriptor; nil before it was created.
func (b *base) Interface() *Interface { return b.iface }
