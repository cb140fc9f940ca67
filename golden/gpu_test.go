package golden_test

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/gl"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/internal/golden"
)

// onGPU is set in the process that draws the scenes with the renderer for
// GPUs. One process has one renderer, so that every test of the package is a
// test of both.
var onGPU = os.Getenv("RAYOS_TEST_RENDERER") == "gl"

// newRenderer returns the renderer that the scenes are drawn with.
func newRenderer(t testing.TB) interface {
	render.Renderer
	Close()
} {
	t.Helper()
	if !onGPU {
		return raster.New(raster.Options{Workers: 1})
	}
	r, err := gl.New(gl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// comparePixels compares a picture with its reference, as exactly as the
// renderer can be.
func comparePixels(t testing.TB, name string, p render.Pixels) {
	t.Helper()
	if onGPU {
		golden.Pixels(t, name, p, golden.WithTolerance(golden.GPU))
		return
	}
	golden.Pixels(t, name, p)
}

// TestOnTheGPU runs all scenes of this package with the renderer for GPUs.
func TestOnTheGPU(t *testing.T) {
	if onGPU {
		return // this is that run
	}
	r, err := gl.New(gl.Options{})
	if err != nil {
		t.Skip(err)
	}
	device := r.Device()
	r.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v")
	cmd.Env = append(os.Environ(), "RAYOS_TEST_RENDERER=gl")
	out, err := cmd.CombinedOutput()
	scenes := bytes.Count(out, []byte("\n--- PASS"))
	if err != nil || scenes < 10 {
		var lines []string
		for l := range strings.Lines(string(out)) {
			if !strings.HasPrefix(l, "=== ") && !strings.HasPrefix(strings.TrimSpace(l), "--- PASS") {
				lines = append(lines, l)
			}
		}
		t.Fatalf("%s: %v, %d scenes\n%s", device, err, scenes, strings.Join(lines, ""))
	}
	t.Logf("%s: %d scenes", device, scenes)
}

// sameColour reports whether two pixels are the same, as exactly as the
// renderer can be.
func sameColour(a, b uint32) bool {
	for s := 0; s < 24; s += 8 {
		if d := int(a>>s&0xff) - int(b>>s&0xff); d != 0 && (!onGPU || d < -1 || d > 1) {
			return false
		}
	}
	return true
}

// TestLostGPU: a session whose GPU is reset shows what it showed, and goes on.
func TestLostGPU(t *testing.T) {
	if !onGPU {
		t.Log("TestOnTheGPU runs this")
		return
	}
	d := newDesktop(t, "640x400")
	a := d.connect()
	a.open(look{name: "one", size: geom.Size{W: 300, H: 200}, paint: card('1', paper, ink)})
	d.settle()
	before := d.shot(0)
	d.renderer.(*gl.Renderer).Lose()
	d.settle()
	if !strings.Contains(d.log.String(), "drawing everything anew") {
		t.Errorf("the log does not tell of the loss:\n%s", d.log.String())
	}
	d.log.Reset()
	compareShots(t, "after the loss", before, d.shot(0))
	a.open(look{name: "two", size: geom.Size{W: 200, H: 100}, paint: card('2', amber, ink)})
	d.settle()
	d.wantRepaintSame("a window after the loss")
	if golden.Compare(nrgba(t, before), nrgba(t, d.shot(0)), golden.GPU) == nil {
		t.Error("a new window is not seen")
	}
}

func compareShots(t *testing.T, what string, want, got render.Pixels) {
	t.Helper()
	if diff := golden.Compare(nrgba(t, want), nrgba(t, got), golden.GPU); diff != nil {
		t.Errorf("%s: %v", what, diff)
	}
}

func nrgba(t *testing.T, p render.Pixels) *image.NRGBA {
	t.Helper()
	m, err := golden.FromPixels(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
