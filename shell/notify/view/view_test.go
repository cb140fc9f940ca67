package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/notify"
	trust "rayos/shell/theme"
)

var (
	fonts = text.NewFonts(text.Options{})
	nine  = time.Date(2026, 11, 23, 9, 41, 0, 0, time.UTC)
)

// journal notes what is asked for.
type journal []string

func (j *journal) note(format string, a ...any) { *j = append(*j, fmt.Sprintf(format, a...)) }

func (j *journal) Choose(id uint32, key string) { j.note("choose %d %s", id, key) }
func (j *journal) Dismiss(id uint32)            { j.note("dismiss %d", id) }
func (j *journal) Open()                        { j.note("open") }
func (j *journal) Clear()                       { j.note("clear") }
func (j *journal) Quiet(on bool)                { j.note("quiet %v", on) }
func (j *journal) Player(k Key)                 { j.note("player %d", k) }

// picture is what programs send along.
func picture() *notify.Image {
	m := &notify.Image{Width: 48, Height: 32}
	for y := range 32 {
		for x := range 48 {
			m.Pixels = append(m.Pixels, byte(40+4*x), 120, byte(255-6*y), byte(min(255, 8*(x+y))))
		}
	}
	return m
}

func span(s string, st notify.Style) notify.Span { return notify.Span{Text: s, Style: st} }

// some are notifications of each kind, the oldest first.
func some() []*notify.Notification {
	list := []*notify.Notification{
		{App: "Files", Summary: "Copying holiday pictures", Body: []notify.Span{span("1,204 of 2,680 files", 0)}, Value: 45},
		{App: "linux-desktop", Trust: trust.Linux, Summary: "linux-desktop has failed", Body: []notify.Span{span("It crashed three times within a minute.", 0)}, Urgency: notify.Critical, Actions: []notify.Action{{Key: "show", Label: "Show"}}},
		{App: "Mail", Summary: "Lunch on Friday?", Body: []notify.Span{
			span("Anna: shall we meet at ", 0), span("12:30", notify.Bold), span(" at the usual place? ", 0), {Text: "Map", Link: "https://example.org"},
		}, Default: true},
		{App: "Chat", Summary: "Call from Omar", Image: picture(), Actions: []notify.Action{{Key: "yes", Label: "Accept"}, {Key: "no", Label: "Decline"}}},
	}
	return number(list)
}

func number(list []*notify.Notification) []*notify.Notification {
	for i, n := range list {
		n.ID, n.At = uint32(i+1), nine.Add(time.Duration(i)*time.Minute)
		if n.Value == 0 {
			n.Value = -1
		}
	}
	return list
}

// hostile ones say too much.
func hostile() []*notify.Notification {
	wide := strings.Repeat("W", 256)
	var all []notify.Action
	for i := range notify.MaxActions {
		all = append(all, notify.Action{Key: fmt.Sprint(i), Label: strings.Repeat("very long ", 12)})
	}
	return number([]*notify.Notification{
		{App: wide, Summary: wide, Body: []notify.Span{span(strings.Repeat(wide+" ", 15), 0)}, Actions: all, Image: &notify.Image{Width: 512, Height: 1, Pixels: make([]byte, 4*512)}},
		{App: "العربية", Summary: "رسالة جديدة من أمينة", Body: []notify.Span{span("هل نلتقي غدا الساعة 12:30؟ ", 0), span("مهم", notify.Bold)}, Actions: []notify.Action{{Key: "a", Label: "نعم"}, {Key: "b", Label: "لا"}}},
		{App: "Systemeinstellungen", Summary: "Softwareaktualisierungsbenachrichtigung der Grafikkartentreiber", Body: []notify.Span{span("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung\n\n\n\nx", notify.Bold|notify.Underline)}, Value: 100},
		{Body: []notify.Span{span("no summary, no name", 0)}},
	})
}

var player = &Player{Name: "Rhythm", Title: "An Ending (Ascent)", Artist: "Brian Eno", Playing: true, CanPlay: true, CanNext: true}

// scenes are what the pictures show.
var scenes = []struct {
	name string
	view func(th *theme.Theme, act Actions) func() ui.Node
}{
	{"toasts", func(th *theme.Theme, act Actions) func() ui.Node { return toastsOf(th, act, some()) }},
	{"toasts-hostile", func(th *theme.Theme, act Actions) func() ui.Node { return toastsOf(th, act, hostile()) }},
	{"drawer", func(th *theme.Theme, act Actions) func() ui.Node {
		all := some()
		return drawerOf(th, act, all[2:], all[:2], false, "", player)
	}},
	{"drawer-hostile", func(th *theme.Theme, act Actions) func() ui.Node {
		return drawerOf(th, act, hostile(), nil, false, "", &Player{Name: strings.Repeat("W", 256), Title: strings.Repeat("W ", 128), Artist: "أمينة"})
	}},
	{"drawer-empty", func(th *theme.Theme, act Actions) func() ui.Node {
		return drawerOf(th, act, nil, nil, true, "Programs can't send notifications: the session has no message bus.", nil)
	}},
}

func toastsOf(th *theme.Theme, act Actions, list []*notify.Notification) func() ui.Node {
	t := &Toasts{Theme: th, Act: act}
	t.Show(list)
	return t.View
}

func drawerOf(th *theme.Theme, act Actions, shown, past []*notify.Notification, quiet bool, absent string, p *Player) func() ui.Node {
	d := &Drawer{Theme: th, Act: act}
	d.Show(shown, past, quiet, absent, p)
	return func() ui.Node { return d.View(40) }
}

// rig is a root on which a view is shown.
type rig struct {
	root *ui.Root
	now  time.Duration
	log  journal
}

func newRig(view func(th *theme.Theme, act Actions) func() ui.Node, scheme theme.Scheme, rtl bool, size geom.Size, scale geom.Scale) *rig {
	r, th := &rig{now: time.Minute}, theme.New(scheme, 0)
	r.root = ui.New(ui.Options{View: view(th, &r.log), Fonts: fonts, Theme: th, RTL: rtl, Now: func() time.Duration { return r.now }})
	r.root.Resize(size, scale)
	r.root.Frame()
	r.now += time.Second // what moves has come to rest
	r.root.Frame()
	return r
}

func (r *rig) picture(t *testing.T, th *theme.Theme, scale geom.Scale) render.Pixels {
	t.Helper()
	size := r.root.Size()
	pix := render.NewPixels(scale.Apply(size.W), scale.Apply(size.H), render.ARGB8888)
	layer := render.NewPixels(pix.W, pix.H, render.ARGB8888)
	ras := paint.NewRaster(fonts)
	var b paint.Builder
	b.Fill(size.Rect().Fixed(), th.Desktop)
	for _, d := range []struct {
		to   *render.Pixels
		list *paint.List
	}{{&pix, b.Finish()}, {&layer, r.root.Frame().List}} {
		if err := ras.Draw(paint.Target{Pixels: d.to, Scale: scale}, d.list, nil); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(pix.Data); i += 4 {
		a := 255 - uint32(layer.Data[i+3])
		for c := range 4 {
			pix.Data[i+c] = byte(uint32(layer.Data[i+c]) + uint32(pix.Data[i+c])*a/255)
		}
	}
	return pix
}

func TestPictures(t *testing.T) {
	for _, s := range scenes {
		for _, c := range []struct {
			suffix string
			scheme theme.Scheme
			rtl    bool
			scale  geom.Scale
		}{{"dark", theme.Dark, false, geom.ScaleOne}, {"light", theme.Light, false, geom.ScaleOne}, {"rtl", theme.Dark, true, geom.ScaleOne}, {"light-rtl", theme.Light, true, geom.ScaleOne}, {"dark-1.5x", theme.Dark, false, 180}} {
			size := geom.Size{W: 440, H: 620}
			r := newRig(s.view, c.scheme, c.rtl, size, c.scale)
			golden.Pixels(t, s.name+"-"+c.suffix, r.picture(t, theme.New(c.scheme, 0), c.scale))
			if c.scale == geom.ScaleOne && c.scheme == theme.Dark {
				golden.Text(t, s.name+"-"+c.suffix+".paint.txt", r.root.Frame().List.String())
			}
		}
	}
}

func TestNothingIsDrawnOutsideOfItsPlace(t *testing.T) {
	const shadow = 60 // with its blur, which fades to nothing
	for _, size := range []geom.Size{{W: 320, H: 240}, {W: 640, H: 480}, {W: 1280, H: 720}, {W: 3840, H: 2160}} {
		for _, rtl := range []bool{false, true} {
			var to *Toasts
			r := newRig(func(th *theme.Theme, act Actions) func() ui.Node {
				to = &Toasts{Theme: th, Act: act}
				to.Show(hostile())
				return to.View
			}, theme.Dark, rtl, size, geom.ScaleOne)
			place, got := to.Place(size.Rect(), rtl), r.root.Frame().List.Bounds()
			if in := place.Inset(-shadow); got.X0 < in.X0 || got.X1 > in.X1 || got.Y0 < in.Y0 || got.Y1 > in.Y1 {
				t.Errorf("toasts on %v, rtl %v: drawn in %v; their place is %v", size, rtl, got, place)
			}
			var d *Drawer
			r = newRig(func(th *theme.Theme, act Actions) func() ui.Node {
				d = &Drawer{Theme: th, Act: act}
				d.Show(hostile(), hostile(), false, "", player)
				return func() ui.Node { return d.View(40) }
			}, theme.Dark, rtl, size, geom.ScaleOne)
			place, got = d.Place(size.Rect(), rtl, 40), r.root.Frame().List.Bounds()
			if in := place.Inset(-shadow); got.X0 < in.X0 || got.X1 > in.X1 || got.Y0 < in.Y0 || got.Y1 > in.Y1 {
				t.Errorf("drawer on %v, rtl %v: drawn in %v; its place is %v", size, rtl, got, place)
			}
		}
	}
}

func TestWhatThePartsDo(t *testing.T) {
	for _, c := range []struct {
		scene, name string
		do          ui.Action
		want        string
	}{
		{"toasts", "Accept", ui.DoActivate, "choose 4 yes"},
		{"toasts", "Lunch on Friday?", ui.DoActivate, "choose 3 default"},
		{"toasts", "Lunch on Friday?", ui.DoDismiss, "dismiss 3"},
		{"toasts", "linux-desktop has failed", ui.DoActivate, "dismiss 2"},
		{"toasts", "1 more", ui.DoActivate, "open"},
		{"drawer", "Do not disturb", ui.DoActivate, "quiet true"},
		{"drawer", "Clear all", ui.DoActivate, "clear"},
		{"drawer", "Pause", ui.DoActivate, "player 0"},
		{"drawer", "Next", ui.DoActivate, "player 1"},
		{"drawer", "Decline", ui.DoActivate, "choose 4 no"},
		{"drawer", "Copying holiday pictures", ui.DoDismiss, "dismiss 1"},
	} {
		i := slices.IndexFunc(scenes, func(s struct {
			name string
			view func(th *theme.Theme, act Actions) func() ui.Node
		},
		) bool {
			return s.name == c.scene
		})
		r := newRig(scenes[i].view, theme.Dark, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne)
		part := apptest.Find(r.root.Semantics(), c.name)
		if part == nil {
			t.Errorf("%s: there is no %q", c.scene, c.name)
			continue
		}
		r.root.Do(part.ID, c.do, "")
		if !slices.Equal(r.log, journal{c.want}) {
			t.Errorf("%s, %q: %q; want %q", c.scene, c.name, r.log, c.want)
		}
	}
}

// TestWhatIsOverHasNoActions: its program hears nothing any more.
func TestWhatIsOverHasNoActions(t *testing.T) {
	all := some()
	r := newRig(func(th *theme.Theme, act Actions) func() ui.Node {
		return drawerOf(th, act, nil, all, false, "", nil)
	}, theme.Dark, false, geom.Size{W: 1280, H: 2000}, geom.ScaleOne)
	if apptest.Find(r.root.Semantics(), "Accept") != nil {
		t.Error("an action of the history can be chosen")
	}
	r.root.Do(apptest.Find(r.root.Semantics(), "Lunch on Friday?").ID, ui.DoActivate, "")
	if len(r.log) != 0 {
		t.Errorf("%q", r.log)
	}
}

// TestSwipe: a card follows the pointer, and goes when it is let go far enough.
func TestSwipe(t *testing.T) {
	for _, c := range []struct {
		name string
		by   float64
		want journal
	}{
		{"a click", 2, journal{"choose 3 default"}},
		{"a little", 60, nil},
		{"away", 200, journal{"dismiss 3"}},
		{"away to the other side", -200, journal{"dismiss 3"}},
	} {
		all := some()
		r := newRig(func(th *theme.Theme, act Actions) func() ui.Node { return toastsOf(th, act, all[2:3]) }, theme.Dark, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne)
		at := apptest.Find(r.root.Semantics(), "Lunch on Friday?").Bounds
		p := geom.FPoint{X: float64(at.X0) + 100, Y: float64(at.Y0) + 40}
		r.root.Event(&ui.Pointer{Kind: ui.PointerPress, Pos: p})
		for i := range 4 {
			r.root.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: geom.FPoint{X: p.X + c.by*float64(i+1)/4, Y: p.Y}})
			r.root.Frame()
		}
		r.root.Event(&ui.Pointer{Kind: ui.PointerRelease, Pos: geom.FPoint{X: p.X + c.by, Y: p.Y}})
		r.root.Frame()
		if !slices.Equal(r.log, c.want) {
			t.Errorf("%s: %q; want %q", c.name, r.log, c.want)
		}
	}
}

// TestByKeyboardAlone: each part of the drawer can be reached and used.
func TestByKeyboardAlone(t *testing.T) {
	all := some()
	r := newRig(func(th *theme.Theme, act Actions) func() ui.Node {
		return drawerOf(th, act, all[2:], all[:2], false, "", player)
	},
		theme.Dark, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne)
	r.root.SetActive(true)
	for range 40 {
		for _, k := range []ui.Sym{ui.KeyTab, ui.KeyEnter, ui.KeyDelete} {
			r.root.Event(&ui.Keystroke{Sym: k})
			r.root.Event(&ui.Keystroke{Sym: k, Release: true})
			r.root.Frame()
		}
	}
	for _, want := range []string{"quiet true", "player 0", "player 1", "choose 4 yes", "choose 4 no", "choose 3 default", "dismiss 1", "dismiss 2", "dismiss 3", "dismiss 4", "clear"} {
		if !slices.Contains(r.log, want) {
			t.Errorf("%s can't be done by keys: %q", want, r.log)
		}
	}
}

func TestUnchangedFrameCostsNothing(t *testing.T) {
	for _, s := range scenes {
		r := newRig(s.view, theme.Dark, false, geom.Size{W: 1280, H: 720}, geom.ScaleOne)
		if n := testing.AllocsPerRun(100, func() { r.root.Frame() }); n != 0 {
			t.Errorf("%s: %v allocations", s.name, n)
		}
		if at, ok := r.root.Next(); ok {
			t.Errorf("%s: a frame is due at %v", s.name, at)
		}
	}
}

// TestPicturesAreForgotten: what isn't shown takes no memory.
func TestPicturesAreForgotten(t *testing.T) {
	to := &Toasts{Theme: theme.New(theme.Dark, 0), Act: &journal{}}
	to.Show(some())
	to.View()
	ui.New(ui.Options{View: to.View, Fonts: fonts, Theme: to.Theme, Now: func() time.Duration { return 0 }}).Layout()
	if len(to.pics) != 1 {
		t.Errorf("%d pictures are kept; want 1", len(to.pics))
	}
	to.Show(nil)
	if len(to.pics) != 0 || !to.Empty() {
		t.Errorf("%d pictures are kept of nothing", len(to.pics))
	}
}
