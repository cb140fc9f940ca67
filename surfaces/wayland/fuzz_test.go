package wayland

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
	"rayos/surfaces/wire"
)

// objectArgs tells which interfaces the object arguments of a request have:
// descriptors don't say.
var objectArgs = map[string][]string{
	"wl_surface.attach":                                                  {"wl_buffer"},
	"wl_surface.set_opaque_region":                                       {"wl_region"},
	"wl_surface.set_input_region":                                        {"wl_region"},
	"wl_subcompositor.get_subsurface":                                    {"wl_surface", "wl_surface"},
	"wl_subsurface.place_above":                                          {"wl_surface"},
	"wl_subsurface.place_below":                                          {"wl_surface"},
	"wl_pointer.set_cursor":                                              {"wl_surface"},
	"wl_data_device_manager.get_data_device":                             {"wl_seat"},
	"wl_data_device.start_drag":                                          {"wl_data_source", "wl_surface", "wl_surface"},
	"wl_data_device.set_selection":                                       {"wl_data_source"},
	"xdg_wm_base.get_xdg_surface":                                        {"wl_surface"},
	"xdg_surface.get_popup":                                              {"xdg_surface", "xdg_positioner"},
	"xdg_toplevel.set_parent":                                            {"xdg_toplevel"},
	"xdg_toplevel.show_window_menu":                                      {"wl_seat"},
	"xdg_toplevel.move":                                                  {"wl_seat"},
	"xdg_toplevel.resize":                                                {"wl_seat"},
	"xdg_toplevel.set_fullscreen":                                        {"wl_output"},
	"xdg_popup.grab":                                                     {"wl_seat"},
	"xdg_popup.reposition":                                               {"xdg_positioner"},
	"zxdg_decoration_manager_v1.get_toplevel_decoration":                 {"xdg_toplevel"},
	"zxdg_output_manager_v1.get_xdg_output":                              {"wl_output"},
	"wp_viewporter.get_viewport":                                         {"wl_surface"},
	"wp_presentation.feedback":                                           {"wl_surface"},
	"wp_cursor_shape_manager_v1.get_pointer":                             {"wl_pointer"},
	"wp_cursor_shape_manager_v1.get_tablet_tool_v2":                      {"zwp_tablet_tool_v2"},
	"zwlr_screencopy_manager_v1.capture_output":                          {"wl_output"},
	"zwlr_screencopy_manager_v1.capture_output_region":                   {"wl_output"},
	"zwlr_screencopy_frame_v1.copy":                                      {"wl_buffer"},
	"zwlr_screencopy_frame_v1.copy_with_damage":                          {"wl_buffer"},
	"zwlr_virtual_pointer_manager_v1.create_virtual_pointer":             {"wl_seat"},
	"zwlr_virtual_pointer_manager_v1.create_virtual_pointer_with_output": {"wl_seat", "wl_output"},
	"zwp_virtual_keyboard_manager_v1.create_virtual_keyboard":            {"wl_seat"},
}

// goodArgs are numbers that a request is likely to take, for each of its
// numeric arguments: without them streams end at their first error.
var goodArgs = map[string][][]int32{
	"wl_shm.create_pool":                                       {{1 << 16}},
	"wl_shm_pool.create_buffer":                                {{0, 64}, {16, 8, 20}, {16, 8, 4}, {80, 84}, {0, 1}},
	"wl_shm_pool.resize":                                       {{1 << 16, 1<<16 + 1, 1 << 18}},
	"wl_surface.attach":                                        {{0}, {0}},
	"wl_surface.set_buffer_scale":                              {{1, 1, 2, 4}},
	"wl_surface.set_buffer_transform":                          {{0, 1, 2, 3, 4, 5, 6, 7}},
	"wp_viewport.set_source":                                   {{0, 1}, {0, 1}, {2, 3}, {2, 3}},
	"wp_viewport.set_destination":                              {{20, -1, 100}, {20, -1, 100}},
	"xdg_surface.set_window_geometry":                          {{0, -5, 5}, {0, 3}, {10, 100}, {10, 100}},
	"xdg_positioner.set_size":                                  {{10, 50}, {10, 50}},
	"xdg_positioner.set_anchor_rect":                           {{0, 5, -20, 600}, {0, 5}, {1, 10}, {1, 10}},
	"xdg_positioner.set_anchor":                                {{0, 1, 2, 3, 4, 5, 6, 7, 8}},
	"xdg_positioner.set_gravity":                               {{0, 1, 2, 3, 4, 5, 6, 7, 8}},
	"xdg_positioner.set_parent_size":                           {{10}, {10}},
	"xdg_toplevel.set_max_size":                                {{0, 100}, {0, 100}},
	"xdg_toplevel.set_min_size":                                {{0, 10}, {0, 10}},
	"xdg_toplevel.resize":                                      {{1}, {0, 1, 2, 4, 5, 6, 8, 9, 10}},
	"zxdg_toplevel_decoration_v1.set_mode":                     {{1, 2}},
	"wl_data_source.set_actions":                               {{0, 1, 2, 3, 7}},
	"wl_data_offer.set_actions":                                {{0, 1, 2, 3, 7}, {0, 1, 2, 4}},
	"wp_cursor_shape_device_v1.set_shape":                      {{1}, {1, 2, 10, 34}},
	"zwlr_virtual_pointer_v1.axis":                             {{0}, {0, 1}, {5}},
	"zwlr_virtual_pointer_v1.axis_stop":                        {{0}, {0, 1}},
	"zwlr_virtual_pointer_v1.axis_source":                      {{0, 1, 2, 3}},
	"zwlr_virtual_pointer_v1.axis_discrete":                    {{0}, {0, 1}, {5}, {1, -1}},
	"zwp_virtual_keyboard_v1.keymap":                           {{1}, {1 << 15}},
	"wp_single_pixel_buffer_manager_v1.create_u32_rgba_buffer": {{-1}, {-1}, {-1}, {-1}},
	"zwlr_screencopy_manager_v1.capture_output_region":         {{0, 1}, {0, 5}, {0, 5}, {16}, {16}},
}

// scribbler is a client that sends what a stream of bytes says: requests that
// look right, wrong ones, raw bytes, with a person and a screen between them.
type scribbler struct {
	f      *fixture
	fd     int
	srv    *Client
	mem    int // a memfd
	text   int // a keymap
	ifaces map[uint32]*wire.Interface
	vers   map[uint32]uint32
	next   uint32
	in     []byte
}

func (s *scribbler) byte() byte {
	if len(s.in) == 0 {
		return 0
	}
	b := s.in[0]
	s.in = s.in[1:]
	return b
}

var interesting = []int32{0, 1, 2, 3, 4, 8, 10, 16, 30, 50, 64, 100, 256, -1, -256, 480, 640, 4096, 1 << 20, 1<<31 - 1, -1 << 31, 0x110, 2560, 12800}

func (s *scribbler) number() int32 {
	b := s.byte()
	if int(b) < 4*len(interesting) {
		return interesting[int(b)%len(interesting)]
	}
	return int32(b)
}

// object picks a live object of an interface, or any.
func (s *scribbler) object(iface string, nullable bool) uint32 {
	b := int(s.byte())
	if nullable && b < 40 {
		return 0
	}
	if b == 255 && s.byte() > 200 {
		return uint32(s.number())
	}
	var ids []uint32
	for id := uint32(1); id < s.next; id++ {
		if d := s.ifaces[id]; d != nil && s.srv.conn.Object(id) != nil && (iface == "" || d.Name == iface) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return 0
	}
	// The youngest are the most interesting.
	return ids[len(ids)-1-b%len(ids)]
}

// serial picks one that may be right.
func (s *scribbler) serial(id uint32) uint32 {
	for _, sf := range s.srv.surfaces {
		if x := sf.xdg; x != nil && x.res.ID() == id && len(x.acks) > 0 && s.byte() < 250 {
			return x.acks[int(s.byte())%len(x.acks)]
		}
	}
	return s.f.seat.Serial() - uint32(s.byte()%24)
}

// request writes one request of an object.
func (s *scribbler) request() {
	id := s.object("", false)
	d := s.ifaces[id]
	if d == nil || len(d.Requests) == 0 {
		return
	}
	op := int(s.byte()) % len(d.Requests)
	m := &d.Requests[op]
	if m.Since > s.vers[id] || m.Destructor && s.byte() > 12 {
		return
	}
	name := d.Name + "." + m.Name
	objects, good := objectArgs[name], goodArgs[name]
	if s.byte() > 245 {
		good = nil
	}
	number := func() int32 {
		if len(good) == 0 {
			return s.number()
		}
		list := good[0]
		good = good[1:]
		return list[int(s.byte())%len(list)]
	}
	var b []byte
	var fds []int
	null, made := false, false
	put := func(v uint32) { b = binary.NativeEndian.AppendUint32(b, v) }
	str := func(v string) {
		put(uint32(len(v) + 1))
		b = append(b, v...)
		for b = append(b, 0); len(b)%4 != 0; {
			b = append(b, 0)
		}
	}
	for i := 0; i < len(m.Signature); i++ {
		switch m.Signature[i] {
		case '?':
			null = true
			continue
		case 'i':
			put(uint32(number()))
		case 'u':
			if m.Name == "ack_configure" || m.Name == "set_selection" || m.Name == "start_drag" || m.Name == "grab" || m.Name == "set_cursor" {
				put(s.serial(id))
			} else {
				put(uint32(number()))
			}
		case 'f':
			put(uint32(number()) << 8)
		case 'o':
			iface := ""
			if len(objects) > 0 {
				iface, objects = objects[0], objects[1:]
			}
			o := s.object(iface, null)
			if o == 0 && !null && s.byte() < 250 {
				return // it would be the end
			}
			put(o)
		case 's':
			str("text/plain")
		case 'a':
			put(0)
		case 'h':
			fd := s.mem
			if m.Name == "keymap" {
				fd = s.text
			}
			fds = append(fds, fd)
		case 'n':
			made = true
			put(s.next)
		case 'N':
			return // binding is done
		}
		null = false
	}
	if made {
		s.ifaces[s.next], s.vers[s.next] = m.New, s.vers[id]
		s.next++
	}
	s.send(append(request(nil, id, uint16(op)), b...), fds)
}

func (s *scribbler) send(b []byte, fds []int) {
	if len(b) >= 8 {
		word := binary.NativeEndian.Uint32(b[4:])
		binary.NativeEndian.PutUint32(b[4:], uint32(len(b))<<16|word&0xffff)
	}
	// A full or closed socket ends the client; that is looked at elsewhere.
	_ = unix.Sendmsg(s.fd, b, unix.UnixRights(fds...), nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
}

// bindAll binds every global.
func (s *scribbler) bindAll() {
	s.ifaces[2], s.vers[2] = &protocol.WlRegistryInterface, 1
	s.send(request(nil, 1, 1, 2), nil)
	s.next = 3
	for _, g := range s.f.srv.globals {
		b := request(nil, 2, 0, g.name)
		b = binary.NativeEndian.AppendUint32(b, uint32(len(g.iface.Name)+1))
		b = append(append(b, g.iface.Name...), 0)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
		b = binary.NativeEndian.AppendUint32(b, g.version)
		b = binary.NativeEndian.AppendUint32(b, s.next)
		s.send(b, nil)
		s.ifaces[s.next], s.vers[s.next] = g.iface, g.version
		s.next++
	}
}

// make sends a request of an object that creates another, and returns its id.
// The arguments before and after the new id are given.
func (s *scribbler) make(id uint32, op uint16, iface *wire.Interface, before, after []uint32) uint32 {
	n := s.next
	s.ifaces[n], s.vers[n] = iface, s.vers[id]
	s.next++
	args := append(append(append([]uint32(nil), before...), n), after...)
	s.send(request(nil, id, op, args...), nil)
	return n
}

// global returns the object that was bound of an interface.
func (s *scribbler) global(iface *wire.Interface) uint32 {
	for id := uint32(3); id < s.next; id++ {
		if s.ifaces[id] == iface {
			return id
		}
	}
	return 0
}

// window maps a toplevel, or a popup of any xdg_surface, by the book.
func (s *scribbler) window(popup bool) {
	comp, shm := s.global(&protocol.WlCompositorInterface), s.global(&protocol.WlShmInterface)
	wm, px := s.global(&protocol.XdgWmBaseInterface), s.global(&protocol.WpSinglePixelBufferManagerV1Interface)
	if s.srv.conn.Object(comp) == nil || s.srv.conn.Object(wm) == nil || s.srv.conn.Object(px) == nil || s.srv.conn.Object(shm) == nil {
		return
	}
	parent := s.object("xdg_surface", false)
	surf := s.make(comp, 0, &protocol.WlSurfaceInterface, nil, nil)
	xdg := s.make(wm, 2, &protocol.XdgSurfaceInterface, nil, []uint32{surf})
	var top uint32
	if popup {
		if parent == 0 {
			return
		}
		pos := s.make(wm, 1, &protocol.XdgPositionerInterface, nil, nil)
		s.send(request(nil, pos, 1, 20, 20), nil)
		s.send(request(nil, pos, 2, 0, 0, 5, 5), nil)
		top = s.make(xdg, 2, &protocol.XdgPopupInterface, nil, []uint32{parent, pos})
		if s.byte() < 100 {
			s.send(request(nil, top, 1, s.global(&protocol.WlSeatInterface), s.serial(0)), nil)
		}
	} else {
		s.make(xdg, 1, &protocol.XdgToplevelInterface, nil, nil)
	}
	s.send(request(nil, surf, 6), nil)
	s.f.turn()
	s.send(request(nil, xdg, 4, s.serial(xdg)), nil)
	var buf uint32
	if s.byte() < 128 {
		buf = s.make(px, 1, &protocol.WlBufferInterface, nil, []uint32{1 << 31, 1 << 31, 1 << 31, 1 << 31})
	} else if buf = s.object("wl_buffer", false); buf == 0 {
		return
	}
	s.send(request(nil, surf, 1, buf, 0, 0), nil)
	s.send(request(nil, surf, 6), nil)
}

// run plays the stream. A client that was ended comes back a few times.
func (s *scribbler) run() {
	f := s.f
	var drop [4096]byte
	lives := 12
	for steps := 0; len(s.in) > 0 && steps < 1000; steps++ {
		if s.srv.source == nil {
			if lives--; lives == 0 {
				break
			}
			s.disconnect()
			s.connect()
		}
		switch k := s.byte(); {
		case k < 155:
			s.request()
		case k < 175:
			s.window(k%2 == 0)
		case k < 176 && s.byte() < 60:
			n := min(int(s.byte()), len(s.in))
			_, _ = unix.Write(s.fd, s.in[:n]) // raw, likely the end
			s.in = s.in[n:]
		case k < 196:
			f.motion(float64(s.byte()), float64(s.byte()/4))
		case k < 210:
			f.button(btnLeft, k%2 == 0)
		case k < 216:
			f.key(uint32(s.byte()), k%2 == 0)
		case k < 220:
			f.seat.Axis(f.loop.Now(), seat.Axis{V120: s.number(), Orientation: seat.Orientation(k & 1)})
		case k < 226:
			f.seat.TouchDown(f.loop.Now(), int32(k), geom.FPoint{X: float64(s.byte()), Y: float64(s.byte())})
		case k < 232:
			f.seat.TouchUp(f.loop.Now(), int32(k-6))
		case k < 238:
			f.loop.Advance(time.Duration(s.byte()) * time.Millisecond)
			f.draw()
		case k == 238:
			s.disconnect()
			s.connect()
		default:
			f.turn()
			_, _ = unix.Read(s.fd, drop[:])
		}
	}
	f.turn()
	f.draw()
	s.disconnect()
	f.draw()
}

func (s *scribbler) disconnect() {
	_ = unix.Close(s.fd)
	s.fd = -1
	s.f.turn()
}

func (s *scribbler) connect() {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		s.f.t.Fatal(err)
	}
	if s.srv, err = s.f.srv.AddClient(fds[0]); err != nil {
		s.f.t.Fatal(err)
	}
	s.fd = fds[1]
	s.ifaces = map[uint32]*wire.Interface{1: &protocol.WlDisplayInterface}
	s.vers = map[uint32]uint32{1: 1}
	s.bindAll()
	s.f.turn()
}

// scribble runs one stream against a fresh server that has another client.
func scribble(t testing.TB, in []byte) {
	f := newFixture(t)
	f.seat.Attach(seat.CapTouch)
	other := f.connect()
	w := other.window("other", 30, 30, 0)
	s := &scribbler{f: f, in: in}
	s.mem = other.memory(1<<20, len(in)%2 == 0).fd
	text := builtinText(t)
	keymap := other.memory(1<<15, false)
	copy(keymap.data, text)
	s.text = keymap.fd
	s.connect()
	s.run()
	for b := range uint32(2) {
		f.button(btnLeft+b, false)
	}
	for id := range int32(256) {
		f.seat.TouchUp(f.loop.Now(), id)
	}
	other.roundtrip()
	w.surf.Commit()
	other.ok()
	if log := f.log.String(); strings.Contains(log, "panic") {
		t.Fatalf("a handler panicked:\n%s", log)
	}
}

// stream returns reproducible bytes.
func stream(seed uint64, n int) []byte {
	rng := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// FuzzRequests lets a client send anything. Whatever it does, another client
// is served, no handler panics and nothing of it is left behind.
func FuzzRequests(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(stream(seed, 1500))
	}
	f.Add([]byte{})
	f.Add([]byte{190, 200, 0, 0, 0, 0, 255, 255})
	f.Fuzz(func(t *testing.T, in []byte) { scribble(t, in[:min(len(in), 4096)]) })
}

func TestRandomRequests(t *testing.T) {
	for seed := range uint64(120) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { scribble(t, stream(1000+seed, 3000)) })
	}
}
