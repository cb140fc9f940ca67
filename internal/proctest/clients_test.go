package proctest

import (
	"fmt"
	"image"
	"regexp"
	"strconv"
	"testing"

	"rayos/shell/control"
)

// TestClientsMapAndDraw: programs of other people have a window with a
// picture, and leave nothing behind. One of weston's is missing: version 10.0 of
// weston-presentation-shm binds the newest version of xdg_wm_base without
// handlers for its events, and dies in every compositor that has these.
// weston-simple-damage does so with wl_compositor, but its events come only to
// outputs of another scale than 1.
func TestClientsMapAndDraw(t *testing.T) {
	s := Start(t)
	start := s.Stats()
	for _, name := range []string{
		"weston-terminal", "weston-flower", "weston-subsurfaces", "weston-simple-shm", "weston-simple-damage",
		"weston-scaler", "weston-transformed", "weston-eventdemo", "weston-clickdot",
	} {
		t.Run(name, func(t *testing.T) {
			c := s.LaunchFor(t, name)
			w := s.Window(c)
			s.Until("a picture in the window", func() bool { return s.Shoot(Args{"window": w.ID}).Colors() > 1 })
			c.Kill()
			s.Until("the window is gone", func() bool { return s.Get(w.ID) == nil })
		})
	}
	s.leftNothing(start)
}

// TestDragAndDrop moves an icon of weston-dnd to another place.
func TestDragAndDrop(t *testing.T) {
	s := Start(t)
	w := s.Window(s.Launch("weston-dnd"))
	s.Call("input pointer", Args{"x": 5, "y": 5})
	s.Settle()
	before := s.Shoot(nil)
	from := brightest(before, Bounds(w.Content))
	s.Call("input click", Args{"at": at(from), "press": true})
	mid := from.Add(image.Pt(15, 15))
	to := Bounds(w.Content).Min.Add(image.Pt(60, 70))
	s.Call("input pointer", Args{"x": mid.X, "y": mid.Y})
	// The icon under the pointer follows it once the drag has begun.
	s.Until("the drag has an icon", func() bool {
		s.Call("input pointer", Args{"x": to.X, "y": to.Y})
		d := Diff(before, s.Shoot(nil))
		return to.In(d) && from.In(d)
	})
	s.Call("input click", Args{"release": true})
	s.Call("input pointer", Args{"x": 5, "y": 5})
	s.Until("the icon is gone from its place", func() bool {
		s.Settle()
		after := s.Shoot(nil)
		return after.RGBAAt(from.X, from.Y) != before.RGBAAt(from.X, from.Y) &&
			after.RGBAAt(to.X, to.Y) != before.RGBAAt(to.X, to.Y)
	})
}

// at is a point as an argument.
func at(p image.Point) string { return fmt.Sprintf("%d,%d", p.X, p.Y) }

// brightest returns the middle of the largest run of bright pixels on a line of
// r that lies well inside: where an icon is.
func brightest(p Picture, r image.Rectangle) image.Point {
	best, found := 0, r.Min
	for y := r.Min.Y + r.Dy()/2; y < r.Max.Y-20; y++ {
		run := 0
		for x := r.Min.X; x < r.Max.X; x++ {
			c := p.RGBAAt(x, y)
			if int(c.R)+int(c.G)+int(c.B) < 300 {
				run = 0
				continue
			}
			if run++; run > best && x-run > r.Min.X+20 && x < r.Max.X-20 {
				best, found = run, image.Pt(x-run/2, y)
			}
		}
	}
	return found
}

// TestPopupOpensAndGoes: a menu of GTK takes a grab; a click beside it ends it.
func TestPopupOpensAndGoes(t *testing.T) {
	Need(t, "gtk4-widget-factory")
	s := Start(t)
	w := s.Window(s.Launch("gtk4-widget-factory"))
	// The arrow of the first combo box; the page itself is animated, so only
	// the popup's own place is looked at.
	arrow := Bounds(w.Content).Min.Add(image.Pt(405, 74))
	s.Until("the page is drawn", func() bool { return s.Shoot(nil).Part(Bounds(w.Content)).Colors() >= 100 })
	before := s.Stats().Surfaces
	s.Call("input click", Args{"at": at(arrow)})
	s.Until("a popup is there", func() bool { return s.Stats().Surfaces > before })
	s.Call("input click", Args{"at": at(Bounds(w.Content).Min.Add(image.Pt(1000, 560)))})
	s.Until("the popup is gone", func() bool { return s.Stats().Surfaces == before })
	if s.Get(w.ID) == nil {
		t.Error("the window went with its popup")
	}
}

// leftNothing waits until the session holds as little as at the start.
func (s *Session) leftNothing(start control.Stats) {
	s.T.Helper()
	s.Until("clients and surfaces are gone", func() bool {
		now := s.Stats()
		return now.Clients == start.Clients && now.Surfaces == start.Surfaces && now.Windows == start.Windows
	})
}

// TestGlobals: wayland-info sees what programs need, in versions they can use.
func TestGlobals(t *testing.T) {
	Need(t, "wayland-info")
	s := Start(t)
	offered := map[string]int{}
	line := regexp.MustCompile(`interface: '([a-z0-9_]+)',\s+version:\s+(\d+)`)
	for _, m := range line.FindAllStringSubmatch(string(s.Run(t, "wayland-info")), -1) {
		offered[m[1]], _ = strconv.Atoi(m[2])
	}
	for name, version := range map[string]int{
		"wl_compositor": 6, "wl_subcompositor": 1, "wl_shm": 2, "wl_seat": 9, "wl_output": 4, "wl_data_device_manager": 3,
		"xdg_wm_base": 6, "zxdg_decoration_manager_v1": 1, "zxdg_output_manager_v1": 3, "wp_viewporter": 1,
		"wp_presentation": 1, "wp_single_pixel_buffer_manager_v1": 1, "wp_cursor_shape_manager_v1": 1,
		"zwlr_screencopy_manager_v1": 3, "zwlr_virtual_pointer_manager_v1": 2, "zwp_virtual_keyboard_manager_v1": 1,
	} {
		if offered[name] < version {
			t.Errorf("%s has version %d; want at least %d", name, offered[name], version)
		}
	}
}
