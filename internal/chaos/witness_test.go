package chaos

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// witness is a client that does everything right and must notice nothing.
type witness struct {
	w     *world
	dpy   *client.Display
	names map[string]uint32
	reg   *client.WlRegistry
	comp  *client.WlCompositor
	shm   *client.WlShm
	base  *client.XdgWmBase
	fault error
	shots int
}

func (w *world) newWitness() (*witness, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if _, err := w.session.Server().AddClient(fds[0]); err != nil {
		return nil, err
	}
	n := &witness{w: w, names: map[string]uint32{}}
	if n.dpy, err = client.New(fds[1]); err != nil {
		return nil, err
	}
	n.reg = n.dpy.GetRegistry()
	n.reg.OnGlobal = func(name uint32, iface string, _ uint32) { n.names[iface] = name }
	n.roundtrip()
	n.comp = client.BindWlCompositor(n.reg, n.names["wl_compositor"], 6)
	n.shm = client.BindWlShm(n.reg, n.names["wl_shm"], 1)
	n.base = client.BindXdgWmBase(n.reg, n.names["xdg_wm_base"], 6)
	n.base.OnPing = func(serial uint32) { n.base.Pong(serial) }
	client.BindWlSeat(n.reg, n.names["wl_seat"], 9).GetKeyboard()
	n.roundtrip()
	return n, n.err()
}

func (n *witness) err() error { return n.fault }

// pump says and hears what there is.
func (n *witness) pump() {
	if n.fault != nil {
		return
	}
	err := n.dpy.Flush()
	if err == nil {
		n.w.turn()
		err = n.dpy.Read()
	}
	if err == nil {
		_, err = n.dpy.DispatchPending()
	}
	if err != nil {
		n.fault = err
		n.w.fail("the witness: %v", err)
	}
}

// patience is how many turns others may have before it.
const patience = 300

// until pumps until something is true.
func (n *witness) until(what string, holds func() bool) bool {
	for range patience {
		if holds() {
			return true
		}
		n.pump()
		if n.fault != nil {
			return false
		}
	}
	n.w.fail("the witness waits for %s in vain", what)
	return false
}

func (n *witness) roundtrip() bool {
	done := false
	n.dpy.Sync().OnDone = func(uint32) { done = true }
	return n.until("an answer", func() bool { return done })
}

// window is one of the witness's.
type window struct {
	n       *witness
	surface *client.WlSurface
	xdg     *client.XdgSurface
	top     *client.XdgToplevel
	title   string
	color   uint32
	serial  uint32
	asked   bool
	size    geom.Size
}

// open asks for a window and maps it with the size that it is told.
func (n *witness) open() *window {
	n.shots++
	v := &window{
		n: n, title: fmt.Sprint("witness ", n.shots), size: geom.Size{W: 200, H: 150},
		color: 0xff000000 | uint32(n.shots*0x3b1f07)&0xffffff,
	}
	v.surface = n.comp.CreateSurface()
	v.xdg = n.base.GetXdgSurface(v.surface)
	v.top = v.xdg.GetToplevel()
	v.top.SetTitle(v.title)
	v.top.OnConfigure = func(width, height int32, _ []byte) {
		if width > 0 && height > 0 {
			v.size = geom.Size{W: width, H: height}
		}
	}
	mapped := false
	v.xdg.OnConfigure = func(serial uint32) {
		v.serial, v.asked = serial, true
		if mapped {
			v.draw()
		}
	}
	v.surface.Commit()
	if !n.until("a configure", func() bool { return v.asked }) {
		return v
	}
	mapped = true
	v.draw()
	n.roundtrip()
	return v
}

// draw answers the last configure with a picture of one colour.
func (v *window) draw() {
	v.xdg.AckConfigure(v.serial)
	bytes := 4 * v.size.W * v.size.H
	fd := must(unix.MemfdCreate("witness", unix.MFD_CLOEXEC))
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, int64(bytes)); err != nil {
		panic(err)
	}
	mem, err := unix.Mmap(fd, 0, int(bytes), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(mem); i += 4 {
		mem[i], mem[i+1], mem[i+2], mem[i+3] = byte(v.color), byte(v.color>>8), byte(v.color>>16), 0xff
	}
	if err := unix.Munmap(mem); err != nil {
		panic(err)
	}
	pool := v.n.shm.CreatePool(fd, bytes)
	b := pool.CreateBuffer(0, v.size.W, v.size.H, 4*v.size.W, protocol.WlShmFormatXrgb8888)
	b.OnRelease = b.Destroy
	pool.Destroy()
	v.surface.Attach(b, 0, 0)
	v.surface.DamageBuffer(0, 0, v.size.W, v.size.H)
	v.surface.Commit()
}

func (v *window) close() {
	v.top.Destroy()
	v.xdg.Destroy()
	v.surface.Destroy()
	v.n.roundtrip()
}

// served: whatever the others are doing, it is answered, and may open a window
// and close it.
func (n *witness) served() {
	if n.fault == nil && n.roundtrip() {
		n.open().close()
	}
}

// unlock opens a session whose locker has died without a word, as the next
// locker would.
func (n *witness) unlock() {
	m := client.BindExtSessionLockManagerV1(n.reg, n.names["ext_session_lock_manager_v1"], 1)
	l := m.Lock()
	locked, refused := false, false
	l.OnLocked = func() { locked = true }
	l.OnFinished = func() { refused = true }
	for range 60 {
		if locked || refused {
			break
		}
		n.w.pass(time.Second / 60)
	}
	if !locked {
		n.w.fail("the witness can't lock the session: refused %v", refused)
		return
	}
	l.UnlockAndDestroy()
	m.Destroy()
	n.roundtrip()
}

// sees: a window of its own gets frames, and its pixels are on the screen.
func (n *witness) sees() {
	v := n.open()
	framed := false
	var id uint32
	var place control.Rect
	for _, c := range n.w.ctl.Windows() {
		if c.Title == v.title {
			id, place = c.ID, c.Content
		}
	}
	if id == 0 {
		n.w.fail("the witness has no window; there are %+v", n.w.ctl.Windows())
		return
	}
	if err := n.w.ctl.Focus(id); err != nil {
		n.w.fail("focus: %v", err)
	}
	v.surface.Frame().OnDone = func(uint32) { framed = true }
	v.surface.Commit()
	for i := 0; i < 120 && !framed; i++ {
		n.w.pass(time.Second / 60)
	}
	if !framed {
		n.w.fail("the window gets no frame: %+v", n.w.ctl.Windows())
	}
	n.shows(v, "window", control.Target{Window: id}, 0.5, 0.5)
	x, y := float64(place.X)+float64(place.W)/2, float64(place.Y)+float64(place.H)/2
	n.shows(v, "screen", control.Target{}, x/800, y/600)
	v.close()
}

// shows looks at a pixel of a picture.
func (n *witness) shows(v *window, what string, t control.Target, x, y float64) {
	var shot render.Pixels
	var err error
	done := false
	n.w.ctl.Screenshot(t, func(p render.Pixels, e error) { shot, err, done = p, e, true })
	for i := 0; i < 120 && !done; i++ {
		n.w.pass(time.Second / 60)
	}
	if !done || err != nil {
		n.w.fail("no picture of the %s: %v", what, err)
		return
	}
	px, py := int32(x*float64(shot.W)), int32(y*float64(shot.H))
	if px < 0 || py < 0 || px >= shot.W || py >= shot.H {
		n.w.fail("the %s of %dx%d has no pixel %d,%d", what, shot.W, shot.H, px, py)
		return
	}
	at := shot.Data[py*shot.Stride+4*px:]
	if got := uint32(at[0]) | uint32(at[1])<<8 | uint32(at[2])<<16; got != v.color&0xffffff {
		n.w.fail("the %s shows %06x at %d,%d of %dx%d; want %06x: %+v", what, got, px, py, shot.W, shot.H, v.color&0xffffff, n.w.ctl.Windows())
	}
}
