package sessionbus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/godbus/dbus/v5"
)

// Largest is the size in bytes of the largest message that is read. Session buses
// let programs send a hundred times as much, and all of it would be in memory
// before anybody could look at it.
const Largest = 8 << 20

// Connect returns a connection of its own to a bus, authenticated. It may take as
// long as the bus does: it is not for the loop's goroutine. Messages that are
// larger than Largest are skipped, as if they had not come; none brings file
// descriptors along.
func Connect(address string, opts ...dbus.ConnOption) (*dbus.Conn, error) {
	sock, err := dial(address)
	if err != nil {
		return nil, err
	}
	conn, err := dbus.NewConn(&frames{Conn: sock, r: bufio.NewReader(sock)}, opts...)
	if err != nil {
		return nil, errors.Join(err, sock.Close())
	}
	if err = conn.Auth(nil); err == nil {
		err = conn.Hello()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("message bus: %w", err), conn.Close())
	}
	return conn, nil
}

// dial connects to the first address of a list that can be, as the D-Bus
// specification has it ("Server Addresses"). All are unix sockets.
func dial(list string) (net.Conn, error) {
	err := fmt.Errorf("the message bus at %.80q is no unix socket", list)
	for a := range strings.SplitSeq(list, ";") {
		name, ok := socketOf(a)
		if !ok {
			continue
		}
		var sock net.Conn
		if sock, err = net.Dial("unix", name); err == nil {
			return sock, nil
		}
	}
	return nil, err
}

// socketOf returns the name of the socket in an address, which begins with @ if
// it is no file.
func socketOf(address string) (string, bool) {
	keys, ok := strings.CutPrefix(address, "unix:")
	if !ok {
		return "", false
	}
	for kv := range strings.SplitSeq(keys, ",") {
		k, v, _ := strings.Cut(kv, "=")
		v, ok := unescape(v)
		switch {
		case !ok || v == "":
		case k == "path":
			return v, true
		case k == "abstract":
			return "@" + v, true
		}
	}
	return "", false
}

// unescape replaces %xx by bytes.
func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		v, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(v))
		i += 2
	}
	return b.String(), true
}

// frames is a connection to a bus that skips messages which are too large.
type frames struct {
	net.Conn
	r     *bufio.Reader
	begun atomic.Bool // lines are over, what comes are messages
	head  [fixed]byte
	ahead []byte // of head, not read yet
	left  int64  // of the message, behind head
}

// fixed is the part of a message's header that each has.
const fixed = 16

// Write implements io.Writer. It sees the line that ends the authentication,
// before the bus does.
func (f *frames) Write(p []byte) (int, error) {
	if bytes.Equal(p, []byte("BEGIN\r\n")) {
		f.begun.Store(true)
	}
	return f.Conn.Write(p)
}

// Read implements io.Reader.
func (f *frames) Read(p []byte) (int, error) {
	if !f.begun.Load() {
		return f.r.Read(p)
	}
	for len(f.ahead) == 0 && f.left == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	if len(f.ahead) > 0 {
		n := copy(p, f.ahead)
		f.ahead = f.ahead[n:]
		return n, nil
	}
	n, err := f.r.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, err
}

// next begins with the next message, or skips it.
func (f *frames) next() error {
	if _, err := io.ReadFull(f.r, f.head[:]); err != nil {
		return err
	}
	order := binary.ByteOrder(binary.LittleEndian)
	switch f.head[0] {
	case 'l':
	case 'B':
		order = binary.BigEndian
	default:
		return fmt.Errorf("message bus: a message begins with %#x", f.head[0])
	}
	body, fields := int64(order.Uint32(f.head[4:])), int64(order.Uint32(f.head[12:]))
	rest := (fields+7)&^7 + body
	if fixed+rest > Largest {
		_, err := io.CopyN(io.Discard, f.r, rest)
		return err
	}
	f.ahead, f.left = f.head[:], rest
	return nil
}
