package chaos

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// Recipes do by the book what chance alone would hardly find: windows, popups,
// panels and captures that come as far as the screen.
var recipes = []func(*draw){
	(*draw).toplevel, (*draw).toplevel, (*draw).popup, (*draw).panel, (*draw).child, (*draw).shot, (*draw).locker,
	(*draw).redraw, (*draw).redraw, (*draw).clipboard, (*draw).outputs, (*draw).sandbox,
}

// global returns what the peer has bound of an interface, or nil.
func (d *draw) global(name string) *object { return d.p.bound[name] }

func (d *draw) surface() *object {
	if comp := d.global("wl_compositor"); comp != nil {
		return d.p.make(comp, "create_surface")
	}
	return nil
}

// buffer makes one of some kind, or takes one that is there.
func (d *draw) buffer() *object {
	p := d.p
	if b := d.object("wl_buffer", 0); b != nil && d.often(30) {
		return b
	}
	if one := d.global("wp_single_pixel_buffer_manager_v1"); one != nil && d.often(40) {
		return p.make(one, "create_u32_rgba_buffer", 1<<31, 1<<31, 1<<31, uint32(1<<31))
	}
	shm := d.global("wl_shm")
	if shm == nil {
		return nil
	}
	w, h := one(d, 16, 64, 300), one(d, 16, 64, 300)
	pool := p.make(shm, "create_pool", d.memory(int64(4*w*h), d.often(50)), 4*w*h)
	b := p.make(pool, "create_buffer", 0, w, h, 4*w, d.IntN(2))
	if d.often(80) {
		p.put(pool, "destroy")
	}
	return b
}

// draw commits a picture.
func (d *draw) show(s *object) {
	b := d.buffer()
	if b == nil || s == nil || s.ended {
		return
	}
	d.p.put(s, "attach", b, 0, 0)
	d.p.put(s, "damage_buffer", 0, 0, 1<<20, 1<<20)
	if d.often(50) {
		d.p.make(s, "frame")
	}
	d.p.put(s, "commit")
}

// answer waits for a configure, acknowledges it and draws.
func (d *draw) answer(role, s *object) {
	d.p.put(s, "commit")
	d.p.w.turn()
	d.p.read()
	if n := len(role.serials); n > 0 && !role.ended {
		d.p.put(role, "ack_configure", role.serials[n-1])
		d.show(s)
	}
}

func (d *draw) toplevel() {
	base, s := d.global("xdg_wm_base"), d.surface()
	if base == nil || s == nil {
		return
	}
	xdg := d.p.make(base, "get_xdg_surface", s)
	top := d.p.make(xdg, "get_toplevel")
	if d.often(50) {
		d.p.put(top, "set_title", d.word())
	}
	switch d.IntN(6) {
	case 0:
		d.p.put(top, "set_fullscreen", (*object)(nil))
	case 1:
		d.p.put(top, "set_maximized")
	}
	d.answer(xdg, s)
}

func (d *draw) popup() {
	base, parent, s := d.global("xdg_wm_base"), d.object("xdg_surface", 0), d.surface()
	if base == nil || parent == nil || s == nil {
		return
	}
	pos := d.p.make(base, "create_positioner")
	d.p.put(pos, "set_size", 20, one(d, 20, 2000))
	d.p.put(pos, "set_anchor_rect", 0, 0, 5, 5)
	xdg := d.p.make(base, "get_xdg_surface", s)
	pop := d.p.make(xdg, "get_popup", parent, pos)
	if seat := d.global("wl_seat"); seat != nil && d.often(40) {
		d.p.put(pop, "grab", seat, d.serial(seat))
	}
	d.answer(xdg, s)
}

func (d *draw) panel() {
	shell, s := d.global("zwlr_layer_shell_v1"), d.surface()
	if shell == nil || s == nil {
		return
	}
	out := d.global("wl_output")
	if d.often(50) {
		out = nil
	}
	l := d.p.make(shell, "get_layer_surface", s, out, d.IntN(4), "chaos")
	d.p.put(l, "set_size", 100, one(d, 20, 200))
	d.p.put(l, "set_anchor", d.IntN(16))
	d.p.put(l, "set_exclusive_zone", one(d, uint32(0), 20, 1<<32-1))
	d.p.put(l, "set_keyboard_interactivity", d.IntN(3))
	d.answer(l, s)
}

func (d *draw) child() {
	sub, parent, s := d.global("wl_subcompositor"), d.object("wl_surface", 0), d.surface()
	if sub == nil || parent == nil || s == nil {
		return
	}
	r := d.p.make(sub, "get_subsurface", s, parent)
	if d.often(50) {
		d.p.put(r, "set_desync")
	}
	d.show(s)
	d.p.put(parent, "commit")
}

// shot captures an output or a window.
func (d *draw) shot() {
	p := d.p
	m := d.global("ext_image_copy_capture_manager_v1")
	var src *object
	if h := d.object("ext_foreign_toplevel_handle_v1", 0); h != nil && d.often(50) {
		if of := d.global("ext_foreign_toplevel_image_capture_source_manager_v1"); of != nil {
			src = p.make(of, "create_source", h)
		}
	} else if of, out := d.global("ext_output_image_capture_source_manager_v1"), d.object("wl_output", 0); of != nil && out != nil {
		src = p.make(of, "create_source", out)
	}
	if m == nil || src == nil {
		return
	}
	session := p.make(m, "create_session", src, d.IntN(2))
	p.w.turn()
	p.read()
	if session.ended {
		return
	}
	f := p.make(session, "create_frame")
	shm := d.global("wl_shm")
	if shm == nil {
		return
	}
	const w, h = 800, 600
	pool := p.make(shm, "create_pool", d.memory(4*w*h, d.often(50)), 4*w*h)
	p.put(f, "attach_buffer", p.make(pool, "create_buffer", 0, w, h, 4*w, 1))
	p.put(f, "damage_buffer", 0, 0, w, h)
	p.put(f, "capture")
}

func (d *draw) locker() {
	m := d.global("ext_session_lock_manager_v1")
	if m == nil || d.often(80) { // little happens behind a lock
		return
	}
	l := d.p.make(m, "lock")
	if out, s := d.object("wl_output", 0), d.surface(); out != nil && s != nil {
		d.answer(d.p.make(l, "get_lock_surface", s, out), s)
	}
	if d.often(70) && !l.ended {
		d.p.put(l, "unlock_and_destroy")
	}
}

// redraw gives a surface a new picture.
func (d *draw) redraw() {
	if s := d.object("wl_surface", 0); s != nil {
		d.show(s)
	}
}

// clipboard offers something, and asks for what others offer.
func (d *draw) clipboard() {
	if dev := d.object("wl_data_device", 2); dev != nil {
		if src := d.object("wl_data_source", 2); src != nil && !dev.ended && !src.ended {
			d.p.put(src, "offer", "text/plain")
			d.p.put(dev, "set_selection", src, d.serial(dev))
		}
	}
	d.p.w.turn()
	d.p.read()
	for _, kind := range []string{"wl_data_offer", "zwp_primary_selection_offer_v1", "ext_data_control_offer_v1", "zwlr_data_control_offer_v1"} {
		if offer := d.object(kind, 0); offer != nil {
			d.p.put(offer, "receive", "text/plain", d.pipe(1))
		}
	}
}

// outputs configures the screens.
func (d *draw) outputs() {
	m := d.global("zwlr_output_manager_v1")
	if m == nil || len(m.serials) == 0 {
		return
	}
	c := d.p.make(m, "create_configuration", m.serials[len(m.serials)-1])
	heads := 0
	for _, o := range append([]*object(nil), d.p.live...) {
		if o.iface.name != "zwlr_output_head_v1" {
			continue
		}
		if heads++; heads > 1 && d.often(20) {
			d.p.put(c, "disable_head", o)
			continue
		}
		h := d.p.make(c, "enable_head", o)
		switch d.IntN(5) {
		case 0:
			d.p.put(h, "set_custom_mode", one(d, 640, 1000), one(d, 480, 700), 0)
		case 1:
			d.p.put(h, "set_scale", one(d, 1<<8, 2<<8, 384, 320))
		case 2:
			d.p.put(h, "set_transform", d.IntN(8))
		case 3:
			d.p.put(h, "set_position", one(d, 0, 800, -300), one(d, 0, 600))
		}
	}
	d.p.put(c, one(d, "apply", "test"))
}

// sandbox opens a door for others, and comes in by it.
func (d *draw) sandbox() {
	m := d.global("wp_security_context_manager_v1")
	if m == nil {
		return
	}
	door := must(unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0))
	if err := unix.Bind(door, &unix.SockaddrUnix{}); err != nil {
		panic(err)
	}
	if err := unix.Listen(door, 4); err != nil {
		panic(err)
	}
	at, err := unix.Getsockname(door)
	if err != nil {
		panic(err)
	}
	x := d.p.make(m, "create_listener", door, d.pipe(0))
	d.p.put(x, "set_app_id", d.word())
	d.p.put(x, "commit")
	d.p.w.turn()
	in := must(unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0))
	if err := unix.Connect(in, at); err == nil {
		hello := binary.NativeEndian.AppendUint32(nil, 1)
		hello = binary.NativeEndian.AppendUint32(hello, 12<<16|1)
		_, _ = unix.Write(in, binary.NativeEndian.AppendUint32(hello, 2)) // it may be refused by now
	}
	d.p.held = append(d.p.held, in)
}
