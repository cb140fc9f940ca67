package desk

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// start returns a running server and a client with all of its globals.
func start(t *testing.T) (*Server, int, *client.Display, *client.WlRegistry, map[string]uint32) {
	t.Helper()
	s := New()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	fd, err := s.Connect()
	if err != nil {
		t.Fatal(err)
	}
	d, err := client.New(fd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	names := map[string]uint32{}
	reg := d.GetRegistry()
	reg.OnGlobal = func(name uint32, iface string, _ uint32) { names[iface] = name }
	roundtrip(t, d)
	return s, fd, d, reg, names
}

func roundtrip(t *testing.T, d *client.Display) {
	t.Helper()
	if err := d.Roundtrip(); err != nil {
		t.Fatal(err)
	}
}

func TestServersStartAndStop(t *testing.T) {
	for range 20 {
		_, _, _, _, names := start(t)
		if names["wl_shell"] == 0 || names["xdg_wm_base"] == 0 {
			t.Fatalf("globals %v", names)
		}
	}
	if New().Stop() == nil {
		t.Error("a server that was not started can be stopped")
	}
}

func TestExtensionsAreTheGlobals(t *testing.T) {
	list, err := Extensions()
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, _, names := start(t)
	for _, e := range list {
		if names[e.Name] == 0 || e.Version == 0 {
			t.Errorf("%v is no global", e)
		}
	}
	if len(list) < len(names) {
		t.Errorf("%d extensions for %d globals", len(list), len(names))
	}
}

func TestLevers(t *testing.T) {
	s, fd, d, reg, names := start(t)
	comp, shell, shm, seat := &client.WlCompositor{}, &client.WlShell{}, &client.WlShm{}, &client.WlSeat{}
	reg.Bind(names["wl_compositor"], comp, &protocol.WlCompositorInterface, 4)
	reg.Bind(names["wl_shell"], shell, &protocol.WlShellInterface, 1)
	reg.Bind(names["wl_shm"], shm, &protocol.WlShmInterface, 1)
	reg.Bind(names["wl_seat"], seat, &protocol.WlSeatInterface, 5)
	var heard []string
	note := func(format string, args ...any) { heard = append(heard, fmt.Sprintf(format, args...)) }
	p, touch := seat.GetPointer(), seat.GetTouch()
	p.OnEnter = func(_ uint32, _ *client.WlSurface, x, y geom.Fixed) { note("enter %v %v", x.Float(), y.Float()) }
	p.OnMotion = func(_ uint32, x, y geom.Fixed) { note("motion %v %v", x.Float(), y.Float()) }
	p.OnButton = func(_, _, code uint32, st protocol.WlPointerButtonState) { note("button %#x %v", code, st) }
	touch.OnDown = func(_, _ uint32, _ *client.WlSurface, id int32, x, y geom.Fixed) {
		note("down %d %v %v", id, x.Float(), y.Float())
	}
	touch.OnMotion = func(_ uint32, id int32, x, y geom.Fixed) { note("touch %d %v %v", id, x.Float(), y.Float()) }
	touch.OnUp = func(_, _ uint32, id int32) { note("up %d", id) }

	w := comp.CreateSurface()
	shell.GetShellSurface(w).SetToplevel()
	mem, err := unix.MemfdCreate("desk", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(mem)
	if err := unix.Ftruncate(mem, 4*100*100); err != nil {
		t.Fatal(err)
	}
	w.Attach(shm.CreatePool(mem, 4*100*100).CreateBuffer(0, 100, 100, 400, protocol.WlShmFormatXrgb8888), 0, 0)
	w.Commit()
	roundtrip(t, d)
	if err := s.Place(fd, w.ID(), geom.Point{X: 30, Y: 40}); err != nil {
		t.Fatal(err)
	}
	s.PointerTo(geom.FPoint{X: 40, Y: 60})
	s.PointerBy(geom.FPoint{X: 1, Y: 2})
	s.Button(0x110, true)
	s.Button(0x110, false)
	f := s.NewFinger()
	s.TouchDown(f, geom.FPoint{X: 35, Y: 45})
	s.TouchTo(f, geom.FPoint{X: 36, Y: 45})
	s.TouchUp(f)
	roundtrip(t, d)
	want := []string{
		"enter 10 20", "motion 11 22", "button 0x110 pressed", "button 0x110 released",
		"down 0 5 5", "touch 0 6 5", "up 0",
	}
	if got := strings.Join(heard, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the client heard:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
	if f == s.NewFinger() {
		t.Error("two fingers have the same id")
	}
	if s.Place(fd, 9999, geom.Point{}) == nil || s.Place(fd+1000, w.ID(), geom.Point{}) == nil {
		t.Error("what is not there was placed")
	}
}
