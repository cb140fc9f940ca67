package golden_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

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
