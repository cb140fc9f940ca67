package rayapps

import (
	"reflect"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// dropper notes what is dropped.
type dropper struct {
	probe
	got  []Drop
	want bool
}

func (d *dropper) Drop(_ *Window, what Drop) bool {
	d.got = append(d.got, what)
	return d.want
}

// dragFrom is a view that is dragged out of the window.
func dragFrom(text string, uris []string, done func(bool)) func(*Window) ui.Node {
	return func(w *Window) ui.Node {
		return ui.Canvas{OnEvent: func(ev ui.Event) bool {
			if p, ok := ev.(*ui.Pointer); ok && p.Kind == ui.PointerPress {
				w.Drag(text, uris, done)
			}
			return true
		}}
	}
}

func TestDrag(t *testing.T) {
	uris := []string{"file:///tmp/a%20b", "https://example.org/"}
	for _, c := range []struct {
		what  string
		text  string
		uris  []string
		app   App
		check func(app App) bool
	}{
		{
			"files on an app", "names", uris, &dropper{want: true},
			func(a App) bool {
				return reflect.DeepEqual(a.(*dropper).got, []Drop{{At: geom.Point{X: 20, Y: 30}, Names: uris}})
			},
		},
		{
			"text on an app", "text", nil, &dropper{want: true},
			func(a App) bool {
				return reflect.DeepEqual(a.(*dropper).got, []Drop{{At: geom.Point{X: 20, Y: 30}, Text: "text"}})
			},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRoom(t)
			ended := make(chan bool, 1)
			p := &probe{view: dragFrom(c.text, c.uris, func(taken bool) { ended <- taken })}
			from := r.show(Options{ID: "org.example.From", Size: geom.Size{W: 100, H: 100}}, p)
			from.place(geom.Point{})
			d := c.app.(*dropper)
			to := r.showApp(Options{ID: "org.example.To", Size: geom.Size{W: 100, H: 100}}, d, &d.probe)
			to.place(geom.Point{X: 400, Y: 100})
			from.pointTo(50, 50)
			r.desk.Button(btnLeft, true)
			from.until("the drag has begun", func(*Window) bool { return len(from.requests("start_drag")) == 1 })
			from.do(func(*Window) {})
			to.pointTo(10, 10)
			to.until("it is over the other window", func(w *Window) bool { return w.host.seat.drag.offer != nil })
			to.pointTo(20, 30)
			r.desk.Button(btnLeft, false)
			to.until("it was dropped", func(*Window) bool { return c.check(c.app) })
			if taken := <-ended; !taken {
				t.Error("the drag ended as if nobody had taken it")
			}
			to.do(func(w *Window) {
				if n := len(w.host.seat.offers); n > 0 {
					t.Errorf("%d offers are kept", n)
				}
			})
		})
	}
}

// TestDropOnField: text goes into the field that it is dropped on.
func TestDropOnField(t *testing.T) {
	r := newRoom(t)
	p := &probe{view: dragFrom("dropped", nil, nil)}
	from := r.show(Options{ID: "org.example.From", Size: geom.Size{W: 100, H: 100}}, p)
	from.place(geom.Point{Y: 300})
	f := newField("")
	to := r.showField(Options{ID: "org.example.To"}, f, geom.Point{X: 400})
	from.pointTo(50, 50)
	r.desk.Button(btnLeft, true)
	from.until("the drag has begun", func(*Window) bool { return len(from.requests("start_drag")) == 1 })
	from.do(func(*Window) {})
	to.pointTo(10, 10)
	to.until("it is over the field", func(w *Window) bool { return w.host.seat.drag.offer != nil })
	r.desk.Button(btnLeft, false)
	to.until("it is in the field", func(*Window) bool { return f.text == "dropped" })
}

func TestNames(t *testing.T) {
	for list, want := range map[string][]string{
		"":                                    nil,
		"file:///a\r\nfile:///b\r\n":          {"file:///a", "file:///b"},
		"# a comment\r\nfile:///a":            {"file:///a"},
		"\r\n\r\n  \r\nhttps://example.org/ ": {"https://example.org/"},
		"file:///only\nlinefeeds:x":           {"file:///only", "linefeeds:x"},
	} {
		if got := names(list); !reflect.DeepEqual(got, want) {
			t.Errorf("names(%q) = %q; want %q", list, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("file:///a\r\n# b\r\nc")
	f.Fuzz(func(t *testing.T, list string) {
		got := names(list)
		if len(got) > maxNames {
			t.Errorf("%d names", len(got))
		}
		for _, n := range got {
			if n == "" || strings.ContainsAny(n, "\n") || !strings.Contains(list, n) {
				t.Errorf("%q became %q", list, n)
			}
		}
	})
}
