package welcome

import (
	"errors"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
)

func TestPicture(t *testing.T) {
	for name, look := range map[string]rayapps.Look{"dark": {}, "light-rtl": {Scheme: theme.Light, RTL: true}} {
		pixels, err := apptest.Preview(t, Options, &Welcome{done: [5]bool{3: true}, wrong: [5]string{4: "There is no Linux machine."}}, look).Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name, pixels)
	}
}

// TestCommandsAreInTheTable parses what the buttons ask for as a session does.
func TestCommandsAreInTheTable(t *testing.T) {
	for _, thing := range things {
		for _, c := range []call{thing.do, thing.undo} {
			found := false
			for _, k := range control.Commands() {
				if k.Name != c.cmd {
					continue
				}
				found = true
				for name, v := range c.args {
					if a := k.Arg(name); a == nil {
						t.Errorf("%s has no argument %s", c.cmd, name)
					} else if _, err := a.Parse(v.(string)); err != nil {
						t.Errorf("%s: %v", c.cmd, err)
					}
				}
			}
			if !found {
				t.Errorf("there is no command %q", c.cmd)
			}
		}
	}
}

func TestDoneAndUndone(t *testing.T) {
	asked := make(chan string, 1)
	var fails error
	w := &Welcome{call: func(c call) error {
		asked <- c.args["value"].(string)
		return fails
	}}
	p := apptest.Preview(t, Options, w, rayapps.Look{})
	until := func(what string, holds func() bool) {
		t.Helper()
		for late := time.Now().Add(30 * time.Second); !holds(); p.Settle() {
			if time.Now().After(late) {
				t.Fatalf("never %s", what)
			}
		}
	}
	for _, want := range []string{"light", "dark"} {
		w.press(3)
		if got := <-asked; got != want {
			t.Errorf("it asks for %s; want %s", got, want)
		}
		until("done", func() bool { return w.done[3] == (want == "light") && !w.busy[3] })
	}
	fails = errors.New("no")
	w.press(3)
	<-asked
	until("explained", func() bool { return w.wrong[3] == "no" })
	if w.done[3] {
		t.Error("what failed counts as done")
	}
}

// TestLanguages shows the page in German and in Arabic, at its default size.
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
			pixels, err := apptest.Preview(t, Options, &Welcome{done: [5]bool{3: true}}, apptest.In(t, c.language, c.look)).Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, c.name, pixels)
		})
	}
}

// TestSmallest shows the page in German in the smallest window.
func TestSmallest(t *testing.T) {
	look := apptest.In(t, "de", rayapps.Look{Size: Options.MinSize})
	pixels, err := apptest.Preview(t, Options, &Welcome{}, look).Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, "de-small", pixels)
}
