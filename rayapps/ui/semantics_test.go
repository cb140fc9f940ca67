package ui

import (
	"fmt"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/internal/golden"
	"rayos/rayapps/ui/icon"
)

// gallery is one of every widget.
func gallery(t *testing.T, j *journal) map[string]Node {
	nop := func() {}
	return map[string]Node{
		"label":       Label{Text: "Words"},
		"heading":     Title("Title"),
		"icon":        Icon{Name: icon.Bell, Label: "Alarm"},
		"button":      Button{Text: "Go", Description: "Starts", OnPress: j.says("activate")},
		"icon button": Button{Icon: icon.Settings, Name: "Settings", Toggle: true, Selected: true, OnPress: nop},
		"disabled":    Button{Text: "No", Disabled: true},
		"pressable":   Pressable{Name: "Card", Child: Label{Text: "Inside"}, OnMenu: nop},
		"choice":      Choice{Name: "Layout", Options: []string{"German", "English"}, Selected: 1},
		"checkbox":    Checkbox{Text: "Check", Checked: true, OnChange: func(v bool) { j.add("%t", v) }},
		"mixed":       Checkbox{Text: "Some", Mixed: true},
		"switch":      Switch{Text: "Wi-Fi", On: true, OnChange: func(v bool) { j.add("%t", v) }},
		"radio":       RadioGroup{Name: "Size", Options: []string{"S", "L"}, Selected: 1, OnChange: func(i int) { j.add("%d", i) }},
		"slider":      Slider{Name: "Volume", Value: 30, Max: 100, Step: 5, Format: func(v float64) string { return fmt.Sprintf("%g %%", v) }, OnChange: func(v float64) { j.add("%g", v) }},
		"chip":        Chip{Text: "tag", OnPress: nop, OnRemove: j.says("dismiss")},
		"field":       TextField{Name: "Name", Text: "abc", Placeholder: "Your name", OnChange: func(s string) { j.add("%s", s) }},
		"password":    TextField{Name: "Password", Text: "secret", Password: true},
		"area":        TextArea{Name: "Notes", Text: "a\nb"},
		"list":        List{Name: "List", Count: 1000, Selected: 1, Row: func(i int) Node { return Label{Text: fmt.Sprint("Row ", i)} }, OnSelect: func(i int) { j.add("%d", i) }},
		"table":       testTable(),
		"tree":        testTree(),
		"tabs":        Tabs{Name: "Pages", Tabs: []Tab{{Text: "A"}, {Text: "B"}}, Selected: 0, Child: Label{Text: "On A"}, OnSelect: func(i int) { j.add("%d", i) }},
		"scroll":      ScrollView{Name: "Text", Child: Sized{H: 1000, Child: Label{Text: "Long"}}},
		"menu button": MenuButton{Button: Button{Text: "File"}, Items: []MenuItem{{Text: "Open", OnPress: nop}}},
		"menu":        menuAt{items: []MenuItem{{Text: "Open", Shortcut: "Ctrl+O", OnPress: j.says("open")}, {Separator: true}, {Text: "Wrap", Check: true, Checked: true}, {Text: "No", Disabled: true}}, name: "File", onClose: nop},
		"popover":     Popover{Open: true, Name: "Sound", Child: Button{Text: "Sound"}, Content: Label{Text: "Inside"}, OnClose: j.says("dismiss")},
		"dialog":      Dialog{Open: true, Title: "Sure?", Text: "It is gone then.", Actions: []Button{{Text: "Yes"}}, OnClose: j.says("dismiss")},
		"tooltip":     Tooltip{Text: "More of it", Child: Button{Text: "B"}},
		"toast":       Toasts{[]Toast{{ID: "1", Text: "Done", Action: "Undo", OnClose: j.says("dismiss")}}},
		"progress":    Progress{Name: "Copy", Value: 0.25},
		"busy":        Progress{Name: "Wait", Value: -1},
		"spinner":     Spinner{Name: "Loading"},
		"image":       Image{Image: checker(t, 8, 8), Name: "A pattern"},
		"canvas":      Canvas{Name: "Plan", Value: "Two rooms"},
		"split":       SplitPane{Name: "Sidebar", First: Label{Text: "1"}, Second: Label{Text: "2"}, At: 100, OnChange: func(at int32) { j.add("%d", at) }},
		"line chart":  LineChart{Name: "Load", Series: []Series{{Name: "CPU", Values: []float64{1, 4, 2}}}},
		"bar chart":   BarChart{Name: "Disk", Bars: []Bar{{Text: "Mon", Value: 3}, {Text: "Tue", Value: 5}}},
		"divider":     Divider{},
		"labelled":    Labelled{Name: "Toolbar", Role: RoleToolbar, Child: Button{Text: "x"}},
	}
}

// inset writes an Info down, one line for each.
func (i *Info) write(b *strings.Builder, depth int) {
	fmt.Fprintf(b, "%s%v", strings.Repeat("  ", depth), i.Role)
	for _, f := range []struct {
		word string
		ok   bool
		v    any
	}{
		{"", i.Name != "", fmt.Sprintf("%q", i.Name)},
		{"description ", i.Description != "", fmt.Sprintf("%q", i.Description)},
		{"value ", i.Value != "", fmt.Sprintf("%q", i.Value)},
		{"range ", i.Range != Range{}, i.Range},
		{"", i.Count > 0, fmt.Sprintf("%d/%d", i.Index, i.Count)},
		{"level ", i.Level > 0, i.Level},
		{"[", i.Traits != 0, fmt.Sprint(i.Traits, "]")},
		{"can ", len(i.Actions) > 0, i.Actions},
	} {
		if f.ok {
			fmt.Fprintf(b, " %s%v", f.word, f.v)
		}
	}
	b.WriteByte('\n')
	for _, k := range i.Children {
		k.write(b, depth+1)
	}
}

func (i *Info) all(fn func(*Info)) {
	fn(i)
	for _, k := range i.Children {
		k.all(fn)
	}
}

func sorted(m map[string]Node) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	for i := range names {
		for k := i; k > 0 && names[k] < names[k-1]; k-- {
			names[k], names[k-1] = names[k-1], names[k]
		}
	}
	return names
}

func TestEveryWidgetMeansSomething(t *testing.T) {
	var j journal
	widgets := gallery(t, &j)
	var b strings.Builder
	for _, name := range sorted(widgets) {
		r, _ := newTestRoot(nil)
		r.Resize(geom.Size{W: 300, H: 150}, geom.ScaleOne)
		r.Update(widgets[name])
		top := r.Semantics()
		if len(top.Children) == 0 {
			t.Errorf("a %s means nothing", name)
		}
		ids := map[uint64]bool{}
		top.all(func(i *Info) {
			if ids[i.ID] {
				t.Errorf("%s: two things have the ID %d", name, i.ID)
			}
			ids[i.ID] = true
			if i.Traits&IsFocusable != 0 && i.Name == "" && i.Role != RoleScroll && i.Role != RoleTable {
				t.Errorf("%s: a focusable %v has no name", name, i.Role)
			}
			if i.Traits&IsFocusable != 0 && i.Bounds.Empty() {
				t.Errorf("%s: %v %q is nowhere", name, i.Role, i.Name)
			}
		})
		fmt.Fprintf(&b, "# %s\n", name)
		for _, i := range top.Children {
			i.write(&b, 0)
		}
	}
	golden.Text(t, "semantics.txt", b.String())
}

func TestActionsAreDone(t *testing.T) {
	var j journal
	widgets := gallery(t, &j)
	for _, c := range []struct {
		widget string
		role   Role
		name   string
		action Action
		value  string
		want   string
	}{
		{"button", RoleButton, "Go", DoActivate, "", "activate"},
		{"disabled", RoleButton, "No", DoActivate, "", "refused"},
		{"checkbox", RoleCheckbox, "Check", DoActivate, "", "false"},
		{"switch", RoleSwitch, "Wi-Fi", DoActivate, "", "false"},
		{"radio", RoleRadio, "S", DoActivate, "", "0"},
		{"slider", RoleSlider, "Volume", DoIncrease, "", "35"},
		{"slider", RoleSlider, "Volume", DoDecrease, "", "25"},
		{"slider", RoleSlider, "Volume", DoSetValue, "71", "70"},
		{"slider", RoleSlider, "Volume", DoSetValue, "loud", "refused"},
		{"chip", RoleChip, "tag", DoDismiss, "", "dismiss"},
		{"field", RoleEntry, "Name", DoSetValue, "new", "new"},
		{"list", RoleListItem, "Row 3", DoSelect, "", "3"},
		{"tabs", RoleTab, "B", DoSelect, "", "1"},
		{"menu", RoleMenuItem, "Open", DoActivate, "", "open"},
		{"menu", RoleMenuItem, "No", DoActivate, "", "refused"},
		{"popover", RolePopover, "Sound", DoDismiss, "", "dismiss"},
		{"dialog", RoleDialog, "Sure?", DoDismiss, "", "dismiss"},
		{"toast", RoleAlert, "Done", DoDismiss, "", "dismiss"},
		{"split", RoleSplitPane, "Sidebar", DoSetValue, "120", "120"},
		{"split", RoleSplitPane, "Sidebar", DoIncrease, "", "116"},
		{"field", RoleEntry, "Name", DoFocus, "", ""},
	} {
		j.lines = nil
		r, _ := newTestRoot(nil)
		r.Update(widgets[c.widget])
		var found *Info
		r.Semantics().all(func(i *Info) {
			if i.Role == c.role && i.Name == c.name {
				found = i
			}
		})
		if found == nil {
			t.Errorf("%s has no %v %q", c.widget, c.role, c.name)
			continue
		}
		if !r.Do(found.ID, c.action, c.value) {
			j.add("refused")
		}
		if got := strings.Join(j.lines, " "); got != c.want {
			t.Errorf("%s: %v of %q = %q; want %q", c.widget, c.action, c.name, got, c.want)
		}
	}
	if r, _ := newTestRoot(nil); r.Do(12345, DoActivate, "") {
		t.Error("an action on nothing is done")
	}
}

func TestPasswordsStayHidden(t *testing.T) {
	r, _ := newTestRoot(nil)
	r.Update(TextField{Name: "Password", Text: "secret", Password: true})
	r.key(KeyTab)
	var b strings.Builder
	r.Semantics().write(&b, 0)
	if strings.Contains(b.String(), "secret") || strings.Contains(r.IME().Text, "secret") {
		t.Errorf("the password is told: %s, %+v", b.String(), r.IME())
	}
	r.key('a', Ctrl)
	r.key('c', Ctrl)
	if got := r.opts.Clipboard.(*ownClipboard).text; got != "" {
		t.Errorf("the password was copied: %q", got)
	}
}

func TestEverythingIsReachedByKeyboard(t *testing.T) {
	var j journal
	for name, n := range gallery(t, &j) {
		r, _ := newTestRoot(nil)
		r.Resize(geom.Size{W: 300, H: 150}, geom.ScaleOne)
		r.Update(n)
		want := 0
		r.Semantics().all(func(i *Info) {
			if i.Traits&IsFocusable != 0 && (len(r.traps) == 0 || r.scope().Holds(r.find(r.top, i.ID))) {
				want++
			}
		})
		seen := map[*Element]bool{}
		for range 40 {
			// Tab goes to groups, arrows through them.
			for _, k := range []Sym{KeyTab, KeyDown, KeyDown, KeyRight, KeyRight} {
				r.key(k)
				r.Frame()
				if f := r.Focused(); f != nil {
					seen[f] = true
				}
			}
		}
		reached := 0
		r.Semantics().all(func(i *Info) {
			for e := range seen {
				if e.id == i.ID {
					reached++
				}
			}
		})
		if reached < want {
			t.Errorf("%s: %d of %d things that take the focus were reached", name, reached, want)
		}
	}
}
