package dialog

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Deed is something that ends what goes on.
type Deed struct {
	ID   string // what Actions is told
	Icon icon.Name
	Name string
	// Help says what it does, or why it can't be done if Disabled.
	Help     string
	Disabled bool
	Danger   bool
}

// Loss is something that a deed would end.
type Loss struct {
	Icon icon.Name
	Text string
	Help string // what becomes of it; may be empty
}

// State is what there is to decide.
type State struct {
	Deeds  []Deed
	Losses []Loss
	// Fault says why the last deed failed, "" if none did.
	Fault string
}

// Actions is who carries out what the person decides.
type Actions interface {
	Do(id string)
	Cancel()
}

// Width of the sheet, and the most losses that are listed, in their order.
const (
	Width     = 480
	maxLosses = 6
)

// Dialog is the sheet.
type Dialog struct {
	act   Actions
	state State
}

// New returns a sheet with nothing to decide.
func New(act Actions) *Dialog { return &Dialog{act: act} }

// Show makes st what is shown.
func (d *Dialog) Show(st State) { d.state = st }

// Size returns how large the sheet is.
func (d *Dialog) Size() geom.Size {
	n := min(len(d.state.Losses), maxLosses+1)
	h := int32(theme.Space5*2+28+theme.Space3*2+36) + int32(len(d.state.Deeds))*(rowHeight+theme.Space1) - theme.Space1
	if n > 0 {
		h += int32(n)*lossHeight + theme.Space3 + 20
	}
	if d.state.Fault != "" {
		h += 40 + theme.Space3
	}
	return geom.Size{W: Width, H: h}
}

// Place returns where the sheet is on an output.
func (d *Dialog) Place(area geom.Rect) geom.Rect {
	s := d.Size()
	w, h := min(s.W, area.W()), min(s.H, area.H())
	return geom.XYWH(area.X0+(area.W()-w)/2, area.Y0+(area.H()-h)/2, w, h)
}

// View describes it on a root as large as the output.
func (d *Dialog) View() ui.Node {
	s := d.Size()
	return ui.Aligned{X: ui.Centre, Y: ui.Centre, Child: ui.Sized{MaxW: s.W, MaxH: s.H, Child: sheet{d.content()}}}
}

func (d *Dialog) content() ui.Node {
	col := ui.Nodes{ui.Title(lang.T("Leave the session"))}
	if d.state.Fault != "" {
		col = append(col, fault{d.state.Fault})
	}
	var deeds ui.Nodes
	for i := range d.state.Deeds {
		deeds = append(deeds, ui.Key(d.state.Deeds[i].ID, row{d, d.state.Deeds[i]}))
	}
	col = append(col, ui.Column{Gap: theme.Space1, Align: ui.Stretch, Children: deeds})
	if len(d.state.Losses) > 0 {
		col = append(col, d.losses())
	}
	return ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: append(col, ui.Row{Justify: ui.End, Children: ui.Nodes{
		ui.Sized{H: 36, Child: ui.Button{Text: lang.T("Cancel"), OnPress: d.act.Cancel}},
	}})}
}

// losses lists what is open.
func (d *Dialog) losses() ui.Node {
	list := d.state.Losses
	var rows ui.Nodes
	rows = append(rows, ui.Sized{H: 20, Child: ui.Label{Text: lang.T("Still open"), Size: theme.Caption, Lines: 1, Level: 2}})
	more := len(list) - maxLosses
	if more > 0 {
		list = list[:maxLosses]
	}
	for _, l := range list {
		rows = append(rows, ui.Sized{H: lossHeight, Child: loss{l}})
	}
	if more > 0 {
		rows = append(rows, ui.Sized{H: lossHeight, Child: loss{Loss{Icon: icon.More, Text: others(more)}}})
	}
	return ui.Column{Align: ui.Stretch, Children: rows}
}
