package proctest

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gtkBlue is the accent of GTK's own theme: buttons that are suggested.
const gtkBlue = 0x3180e4

// one runs a program in a session of its own, in parallel to other tests, until
// it has a window.
func one(t *testing.T, env []string, name string, args ...string) (*Session, *Client, uint32) {
	t.Helper()
	t.Parallel()
	Need(t, name)
	s := Start(t)
	c := s.LaunchWith(t, env, name, args...)
	return s, c, s.Window(c).ID
}

// content returns where a window's content lies on the screen.
func (s *Session) content(id uint32) image.Rectangle {
	s.T.Helper()
	w := s.Get(id)
	if w == nil {
		s.T.Fatalf("window %d is gone", id)
	}
	return Bounds(w.Content)
}

func (s *Session) click(p image.Point) {
	s.T.Helper()
	s.Call("input click", Args{"at": at(p)})
}

// TestGTK4 fills in a form of two password entries, whose button is blue and
// takes a click once both hold the same.
func TestGTK4(t *testing.T) {
	s, c, id := one(t, nil, "gtk4-demo", "--run", "password_entry")
	entries := s.content(id)
	s.Until("two entries are drawn", func() bool { return s.Shoot(Args{"window": id}).Colors() > 20 })
	if _, n := s.Shoot(nil).Find(gtkBlue); n > 0 {
		t.Fatalf("%d pixels are blue before anything is typed", n)
	}
	s.Call("input type", Args{"text": "secret"})
	s.click(image.Pt(entries.Min.X+100, entries.Max.Y-40)) // the second entry
	s.Call("input type", Args{"text": "secret"})
	s.click(Middle(s.Spot("the button Done", id, gtkBlue)))
	c.Ends(s)
}

// TestGTK3 answers a question with a word and a click.
func TestGTK3(t *testing.T) {
	s, c, id := one(t, nil, "zenity", "--entry", "--text", "Who?")
	s.Until("the dialog is drawn", func() bool { return s.Shoot(Args{"window": id}).Colors() > 20 })
	empty := s.Shoot(nil)
	s.Call("input type", Args{"text": "Ada"})
	s.Until("the word shows in the entry", func() bool {
		return Diff(empty, s.Shoot(nil)).In(s.content(id)) && !Diff(empty, s.Shoot(nil)).Empty()
	})
	s.click(s.content(id).Max.Sub(image.Pt(50, 25)))
	c.Ends(s)
	if got := strings.TrimSpace(c.Output()); got != "Ada" {
		t.Errorf("zenity printed %q; want Ada", got)
	}
}

// TestGTK3Closes: a window of GTK3 draws its own frame and closes when asked.
func TestGTK3Closes(t *testing.T) {
	s, c, id := one(t, nil, "gtk3-demo")
	// The first line of its list is selected.
	list := s.Spot("the selected line", id, 0x3584e4)
	s.click(Middle(list).Add(image.Pt(0, 2*list.Dy())))
	s.Until("another line is selected", func() bool {
		now, n := s.Shoot(nil).Find(0x3584e4)
		return n > 64 && now.Min.Y > list.Min.Y
	})
	c.Close(s, id)
}

// qmlProgram is a program for Qt Quick: a blue window with an orange square
// that turns green when it is clicked, and a line for text that ends it.
const qmlProgram = `import QtQuick
import QtQuick.Window
Window {
	width: 400; height: 300; visible: true; color: "#204060"; title: "qml"
	Rectangle {
		x: 20; y: 20; width: 100; height: 100; color: area.clicks % 2 ? "#00ff00" : "#ff8000"
		MouseArea { id: area; anchors.fill: parent; property int clicks: 0; onClicked: clicks++ }
	}
	Rectangle { x: 20; y: 140; width: 12 * line.text.length; height: 10; color: "#ffff00" }
	TextInput {
		id: line; x: 20; y: 160; width: 360; focus: true; color: "white"; font.pixelSize: 24
		onAccepted: console.log("accepted", text)
	}
}
`

// qml is the interpreter of Qt 6, which Debian keeps out of the path.
const qml = "/usr/lib/qt6/bin/qml"

// qtEnv makes Qt draw in memory. Its plugins for other things than windows want
// a bus.
var qtEnv = []string{"QT_QPA_PLATFORM=wayland", "QT_QUICK_BACKEND=software", "QT_QPA_PLATFORMTHEME="}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestQt6(t *testing.T) {
	s, c, id := one(t, qtEnv, qml, writeFile(t, "program.qml", qmlProgram))
	square := s.Spot("the square", id, 0xff8000)
	if want := image.Rect(20, 20, 120, 120).Add(s.content(id).Min); square != want {
		t.Errorf("the square is at %v; want %v", square, want)
	}
	s.click(Middle(square))
	if now := s.Spot("the square after a click", id, 0x00ff00); now != square {
		t.Errorf("the clicked square is at %v; want %v", now, square)
	}
	s.Call("input type", Args{"text": "Qt\n"})
	s.Until("a bar as long as two letters", func() bool {
		bar, _ := s.Shoot(nil).Find(0xffff00)
		return bar.Dx() == 24
	})
	c.Said(s, "accepted Qt")
	c.Close(s, id)
}

// TestToolkitsAtFractionalScale: Qt 6.4 and GTK 4.8 know whole scales only. At a
// scale of 1.5 they draw at twice the size, which is made smaller, rather than
// at once, which would be made larger. No edge is blurred by more than a pixel.
func TestToolkitsAtFractionalScale(t *testing.T) {
	t.Parallel()
	Need(t, qml, "gtk4-demo")
	s := StartWith(t, Options{Args: []string{"--headless", "--output", "1920x1080@1.5", "--no-shell"}})
	c := s.LaunchWith(t, append([]string{"WAYLAND_DEBUG=client"}, qtEnv...), qml, writeFile(t, "program.qml", qmlProgram))
	id := s.Window(c).ID
	square := s.Spot("the square", 0, 0xff8000)
	if dx, dy := square.Dx(), square.Dy(); dx < 149 || dx > 150 || dy < 149 || dy > 150 {
		t.Errorf("the square has %v pixels; want 150 of each", square.Size())
	}
	p := s.Shoot(nil)
	if !p.Is(square, 0xff8000) || !p.Is(image.Rect(square.Min.X-20, square.Min.Y, square.Min.X-1, square.Max.Y), 0x204060) ||
		!p.Is(image.Rect(square.Max.X+1, square.Min.Y, square.Max.X+20, square.Max.Y), 0x204060) {
		t.Error("the edges of the square are blurred by more than a pixel")
	}
	c.Said(s, "set_buffer_scale(2)")
	c.Close(s, id)
	c = s.LaunchWith(t, []string{"WAYLAND_DEBUG=client"}, "gtk4-demo", "--run", "password_entry")
	id = s.Window(c).ID
	c.Said(s, "set_buffer_scale(2)")
	c.Close(s, id)
}

// sdl is where Debian keeps SDL's test programs.
const sdl = "/usr/libexec/installed-tests/SDL2/"

var sdlEnv = []string{"SDL_VIDEODRIVER=wayland"}

func TestSDL2Keyboard(t *testing.T) {
	s, c, id := one(t, sdlEnv, sdl+"checkkeys")
	s.Until("it has the focus", func() bool { return s.Get(id).Focused })
	s.Call("input type", Args{"text": "aB"})
	c.Said(s, `INPUT Text (\x61): "a"`)
	c.Said(s, `INPUT Text (\x42): "B"`)
	text := s.Spot("the letters", id, 0xffffff)
	if corner := (image.Rectangle{s.content(id).Min, s.content(id).Min.Add(image.Pt(20, 12))}); !text.In(corner) {
		t.Errorf("the letters are at %v; want them in %v", text, corner)
	}
	c.Close(s, id)
}

// TestSDL2Mouse draws a line with the mouse.
func TestSDL2Mouse(t *testing.T) {
	s, c, id := one(t, sdlEnv, sdl+"testmouse")
	a := s.content(id).Min.Add(image.Pt(100, 100))
	b := a.Add(image.Pt(200, 100))
	s.Until("it is drawn", func() bool { return s.Shoot(nil).Is(s.content(id).Inset(10), 0) })
	s.Call("input click", Args{"at": at(a), "press": true})
	s.Call("input pointer", Args{"x": b.X, "y": b.Y})
	s.Call("input click", Args{"release": true})
	line := s.Spot("a red line", id, 0xff0000)
	if want := (image.Rectangle{a, b.Add(image.Pt(1, 1))}); line != want {
		t.Errorf("the line is in %v; want %v", line, want)
	}
	c.Close(s, id)
}

// TestSDL2Draws: frames as fast as they come, from GL.
func TestSDL2Draws(t *testing.T) {
	s, c, id := one(t, sdlEnv, sdl+"testdraw2")
	if ground := s.Spot("its grey ground", id, 0xa0a0a0); ground.Dx() < 600 || ground.Dy() < 400 {
		t.Errorf("its grey ground is only in %v", ground)
	}
	picture := s.Shoot(Args{"window": id})
	s.Until("another picture", func() bool { return !Diff(picture, s.Shoot(Args{"window": id})).Empty() })
	c.Close(s, id)
}
