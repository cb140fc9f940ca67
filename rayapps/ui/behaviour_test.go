package ui

import (
	"fmt"
	"testing"
	"time"

	"rayos/geom"
)

// The root of these tests is 400×300; controls are 28 high.

func TestControlsDoWhatTheyShould(t *testing.T) {
	button := func(j *journal) Node { return Button{Text: "Go", OnPress: j.says("go")} }
	two := func(j *journal) Node {
		return Row{Children: Nodes{Sized{W: 100, Child: Button{Text: "A", OnPress: j.says("a")}}, Sized{W: 100, Child: Button{Text: "B", OnPress: j.says("b")}}}}
	}
	checked := false
	box := func(j *journal) Node {
		return Checkbox{Text: "C", Checked: checked, OnChange: func(v bool) { checked = v; j.add("%t", v) }}
	}
	choice := 0
	radios := func(j *journal) Node {
		return RadioGroup{Options: []string{"x", "y", "z"}, Selected: choice, OnChange: func(i int) { choice = i; j.add("%d", i) }}
	}
	across := func(j *journal) Node {
		g := radios(j).(RadioGroup)
		g.Across = true
		return g
	}
	value := 50.0
	slider := func(j *journal) Node {
		return Aligned{Child: Slider{Value: value, Max: 100, Step: 10, OnChange: func(v float64) { value = v; j.add("%g", v) }}}
	}
	chip := func(j *journal) Node {
		return Aligned{Child: Chip{Text: "tag", OnPress: j.says("chip"), OnRemove: j.says("gone")}}
	}
	reset := func() { checked, choice, value = false, 0, 50 }
	for _, p := range []play{
		{"a click presses", button, false, []string{"click 20,10"}, []string{"go"}},
		{"two clicks press twice", button, false, []string{"click 20,10", "click 20,10"}, []string{"go", "go"}},
		{"a release elsewhere doesn't", two, false, []string{"drag 20,10 150,10"}, nil},
		{"a press elsewhere doesn't", two, false, []string{"press 350,200", "release 20,10"}, nil},
		{"the other button doesn't", button, false, []string{"right 20,10"}, nil},
		{"space and enter press", button, false, []string{"key Tab", "key Space", "key Enter"}, []string{"go", "go"}},
		{"with ctrl they don't", button, false, []string{"key Tab", "key Ctrl+Space"}, nil},
		{"mirrored, a click finds it", two, true, []string{"click 20,10", "click 120,10"}, []string{"a", "b"}},
		{"a disabled button does nothing", func(j *journal) Node {
			return Button{Text: "Go", Disabled: true, OnPress: j.says("go")}
		}, false, []string{"click 20,10", "key Tab", "key Enter"}, nil},
		{"a box is checked and unchecked", box, false, []string{"click 8,14", "key Space"}, []string{"true", "false"}},
		{"a click on the words counts", box, false, []string{"click 28,14"}, []string{"true"}},
		{"a switch switches", func(j *journal) Node {
			return Switch{Text: "S", On: true, OnChange: func(v bool) { j.add("%t", v) }}
		}, false, []string{"click 8,14", "key Tab", "key Enter"}, []string{"false", "false"}},
		{"arrows choose and go around", radios, false, []string{"key Tab", "key Down", "key Down", "key Down", "key Up"}, []string{"1", "2", "0", "2"}},
		{"a click chooses", radios, false, []string{"click 8,70", "key Up"}, []string{"2", "1"}},
		{"beside each other, right is next", across, false, []string{"key Tab", "key Right"}, []string{"1"}},
		{"mirrored, left is next", across, true, []string{"key Tab", "key Left"}, []string{"1"}},
		{"one stop for a group", func(j *journal) Node {
			return Column{Children: Nodes{radios(j), button(j)}}
		}, false, []string{"key Tab", "key Tab", "key Enter"}, []string{"go"}},
		{"one of several is chosen", func(j *journal) Node {
			return Aligned{Child: Choice{Options: []string{"x", "y", "z"}, Selected: 1, OnChange: func(i int) { j.add("%d", i) }}}
		}, false, []string{"key Tab", "key Down", "key End", "key Enter", "key Enter", "key Down", "key Enter"}, []string{"2"}},
		{"arrows, pages and ends", slider, false, []string{"key Tab", "key Right", "key Up", "key Left", "key Down", "key End", "key Home", "key PageUp"}, []string{"60", "70", "60", "50", "100", "0", "100"}},
		{"mirrored, left is more", slider, true, []string{"key Tab", "key Left"}, []string{"60"}},
		{"a press moves the thumb, a drag too", slider, false, []string{"drag 8,14 152,14"}, []string{"0", "100"}},
		{"mirrored, it starts at the right", slider, true, []string{"press 8,14"}, []string{"0"}},
		{"a chip is pressed", chip, false, []string{"click 12,12"}, []string{"chip"}},
		{"its cross and Delete take it away", chip, false, []string{"key Tab", "key Delete", "click 44,12"}, []string{"gone", "gone"}},
	} {
		reset()
		runPlays(t, []play{p})
	}
}

func TestFieldsTakeText(t *testing.T) {
	field := func(j *journal) Node {
		return Row{Children: Nodes{
			TextField{Name: "n", OnChange: func(s string) { j.add("%s", s) }, OnSubmit: func(s string) { j.add("=%s", s) }},
			TextField{Name: "m", OnChange: func(s string) { j.add("2:%s", s) }},
		}}
	}
	preset := func(text string) func(*journal) Node {
		return func(j *journal) Node { return TextField{Text: text, OnChange: func(s string) { j.add("%s", s) }} }
	}
	area := func(j *journal) Node {
		return TextArea{OnChange: func(s string) { j.add("%q", s) }, OnSubmit: func(string) { j.add("submit") }}
	}
	runPlays(t, []play{
		{"typing", field, false, []string{"key Tab", "type ab", "key Enter"}, []string{"a", "ab", "=ab"}},
		{"backspace and delete", preset("abcd"), false, []string{"click 390,10", "key Backspace", "key Home", "key Delete"}, []string{"abc", "bc"}},
		{"words at once", preset("one two"), false, []string{"click 390,10", "key Ctrl+Backspace"}, []string{"one "}},
		{"by keyboard everything is chosen", preset("old"), false, []string{"key Tab", "type n"}, []string{"n"}},
		{"cut and paste", preset("ab"), false, []string{"key Tab", "key Ctrl+x", "key Ctrl+v", "key Ctrl+v"}, []string{"", "ab", "abab"}},
		{"copy from one to the other", field, false, []string{"key Tab", "type x", "key Ctrl+a", "key Ctrl+c", "key Tab", "key Ctrl+v"}, []string{"x", "2:x"}},
		{"undo and redo", preset("a"), false, []string{"click 390,10", "type b", "key Ctrl+z", "key Ctrl+y"}, []string{"ab", "a", "ab"}},
		{"a click places the caret, shift extends", preset("abcdef"), false, []string{"click 9,14", "key Shift+End", "type x"}, []string{"x"}},
		{"two clicks choose a word", preset("one two"), false, []string{"click 20,14", "click 20,14", "type x"}, []string{"x two"}},
		{"three clicks choose all", preset("one two"), false, []string{"click 20,14", "click 20,14", "click 20,14", "type x"}, []string{"x"}},
		{"a drag chooses", preset("one two"), false, []string{"drag 9,14 390,14", "type x"}, []string{"x"}},
		{"the menu cuts", preset("one"), false, []string{"key Tab", "right 20,14", "click 40,40"}, []string{""}},
		{"the menu pastes where the caret was", field, false, []string{"key Tab", "type x", "key Ctrl+a", "key Ctrl+c", "key Menu", "key Down", "key Down", "key Enter", "type y"}, []string{"x", "xy"}},
		{"the menu by keyboard", preset("one"), false, []string{"key Tab", "key Menu", "key Enter", "key Ctrl+v"}, []string{"", "one"}},
		{"lines", area, false, []string{"key Tab", "type a", "key Enter", "type b", "key Up", "type c", "key Ctrl+Enter"}, []string{`"a"`, `"a\n"`, `"a\nb"`, `"ac\nb"`, "submit"}},
		{"read only", func(j *journal) Node {
			return TextField{Text: "a", ReadOnly: true, OnChange: func(s string) { j.add("%s", s) }}
		}, false, []string{"key Tab", "type b", "key Backspace", "key Ctrl+x"}, nil},
		{"keys that somebody wants first", func(j *journal) Node {
			return TextField{OnKey: func(k *Keystroke) bool { return k.Sym == KeyUp && !k.Release }, OnChange: func(s string) { j.add("%s", s) }}
		}, false, []string{"key Tab", "key Up", "type b"}, []string{"b"}},
	})
}

func TestInputMethodsCompose(t *testing.T) {
	var j journal
	r, _ := newTestRoot(func() Node {
		return TextField{Text: "a", Name: "n", OnChange: func(s string) { j.add("%s", s) }}
	})
	r.Frame()
	if m := r.IME(); m.Enabled {
		t.Error("an input method is wanted without focus")
	}
	r.key(KeyTab)
	r.key(KeyEnd)
	m := r.IME()
	if !m.Enabled || m.Text != "a" || m.Caret != 1 || m.Anchor != 1 || m.Rect.Empty() || !(geom.Size{W: 400, H: 300}).Rect().Contains(m.Rect) {
		t.Errorf("IME() = %+v", m)
	}
	x := m.Rect.X0
	r.Event(&Preedit{Text: "ni", Start: 2, End: 2})
	r.Frame()
	if got := r.IME().Rect.X0; got <= x {
		t.Errorf("the caret stands at %d while composing; want beyond %d", got, x)
	}
	if len(j.lines) != 0 {
		t.Errorf("composing reported %q", j.lines)
	}
	r.Event(&Preedit{})
	r.Event(&Commit{"你"})
	r.Event(&Delete{Before: 3})
	if want := "a你 a"; fmt.Sprint(j.lines) != "["+want+"]" {
		t.Errorf("changes = %q; want [%s]", j.lines, want)
	}
}

// asked is a clipboard of other programs.
type asked struct{ requests int }

func (*asked) Copy(string) {}
func (a *asked) Request()  { a.requests++ }

func TestPasteMayComeLater(t *testing.T) {
	var board asked
	r := New(Options{Clipboard: &board})
	r.Resize(geom.Size{W: 200, H: 40}, geom.ScaleOne)
	r.Update(TextField{Name: "n"})
	r.key(KeyTab)
	r.key('v', Ctrl)
	if board.requests != 1 {
		t.Fatalf("%d requests; want 1", board.requests)
	}
	r.Event(&Paste{"late"})
	if got := r.Semantics().Children[0].Value; got != "late" {
		t.Errorf("text = %q; want late", got)
	}
}

func TestAViewReplacesTextThatItChanges(t *testing.T) {
	text := "a"
	r, c := newTestRoot(func() Node { return TextField{Name: "n", Text: text} })
	script(t, r, c, "key Tab", "type b")
	value := func() string { return r.Semantics().Children[0].Value }
	r.Invalidate()
	r.Frame()
	if value() != "b" {
		t.Errorf("text = %q; a view that says what it said before must not touch it", value())
	}
	text = "c"
	r.Invalidate()
	r.Frame()
	if value() != "c" {
		t.Errorf("text = %q; want c", value())
	}
}

func TestCollectionsFollowKeysAndPointer(t *testing.T) {
	list := func(j *journal) Node {
		return List{
			Count: 100, Selected: NoSelection, Row: func(i int) Node { return Label{Text: fmt.Sprint(i)} },
			Text:       func(i int) string { return fmt.Sprintf("%c row", 'a'+i%26) },
			OnSelect:   func(i int) { j.add("%d", i) },
			OnActivate: func(i int) { j.add("!%d", i) },
			OnMenu:     func(i int, at geom.Point) { j.add("menu %d %v", i, at) },
		}
	}
	tree := func(j *journal) Node {
		tr := testTree()
		tr.Selected = ""
		tr.OnSelect = func(id string) { j.add("%s", id) }
		tr.OnToggle = func(id string, open bool) { j.add("%s %t", id, open) }
		return tr
	}
	table := func(j *journal) Node {
		tb := testTable()
		tb.Selected = NoSelection
		tb.OnSort = func(c int) { j.add("sort %d", c) }
		tb.OnSelect = func(i int) { j.add("%d", i) }
		return tb
	}
	at := 0
	tabs := func(j *journal) Node {
		return Tabs{
			Tabs: []Tab{{Text: "A"}, {Text: "B"}, {Text: "C"}}, Selected: at, Child: Button{Text: "in", OnPress: j.says("in")},
			OnSelect: func(i int) { at = i; j.add("%d", i) }, OnClose: func(i int) { j.add("close %d", i) },
		}
	}
	runPlays(t, []play{
		{"arrows, pages, ends", list, false, []string{"key Tab", "key Down", "key Down", "key Up", "key PageDown", "key End", "key Home", "key Enter"}, []string{"0", "1", "0", "9", "99", "0", "!0"}},
		{"a click chooses, two open", list, false, []string{"click 50,40", "click 50,40"}, []string{"1", "!1"}},
		{"the wheel scrolls", list, false, []string{"wheel 50,50 56", "click 50,10"}, []string{"2"}},
		{"typing seeks", list, false, []string{"key Tab", "type c", "wait 2s", "type c", "wait 2s", "type d row"}, []string{"2", "28", "29"}},
		{"a menu by pointer and key", list, false, []string{"right 50,40", "key Menu"}, []string{"1", "menu 1 {50 40}", "menu 1 {0 56}"}},
		{"a finger chooses", list, false, []string{"touch 50,40", "lift 50,40"}, []string{"1", "!1"}},
		{"a finger that scrolls doesn't", list, false, []string{"touch 50,100", "slide 50,80", "slide 50,44", "wait 1s", "lift 50,44", "touch 50,10", "lift 50,10"}, []string{"1", "!1"}},
		{"the bar can be dragged", list, false, []string{"drag 395,10 395,290", "click 50,290"}, []string{"99"}},
		{"in a tree, right opens and goes in", tree, false, []string{"key Tab", "key Home", "key Left", "key Left", "key Right", "key Right", "key Down", "key Down", "key Right", "key Left", "key Left"}, []string{"home", "home false", "home true", "src", "main", "doc", "doc true", "doc false", "home"}},
		{"the arrow opens", tree, false, []string{"click 16,14", "click 16,42"}, []string{"home false", "net true"}},
		{"heads sort", table, false, []string{"click 40,14", "key Right", "key Enter", "key Tab", "key Down"}, []string{"sort 0", "sort 1", "0"}},
		{"tabs by arrows", tabs, false, []string{"key Tab", "key Right", "key Left", "key Left", "key Tab", "key Enter"}, []string{"1", "0", "2", "in"}},
		{"tabs close", tabs, false, []string{"key Tab", "key Delete"}, []string{"close 2"}},
	})
}

func TestLayersOpenAndClose(t *testing.T) {
	menu := func(j *journal) Node {
		items := []MenuItem{{Text: "One", OnPress: j.says("one")}, {Separator: true}, {Text: "No", Disabled: true, OnPress: j.says("no")}, {Text: "Two", OnPress: j.says("two")}}
		return Column{Children: Nodes{MenuButton{Button: Button{Text: "Menu"}, Items: items}, Sized{H: 200}, Button{Text: "after", OnPress: j.says("after")}}}
	}
	open := true
	dialog := func(j *journal) Node {
		return Column{Children: Nodes{
			Button{Text: "behind", OnPress: j.says("behind")},
			Dialog{Open: open, Title: "D", OnClose: func() { open = false; j.add("closed") }, Actions: []Button{{Text: "No", OnPress: j.says("no")}, {Text: "Yes", OnPress: j.says("yes")}}},
		}}
	}
	context := func(j *journal) Node {
		return ContextMenu{Name: "c", Items: func() []MenuItem { return []MenuItem{{Text: "One", OnPress: j.says("one")}} }, Child: Sized{W: 200, H: 200, Child: Button{Text: "b", OnPress: j.says("b")}}}
	}
	for _, p := range []play{
		{"a menu by pointer", menu, false, []string{"click 20,14", "click 20,50"}, []string{"one"}},
		{"a menu by keyboard", menu, false, []string{"key Tab", "key Down", "key Down", "key Enter", "key Tab", "key Enter"}, []string{"two", "after"}},
		{"letters jump", menu, false, []string{"key Tab", "key Enter", "type t", "key Enter"}, []string{"two"}},
		{"what is disabled isn't done", menu, false, []string{"click 20,14", "click 20,85"}, nil},
		{"a press outside closes, and only closes", menu, false, []string{"click 20,14", "click 20,240", "click 20,240"}, []string{"after"}},
		{"Escape closes and gives the focus back", menu, false, []string{"key Tab", "key Enter", "key Escape", "key Enter", "key Down", "key Enter"}, []string{"two"}},
		{"Tab stays in a menu", menu, false, []string{"key Tab", "key Enter", "key Tab", "key Enter"}, []string{"one"}},
		{"a dialog keeps presses", dialog, false, []string{"click 20,14", "key Enter"}, []string{"yes"}},
		{"Tab goes around in a dialog", dialog, false, []string{"key Tab", "key Enter", "key Tab", "key Enter"}, []string{"no", "yes"}},
		{"Escape closes a dialog", dialog, false, []string{"key Escape", "click 20,14"}, []string{"closed", "behind"}},
		{"a context menu", context, false, []string{"right 100,100", "click 110,118"}, []string{"one"}},
		{"a context menu by key", context, false, []string{"key Tab", "key Menu", "key Enter"}, []string{"one"}},
	} {
		open = true
		runPlays(t, []play{p})
	}
}

func TestWhatCanNotBeUndoneIsNotTheFirstChoice(t *testing.T) {
	for _, c := range []struct {
		tone Tone
		want string
	}{{Primary, "Do"}, {Danger, "Cancel"}} {
		r, _ := newTestRoot(nil)
		r.Update(Dialog{Open: true, Actions: []Button{{Text: "Cancel"}, {Text: "Do", Tone: c.tone}}})
		r.Layout()
		if got := r.Focused().Node().(dialogButton).Text; got != c.want {
			t.Errorf("with tone %d the focus is on %q; want %q", c.tone, got, c.want)
		}
	}
}

func TestDismissClosesOneLayer(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(Aligned{Child: MenuButton{Button: Button{Text: "Menu"}, Items: []MenuItem{{Text: "One"}}}})
	if r.Dismiss() || len(r.Layers(nil)) != 0 {
		t.Error("there is a layer before anything is open")
	}
	script(t, r, c, "click 20,14")
	if l := r.Layers(nil); len(l) != 1 || l[0].Empty() || l[0].Y0 < 28 {
		t.Errorf("Layers() = %v; want the menu", l)
	}
	if !r.Dismiss() || len(r.Layers(nil)) != 0 {
		t.Error("the menu is still open")
	}
	r.Update(Dialog{Open: true, Actions: []Button{{Text: "OK"}}})
	r.Layout()
	if r.Dismiss() {
		t.Error("a dialog was closed by a press outside")
	}
}

func TestShiftTurnsTheWheel(t *testing.T) {
	r, _ := newTestRoot(nil)
	r.Update(ScrollView{Sideways: true, Child: Sized{W: 1000, H: 1000, Child: Label{Text: "x"}}})
	r.Frame()
	for _, m := range []Mods{0, Shift} {
		r.Event(&Pointer{Kind: PointerScroll, Pos: geom.FPoint{X: 5, Y: 5}, Scroll: geom.FPoint{Y: 30}, Mods: m})
	}
	if s := r.top.children[0].state.(*scrollState); s.x.at != 30 || s.y.at != 30 {
		t.Errorf("scrolled to %d,%d; want 30,30", s.x.at, s.y.at)
	}
}

func TestTooltipsComeAndGo(t *testing.T) {
	r, c := newTestRoot(func() Node {
		return Row{Children: Nodes{Tooltip{Text: "help", Child: Button{Text: "B"}}, Button{Text: "C"}}}
	})
	tips := func() int {
		n := 0
		var walk func(*Info)
		walk = func(i *Info) {
			if i.Role == RoleTooltip {
				n++
			}
			for _, k := range i.Children {
				walk(k)
			}
		}
		walk(r.Semantics())
		return n
	}
	script(t, r, c, "move 10,10")
	at, ok := r.Next()
	if !ok || at > c.now+time.Second {
		t.Errorf("Next() = %v, %t; want the tooltip's time", at, ok)
	}
	for _, step := range []struct {
		do   string
		want int
	}{{"wait 300ms", 0}, {"wait 400ms", 1}, {"press 10,10", 0}, {"release 10,10", 0}, {"move 300,200", 0}, {"move 10,10", 0}, {"wait 700ms", 1}, {"move 300,200", 0}, {"key Tab", 0}, {"key Shift+Tab", 0}, {"wait 700ms", 1}, {"key Escape", 0}, {"wait 2s", 0}} {
		script(t, r, c, step.do)
		if got := tips(); got != step.want {
			t.Errorf("after %s: %d tooltips; want %d", step.do, got, step.want)
		}
	}
}

func TestToastsEnd(t *testing.T) {
	var j journal
	items := []Toast{{ID: "a", Text: "Done", Action: "Undo", OnAction: j.says("undo"), OnClose: j.says("close")}}
	r, c := newTestRoot(func() Node { return Toasts{items} })
	script(t, r, c, "wait 5s")
	if len(j.lines) != 0 {
		t.Errorf("%q after 5 s", j.lines)
	}
	script(t, r, c, "wait 2s")
	if fmt.Sprint(j.lines) != "[close]" {
		t.Errorf("%q after 7 s; want [close]", j.lines)
	}
}

func TestSplitMoves(t *testing.T) {
	runPlays(t, []play{
		{"by drag and keys", func(j *journal) Node {
			return SplitPane{First: Label{}, Second: Label{}, At: 100, OnChange: func(at int32) { j.add("%d", at) }}
		}, false, []string{"drag 103,50 153,50", "key Right", "key Left", "drag 153,50 2,50"}, []string{"150", "166", "150", "64"}},
		{"mirrored", func(j *journal) Node {
			return SplitPane{First: Label{}, Second: Label{}, At: 100, OnChange: func(at int32) { j.add("%d", at) }}
		}, true, []string{"drag 103,50 153,50", "key Left"}, []string{"150", "166"}},
	})
}

func TestFocusIsBroughtIntoView(t *testing.T) {
	var kids Nodes
	for i := range 30 {
		kids = append(kids, Button{Text: fmt.Sprint(i)})
	}
	r, c := newTestRoot(func() Node { return ScrollView{Child: Column{Children: kids}} })
	for range 30 {
		script(t, r, c, "key Tab")
		if b := r.Focused().Bounds(); !r.Size().Rect().Contains(b) {
			t.Fatalf("the focused %v is at %v", r.Focused().Node().(Button).Text, b)
		}
	}
	script(t, r, c, "key Tab")
	if got := r.Focused().Bounds().Y0; got < 0 || got > 10 {
		t.Errorf("back at the start the focus is at %d", got)
	}
}

func TestNothingBehindAMenuIsHovered(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(Column{Children: Nodes{MenuButton{Button: Button{Text: "Menu"}, Items: []MenuItem{{Text: "One"}}}, Sized{H: 200}, TextField{Name: "n"}}})
	over := func() bool {
		script(t, r, c, "move 20,240")
		return r.top.children[0].children[2].Hovered()
	}
	if !over() || r.Cursor() != CursorText {
		t.Fatalf("the field isn't hovered, the cursor is %v", r.Cursor())
	}
	script(t, r, c, "click 20,14")
	if over() || r.Cursor() != CursorDefault {
		t.Errorf("what is behind an open menu is hovered, the cursor is %v", r.Cursor())
	}
}

func TestAPressInAPopoverStaysThere(t *testing.T) {
	runPlays(t, []play{{
		"on its margin", func(j *journal) Node {
			return Aligned{Child: Pressable{Name: "card", OnPress: j.says("card"), Child: Pad(50, Popover{
				Open: true, Child: Label{Text: "anchor"}, Content: Label{Text: "inside"}, OnClose: j.says("close"),
			})}}
		}, false, []string{"click 58,80", "click 300,200"}, []string{"close"},
	}})
}

func TestAMenuGivesTheFocusBackBeforeItActs(t *testing.T) {
	var r *Root
	var had *Element
	r, c := newTestRoot(nil)
	r.Update(Aligned{Child: MenuButton{Button: Button{Text: "Menu"}, Items: []MenuItem{{Text: "One", OnPress: func() { had = r.Focused() }}}}})
	script(t, r, c, "key Tab", "key Enter", "key Enter")
	if had == nil {
		t.Fatal("nothing has the focus while the menu acts")
	}
	if b, ok := had.Node().(Button); !ok || b.Text != "Menu" {
		t.Errorf("%T has the focus while the menu acts; want its button", had.Node())
	}
}

func TestColumnsAreMadeWider(t *testing.T) {
	r, c := newTestRoot(nil)
	tb := testTable()
	r.Update(tb)
	width := func() int32 { return r.top.children[0].children[0].children[1].size.W }
	for _, step := range []struct {
		do   string
		want int32
	}{{"key Tab", 64}, {"key Right", 64}, {"key Shift+Right", 72}, {"key Shift+Left", 64}, {"drag 322,14 302,14", 44}, {"drag 322,14 100,14", 32}} {
		script(t, r, c, step.do)
		if got := width(); got != step.want {
			t.Errorf("after %s: %d wide; want %d", step.do, got, step.want)
		}
	}
}

func TestNobodyComposesWithoutTheKeyboard(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(TextField{Name: "n"})
	script(t, r, c, "key Tab")
	if !r.IME().Enabled {
		t.Fatal("the field takes no text")
	}
	if r.SetActive(false); r.IME().Enabled {
		t.Error("a root without the keyboard wants an input method")
	}
}

func TestATooltipThatIsNotWantedWakesNobody(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(Aligned{Child: Tooltip{Text: "help", Child: Label{Text: "B"}}})
	script(t, r, c, "move 4,4", "move 300,200", "wait 1ms", "wait 1ms")
	if at, ok := r.Next(); ok {
		t.Errorf("a frame is due at %v", at)
	}
}

func TestFlingGoesOnAndEnds(t *testing.T) {
	r, c := newTestRoot(func() Node { return ScrollView{Child: Sized{H: 1 << 24, Child: Label{Text: "x"}}} })
	at := func() int32 { return r.top.children[0].state.(*scrollState).y.at }
	script(t, r, c, "touch 50,200", "wait 10ms", "slide 50,180", "wait 10ms", "slide 50,150", "wait 10ms", "slide 50,120", "lift 50,120")
	before := at()
	if before < 50 {
		t.Fatalf("scrolled by %d", before)
	}
	frames := 0
	for _, ok := r.Next(); ok && frames < 1000; _, ok = r.Next() {
		c.now += 16 * time.Millisecond
		r.Frame()
		frames++
	}
	if at() <= before || frames < 10 || frames > 400 {
		t.Errorf("went from %d to %d in %d frames", before, at(), frames)
	}
}
