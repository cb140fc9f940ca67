package control

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"rayos/gpu/render"
)

func TestParseWords(t *testing.T) {
	tests := []struct{ line, want, err string }{
		{line: "focus foot", want: "map[window:foot]"},
		{line: "move foot -10 20", want: "map[window:foot x:-10 y:20]"},
		{line: "input pointer -.5 2 --relative", want: "map[relative:true x:-0.5 y:2]"},
		{line: "input type -- --hello", want: "map[text:--hello]"},
		{line: "wait --window=foot --timeout 2s", want: "map[timeout:2s window:foot]"},
		{line: "wait --gone --window foot", want: "map[gone:true window:foot]"},
		{line: "wait --gone=false --idle", want: "map[gone:false idle:true]"},
		{line: "resize 1 800x600", want: "map[size:800x600 window:1]"},
		{line: "focus", err: "focus needs WINDOW"},
		{line: "focus a b", err: "one argument too many"},
		{line: "focus --now a", err: "no flag --now"},
		{line: "focus -f a", err: "no flag -f"},
		{line: "focus --window a", err: "no flag --window"},
		{line: "wait --window", err: "needs a value"},
		{line: "wait --idle --idle", err: "given twice"},
		{line: "resize 1 800", err: "want a size like 800x600"},
		{line: "state 1 big", err: "want one of maximize"},
		{line: "input key ctrl++", err: "the + key is called plus"},
		{line: "wait --idle --timeout 99h", err: "want a time up to 24h"},
	}
	for _, tt := range tests {
		c, rest := Lookup(strings.Fields(tt.line))
		if c == nil {
			t.Errorf("Lookup(%q) = nil", tt.line)
			continue
		}
		v, err := c.ParseWords(rest)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("ParseWords(%q) = %v, %v; want error %q", tt.line, v, err, tt.err)
			}
		case err != nil || fmt.Sprint(map[string]any(v)) != tt.want:
			t.Errorf("ParseWords(%q) = %v, %v; want %s", tt.line, v, err, tt.want)
		}
	}
}

func TestLookupTakesTheLongestName(t *testing.T) {
	for line, want := range map[string]string{
		"input key a": "input key", "outputs": "outputs", "output add 1x1": "output add", "input": "", "": "", "output frobnicate": "",
	} {
		got := ""
		if c, _ := Lookup(strings.Fields(line)); c != nil {
			got = c.Name
		}
		if got != want {
			t.Errorf("Lookup(%q) = %q; want %q", line, got, want)
		}
	}
}

func TestChord(t *testing.T) {
	for in, want := range map[string]Chord{
		"Return": {Key: "Return"}, "ctrl+shift+t": {Ctrl | Shift, "t"}, "Super+Alt+F4": {Logo | Alt, "F4"},
		"altgr+e": {AltGr, "e"}, "shift": {Mods: Shift}, "control+plus": {Ctrl, "plus"},
	} {
		got, err := ParseChord(in)
		if got != want || err != nil {
			t.Errorf("ParseChord(%q) = %v, %v; want %v", in, got, err, want)
		}
		if again, err := ParseChord(got.String()); again != got || err != nil {
			t.Errorf("ParseChord(%q) = %v, %v; want %v", got, again, err, got)
		}
	}
	for _, in := range []string{"", "+", "ctrl+", "a+b", "+a", "hyper+x", strings.Repeat("ctrl+", 20) + "a"} {
		if c, err := ParseChord(in); err == nil {
			t.Errorf("ParseChord(%q) = %v; want an error", in, c)
		}
	}
}

func TestEncodePNGHasStraightAlpha(t *testing.T) {
	p := render.Pixels{Data: make([]byte, 3*12), W: 2, H: 3, Stride: 12, Format: render.ARGB8888}
	copy(p.Data, []byte{0, 0, 255, 255, 0, 64, 0, 128})
	for _, format := range []render.Format{render.ARGB8888, render.XRGB8888} {
		p.Format = format
		b, err := EncodePNG(p)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		want := color.NRGBA{0, 128, 0, 128}
		if format.Opaque() {
			want = color.NRGBA{0, 64, 0, 255}
		}
		if got := color.NRGBAModel.Convert(img.At(1, 0)); got != want {
			t.Errorf("%v pixel = %v; want %v", format, got, want)
		}
		if got := img.Bounds().Dy(); got != 3 {
			t.Errorf("%v height = %d; want 3", format, got)
		}
	}
	for _, bad := range []render.Pixels{
		{},
		{W: 2, H: 2, Stride: 8, Format: render.ARGB8888, Data: make([]byte, 15)},
		{W: 2, H: 1, Stride: 4, Format: render.ARGB8888, Data: make([]byte, 99)},
		{W: 2, H: 1, Stride: 8, Format: render.RGB565, Data: make([]byte, 99)},
	} {
		if _, err := EncodePNG(bad); err == nil {
			t.Errorf("EncodePNG(%v %v) = nil; want an error", bad.Size(), bad.Format)
		}
	}
}
