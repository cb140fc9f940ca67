package ui

import (
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// around leaves room for a focus ring.
func around(n Node) Node { return Pad(8, n) }

func TestControlsLookRight(t *testing.T) {
	nop := func() {}
	button := func(b Button, act func(*Root, *testClock)) cell {
		w := int32(104)
		if b.Text == "" {
			w = 44
		}
		return cell{w, 44, around(b), act}
	}
	var cells []cell
	for _, b := range []Button{
		{Text: "Cancel", OnPress: nop},
		{Text: "Save", Tone: Primary, OnPress: nop},
		{Text: "Details", Tone: Quiet, OnPress: nop},
		{Text: "Delete", Icon: icon.Trash, Tone: Danger, OnPress: nop},
		IconButton(icon.Settings, "Settings", nop),
	} {
		off := b
		off.Disabled = true
		cells = append(cells, button(b, nil), button(b, hovers(20, 20)), button(b, presses(20, 20)), button(b, focuses(1)), button(off, nil))
	}
	cells = append(cells,
		button(Button{Text: "On", Selected: true, Toggle: true}, nil),
		button(Button{Text: "Sort", Trailing: icon.ChevronDown}, nil),
		cell{104, 44, around(Button{Text: "A very long name that does not fit"}), nil},
	)
	for _, on := range []bool{false, true} {
		c := func(n Node, act func(*Root, *testClock)) cell { return cell{104, 44, around(n), act} }
		cells = append(cells,
			c(Checkbox{Text: "Checkbox", Checked: on}, nil),
			c(Checkbox{Text: "Hovered", Checked: on}, hovers(14, 20)),
			c(Checkbox{Text: "Focused", Checked: on}, focuses(1)),
			c(Checkbox{Text: "Disabled", Checked: on, Disabled: true}, nil),
			c(Checkbox{Text: "Mixed", Mixed: true, Disabled: !on}, nil),
			c(Switch{Text: "Switch", On: on}, nil),
			c(Switch{Text: "Hover", On: on}, hovers(14, 20)),
			c(Switch{Text: "Focus", On: on}, focuses(1)),
			c(Switch{Text: "Off", On: on, Disabled: true}, nil),
			c(Switch{On: on}, nil),
		)
	}
	options := []string{"Small", "Medium", "Large"}
	cells = append(cells,
		cell{104, 100, around(RadioGroup{Options: options, Selected: 1}), nil},
		cell{104, 100, around(RadioGroup{Options: options, Selected: 1}), focuses(1)},
		cell{104, 100, around(RadioGroup{Options: options, Selected: 1, Disabled: true}), nil},
		cell{216, 100, around(RadioGroup{Options: options, Selected: 0, Across: true}), hovers(80, 20)},
		cell{176, 44, around(Slider{Value: 30, Max: 100}), nil},
		cell{176, 44, around(Slider{Value: 30, Max: 100}), focuses(1)},
		cell{176, 44, around(Slider{Value: 70, Max: 100, Disabled: true}), nil},
		cell{176, 20, around(Progress{Value: 0.4}), nil},
		cell{176, 20, around(Progress{Value: -1}), nil},
		cell{176, 20, around(Progress{Value: 1, Bad: true}), nil},
		cell{32, 32, around(Spinner{}), nil},
		cell{40, 40, around(Spinner{Size: 24}), nil},
		cell{280, 40, around(Row{Gap: 8, Children: Nodes{
			Chip{Text: "show"}, Chip{Text: "linux-desktop", Dot: 0xff2bb3a3}, Chip{Text: "tag", OnRemove: nop},
		}}), nil},
		cell{280, 40, around(Row{Gap: 8, Children: Nodes{
			Chip{Text: "Filter", Icon: icon.Filter, OnPress: nop}, Chip{Text: "Chosen", Selected: true, OnPress: nop}, Chip{Text: "Off", Disabled: true, OnPress: nop},
		}}), focuses(1)},
	)
	sheet(t, "controls", 584, geom.ScaleOne, cells)
}

func TestWordsLookRight(t *testing.T) {
	const german = "Die Energieverwaltungseinstellungen konnten nicht gespeichert werden."
	const arabic = "تعذر حفظ إعدادات الطاقة."
	cells := []cell{
		{280, 176, around(Column{Gap: 4, Children: Nodes{
			Label{Text: "Display 28", Size: theme.Display, Bold: true},
			Title("Title 20"), Heading("Heading 15"),
			Label{Text: "Body 13"},
			Label{Text: "Caption 12", Size: theme.Caption},
			Label{Text: "rayctl show linux", Mono: true},
		}}), nil},
		{280, 176, around(Column{Gap: 8, Children: Nodes{
			Label{Text: german},
			Label{Text: german, Lines: 1},
			Label{Text: arabic},
			Label{Text: "End", Align: End},
			Aligned{X: Stretch, Child: Label{Text: "Centre", Align: Centre}},
		}}), nil},
		{280, 60, around(Row{Gap: 8, Align: Baseline, Children: Nodes{
			Label{Text: "28", Size: theme.Display},
			Label{Text: "15", Size: theme.Heading},
			Label{Text: "13"},
			Button{Text: "Button"},
			Label{Text: "12", Size: theme.Caption},
			Checkbox{Text: "Check"},
		}}), nil},
	}
	sheet(t, "words", 584, geom.ScaleOne, cells)
}

func TestIconsLookRight(t *testing.T) {
	icons := func(size, columns int32) cell {
		var kids Nodes
		for n := range icon.Count {
			kids = append(kids, Aligned{Centre, Centre, Icon{Name: icon.Name(n + 1), Size: size}})
		}
		rows := (int32(icon.Count) + columns - 1) / columns
		return cell{columns * (size + 12), rows * (size + 12), Grid{Columns: int(columns), RowHeight: size + 12, Children: kids}, nil}
	}
	sheet(t, "icons", 584, geom.ScaleOne, []cell{icons(16, 20), icons(20, 17), icons(24, 15)})
}
