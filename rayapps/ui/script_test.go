package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
)

// journal is what callbacks wrote down.
type journal struct{ lines []string }

func (j *journal) add(format string, args ...any) {
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

// says returns a callback that writes a word down.
func (j *journal) says(word string) func() { return func() { j.add("%s", word) } }

var keyNames = map[string]Sym{
	"Tab": KeyTab, "Enter": KeyEnter, "Space": KeySpace, "Escape": KeyEscape, "Backspace": KeyBackspace, "Delete": KeyDelete,
	"Left": KeyLeft, "Right": KeyRight, "Up": KeyUp, "Down": KeyDown, "Home": KeyHome, "End": KeyEnd,
	"PageUp": KeyPageUp, "PageDown": KeyPageDown, "Menu": KeyMenu,
}

var modNames = map[string]Mods{"Shift": Shift, "Ctrl": Ctrl, "Alt": Alt}

// script runs events that are written as words:
//
//	key Ctrl+a        press and release
//	type some text    one key for each character
//	move 10,20        press, release, click, right, drag 10,20 30,40, wheel 10,20 40
//	touch 10,20 / lift 10,20 / slide 10,20
//	wait 700ms
func script(t *testing.T, r *Root, c *testClock, steps ...string) {
	t.Helper()
	r.Frame()
	for _, step := range steps {
		verb, rest, _ := strings.Cut(step, " ")
		var x, y, x2, y2 float64
		var n int
		if strings.Contains(rest, ",") && verb != "type" {
			n, _ = fmt.Sscanf(rest, "%g,%g %g,%g", &x, &y, &x2, &y2)
		}
		event := func(k PointerKind, b PointerButton, x, y float64, touch bool) {
			r.Event(&Pointer{Kind: k, Button: b, Pos: r.at1(x, y), Touch: touch})
		}
		switch verb {
		case "key":
			mods := Mods(0)
			parts := strings.Split(rest, "+")
			for _, m := range parts[:len(parts)-1] {
				mods |= modNames[m]
			}
			name := parts[len(parts)-1]
			sym, ok := keyNames[name]
			if !ok && len(name) == 1 {
				sym, ok = Sym(name[0]), true
			}
			if !ok {
				t.Fatalf("no key %q", name)
			}
			r.key(sym, mods)
		case "type":
			r.typed(rest)
		case "move":
			event(PointerMove, 0, x, y, false)
		case "press":
			event(PointerMove, 0, x, y, false)
			event(PointerPress, 0, x, y, false)
		case "release":
			event(PointerRelease, 0, x, y, false)
		case "click":
			r.click(x, y)
		case "right":
			event(PointerMove, 0, x, y, false)
			event(PointerPress, RightButton, x, y, false)
			event(PointerRelease, RightButton, x, y, false)
		case "drag":
			event(PointerMove, 0, x, y, false)
			event(PointerPress, 0, x, y, false)
			event(PointerMove, 0, x2, y2, false)
			event(PointerRelease, 0, x2, y2, false)
		case "wheel":
			var d float64
			if n, err := fmt.Sscanf(rest, "%g,%g %g", &x, &y, &d); n != 3 {
				t.Fatalf("%q: %v", step, err)
			}
			r.Event(&Pointer{Kind: PointerScroll, Pos: r.at1(x, y), Scroll: geom.FPoint{Y: d}})
		case "touch":
			event(PointerPress, 0, x, y, true)
		case "slide":
			event(PointerMove, 0, x, y, true)
		case "lift":
			event(PointerRelease, 0, x, y, true)
		case "wait":
			d, err := time.ParseDuration(rest)
			if err != nil {
				t.Fatal(err)
			}
			c.now += d
		default:
			t.Fatalf("no step %q (%d)", step, n)
		}
		r.Frame()
	}
}

// play is a row of a table of behaviours: a view, what is done, what the
// callbacks wrote down.
type play struct {
	name  string
	view  func(j *journal) Node
	rtl   bool
	steps []string
	want  []string
}

func runPlays(t *testing.T, plays []play) {
	t.Helper()
	for _, p := range plays {
		t.Run(p.name, func(t *testing.T) {
			var j journal
			r, c := newTestRoot(func() Node { return p.view(&j) })
			r.opts.RTL = p.rtl
			script(t, r, c, p.steps...)
			if !slices.Equal(j.lines, p.want) {
				t.Errorf("after %q: %q; want %q", p.steps, j.lines, p.want)
			}
		})
	}
}
