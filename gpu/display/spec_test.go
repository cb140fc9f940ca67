package display

import (
	"strings"
	"testing"

	"rayos/geom"
)

func TestParseSpec(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Spec
	}{
		{"1280x720", Spec{Size: geom.Size{W: 1280, H: 720}}},
		{"1920x1080@1.5", Spec{Size: geom.Size{W: 1920, H: 1080}, Scale: 180}},
		{"1x1@1", Spec{Size: geom.Size{W: 1, H: 1}, Scale: 120}},
		{"3840x2160@1.0083", Spec{Size: geom.Size{W: 3840, H: 2160}, Scale: 121}},
		{"800x600:59.94", Spec{Size: geom.Size{W: 800, H: 600}, Refresh: 59940}},
		{"1280x720@1,transform=90", Spec{Size: geom.Size{W: 1280, H: 720}, Scale: 120, Transform: geom.Rotate90}},
		{"800x600:60,transform=flipped-270", Spec{Size: geom.Size{W: 800, H: 600}, Refresh: 60000, Transform: geom.Flipped270}},
		{"16384x1@8:144", Spec{Size: geom.Size{W: 16384, H: 1}, Scale: 960, Refresh: 144000}},
	} {
		got, err := ParseSpec(c.in)
		if err != nil || got != c.want {
			t.Errorf("ParseSpec(%q) = %+v, %v; want %+v", c.in, got, err, c.want)
		}
		if got.String() != c.in {
			t.Errorf("ParseSpec(%q).String() = %q", c.in, got.String())
		}
	}
}

func TestParseSpecErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "no size",
		"1280":                "no size",
		"x":                   "not a number of pixels",
		"1280x":               "not a number of pixels",
		"-1x5":                "not a number of pixels",
		"0x5":                 "1 to 16384",
		"16385x5":             "1 to 16384",
		"99999999999999999x5": "not a number of pixels",
		"5x5@":                "not a scale",
		"5x5@1e2":             "not a scale",
		"5x5@inf":             "not a scale",
		"5x5@1.":              "not a scale",
		"5x5@0.2":             "0.25 to 8",
		"5x5@9":               "0.25 to 8",
		"5x5:":                "not a refresh rate",
		"5x5:0.5":             "1 to 1000",
		"5x5:2000":            "1 to 1000",
		"5x5:60@1":            "not a refresh rate",
		"5x5,":                "there is no",
		"5x5,rotate=90":       "there is no",
		"5x5,transform":       "flipped-270 are possible",
		"5x5,transform=45":    "flipped-270 are possible",
	} {
		_, err := ParseSpec(in)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSpec(%q) = %v; want %q", in, err, want)
		}
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{"1280x720", "1920x1080@1.5:60", "5x5@1.00833:59.94", "5x5@", "x@:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sp, err := ParseSpec(s)
		if err != nil {
			return
		}
		again, err := ParseSpec(sp.String())
		if err != nil || again != sp {
			t.Errorf("%q: %+v became %+v, %v", s, sp, again, err)
		}
	})
}
