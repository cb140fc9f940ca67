package golden

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rayos/gpu/render"
)

// setUpdate gives -update a value for one test.
func setUpdate(t *testing.T, v string) {
	t.Helper()
	before := update
	t.Cleanup(func() { update = before })
	if err := update.Set(v); err != nil {
		t.Fatal(err)
	}
}

func picture(w, h int, colours int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			n := (y*w + x) % colours
			img.SetNRGBA(x, y, color.NRGBA{uint8(n), uint8(n >> 4), uint8(n >> 8), 255})
		}
	}
	return img
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// log collects what check reports.
type log []string

func (l *log) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

func TestCheckWritesComparesAndFails(t *testing.T) {
	dir := t.TempDir()
	img := picture(16, 8, 5)
	t.Setenv("CI", "")
	setUpdate(t, "false")
	var said log
	if err := check(dir, "a", img, nil, said.add); err == nil || !strings.Contains(err.Error(), "no reference") {
		t.Fatalf("check without a reference = %v", err)
	}
	if !exists(filepath.Join(dir, failDir, "a.got.png")) {
		t.Error("no picture to look at")
	}
	setUpdate(t, "true")
	if err := check(dir, "a", img, nil, said.add); err != nil || len(said) != 1 {
		t.Fatalf("update = %v, said %q; want one path", err, said)
	}
	if err := check(dir, "a", img, nil, said.add); err != nil || len(said) != 1 {
		t.Fatalf("update of what is the same = %v, said %q; want silence", err, said)
	}
	setUpdate(t, "false")
	img.SetNRGBA(3, 2, color.NRGBA{200, 0, 0, 255})
	img.SetNRGBA(5, 6, color.NRGBA{0, 0, 9, 255})
	err := check(dir, "a", img, nil, said.add)
	if err == nil || !strings.Contains(err.Error(), "2 of 128 pixels differ, by up to 200, in 3x5 at 3,2") {
		t.Fatalf("check of another picture = %v", err)
	}
	for _, kind := range []string{"want", "got", "diff"} {
		if _, err := readPNG(filepath.Join(dir, failDir, "a."+kind+".png")); err != nil {
			t.Error(err)
		}
	}
	if err := check(dir, "a", picture(4, 4, 2), nil, said.add); err == nil ||
		!strings.Contains(err.Error(), "4x4 pixels; want 16x8") {
		t.Fatalf("check of another size = %v", err)
	}
	if exists(filepath.Join(dir, failDir, "a.diff.png")) {
		t.Error("the diff of an earlier failure is left")
	}
}

func TestUpdateIsRefusedInCIAndForTolerance(t *testing.T) {
	dir := t.TempDir()
	setUpdate(t, "true")
	var said log
	t.Setenv("CI", "true")
	if err := check(dir, "a", picture(4, 4, 2), nil, said.add); err == nil || !strings.Contains(err.Error(), "CI=true") {
		t.Errorf("update in CI = %v", err)
	}
	if err := checkText(dir, "a.txt", "x", said.add); err == nil || !strings.Contains(err.Error(), "CI=true") {
		t.Errorf("update of text in CI = %v", err)
	}
	t.Setenv("CI", "")
	if err := check(dir, "a", picture(4, 4, 2), []Option{WithTolerance(GPU)}, said.add); err == nil {
		t.Error("a picture with tolerance became a reference")
	}
	if exists(filepath.Join(dir, "a.png")) || len(said) != 0 {
		t.Errorf("something was written: %q", said)
	}
}

func TestUpdateByName(t *testing.T) {
	t.Setenv("CI", "")
	for _, c := range []struct {
		flag, name string
		want       bool
	}{
		{"true", "x", true},
		{"false", "x", false},
		{"menu", "menu-open", true},
		{"^menu$", "menu-open", false},
	} {
		setUpdate(t, c.flag)
		if got := Updating(t, c.name); got != c.want {
			t.Errorf("-update=%s for %s = %v; want %v", c.flag, c.name, got, c.want)
		}
	}
	if err := new(updateFlag).Set("("); err == nil {
		t.Error("-update=( was accepted")
	}
}

func TestTolerance(t *testing.T) {
	one := func(v uint8) *image.NRGBA {
		img := image.NewNRGBA(image.Rect(0, 0, 1, 1))
		img.SetNRGBA(0, 0, color.NRGBA{100, v, 100, 255})
		return img
	}
	for _, c := range []struct {
		got  uint8
		tol  Tolerance
		same bool
	}{
		{100, Tolerance{}, true},
		{101, Tolerance{}, false},
		{97, GPU, true},
		{96, GPU, false},
		{104, GPU, true},
		{105, GPU, false},
	} {
		if d := Compare(one(100), one(c.got), c.tol); (d == nil) != c.same {
			t.Errorf("100 and %d within %v: %v", c.got, c.tol, d)
		}
	}
}

func TestFilesAreSmallAndTheSame(t *testing.T) {
	dir := t.TempDir()
	for _, colours := range []int{1, 2, 16, 256, 257, 4096} {
		img := picture(64, 64, colours)
		a, b := filepath.Join(dir, "a.png"), filepath.Join(dir, "b.png")
		for _, p := range []string{a, b} {
			if err := writePNG(p, img); err != nil {
				t.Fatal(err)
			}
		}
		x, err := os.ReadFile(a)
		if err != nil {
			t.Fatal(err)
		}
		y, err := os.ReadFile(b)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(x, y) {
			t.Errorf("%d colours: two writes differ", colours)
		}
		if colours == 1 && len(x) > 120 {
			t.Errorf("one colour takes %d bytes", len(x))
		}
		back, err := readPNG(a)
		if err != nil {
			t.Fatal(err)
		}
		if d := Compare(img, back, Tolerance{}); d != nil {
			t.Errorf("%d colours: read back: %v", colours, d)
		}
	}
}

func TestPremultipliedPixelsKeepEveryBit(t *testing.T) {
	p := render.NewPixels(256, 256, render.ARGB8888)
	for a := range 256 {
		for c := range a + 1 {
			copy(p.Data[a*int(p.Stride)+4*c:], []byte{byte(c), 0, byte(c), byte(a)})
		}
	}
	img, err := FromPixels(p)
	if err != nil {
		t.Fatal(err)
	}
	for a := 1; a < 256; a++ {
		seen := map[uint8]bool{}
		for c := range a + 1 {
			v := img.NRGBAAt(c, a)
			if seen[v.R] || v.B != v.R || int(v.A) != a {
				t.Fatalf("alpha %d value %d is %v, as another value is", a, c, v)
			}
			seen[v.R] = true
		}
	}
	bad := render.NewPixels(1, 1, render.ARGB8888)
	copy(bad.Data, []byte{0, 9, 0, 8})
	if _, err := FromPixels(bad); err == nil {
		t.Error("a pixel brighter than its alpha was accepted")
	}
	if _, err := FromPixels(render.NewPixels(1, 1, render.RGB565)); err == nil {
		t.Error("RGB565 was accepted")
	}
}

func TestText(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CI", "")
	setUpdate(t, "false")
	var said log
	if err := checkText(dir, "a.txt", "one\ntwo\n", said.add); err == nil {
		t.Fatal("text without a reference passed")
	}
	setUpdate(t, "true")
	for range 2 {
		if err := checkText(dir, "a.txt", "one\ntwo\n", said.add); err != nil || len(said) != 1 {
			t.Fatalf("update = %v, said %q; want one path", err, said)
		}
	}
	setUpdate(t, "false")
	err := checkText(dir, "a.txt", "one\n2\n", said.add)
	if err == nil || !regexp.MustCompile(`1 line differs, the first is 2:\s+got 2\s+want two`).MatchString(err.Error()) {
		t.Errorf("check of other text = %v", err)
	}
}
