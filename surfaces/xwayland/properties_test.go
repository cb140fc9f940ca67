package xwayland

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

func words(w ...uint32) property { return property{format: 32, value: packWords(w)} }

func TestText(t *testing.T) {
	long := strings.Repeat("ü", maxText)
	for _, tt := range []struct {
		name   string
		p      property
		latin1 bool
		want   string
	}{
		{"utf-8", property{format: 8, value: []byte("Grüße")}, false, "Grüße"},
		{"utf-8 in STRING", property{format: 8, value: []byte("Grüße")}, true, "Grüße"},
		{"latin 1", property{format: 8, value: []byte("Gr\xfc\xdfe")}, true, "Grüße"},
		{"broken utf-8", property{format: 8, value: []byte("a\xffb")}, false, "ab"},
		{"ends at a zero", property{format: 8, value: []byte("a\x00b")}, false, "a"},
		{"no controls", property{format: 8, value: []byte("a\n\x1b[2Jb\x7f")}, false, "a[2Jb"},
		{"cut between letters", property{format: 8, value: []byte(long + "x")}, false, long[:maxText]},
		{"numbers are no text", words(1, 2), false, ""},
		{"missing", property{}, false, ""},
	} {
		if got := tt.p.text(tt.latin1); got != tt.want {
			t.Errorf("%s: text = %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestClass(t *testing.T) {
	for _, tt := range []struct{ value, instance, class string }{
		{"xterm\x00XTerm\x00", "xterm", "XTerm"},
		{"xterm\x00XTerm", "xterm", "XTerm"},
		{"only", "only", ""},
		{"\x00Class\x00", "", "Class"},
		{"", "", ""},
	} {
		i, c := property{format: 8, value: []byte(tt.value)}.class()
		if i != tt.instance || c != tt.class {
			t.Errorf("class of %q = %q, %q; want %q, %q", tt.value, i, c, tt.instance, tt.class)
		}
	}
}

func TestHints(t *testing.T) {
	for _, tt := range []struct {
		name string
		w    []uint32
		want hints
	}{
		{"short", []uint32{1, 0}, hints{}},
		{"input", []uint32{1, 1, 0, 0, 0, 0, 0, 0, 0}, hints{}},
		{"no input", []uint32{1, 0, 0, 0, 0, 0, 0, 0, 0}, hints{NoInput: true}},
		{"input unset", []uint32{0, 0, 0, 0, 0, 0, 0, 0, 0}, hints{}},
		{"iconic", []uint32{2, 0, 3, 0, 0, 0, 0, 0, 0}, hints{Iconic: true}},
		{"urgent in a group", []uint32{1<<8 | 1<<6, 0, 0, 0, 0, 0, 0, 0, 7}, hints{Urgent: true, Group: 7}},
		{"group of an older, shorter form", []uint32{1 << 6, 0, 0, 0, 0, 0, 0, 0}, hints{}},
	} {
		if got := parseHints(tt.w); got != tt.want {
			t.Errorf("%s: %+v; want %+v", tt.name, got, tt.want)
		}
	}
}

func TestSizeHints(t *testing.T) {
	make := func(flags uint32, at map[int]uint32) []uint32 {
		w := [18]uint32{flags}
		for i, v := range at {
			w[i] = v
		}
		return w[:]
	}
	sz := func(w, h int32) geom.Size { return geom.Size{W: w, H: h} }
	for _, tt := range []struct {
		name string
		w    []uint32
		want sizeHints
	}{
		{"short", []uint32{1 << 4}, sizeHints{}},
		{
			"terminal", make(1<<4|1<<6|1<<8, map[int]uint32{5: 10, 6: 17, 9: 6, 10: 13, 15: 4, 16: 4}),
			sizeHints{Min: sz(10, 17), Base: sz(4, 4), Inc: sz(6, 13)},
		},
		{"base stands for the smallest", make(1<<8, map[int]uint32{15: 4, 16: 5}), sizeHints{Min: sz(4, 5), Base: sz(4, 5)}},
		{
			"fixed, placed by the person", make(1|1<<4|1<<5, map[int]uint32{5: 9, 6: 9, 7: 9, 8: 9}),
			sizeHints{Placed: true, Min: sz(9, 9), Max: sz(9, 9), Base: sz(9, 9)},
		},
		{"largest below the smallest", make(1<<4|1<<5, map[int]uint32{5: 9, 6: 9, 7: 3, 8: 9}), sizeHints{Min: sz(9, 9), Base: sz(9, 9)}},
		{"absurd", make(1<<5, map[int]uint32{7: 0x7fffffff, 8: 0x80000000}), sizeHints{Max: sz(maxExtent, 0)}},
	} {
		if got := parseSizeHints(tt.w); got != tt.want {
			t.Errorf("%s: %+v; want %+v", tt.name, got, tt.want)
		}
	}
}

func TestSnap(t *testing.T) {
	h := sizeHints{Min: geom.Size{W: 10, H: 17}, Base: geom.Size{W: 4, H: 4}, Inc: geom.Size{W: 6, H: 13}}
	for _, tt := range []struct{ in, want geom.Size }{
		{geom.Size{W: 484, H: 316}, geom.Size{W: 484, H: 316}},
		{geom.Size{W: 489, H: 328}, geom.Size{W: 484, H: 316}},
		{geom.Size{W: 5, H: 5}, geom.Size{W: 10, H: 17}},
		{geom.Size{W: 3, H: 3}, geom.Size{W: 3, H: 3}},
	} {
		if got := h.snap(tt.in); got != tt.want {
			t.Errorf("snap(%v) = %v; want %v", tt.in, got, tt.want)
		}
	}
}

func TestMotifAndExtents(t *testing.T) {
	for _, tt := range []struct {
		w    []uint32
		want bool
	}{
		{[]uint32{2, 0, 0, 0, 0}, true}, {[]uint32{2, 0, 1, 0, 0}, false}, {[]uint32{1, 0, 0, 0, 0}, false}, {[]uint32{2, 0}, false}, {nil, false},
	} {
		if got := parseMotif(tt.w).NoFrame; got != tt.want {
			t.Errorf("no frame of %v = %v; want %v", tt.w, got, tt.want)
		}
	}
	if got, want := parseExtents([]uint32{1, 2, 3, 4}), (extents{1, 2, 3, 4}); got != want {
		t.Errorf("extents %v; want %v", got, want)
	}
	for _, w := range [][]uint32{{1, 2, 3}, {1, 2, 3, 1 << 31}, {513, 0, 0, 0}} {
		if got := parseExtents(w); got != (extents{}) {
			t.Errorf("extents of %v = %v; want none", w, got)
		}
	}
}

func TestIcon(t *testing.T) {
	icon := func(side int, p uint32) []uint32 {
		w := []uint32{uint32(side), uint32(side)}
		for range side * side {
			w = append(w, p)
		}
		return w
	}
	var all []uint32
	for _, side := range []int{16, 256, 64, 128} {
		all = append(all, icon(side, 0x80ff8000)...)
	}
	all = append(all, 2, 3, 1, 1, 1, 1, 1, 1) // not square
	all = append(all, icon(24, 0xffffffff)...)
	got := parseIcon(all)
	if got == nil {
		t.Fatal("no icon")
	}
	var sides []int32
	for _, m := range got.Images {
		if m.Pixels.W != m.Size || m.Pixels.H != m.Size || m.Scale != 1 {
			t.Errorf("image %+v", m.Pixels.Size())
		}
		sides = append(sides, m.Size)
	}
	if d := cmp.Diff([]int32{16, 256, 64, 128, 24}, sides); d != "" {
		t.Error(d)
	}
	if p := got.Images[0].Pixels.Data[:4]; string(p) != "\x00\x40\x80\x80" {
		t.Errorf("pixel % x; want it premultiplied, 00 40 80 80", p)
	}
	var many []uint32
	for range 100 {
		many = append(many, icon(2, 1)...)
	}
	if n := len(parseIcon(many).Images); n != maxIcons {
		t.Errorf("%d images; want %d", n, maxIcons)
	}
	for name, w := range map[string][]uint32{
		"empty": nil, "no pixels": {2, 2, 1, 1, 1}, "zero": {0, 5, 1}, "overflow": {1 << 16, 1 << 16, 1},
		"huge": icon(maxIconSide+1, 1),
	} {
		if got := parseIcon(w); got != nil {
			t.Errorf("%s: %d images; want none", name, len(got.Images))
		}
	}
}

// testAtoms numbers the names from 100.
func testAtoms() *atoms {
	a := &atoms{back: map[xproto.Atom]name{}}
	for n := range nameCount {
		a.of[n] = xproto.Atom(100 + uint32(n))
		a.back[a.of[n]] = n
	}
	return a
}

func TestTypesAndStates(t *testing.T) {
	a := testAtoms()
	list := a.atomsIn([]uint32{7, uint32(a.of[typePopupMenu]), uint32(a.of[typeNormal])})
	if got := windowType(list, false); got != typePopupMenu || !popupType(got) {
		t.Errorf("type %v; want the first that is known, a popup menu", names[got])
	}
	if windowType(nil, true) != typeDialog || windowType(nil, false) != typeNormal {
		t.Error("without a type a window with a parent is a dialog, another is normal")
	}
	s := statesOf(a.atomsIn([]uint32{uint32(a.of[stateFullscreen]), uint32(a.of[stateAbove]), uint32(a.of[typeDock])}))
	if !s.has(stateFullscreen) || !s.has(stateAbove) || s.has(stateModal) {
		t.Errorf("states %b", s)
	}
	var got []string
	s.with(stateAbove, false).with(stateModal, true).each(func(n name) { got = append(got, names[n]) })
	if d := cmp.Diff([]string{"_NET_WM_STATE_MODAL", "_NET_WM_STATE_FULLSCREEN"}, got); d != "" {
		t.Error(d)
	}
	if len(a.atomsIn(make([]uint32, 1<<16))) != 0 {
		t.Error("a long list has members")
	}
}

func TestWantsKeys(t *testing.T) {
	for _, tt := range []struct {
		p    props
		want bool
	}{
		{props{Type: typeNormal}, true},
		{props{Type: typePopupMenu}, false},
		{props{Type: typeTooltip}, false},
		{props{Type: typeNormal, Hints: hints{NoInput: true}}, false},
	} {
		if got := tt.p.wantsKeys(); got != tt.want {
			t.Errorf("%s wants keys: %v; want %v", names[tt.p.Type], got, tt.want)
		}
	}
}

// FuzzProperty feeds every reader what a program may have written.
func FuzzProperty(f *testing.F) {
	f.Add(byte(32), packWords([]uint32{1, 1, 0xffffffff}))
	f.Add(byte(32), packWords([]uint32{2, 0, 0, 0, 0}))
	f.Add(byte(32), packWords(make([]uint32, 18)))
	f.Add(byte(8), []byte("xterm\x00XTerm\x00"))
	f.Add(byte(8), []byte("\xff\xfe\x00"))
	f.Add(byte(16), []byte{1, 2, 3})
	m := &manager{atoms: testAtoms()}
	f.Fuzz(func(t *testing.T, format byte, value []byte) {
		p := property{kind: m.atoms.of[utf8String], format: format, value: value}
		var got props
		for i := range reads {
			reads[i].parse(m, &got, p)
			reads[i].parse(m, &got, property{})
			reads[i].parse(m, &got, p)
		}
		for _, s := range []string{got.Title, got.Instance, got.Class, got.Role} {
			if len(s) > maxText || !utf8.ValidString(s) {
				t.Errorf("text %q", s)
			}
		}
		h := got.Size
		for _, v := range []int32{h.Min.W, h.Min.H, h.Max.W, h.Max.H, h.Base.W, h.Base.H, h.Inc.W, h.Inc.H} {
			if v < 0 || v > maxExtent {
				t.Errorf("size hints %+v", h)
			}
		}
		if s := h.snap(geom.Size{W: 640, H: 480}); s.W < 1 || s.H < 1 || s.W > maxExtent || s.H > maxExtent {
			t.Errorf("snap to %v by %+v", s, h)
		}
		if got.Icon != nil && (len(got.Icon.Images) == 0 || len(got.Icon.Images) > maxIcons) {
			t.Errorf("icon with %d images", len(got.Icon.Images))
		}
		if got.DND > xdndVersion {
			t.Errorf("XDND %d", got.DND)
		}
	})
}
