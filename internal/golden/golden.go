package golden

import (
	"errors"
	"flag"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"rayos/gpu/render"
)

// Tolerance is how far a channel may be below or above the reference.
type Tolerance struct{ Below, Above uint8 }

// GPU is the range that drivers' rounding needs, the one Weston uses.
var GPU = Tolerance{Below: 3, Above: 4}

// Option changes a comparison.
type Option func(*options)

type options struct{ tolerance Tolerance }

// WithTolerance accepts channels that differ by no more than tol. Pictures that
// are compared so are never written by -update: references come from the
// software renderer.
func WithTolerance(tol Tolerance) Option { return func(o *options) { o.tolerance = tol } }

// dir holds the references, seen from the folder of the package under test.
const dir = "testdata"

// Pixels compares p, in ARGB8888 or XRGB8888, with testdata/NAME.png. Premultiplied
// pixels are stored straight, which loses nothing.
func Pixels(t testing.TB, name string, p render.Pixels, opts ...Option) {
	t.Helper()
	img, err := FromPixels(p)
	if err != nil {
		t.Fatalf("golden %s: %v", name, err)
	}
	Image(t, name, img, opts...)
}

// Image compares img with testdata/NAME.png.
func Image(t testing.TB, name string, img image.Image, opts ...Option) {
	t.Helper()
	if err := check(dir, name, toNRGBA(img), opts, t.Logf); err != nil {
		t.Errorf("golden %s: %v", name, err)
	}
}

// check compares and updates; report is told of each file written.
func check(dir, name string, got *image.NRGBA, opts []Option, report func(string, ...any)) error {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	path := filepath.Join(dir, name+".png")
	want, err := readPNG(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var d *Difference
	if want != nil {
		if d = Compare(want, got, o.tolerance); d == nil {
			return nil
		}
	}
	if update.matches(name) && o.tolerance == (Tolerance{}) {
		if err := mayWrite(); err != nil {
			return err
		}
		if err := writePNG(path, got); err != nil {
			return err
		}
		report("wrote %s", path)
		return nil
	}
	return fail(dir, name, want, got, d)
}

// mayWrite refuses to bless what no person looks at.
func mayWrite() error {
	if os.Getenv("CI") == "true" {
		return errors.New("-update is refused where CI=true: references are looked at by a person first")
	}
	return nil
}

// updateFlag is the value of -update: a boolean, or a regular expression of
// the names.
type updateFlag struct{ names *regexp.Regexp }

var update updateFlag

func init() {
	flag.Var(&update, "update", "rewrite golden files that differ; -update=REGEXP only those of matching names")
}

// IsBoolFlag lets -update stand alone.
func (*updateFlag) IsBoolFlag() bool { return true }

func (u *updateFlag) String() string {
	if u == nil || u.names == nil {
		return ""
	}
	return u.names.String()
}

// Set implements flag.Value.
func (u *updateFlag) Set(v string) error {
	switch v {
	case "false", "":
		u.names = nil
		return nil
	case "true":
		v = ""
	}
	re, err := regexp.Compile(v)
	u.names = re
	return err
}

func (u *updateFlag) matches(name string) bool { return u.names != nil && u.names.MatchString(name) }

// Updating reports whether golden files of that name shall be rewritten, for
// tests that keep others than pictures and texts. It ends the test where
// nothing may be rewritten.
func Updating(t testing.TB, name string) bool {
	t.Helper()
	if !update.matches(name) {
		return false
	}
	if err := mayWrite(); err != nil {
		t.Fatalf("golden %s: %v", name, err)
	}
	return true
}
