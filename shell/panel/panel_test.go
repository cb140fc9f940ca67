package panel

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// bench is a panel on a virtual clock.
type bench struct {
	loop     *loop.Loop
	scene    *scene.Scene
	panel    *Panel
	uploads  []geom.Rect // extents of what the renderer got
	failures []bool      // last, of each
	work     time.Duration
	view     func() ui.Node
}

// counting is a renderer that notes what it is given.
type counting struct {
	render.Renderer
	b *bench
}

func (c counting) Import(p render.Pixels, inPlace bool) (render.Texture, error) {
	c.b.uploads = append(c.b.uploads, p.Size().Rect())
	return c.Renderer.Import(p, inPlace)
}

func (c counting) Update(t render.Texture, p render.Pixels, damage *geom.Region) error {
	if damage != nil {
		c.b.uploads = append(c.b.uploads, damage.Extents())
	} else {
		c.b.uploads = append(c.b.uploads, p.Size().Rect())
	}
	return c.Renderer.Update(t, p, damage)
}

func newBench(t testing.TB, view func() ui.Node) *bench {
	t.Helper()
	l, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	sc := scene.New()
	b := &bench{loop: l, scene: sc, view: view}
	r := raster.New(raster.Options{Workers: 1})
	st := seat.New(seat.Config{
		Hit: func(geom.FPoint) (seat.Focus, geom.FPoint) { return nil, geom.FPoint{} }, Now: l.Now, Keymap: xkb.Builtin(),
		Limit: func(_, to geom.FPoint) geom.FPoint { return to },
	})
	b.panel = New(Options{
		Name: "test", Loop: l, Seat: st, Renderer: counting{r, b}, Strip: sc.Root().NewTree(), Above: sc.Root().NewTree(),
		UI: ui.Options{View: func() ui.Node { return b.view() }, Fonts: text.NewFonts(text.Options{})}, Open: func() bool { return true },
		Cursor: func(string) {}, Keyboard: func() {}, Failed: func(last bool) { b.failures = append(b.failures, last) },
		Work: func() time.Duration { return b.work },
	})
	l.AtTurnEnd(b.panel.Turn)
	b.panel.Place(geom.XYWH(0, 0, 400, 300), geom.XYWH(0, 260, 400, 40), geom.ScaleOne)
	b.turn(t)
	t.Cleanup(func() {
		b.panel.Close()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		r.Close()
	})
	return b
}

func (b *bench) turn(t testing.TB) {
	t.Helper()
	b.loop.Advance(frame)
	if err := b.loop.Dispatch(0); err != nil {
		t.Fatal(err)
	}
}

// bar is a label and a button in the strip.
func bar(label string, press func()) ui.Node {
	return ui.Column{Children: ui.Nodes{ui.Spacer{}, ui.Sized{H: 40, W: 400, Child: ui.Row{Children: ui.Nodes{
		ui.Sized{W: 100, H: 40, Child: ui.Label{Text: label}}, ui.Button{Text: "Press", OnPress: press},
	}}}}}
}

func TestOnlyWhatHasChangedIsDrawn(t *testing.T) {
	label := "one"
	b := newBench(t, func() ui.Node { return bar(label, nil) })
	b.uploads = nil
	label = "two"
	b.panel.Invalidate()
	b.turn(t)
	if len(b.uploads) != 1 || b.uploads[0].X1 > 110 || b.uploads[0].Empty() {
		t.Errorf("the renderer got %v; want the label alone", b.uploads)
	}
	b.panel.Invalidate()
	b.turn(t)
	if len(b.uploads) != 1 {
		t.Errorf("the same again, and the renderer got %v", b.uploads[1:])
	}
}

func TestAnUnchangedFrameCostsNothing(t *testing.T) {
	b := newBench(t, func() ui.Node { return bar("one", nil) })
	b.turn(t)
	if n := testing.AllocsPerRun(100, b.panel.Turn); n != 0 {
		t.Errorf("%v allocations", n)
	}
	turns := b.loop.Wakeups()
	b.loop.Advance(time.Hour)
	if got := b.loop.Wakeups() - turns; got > 1 {
		t.Errorf("%d turns in an hour in which nothing happened", got)
	}
}

func TestAFaultyPanelIsStartedOnce(t *testing.T) {
	broken := false
	b := newBench(t, func() ui.Node {
		if broken {
			panic("broken")
		}
		return bar("one", nil)
	})
	broken = true
	b.panel.Invalidate()
	b.panel.drawn = -frame
	b.panel.frame()
	if !b.panel.Down() || b.panel.base.on || len(b.failures) != 1 || b.failures[0] {
		t.Fatalf("down %v, shown %v, told %v", b.panel.Down(), b.panel.base.on, b.failures)
	}
	broken = false
	b.turn(t)
	if b.panel.Down() || !b.panel.base.on {
		t.Fatal("it was not started again")
	}
	broken = true
	b.panel.Invalidate()
	b.turn(t)
	b.turn(t)
	if !b.panel.Down() || len(b.failures) != 2 || !b.failures[1] {
		t.Errorf("after the second fault: down %v, told %v", b.panel.Down(), b.failures)
	}
	broken = false
	b.turn(t)
	if !b.panel.Down() {
		t.Error("it came a third time")
	}
}

func TestAFaultInACallbackIsThePanels(t *testing.T) {
	b := newBench(t, func() ui.Node { return bar("one", func() { panic("pressed") }) })
	p := b.panel.base
	p.PointerEnter(0, geom.FPoint{X: 120, Y: 10})
	p.PointerButton(0, 0, 0x110, true)
	p.PointerButton(0, 0, 0x110, false)
	if len(b.failures) != 1 {
		t.Errorf("told %v", b.failures)
	}
}

func TestAPanelOverItsBudgetIsDrawnLessOften(t *testing.T) {
	n, b := 0, (*bench)(nil)
	b = newBench(t, func() ui.Node {
		n++
		if b != nil {
			b.work += 2 * Budget
		}
		return bar("one", nil)
	})
	for range overruns {
		b.panel.Invalidate()
		b.turn(t)
	}
	if b.panel.every != slow {
		t.Fatalf("a frame every %v", b.panel.every)
	}
	n = 0
	for range 60 {
		b.panel.Invalidate()
		b.turn(t)
	}
	if n < 4 || n > 6 {
		t.Errorf("%d frames in a second; want 5", n)
	}
	b.view = func() ui.Node { return bar("two", nil) }
	for range 60 {
		b.panel.Invalidate()
		b.turn(t)
	}
	if b.panel.every != frame {
		t.Error("it stays slow although it is within its budget")
	}
}
