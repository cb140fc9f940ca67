package golden

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
)

// Difference says how two pictures differ.
type Difference struct {
	Got, Want image.Point     // sizes
	Count     int             // pixels that differ
	Max       int             // the largest difference of a channel
	Box       image.Rectangle // around them
}

func (d *Difference) String() string {
	if d.Got != d.Want {
		return fmt.Sprintf("%dx%d pixels; want %dx%d", d.Got.X, d.Got.Y, d.Want.X, d.Want.Y)
	}
	return fmt.Sprintf("%d of %d pixels differ, by up to %d, in %dx%d at %d,%d",
		d.Count, d.Got.X*d.Got.Y, d.Max, d.Box.Dx(), d.Box.Dy(), d.Box.Min.X, d.Box.Min.Y)
}

// Compare returns nil when no channel of got is outside the tolerance around
// want.
func Compare(want, got *image.NRGBA, tol Tolerance) *Difference {
	d := &Difference{Got: got.Rect.Size(), Want: want.Rect.Size()}
	if d.Got != d.Want {
		return d
	}
	for y := range d.Got.Y {
		w, g := row(want, y), row(got, y)
		for x := range d.Got.X {
			worst, out := delta(w[4*x:4*x+4], g[4*x:4*x+4], tol)
			if !out {
				continue
			}
			d.Count++
			d.Max = max(d.Max, worst)
			d.Box = d.Box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	if d.Count == 0 {
		return nil
	}
	return d
}

// row returns the bytes of a row, counted from the top of the picture.
func row(img *image.NRGBA, y int) []byte {
	at := img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y+y)
	return img.Pix[at : at+4*img.Rect.Dx()]
}

// delta returns the largest difference of a pixel's channels, and whether one
// is outside the tolerance.
func delta(want, got []byte, tol Tolerance) (worst int, out bool) {
	for i := range 4 {
		d := int(got[i]) - int(want[i])
		out = out || d < -int(tol.Below) || d > int(tol.Above)
		worst = max(worst, d, -d)
	}
	return worst, out
}

// failDir is where pictures that differ are put, inside testdata.
const failDir = "_fail"

// fail writes what there is to look at and says what is wrong.
func fail(dir, name string, want, got *image.NRGBA, d *Difference) error {
	base := filepath.Join(dir, failDir, name)
	if err := writePNG(base+".got.png", got); err != nil {
		return err
	}
	if want == nil {
		return fmt.Errorf("there is no reference; look at %s.got.png and run with -update", base)
	}
	if err := writePNG(base+".want.png", want); err != nil {
		return err
	}
	if d.Got != d.Want {
		// A diff of an earlier failure would mislead.
		if err := os.Remove(base + ".diff.png"); err != nil && !os.IsNotExist(err) {
			return err
		}
		return fmt.Errorf("%v; see %s.{want,got}.png", d, base)
	}
	if err := writePNG(base+".diff.png", tint(want, got)); err != nil {
		return err
	}
	return fmt.Errorf("%v; see %s.{want,got,diff}.png", d, base)
}

// tint returns a pale grey copy of want in which pixels that differ are red,
// the stronger the more they differ.
func tint(want, got *image.NRGBA) *image.NRGBA {
	size := want.Rect.Size()
	out := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		w, g := row(want, y), row(got, y)
		for x := range size.X {
			p := w[4*x : 4*x+4]
			grey := uint8(191 + (int(p[0])+2*int(p[1])+int(p[2]))/16)
			c := color.NRGBA{grey, grey, grey, 255}
			if worst, out := delta(p, g[4*x:4*x+4], Tolerance{}); out {
				pale := uint8(140 - min(140, worst))
				c = color.NRGBA{220, pale, pale, 255}
			}
			out.SetNRGBA(x, y, c)
		}
	}
	return out
}
