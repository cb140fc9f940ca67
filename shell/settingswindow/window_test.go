package settingswindow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
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
