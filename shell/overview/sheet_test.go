package overview

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/preview"
	"rayos/shell/preview/previewtest"
	"rayos/shell/theme"
)

var (
	fonts      = text.NewFonts(text.Options{})
	editorIcon = previewtest.Icon()
)

// TestSpread: whatever lies where, cards don't overlap, stay within the area,
// and pictures keep their shape.
func TestSpread(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	area := geom.XYWH(24, 200, 1232, 496)
	for round := range 2000 {
		n := 1 + rng.IntN(40)
		frames := make([]geom.Rect, n)
		for i := range frames {
			frames[i] = geom.XYWH(int32(rng.IntN(3000)-500), int32(rng.IntN(2000)-500), int32(1+rng.IntN(2500)), int32(1+rng.IntN(1500)))
		}
		cards := Spread(frames, area)
		if len(cards) != n {
			t.Fatalf("round %d: %d windows, %d cards", round, n, len(cards))
		}
		for i, c := range cards {
			if c.Intersect(area) != c {
				t.Fatalf("round %d: a card at %v, outside of %v", round, c, area)
			}
			for _, d := range cards[:i] {
				if c.Overlaps(d) {
					t.Fatalf("round %d: %v and %v overlap", round, c, d)
				}
			}
			pic := geom.Size{W: c.W() - chromeW, H: c.H() - chromeH}
			a, b := int64(pic.W)*int64(frames[i].H()), int64(pic.H)*int64(frames[i].W())
			if d := max(a-b, b-a); d > 2*int64(frames[i].W()+frames[i].H()) {
				t.Fatalf("round %d: a window of %v has a picture of %v", round, frames[i].Size(), pic)
			}
		}
	}
}

func TestSpreadKeepsPlaces(t *testing.T) {
	// Four windows in the corners stay in the corners.
	frames := []geom.Rect{
		geom.XYWH(700, 450, 500, 300), geom.XYWH(0, 0, 500, 300), geom.XYWH(700, 0, 500, 300), geom.XYWH(0, 450, 500, 300),
	}
	c := Spread(frames, geom.XYWH(0, 0, 1200, 700))
	if !(c[1].X1 <= c[2].X0 && c[3].X1 <= c[0].X0 && c[1].Y1 <= c[3].Y0 && c[2].Y1 <= c[0].Y0) {
		t.Errorf("cards %v", c)
	}
	if c := Spread(make([]geom.Rect, 400), geom.XYWH(0, 0, 300, 200)); c != nil {
		t.Errorf("400 windows have room in 300×200: %v", c[:2])
	}
	if c := Spread(nil, geom.XYWH(0, 0, 300, 200)); c != nil {
		t.Errorf("no windows, and cards %v", c)
	}
	one := geom.XYWH(10, 10, 100, 80)
	if c := Spread([]geom.Rect{one}, geom.XYWH(0, 0, 1000, 1000)); c[0].W() != 100+chromeW || c[0].H() != 80+chromeH {
		t.Errorf("a small window is enlarged: %v", c)
	}
}

// rig is an overview on a root, with what people did there.
type rig struct {
	sheet *Sheet
	root  *ui.Root
	st    State
	log   []string
}

func (r *rig) note(format string, a ...any)           { r.log = append(r.log, fmt.Sprintf(format, a...)) }
func (r *rig) Take(w uint32)                          { r.note("take %d", w) }
func (r *rig) Choose(w uint32)                        { r.note("choose %d", w); r.st.Chosen = w; r.show() }
func (r *rig) Next(back bool)                         { r.note("next %v", back) }
func (r *rig) Close(w uint32)                         { r.note("close %d", w) }
func (r *rig) Workspace(n int)                        { r.note("workspace %d", n) }
func (r *rig) AddWorkspace()                          { r.note("add") }
func (r *rig) MoveTo(w uint32, n int)                 { r.note("move %d to %d", w, n) }
func (r *rig) Filter(s string)                        { r.note("filter %q", s); r.st.Filter = s; r.show() }
func (r *rig) Drag(w uint32, _ geom.FPoint, over int) { r.note("drag %d over %d", w, over) }
func (r *rig) Drop(w uint32, over int)                { r.note("drop %d on %d", w, over) }
func (r *rig) Cancel()                                { r.note("cancel") }

func (r *rig) show() {
	if r.sheet.Show(r.st) {
		r.root.Invalidate()
	}
	r.root.Frame()
}

func newRig(scheme uitheme.Scheme, rtl bool, size geom.Size, n int) *rig {
	r := &rig{}
	kinds := []Window{
		{preview.Window{App: "org.example.Editor", Icon: editorIcon, Title: "Notes for Monday – Editor", Size: geom.Size{W: 600, H: 400}}, geom.XYWH(20, 40, 600, 400)},
		{preview.Window{App: "foot", Title: "make -j4", Size: geom.Size{W: 500, H: 320}}, geom.XYWH(700, 60, 500, 320)},
		{preview.Window{App: "linux-desktop", Title: "Linux desktop", Trust: theme.Linux, Size: geom.Size{W: 640, H: 400}}, geom.XYWH(100, 330, 640, 400)},
		{preview.Window{App: "org.example.Chat", Title: "Besprechungsprotokoll der Arbeitsgruppe", Size: geom.Size{W: 240, H: 500}, Minimised: true}, geom.XYWH(900, 150, 240, 500)},
		{preview.Window{Title: "", Trust: theme.Unknown}, geom.XYWH(400, 200, 300, 200)},
	}
	var mini []preview.Slot
	for i := range n {
		w := kinds[i%len(kinds)]
		w.ID = uint32(i + 1)
		r.st.Windows = append(r.st.Windows, w)
		mini = append(mini, preview.Slot{Window: w.ID, Box: w.Frame})
	}
	r.st.Chosen, r.st.Settled, r.st.Over = 2, true, -1
	r.st.Spaces = []Space{{Name: "1", Shown: true, Windows: mini}, {Name: "2"}, {Name: "Mail", Urgent: true}, {Name: "4"}}
	r.sheet = New(r, rtl)
	r.sheet.Resize(size)
	r.sheet.Show(r.st)
	r.root = ui.New(ui.Options{
		View: r.sheet.View, Fonts: fonts, Theme: uitheme.New(scheme, 0), RTL: rtl, Now: func() time.Duration { return time.Second },
	})
	r.root.Resize(size, geom.ScaleOne)
	r.root.FocusNext(false)
	r.root.Frame()
	return r
}

func TestKeys(t *testing.T) {
	type k = ui.Keystroke
	for _, c := range []struct {
		name string
		rtl  bool
		keys []k
		want []string
	}{
		{"arrows go to what is there", false, []k{{Sym: ui.KeyLeft}, {Sym: ui.KeyDown}, {Sym: ui.KeyRight}}, []string{"choose 5", "choose 2"}},
		{"Enter, Delete", false, []k{{Sym: ui.KeyEnter}, {Sym: ui.KeyDelete}}, []string{"take 2", "close 2"}},
		{"Tab", false, []k{{Sym: ui.KeyTab}, {Sym: ui.KeyTab, Mods: ui.Shift}}, []string{"next false", "next true"}},
		{"typing", false, []k{{Sym: ' ', Text: " "}, {Sym: 'm', Text: "m"}, {Sym: 0xe4, Text: "ä"}, {Sym: ui.KeyBackspace}, {Sym: 'a', Text: "", Mods: ui.Ctrl}}, []string{`filter "m"`, `filter "mä"`, `filter "m"`}},
		{"Escape twice", false, []k{{Sym: 'm', Text: "m"}, {Sym: ui.KeyEscape}, {Sym: ui.KeyEscape}}, []string{`filter "m"`, `filter ""`, "cancel"}},
		{"workspaces", false, []k{{Sym: ui.KeyPageDown}, {Sym: ui.KeyPageUp}, {Sym: ui.KeyPageDown, Mods: ui.Shift}}, []string{"workspace 1", "move 2 to 1", "workspace 1"}},
		{"workspaces by arrow", false, []k{{Sym: ui.KeyRight, Mods: ui.Ctrl}, {Sym: ui.KeyLeft, Mods: ui.Ctrl}}, []string{"workspace 1"}},
		{"from right to left", true, []k{{Sym: ui.KeyLeft, Mods: ui.Ctrl}, {Sym: ui.KeyRight, Mods: ui.Ctrl}}, []string{"workspace 1"}},
	} {
		r := newRig(uitheme.Dark, c.rtl, geom.Size{W: 1280, H: 720}, 5)
		for _, s := range c.keys {
			r.root.Event(&s)
			s.Release = true
			r.root.Event(&s)
		}
		if !slices.Equal(r.log, c.want) {
			t.Errorf("%s: %q; want %q", c.name, r.log, c.want)
		}
	}
}

func TestFits(t *testing.T) {
	w := preview.Window{App: "org.example.Editor", Icon: editorIcon, Title: "Straße.txt", Trust: theme.Linux}
	for filter, want := range map[string]bool{"": true, "STRASSE": false, "stra edit": true, "linux": true, "edit q": false, "straße": true} {
		if Fits(&w, filter) != want {
			t.Errorf("%q: %v", filter, !want)
		}
	}
	if Fits(&preview.Window{App: "a"}, "session") {
		t.Error("what is the person's own is found by its trust")
	}
}

func TestThePointer(t *testing.T) {
	r := newRig(uitheme.Dark, false, geom.Size{W: 1280, H: 720}, 5)
	mid := func(b geom.Rect) geom.FPoint {
		return geom.FPoint{X: float64(b.X0+b.X1) / 2, Y: float64(b.Y0+b.Y1) / 2}
	}
	event := func(k ui.PointerKind, b ui.PointerButton, p geom.FPoint) {
		r.root.Event(&ui.Pointer{Kind: k, Button: b, Pos: p})
		r.root.Frame()
	}
	click := func(b ui.PointerButton, p geom.FPoint) {
		event(ui.PointerMove, ui.LeftButton, p)
		event(ui.PointerPress, b, p)
		event(ui.PointerRelease, b, p)
	}
	card := func(i int) geom.FPoint { return mid(r.sheet.cards[i]) }
	click(ui.LeftButton, card(0))
	click(ui.MiddleButton, card(1))
	click(ui.LeftButton, mid(r.sheet.Space(2)))
	click(ui.LeftButton, mid(r.sheet.thumbs[4]))
	cross := r.sheet.cards[3]
	click(ui.LeftButton, geom.FPoint{X: float64(cross.X1 - preview.Pad - 14), Y: float64(cross.Y0 + 20)})
	click(ui.LeftButton, geom.FPoint{X: 5, Y: 700})
	event(ui.PointerPress, ui.LeftButton, card(2))
	event(ui.PointerMove, ui.LeftButton, mid(r.sheet.Space(3)))
	event(ui.PointerRelease, ui.LeftButton, mid(r.sheet.Space(3)))
	event(ui.PointerPress, ui.LeftButton, card(2))
	event(ui.PointerMove, ui.LeftButton, geom.FPoint{X: 5, Y: 5})
	event(ui.PointerCancel, ui.LeftButton, geom.FPoint{X: 5, Y: 5})
	want := []string{
		"take 1", "close 2", "workspace 2", "add", "close 4", "cancel",
		"drag 3 over 3", "drop 3 on 3", "drag 3 over -1", "drop 3 on -1",
	}
	if !slices.Equal(r.log, want) {
		t.Errorf("%q\nwant %q", r.log, want)
	}
}

// TestAnOutputWithoutFindsIsQuiet: where windows fit on another output, none is
// missed here.
func TestAnOutputWithoutFindsIsQuiet(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		r := newRig(uitheme.Dark, false, geom.Size{W: 1280, H: 720}, 0)
		r.st.Filter, r.st.Elsewhere = "notes", elsewhere
		r.show()
		if said := strings.Contains(r.root.Frame().List.String(), "No window fits"); said == elsewhere {
			t.Errorf("elsewhere %v: it says so: %v", elsewhere, said)
		}
	}
}

func TestNothingIsOutside(t *testing.T) {
	for _, size := range []geom.Size{{W: 200, H: 150}, {W: 640, H: 480}, {W: 1280, H: 720}, {W: 720, H: 1280}, {W: 3840, H: 2160}} {
		for _, n := range []int{0, 1, 7, 64} {
			for _, rtl := range []bool{false, true} {
				r := newRig(uitheme.Dark, rtl, size, n)
				for len(r.st.Spaces) < 30 {
					r.st.Spaces = append(r.st.Spaces, Space{Name: "more"})
				}
				r.show()
				for _, q := range r.sheet.Thumbs(r.sheet.Slots(nil), 0) {
					if q.Box.Intersect(size.Rect()) != q.Box {
						t.Errorf("%v, %d windows: a picture at %v", size, n, q.Box)
					}
				}
			}
		}
	}
}

func TestAnUnchangedFrameCostsNothing(t *testing.T) {
	r := newRig(uitheme.Dark, false, geom.Size{W: 1280, H: 720}, 5)
	if n := testing.AllocsPerRun(100, func() { r.root.Frame() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if r.sheet.Show(r.st) {
		t.Error("the same state counts as another")
	}
}

func TestPictures(t *testing.T) {
	for _, c := range []struct {
		name   string
		scheme uitheme.Scheme
		rtl    bool
		size   geom.Size
		scale  geom.Scale
		n      int
		filter string
	}{
		{"overview-dark", uitheme.Dark, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 5, ""},
		{"overview-light", uitheme.Light, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 5, ""},
		{"overview-dark-rtl", uitheme.Dark, true, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 3, ""},
		{"overview-light-rtl", uitheme.Light, true, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 3, ""},
		{"overview-typed-1.5", uitheme.Dark, false, geom.Size{W: 800, H: 600}, 180, 1, "notes"},
		{"overview-none", uitheme.Light, false, geom.Size{W: 800, H: 600}, geom.ScaleOne, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(c.scheme, c.rtl, c.size, c.n)
			r.st.Filter = c.filter
			r.show()
			previewtest.Golden(t, c.name, r.root, fonts, c.size, c.scale, r.sheet.Slots(nil), r.sheet.Thumbs(nil, 0))
		})
	}
}
