package dialog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

var fonts = text.NewFonts(text.Options{})

// rig is a sheet on a root, with what people did there.
type rig struct {
	dialog *Dialog
	root   *ui.Root
	log    []string
}

func (r *rig) Do(id string) { r.log = append(r.log, "do "+id) }
func (r *rig) Cancel()      { r.log = append(r.log, "cancel") }

func newRig(scheme theme.Scheme, rtl bool, size geom.Size, scale geom.Scale, st State) *rig {
	r := &rig{}
	r.dialog = New(r)
	r.dialog.Show(st)
	r.root = ui.New(ui.Options{
		View: r.dialog.View, Fonts: fonts, Theme: theme.New(scheme, 0), RTL: rtl, Now: func() time.Duration { return time.Second },
	})
	r.root.Resize(size, scale)
	r.root.SetActive(true)
	r.root.Layout()
	r.root.FocusNext(false)
	r.root.Frame()
	return r
}

func deeds() []Deed {
	return []Deed{
		{ID: "lock", Icon: icon.Lock, Name: "Lock", Help: "Hides everything until the password is typed"},
		{ID: "suspend", Icon: icon.Moon, Name: "Suspend", Help: "Locks, then sleeps; everything stays as it is"},
		{ID: "logout", Icon: icon.Logout, Name: "Log out", Help: "Programs are asked to close, machines are suspended"},
		{ID: "restart", Icon: icon.Refresh, Name: "Restart", Help: "There is no logind on this machine", Disabled: true},
		{ID: "poweroff", Icon: icon.Power, Name: "Shut down", Help: "There is no logind on this machine", Disabled: true},
	}
}

func states() map[string]State {
	many := State{Deeds: deeds()}
	for i := range 20 {
		many.Losses = append(many.Losses, Loss{Icon: icon.Window, Text: fmt.Sprintf("Window %d", i), Help: "asked to close"})
	}
	anyway := deeds()
	anyway[2].Name, anyway[2].Danger = "Log out all the same", true
	return map[string]State{
		"nothing": {Deeds: deeds()},
		"open": {Deeds: deeds(), Losses: []Loss{
			{icon.Window, "*notes.txt – Editor", "not saved"},
			{icon.Window, "Terminal", "asked to close"},
			{icon.Machine, "Linux desktop", "suspended"},
			{icon.Record, "Recording of the screen", "ended and kept"},
		}},
		"refused": {Deeds: anyway, Losses: []Loss{{icon.Window, "*notes.txt – Editor", "not saved"}}, Fault: "A window hasn’t closed. It may ask you something."},
		"many":    many,
		"long": {Deeds: deeds(), Losses: []Loss{
			{icon.Window, strings.Repeat("Donaudampfschifffahrtsgesellschaft ", 5), "hat Änderungen, die noch nicht gespeichert sind"},
			{icon.Window, "رسالة جديدة إلى آدا لوفلايس", "asked to close"},
		}},
	}
}

func TestPictures(t *testing.T) {
	for name, st := range states() {
		for _, look := range []struct {
			suffix string
			scheme theme.Scheme
			rtl    bool
			scale  geom.Scale
		}{{"dark", theme.Dark, false, 120}, {"light", theme.Light, false, 120}, {"rtl", theme.Dark, true, 120}, {"light-rtl", theme.Light, true, 120}, {"light-1.5x", theme.Light, false, 180}} {
			size := geom.Size{W: 560, H: 760}
			r := newRig(look.scheme, look.rtl, size, look.scale, st)
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

// sheetOf returns what the sheet's content would like to be as high as.
func sheetOf(r *rig) (has, wants int32) {
	var content *ui.Info
	var find func(i *ui.Info)
	find = func(i *ui.Info) {
		if i.Role == ui.RoleDialog {
			has = i.Bounds.H()
		}
		if i.Name == "Cancel" {
			content = i
		}
		for _, k := range i.Children {
			find(k)
		}
	}
	find(r.root.Semantics())
	return has, content.Bounds.Y1
}

func TestTheSheetIsAsLargeAsWhatItShows(t *testing.T) {
	for name, st := range states() {
		size := geom.Size{W: 560, H: 760}
		r := newRig(theme.Dark, false, size, 120, st)
		p := r.dialog.Place(size.Rect())
		has, end := sheetOf(r)
		if has != p.H() || end != p.Y1-theme.Space5 {
			t.Errorf("%s: a sheet of %d in %v whose last button ends at %d", name, has, p, end)
		}
		if got := r.root.Frame().List.Bounds(); got.Intersect(p.Inset(-60)) != got {
			t.Errorf("%s: drawn in %v; its place is %v", name, got, p)
		}
	}
}

func (r *rig) key(sym ui.Sym) bool { return r.root.Event(&ui.Keystroke{Sym: sym}) }

func TestKeys(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 560, H: 760}, 120, states()["open"])
	r.key(ui.KeyEnter)
	r.key(ui.KeyDown)
	r.key(ui.KeySpace)
	r.key(ui.KeyDown)
	r.key(ui.KeyEnter)
	r.key(ui.KeyDown) // past what can't be done
	r.key(ui.KeyEnter)
	r.key(ui.KeyTab)
	r.key(ui.KeyUp)
	r.root.Event(&ui.Keystroke{Sym: ui.KeyEnter, Repeat: true})
	if want := []string{"do lock", "do suspend", "do logout", "cancel"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

func TestReadersWalkIt(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 560, H: 760}, 120, states()["refused"])
	var said []string
	var walk func(i *ui.Info)
	walk = func(i *ui.Info) {
		if i.Role == ui.RoleAlert || i.Role == ui.RoleButton {
			said = append(said, i.Name)
		}
		if i.Name == "Restart" && i.Role == ui.RoleButton && (i.Traits&ui.IsDisabled == 0 || i.Description == "" || r.root.Do(i.ID, ui.DoActivate, "")) {
			t.Errorf("what can't be done can: %+v", i)
		}
		if i.Name == "Log out all the same" && i.Role == ui.RoleButton && !r.root.Do(i.ID, ui.DoActivate, "") {
			t.Error("a reader can't do it")
		}
		for _, k := range i.Children {
			walk(k)
		}
	}
	walk(r.root.Semantics())
	want := []string{"A window hasn’t closed. It may ask you something.", "Lock", "Suspend", "Log out all the same", "Restart", "Shut down", "Cancel"}
	if !slices.Equal(said, want) || !slices.Equal(r.log, []string{"do logout"}) {
		t.Errorf("%q, done %q; want %q", said, r.log, want)
	}
}
