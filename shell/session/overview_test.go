package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/preview"
	"rayos/surfaces/scene"
	"rayos/wm"
)

// overviewOn shows the overview and lets it settle.
func (d *desk) overviewOn() *overviews {
	d.t.Helper()
	if err := d.ctl.Desk().Overview(control.OverviewOn); err != nil {
		d.t.Fatal(err)
	}
	d.pass(400 * time.Millisecond)
	return &d.session.spread
}

func middle(r geom.Rect) geom.FPoint {
	return geom.FPoint{X: float64(r.X0+r.X1) / 2, Y: float64(r.Y0+r.Y1) / 2}
}

// slot returns where the picture of a window has settled.
func slotOf(t *testing.T, list []preview.Slot, w *deskWindow) geom.Rect {
	t.Helper()
	for _, q := range list {
		if q.Window == w.id {
			return q.Box
		}
	}
	t.Fatalf("window %d has no picture in %v", w.id, list)
	return geom.Rect{}
}

func TestTheOverviewSpreadsAllWindows(t *testing.T) {
	d := barDesk(t)
	nodes := d.session.scene.Nodes()
	a, b, c := three(d)
	opened := d.session.scene.Nodes()
	if err := d.ctl.SetState(b.id, control.Minimize); err != nil {
		t.Fatal(err)
	}
	d.key("super+w")
	d.pass(100 * time.Millisecond)
	v := &d.session.spread
	if !v.on || v.moving.at == 0 || v.moving.at == 1 {
		t.Fatalf("on %v, on the way at %v", v.on, v.moving.at)
	}
	d.pass(400 * time.Millisecond)
	g := v.stages[0]
	if v.moving.at != 1 || len(g.pics.list) != 3 {
		t.Fatalf("at %v with %d pictures", v.moving.at, len(g.pics.list))
	}
	for i, p := range g.shown {
		for _, q := range g.shown[:i] {
			if p.Box.Overlaps(q.Box) {
				t.Errorf("%v overlaps %v", p, q)
			}
		}
	}
	if f := d.session.seat.KeyboardFocus(); !v.owns(f) {
		t.Errorf("the keyboard is with %T", f)
	}
	at := middle(slotOf(t, g.shown, b))
	d.click(at.X, at.Y, btnLeft)
	d.wantFocus(b, "after a click on its picture")
	if v.on {
		t.Error("it stays after a click")
	}
	d.pass(400 * time.Millisecond)
	if got := d.session.scene.Nodes(); got != opened {
		t.Errorf("%d nodes are left; before it there were %d (%d without windows)", got, opened, nodes)
	}
	_, _ = a, c
}

func TestTheOverviewByKeyboardAlone(t *testing.T) {
	d := barDesk(t)
	a, _, c := three(d)
	v := d.overviewOn()
	d.key("Tab")
	d.pass(50 * time.Millisecond)
	if v.chosen == 0 || v.chosen == wm.WindowID(c.id) {
		t.Errorf("Tab chose %d", v.chosen)
	}
	d.enter("on")
	d.pass(50 * time.Millisecond)
	if v.filter != "on" || len(v.stages[0].pics.list) != 2 {
		t.Fatalf("filter %q, %d pictures", v.filter, len(v.stages[0].pics.list))
	}
	d.key("Escape")
	d.pass(50 * time.Millisecond)
	if !v.on || v.filter != "" {
		t.Fatalf("Escape: on %v, filter %q", v.on, v.filter)
	}
	d.key("Escape")
	d.pass(400 * time.Millisecond)
	if v.on || len(v.stages) != 0 {
		t.Fatal("it stays after Escape")
	}
	d.wantFocus(c, "after Escape")
	v = d.overviewOn()
	stageActions{v.stages[0]}.Choose(a.id)
	d.key("Delete")
	d.pass(50 * time.Millisecond)
	if !a.closed {
		t.Error("Delete did not close the chosen window")
	}
	d.key("shift+Next")
	d.pass(400 * time.Millisecond)
	if got := d.window(a.id).Workspace; got != 1 || d.session.wm.Current() != 1 {
		t.Errorf("the window is on workspace %d, shown is %d", got, d.session.wm.Current())
	}
	d.key("Return")
	d.wantFocus(a, "after Return")
}

func TestAWindowIsDraggedToAnotherWorkspace(t *testing.T) {
	d := barDesk(t)
	_, b, c := three(d)
	v := d.overviewOn()
	g := v.stages[0]
	from := middle(slotOf(t, g.shown, b))
	move := func(p geom.FPoint) {
		if err := d.ctl.PointerMove(p, false); err != nil {
			t.Fatal(err)
		}
		d.pass(40 * time.Millisecond)
	}
	move(from)
	if err := d.ctl.Button(btnLeft, control.Press); err != nil {
		t.Fatal(err)
	}
	move(geom.FPoint{X: from.X + 30, Y: from.Y})
	if v.dragged != wm.WindowID(b.id) {
		t.Fatalf("dragged is %d", v.dragged)
	}
	to := middle(g.view.Space(1))
	move(to)
	if got := middle(slotOf(t, g.shown, b)); abs(got.X-to.X) > 2 || abs(got.Y-to.Y) > 2 || v.over != 1 {
		t.Errorf("the picture is at %v over %d; the pointer at %v", got, v.over, to)
	}
	if got, space := slotOf(t, g.shown, b), g.view.Space(1); !space.Contains(got) {
		t.Errorf("the picture at %v hides the workspace at %v", got, space)
	}
	if err := d.ctl.Button(btnLeft, control.Release); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	if got := d.window(b.id).Workspace; got != 1 || !v.on {
		t.Errorf("the window is on workspace %d", got)
	}
	if len(g.pics.list) != 2 || len(g.thumbs[1].list) != 1 {
		t.Errorf("%d pictures, %d on the second workspace", len(g.pics.list), len(g.thumbs[1].list))
	}
	at := middle(slotOf(t, g.shown, c))
	d.click(at.X, at.Y, btnMiddle)
	d.pass(50 * time.Millisecond)
	if !c.closed {
		t.Error("the middle button did not close a window")
	}
	d.click(to.X, to.Y, btnLeft)
	d.pass(100 * time.Millisecond)
	if d.session.wm.Current() != 1 || !v.on {
		t.Errorf("after a click on the second workspace %d is shown, on %v", d.session.wm.Current(), v.on)
	}
}

func TestTheOverviewTurnsAroundOnTheWay(t *testing.T) {
	d := barDesk(t)
	three(d)
	v := &d.session.spread
	d.key("super+w")
	d.pass(60 * time.Millisecond)
	was := v.moving.at
	d.key("super+w")
	d.talk()
	d.pass(20 * time.Millisecond)
	if v.on || v.moving.at > was+0.05 || v.moving.at == 0 {
		t.Errorf("at %v after %v", v.moving.at, was)
	}
	d.pass(400 * time.Millisecond)
	if len(v.stages) != 0 {
		t.Error("it did not go")
	}
	d.session.parts.theme.Still = true
	d.key("super+w")
	d.pass(40 * time.Millisecond)
	if v.moving.at != 1 {
		t.Error("something moves although nothing shall")
	}
}

func TestTheOverviewIsOnAllOutputs(t *testing.T) {
	d := barDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 640, H: 480})
	a, b, _ := three(d)
	if err := d.ctl.Move(a.id, geom.Point{X: 900, Y: 50}); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	v := d.overviewOn()
	if len(v.stages) != 2 || len(v.stages[0].pics.list) != 2 || len(v.stages[1].pics.list) != 1 {
		t.Fatalf("%d stages", len(v.stages))
	}
	if err := d.ctl.RemoveOutput(d.ctl.Outputs()[1].Name); err != nil {
		t.Fatal(err)
	}
	d.pass(200 * time.Millisecond)
	if len(v.stages) != 1 || len(v.stages[0].pics.list) != 3 {
		t.Errorf("an output went: %d stages", len(v.stages))
	}
	_ = b
}

func TestAnUnchangedOverviewCostsNothing(t *testing.T) {
	d := barDesk(t)
	three(d)
	d.overviewOn()
	d.pass(time.Second)
	if n := testing.AllocsPerRun(100, d.session.spread.turn); n != 0 {
		t.Errorf("%v allocations in a turn", n)
	}
	turns := d.loop.Wakeups()
	d.pass(2 * time.Second)
	if n := d.loop.Wakeups() - turns; n > 2000 {
		t.Errorf("%d turns in two seconds", n)
	}
}

func TestThreeFingers(t *testing.T) {
	d := barDesk(t)
	three(d)
	swipe := func(fingers uint32, dx, dy float64) {
		if err := d.ctl.Gesture(control.Gesture{Kind: "swipe", Fingers: fingers, Delta: geom.FPoint{X: dx, Y: dy}, Scale: 1}); err != nil {
			t.Fatal(err)
		}
		d.pass(300 * time.Millisecond)
	}
	swipe(2, 0, -300)
	swipe(3, 0, -30)
	if d.session.spread.on {
		t.Fatal("two fingers, or a short way, showed the overview")
	}
	swipe(3, 20, -100)
	if !d.session.spread.on {
		t.Fatal("three fingers up did not show it")
	}
	swipe(4, 0, 100)
	if d.session.spread.on {
		t.Error("fingers down did not end it")
	}
	swipe(3, -100, 10)
	if d.session.wm.Current() != 1 {
		t.Errorf("fingers to the left: workspace %d", d.session.wm.Current())
	}
	swipe(3, 100, 10)
	swipe(3, 100, 10)
	if d.session.wm.Current() != 0 {
		t.Errorf("fingers to the right: workspace %d", d.session.wm.Current())
	}
}

// TestNothingIsAsLargeAsTheOutput: what covers an output for a moment keeps no
// picture of it all.
func TestNothingIsAsLargeAsTheOutput(t *testing.T) {
	d := barDesk(t)
	three(d)
	desk, o := d.ctl.Desk(), d.session.outputs[0]
	large := func() (n int64) {
		o.scene.EachVisible(func(b *scene.Buffer) {
			if tex := b.Texture(); tex != nil && b.Of() == nil {
				n = max(n, int64(tex.Size().W)*int64(tex.Size().H))
			}
		})
		return n
	}
	all := int64(o.info.Mode.Size.W) * int64(o.info.Mode.Size.H)
	for _, c := range []struct {
		name        string
		open, close func() error
	}{
		{"overview", func() error { return desk.Overview(control.OverviewOn) }, func() error { return desk.Overview(control.OverviewOff) }},
		{"screenshot tool", func() error { return desk.Capture(control.CaptureRegion, false) }, func() error { return desk.Capture(control.CaptureCancel, false) }},
		{"switcher", func() error { return desk.Switcher(control.SwitchNext, false) }, func() error { return desk.Switcher(control.SwitchCancel, false) }},
	} {
		nodes := d.session.scene.Nodes()
		if err := c.open(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		d.pass(500 * time.Millisecond)
		if d.session.scene.Nodes() == nodes {
			t.Errorf("%s: it is not there", c.name)
		}
		if got := large(); got > all/8 {
			t.Errorf("%s: a texture of %d pixels; the output has %d", c.name, got, all)
		}
		if err := c.close(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		d.pass(500 * time.Millisecond)
	}
}
