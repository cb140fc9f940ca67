package proctest

import (
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// x11 starts a session in which X11 programs run.
func x11(t *testing.T, names ...string) *Session {
	t.Helper()
	t.Parallel()
	Need(t, append(names, "Xwayland")...)
	s := Start(t)
	if s.X11 == "" {
		t.Fatalf("the session said %q, and has no display for X11", s.Line)
	}
	return s
}

func TestXterm(t *testing.T) {
	s := x11(t, "xterm")
	c := s.Launch("xterm", "-fa", "Monospace", "-fs", "11", "-bg", "#102030", "-fg", "#ffe000", "-e", "sh")
	id := s.Window(c).ID
	if w := s.Get(id); w.AppID != "XTerm" {
		t.Errorf("the class of xterm is %q", w.AppID)
	}
	s.Until("its background", func() bool { _, n := s.Shoot(nil).Find(0x102030); return n > 50000 })
	prompt := s.Shoot(Args{"window": id})
	s.Until("it has the focus", func() bool { return s.Get(id).Focused })
	s.click(Middle(s.content(id)))
	s.Call("input type", Args{"text": "echo via-X >said\n"})
	s.Until("the shell has run it", fileSays(filepath.Join(s.Dir, "said"), "via-X"))
	s.Until("what was typed shows", func() bool { return !Diff(prompt, s.Shoot(Args{"window": id})).Empty() })
	s.Call("close", Args{"window": id})
	c.Ended(s)
}

// TestGLX turns the gears of an X11 program by GL.
func TestGLX(t *testing.T) {
	s := x11(t, "glxgears")
	c := s.Launch("glxgears")
	id := s.Window(c).ID
	for what, color := range map[string]uint32{"the red gear": 0xc51a00, "the green gear": 0x00c52f, "the blue gear": 0x3030f5} {
		s.Spot(what, id, color)
	}
	first := s.Shoot(Args{"window": id})
	s.Until("the gears turn", func() bool { return !Diff(first, s.Shoot(Args{"window": id})).Empty() })
	s.Until("it has the focus", func() bool { return s.Get(id).Focused })
	s.key("Escape")
	c.Ends(s)
	s.Until("the window is gone", func() bool { return s.Get(id) == nil })
}

// TestBricks plays the example: it waits with its ball on the paddle, which
// follows keys and mouse, and lets the ball hit bricks.
func TestBricks(t *testing.T) {
	s := x11(t)
	program := filepath.Join(t.TempDir(), "bricks")
	build := exec.Command("go", "-C", filepath.Join("..", "..", "examples"), "build", "-o", program, "./bricks")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build bricks: %v\n%s", err, out)
	}
	const plank, topRow, bottomRow = 0xffb020, 0xe24856, 0x9068da
	c := s.Launch(program)
	id := s.Window(c).ID
	if w := s.Get(id); w.Title != "Bricks" {
		t.Errorf("the title is %q", w.Title)
	}
	// It may be small at first.
	s.Until("the board has its size", func() bool {
		row, _ := s.Shoot(nil).Part(s.content(id)).Find(topRow)
		return s.content(id).Size() == image.Pt(800, 600) && row == image.Rect(42, 82, 758, 102)
	})
	s.Until("it has the focus", func() bool { return s.Get(id).Focused })
	start := s.Spot("the paddle", id, plank)
	s.Call("input key", Args{"chord": "Right", "press": true})
	s.Until("the paddle is at the right edge", func() bool {
		now, _ := s.Shoot(nil).Find(plank)
		return now.Max.X == s.content(id).Max.X && now.Size() == start.Size()
	})
	s.Call("input key", Args{"chord": "Right", "release": true})
	to := Middle(s.content(id))
	s.Call("input pointer", Args{"x": to.X, "y": to.Y})
	// The mouse may overtake the end of the key by a tick or two.
	s.Until("the paddle is under the mouse", func() bool {
		now, _ := s.Shoot(nil).Find(plank)
		return !now.Empty() && abs(Middle(now).X-to.X) < now.Dx()/2
	})
	row := func() int { _, n := s.Shoot(nil).Find(bottomRow); return n }
	whole := row()
	// The game looks at the button sixty times a second: held until it is seen.
	s.Call("input click", Args{"at": at(to), "press": true})
	s.Until("the ball has hit a brick of the bottom row", func() bool { return row() < whole })
	s.Call("input click", Args{"release": true})
	s.key("p")
	s.Call("resize", Args{"window": id, "size": "400x300"})
	s.Until("the board has half its size", func() bool {
		row, _ := s.Shoot(nil).Part(s.content(id)).Find(topRow)
		return s.content(id).Size() == image.Pt(400, 300) && row == image.Rect(21, 41, 379, 51)
	})
	c.Close(s, id)
}

func abs(n int) int { return max(n, -n) }
