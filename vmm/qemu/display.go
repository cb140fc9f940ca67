package qemu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/bus"
)

// Display is a connection to the screen, keyboard and pointer of a machine
// (QEMU's D-Bus display in peer-to-peer mode, docs/interop/dbus-display). The
// machine runs on when it ends, and it can be opened again: the first thing
// that comes is a whole picture.
//
// Input is sent in the order of the calls and not waited for.
type Display struct {
	// Mapped reports whether pictures come as memory to map (QEMU 9 and
	// newer), not as bytes.
	Mapped bool
	// Touch reports whether the machine can have a touch screen.
	Touch bool

	monitor *Monitor
	conn    *dbus.Conn
	console dbus.BusObject
	screen  *served
}

const (
	busName     = ""
	vmPath      = dbus.ObjectPath("/org/qemu/Display1/VM")
	consolePath = dbus.ObjectPath("/org/qemu/Display1/Console_0")
	display1    = "org.qemu.Display1."
)

var displays atomic.Uint64 // names of descriptors given to monitors, and ours

// OpenDisplay connects to the machine behind a monitor. From then on screen
// is told what the machine shows.
func OpenDisplay(ctx context.Context, m *Monitor, screen Screen) (*Display, error) {
	d, err := openDisplay(ctx, m, screen)
	if err != nil {
		return nil, fmt.Errorf("guest display: %w", err)
	}
	return d, nil
}

func openDisplay(ctx context.Context, m *Monitor, screen Screen) (_ *Display, err error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("display%d", displays.Add(1))
	err = m.SendFile(ctx, name, theirs)
	theirs.Close()
	if err == nil {
		err = m.Execute(ctx, "add_client", map[string]any{"protocol": "@dbus-display", "fdname": name}, nil)
	}
	if err != nil {
		ours.Close()
		return nil, err
	}
	// godbus closes ours, whatever happens.
	stop := context.AfterFunc(ctx, func() { ours.Close() })
	defer stop()
	conn, err := dialDisplay(ours)
	if err != nil {
		return nil, err
	}
	d := &Display{monitor: m, conn: conn, console: conn.Object(busName, consolePath)}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	if err := conn.Auth(nil); err != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	d.capabilities(ctx)
	ask := func(fd dbus.UnixFD) error {
		return d.console.CallWithContext(ctx, display1+"Console.RegisterListener", 0, fd).Err
	}
	d.screen, err = register(ctx, ask, func(conn *net.UnixConn) error { return listen(conn, screen) })
	if err != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	return d, nil
}

// dialDisplay makes a connection of a socket, which it owns.
func dialDisplay(socket *net.UnixConn) (*dbus.Conn, error) {
	return dbus.DialUnix(socket, dbus.WithSerialGenerator(new(bus.Serials)))
}

// capabilities asks what this QEMU can do. One that doesn't know the question
// can do none of it.
func (d *Display) capabilities(ctx context.Context) {
	var v dbus.Variant
	vm := d.conn.Object(busName, vmPath)
	if vm.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, display1+"VM", "Interfaces").Store(&v) == nil {
		d.Mapped = true
	}
	var touch dbus.Variant
	if d.console.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, display1+"Console", "Interfaces").Store(&touch) == nil {
		names, _ := touch.Value().([]string)
		d.Touch = slices.Contains(names, display1+"MultiTouch")
	}
}

// served is a connection by which QEMU calls us.
type served struct {
	conn *net.UnixConn
	done chan struct{} // closed when it has ended
	err  error         // why, once done is closed
}

// register asks QEMU to take the other end of a connection that is served. QEMU
// answers when that has authenticated, so both go on at once.
func register(ctx context.Context, ask func(dbus.UnixFD) error, serve func(*net.UnixConn) error) (*served, error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	s := &served{conn: ours, done: make(chan struct{})}
	go func() {
		s.err = serve(ours)
		close(s.done)
	}()
	stop := context.AfterFunc(ctx, func() { ours.Close() })
	err = ask(dbus.UnixFD(theirs.Fd()))
	theirs.Close()
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		s.close()
		return nil, errors.Join(err, s.err)
	}
	return s, nil
}

// close ends it. When it returns, nothing is served any more.
func (s *served) close() {
	s.conn.Close()
	<-s.done
}

// Done is closed when the screen has gone.
func (d *Display) Done() <-chan struct{} { return d.screen.done }

// Err says why the screen has gone, nil when QEMU or Close ended it in order.
// It is valid when Done is closed.
func (d *Display) Err() error { return d.screen.err }

// Ended is Err for a display that may be there still: nil then.
func (d *Display) Ended() error {
	select {
	case <-d.screen.done:
		return d.screen.err
	default:
		return nil
	}
}

// Close ends the connection. When it returns, the screen is told no more.
func (d *Display) Close() {
	d.screen.conn.Close()
	d.conn.Close()
	<-d.screen.done
}

// send calls a method of the console and doesn't wait. It fails only when the
// connection has ended.
func (d *Display) send(method string, args ...any) error {
	call := d.console.Go(display1+method, dbus.FlagNoReplyExpected, nil, args...)
	if call.Err != nil {
		return fmt.Errorf("guest display: %s: %w", method, call.Err)
	}
	return nil
}

// SetSize asks the guest for a mode of size pixels, on a screen of mm
// millimetres. Guests that follow show a new scanout.
func (d *Display) SetSize(size geom.Size, mm geom.Size) error {
	clamp := func(v int32) uint16 { return uint16(min(max(v, 0), 65535)) }
	if size.W < 1 || size.H < 1 || size.W > maxSide || size.H > maxSide {
		return fmt.Errorf("guest display: %dx%d is no size for a screen", size.W, size.H)
	}
	return d.send("Console.SetUIInfo", clamp(mm.W), clamp(mm.H), int32(0), int32(0), uint32(size.W), uint32(size.H))
}

// Key presses or releases a key by its evdev code. Keys that a PC keyboard
// doesn't have are left out; known says so.
func (d *Display) Key(code uint32, pressed bool) (known bool, err error) {
	number, known := keyNumber(code)
	if !known {
		return false, nil
	}
	if pressed {
		return true, d.send("Keyboard.Press", number)
	}
	return true, d.send("Keyboard.Release", number)
}

// Button is a button of the pointer, by QEMU's numbers.
type Button uint32

// Buttons. The wheel's are pressed and released for each step.
const (
	ButtonLeft Button = iota
	ButtonMiddle
	ButtonRight
	WheelUp
	WheelDown
	ButtonSide
	ButtonExtra
	WheelLeft
	WheelRight
)

// Button presses or releases a button.
func (d *Display) Button(b Button, pressed bool) error {
	if pressed {
		return d.send("Mouse.Press", uint32(b))
	}
	return d.send("Mouse.Release", uint32(b))
}

// Pointer moves the pointer to a pixel of the current scanout.
func (d *Display) Pointer(at geom.Point) error {
	return d.send("Mouse.SetAbsPosition", uint32(max(at.X, 0)), uint32(max(at.Y, 0)))
}

// motionWithin is how long QEMU gets to take a motion.
const motionWithin = 5 * time.Second

// PointerBy moves a pointer that is held, and waits until QEMU has taken that.
// The display takes no such motion where there is a tablet, so it goes by the
// monitor, which gives it to the mouse beside that.
func (d *Display) PointerBy(by geom.Point) error {
	ctx, cancel := context.WithTimeout(context.Background(), motionWithin)
	defer cancel()
	type axis struct {
		Axis  string `json:"axis"`
		Value int32  `json:"value"`
	}
	type event struct {
		Type string `json:"type"`
		Data axis   `json:"data"`
	}
	args := map[string][]event{"events": {{"rel", axis{"x", by.X}}, {"rel", axis{"y", by.Y}}}}
	if err := d.monitor.Execute(ctx, "input-send-event", args, nil); err != nil {
		return fmt.Errorf("guest display: motion: %w", err)
	}
	return nil
}

// Absolute reports whether the guest has a driver for the tablet, so that
// Pointer has an effect.
func (d *Display) Absolute(ctx context.Context) (bool, error) {
	var v dbus.Variant
	err := d.console.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, display1+"Mouse", "IsAbsolute").Store(&v)
	if err != nil {
		return false, fmt.Errorf("guest display: %w", err)
	}
	yes, _ := v.Value().(bool)
	return yes, nil
}

// Touch kinds of QEMU's MultiTouch.
const (
	touchBegin = iota
	touchUpdate
	touchEnd
	touchCancel
)

// TouchDown, TouchMove and TouchUp move one finger, in pixels of the current
// scanout. They need Touch.
func (d *Display) TouchDown(slot uint64, x, y float64) error {
	return d.send("MultiTouch.SendEvent", uint32(touchBegin), slot, x, y)
}

// TouchMove moves a finger.
func (d *Display) TouchMove(slot uint64, x, y float64) error {
	return d.send("MultiTouch.SendEvent", uint32(touchUpdate), slot, x, y)
}

// TouchUp lifts a finger; where it was is said again.
func (d *Display) TouchUp(slot uint64, x, y float64) error {
	return d.send("MultiTouch.SendEvent", uint32(touchEnd), slot, x, y)
}

// socketPair makes a connection; the second end is for somebody else.
func socketPair() (*net.UnixConn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	theirs := os.NewFile(uintptr(fds[1]), "display")
	f := os.NewFile(uintptr(fds[0]), "display")
	conn, err := net.FileConn(f)
	f.Close()
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}
