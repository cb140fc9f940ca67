package qemu

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
)

// log is a Screen that writes down what it is told.
type log struct {
	lines []string
	inode uint64
}

func (l *log) note(format string, args ...any) {
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *log) Scanout(p Picture, data []byte) {
	l.note("scanout %dx%d stride %d bytes %d first %x", p.Size.W, p.Size.H, p.Stride, len(data), data[0])
}

func (l *log) Update(r geom.Rect, stride int, data []byte) {
	l.note("update %v stride %d bytes %d", r, stride, len(data))
}

func (l *log) ScanoutMap(p Picture, f *os.File, offset int64) {
	var st unix.Stat_t
	if unix.Fstat(int(f.Fd()), &st) == nil {
		l.inode = st.Ino
	}
	l.note("map %dx%d stride %d at %d", p.Size.W, p.Size.H, p.Stride, offset)
	f.Close()
}
func (l *log) UpdateMap(r geom.Rect) { l.note("update map %v", r) }
func (l *log) Disable()              { l.note("disable") }
func (l *log) CursorImage(c Cursor) {
	l.note("cursor %dx%d hot %d,%d bytes %d", c.Size.W, c.Size.H, c.Hot.X, c.Hot.Y, len(c.Data))
}
func (l *log) CursorMoved(at geom.Point, on bool) { l.note("cursor at %d,%d %v", at.X, at.Y, on) }

// fakeQEMU is the other end of a listener's connection.
type fakeQEMU struct {
	t      *testing.T
	conn   *net.UnixConn
	in     *bufio.Reader
	serial uint32
	ended  chan error
}

// startListener begins a listener that has authenticated.
func startListener(t *testing.T, s Screen) *fakeQEMU {
	return startServed(t, func(conn *net.UnixConn) error { return listen(conn, s) })
}

func startServed(t *testing.T, serve func(*net.UnixConn) error) *fakeQEMU {
	t.Helper()
	ours, theirs, err := socketPair()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.FileConn(theirs)
	theirs.Close()
	if err != nil {
		t.Fatal(err)
	}
	q := &fakeQEMU{t: t, conn: conn.(*net.UnixConn), in: bufio.NewReader(conn), ended: make(chan error, 1)}
	go func() { q.ended <- serve(ours) }()
	t.Cleanup(func() { conn.Close() })
	for _, step := range []struct{ want, say string }{
		{"\x00AUTH EXTERNAL ", "OK 0123\r\n"},
		{"NEGOTIATE_UNIX_FD", "AGREE_UNIX_FD\r\n"},
		{"BEGIN", ""},
	} {
		line, err := q.in.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, step.want) {
			t.Fatalf("authentication: %q, %v; want %q", line, err, step.want)
		}
		io.WriteString(conn, step.say)
	}
	return q
}

// encodeCall writes a call as QEMU's GDBus does.
func encodeCall(serial uint32, iface, member, signature string, files int, body []byte) []byte {
	le := binary.LittleEndian
	b := []byte{'l', typeCall, 0, 1}
	b = le.AppendUint32(b, uint32(len(body)))
	b = le.AppendUint32(b, serial)
	b = append(b, 0, 0, 0, 0)
	str := func(code, kind byte, s string) {
		b = append(pad8(b), code, 1, kind, 0)
		if kind == 'g' {
			b = append(b, byte(len(s)))
		} else {
			b = le.AppendUint32(b, uint32(len(s)))
		}
		b = append(append(b, s...), 0)
	}
	str(1, 'o', "/org/qemu/Display1/Listener")
	str(2, 's', iface)
	str(3, 's', member)
	if signature != "" {
		str(8, 'g', signature)
	}
	if files > 0 {
		b = le.AppendUint32(append(pad8(b), 9, 1, 'u', 0), uint32(files))
	}
	le.PutUint32(b[12:], uint32(len(b)-16))
	return append(pad8(b), body...)
}

func body(args ...any) []byte {
	var b []byte
	for _, a := range args {
		switch v := a.(type) {
		case int:
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		case []byte:
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(v))), v...)
		}
	}
	return b
}

// call makes a call and returns how it was answered.
func (q *fakeQEMU) call(iface, member, signature string, b []byte, files ...*os.File) (kind byte) {
	q.t.Helper()
	q.serial++
	msg := encodeCall(q.serial, iface, member, signature, len(files), b)
	var fds []int
	for _, f := range files {
		fds = append(fds, int(f.Fd()))
	}
	if _, _, err := q.conn.WriteMsgUnix(msg[:1], unix.UnixRights(fds...), nil); err != nil {
		q.t.Fatal(err)
	}
	if _, err := q.conn.Write(msg[1:]); err != nil {
		q.t.Fatal(err)
	}
	var head [16]byte
	if _, err := io.ReadFull(q.in, head[:]); err != nil {
		q.t.Fatal(err)
	}
	rest := (int(binary.LittleEndian.Uint32(head[12:]))+7)&^7 + int(binary.LittleEndian.Uint32(head[4:]))
	fields := make([]byte, rest)
	if _, err := io.ReadFull(q.in, fields); err != nil {
		q.t.Fatal(err)
	}
	if serial := binary.LittleEndian.Uint32(fields[4:]); serial != q.serial {
		q.t.Errorf("answer to %d; want %d", serial, q.serial)
	}
	return head[1]
}

func TestListenerIsToldInOrder(t *testing.T) {
	var l log
	q := startListener(t, &l)
	mem, err := unix.MemfdCreate("picture", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(mem), "picture")
	defer f.Close()
	if err := f.Truncate(64 + 8*4*4); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		iface, member, sig string
		body               []byte
		files              []*os.File
	}{
		{"org.freedesktop.DBus.Properties", "GetAll", "s", body(append([]byte(listenerInterface), 0)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(4, 2, 20, formatXRGB, make([]byte, 40)), nil},
		{listenerInterface, "Update", "iiiiuuay", body(1, 1, 2, 1, 8, formatXRGB, make([]byte, 8)), nil},
		{listenerInterface, "CursorDefine", "iiiiay", body(2, 2, 1, 0, make([]byte, 16)), nil},
		{listenerInterface, "MouseSet", "iii", body(3, 1, 1), nil},
		{mapInterface, "ScanoutMap", "huuuuu", body(0, 64, 8, 4, 32, formatXRGB), []*os.File{f}},
		{mapInterface, "UpdateMap", "iiii", body(0, 0, 8, 4), nil},
		{listenerInterface, "Disable", "", nil, nil},
	}
	for _, s := range steps {
		if kind := q.call(s.iface, s.member, s.sig, s.body, s.files...); kind != typeReply {
			t.Errorf("%s was answered with %d", s.member, kind)
		}
	}
	q.conn.Close()
	if err := <-q.ended; err != nil {
		t.Errorf("listen = %v", err)
	}
	want := []string{
		"scanout 4x2 stride 20 bytes 40 first 0",
		"update 2x1+1+1 stride 8 bytes 8",
		"cursor 2x2 hot 1,0 bytes 16",
		"cursor at 3,1 true",
		"map 8x4 stride 32 at 64",
		"update map 8x4+0+0",
		"disable",
	}
	if !slices.Equal(l.lines, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(l.lines, "\n"), strings.Join(want, "\n"))
	}
	var st unix.Stat_t
	if unix.Fstat(mem, &st); st.Ino != l.inode {
		t.Errorf("inode %d; want %d", l.inode, st.Ino)
	}
}

func TestListenerRefusesNonsense(t *testing.T) {
	var l log
	q := startListener(t, &l)
	small, err := unix.MemfdCreate("small", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(small), "small")
	defer f.Close()
	if kind := q.call(listenerInterface, "Scanout", "uuuuay", body(4, 2, 16, formatXRGB, make([]byte, 32))); kind != typeReply {
		t.Fatal("an honest scanout was refused")
	}
	for _, s := range []struct {
		iface, member, sig string
		body               []byte
		files              []*os.File
	}{
		{listenerInterface, "Scanout", "uuuuay", body(0, 2, 16, formatXRGB, make([]byte, 32)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(maxSide+1, 2, 4*(maxSide+1), formatXRGB, make([]byte, 32)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(4, 2, 15, formatXRGB, make([]byte, 32)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(4, 2, -4, formatXRGB, make([]byte, 32)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(4, 2, 16, 1, make([]byte, 32)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(4, 2, 16, formatXRGB, make([]byte, 31)), nil},
		{listenerInterface, "Scanout", "uuuuay", body(4, 2, 16), nil},
		{listenerInterface, "Update", "iiiiuuay", body(3, 0, 2, 1, 8, formatXRGB, make([]byte, 8)), nil},
		{listenerInterface, "Update", "iiiiuuay", body(-1, 0, 2, 1, 8, formatXRGB, make([]byte, 8)), nil},
		{listenerInterface, "Update", "iiiiuuay", body(1, 0, 0x7fffffff, 1, 8, formatXRGB, make([]byte, 8)), nil},
		{listenerInterface, "Update", "iiiiuuay", body(0, 0, 2, 2, 8, formatXRGB, make([]byte, 8)), nil},
		{listenerInterface, "CursorDefine", "iiiiay", body(2, 2, 2, 0, make([]byte, 16)), nil},
		{listenerInterface, "CursorDefine", "iiiiay", body(513, 1, 0, 0, make([]byte, 4*513)), nil},
		{listenerInterface, "MouseSet", "iii", body(3), nil},
		{mapInterface, "ScanoutMap", "huuuuu", body(0, 0, 8, 4, 32, formatXRGB), []*os.File{f}},
		{mapInterface, "ScanoutMap", "huuuuu", body(1, 0, 8, 4, 32, formatXRGB), nil},
		{mapInterface, "UpdateMap", "iiii", body(4, 0, 1, 1), nil},
		{listenerInterface, "ScanoutDMABUF", "huuuutb", body(0), nil},
		{listenerInterface, "Scanout", "", nil, nil},
		{"", "", "", nil, nil},
	} {
		if kind := q.call(s.iface, s.member, s.sig, s.body, s.files...); kind != typeError {
			t.Errorf("%s(%v) was answered with %d; want an error", s.member, s.body, kind)
		}
	}
	if len(l.lines) != 1 {
		t.Errorf("told %q; want the honest scanout alone", l.lines)
	}
}

func TestListenerLeavesLiars(t *testing.T) {
	for name, bytes := range map[string][]byte{
		"order":       {'x', 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"version":     {'l', 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"endless":     {'l', 1, 0, 1, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0},
		"fields":      {'l', 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255},
		"no file":     encodeCall(1, mapInterface, "ScanoutMap", "huuuuu", 1, body(0, 0, 1, 1, 4, formatXRGB)),
		"short field": {'l', 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 2, 1, 's', 0, 255, 255, 255, 255},
		"cut":         {'l', 1, 0},
	} {
		q := startListener(t, &log{})
		if _, err := q.conn.Write(bytes); err != nil {
			t.Fatal(err)
		}
		if name == "cut" {
			q.conn.Close()
		}
		if err := <-q.ended; err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzListener(f *testing.F) {
	f.Add(encodeCall(1, listenerInterface, "Scanout", "uuuuay", 0, body(4, 2, 16, formatXRGB, make([]byte, 32))))
	f.Add(append(encodeCall(1, listenerInterface, "Scanout", "uuuuay", 0, body(4, 2, 16, formatXRGB, make([]byte, 32))),
		encodeCall(2, listenerInterface, "Update", "iiiiuuay", 0, body(0, 0, 4, 2, 16, formatXRGB, make([]byte, 32)))...))
	f.Add(encodeCall(3, mapInterface, "ScanoutMap", "huuuuu", 1, body(0, 0, 1, 1, 4, formatXRGB)))
	f.Add(encodeCall(4, "org.freedesktop.DBus.Properties", "GetAll", "s", 0, body([]byte("x\x00"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, theirs, err := socketPair()
		if err != nil {
			t.Skip(err)
		}
		// No authentication: the bytes of the other side are all there are.
		go func() {
			theirs.Write(data)
			unix.Shutdown(int(theirs.Fd()), unix.SHUT_WR)
			io.Copy(io.Discard, theirs)
			theirs.Close()
		}()
		c := newDBusConn(ours)
		defer c.close()
		l := listener{screen: &checker{t: t}}
		for {
			m, err := c.next()
			if err != nil {
				return
			}
			if err := l.serve(c, &m); err != nil {
				return
			}
		}
	})
}

// checker reads every byte that it is told of.
type checker struct {
	t *testing.T
	log
	size geom.Size
}

func (c *checker) Scanout(p Picture, data []byte) { _ = data[p.bytes()-1]; c.size = p.Size }
func (c *checker) Update(r geom.Rect, stride int, data []byte) {
	if r.X1 > c.size.W || r.Y1 > c.size.H {
		c.t.Errorf("update %v of %v", r, c.size)
	}
	_ = data[stride*int(r.H()-1)+4*int(r.W())-1]
}

func TestKeyNumbers(t *testing.T) {
	seen := map[uint32]uint32{}
	for code := range uint32(768) {
		n, ok := keyNumber(code)
		if !ok {
			continue
		}
		if other, twice := seen[n]; twice {
			t.Errorf("keys %d and %d are both %#x", other, code, n)
		}
		seen[n] = code
	}
	for code, want := range map[uint32]uint32{30: 30, 28: 28, 103: 0xc8, 97: 0x9d, 125: 0xdb} {
		if n, _ := keyNumber(code); n != want {
			t.Errorf("keyNumber(%d) = %#x; want %#x", code, n, want)
		}
	}
}
