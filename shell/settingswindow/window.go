package settingswindow

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/settings"
	"rayos/vmm"
)

// Options says what the window is called.
var Options = rayapps.Options{
	ID: "org.rayos.Settings", Title: lang.M("Settings"), Size: geom.Size{W: 820, H: 560}, MinSize: geom.Size{W: 520, H: 320},
}

// Pages that aren't of the table.
const (
	displays = "displays"
	machines = "machines"
)

// Pages are all pages, in their order.
var Pages = slices.Concat(
	[]settings.Page{{ID: displays, Title: lang.M("Displays"), Help: lang.M("size, scale, direction and place")}},
	settings.Pages,
	[]settings.Page{{ID: machines, Title: lang.M("Machines"), Help: lang.M("what policy allows them")}},
)

var icons = map[string]icon.Name{
	displays: icon.Display, "appearance": icon.Sun, "keyboard": icon.Keyboard, "pointer": icon.Mouse, "privacy": icon.Shield, machines: icon.Machine,
}

// session is what the window asks.
type session interface {
	Call(ctx context.Context, cmd string, args map[string]any, result any) error
}

// Settings is the window's state.
type Settings struct {
	session session // nil in pictures
	w       *rayapps.Window
	ctx     context.Context
	cancel  context.CancelFunc

	page    string
	query   string // what is looked for; "" shows the page
	narrow  bool   // controls stand below what they are for
	values  map[string]string
	outputs []control.Output
	vms     []control.VM
	policy  map[string]map[string]any                          // what it leaves, by machine
	edit    func(id vmm.ID, rule vmm.Rule, value string) error // nil in pictures
	wrong   map[string]string                                  // what is wrong about a setting
	said    string
}

// New returns a window that shows a page; one that there isn't is the first.
func New(page string) *Settings {
	s := &Settings{page: page, values: map[string]string{}, policy: map[string]map[string]any{}, wrong: map[string]string{}}
	if !slices.ContainsFunc(Pages, func(p settings.Page) bool { return p.ID == page }) {
		s.page = Pages[0].ID
	}
	for i := range settings.Table {
		s.values[settings.Table[i].Name] = settings.Table[i].Default
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Run shows the settings of the session that the environment names. The argument
// is the page to begin with.
func Run(args []string) error {
	page := ""
	if len(args) > 0 {
		page = args[0]
	}
	path, err := control.FindSocket(os.Getenv)
	if err != nil {
		return err
	}
	c, err := control.Dial(path)
	if err != nil {
		return err
	}
	defer c.Close()
	s := New(page)
	s.session = c
	if root, err := vmm.DefaultRoot(os.Getenv); err == nil {
		s.edit = func(id vmm.ID, rule vmm.Rule, value string) error { return vmm.EditPolicy(root, id, rule, value) }
	}
	return rayapps.Run(Options, s)
}

// Start implements rayapps.Starter.
func (s *Settings) Start(w *rayapps.Window) error {
	s.w = w
	s.read()
	return nil
}

// Resume implements rayapps.Resumer: others may have changed something.
func (s *Settings) Resume(*rayapps.Window) { s.read() }

// Destroy implements rayapps.Destroyer.
func (s *Settings) Destroy() { s.cancel() }

// Open implements rayapps.Opener: the name of a page.
func (s *Settings) Open(_ *rayapps.Window, names []string) {
	for _, p := range Pages {
		if len(names) > 0 && p.ID == names[0] {
			s.show(p.ID)
		}
	}
}

// read asks the session for everything, beside the window's goroutine.
func (s *Settings) read() {
	if s.session == nil {
		return
	}
	go func() {
		var (
			values  []settings.Value
			outputs []control.Output
			vms     []control.VM
		)
		err := errors.Join(s.session.Call(s.ctx, "settings", nil, &values), s.session.Call(s.ctx, "outputs", nil, &outputs))
		// Without machines there is nothing to say about them.
		_ = s.session.Call(s.ctx, "vm list", nil, &vms)
		policy := map[string]map[string]any{}
		for i := range vms {
			var p control.VMPolicy
			if s.session.Call(s.ctx, "vm policy", map[string]any{"machine": vms[i].ID}, &p) == nil {
				policy[vms[i].ID], _ = p.Effective.(map[string]any)
			}
		}
		s.w.Post(func() {
			s.fail(err)
			for _, v := range values {
				s.values[v.Name] = v.Value
			}
			s.outputs, s.vms, s.policy = outputs, vms, policy
		})
	}()
}

func (s *Settings) fail(err error) {
	if s.said = ""; err != nil && s.ctx.Err() == nil {
		s.said = err.Error()
	}
}

// set changes a setting. What the session refuses stays as it was, and is
// explained below the setting.
func (s *Settings) set(k *settings.Key, value string) {
	v, err := k.Check(value)
	if err != nil {
		// Other kinds have controls by which nothing else can be set.
		s.wrong[k.Name] = lang.T("letters, digits and - _ , : ( ), at most 200")
		return
	}
	delete(s.wrong, k.Name)
	old := s.values[k.Name]
	if s.values[k.Name] = v; s.session == nil || v == old {
		return
	}
	go func() {
		err := s.session.Call(s.ctx, "set", map[string]any{"name": k.Name, "value": v}, nil)
		s.w.Post(func() {
			if err != nil {
				s.values[k.Name], s.wrong[k.Name] = old, err.Error()
				return
			}
			if k.Name == "appearance.language" {
				s.fail(s.w.Speak(locale(v, os.Getenv)))
			}
		})
	}()
}

// locale is that of a value of appearance.language, which a session adds to the
// environment of what it starts.
func locale(value string, getenv func(string) string) lang.Locale {
	l := lang.FromEnv(func(name string) string {
		if v := getenv(name); name != "LANGUAGE" || v != getenv("RAYOS_LANGUAGE") {
			return v
		}
		return ""
	})
	if value != "" {
		l.Language = value
	}
	return l
}

// setOutput changes an output and reads what has come of it.
func (s *Settings) setOutput(name string, args map[string]any) {
	if s.session == nil {
		return
	}
	args["name"] = name
	go func() {
		err := s.session.Call(s.ctx, "output set", args, nil)
		s.w.Post(func() {
			if s.fail(err); err == nil {
				s.read()
			}
		})
	}()
}

// show shows a page.
func (s *Settings) show(page string) { s.page, s.query = page, "" }

// View implements rayapps.App.
func (s *Settings) View(w *rayapps.Window) ui.Node {
	th := w.Theme()
	s.narrow = w.Size().W < 680
	at := slices.IndexFunc(Pages, func(p settings.Page) bool { return p.ID == s.page })
	var content ui.Nodes
	place := s.page // scrolls by itself
	if s.query != "" {
		at, place, content = ui.NoSelection, "?", s.found(th)
	} else {
		head := ui.Column{Gap: theme.Space1, Children: ui.Nodes{ui.Heading(lang.T(Pages[at].Title)), ui.Label{Text: lang.T(Pages[at].Help), Color: th.Text2}}}
		content = append(ui.Nodes{ui.Key("head", ui.Padding{Insets: ui.Insets{Bottom: theme.Space3}, Child: head})}, s.rows(th, s.page)...)
	}
	if s.said != "" {
		content = append(content, ui.Label{Text: s.said, Color: th.Bad})
	}
	return ui.Row{Align: ui.Stretch, Children: ui.Nodes{
		ui.Sized{W: 208, Child: ui.Surface{Fill: th.Surface2, Child: ui.Column{Align: ui.Stretch, Children: ui.Nodes{
			ui.Padding{Insets: ui.All(theme.Space2), Child: ui.TextField{
				Icon: icon.Search, Name: lang.T("Search the settings"), Placeholder: lang.T("Search"), Text: s.query, OnChange: func(q string) { s.query = q },
			}},
			ui.Expand{Child: ui.Padding{Insets: ui.Sides(theme.Space1, 0), Child: s.list(th, at)}},
		}}}},
		ui.Expand{Child: ui.Key(place, ui.ScrollView{Child: ui.Padding{Insets: ui.All(theme.Space5), Child: ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: content}}})},
	}}
}

// list is the pages.
func (s *Settings) list(th *theme.Theme, at int) ui.Node {
	return ui.List{
		Name: lang.T("Pages"), Count: len(Pages), Selected: at, RowHeight: 36, OnSelect: func(i int) { s.show(Pages[i].ID) },
		Key: func(i int) string { return Pages[i].ID }, Text: func(i int) string { return lang.T(Pages[i].Title) },
		Row: func(i int) ui.Node {
			return ui.Padding{Insets: ui.Sides(theme.Space3, 0), Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
				ui.Icon{Name: icons[Pages[i].ID], Color: th.Text2}, ui.Expand{Child: ui.Label{Text: lang.T(Pages[i].Title), Lines: 1}},
			}}}
		},
	}
}

// rows are the settings of a page.
func (s *Settings) rows(th *theme.Theme, page string) (rows ui.Nodes) {
	switch page {
	case displays:
		return s.displays(th)
	case machines:
		return s.machines(th)
	}
	for i := range settings.Table {
		if k := &settings.Table[i]; k.Page() == page {
			rows = append(rows, ui.Key(k.Name, s.setting(th, k)))
		}
	}
	return rows
}

// line is a setting: what it is called, what it does, and its control.
func (s *Settings) line(th *theme.Theme, title, help, wrong string, control ui.Node) ui.Node {
	words := ui.Nodes{ui.Label{Text: title}}
	if help != "" {
		words = append(words, ui.Label{Text: help, Size: theme.Caption, Color: th.Text2})
	}
	if wrong != "" {
		words = append(words, ui.Label{Text: wrong, Size: theme.Caption, Color: th.Bad})
	}
	var content ui.Node = ui.Row{Gap: theme.Space4, Align: ui.Centre, Children: ui.Nodes{ui.Expand{Child: ui.Column{Gap: theme.Space1, Children: words}}, control}}
	if _, small := control.(ui.Switch); s.narrow && !small {
		content = ui.Column{Gap: theme.Space3, Children: ui.Nodes{ui.Column{Gap: theme.Space1, Children: words}, control}}
	}
	return ui.Surface{Fill: th.Surface2, Radius: theme.RadiusControl, Insets: ui.Sides(theme.Space4, theme.Space3), Child: content}
}

func (s *Settings) setting(th *theme.Theme, k *settings.Key) ui.Node {
	v, title := s.values[k.Name], lang.T(k.Title)
	set := func(value string) { s.set(k, value) }
	var c ui.Node
	switch k.Kind {
	case settings.Bool:
		c = ui.Switch{Name: title, On: v == settings.On, OnChange: func(on bool) {
			set(map[bool]string{true: settings.On, false: settings.Off}[on])
		}}
	case settings.Choice:
		names := make([]string, len(k.Choices))
		for i, n := range k.Choices {
			names[i] = k.Shown(n)
		}
		c = ui.Sized{W: choiceWidth, Child: ui.Choice{Name: title, Options: names, Selected: slices.Index(k.Choices, v), OnChange: func(i int) { set(k.Choices[i]) }}}
	case settings.Number:
		n, err := strconv.Atoi(v)
		if err != nil {
			n = k.Min
		}
		amount := func(x float64) string { return k.Amount(int(x)) }
		width := int32(160)
		if s.narrow {
			width = 112
		}
		c = ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
			ui.Sized{W: width, Child: ui.Slider{Name: title, Min: float64(k.Min), Max: float64(k.Max), Step: step(k), Value: float64(n), Format: amount, OnChange: func(x float64) { set(strconv.Itoa(int(x))) }}},
			ui.Sized{W: 104, Child: ui.Label{Text: k.Amount(n), Tabular: true, Color: th.Text2, Align: ui.End, Lines: 1}},
		}}
	case settings.Colour:
		c = s.accents(th, k, v)
	default:
		none := lang.T("as the system says")
		if k.None != "" {
			none = lang.T(k.None)
		}
		c = ui.Sized{W: choiceWidth, Child: ui.TextField{Name: title, Text: v, Placeholder: none, Mono: v != "", Invalid: s.wrong[k.Name] != "", OnSubmit: set}}
	}
	return s.line(th, title, lang.T(k.Help), s.wrong[k.Name], c)
}

// choiceWidth is that of choices and fields, in logical pixels, so that they stand below
// each other.
const choiceWidth = 208

// step is how far a slider goes at once.
func step(k *settings.Key) float64 {
	if k.Max-k.Min > 500 {
		return 50
	}
	return 1
}

// accents are the colours that are offered; others can be set by rayctl.
var accents = []string{"#5aa9ff", "#2bb3a3", "#4cc38a", "#e0a33a", "#e5534b", "#d16ba5", "#a77bf3"}

func (s *Settings) accents(th *theme.Theme, k *settings.Key, v string) ui.Node {
	kids := make(ui.Nodes, len(accents))
	for i, a := range accents {
		kids[i] = ui.Pressable{Name: lang.F("Accent {colour}", "colour", a), Selected: a == v, Radius: swatchSize / 2, OnPress: func() { s.set(k, a) }, Child: swatch{colour(a), a == v}}
	}
	return ui.Row{Gap: theme.Space1, Children: kids}
}
