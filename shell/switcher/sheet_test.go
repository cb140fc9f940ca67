package switcher

import (
	"fmt"
	"slices"
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

// rig is a sheet on a root, with what people did there.
type rig struct {
	sheet *Sheet
	root  *ui.Root
	st    State
	log   []string
}

func (r *rig) Choose(i int) {
	r.log = append(r.log, fmt.Sprint("choose ", i))
	r.st.Chosen = i
	if r.sheet.Show(r.st) {
		r.root.Invalidate()
	}
	r.root.Frame()
}
func (r *rig) Take()       { r.log = append(r.log, "take") }
func (r *rig) Close(i int) { r.log = append(r.log, fmt.Sprint("close ", i)) }
func (r *rig) Cancel()     { r.log = append(r.log, "cancel") }

func newRig(scheme uitheme.Scheme, rtl bool, size geom.Size, n int) *rig {
	r := &rig{}
	kinds := []preview.Window{
		{App: "org.example.Editor", Icon: editorIcon, Title: "Notes for Monday – Editor", Size: geom.Size{W: 900, H: 600}},
		{App: "foot", Title: "make -j4", Size: geom.Size{W: 640, H: 420}, Attention: true},
		{App: "linux-desktop", Title: "Linux desktop", Trust: theme.Linux, Size: geom.Size{W: 1280, H: 800}},
		{App: "win", Title: "Windows 11", Trust: theme.Windows, Size: geom.Size{W: 1280, H: 800}, Minimised: true},
		{App: "org.example.Chat", Title: "محادثة", Size: geom.Size{W: 300, H: 700}},
		{Title: "", Trust: theme.Unknown},
	}
	for i := range n {
		w := kinds[i%len(kinds)]
		w.ID = uint32(i + 1)
		r.st.Windows = append(r.st.Windows, w)
	}
	r.st.Chosen = min(1, n-1)
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

func TestItIsNeverLargerThanTheOutput(t *testing.T) {
	for _, size := range []geom.Size{{W: 200, H: 150}, {W: 640, H: 480}, {W: 1280, H: 720}, {W: 3840, H: 2160}} {
		for _, n := range []int{1, 2, 5, 7, 40, 300} {
			r := newRig(uitheme.Dark, false, size, n)
			for _, i := range []int{0, n / 2, n - 1} {
				r.Choose(i)
				box, view := r.sheet.Box(), r.sheet.Viewport()
				if box.Intersect(size.Rect()) != box || box.Empty() {
					t.Fatalf("%v, %d windows: the sheet is %v", size, n, box)
				}
				if got := r.sheet.place(i); got.Intersect(view) != got || got.Empty() {
					t.Fatalf("%v, %d windows: chosen %d at %v, in %v", size, n, i, got, view)
				}
				for _, s := range r.sheet.Slots(nil) {
					if s.Box.Intersect(size.Rect()) != s.Box {
						t.Fatalf("%v, %d windows: a picture at %v", size, n, s.Box)
					}
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		rtl  bool
		keys []ui.Sym
		want []string
	}{
		{false, []ui.Sym{ui.KeyRight, ui.KeyRight, ui.KeyLeft}, []string{"choose 2", "choose 3", "choose 2"}},
		{true, []ui.Sym{ui.KeyRight, ui.KeyRight}, []string{"choose 0", "choose 6"}},
		{false, []ui.Sym{ui.KeyDown, ui.KeyDown, ui.KeyUp, ui.KeyUp}, []string{"choose 5", "choose 5", "choose 1", "choose 1"}},
		{false, []ui.Sym{ui.KeyEnd, ui.KeyHome, ui.KeyEnter}, []string{"choose 6", "choose 0", "take"}},
		{false, []ui.Sym{ui.KeyTab, ui.KeyDelete, ui.KeyEscape}, []string{"choose 2", "close 2", "cancel"}},
	} {
		r := newRig(uitheme.Dark, c.rtl, geom.Size{W: 1280, H: 720}, 7)
		for _, k := range c.keys {
			if !r.root.Event(&ui.Keystroke{Sym: k, Mods: ui.Alt}) {
				t.Errorf("nobody takes %v", k)
			}
		}
		if !slices.Equal(r.log, c.want) {
			t.Errorf("rtl %v %x: %q; want %q", c.rtl, c.keys, r.log, c.want)
		}
	}
}

func TestThePointerChoosesOnceItIsMoved(t *testing.T) {
	r := newRig(uitheme.Dark, false, geom.Size{W: 1280, H: 720}, 7)
	at := func(i int, dx float64) geom.FPoint {
		b := r.sheet.place(i)
		return geom.FPoint{X: float64(b.X0+b.X1)/2 + dx, Y: float64(b.Y0+b.Y1) / 2}
	}
	event := func(k ui.PointerKind, b ui.PointerButton, p geom.FPoint) {
		r.root.Event(&ui.Pointer{Kind: k, Button: b, Pos: p})
	}
	event(ui.PointerMove, ui.LeftButton, at(3, 0))
	event(ui.PointerMove, ui.LeftButton, at(3, 2))
	if len(r.log) != 0 {
		t.Errorf("a pointer that lay there did %q", r.log)
	}
	event(ui.PointerMove, ui.LeftButton, at(3, 9))
	event(ui.PointerPress, ui.LeftButton, at(2, 0))
	event(ui.PointerRelease, ui.LeftButton, at(2, 0))
	event(ui.PointerPress, ui.MiddleButton, at(4, 0))
	event(ui.PointerRelease, ui.MiddleButton, at(4, 0))
	if want := []string{"choose 3", "choose 2", "take", "close 4"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

func TestWhatAScreenReaderFinds(t *testing.T) {
	r := newRig(uitheme.Dark, false, geom.Size{W: 1280, H: 720}, 4)
	var cards []*ui.Info
	var walk func(*ui.Info)
	walk = func(i *ui.Info) {
		if i.Role == ui.RoleListItem {
			cards = append(cards, i)
		}
		for _, k := range i.Children {
			walk(k)
		}
	}
	walk(r.root.Semantics())
	if len(cards) != 4 || cards[3].Name != "Windows: Windows 11 (minimised)" || cards[1].Traits&ui.IsSelected == 0 || cards[2].Index != 3 {
		t.Fatalf("cards: %+v", cards)
	}
	r.root.Do(cards[2].ID, ui.DoActivate, "")
	r.root.Do(cards[0].ID, ui.DoDismiss, "")
	if want := []string{"choose 2", "take", "close 0"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

func TestAnUnchangedFrameCostsNothing(t *testing.T) {
	r := newRig(uitheme.Dark, false, geom.Size{W: 1280, H: 720}, 7)
	var slots []preview.Slot
	slots = r.sheet.Slots(slots)
	if n := testing.AllocsPerRun(100, func() {
		r.root.Frame()
		slots = r.sheet.Slots(slots[:0])
	}); n != 0 {
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
	}{
		{"switcher-dark", uitheme.Dark, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 6},
		{"switcher-light", uitheme.Light, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 6},
		{"switcher-light-rtl", uitheme.Light, true, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 4},
		{"switcher-dark-rtl", uitheme.Dark, true, geom.Size{W: 1280, H: 720}, geom.ScaleOne, 4},
		{"switcher-many", uitheme.Dark, false, geom.Size{W: 800, H: 600}, geom.ScaleOne, 40},
		{"switcher-two-1.5", uitheme.Dark, false, geom.Size{W: 640, H: 480}, 180, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(c.scheme, c.rtl, c.size, c.n)
			previewtest.Golden(t, c.name, r.root, fonts, c.size, c.scale, r.sheet.Slots(nil))
		})
	}
}
