package ui

import (
	"fmt"
	"math"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

func TestFieldsLookRight(t *testing.T) {
	field := func(f TextField, act func(*Root, *testClock)) cell { return cell{184, 44, around(f), act} }
	preedit := func(r *Root, _ *testClock) {
		r.click(60, 20)
		r.Event(&Preedit{Text: "nihao", Start: 2, End: 5})
	}
	selects := func(r *Root, _ *testClock) {
		r.click(60, 20)
		r.key('a', Ctrl)
	}
	lines := "The first line.\nA second one that is long enough to wrap.\n\nEnd"
	area := func(a TextArea, act func(*Root, *testClock)) cell { return cell{184, 108, around(a), act} }
	sheet(t, "fields", 584, geom.ScaleOne, []cell{
		field(TextField{Placeholder: "Search", Icon: icon.Search}, nil),
		field(TextField{Placeholder: "Search", Icon: icon.Search}, hovers(30, 20)),
		field(TextField{Placeholder: "Search", Icon: icon.Search}, focuses(1)),
		field(TextField{Text: "linux-desktop"}, nil),
		field(TextField{Text: "linux-desktop"}, selects),
		field(TextField{Text: "linux-desktop", Disabled: true}, nil),
		field(TextField{Text: "nobody@", Invalid: true}, nil),
		field(TextField{Text: "secret", Password: true}, nil),
		field(TextField{Text: "x "}, preedit),
		field(TextField{Text: "show linux desk", Ghost: "top", Mono: true}, focuses(1)),
		field(TextField{Text: "A text that is much longer than the field is wide"}, func(r *Root, _ *testClock) { r.click(170, 20); r.key(KeyEnd) }),
		field(TextField{Text: "Open", Icon: icon.Search, Bare: true, Size: theme.Heading}, focuses(1)),
		area(TextArea{Placeholder: "Notes"}, nil),
		area(TextArea{Text: lines}, func(r *Root, _ *testClock) { r.click(30, 20); r.key(KeyDown, Shift); r.key(KeyDown, Shift) }),
		area(TextArea{Text: lines + "\n1\n2\n3\n4", Rows: 5, Disabled: false}, focuses(1)),
	})
}

// settings is a page with most of what there is.
func settings() Node {
	line := func(name string, n Node) Node {
		return Row{Gap: 16, Align: Baseline, Children: Nodes{Sized{W: 110, Child: Label{Text: name, Color: 0}}, Expand{Child: Aligned{Child: n}}}}
	}
	return Pad(16, Column{Gap: 8, Align: Stretch, Children: Nodes{
		Row{Align: Centre, Children: Nodes{Expand{Child: Title("Display")}, IconButton(icon.More, "More", nil)}},
		Label{Text: "How large things are, and how they look.", Size: theme.Caption},
		Divider{},
		line("Scale", RadioGroup{Options: []string{"100 %", "150 %", "200 %"}, Selected: 1, Across: true}),
		line("Layout", Choice{Name: "Layout", Options: []string{"German (Neo 2)"}, Selected: 0}),
		line("Name", TextField{Text: "Workstation"}),
		line("Brightness", Slider{Value: 60, Max: 100}),
		line("Night light", Switch{On: true, Name: "Night light"}),
		line("", Checkbox{Text: "Reduce motion", Checked: true}),
		Spacer{},
		Row{Gap: 8, Justify: End, Children: Nodes{Spacer{}, Button{Text: "Cancel"}, Button{Text: "Apply", Tone: Primary}}},
	}})
}

// TestScalesAndContrastLookRight draws one page in every scheme and at scales
// that don't divide evenly.
func TestScalesAndContrastLookRight(t *testing.T) {
	page := []cell{{400, 380, settings(), focuses(6)}}
	for _, scheme := range []theme.Scheme{theme.Dark, theme.Light, theme.DarkContrast, theme.LightContrast} {
		golden.Pixels(t, "page-"+scheme.String(), drawSheet(t, theme.New(scheme, 0), false, 416, geom.ScaleOne, page))
	}
	golden.Pixels(t, "page-scale-1.5", drawSheet(t, theme.New(theme.Light, 0xffb8327a), false, 416, 180, page))
	golden.Pixels(t, "page-scale-2", drawSheet(t, theme.New(theme.Dark, 0xff3fae2a), true, 416, 240, page))
	golden.Pixels(t, "page-scale-3", drawSheet(t, theme.New(theme.Light, 0), false, 416, 360, page))
	touch := theme.New(theme.Dark, 0)
	touch.Touch = true
	tall := []cell{{400, 480, settings(), nil}}
	golden.Pixels(t, "page-touch", drawSheet(t, touch, false, 416, geom.ScaleOne, tall))
}

func item(i int) Node {
	return Padding{Sides(theme.Space3, 0), Row{Gap: 8, Align: Centre, Children: Nodes{
		Icon{Name: icon.File},
		Expand{Child: Label{Text: fmt.Sprintf("Document %d", i), Lines: 1}},
		Label{Text: fmt.Sprintf("%d KB", i*7), Size: theme.Caption, Color: 0, Tabular: true},
	}}}
}

// centred puts what is in a row of a list into its middle.
func centred(n Node) Node { return Aligned{X: Stretch, Y: Centre, Child: n} }

func testTree() Tree {
	return Tree{Name: "Files", Selected: "src", Items: []TreeItem{
		{ID: "home", Text: "Home", Icon: icon.Home, Open: true, Items: []TreeItem{
			{ID: "src", Text: "Sources", Icon: icon.Folder, Open: true, Items: []TreeItem{{ID: "main", Text: "main.go", Icon: icon.File}}},
			{ID: "doc", Text: "Documents", Icon: icon.Folder, Items: []TreeItem{{ID: "x", Text: "x"}}},
		}},
		{ID: "net", Text: "Network", Icon: icon.Network, Lazy: true},
	}}
}

func testTable() Table {
	rows := [][]string{{"rayos-session", "1204", "3.2"}, {"rayos-vm", "1310", "41.0"}, {"Xwayland", "1422", "0.4"}, {"terminal with a long name", "1500", "12.5"}}
	return Table{
		Name: "Processes", Count: len(rows), Selected: 1, SortBy: 2, Descending: true, OnSort: func(int) {},
		Columns: []TableColumn{{Title: "Name", Sortable: true}, {Title: "PID", Width: 64, Align: End, Sortable: true}, {Title: "CPU %", Width: 72, Align: End, Sortable: true}},
		Cell:    func(r, c int) Node { return Label{Text: rows[r][c], Lines: 1, Tabular: c > 0} },
	}
}

func TestCollectionsLookRight(t *testing.T) {
	list := List{Name: "Documents", Count: 100000, Selected: 2, Row: func(i int) Node { return centred(item(i)) }}
	tabs := Tabs{Tabs: []Tab{{Text: "General"}, {Text: "Display", Icon: icon.Display}, {Text: "About"}}, Selected: 1, Child: around(Label{Text: "What is chosen"})}
	closable := tabs
	closable.OnClose = func(int) {}
	end := func(r *Root, _ *testClock) {
		r.click(60, 20)
		r.key(KeyEnd)
	}
	sheet(t, "collections", 584, geom.ScaleOne, []cell{
		{280, 160, list, nil},
		{280, 160, list, end},
		{280, 160, testTree(), focuses(1)},
		{280, 160, testTable(), focuses(2)},
		{280, 160, testTable(), func(r *Root, _ *testClock) { r.move(150, 14) }},
		{280, 160, List{Empty: Centred(Label{Text: "Nothing here yet"})}, nil},
		{280, 88, tabs, nil},
		{280, 88, tabs, focuses(1)},
		{376, 88, closable, nil},
		{184, 88, ScrollView{Child: Pad(8, Label{Text: "One\nTwo\nThree\nFour\nFive\nSix\nSeven"})}, func(r *Root, _ *testClock) { r.move(179, 40) }},
	})
}

func TestLayersLookRight(t *testing.T) {
	menu := MenuButton{Button: Button{Text: "File", Trailing: icon.ChevronDown}, Items: []MenuItem{
		{Text: "Open…", Icon: icon.Open, Shortcut: "Ctrl+O"},
		{Text: "Save", Icon: icon.Save, Shortcut: "Ctrl+S"},
		{Text: "Revert", Disabled: true},
		{Separator: true},
		{Text: "Show hidden files", Check: true, Checked: true},
		{Text: "Delete", Icon: icon.Trash, Danger: true, Shortcut: "Del"},
	}}
	dialog := Dialog{
		Open: true, Title: "Shut “linux-desktop” down?", Text: "Two programs have changes that aren't saved. They are lost if you go on.",
		Actions: []Button{{Text: "Cancel"}, {Text: "Shut down", Tone: Danger}}, Width: 300,
	}
	rename := dialog
	rename.Title, rename.Text = "Rename", ""
	rename.Content = TextField{Text: "linux-desktop", First: true}
	rename.Actions = []Button{{Text: "Cancel"}, {Text: "Rename", Tone: Primary}}
	popover := Popover{Child: Button{Text: "Sound", Icon: icon.Volume}, Open: true, Width: 220, Content: Column{Gap: 4, Align: Stretch, Children: Nodes{
		Heading("Sound"), Slider{Value: 60, Max: 100}, Switch{Text: "Mute"},
	}}}
	sheet(t, "layers", 720, geom.ScaleOne, []cell{
		{344, 244, around(Aligned{Child: menu}), func(r *Root, _ *testClock) { r.click(30, 20); r.move(60, 90) }},
		{344, 244, around(Aligned{Child: menu}), func(r *Root, _ *testClock) { r.key(KeyTab); r.key(KeyDown); r.key(KeyDown) }},
		{344, 200, Stack{Children: Nodes{around(Label{Text: "What is behind is dimmed."}), dialog}}, func(r *Root, _ *testClock) { r.key(KeyTab); r.key(KeyTab) }},
		{344, 200, rename, nil},
		{344, 200, around(Aligned{Child: popover}), nil},
		{344, 200, around(Column{Gap: 60, Children: Nodes{
			Tooltip{Text: "Shows all windows of this workspace", Child: IconButton(icon.Apps, "Overview", nil)},
			Toasts{[]Toast{{ID: "1", Text: "Moved 3 files to the trash.", Icon: icon.Trash, Action: "Undo"}}},
		}}), func(r *Root, c *testClock) {
			r.move(20, 20)
			r.Frame()
			c.now += theme.TooltipDelay
		}},
	})
}

// checker is a picture of w×h pixels.
func checker(t *testing.T, w, h int32) *paint.Image {
	t.Helper()
	p := render.NewPixels(w, h, render.XRGB8888)
	for y := range h {
		for x := range w {
			c := [4]byte{byte(x * 255 / w), byte(y * 255 / h), 90, 255}
			if (x/8+y/8)%2 == 0 {
				c = [4]byte{230, 230, 230, 255}
			}
			copy(p.Data[y*p.Stride+4*x:], c[:])
		}
	}
	m, err := paint.NewImage(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wave is values for charts.
func wave(n int, phase float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		// Whole numbers: charts look the same wherever they are drawn.
		v[i] = math.Round(50 + 40*math.Sin(float64(i)/6+phase))
	}
	return v
}

func TestPicturesLookRight(t *testing.T) {
	m := checker(t, 64, 48)
	gap := wave(60, 2)
	for i := 20; i < 25; i++ {
		gap[i] = math.NaN()
	}
	lines := LineChart{Name: "Load", Area: true, Min: 0, Max: 100, Series: []Series{{Name: "CPU", Values: wave(60, 0)}, {Name: "GPU", Values: gap, Color: 0xff4cc38a}}}
	split := SplitPane{Name: "Sidebar", At: 90, First: Pad(8, Label{Text: "Sidebar"}), Second: Pad(8, Label{Text: "What is chosen on the other side"})}
	upright := split
	upright.Upright, upright.At = true, 40
	upright.Min = 24
	sheet(t, "pictures", 584, geom.ScaleOne, []cell{
		{280, 136, around(lines), nil},
		{280, 136, around(lines), hovers(150, 60)},
		{280, 136, around(BarChart{Name: "Disk", Bars: []Bar{{"Mon", 12, 0}, {"Tue", 30, 0}, {"Wed", 21, 0xffe0a33a}, {"Thu", 0, 0}, {"Fri", 44, 0}}}), nil},
		{280, 136, around(LineChart{Series: []Series{{Values: []float64{3}}}}), nil},
		{88, 88, around(Image{Image: m, Radius: 6}), nil},
		{88, 88, around(Image{Image: m, Fit: Cover, W: 72, H: 72, Radius: 36}), nil},
		{88, 88, around(Image{Image: m, Fit: Fill, W: 72, H: 72}), nil},
		{88, 88, around(Canvas{Name: "Drawing", OnEvent: func(Event) bool { return false }, Draw: func(b *paint.Builder, s geom.Size) {
			b.Gradient(s.Rect().Fixed(), paint.Radii{}, paint.Gradient{To: geom.FixedPoint{X: 256, Y: 256}, Start: 0xff5aa9ff, End: 0xff16181d})
		}}), focuses(1)},
		{184, 88, split, hovers(94, 40)},
		{184, 88, split, focuses(1)},
		{184, 88, upright, nil},
	})
}
