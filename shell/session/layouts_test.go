package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/progress"
	"rayos/shell/taskbar"
	"rayos/surfaces/seat/xkb"
)

// TestLayoutsOfTheKeyboard: bar, key and command go from layout to layout.
func TestLayoutsOfTheKeyboard(t *testing.T) {
	km, err := xkb.Load(xkb.Names{Layout: "us,de"})
	if err != nil {
		t.Skipf("no layouts are installed: %v", err)
	}
	d := barDesk(t)
	d.connect().open(geom.Size{W: 300, H: 200})
	if err := d.ctl.Preferences().SetLayout(1); err == nil {
		t.Error("there is a second layout of one")
	}
	d.session.seat.SetKeymap(km)
	d.pass(100 * time.Millisecond)
	used := func() int {
		n := -1
		for _, l := range d.ctl.Preferences().Layouts() {
			if l.Used {
				n = l.N
			}
		}
		return n
	}
	if n := used(); n != 0 || len(d.session.layouts()) != 2 {
		t.Fatalf("layout %d of %v", n, d.session.layouts())
	}
	for _, c := range []struct {
		what string
		do   func()
		want int
	}{
		{"the key", func() { d.key("super+k") }, 1},
		{"the key again", func() { d.key("super+k") }, 0},
		{"the bar", func() { barActions{s: d.session}.Layout(1) }, 1},
		{"the next", func() {
			if err := d.ctl.Preferences().SetLayout(-1); err != nil {
				t.Error(err)
			}
		}, 0},
	} {
		c.do()
		d.pass(100 * time.Millisecond)
		if n := used(); n != c.want {
			t.Errorf("%s: layout %d; want %d", c.what, n, c.want)
		}
		if st := d.session.bars.state(); st.Layout != c.want || len(st.Layouts) != 2 {
			t.Errorf("%s: the bar shows %d of %v", c.what, st.Layout, st.Layouts)
		}
		if !d.session.osd.shown() {
			t.Errorf("%s: nothing says so", c.what)
		}
	}
	for _, n := range []int{2, 99} {
		if err := d.ctl.Preferences().SetLayout(n); err == nil {
			t.Errorf("there is a layout %d", n)
		}
	}
	t.Setenv("XKB_DEFAULT_LAYOUT", "us,de")
	if l := d.session.layouts(); l[1] != (taskbar.Layout{Sign: "DE", Name: "German"}) {
		t.Errorf("%+v", l)
	}
}

// TestProgressIsOnTheBar: what a program says of its work is shown on its task.
func TestProgressIsOnTheBar(t *testing.T) {
	d := barDesk(t)
	w := d.connect().prepare(geom.Size{W: 300, H: 200})
	w.top.SetAppId("org.example.Files")
	w.show()
	other := d.connect()
	other.open(geom.Size{W: 300, H: 200})
	d.session.bars.work.list = []progress.Entry{{App: "org.example.files", Working: true, Percent: 30, Count: 2, Urgent: true}}
	st := d.session.bars.state()
	if len(st.Windows) != 2 {
		t.Fatalf("%+v", st.Windows)
	}
	for _, got := range st.Windows {
		want := taskbar.Window{}
		if got.ID == w.id {
			want = taskbar.Window{Working: true, Percent: 30, Count: 2, Attention: true}
		}
		if got.Working != want.Working || got.Percent != want.Percent || got.Count != want.Count || got.Attention != want.Attention {
			t.Errorf("%+v; want %+v", got, want)
		}
	}
}
