package chaos

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"

	"golang.org/x/sys/unix"
)

// draw makes requests out of chance.
type draw struct {
	*rand.Rand
	p *peer
}

// one returns an element of a list that is not empty.
func one[T any](d *draw, list ...T) T { return list[d.IntN(len(list))] }

// often is true in so many of a hundred cases.
func (d *draw) often(percent int) bool { return d.IntN(100) < percent }

// numbers that requests are likely to take, for each numeric argument in turn.
// Without them streams end at their first error.
var likely = map[string][][]int32{
	"wl_shm.create_pool":                                       {{1 << 16}},
	"wl_shm_pool.create_buffer":                                {{0, 64}, {16, 8, 20}, {16, 8, 4}, {80, 84}, {0, 1}},
	"wl_shm_pool.resize":                                       {{1 << 16, 1<<16 + 1, 1 << 18}},
	"wl_surface.attach":                                        {{0}, {0}},
	"wl_surface.set_buffer_scale":                              {{1, 1, 2, 4}},
	"wp_viewport.set_source":                                   {{0, 1}, {0, 1}, {2, 3}, {2, 3}},
	"wp_viewport.set_destination":                              {{20, -1, 100}, {20, -1, 100}},
	"xdg_toplevel.set_max_size":                                {{0, 100, 500}, {0, 100, 500}},
	"xdg_toplevel.set_min_size":                                {{0, 10}, {0, 10}},
	"xdg_positioner.set_size":                                  {{10, 50, 1000}, {10, 50}},
	"xdg_positioner.set_anchor_rect":                           {{0, 5, -20, 600}, {0, 5}, {0, 1, 10}, {0, 1, 10}},
	"xdg_surface.set_window_geometry":                          {{0, -5, 5}, {0, 3}, {10, 100}, {10, 100}},
	"zwp_virtual_keyboard_v1.keymap":                           {{1}, {0}}, // the size is put in with the file
	"zwlr_layer_surface_v1.set_exclusive_zone":                 {{-1, 0, 20, 100, 5000}},
	"zwlr_output_configuration_head_v1.set_custom_mode":        {{640, 800, 1}, {480, 600, 1}, {0, 60000}},
	"zwlr_output_configuration_head_v1.set_scale":              {{1, 2, 1, 3}},
	"zwlr_screencopy_manager_v1.capture_output_region":         {{0, 1}, {0, 5, -5}, {0, 5}, {16, 4000}, {16}},
	"wp_single_pixel_buffer_manager_v1.create_u32_rgba_buffer": {{-1}, {-1}, {-1}, {-1}},
	"wp_commit_timer_v1.set_timestamp":                         {{0}, {0, 1, 3, 5, 100}, {0, 500000000}},
	"ext_idle_notifier_v1.get_idle_notification":               {{0, 5, 1000}},
	"ext_idle_notifier_v1.get_input_idle_notification":         {{0, 5, 1000}},
	"zwp_virtual_keyboard_v1.key":                              {{0}, {1, 15, 28, 30, 44, 56, 59, 62, 97, 103, 105, 106, 108, 125}, {0, 1}},
	"zwlr_virtual_pointer_v1.button":                           {{0}, {0x110, 0x111}, {0, 1}},
	"zwlr_virtual_pointer_v1.motion_absolute":                  {{0}, {0, 100, 400}, {0, 100, 400}, {800}, {600}},
	"zwp_tablet_tool_v2.set_cursor":                            {{0}, {0}, {0}},
}

var edges = []int32{
	0, 1, -1, 2, 3, 4, 8, 16, 64, 100, 255, 256, 480, 640, 4096, 65535, 65536, 1 << 20,
	1<<30 - 1, 1<<31 - 1, -1 << 31, -65536, -256, 0x110, 0x34325258,
}

func (d *draw) number() int32 {
	if d.often(70) {
		return one(d, edges...)
	}
	return d.Int32N(300)
}

// integer draws an int or uint.
func (d *draw) integer(o *object, m *message, a *arg, nth int) uint32 {
	if d.often(3) {
		return uint32(d.number())
	}
	if list := likely[o.iface.name+"."+m.name]; nth < len(list) {
		return uint32(one(d, list[nth]...))
	}
	switch {
	case a.enum != nil && len(a.enum.values) > 0:
		v := one(d, a.enum.values...)
		for a.enum.bitfield && d.often(40) {
			v |= one(d, a.enum.values...)
		}
		return v
	case strings.HasSuffix(a.name, "serial"):
		return d.serial(o)
	case a.name == "width" || a.name == "height" || strings.HasSuffix(a.name, "_width") || strings.HasSuffix(a.name, "_height"):
		return uint32(one(d, int32(1), 10, 16, 64, 100, 300, 640, 2000))
	case a.name == "x" || a.name == "y":
		return uint32(one(d, int32(0), 0, 5, -5, 50, 200, -1000, 5000))
	case a.name == "time" || a.name == "name" || strings.HasSuffix(a.name, "_hi"):
		return 0
	}
	return uint32(d.number())
}

// serial draws one that may be right.
func (d *draw) serial(o *object) uint32 {
	if n := len(o.serials); n > 0 && d.often(90) {
		return o.serials[n-1-d.IntN(min(n, 2))]
	}
	if n := len(d.p.serials); n > 0 && d.often(70) {
		return d.p.serials[n-1-d.IntN(min(n, 6))]
	}
	return d.p.w.session.Seat().Serial() - uint32(d.IntN(10))
}

func (d *draw) word() string {
	switch k := d.IntN(20); {
	case k < 8:
		return "text/plain"
	case k < 14 && len(d.p.strings) > 0:
		return one(d, d.p.strings...)
	}
	return one(d, "", "a", "../../etc/passwd", "\xff\xfe", "a\x01b\n", "🪟", strings.Repeat("long ", 600), "wl_surface", "%s%n", "HEADLESS-1")
}

// object draws a living object of an interface, and has one made when there is
// none. Nil means that there is no way.
func (d *draw) object(ref string, depth int) *object {
	var fit []*object
	for _, o := range d.p.live {
		if ref == "" || o.iface.name == ref {
			fit = append(fit, o)
		}
	}
	if len(fit) > 0 && (len(fit) > 6 || depth == 0 || d.often(85)) {
		if d.often(60) { // the young ones are the most interesting
			return fit[len(fit)-1-d.IntN(min(len(fit), 4))]
		}
		return one(d, fit...)
	}
	i := d.p.w.table.ifaces[ref]
	if i == nil || depth == 0 || len(i.creators) == 0 {
		return nil
	}
	c := one(d, i.creators...)
	of := d.object(c.of.name, depth-1)
	if of == nil || of.version < c.m.since {
		return nil
	}
	return d.request(of, c.m, depth-1)
}

// request sends a request of an object, and returns what it makes.
func (d *draw) request(o *object, m *message, depth int) *object {
	var b []byte
	var fds []int
	var made *object
	nth, at, size := 0, 0, int32(0)
	for i := range m.args {
		a := &m.args[i]
		switch a.kind {
		case "int", "uint":
			v := d.integer(o, m, a, nth)
			if m.name == "keymap" && a.name == "size" && d.often(95) {
				v = uint32(size)
			}
			b = words(b, v)
			nth++
		case "fixed":
			v := d.integer(o, m, a, nth)
			b = words(b, v<<8|uint32(d.IntN(2))<<7)
			nth++
		case "string":
			if a.null && d.often(30) {
				b = words(b, 0)
			} else {
				b = text(b, d.word())
			}
		case "array":
			list := make([]byte, one(d, 0, 0, 4, 8, 16, 64, 7))
			for i := 0; i+4 <= len(list); i += 4 {
				binary.NativeEndian.PutUint32(list[i:], uint32(d.IntN(12)))
			}
			b = array(b, list)
		case "fd":
			fd, n := d.descriptor(m, a)
			size = n
			fds = append(fds, fd)
		case "object":
			id, ok := d.argument(a, depth)
			if !ok {
				closeAll(fds)
				return nil
			}
			b = words(b, id)
		case "new_id":
			i := d.p.w.table.ifaces[a.ref]
			if i == nil {
				closeAll(fds)
				return nil // wl_registry.bind has its own way
			}
			at, made = len(b), &object{version: o.version, iface: i}
			b = words(b, 0)
		}
	}
	if made != nil {
		// Only now: what had to be made for other arguments took ids.
		made = d.p.add(d.p.newID(), made.version, made.iface)
		binary.NativeEndian.PutUint32(b[at:], made.id)
	}
	d.p.send(o, m, b, fds)
	if m.destructor {
		d.p.end(o)
	}
	return made
}

// argument draws an object for an argument, or says that there is none.
func (d *draw) argument(a *arg, depth int) (id uint32, ok bool) {
	k := d.IntN(1000)
	if a.null && k < 250 {
		return 0, true
	}
	if k < 997 {
		if o := d.object(a.ref, depth); o != nil {
			return o.id, true
		}
		return 0, a.null
	}
	// One of the wrong kind, or none at all.
	if o := d.object("", 0); o != nil && d.often(70) {
		return o.id, true
	}
	return uint32(d.number()), true
}

func closeAll(fds []int) {
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
}

func must(fd int, err error) int {
	if err != nil {
		panic(err)
	}
	return fd
}

// memory makes a file of a size, sealed or not.
func (d *draw) memory(size int64, seal bool) int {
	fd := must(unix.MemfdCreate("chaos", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING))
	if err := unix.Ftruncate(fd, size); err != nil {
		panic(err)
	}
	if seal {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK); err != nil {
			panic(err)
		}
	} else if len(d.p.files) < 20 {
		d.p.files = append(d.p.files, must(unix.Dup(fd)))
	}
	return fd
}

// descriptor makes one for an argument: mostly of a kind that fits. The size is
// that of the memory behind it.
func (d *draw) descriptor(m *message, a *arg) (fd int, size int32) {
	switch {
	case a.name == "close_fd": // a context lives as long as this
		return d.pipe(0), 0
	case d.often(8):
		return d.anything(), 4096
	case m.name == "keymap":
		text := d.p.w.keymap
		fd := d.memory(int64(len(text)), d.often(50))
		if _, err := unix.Pwrite(fd, text, 0); err != nil {
			panic(err)
		}
		return fd, int32(len(text))
	case a.name == "listen_fd":
		fd := must(unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0))
		if err := unix.Bind(fd, &unix.SockaddrUnix{}); err == nil {
			_ = unix.Listen(fd, 4) // one that does not listen is worth a try too
		}
		return fd, 0
	case m.name == "receive":
		return d.pipe(1), 0
	}
	return d.memory(1<<16, d.often(50)), 1 << 16
}

// pipe returns one end of a pipe and keeps the other.
func (d *draw) pipe(end int) int {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		panic(err)
	}
	if len(d.p.held) < 50 {
		d.p.held = append(d.p.held, ends[1-end])
	} else {
		_ = unix.Close(ends[1-end])
	}
	return ends[end]
}

// anything makes a descriptor of any kind.
func (d *draw) anything() int {
	switch d.IntN(11) {
	case 0:
		return d.pipe(0)
	case 1:
		return d.pipe(1)
	case 2:
		return must(unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0))
	case 3:
		return must(unix.Open("/dev/zero", unix.O_RDWR|unix.O_CLOEXEC, 0))
	case 4:
		return must(unix.Open("/proc/self", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0))
	case 5:
		return must(unix.Open("/proc/self/maps", unix.O_PATH|unix.O_CLOEXEC, 0))
	case 6:
		return must(unix.Eventfd(0, unix.EFD_CLOEXEC))
	case 7:
		return must(unix.EpollCreate1(unix.EPOLL_CLOEXEC))
	case 8:
		return must(unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0))
	case 9:
		return d.memory(one(d, int64(0), 10, 4096, 1<<30), d.often(50))
	}
	// A mapping of it can't be written.
	fd := d.memory(1<<16, false)
	defer unix.Close(fd)
	return must(unix.Open("/proc/self/fd/"+itoa(fd), unix.O_RDONLY|unix.O_CLOEXEC, 0))
}

// deadly requests are nearly always an error when chance makes them. Recipes
// make them with a better prospect.
var deadly = map[string]bool{
	"zxdg_exporter_v2.export_toplevel": true, "zxdg_imported_v2.set_parent_of": true, "wl_subcompositor.get_subsurface": true,
	"xdg_surface.get_popup": true, "xdg_surface.get_toplevel": true, "xdg_wm_base.get_xdg_surface": true,
	"zwlr_layer_shell_v1.get_layer_surface": true, "ext_session_lock_v1.get_lock_surface": true,
	"xdg_surface.ack_configure": true, "zwlr_layer_surface_v1.ack_configure": true, "wl_fixes.destroy_registry": true,
	"ext_image_copy_capture_cursor_session_v1.get_capture_session": true,
}

// requests sends a few of any objects.
func (d *draw) requests() {
	for range 1 + d.IntN(8) {
		p := d.p
		if len(p.live) == 0 || p.dead {
			return
		}
		var o *object
		if d.often(50) {
			o = d.object("", 0)
		} else { // every interface has the same chance
			o = d.object(one(d, d.p.w.table.names...), 3)
		}
		if o == nil || o.ended || len(o.iface.requests) == 0 || o.id == 1 && d.often(80) {
			continue
		}
		m := one(d, o.iface.requests...)
		// Few live long enough if all may be destroyed.
		name := o.iface.name + "." + m.name
		if m.since > o.version && d.often(99) || m.destructor && len(p.live) < maxLive && d.often(85) || deadly[name] && d.often(95) {
			continue
		}
		if m.name == "bind" {
			d.bind(o)
			continue
		}
		d.request(o, m, 3)
	}
}

func (d *draw) bind(reg *object) {
	if len(d.p.globals) == 0 {
		return
	}
	g := one(d, d.p.globals...)
	v := 1 + uint32(d.IntN(int(g.version)))
	if d.often(1) {
		v = uint32(d.number())
	}
	d.p.bind(reg, g, v)
}
