package wire_test

import (
	"log/slog"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// FuzzServer lets a client send anything, after binding a few objects. Only
// that client may suffer.
func FuzzServer(f *testing.F) {
	f.Add([]byte{}, 0)
	f.Add(join(msg(4, 1, 0, 0, 0), msg(4, 3, 6), msg(4, 6), msg(4, 0)), 0)
	f.Add(join(msg(5, 0, 6, 100), msg(6, 0, 7, 0, 1, 1, 4, 0), msg(4, 1, 7, 0, 0)), 1)
	f.Add(join(msg(2, 0, 3, "wl_seat", 5, 6), msg(6, 1, 7), msg(2, 0, 4, "wl_data_device_manager", 3, 8), msg(8, 1, 9, 6)), 0)
	f.Add(msg(2, 0, 1, raw("\xff\xff\xff\xffabcd"), 1, 6), 3)
	f.Add([]byte{4, 0, 0, 0, 0, 0, 0, 0}, 0)
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		f.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	f.Fuzz(func(t *testing.T, in []byte, fds int) {
		c, _, s := newRoom(t, wire.Options{MaxObjects: 64, OutputLimit: 1 << 16, Log: log, Trace: func(string) {}})
		if err := turn(t, c, s, bind); err != nil {
			t.Fatal(err)
		}
		if len(in) > 32<<10 {
			in = in[:32<<10]
		}
		if fds > 0 && len(in) > 0 {
			list := make([]int, min(fds, 250))
			for i := range list {
				list[i] = null
			}
			sendFDs(t, s, in, list...)
			_, _ = c.Read()
			_ = c.Dispatch()
			_ = c.Flush()
		} else {
			_ = turn(t, c, s, in)
		}
		if c.Objects() > 65 {
			t.Errorf("%d objects", c.Objects())
		}
		if c.Dead() && c.Err() == nil {
			t.Error("dead without a reason")
		}
	})
}

// FuzzClient lets a server send anything.
func FuzzClient(f *testing.F) {
	const id = uint32(0xff000000)
	f.Add([]byte{}, 0)
	f.Add(join(msg(9, 0, id), msg(id, 0, "text/plain"), msg(9, 5, id), msg(9, 0, id+1)), 0)
	f.Add(join(msg(6, 0, 1, 7), msg(4, 0, 0), msg(1, 1, 4)), 2)
	f.Add(msg(1, 0, 4, 2, "no"), 0)
	f.Add([]byte{4, 0, 0, 0, 0, 0, 4, 0}, 0)
	f.Fuzz(func(t *testing.T, in []byte, fds int) {
		a, s := socketpair(t)
		d, err := client.NewWithOptions(a, wire.ClientOptions{Trace: func(string) {}})
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(s)
		defer d.Close()
		o := newObjects(t, d, s)
		o.pointer.OnMotion = func(uint32, geom.Fixed, geom.Fixed) { o.surface.Frame() }
		o.device.OnDataOffer = func(n *client.WlDataOffer) { n.Accept(1, nil) }
		o.device.OnSelection = func(n *client.WlDataOffer) { n.Destroy() }
		o.keyboard.OnKey = func(uint32, uint32, uint32, protocol.WlKeyboardKeyState) { o.keyboard.Release() }
		if len(in) > 32<<10 {
			in = in[:32<<10]
		}
		if len(in) == 0 {
			return
		}
		list := make([]int, max(0, min(fds, 28)))
		for i := range list {
			list[i] = s
		}
		sendFDs(t, s, in, list...)
		_ = d.Read()
		_, _ = d.DispatchPending()
		_ = d.Flush()
	})
}

// FuzzPair lets the client make requests chosen by the input. The server may
// object, never fail.
func FuzzPair(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add([]byte{0, 0, 0, 2, 2, 7, 7, 3, 1, 8, 0, 4})
	f.Fuzz(func(t *testing.T, in []byte) {
		p := newPair(t)
		r := p.d.GetRegistry()
		comp := client.BindWlCompositor(r, 1, 4)
		seat := client.BindWlSeat(r, 2, 5)
		var surfaces []*client.WlSurface
		for _, b := range in[:min(len(in), 500)] {
			var s *client.WlSurface
			if n := len(surfaces); n > 0 {
				s = surfaces[int(b>>4)%n]
			}
			switch b % 9 {
			case 0:
				surfaces = append(surfaces, comp.CreateSurface())
			case 1:
				s.Destroy()
			case 2:
				s.Frame()
			case 3:
				s.Attach(nil, int32(b), 0)
			case 4:
				p.serve()
			case 5:
				p.d.Sync()
			case 6:
				seat.GetPointer().Release()
			case 7:
				for _, cb := range p.room.callbacks {
					cb.SendDone(uint32(b))
				}
				p.room.callbacks = nil
			case 8:
				if m := p.room.surface; m != nil {
					m.SendEnter(nil)
				}
			}
			if p.conn.Dead() {
				return
			}
		}
		p.serve()
	})
}
