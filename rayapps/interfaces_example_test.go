package rayapps_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
)

// preview starts an app without a compositor.
func preview(app rayapps.App, look rayapps.Look) *rayapps.Preview {
	p, err := rayapps.NewPreview(rayapps.Options{ID: "org.example.Note", Size: geom.Size{W: 120, H: 80}}, app, look)
	if err != nil {
		panic(err)
	}
	return p
}

func end(p *rayapps.Preview) {
	if err := p.Close(); err != nil {
		panic(err)
	}
}

// note is a line of text that takes part in everything.
type note struct {
	text  string
	saved string
	ready bool
}

func (n *note) View(*rayapps.Window) ui.Node {
	return ui.TextField{Name: "Note", Text: n.text, OnChange: func(s string) { n.text = s }}
}

// Create begins with what was left.
func (n *note) Create(_ *rayapps.Window, saved []byte) error {
	if len(saved) > 1000 {
		return errors.New("that is no note")
	}
	n.text, n.saved = string(saved), string(saved)
	return nil
}

// Save leaves what is to be there next time.
func (n *note) Save() ([]byte, error) { return []byte(n.text), nil }

// Title shows by a star that something has changed.
func (n *note) Title() string {
	if n.text != n.saved {
		return "*Note"
	}
	return "Note"
}

// Close keeps the window while there is something to lose.
func (n *note) Close(*rayapps.Window) bool { return n.text == n.saved }

func ExampleCreator() {
	app := new(note)
	p := preview(app, rayapps.Look{Saved: []byte("milk")})
	defer end(p)
	fmt.Println(app.text)
	// Output: milk
}

func ExampleSaver() {
	p := preview(&note{}, rayapps.Look{Saved: []byte("milk")})
	defer end(p)
	left, err := p.Save()
	fmt.Println(string(left), err)
	// Output: milk <nil>
}

func ExampleTitler() {
	app := new(note)
	p := preview(app, rayapps.Look{})
	defer end(p)
	fmt.Println(app.Title())
	p.Press(ui.KeyTab, 0)
	p.Type("milk")
	fmt.Println(app.text, app.Title())
	// Output:
	// Note
	// milk *Note
}

func ExampleCloser() {
	app := new(note)
	p := preview(app, rayapps.Look{})
	defer end(p)
	app.text = "milk"
	fmt.Println(p.Ask())
	app.text = ""
	fmt.Println(p.Ask())
	// Output:
	// false
	// true
}

// Open shows the names of what it was started for.
func (n *note) Open(_ *rayapps.Window, names []string) { n.text = strings.Join(names, " ") }

func ExampleOpener() {
	app := new(note)
	p := preview(app, rayapps.Look{})
	defer end(p)
	p.Open("list.txt")
	fmt.Println(app.text)
	// Output: list.txt
}

// OpenFile reads a file that the person has chosen.
func (n *note) OpenFile(_ *rayapps.Window, f *os.File, name, _ string) {
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1000))
	if err != nil {
		n.text = err.Error()
		return
	}
	n.text = name + ": " + string(data)
}

func ExampleFileOpener() {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	if _, err = w.WriteString("milk"); err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	app := new(note)
	p := preview(app, rayapps.Look{})
	defer end(p)
	p.OpenFile(r, "list.txt", "")
	fmt.Println(app.text)
	// Output: list.txt: milk
}

// Drop takes text.
func (n *note) Drop(_ *rayapps.Window, d rayapps.Drop) bool {
	n.text += d.Text
	return d.Text != ""
}

func ExampleDropper() {
	app := new(note)
	p := preview(app, rayapps.Look{})
	defer end(p)
	fmt.Println(p.Drop(rayapps.Drop{Text: "milk"}), app.text)
	fmt.Println(p.Drop(rayapps.Drop{Names: []string{"file:///tmp/list.txt"}}))
	// Output:
	// true milk
	// false
}

// Ready is false as long as it shows that it is busy.
func (n *note) Ready() bool { return n.ready }

func ExampleReadier() {
	app := &note{}
	fmt.Println(rayapps.Readier(app).Ready()) // no marker yet
	app.ready = true
	fmt.Println(rayapps.Readier(app).Ready()) // RAYOS_GUI_APP_READY with its next frame
	// Output:
	// false
	// true
}

// clock is an app that draws, and that rests while nobody looks.
type clock struct{ told []string }

func (c *clock) tell(s string) { c.told = append(c.told, s) }

func (c *clock) Draw(_ *rayapps.Window, b *paint.Builder, size geom.Size) {
	b.Fill(size.Rect().Fixed(), render.RGBA(0, 0, 64, 255))
}

func (c *clock) Start(*rayapps.Window) error          { c.tell("start"); return nil }
func (c *clock) Resume(*rayapps.Window)               { c.tell("resume") }
func (c *clock) Pause(*rayapps.Window)                { c.tell("pause") }
func (c *clock) Destroy()                             { c.tell("destroy") }
func (c *clock) Focus(_ *rayapps.Window, has bool)    { c.tell(fmt.Sprint("focus ", has)) }
func (c *clock) Event(*rayapps.Window, ui.Event) bool { c.tell("event"); return true }

func (c *clock) RawKey(_ *rayapps.Window, _ ui.Sym, code uint32, down bool) bool {
	c.tell(fmt.Sprintf("key %d %t", code, down))
	return true
}

func ExampleDrawer() {
	p := preview(rayapps.Drawn(&clock{}), rayapps.Look{})
	defer end(p)
	pixels, err := p.Picture()
	fmt.Println(pixels.Data[:3], err) // blue, green, red
	// Output: [64 0 0] <nil>
}

// The life of an app whose window was hidden once.
func ExampleStarter() {
	app := &clock{}
	p := preview(rayapps.Drawn(app), rayapps.Look{})
	p.Show(false)
	end(p)
	fmt.Println(app.told)
	// Output: [start resume pause destroy]
}

func ExamplePauser() {
	app := &clock{}
	p := preview(rayapps.Drawn(app), rayapps.Look{})
	defer end(p)
	app.told = nil
	p.Show(false)
	p.Show(true)
	fmt.Println(app.told)
	// Output: [pause resume]
}

func ExampleFocuser() {
	app := &clock{}
	p := preview(rayapps.Drawn(app), rayapps.Look{})
	defer end(p)
	app.told = nil
	p.Focus(false)
	fmt.Println(app.told)
	// Output: [focus false]
}

func ExampleEventHandler() {
	app := &clock{}
	p := preview(rayapps.Drawn(app), rayapps.Look{})
	defer end(p)
	app.told = nil
	fmt.Println(p.Event(&ui.Pointer{Kind: ui.PointerPress, Pos: geom.FPoint{X: 5, Y: 5}}), app.told)
	// Output: true [event]
}

func ExampleRawKeyHandler() {
	app := &clock{}
	p := preview(rayapps.Drawn(app), rayapps.Look{})
	defer end(p)
	app.told = nil
	fmt.Println(p.RawKey('a', 30, true), app.told)
	// Output: true [key 30 true]
}

func ExampleKeyHandler() {
	app := new(switchboard) // of the example of NewPreview
	p := preview(app, rayapps.Look{})
	defer end(p)
	p.Type("l")
	fmt.Println(app.on)
	// Output: true
}
