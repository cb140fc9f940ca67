package qemu

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The display's listener connection carries a picture with nearly every
// message, so it is read by this small reader of the D-Bus wire format (D-Bus
// specification 0.41, "Message Protocol"): in order, into one buffer, and no
// value is boxed. Control and input, where messages are small, go by godbus.

// Limits of a message.
const (
	maxFields = 16 << 10  // bytes of header fields
	maxBody   = 128 << 20 // the specification's own limit of a message; sound has a smaller one
	maxFiles  = 4         // descriptors in flight
)

// Message types and flags.
const (
	typeCall  = 1
	typeReply = 2
	typeError = 3
	noReply   = 1
)

// call is a method call. Its body and the strings are borrowed until the next
// is read.
type call struct {
	serial        uint32
	iface, member string
	signature     string
	wantsReply    bool
	body          []byte
	files         []*os.File // taken or closed by whoever reads the call
	order         binary.ByteOrder
	isCall        bool
}

// dbusConn reads calls and writes replies.
type dbusConn struct {
	conn  *net.UnixConn
	in    *bufio.Reader
	limit uint32     // of a body
	files []*os.File // came in, not yet claimed
	oob   [64]byte
	fixed [16]byte
	names names
	head  []byte
	body  []byte
	out   []byte
	last  uint32 // serial of our last message
}

func newDBusConn(conn *net.UnixConn) *dbusConn {
	c := &dbusConn{conn: conn, limit: maxBody}
	c.in = bufio.NewReaderSize(fileReader{c}, 64<<10)
	return c
}

// names are the words of the message before, which the next mostly has as well:
// it needs none of its own then.
type names struct{ iface, member, signature string }

// keep returns b as a string, last if that is it.
func keep(last *string, b []byte) string {
	if *last != string(b) {
		*last = string(b)
	}
	return *last
}

// fileReader reads bytes and queues the descriptors that come with them.
type fileReader struct{ c *dbusConn }

func (r fileReader) Read(b []byte) (int, error) {
	c := r.c
	n, oobn, flags, _, err := c.conn.ReadMsgUnix(b, c.oob[:])
	if oobn > 0 {
		msgs, perr := unix.ParseSocketControlMessage(c.oob[:oobn])
		if perr != nil {
			return 0, perr
		}
		for i := range msgs {
			fds, perr := unix.ParseUnixRights(&msgs[i])
			if perr != nil {
				continue // not descriptors
			}
			for _, fd := range fds {
				unix.CloseOnExec(fd)
				c.files = append(c.files, os.NewFile(uintptr(fd), "display"))
			}
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		return n, io.EOF // bare, as io.ReadFull wants it
	case err != nil:
		return max(n, 0), err
	case flags&unix.MSG_CTRUNC != 0 || len(c.files) > maxFiles:
		return 0, fmt.Errorf("more than %d descriptors at once", maxFiles)
	case n == 0 && len(b) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// auth begins a connection as the client of the authentication, as this user.
func (c *dbusConn) auth() error {
	uid := hex.EncodeToString([]byte(strconv.Itoa(os.Getuid())))
	for _, step := range []struct{ say, want string }{
		{"\x00AUTH EXTERNAL " + uid + "\r\n", "OK "},
		{"NEGOTIATE_UNIX_FD\r\n", "AGREE_UNIX_FD"},
	} {
		if _, err := c.conn.Write([]byte(step.say)); err != nil {
			return err
		}
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if !strings.HasPrefix(string(line), step.want) {
			return fmt.Errorf("authentication: %q; want %q", line, step.want)
		}
	}
	_, err := c.conn.Write([]byte("BEGIN\r\n"))
	return err
}

func (c *dbusConn) close() {
	c.conn.Close()
	for _, f := range c.files {
		f.Close()
	}
	c.files = nil
}

// next reads one message.
func (c *dbusConn) next() (call, error) {
	fixed := c.fixed[:]
	if _, err := io.ReadFull(c.in, fixed); err != nil {
		return call{}, err
	}
	var m call
	switch fixed[0] {
	case 'l':
		m.order = binary.LittleEndian
	case 'B':
		m.order = binary.BigEndian
	default:
		return call{}, fmt.Errorf("byte order %q", fixed[0])
	}
	if fixed[3] != 1 {
		return call{}, fmt.Errorf("D-Bus protocol version %d", fixed[3])
	}
	bodyLen, fields := m.order.Uint32(fixed[4:]), m.order.Uint32(fixed[12:])
	if fields > maxFields || bodyLen > c.limit {
		return call{}, fmt.Errorf("a message of %d + %d bytes: at most %d + %d", fields, bodyLen, maxFields, c.limit)
	}
	m.isCall = fixed[1] == typeCall
	m.wantsReply = m.isCall && fixed[2]&noReply == 0
	m.serial = m.order.Uint32(fixed[8:])
	padded := (int(fields) + 7) &^ 7
	c.head = grow(c.head, padded)
	if _, err := io.ReadFull(c.in, c.head); err != nil {
		return call{}, noEOF(err)
	}
	files, err := m.parseFields(c.head[:fields], &c.names)
	if err != nil {
		return call{}, err
	}
	c.body = grow(c.body, int(bodyLen))
	if _, err := io.ReadFull(c.in, c.body); err != nil {
		return call{}, noEOF(err)
	}
	m.body = c.body
	if int(files) > len(c.files) {
		return call{}, fmt.Errorf("a message with %d descriptors, of which %d came", files, len(c.files))
	}
	m.files = c.files[:files:files]
	c.files = c.files[files:]
	return m, nil
}

var errShort = errors.New("header fields end early")

// parseFields reads the header fields that matter (array of (yv)).
func (m *call) parseFields(b []byte, last *names) (files uint32, err error) {
	for at := 0; ; {
		at = (at + 7) &^ 7
		if at >= len(b) {
			return files, nil
		}
		// code, then a variant: its signature of one letter, then the value
		if at+4 > len(b) {
			return 0, errShort
		}
		code, sigLen, kind := b[at], b[at+1], b[at+2]
		if sigLen != 1 || b[at+3] != 0 {
			return 0, errors.New("a header field of a compound type")
		}
		at += 4
		var text []byte
		var number uint32
		switch kind {
		case 's', 'o':
			at = (at + 3) &^ 3
			if at+4 > len(b) {
				return 0, errShort
			}
			n := int(m.order.Uint32(b[at:]))
			if at += 4; n < 0 || n >= len(b)-at {
				return 0, errShort
			}
			text = b[at : at+n]
			at += n + 1
		case 'g':
			if at >= len(b) {
				return 0, errShort
			}
			n := int(b[at])
			if at++; n >= len(b)-at {
				return 0, errShort
			}
			text = b[at : at+n]
			at += n + 1
		case 'u':
			at = (at + 3) &^ 3
			if at+4 > len(b) {
				return 0, errShort
			}
			number = m.order.Uint32(b[at:])
			at += 4
		default:
			return 0, fmt.Errorf("a header field of type %q", kind)
		}
		switch code {
		case 2:
			m.iface = keep(&last.iface, text)
		case 3:
			m.member = keep(&last.member, text)
		case 8:
			m.signature = keep(&last.signature, text)
		case 9:
			if number > maxFiles {
				return 0, fmt.Errorf("a message with %d descriptors: at most %d", number, maxFiles)
			}
			files = number
		}
	}
}

// reply answers a call with a body of the signature, both may be empty.
func (c *dbusConn) reply(m *call, signature string, body []byte) error {
	return c.answer(m, typeReply, "", signature, body)
}

// refuse answers a call with an error.
func (c *dbusConn) refuse(m *call, name string) error {
	return c.answer(m, typeError, name, "", nil)
}

func (c *dbusConn) answer(m *call, kind byte, errName, signature string, body []byte) error {
	if !m.wantsReply {
		return nil
	}
	c.last++
	le := binary.LittleEndian
	b := append(c.out[:0], 'l', kind, noReply, 1)
	b = le.AppendUint32(b, uint32(len(body)))
	b = le.AppendUint32(b, c.last)
	b = append(b, 0, 0, 0, 0) // length of the fields
	start := len(b)
	b = append(b, 5, 1, 'u', 0)
	b = le.AppendUint32(b, m.serial)
	if errName != "" {
		b = pad8(b)
		b = append(b, 4, 1, 's', 0)
		b = le.AppendUint32(b, uint32(len(errName)))
		b = append(append(b, errName...), 0)
	}
	if signature != "" {
		b = pad8(b)
		b = append(b, 8, 1, 'g', 0, byte(len(signature)))
		b = append(append(b, signature...), 0)
	}
	le.PutUint32(b[start-4:], uint32(len(b)-start))
	b = append(pad8(b), body...)
	c.out = b
	_, err := c.conn.Write(b)
	return err
}

func pad8(b []byte) []byte {
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}

// grow returns a buffer of n bytes, b's if it is large enough.
func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
