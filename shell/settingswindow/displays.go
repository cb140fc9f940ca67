package settingswindow

import (
	"fmt"
	"slices"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
)

// This file is the page of the displays.

var (
	scales     = []float64{1, 1.25, 1.5, 1.75, 2, 2.5, 3}
	turns      = []string{"normal", "90", "180", "270"}
	directions = []string{lang.M("Upright"), lang.M("Left side up"), lang.M("Upside down"), lang.M("Right side up")}
	// sizes are offered beside the one that an output has. A display that can't
	// show one says so.
	sizes = []geom.Size{{W: 1280, H: 720}, {W: 1366, H: 768}, {W: 1600, H: 900}, {W: 1920, H: 1080}, {W: 2560, H: 1440}, {W: 3840, H: 2160}}
)

func (s *Settings) displays(th *theme.Theme) ui.Nodes {
	var rows ui.Nodes
	for i := range s.outputs {
		o := &s.outputs[i]
		rows = append(rows,
			ui.Key(o.Name, ui.Padding{Insets: ui.Insets{Top: theme.Space2}, Child: ui.Label{
				Bold: true, Tabular: true,
				Text: lang.F("{display}, {size} pixels, {rate} Hz", "display", o.Name, "size", pixels(geom.Size{W: o.Width, H: o.Height}), "rate", lang.Decimal(o.Refresh, 0)),
			}}),
			s.size(th, o), s.scale(th, o), s.direction(th, o),
		)
		if len(s.outputs) > 1 {
			rows = append(rows, s.place(th, o))
		}
	}
	return rows
}

// pixels writes a size.
func pixels(z geom.Size) string {
	return lang.Number(int(z.W)) + " × " + lang.Number(int(z.H))
}

// choice is a line with a choice about an output.
func (s *Settings) choice(th *theme.Theme, o *control.Output, what, help string, options []string, at int, hint string, set func(i int) map[string]any) ui.Node {
	return ui.Key(o.Name+" "+what, s.line(th, what, help, "", ui.Sized{W: choiceWidth, Child: ui.Choice{
		Name: lang.F("{what} of {thing}", "what", what, "thing", o.Name), Options: options, Selected: at, Hint: hint,
		OnChange: func(i int) { s.setOutput(o.Name, set(i)) },
	}}))
}

func (s *Settings) size(th *theme.Theme, o *control.Output) ui.Node {
	now := geom.Size{W: o.Width, H: o.Height}
	list := slices.Clone(sizes)
	if !slices.Contains(list, now) {
		list = append(list, now)
	}
	names := make([]string, len(list))
	for i, z := range list {
		names[i] = pixels(z)
	}
	return s.choice(th, o, lang.T("Size"), lang.T("of the picture, in pixels"), names, slices.Index(list, now), "", func(i int) map[string]any {
		return map[string]any{"size": list[i].String()}
	})
}

func (s *Settings) scale(th *theme.Theme, o *control.Output) ui.Node {
	percent := make([]string, len(scales))
	for i, x := range scales {
		percent[i] = percentage(x)
	}
	return s.choice(th, o, lang.T("Scale"), lang.T("how large everything is"), percent, slices.Index(scales, o.Scale), percentage(o.Scale), func(i int) map[string]any {
		return map[string]any{"scale": scales[i]}
	})
}

func percentage(x float64) string { return lang.F("{percent} %", "percent", lang.Decimal(x*100, 0)) }

func (s *Settings) direction(th *theme.Theme, o *control.Output) ui.Node {
	turned := o.Transform
	if turned == "" {
		turned = "normal"
	}
	names := make([]string, len(directions))
	for i, d := range directions {
		names[i] = lang.T(d)
	}
	return s.choice(th, o, lang.T("Direction"), lang.T("how the screen is turned"), names, slices.Index(turns, turned), "", func(i int) map[string]any {
		return map[string]any{"transform": turns[i]}
	})
}

// place says beside which of the others an output is.
func (s *Settings) place(th *theme.Theme, o *control.Output) ui.Node {
	var names []string
	var places []geom.Point
	for i := range s.outputs {
		p := &s.outputs[i]
		if p.Name == o.Name {
			continue
		}
		names = append(names, lang.F("Right of {display}", "display", p.Name), lang.F("Left of {display}", "display", p.Name),
			lang.F("Below {display}", "display", p.Name), lang.F("Above {display}", "display", p.Name))
		r := p.Logical
		places = append(places,
			geom.Point{X: r.X + r.W, Y: r.Y}, geom.Point{X: r.X - o.Logical.W, Y: r.Y},
			geom.Point{X: r.X, Y: r.Y + r.H}, geom.Point{X: r.X, Y: r.Y - o.Logical.H})
	}
	at := slices.Index(places, geom.Point{X: o.Logical.X, Y: o.Logical.Y})
	return s.choice(th, o, lang.T("Place"), lang.T("where the pointer goes to the others"), names, at, lang.T("Elsewhere"), func(i int) map[string]any {
		return map[string]any{"position": fmt.Sprintf("%d,%d", places[i].X, places[i].Y)}
	})
}
