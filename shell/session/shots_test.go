package session

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/shell/notify"
)

// pictureHome gives the session a home for pictures and returns what is in its
// folder.
func pictureHome(t *testing.T, folder string) func() []string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	return func() []string {
		list, err := filepath.Glob(filepath.Join(home, folder, "*.png"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
}

// sizeOf returns that of a PNG file.
func sizeOf(t *testing.T, file string) geom.Size {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return geom.Size{W: int32(img.Bounds().Dx()), H: int32(img.Bounds().Dy())}
}

// dragTo presses the left button at a place and lets it go at another.
func (d *desk) dragTo(a, b geom.FPoint) {
	d.t.Helper()
	for _, step := range []struct {
		at geom.FPoint
		do func() error
	}{
		{a, func() error { return d.ctl.Button(btnLeft, control.Press) }},
		{b, func() error { return d.ctl.Button(btnLeft, control.Release) }},
	} {
		if err := d.ctl.PointerMove(step.at, false); err != nil {
			d.t.Fatal(err)
		}
		d.pass(20 * time.Millisecond)
		if err := step.do(); err != nil {
			d.t.Fatal(err)
		}
		d.pass(20 * time.Millisecond)
	}
}

func TestARegionIsChosenAndKept(t *testing.T) {
	files := pictureHome(t, "Pictures/Screenshots")
	d := barDesk(t)
	d.connect().open(geom.Size{W: 200, H: 100})
	d.key("Print")
	d.pass(100 * time.Millisecond)
	k := &d.session.shots
	if !k.shown() || !k.owns(d.session.seat.KeyboardFocus()) {
		t.Fatal("Print did not open the tool")
	}
	d.dragTo(geom.FPoint{X: 100, Y: 50}, geom.FPoint{X: 180, Y: 110})
	d.key("Right")
	d.key("shift+Down")
	d.key("Return")
	d.pass(200 * time.Millisecond)
	if k.shown() {
		t.Fatal("the tool stays")
	}
	d.eventually("no picture is saved", func() bool { return len(files()) == 1 && d.session.server.Selection() != nil })
	if got := sizeOf(t, files()[0]); got != (geom.Size{W: 80, H: 61}) {
		t.Errorf("the picture is %v", got)
	}
	if name := filepath.Base(files()[0]); !strings.HasPrefix(name, "Screenshot 2026-11-22 09-41-1") {
		t.Errorf("the picture is called %q", name)
	}
	src := d.session.server.Selection()
	if !slices.Equal(src.MimeTypes(), []string{"image/png"}) {
		t.Fatalf("the clipboard has %v", src.MimeTypes())
	}
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	src.Send("image/png", fds[1])
	r := os.NewFile(uintptr(fds[0]), "clipboard")
	defer r.Close()
	if img, err := png.Decode(r); err != nil || img.Bounds().Dx() != 80 {
		t.Errorf("what is pasted: %v", err)
	}
}

func TestARegionAtOnceAndTheWindowInFront(t *testing.T) {
	files := pictureHome(t, "Pictures/Screenshots")
	d := barDesk(t)
	d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	d.key("shift+Print")
	d.pass(50 * time.Millisecond)
	d.dragTo(geom.FPoint{X: 10, Y: 10}, geom.FPoint{X: 60, Y: 40})
	d.pass(100 * time.Millisecond)
	d.eventually("the region isn't saved", func() bool { return len(files()) == 1 })
	if got := sizeOf(t, files()[0]); got != (geom.Size{W: 50, H: 30}) {
		t.Errorf("the region is %v", got)
	}
	first := files()[0]
	d.key("alt+Print")
	d.pass(100 * time.Millisecond)
	d.eventually("the window isn't saved", func() bool { return len(files()) == 2 })
	second := files()[slices.IndexFunc(files(), func(f string) bool { return f != first })]
	if got := sizeOf(t, second); got != (geom.Size{W: 200, H: 100}) {
		t.Errorf("the window is %v", got)
	}
}

// TestAScreenshotIsSeenInItsNotification, small.
func TestAScreenshotIsSeenInItsNotification(t *testing.T) {
	pictureHome(t, "Pictures/Screenshots")
	d := barDesk(t)
	w := d.connect().open(geom.Size{W: 400, H: 200})
	w.drawSpot(geom.XYWH(0, 0, 200, 200))
	d.pass(100 * time.Millisecond)
	d.key("alt+Print")
	var small *notify.Image
	d.eventually("nothing tells of the screenshot", func() bool {
		for _, n := range d.session.notices.center.Shown() {
			small = n.Image
		}
		return small != nil
	})
	if small.Width != 160 || small.Height != 80 || len(small.Pixels) != 4*160*80 {
		t.Fatalf("a picture of %d×%d, %d bytes", small.Width, small.Height, len(small.Pixels))
	}
	for _, c := range []struct {
		x, y int
		want []byte
	}{{40, 40, []byte{255, 255, 255, 255}}, {120, 40, []byte{0, 0, 0, 255}}} {
		if got := small.Pixels[4*(c.y*160+c.x):][:4]; !slices.Equal(got, c.want) {
			t.Errorf("at %d,%d: %v; want %v", c.x, c.y, got, c.want)
		}
	}
	if k := d.ctl.Reflex().S1().Kernels; len(k) != 1 || k[0].Name != "scale" || k[0].Items != 160*80 {
		t.Errorf("System 1 has done %+v; want the small picture", k)
	}
}

func TestThumbnailsOfAllShapes(t *testing.T) {
	for of, want := range map[geom.Size]geom.Size{
		{W: 160, H: 100}: {W: 160, H: 100}, {W: 1920, H: 1080}: {W: 160, H: 90}, {W: 1080, H: 1920}: {W: 90, H: 160},
		{W: 16384, H: 3}: {W: 256, H: 1}, {W: 10, H: 16000}: {W: 1, H: 250},
	} {
		if got := thumbSize(of); got != want {
			t.Errorf("%v becomes %v; want %v", of, got, want)
		}
	}
}

func TestAWindowIsPointedAt(t *testing.T) {
	files := pictureHome(t, "Pictures/Screenshots")
	d := barDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	if err := d.ctl.Desk().Capture(control.CaptureWindow, false); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	c := d.window(w.id).Content
	d.click(float64(c.X+c.W/2), float64(c.Y+c.H/2), btnLeft)
	d.pass(100 * time.Millisecond)
	d.eventually("the window isn't saved", func() bool { return len(files()) == 1 })
	if got := sizeOf(t, files()[0]); got != (geom.Size{W: 200, H: 100}) {
		t.Errorf("the window is %v", got)
	}
	d.key("Print")
	d.pass(50 * time.Millisecond)
	d.key("Escape")
	d.pass(50 * time.Millisecond)
	if d.session.shots.shown() {
		t.Error("Escape leaves the tool open")
	}
	if err := d.ctl.Desk().Capture(control.CaptureCancel, false); err == nil {
		t.Error("a tool that isn't open was closed")
	}
}

func TestTheToolIsNotInThePicture(t *testing.T) {
	d := barDesk(t)
	d.pass(100 * time.Millisecond)
	shoot := func() (p render.Pixels) {
		told := false
		d.ctl.Screenshot(control.Target{Region: geom.XYWH(10, 20, 30, 40)}, func(q render.Pixels, err error) {
			if err != nil {
				t.Error(err)
			}
			p, told = q, true
		})
		d.pass(100 * time.Millisecond)
		if !told {
			t.Fatal("no picture")
		}
		return p
	}
	before := shoot()
	if before.Size() != (geom.Size{W: 30, H: 40}) {
		t.Errorf("the region is %v", before.Size())
	}
	d.key("Print")
	d.pass(100 * time.Millisecond)
	if during := shoot(); bytes.Equal(before.Data, during.Data) {
		t.Error("the tool isn't to be seen")
	}
	d.session.shots.Cancel()
	if after := shoot(); !bytes.Equal(before.Data, after.Data) {
		t.Error("the tool is in a picture that was asked for when it was gone")
	}
	if _, err := d.session.shootRegion(geom.XYWH(9000, 0, 10, 10), false); err == nil {
		t.Error("a region that no output shows has a picture")
	}
}

func TestAnUnchangedToolCostsNothing(t *testing.T) {
	d := barDesk(t)
	d.key("Print")
	d.pass(time.Second)
	if n := testing.AllocsPerRun(100, d.session.shots.turn); n != 0 {
		t.Errorf("%v allocations in a turn", n)
	}
}
