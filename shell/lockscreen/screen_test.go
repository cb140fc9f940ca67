package lockscreen

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

var fonts = text.NewFonts(text.Options{})

// rig is a screen on a root, with what people did there.
type rig struct {
	screen *Screen
	root   *ui.Root
	log    []string
}

func (r *rig) Submit()     { r.log = append(r.log, fmt.Sprintf("submit %s", r.screen.Take())) }
func (r *rig) Typed()      { r.log = append(r.log, "typed") }
func (r *rig) NextLayout() { r.log = append(r.log, "layout") }
func (r *rig) Sleep()      { r.log = append(r.log, "sleep") }

func newRig(scheme theme.Scheme, rtl bool, size geom.Size, scale geom.Scale, st State) *rig {
	r := &rig{}
	r.screen = New(r)
	if st.Now.IsZero() {
		st.Now = time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC)
	}
	r.screen.Show(st)
	r.root = ui.New(ui.Options{
		View: func() ui.Node { return r.screen.View(size.H) }, Fonts: fonts, Theme: theme.New(scheme, 0), RTL: rtl, Now: func() time.Duration { return time.Second },
	})
	r.root.Resize(size, scale)
	r.root.SetActive(true)
	r.root.Layout()
	r.root.FocusNext(false)
	r.root.Frame()
	return r
}

func (r *rig) show(st State) {
	st.Now = r.screen.state.Now
	r.screen.Show(st)
	r.root.Invalidate()
	r.root.Frame()
}

func (r *rig) key(sym ui.Sym, m ui.Mods, words string) bool {
	return r.root.Event(&ui.Keystroke{Sym: sym, Mods: m, Text: words})
}

func (r *rig) write(words string) {
	for _, c := range words {
		r.key(ui.Sym(c), 0, string(c))
	}
	r.root.Frame()
}

func (r *rig) do(t *testing.T, name string) {
	t.Helper()
	var find func(*ui.Info) bool
	find = func(i *ui.Info) bool {
		return i.Name == name && r.root.Do(i.ID, ui.DoActivate, "") || slices.ContainsFunc(i.Children, find)
	}
	if !find(r.root.Semantics()) {
		t.Fatalf("there is no %q", name)
	}
	r.root.Frame()
}

var states = map[string]struct {
	st     State
	typed  string
	reveal bool
}{
	"empty":    {State{Name: "Ada Lovelace"}, "", false},
	"typed":    {State{Name: "Ada Lovelace", Layout: "English (US)", Caps: true}, "secret", false},
	"revealed": {State{Name: "Ada Lovelace"}, "correct horse battery staple, and a long end", true},
	"long":     {State{Name: "Karl-Theodor Maria Nikolaus von und zu Schloss Hohenstein", Layout: "Deutsch (Österreich, ohne Akzenttasten)", Caps: true}, strings.Repeat("x", 80), false},
	"wrong":    {State{Name: "Ada Lovelace", Message: "That password is not right.", Bad: true, Wait: 8}, "", false},
	"busy":     {State{Name: "Ada Lovelace", Busy: true}, "", false},
	"sleep":    {State{Name: "آدا لوفلايس", Sleep: true, Message: "That password is not right.", Bad: true, Layout: "English (US)", Caps: true}, "", false},
}

func TestPictures(t *testing.T) {
	for name, c := range states {
		for _, look := range []struct {
			suffix string
			scheme theme.Scheme
			rtl    bool
			scale  geom.Scale
		}{{"dark", theme.Dark, false, 120}, {"light", theme.Light, false, 120}, {"rtl", theme.Dark, true, 120}, {"light-1.5x", theme.Light, false, 180}} {
			size := geom.Size{W: 440, H: 500}
			r := newRig(look.scheme, look.rtl, size, look.scale, c.st)
			r.screen.reveal = c.reveal
			r.screen.secret.add(c.typed)
			r.root.Invalidate()
			list := r.root.Frame().List
			pix := render.NewPixels(look.scale.Apply(size.W), look.scale.Apply(size.H), render.ARGB8888)
			if err := paint.NewRaster(fonts).Draw(paint.Target{Pixels: &pix, Scale: look.scale}, list, nil); err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, name+"-"+look.suffix, pix)
			if look.suffix == "dark" {
				golden.Text(t, name+".paint.txt", list.String())
			}
		}
	}
}

func TestNothingIsDrawnOutsideOfItsPlace(t *testing.T) {
	const shadow = 60 // with its blur, which fades to nothing
	for name, c := range states {
		for _, size := range []geom.Size{{W: 1280, H: 720}, {W: 800, H: 480}, {W: 640, H: 400}} {
			r := newRig(theme.Dark, false, size, 120, c.st)
			got, in := r.root.Frame().List.Bounds(), Place(size.Rect()).Inset(-shadow)
			if got.Intersect(in) != got {
				t.Errorf("%s on %v: drawn in %v; its place is %v", name, size, got, Place(size.Rect()))
			}
		}
	}
}

func TestKeys(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 1280, H: 720}, 120, State{Name: "Ada"})
	r.write("größe")
	if r.screen.secret.length() != 5 || r.screen.Empty() {
		t.Errorf("%d characters", r.screen.secret.length())
	}
	r.key(ui.KeyBackspace, 0, "")
	r.key(ui.KeyBackspace, 0, "")
	r.key('u', ui.Alt, "u") // a chord types nothing
	r.log = nil
	r.key(ui.KeyEnter, 0, "\r")
	if !slices.Equal(r.log, []string{"submit grö"}) || !r.screen.Empty() {
		t.Errorf("%q, empty %v", r.log, r.screen.Empty())
	}
	for _, c := range []struct {
		sym ui.Sym
		m   ui.Mods
	}{{ui.KeyEscape, 0}, {'u', ui.Ctrl}, {ui.KeyBackspace, ui.Ctrl}} {
		r.write("abc")
		if r.key(c.sym, c.m, ""); !r.screen.Empty() {
			t.Errorf("%x leaves the password", c.sym)
		}
	}
	// While one is being checked nothing is typed, and nothing is sent twice.
	r.show(State{Busy: true})
	r.log = nil
	r.write("abc")
	r.key(ui.KeyEnter, 0, "\r")
	if !r.screen.Empty() || len(r.log) != 0 {
		t.Errorf("while a password is checked: %q", r.log)
	}
}

func TestNothingIsLeftOfAPassword(t *testing.T) {
	var s secret
	left := func() bool { return !bytes.Equal(s.buf[:], make([]byte, MaxBytes)) }
	s.add("secret")
	if got := s.take(); string(got) != "secret" || left() {
		t.Errorf("after it was taken: %q", s.buf[:10])
	}
	s.add("pass")
	for range 6 {
		s.back()
	}
	if left() || s.n != 0 {
		t.Errorf("after it was deleted: %q", s.buf[:10])
	}
	s.add("pass")
	if s.forget(); left() {
		t.Errorf("after it was forgotten: %q", s.buf[:10])
	}
	if s.add(strings.Repeat("x", MaxBytes+1)) || s.add("\r") || s.add("\xff") || s.add("") {
		t.Error("it takes what is no password")
	}
}

func FuzzSecret(f *testing.F) {
	f.Add("größe", uint8(2))
	f.Fuzz(func(t *testing.T, words string, n uint8) {
		var s secret
		for _, r := range words {
			s.add(string(r))
		}
		for range n {
			s.back()
		}
		if s.n < 0 || s.n > MaxBytes || !utf8.Valid(s.buf[:s.n]) || bytes.Trim(s.buf[s.n:], "\x00") != nil && len(bytes.Trim(s.buf[s.n:], "\x00")) > 0 {
			t.Errorf("%q", s.buf[:s.n])
		}
	})
}

// TestAScreenReaderHearsNoPassword: neither hidden nor shown.
func TestAScreenReaderHearsNoPassword(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 1280, H: 720}, 120, State{Name: "Ada", Message: "No.", Bad: true})
	r.write("geheim")
	check := func() {
		t.Helper()
		all := fmt.Sprintf("%+v", flat(r.root.Semantics()))
		if strings.Contains(all, "geheim") || !strings.Contains(all, "6 characters") || !strings.Contains(all, "No.") {
			t.Error(all)
		}
	}
	check()
	r.do(t, "Show the password")
	check()
	r.do(t, "Hide the password")
}

func flat(i *ui.Info) []ui.Info {
	out := []ui.Info{*i}
	for _, k := range i.Children {
		out = append(out, flat(k)...)
	}
	return out
}

func TestButtons(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 1280, H: 720}, 120, State{Layout: "English", Sleep: true})
	r.do(t, "English")
	r.do(t, "Suspend")
	r.write("x")
	r.do(t, "Unlock")
	if want := []string{"layout", "sleep", "typed", "submit x"}; !slices.Equal(r.log, want) {
		t.Errorf("%q", r.log)
	}
}

func TestAnUnchangedFrameCostsNothing(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 1280, H: 720}, 120, State{Name: "Ada"})
	if n := testing.AllocsPerRun(100, func() { r.root.Frame() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if at, ok := r.root.Next(); ok {
		t.Errorf("a frame is due at %v though nothing moves", at)
	}
}
