package network

import (
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"
)

// maxRoutes is how many messages of an answer are read.
const maxRoutes = 1 << 16

var errMessage = errors.New("the kernel sent no message")

// route is a default route.
type route struct {
	device uint32 // index
	metric uint32 // the least wins
}

// header is that of a message.
type header struct {
	kind, flags uint16
	seq         uint32
}

// cut splits the first message off.
func cut(b []byte) (h header, body, rest []byte, err error) {
	if len(b) < unix.SizeofNlMsghdr {
		return h, nil, nil, errMessage
	}
	n := uint64(binary.NativeEndian.Uint32(b))
	if n < unix.SizeofNlMsghdr || n > uint64(len(b)) {
		return h, nil, nil, errMessage
	}
	h = header{binary.NativeEndian.Uint16(b[4:]), binary.NativeEndian.Uint16(b[6:]), binary.NativeEndian.Uint32(b[8:])}
	return h, b[unix.SizeofNlMsghdr:n], b[min(align(n), uint64(len(b))):], nil
}

func align(n uint64) uint64 { return (n + 3) &^ 3 }

// parseRoute reads the body of RTM_NEWROUTE; ok is whether it is a default route
// that packets take.
func parseRoute(b []byte) (r route, ok bool, err error) {
	if len(b) < unix.SizeofRtMsg {
		return r, false, errMessage
	}
	bits, table, kind := b[1], uint32(b[4]), b[7]
	for a := b[unix.SizeofRtMsg:]; len(a) >= unix.SizeofRtAttr; {
		n := uint64(binary.NativeEndian.Uint16(a))
		if n < unix.SizeofRtAttr || n > uint64(len(a)) {
			return r, false, errMessage
		}
		v := a[unix.SizeofRtAttr:n]
		switch name := binary.NativeEndian.Uint16(a[2:]); {
		case name == unix.RTA_OIF && len(v) == 4:
			r.device = binary.NativeEndian.Uint32(v)
		case name == unix.RTA_PRIORITY && len(v) == 4:
			r.metric = binary.NativeEndian.Uint32(v)
		case name == unix.RTA_TABLE && len(v) == 4:
			table = binary.NativeEndian.Uint32(v)
		case name == unix.RTA_MULTIPATH && len(v) >= unix.SizeofRtNexthop && r.device == 0:
			r.device = binary.NativeEndian.Uint32(v[4:]) // the first of several
		}
		a = a[min(align(n), uint64(len(a))):]
	}
	return r, bits == 0 && kind == unix.RTN_UNICAST && table == unix.RT_TABLE_MAIN && r.device != 0, nil
}

// reply gathers the answer to a question for all routes.
type reply struct {
	seq  uint32
	n    int
	best *route
	done bool
}

// add reads one datagram.
func (r *reply) add(b []byte) error {
	for len(b) > 0 && !r.done {
		h, body, rest, err := cut(b)
		if err != nil {
			return err
		}
		b = rest
		if r.n++; r.n > maxRoutes {
			return errors.New("there are too many routes")
		}
		switch {
		case h.seq != r.seq:
		case h.kind == unix.NLMSG_DONE:
			r.done = true
		case h.kind == unix.NLMSG_ERROR:
			if len(body) < 4 {
				return errMessage
			}
			if e := int32(binary.NativeEndian.Uint32(body)); e != 0 {
				return unix.Errno(-int64(e))
			}
		case h.kind == unix.RTM_NEWROUTE:
			got, ok, err := parseRoute(body)
			if err != nil {
				return err
			}
			if ok && (r.best == nil || got.metric < r.best.metric) {
				r.best = &got
			}
		}
	}
	return nil
}

// question asks for all routes, of IPv4 and IPv6.
func question(seq uint32) []byte {
	b := make([]byte, unix.SizeofNlMsghdr+unix.SizeofRtMsg)
	binary.NativeEndian.PutUint32(b, uint32(len(b)))
	binary.NativeEndian.PutUint16(b[4:], unix.RTM_GETROUTE)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	binary.NativeEndian.PutUint32(b[8:], seq)
	return b // of family AF_UNSPEC
}
