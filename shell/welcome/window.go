// Package welcome is the page of the first start: five things to try, each one
// press, each of which can be undone.
package welcome

import (
	"context"
	"os"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
)

// Options says what the window is called.
var Options = rayapps.Options{
	ID: "org.rayos.Welcome", Title: lang.M("Welcome to RayOS"), Size: geom.Size{W: 640, H: 620}, MinSize: geom.Size{W: 420, H: 300},
}

// call is a command of the session's table.
type call struct {
	cmd  string
	args map[string]any
}

// thing is something to try.
type thing struct {
	icon        icon.Name
	title, text string
	do, undo    call
	back        string // what the button says when it was done
}

var things = []thing{
	{
		icon.Search, lang.M("Ask, or search"), lang.M("Super+Space opens one line for everything: programs, windows, machines, sums. It says what it understood before it does it."),
		call{"input key", map[string]any{"chord": "super+space"}},
		call{"input key", map[string]any{"chord": "super+space"}},
		lang.M("Close it"),
	},
	{
		icon.Workspaces, lang.M("See all windows"), lang.M("Super+W spreads the windows of a workspace beside each other. Type to find one; drag it to another workspace."),
		call{"overview", map[string]any{"state": "on"}},
		call{"overview", map[string]any{"state": "off"}},
		lang.M("Back"),
	},
	{
		icon.Window, lang.M("Half of the screen"), lang.M("Super and the arrows put a window on a half of the screen, or drag it to an edge."),
		call{"state", map[string]any{"window": "focused", "state": "left"}},
		call{"state", map[string]any{"window": "focused", "state": "unsnap"}},
		lang.M("Put it back"),
	},
	{
		icon.Sun, lang.M("Light or dark"), lang.M("Settings has the colours, the keyboard, the displays, and what machines may do."),
		call{"set", map[string]any{"name": "appearance.scheme", "value": "light"}},
		call{"set", map[string]any{"name": "appearance.scheme", "value": "dark"}},
		lang.M("Dark again"),
	},
	{
		icon.Machine, lang.M("A machine in a window"), lang.M("A whole Linux desktop as one window, which lives on when it is hidden. rayctl vm build linux-desktop makes it, from Debian's packages."),
		call{"show", map[string]any{"rest": "linux desktop"}},
		call{"hide", map[string]any{"rest": "linux desktop"}},
		lang.M("Hide it"),
	},
}

// Welcome is the window's state.
type Welcome struct {
	call  func(c call) error
	w     *rayapps.Window
	done  [5]bool
	busy  [5]bool
	wrong [5]string
}

// Run shows the page in the session that the environment names.
func Run([]string) error {
	path, err := control.FindSocket(os.Getenv)
	if err != nil {
		return err
	}
	c, err := control.Dial(path)
	if err != nil {
		return err
	}
	defer c.Close()
	return rayapps.Run(Options, &Welcome{call: func(k call) error { return c.Call(context.Background(), k.cmd, k.args, nil) }})
}

// Start implements rayapps.Starter.
func (p *Welcome) Start(w *rayapps.Window) error {
	p.w = w
	return nil
}

// press does a thing, or undoes it.
func (p *Welcome) press(i int) {
	c := things[i].do
	if p.done[i] {
		c = things[i].undo
	}
	if p.call == nil || p.busy[i] {
		return
	}
	p.busy[i] = true
	go func() {
		err := p.call(c)
		p.w.Post(func() {
			if p.busy[i], p.wrong[i] = false, ""; err != nil {
				p.wrong[i] = err.Error()
				return
			}
			p.done[i] = !p.done[i]
		})
	}()
}

// View implements rayapps.App.
func (p *Welcome) View(w *rayapps.Window) ui.Node {
	th := w.Theme()
	rows := ui.Nodes{ui.Padding{Insets: ui.Insets{Bottom: theme.Space2}, Child: ui.Column{Gap: theme.Space1, Children: ui.Nodes{
		ui.Label{Text: lang.T("Welcome"), Size: theme.Display, Bold: true, Level: 1},
		ui.Label{Text: lang.T("Five things to try. Each is one press, and can be undone."), Color: th.Text2},
	}}}}
	for i := range things {
		rows = append(rows, p.card(th, i, w.Size().W < 520))
	}
	return ui.ScrollView{Child: ui.Padding{Insets: ui.All(theme.Space5), Child: ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: rows}}}
}

func (p *Welcome) card(th *theme.Theme, i int, narrow bool) ui.Node {
	t := &things[i]
	words := ui.Nodes{ui.Label{Text: lang.T(t.title), Bold: true}, ui.Label{Text: lang.T(t.text), Size: theme.Caption, Color: th.Text2}}
	if p.wrong[i] != "" {
		words = append(words, ui.Label{Text: p.wrong[i], Size: theme.Caption, Color: th.Bad})
	}
	button := ui.Button{Text: lang.T("Try it"), Name: lang.T(t.title), Tone: ui.Primary, Disabled: p.busy[i], OnPress: func() { p.press(i) }}
	if p.done[i] {
		button.Text, button.Tone = lang.T(t.back), ui.Plain
	}
	kids := ui.Nodes{ui.Icon{Name: t.icon, Size: theme.IconLarge, Color: th.Accent}, ui.Expand{Child: ui.Column{Gap: theme.Space1, Children: words}}, button}
	if narrow {
		kids = ui.Nodes{kids[0], ui.Expand{Child: ui.Column{Gap: theme.Space3, Children: ui.Nodes{ui.Column{Gap: theme.Space1, Children: words}, button}}}}
	}
	return ui.Surface{
		Fill: th.Surface2, Radius: theme.RadiusControl, Insets: ui.All(theme.Space4),
		Child: ui.Row{Gap: theme.Space4, Align: ui.Centre, Children: kids},
	}
}
