// Package counter is the app of the tutorial: a number, and buttons that change
// it. It keeps the number from one life to the next.
package counter

import (
	"strconv"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Options says what the app is called.
var Options = rayapps.Options{
	ID: "org.rayos.Counter", Title: lang.M("Counter"), Size: geom.Size{W: 320, H: 200}, MinSize: geom.Size{W: 200, H: 120},
}

// Counter counts.
type Counter struct{ n int }

// View implements rayapps.App.
func (c *Counter) View(*rayapps.Window) ui.Node {
	return ui.Centred(ui.Column{Gap: theme.Space4, Align: ui.Centre, Children: ui.Nodes{
		ui.Label{Text: lang.Number(c.n), Size: theme.Display, Bold: true, Tabular: true},
		ui.Row{Gap: theme.Space2, Children: ui.Nodes{
			ui.Button{Icon: icon.Remove, Name: lang.T("One less"), OnPress: func() { c.n-- }},
			ui.Button{Text: lang.T("Count"), Tone: ui.Primary, OnPress: func() { c.n++ }},
		}},
	}})
}

// Key implements rayapps.KeyHandler.
func (c *Counter) Key(_ *rayapps.Window, k *ui.Keystroke) bool {
	switch {
	case k.Release:
		return false
	case k.Text == "+":
		c.n++
	case k.Text == "-":
		c.n--
	default:
		return false
	}
	return true
}

// Create implements rayapps.Creator.
func (c *Counter) Create(_ *rayapps.Window, saved []byte) error {
	// What isn't a number is no count.
	if n, err := strconv.Atoi(string(saved)); err == nil {
		c.n = n
	}
	return nil
}

// Save implements rayapps.Saver.
func (c *Counter) Save() ([]byte, error) { return strconv.AppendInt(nil, int64(c.n), 10), nil }

// Run shows a counter.
func Run([]string) error { return rayapps.Run(Options, new(Counter)) }
