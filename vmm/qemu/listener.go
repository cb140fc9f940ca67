package qemu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"rayos/geom"
)

// Limits of what a guest may show.
const (
	maxSide   = 16384 // pixels
	maxCursor = 512   // pixels
)

// Pixel formats of QEMU's display (pixman's numbers).
const (
	formatXRGB = 0x20020888
	formatARGB = 0x20028888
)

// Picture is a guest's framebuffer, 32 bits a pixel, XRGB8888 in memory order
// B G R X.
type Picture struct {
	Size   geom.Size
	Stride int // bytes
}

func (p Picture) bytes() int { return p.Stride*(int(p.Size.H)-1) + 4*int(p.Size.W) }

// Cursor is a guest's pointer image, ARGB8888 premultiplied, rows without
// gaps.
type Cursor struct {
	Size geom.Size
	Hot  geom.Point
	Data []byte // borrowed for the call
}

// Screen is told what a guest shows. Its methods are called in order on the
// listener's goroutine; what they get is borrowed for the call, but for file.
type Screen interface {
	// Scanout is a whole picture: a new mode, or a page flip.
	Scanout(p Picture, data []byte)
	// Update is a part of the last picture. data has its rows, stride bytes
	// apart.
	Update(r geom.Rect, stride int, data []byte)
	// ScanoutMap is a picture in memory that QEMU writes and we may map: from
	// offset in file, which is the callee's to close.
	ScanoutMap(p Picture, file *os.File, offset int64)
	// UpdateMap says that a part of the mapped picture has changed.
	UpdateMap(r geom.Rect)
	// Disable says that the guest shows nothing.
	Disable()
	// CursorImage and CursorMoved tell of the guest's own pointer.
	CursorImage(c Cursor)
	CursorMoved(at geom.Point, visible bool)
}

const (
	listenerInterface = "org.qemu.Display1.Listener"
	mapInterface      = "org.qemu.Display1.Listener.Unix.Map"
	unknownMethod     = "org.freedesktop.DBus.Error.UnknownMethod"
	invalidArgs       = "org.freedesktop.DBus.Error.InvalidArgs"
)

// listen serves QEMU's calls until the connection ends. It authenticates
// first. The error is nil when QEMU closed the connection.
func listen(conn *net.UnixConn, screen Screen) error {
	c := newDBusConn(conn)
	defer c.close()
	if err := c.auth(); err != nil {
		return fmt.Errorf("guest display: %w", err)
	}
	l := listener{screen: screen}
	for {
		m, err := c.next()
		if err == io.EOF || errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err == nil {
			err = l.serve(c, &m)
		}
		if err != nil {
			return fmt.Errorf("guest display: %w", err)
		}
	}
}

// listener knows the size of the last picture, to hold updates against it.
type listener struct {
	screen Screen
	size   geom.Size // of the guest's picture
	own    bool      // QEMU shows one of its own instead
}

var errBadCall = errors.New("bad call")

// serve carries out one call and answers it. Its error ends the connection; a
// call that makes no sense is refused and nothing else.
func (l *listener) serve(c *dbusConn, m *call) error {
	defer func() {
		for _, f := range m.files {
			f.Close()
		}
	}()
	if !m.isCall {
		return nil // an answer; we asked nothing
	}
	if m.iface == "org.freedesktop.DBus.Properties" && m.member == "GetAll" {
		return c.reply(m, "a{sv}", interfacesProperty())
	}
	switch err := l.call(m); {
	case err == nil:
		return c.reply(m, "", nil)
	case err == errBadCall:
		return c.refuse(m, invalidArgs)
	default:
		return c.refuse(m, unknownMethod)
	}
}

// disable says that the guest shows nothing.
func (l *listener) disable() {
	l.size = geom.Size{}
	l.screen.Disable()
}

var errUnknown = errors.New("unknown method")

func (l *listener) call(m *call) error {
	a := args{b: m.body, order: m.order}
	if l.own && (m.member == "Update" || m.member == "UpdateMap") {
		return nil // of a picture that was not passed on
	}
	switch m.iface + "." + m.member + "(" + m.signature + ")" {
	case listenerInterface + ".Scanout(uuuuay)":
		p, ok := a.picture()
		data := a.bytes()
		if !ok || a.short || len(data) < p.bytes() {
			return errBadCall
		}
		if l.own = placeholder(p, data); l.own {
			l.disable()
			break
		}
		l.size = p.Size
		l.screen.Scanout(p, data)
	case listenerInterface + ".Update(iiiiuuay)":
		r, inside := a.rect(l.size)
		stride, format := a.u32(), a.u32()
		data := a.bytes()
		if !inside || a.short || !knownFormat(format) || stride < uint32(4*r.W()) || stride > 4*maxSide ||
			len(data) < int(stride)*int(r.H()-1)+4*int(r.W()) {
			return errBadCall
		}
		l.screen.Update(r, int(stride), data)
	case mapInterface + ".ScanoutMap(huuuuu)":
		index, offset := a.u32(), a.u32()
		p, ok := a.picture()
		if !ok || a.short || int64(index) >= int64(len(m.files)) {
			return errBadCall
		}
		f := m.files[index]
		if st, err := f.Stat(); err != nil || st.Size() < int64(offset)+int64(p.bytes()) {
			return errBadCall
		}
		if l.own = mappedPlaceholder(p, f, int64(offset)); l.own {
			l.disable()
			break
		}
		m.files = append(m.files[:index:index], m.files[index+1:]...)
		l.size = p.Size
		l.screen.ScanoutMap(p, f, int64(offset))
	case mapInterface + ".UpdateMap(iiii)":
		r, inside := a.rect(l.size)
		if !inside || a.short {
			return errBadCall
		}
		l.screen.UpdateMap(r)
	case listenerInterface + ".Disable()":
		l.disable()
	case listenerInterface + ".MouseSet(iii)":
		x, y, on := a.i32(), a.i32(), a.i32()
		if a.short {
			return errBadCall
		}
		l.screen.CursorMoved(geom.Point{X: x, Y: y}, on != 0)
	case listenerInterface + ".CursorDefine(iiiiay)":
		cur := Cursor{Size: geom.Size{W: a.i32(), H: a.i32()}, Hot: geom.Point{X: a.i32(), Y: a.i32()}}
		cur.Data = a.bytes()
		w, h := cur.Size.W, cur.Size.H
		if a.short || w < 1 || h < 1 || w > maxCursor || h > maxCursor || len(cur.Data) < int(4*w*h) ||
			cur.Hot.X < 0 || cur.Hot.Y < 0 || cur.Hot.X >= w || cur.Hot.Y >= h {
			return errBadCall
		}
		cur.Data = cur.Data[:4*w*h]
		l.screen.CursorImage(cur)
	default:
		return errUnknown
	}
	return nil
}

func knownFormat(f uint32) bool { return f == formatXRGB || f == formatARGB }

// args reads a call's arguments. After one that isn't there, short is set and
// all are zero.
type args struct {
	b     []byte
	at    int
	order binary.ByteOrder
	short bool
}

func (a *args) u32() uint32 {
	a.at = (a.at + 3) &^ 3
	if a.short || a.at+4 > len(a.b) {
		a.short = true
		return 0
	}
	v := a.order.Uint32(a.b[a.at:])
	a.at += 4
	return v
}

func (a *args) u64() uint64 {
	a.at = (a.at + 7) &^ 7
	if a.short || a.at+8 > len(a.b) {
		a.short = true
		return 0
	}
	v := a.order.Uint64(a.b[a.at:])
	a.at += 8
	return v
}

func (a *args) u8() byte {
	if a.short || a.at >= len(a.b) {
		a.short = true
		return 0
	}
	a.at++
	return a.b[a.at-1]
}

func (a *args) i32() int32 { return int32(a.u32()) }

// bytes is an array of bytes, borrowed.
func (a *args) bytes() []byte {
	n := int64(a.u32())
	if a.short || n > int64(len(a.b)-a.at) {
		a.short = true
		return nil
	}
	v := a.b[a.at : a.at+int(n)]
	a.at += int(n)
	return v
}

// picture is width, height, stride and format; it reports whether they can be
// meant.
func (a *args) picture() (Picture, bool) {
	w, h, stride, format := a.u32(), a.u32(), a.u32(), a.u32()
	if w < 1 || h < 1 || w > maxSide || h > maxSide || stride < 4*w || stride > 4*maxSide || stride%4 != 0 || !knownFormat(format) {
		return Picture{}, false
	}
	p := Picture{Size: geom.Size{W: int32(w), H: int32(h)}, Stride: int(stride)}
	return p, p.bytes() <= maxBody
}

// rect is x, y, width and height; it reports whether that is a part of size.
func (a *args) rect(size geom.Size) (geom.Rect, bool) {
	r := geom.XYWH(a.i32(), a.i32(), a.i32(), a.i32())
	whole := geom.XYWH(0, 0, size.W, size.H)
	return r, !r.Empty() && whole.Contains(r)
}

// interfacesProperty is {"Interfaces": <["org.qemu…Map"]>} as a{sv}: by it
// QEMU 9 and newer know that pictures may come as memory instead of bytes.
func interfacesProperty() []byte {
	le := binary.LittleEndian
	b := []byte{0, 0, 0, 0, 0, 0, 0, 0} // length of the array, padding
	str := func(s string) {
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
		b = le.AppendUint32(b, uint32(len(s)))
		b = append(append(b, s...), 0)
	}
	str("Interfaces")
	b = append(b, 2, 'a', 's', 0)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	lenAt := len(b)
	b = append(b, 0, 0, 0, 0)
	str(mapInterface)
	le.PutUint32(b[lenAt:], uint32(len(b)-lenAt-4))
	le.PutUint32(b, uint32(len(b)-8))
	return b
}
