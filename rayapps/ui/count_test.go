package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/golden"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

func TestLongListsBuildOnlyWhatIsSeen(t *testing.T) {
	built := 0
	r, _ := newTestRoot(nil)
	r.Update(List{Name: "l", Count: 100_000, Row: func(i int) Node { built++; return Label{Text: fmt.Sprint(i)} }})
	frame := func() int {
		built = 0
		r.Frame()
		return built
	}
	const seen = 300/28 + 2
	if n := frame(); n < seen-2 || n > seen {
		t.Errorf("the first frame builds %d rows; want about %d", n, seen)
	}
	if n := frame(); n != 0 {
		t.Errorf("an unchanged frame builds %d rows", n)
	}
	wheel := func(d float64) {
		r.Event(&Pointer{Kind: PointerScroll, Pos: geom.FPoint{X: 50, Y: 50}, Scroll: geom.FPoint{Y: d}})
	}
	r.move(50, 50)
	for i := range 100 {
		wheel(28)
		if n := frame(); n > 1 {
			t.Fatalf("scroll %d by one row builds %d rows; want 1", i, n)
		}
	}
	wheel(-28)
	if n := frame(); n > 1 {
		t.Errorf("back by one row builds %d rows; want 1", n)
	}
	r.key(KeyTab)
	for _, k := range []Sym{KeyEnd, KeyHome, KeyPageDown} {
		r.key(k)
		// An event lays out before the next frame does.
		built = 0
		r.Frame()
		if n := built; n > seen {
			t.Errorf("%v builds %d rows; want at most %d", k, n, seen)
		}
	}
	if n := len(r.top.children[0].children); n > seen {
		t.Errorf("%d rows exist; want at most %d", n, seen)
	}
}

func TestAListInAScrollViewBuildsNotAllRows(t *testing.T) {
	built := 0
	r, _ := newTestRoot(nil)
	r.Update(ScrollView{Child: List{Name: "l", Count: 100_000, Row: func(i int) Node { built++; return Label{Text: "x"} }}})
	r.Frame()
	if most := maxListHeight/28 + 2; built > most {
		t.Errorf("%d rows were built; want at most %d", built, most)
	}
}

func TestRowsKeepWhatIsInThem(t *testing.T) {
	r, c := newTestRoot(nil)
	names := []string{"a", "b", "c"}
	view := func() Node {
		return List{Name: "l", Count: len(names), Selected: NoSelection, Key: func(i int) string { return names[i] }, Row: func(i int) Node { return TextField{Name: names[i]} }}
	}
	r.Update(view())
	script(t, r, c, "click 50,40", "type x")
	names = []string{"new", "a", "b", "c"}
	r.Update(view())
	r.Frame()
	for _, row := range r.Semantics().Children[0].Children {
		want := ""
		if row.Children[0].Name == "b" {
			want = "x"
		}
		if got := row.Children[0].Value; got != want {
			t.Errorf("the field %q has the text %q; want %q", row.Children[0].Name, got, want)
		}
	}
}

func TestUnchangedFramesOfWidgetsAllocateNothing(t *testing.T) {
	var j journal
	for name, n := range gallery(t, &j) {
		r, c := newTestRoot(func() Node { return n })
		r.opts.Theme = theme.New(theme.Dark, 0)
		for range 5 {
			r.Frame()
			c.now += time.Second
		}
		if n := testing.AllocsPerRun(20, func() { r.Frame() }); n != 0 && name != "spinner" && name != "busy" && name != "toast" {
			t.Errorf("an unchanged frame of a %s allocates %v times; want 0", name, n)
		}
	}
}

func TestIdleWidgetsHaveNoNextFrame(t *testing.T) {
	var j journal
	for name, n := range gallery(t, &j) {
		r, c := newTestRoot(func() Node { return n })
		for range 5 {
			r.Frame()
			c.now += time.Second
		}
		at, ok := r.Next()
		switch name {
		case "spinner", "busy", "toast":
			if !ok {
				t.Errorf("a %s has no next frame", name)
			}
		default:
			if ok {
				t.Errorf("an idle %s wants a frame at %v (now %v)", name, at, c.now)
			}
		}
	}
}

func TestNothingMovesWhenMotionIsReduced(t *testing.T) {
	th := theme.New(theme.Dark, 0)
	th.Still = true
	for name, n := range map[string]Node{
		"spinner": Spinner{}, "progress": Progress{Value: -1}, "button": Button{Text: "B"}, "switch": Switch{On: true},
		"field": TextField{Name: "n"}, "dialog": Dialog{Open: true, Title: "T"},
	} {
		c := &testClock{now: time.Second}
		r := New(Options{Theme: th, Now: c.read})
		r.Resize(geom.Size{W: 200, H: 200}, geom.ScaleOne)
		r.Update(n)
		r.Frame()
		r.move(10, 10)
		r.key(KeyTab)
		first := r.Frame().List.Hash()
		for range 10 {
			c.now += 97 * time.Millisecond
			if at, ok := r.Next(); ok {
				t.Errorf("%s: a frame is due at %v", name, at)
			}
			if r.Frame().List.Hash() != first {
				t.Errorf("a %s moves", name)
			}
		}
	}
}

func TestCaretStopsBlinking(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(TextField{Name: "n"})
	r.Frame()
	r.key(KeyTab)
	frames := 0
	for {
		r.Frame()
		at, ok := r.Next()
		if !ok {
			break
		}
		if at <= c.now {
			at = c.now + 16*time.Millisecond
		}
		c.now = at
		if frames++; frames > 60 {
			t.Fatal("the caret goes on for ever")
		}
	}
	if frames < 15 {
		t.Errorf("%d frames; a caret blinks for a while", frames)
	}
	r.SetActive(false)
	r.Frame()
	if _, ok := r.Next(); ok {
		t.Error("a root without the keyboard has a blinking caret")
	}
}

func TestHoverDamagesWhatItChanges(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(Pad(10, Column{Gap: 10, Children: Nodes{Button{Text: "A"}, Button{Text: "B"}}}))
	for range 3 {
		c.now += time.Second
		r.Frame()
	}
	r.move(20, 20)
	c.now += time.Second
	if r.Frame(); !r.frame.Changed {
		// The first frame after the event only starts the motion.
		c.now += time.Second
	}
	f := r.Frame()
	if !f.Changed || f.Damage.Empty() {
		t.Fatal("hovering changes nothing")
	}
	b := f.Damage.Extents()
	if b.Y1 > 45 || b.W() > 60 {
		t.Errorf("hovering one button damages %v", b)
	}
}

func TestMemoKeepsWhatDependsOnNothingNew(t *testing.T) {
	version, built := 1, 0
	r, _ := newTestRoot(func() Node {
		return Column{Children: Nodes{Memo{On: version, View: func() Node { built++; return Label{Text: "x"} }}}}
	})
	for range 3 {
		r.Invalidate()
		r.Frame()
	}
	if built != 1 {
		t.Errorf("built %d times; want 1", built)
	}
	version++
	r.Invalidate()
	r.Frame()
	if built != 2 {
		t.Errorf("built %d times after a change; want 2", built)
	}
}

// hostile are texts that somebody may send.
var hostile = map[string]string{
	"a megabyte":   strings.Repeat("w", 1<<20),
	"words":        strings.Repeat("word ", 200_000),
	"overrides":    strings.Repeat("\u202e", 1000) + "exe.txt",
	"isolates":     strings.Repeat("\u2067", 5000) + "x",
	"marks":        "a" + strings.Repeat("\u0301", 100_000),
	"family":       strings.Repeat("👨‍👩‍👧‍👦", 10_000),
	"bytes":        strings.Repeat("\xff\xfe", 10_000),
	"lines":        strings.Repeat("\n", 1<<20),
	"nul":          "a\x00b",
	"both ways":    strings.Repeat("abc אבג ", 20_000),
	"no width":     strings.Repeat("\u200b", 100_000),
	"tabs":         strings.Repeat("\t", 100_000),
	"half a rune":  strings.Repeat("é", 1025)[:2049],
	"plane":        "\U000e0001\U0010ffff",
	"empty":        "",
	"separators":   "a\u2028b\u2029c\u0085d",
	"object":       "\ufffc\ufffd",
	"arabic marks": strings.Repeat("\u0651\u064b", 10_000),
}

func TestHostileTextCostsNoMoreThanOthers(t *testing.T) {
	for name, s := range hostile {
		t.Run(name, func(t *testing.T) {
			r, _ := newTestRoot(nil)
			r.Update(ScrollView{Child: Column{Children: Nodes{
				Label{Text: s},
				Label{Text: s, Lines: 1},
				Button{Text: s},
				Checkbox{Text: s},
				Chip{Text: s},
				TextField{Name: "n", Text: s},
				Tabs{Tabs: []Tab{{Text: s}}},
				Tooltip{Text: s, Child: Label{Text: "x"}},
				Tree{Items: []TreeItem{{ID: s, Text: s, Icon: icon.File}}},
				MenuButton{Button: Button{Text: "m"}, Items: []MenuItem{{Text: s, Shortcut: s}}},
				RadioGroup{Options: []string{s}},
				LineChart{Name: s, Series: []Series{{Name: s, Values: []float64{1, 2}}}},
			}}})
			f := r.Frame()
			r.key(KeyTab)
			r.Semantics()
			// What is drawn is bounded, however long the text is.
			if n := f.List.Len(); n > 500 {
				t.Errorf("%d commands", n)
			}
		})
	}
}

func TestOverridesDoNotTurnTheRest(t *testing.T) {
	if got := tame("a\u202eb\u202dc", 100); got != "abc" {
		t.Errorf("tame = %q; want abc", got)
	}
	for n := range 8 {
		if got := tame("aé你😀", n); !strings.HasPrefix("aé你😀", got) || len(got) > n {
			t.Errorf("tame to %d bytes = %q", n, got)
		}
	}
}

func TestWordsOfALongTextAreBounded(t *testing.T) {
	r, _ := newTestRoot(nil)
	r.Update(TextArea{Name: "n", Text: hostile["words"]})
	r.Frame()
	r.key(KeyTab)
	r.key(KeyEnd, Ctrl)
	r.typed("x")
	if n := len(r.Semantics().Children[0].Value); n > maxArea {
		t.Errorf("%d bytes; want at most %d", n, maxArea)
	}
}

func TestListsOfCommandsStayAsTheyAre(t *testing.T) {
	for name, n := range map[string]Node{
		"button": Pad(8, Button{Text: "Save", Icon: icon.Save, Tone: Primary}),
		"field":  Pad(8, TextField{Text: "abc", Icon: icon.Search}),
		"table":  testTable(),
		"dialog": Dialog{Open: true, Title: "Sure?", Text: "It is gone then.", Actions: []Button{{Text: "No"}, {Text: "Yes", Tone: Primary}}, Width: 200},
	} {
		c := cell{240, 120, n, nil}
		golden.Text(t, name+".paint.txt", drawCell(theme.New(theme.Dark, 0), false, geom.ScaleOne, c).String())
		golden.Text(t, name+"-rtl.paint.txt", drawCell(theme.New(theme.Dark, 0), true, geom.ScaleOne, c).String())
	}
}
