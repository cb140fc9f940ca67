package settingswindow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/settings"
	"rayos/vmm"
)

func filled(page string) *Settings {
	s := New(page)
	s.outputs = []control.Output{
		{Name: "HEADLESS-1", Width: 1920, Height: 1080, Refresh: 60, Scale: 1.5, Logical: control.Rect{W: 1280, H: 720}},
		{Name: "HEADLESS-2", Width: 1280, Height: 720, Refresh: 60, Scale: 1, Transform: "90", Logical: control.Rect{X: 1280, W: 720, H: 1280}},
	}
	s.vms = []control.VM{{ID: "linux", Name: "Linux desktop", State: "running"}}
	s.policy["linux"] = map[string]any{"cpus": 2.0, "mem_mib": 1024.0, "networking": "off", "clipboard": "to_guest", "audio": true, "autoboot": false, "shares": []any{}}
	return s
}

func TestPictures(t *testing.T) {
	for _, c := range []struct {
		name, page string
		look       rayapps.Look
	}{
		{"displays-dark", displays, rayapps.Look{}},
		{"appearance-light", "appearance", rayapps.Look{Scheme: theme.Light}},
		{"keyboard-dark-rtl", "keyboard", rayapps.Look{RTL: true}},
		{"pointer-dark", "pointer", rayapps.Look{}},
		{"machines-light", machines, rayapps.Look{Scheme: theme.Light}},
		{"machines-dark-rtl", machines, rayapps.Look{RTL: true}},
	} {
		s := filled(c.page)
		s.wrong["keyboard.layout"] = "there is no such layout: xx"
		c.look.Size = geom.Size{W: 720, H: 400}
		pixels, err := apptest.Preview(t, Options, s, c.look).Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, c.name, pixels)
	}
}

// fake is a session that takes all but one value.
type fake struct{ calls chan string }

func (f fake) Call(_ context.Context, cmd string, args map[string]any, result any) error {
	if len(args) > 0 && cmd != "vm policy" {
		f.calls <- fmt.Sprint(cmd, " ", args)
	}
	if args["value"] == "light" {
		return errors.New("no light")
	}
	if v, ok := result.(*[]settings.Value); ok {
		return json.Unmarshal([]byte(`[{"name":"keyboard.repeat","value":"33"}]`), v)
	}
	return nil
}

func TestControlsSet(t *testing.T) {
	f := fake{make(chan string, 10)}
	s := filled("appearance")
	s.session = f
	p := apptest.Preview(t, Options, s, rayapps.Look{})
	until := func(what string, holds func() bool) {
		t.Helper()
		for late := time.Now().Add(30 * time.Second); !holds(); p.Settle() {
			if time.Now().After(late) {
				t.Fatalf("never %s", what)
			}
		}
	}
	until("it knows the session's values", func() bool { return s.values["keyboard.repeat"] == "33" })
	p.Root().Do(apptest.Find(p.Root().Semantics(), "Wallpaper").ID, ui.DoActivate, "")
	if got, want := <-f.calls, "set map[name:appearance.wallpaper value:off]"; got != want {
		t.Errorf("%q; want %q", got, want)
	}
	s.set(settings.Lookup("appearance.scheme"), "light")
	if got, want := <-f.calls, "set map[name:appearance.scheme value:light]"; got != want {
		t.Errorf("%q; want %q", got, want)
	}
	until("a refusal is explained", func() bool {
		return s.wrong["appearance.scheme"] == "no light" && s.values["appearance.scheme"] == "dark"
	})
	s.set(settings.Lookup("keyboard.layout"), "a b")
	if s.wrong["keyboard.layout"] == "" || len(f.calls) != 0 {
		t.Error("a layout with a blank went to the session")
	}
	s.setOutput("HEADLESS-1", map[string]any{"scale": 2.0})
	if got, want := <-f.calls, "output set map[name:HEADLESS-1 scale:2]"; got != want {
		t.Errorf("%q; want %q", got, want)
	}
}

// TestDisplays: each choice asks for what it says.
func TestDisplays(t *testing.T) {
	for _, c := range []struct{ name, pick, want string }{
		{"Size of HEADLESS-2", "1920 × 1080", "output set map[name:HEADLESS-2 size:1920x1080]"},
		{"Scale of HEADLESS-2", "150 %", "output set map[name:HEADLESS-2 scale:1.5]"},
		{"Direction of HEADLESS-2", "Upright", "output set map[name:HEADLESS-2 transform:normal]"},
		{"Place of HEADLESS-2", "Left of HEADLESS-1", "output set map[name:HEADLESS-2 position:-720,0]"},
		{"Place of HEADLESS-2", "Below HEADLESS-1", "output set map[name:HEADLESS-2 position:0,720]"},
		{"Place of HEADLESS-2", "Above HEADLESS-1", "output set map[name:HEADLESS-2 position:0,-1280]"},
		{"Place of HEADLESS-1", "Right of HEADLESS-2", "output set map[name:HEADLESS-1 position:2000,0]"},
	} {
		f := fake{make(chan string, 10)}
		s := filled(displays)
		p := apptest.Preview(t, Options, s, rayapps.Look{Size: geom.Size{W: 800, H: 1200}})
		s.session = f
		for _, name := range []string{c.name, c.pick} {
			i := apptest.Find(p.Root().Semantics(), name)
			if i == nil {
				t.Fatalf("%s: there is no %q", c.name, name)
			}
			p.Root().Do(i.ID, ui.DoActivate, "")
			p.Settle()
		}
		if got := <-f.calls; got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func TestEveryPageIsThere(t *testing.T) {
	for _, page := range Pages {
		s := filled(page.ID)
		apptest.Preview(t, Options, s, rayapps.Look{})
		if s.page != page.ID || icons[page.ID] == 0 {
			t.Errorf("%s: page %s, icon %v", page.ID, s.page, icons[page.ID])
		}
	}
	if s := New("nonsense"); s.page != Pages[0].ID {
		t.Errorf("nonsense is the page %s", s.page)
	}
}

// TestMachines: controls change the person's policy, and a policy that can't be
// changed says so.
func TestMachines(t *testing.T) {
	for _, c := range []struct{ name, pick, want string }{
		{"Network of Linux desktop", "", "linux networking on"},
		{"Clipboard of Linux desktop", "Both ways", "linux clipboard both"},
		{"Loudspeaker of Linux desktop", "", "linux audio false"},
		{"Start with the session of Linux desktop", "", "linux autoboot true"},
		{"Processors of Linux desktop", "4", "linux limits.cpus 4"},
		{"Memory of Linux desktop", "2 GiB", "linux limits.mem_mib 2048"},
		{"Processor time of Linux desktop", "25 %", "linux limits.cpu_percent 25"},
	} {
		s := filled(machines)
		var got string
		s.edit = func(id vmm.ID, rule vmm.Rule, value string) error {
			got = fmt.Sprint(id, " ", rule, " ", value)
			return errors.New("not today")
		}
		p := apptest.Preview(t, Options, s, rayapps.Look{Size: geom.Size{W: 800, H: 1000}})
		for _, name := range []string{c.name, c.pick} {
			if name == "" {
				continue
			}
			i := apptest.Find(p.Root().Semantics(), name)
			if i == nil {
				t.Fatalf("there is no %q", name)
			}
			p.Root().Do(i.ID, ui.DoActivate, "")
			p.Settle()
		}
		if got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
		if s.said != "not today" {
			t.Errorf("%s: it says %q", c.name, s.said)
		}
	}
}

func TestRules(t *testing.T) {
	got := rules("", map[string]any{"b": map[string]any{"on": true}, "a": []any{"x", "y"}, "c": []any{}, "d": 3.0, "e": nil})
	if want := []string{"a: x, y", "b.on: true", "c: none", "d: 3"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
}

// TestLanguages shows every page in German and in Arabic, at its default size.
func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		name, language string
		look           rayapps.Look
	}{
		{"de-dark", "de", rayapps.Look{}},
		{"de-light-2x", "de", rayapps.Look{Scheme: theme.Light, Scale: 2 * geom.ScaleOne}},
		{"ar-dark-2x", "ar", rayapps.Look{Scale: 2 * geom.ScaleOne}},
		{"ar-light", "ar", rayapps.Look{Scheme: theme.Light}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, page := range Pages {
				p := apptest.Preview(t, Options, filled(page.ID), apptest.In(t, c.language, c.look))
				pixels, err := p.Picture()
				if err != nil {
					t.Fatal(err)
				}
				golden.Pixels(t, page.ID+"-"+c.name, pixels)
			}
		})
	}
}

// TestSearch: settings are found by words of the person's language and by
// English ones.
func TestSearch(t *testing.T) {
	for _, c := range []struct{ language, query, want string }{
		{"en", "lock", "Lock when away, Unlock from outside"},
		{"en", "KEYBOARD delay", "Delay"},
		{"en", "xyz", ""},
		{"de", "sperr", "Sperren bei Abwesenheit, Entsperren von außen"},
		{"de", "lock", "Sperren bei Abwesenheit, Entsperren von außen"},
		{"de", "dunkel", "Farben"},
		{"de", "größe", "Bildschirme öffnen"},
		{"de", "clipboard", "Maschinen öffnen"},
	} {
		s := filled("keyboard")
		p := apptest.Preview(t, Options, s, apptest.In(t, c.language, rayapps.Look{Size: geom.Size{W: 820, H: 900}}))
		field := apptest.Find(p.Root().Semantics(), lang.T("Search the settings"))
		p.Root().Do(field.ID, ui.DoSetValue, c.query)
		p.Settle()
		var got []string
		var walk func(i *ui.Info)
		walk = func(i *ui.Info) {
			if i.Role == ui.RoleSlider || i.Role == ui.RoleSwitch || i.Role == ui.RoleButton && i.Name != "" {
				got = append(got, strings.Map(func(r rune) rune {
					if r >= 0x2066 && r <= 0x2069 {
						return -1
					}
					return r
				}, i.Name))
			}
			for _, k := range i.Children {
				walk(k)
			}
		}
		walk(p.Root().Semantics())
		if all := strings.Join(got, ", "); all != c.want {
			t.Errorf("%s %q: %q; want %q", c.language, c.query, all, c.want)
		}
	}
	s := filled("keyboard")
	p := apptest.Preview(t, Options, s, apptest.In(t, "en", rayapps.Look{}))
	s.query = "network"
	p.Root().Invalidate()
	p.Settle()
	p.Root().Do(apptest.Find(p.Root().Semantics(), "Open Machines").ID, ui.DoActivate, "")
	if s.page != machines || s.query != "" {
		t.Errorf("the page is %s, and it looks for %q", s.page, s.query)
	}
}

// TestSmallest shows pages, and what is found in German in the smallest window.
func TestSmallest(t *testing.T) {
	look := apptest.In(t, "de", rayapps.Look{Size: Options.MinSize})
	for name, set := range map[string]func(s *Settings){
		"displays": func(s *Settings) { s.page = displays }, "keyboard": func(s *Settings) { s.page = "keyboard" }, "appearance": func(s *Settings) { s.page = "appearance" },
		"found": func(s *Settings) { s.query = "sperren" }, "nothing": func(s *Settings) { s.query = "nirgends" },
	} {
		s := filled(displays)
		set(s)
		pixels, err := apptest.Preview(t, Options, s, look).Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name+"-de-small", pixels)
	}
}

// TestLanguageAtOnce: the window speaks the language that is chosen in it.
func TestLanguageAtOnce(t *testing.T) {
	s := filled("appearance")
	s.session = fake{make(chan string, 10)}
	p := apptest.Preview(t, Options, s, apptest.In(t, "en", rayapps.Look{}))
	s.set(settings.Lookup("appearance.language"), "ar")
	for late := time.Now().Add(30 * time.Second); apptest.Find(p.Root().Semantics(), "البحث في الإعدادات") == nil; p.Settle() {
		if time.Now().After(late) {
			t.Fatal("it never speaks Arabic")
		}
	}
	if !p.Root().RTL() {
		t.Error("it runs from left to right")
	}
	for _, c := range []struct {
		value string
		env   map[string]string
		want  lang.Locale
	}{
		{"de", map[string]string{"LANG": "ar_EG"}, lang.Locale{Language: "de", Territory: "EG"}},
		{"", map[string]string{"LANG": "de_AT"}, lang.Locale{Language: "de", Territory: "AT"}},
		{"", map[string]string{"LANG": "de_AT", "LANGUAGE": "ar"}, lang.Locale{Language: "ar", Territory: "AT"}},
		{"", map[string]string{"LANG": "de_AT", "LANGUAGE": "ar_AT", "RAYOS_LANGUAGE": "ar_AT"}, lang.Locale{Language: "de", Territory: "AT"}},
	} {
		if got := locale(c.value, func(n string) string { return c.env[n] }); got != c.want {
			t.Errorf("%q in %v is %v; want %v", c.value, c.env, got, c.want)
		}
	}
}

// TestOpenChoice: a menu is as wide as the choice that it opens from.
func TestOpenChoice(t *testing.T) {
	p := apptest.Preview(t, Options, filled("appearance"), apptest.In(t, "de", rayapps.Look{}))
	p.Root().Do(apptest.Find(p.Root().Semantics(), "Farben").ID, ui.DoActivate, "")
	p.Settle()
	pixels, err := p.Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, "open-de", pixels)
}
