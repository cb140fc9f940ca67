package rayapps_test

import (
	"fmt"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/ui"
)

// switchboard is an app with a lamp.
type switchboard struct{ on bool }

func (s *switchboard) View(*rayapps.Window) ui.Node {
	return ui.Centred(ui.Switch{Text: "Lamp", On: s.on, OnChange: func(on bool) { s.on = on }})
}

// Key switches the lamp with l, wherever the focus is.
func (s *switchboard) Key(_ *rayapps.Window, k *ui.Keystroke) bool {
	if k.Text == "l" {
		s.on = !s.on
	}
	return k.Text == "l"
}

// A preview runs an app without a compositor: a test clicks, types and looks.
func ExampleNewPreview() {
	app := new(switchboard)
	p, err := rayapps.NewPreview(rayapps.Options{ID: "org.example.Lamp"}, app, rayapps.Look{Size: geom.Size{W: 200, H: 100}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	p.Type("l")
	fmt.Println(app.on)
	p.Click(geom.Point{X: 100, Y: 50})
	fmt.Println(app.on)
	pixels, err := p.Picture()
	fmt.Println(pixels.W, pixels.H, err)
	// Output:
	// true
	// false
	// 200 100 <nil>
}
