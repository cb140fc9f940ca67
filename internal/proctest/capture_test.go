package proctest

import (
	"fmt"
	"image"
	"testing"
)

// TestGrimSeesWhatRayctlSees: two ways to the same pixels, one of them through
// a foreign client's eyes.
func TestGrimSeesWhatRayctlSees(t *testing.T) {
	Need(t, "foot", "grim")
	s := Start(t)
	shell(s)
	own := Decode(t, s.Rayctl("screenshot", "-"))
	if d := Diff(own, Decode(t, s.Run(t, "grim", "-"))); !d.Empty() {
		t.Errorf("grim's picture differs in %v", d)
	}
	region := image.Rect(100, 50, 420, 290)
	arg := fmt.Sprintf("%d,%d %dx%d", region.Min.X, region.Min.Y, region.Dx(), region.Dy())
	if d := Diff(own.Part(region), Decode(t, s.Run(t, "grim", "-g", arg, "-"))); !d.Empty() {
		t.Errorf("grim's picture of %v differs in %v", region, d)
	}
	name := s.Outputs()[0].Name
	if d := Diff(own, Decode(t, s.Run(t, "grim", "-o", name, "-"))); !d.Empty() {
		t.Errorf("grim's picture of output %s differs in %v", name, d)
	}
}
