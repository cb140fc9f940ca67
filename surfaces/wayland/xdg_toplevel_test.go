package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces"
)

func TestWindowIsConfiguredAndMapped(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.first = surfaces.Configuration{Size: geom.Size{W: 800, H: 600}, Bounds: geom.Size{W: 640, H: 480}, Activated: true, Maximized: true}
	w := c.toplevel("win")
	w.top.SetTitle("a title")
	w.top.SetAppId("app")
	c.expect("")
	w.surf.Commit()
	c.expect(`
		win.top.wm_capabilities(array[16])
		win.top.configure_bounds(640, 480)
		win.top.configure(800, 600, array[8]) [maximized activated]
		win.xdg.configure(#)`)
	w.ack()
	w.surf.Attach(c.buffer(800, 600, 0xff0000), 0, 0)
	w.surf.Commit()
	c.expect("buffer.release()")
	compare(t, "shell", f.shell.take(), `
		changed title
		changed appid
		opened "app"
		mapped 800x600+0+0`)
}
