package wayland

import (
	"encoding/binary"
	"math/rand/v2"
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
	"zwlr_screencopy_manager_v1.capture_output":                          {"wl_output"},
	"zwlr_screencopy_manager_v1.capture_output_region":                   {"wl_output"},
	"zwlr_screencopy_frame_v1.copy":                                      {"wl_buffer"},
	"zwlr_screencopy_frame_v1.copy_with_damage":                          {"wl_buffer"},
	"zwlr_virtual_pointer_manager_v1.create_virtual_pointer":             {"wl_seat"},
	"zwlr_virtual_pointer_manager_v1.create_virtual_pointer_with_output": {"wl_seat", "wl_output"},
	"zwp_virtual_keyboard_manager_v1.create_virtual_keyboard":            {"wl_seat"},
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
	if b == 255 {
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
	if m.Since > s.vers[id] || m.Destructor && s.byte() > 60 {
		return
	}
	name := d.Name + "." + m.Name
	objects := objectArgs[name]
	var b []byte
	var fds []int
	null := false
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
			put(uint32(s.number()))
		case 'u':
			if m.Name == "ack_configure" || m.Name == "set_selection" || m.Name == "start_drag" || m.Name == "grab" || m.Name == "set_cursor" {
				put(s.serial(id))
			} else {
				put(uint32(s.number()))
			}
		case 'f':
			put(uint32(s.number()) << 8)
		case 'o':
			iface := ""
			if len(objects) > 0 {
				iface, objects = objects[0], objects[1:]
			}
			put(s.object(iface, null))
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
			s.ifaces[s.next], s.vers[s.next] = m.New, s.vers[id]
			put(s.next)
			s.next++
		case 'N':
			return // binding is done
		}
		null = false
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

// run plays the stream.
func (s *scribbler) run() {
	f := s.f
	var drop [4096]byte
	for steps := 0; len(s.in) > 0 && steps < 400 && s.srv.source != nil; steps++ {
		switch k := s.byte(); {
		case k < 190:
			s.request()
		case k < 196:
			n := min(int(s.byte()), len(s.in))
			_, _ = unix.Write(s.fd, s.in[:n]) // raw, likely the end
			s.in = s.in[n:]
		case k < 206:
			f.motion(float64(s.number()%640), float64(s.number()%480))
		case k < 216:
			f.button(btnLeft, k%2 == 0)
		case k < 222:
			f.key(uint32(s.byte()), k%2 == 0)
		case k < 226:
			f.seat.Axis(f.loop.Now(), seat.Axis{V120: s.number(), Orientation: seat.Orientation(k & 1)})
		case k < 230:
			f.seat.TouchDown(f.loop.Now(), int32(k), geom.FPoint{X: float64(s.byte()), Y: float64(s.byte())})
		case k < 234:
			f.seat.TouchUp(f.loop.Now(), int32(k-4))
		case k < 244:
			f.loop.Advance(time.Duration(s.byte()) * time.Millisecond)
			f.draw()
		default:
			f.turn()
			_, _ = unix.Read(s.fd, drop[:])
		}
	}
	f.turn()
	f.draw()
	_ = unix.Close(s.fd)
	s.fd = -1
	f.turn()
	f.draw()
}

// scribble runs one stream against a fresh server that has another client.
func scribble(t testing.TB, in []byte) {
	f := newFixture(t)
	f.seat.Attach(seat.CapTouch)
	other := f.connect()
	w := other.window("other", 30, 30, 0)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.srv.AddClient(fds[0])
	if err != nil {
		t.Fatal(err)
	}
	s := &scribbler{f: f, fd: fds[1], srv: c, in: in, ifaces: map[uint32]*wire.Interface{1: &protocol.WlDisplayInterface}, vers: map[uint32]uint32{1: 1}}
	s.mem = other.memory(1<<20, len(in)%2 == 0).fd
	s.text = s.mem
	s.bindAll()
	s.run()
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
	for seed := range uint64(150) {
		scribble(t, stream(1000+seed, 3000))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
