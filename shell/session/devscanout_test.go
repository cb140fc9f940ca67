package session

import (
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/shell/devscanout"
)

// frames lets frames pass until something is so.
func (d *desk) frames(what string, ready func() bool) {
	d.t.Helper()
	for end := time.Now().Add(30 * time.Second); !ready(); {
		if time.Now().After(end) {
			d.t.Fatalf("never: %s", what)
		}
		if err := d.loop.Dispatch(5 * time.Millisecond); err != nil {
			d.t.Fatal(err)
		}
		d.pass(time.Second / 60)
	}
}

// picture is the number of the picture that a window shows; it checks some of
// its pixels.
func (d *desk) picture(id uint32) (size geom.Size, n uint32) {
	d.t.Helper()
	var px render.Pixels
	var err error
	shot := false
	d.ctl.Screenshot(control.Target{Window: id}, func(p render.Pixels, e error) { px, err, shot = p, e, true })
	d.frames("a screenshot", func() bool { return shot })
	if err != nil {
		d.t.Fatal(err)
	}
	at := func(p geom.Point) uint32 {
		i := p.Y*px.Stride + 4*p.X
		return uint32(px.Data[i]) | uint32(px.Data[i+1])<<8 | uint32(px.Data[i+2])<<16 | 0xff<<24
	}
	n = at(geom.Point{}) & 0xff
	for _, p := range []geom.Point{{}, {X: px.W - 1}, {Y: px.H - 1}, {X: px.W / 2, Y: px.H / 3}} {
		if got, want := at(p), devscanout.Pixel(p, px.Size(), uint64(n)); got != want {
			d.t.Errorf("picture %d of %v has %#x at %v; want %#x", n, px.Size(), got, p, want)
		}
	}
	return px.Size(), n
}

func TestDevScanout(t *testing.T) {
	var markers []string
	d := newDeskWith(t, Options{VMs: markersOf(&markers, "DEV_SCANOUT")})
	dev := d.ctl.Developer()
	if dev.HideDevScanout() == nil || dev.StopDevScanout() == nil {
		t.Error("what isn't there can be hidden or stopped")
	}
	if err := dev.DevScanout(geom.Size{}); err != nil {
		t.Fatal(err)
	}
	p := d.session.scanout.producer
	d.frames("a window", func() bool { return len(d.ctl.Windows()) == 1 && d.only().FrameSeq > 3 })
	w := d.only()
	if w.Content.W != 320 || w.Content.H != 200 || w.AppID != "rayos.dev-scanout" || !w.Focused {
		t.Errorf("it is %+v", w)
	}
	_, first := d.picture(w.ID)
	d.frames("it moves", func() bool { return d.only().FrameSeq > w.FrameSeq+5 })
	if size, next := d.picture(w.ID); next == first || size != (geom.Size{W: 320, H: 200}) {
		t.Errorf("picture %d after %d, %v", next, first, size)
	}

	// It takes every size.
	resized := false
	d.ctl.Resize(w.ID, geom.Size{W: 401, H: 303}, func(err error) { resized = err == nil })
	d.frames("a new size", func() bool { return resized })
	seq := d.only().FrameSeq
	d.frames("pictures of it", func() bool { return d.only().FrameSeq > seq+2 })
	if size, _ := d.picture(w.ID); size != (geom.Size{W: 401, H: 303}) {
		t.Errorf("resized it is %v", size)
	}

	// A key hides it, and then it draws nothing.
	d.key("F12")
	if len(d.ctl.Windows()) != 0 {
		t.Fatal("F12 leaves it on the desktop")
	}
	d.frames("the producer rests", func() bool {
		n := p.Pictures()
		d.pass(100 * time.Millisecond)
		return p.Pictures() == n
	})
	rests := p.Pictures()
	d.pass(2 * time.Second)
	// The clock of pictures stands still for the producer's own goroutine: the
	// last frame callback may have been on its way all the time.
	if n := p.Pictures(); n > rests+1 {
		t.Errorf("hidden, it has drawn %d pictures", n-rests)
	}
	if err := dev.DevScanout(geom.Size{}); err != nil {
		t.Fatal(err)
	}
	d.frames("it goes on", func() bool { return p.Pictures() > rests+3 })
	if d.session.scanout.producer != p || d.only().Content.W != 401 {
		t.Errorf("it is another one, or of another size: %+v", d.only())
	}
	if err := dev.StopDevScanout(); err != nil {
		t.Fatal(err)
	}
	d.frames("it has gone", func() bool { return len(d.ctl.Windows()) == 0 })
	want := []string{
		"DEV_SCANOUT: enabled", "DEV_SCANOUT: toggle presented", "DEV_SCANOUT: publish surface",
		"DEV_SCANOUT: toggle hidden", "DEV_SCANOUT: toggle presented",
	}
	if !slices.Equal(markers, want) {
		t.Errorf("markers %q; want %q", markers, want)
	}
}

func TestDevScanoutHidesItself(t *testing.T) {
	var markers []string
	d := newDeskWith(t, Options{
		VMs:        markersOf(&markers, "DEV_SCANOUT"),
		DevScanout: DevScanoutOptions{Enabled: true, Size: geom.Size{W: 64, H: 48}, AutoHide: 3 * time.Second},
	})
	d.frames("a window", func() bool { return len(d.ctl.Windows()) == 1 && d.only().FrameSeq > 0 })
	if c := d.only().Content; c.W != 64 || c.H != 48 {
		t.Errorf("it is %+v", c)
	}
	d.frames("it hides", func() bool { return len(d.ctl.Windows()) == 0 })
	if n := len(markers); n != 5 || markers[3] != "DEV_SCANOUT: auto-hide" || markers[4] != "DEV_SCANOUT: toggle hidden" {
		t.Errorf("markers %q", markers)
	}
	if err := d.ctl.Developer().DevScanout(geom.Size{}); err != nil {
		t.Fatal(err)
	}
	d.frames("it is back", func() bool { return len(d.ctl.Windows()) == 1 })
	// The overlay counts its pictures.
	d.ctl.Developer().Overlay(true)
	d.frames("pictures are counted", func() bool {
		g := d.session.overlay.guests(0)
		return len(g) == 1 && g[0].Shown > 5 && g[0].Name == "Dev scanout"
	})
	// The producer's death takes the window away.
	p := d.session.scanout.producer
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	d.frames("the window goes", func() bool { return len(d.ctl.Windows()) == 0 && d.session.scanout.producer == nil })
}

func TestDevScanoutFlag(t *testing.T) {
	var f scanoutFlag
	for _, bad := range []string{"", "x", "0x0", "-1x5"} {
		if f.Set(bad) == nil {
			t.Errorf("--dev-scanout %q is taken", bad)
		}
	}
	if err := f.Set("320x200"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RAYOS_DEV_SCANOUT_AUTOHIDE_SECS", "7")
	if o, err := f.options(); err != nil || o != (DevScanoutOptions{true, geom.Size{W: 320, H: 200}, 7 * time.Second}) {
		t.Errorf("%+v, %v", o, err)
	}
	t.Setenv("RAYOS_DEV_SCANOUT_AUTOHIDE_SECS", "soon")
	if _, err := f.options(); err == nil {
		t.Error("a number of seconds can be no number")
	}
}
