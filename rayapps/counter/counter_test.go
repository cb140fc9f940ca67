package counter

import (
	"testing"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

func TestPicture(t *testing.T) {
	for name, look := range map[string]rayapps.Look{
		"dark":  {},
		"light": {Scheme: theme.Light, Scale: 180},
	} {
		p := apptest.Preview(t, Options, &Counter{n: 42}, look)
		pixels, err := p.Picture()
		if err != nil {
			t.Fatal(err)
		}
		golden.Pixels(t, name, pixels)
		golden.Text(t, name+".paint.txt", p.List().String())
	}
}

func TestCounts(t *testing.T) {
	c := new(Counter)
	p := apptest.Preview(t, Options, c, rayapps.Look{Size: geom.Size{W: 320, H: 200}})
	p.Type("++-")
	if c.n != 1 {
		t.Errorf("after + + - the count is %d; want 1", c.n)
	}
	p.Root().FocusNext(true) // the last stop
	p.Press(ui.KeyEnter, 0)
	if c.n != 2 {
		t.Errorf("after Enter on the button the count is %d; want 2", c.n)
	}
}

func TestState(t *testing.T) {
	for saved, want := range map[string]int{"": 0, "7": 7, "-3": -3, "seven": 0} {
		c := new(Counter)
		if err := c.Create(nil, []byte(saved)); err != nil || c.n != want {
			t.Errorf("Create(%q) counts from %d, %v; want %d", saved, c.n, err, want)
		}
	}
	if data, err := (&Counter{n: -12}).Save(); string(data) != "-12" || err != nil {
		t.Errorf("Save() = %q, %v; want -12", data, err)
	}
}

// TestLanguages shows the counter in German and in Arabic, at its default size.
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
			pixels, err := apptest.Preview(t, Options, &Counter{n: 42}, apptest.In(t, c.language, c.look)).Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, c.name, pixels)
		})
	}
}
