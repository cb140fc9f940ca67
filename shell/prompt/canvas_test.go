package prompt

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/vector"
	"rayos/shell/control/grammar"
	"rayos/shell/theme"
)

func testWorld() World {
	return World{
		Env: grammar.Env{Machines: []grammar.Machine{
			{ID: "linux-desktop-001", Kind: grammar.Linux, Main: true},
			{ID: "windows-desktop-001", Kind: grammar.Windows, Main: true},
		}},
		Machines: map[string]Machine{
			"linux-desktop-001":   {Name: "Linux desktop", State: "running, hidden", Trust: theme.Linux},
			"windows-desktop-001": {Name: "Windows desktop", State: "off", Trust: theme.Windows},
		},
		Sensible: func(c grammar.Command) bool { return c.Kind != grammar.None },
	}
}

// open returns a panel as a person sees it who knows the session.
func open() *Model {
	m := &Model{History: &History{}}
	m.Open(testWorld())
	return m
}

// typed enters text.
func (m *Model) typed(text string) *Model {
	for _, r := range text {
		m.Press(Press{Text: string(r)})
	}
	return m
}

// ran enters a line and answers it.
func (m *Model) ran(line string, a grammar.Ack, took time.Duration) *Model {
	m.typed(line)
	r := grammar.Parse(line, m.world.Env)
	_, id := m.Submit()
	if a.Op != "" || r.Outcome != grammar.Matched {
		m.Answer(id, r, a, took)
	}
	return m
}

// panels are the pictures that people have looked at.
func panels() map[string]*Model {
	full := open()
	full.ran("hide linux desktop", grammar.Ack{Op: "HIDE_LINUX_DESKTOP", OK: true, Detail: "hidden"}, 2*time.Millisecond)
	full.ran("linux type ls -la", grammar.Ack{Op: "LINUX_SENDTEXT", Detail: "desktop_not_running"}, 900*time.Microsecond)
	full.ran("show windows desktop", grammar.Ack{Op: "SHOW_WINDOWS_DESKTOP", Detail: "failed:QEMU has ended: could not open the disk image"}, 12*time.Second)
	full.ran("show linux desktop", grammar.Ack{Op: "SHOW_LINUX_DESKTOP", OK: true, Detail: "presented"}, 11*time.Millisecond)
	full.ran("suspend linux", grammar.Ack{}, 0)
	full.typed("show li")
	ambiguous := open()
	ambiguous.world.Env.Machines = append(ambiguous.world.Env.Machines, grammar.Machine{ID: "linux-micro-001", Kind: grammar.Linux})
	ambiguous.world.Env.Machines[0].Main = false
	ambiguous.world.Machines["linux-micro-001"] = Machine{Name: "Small Linux", State: "suspended", Trust: theme.Linux}
	ambiguous.typed("show linux desktop")
	ambiguous.Press(Press{Key: Enter})
	wrong := open().typed("press conference at noon")
	wrong.Press(Press{Key: Enter})
	long := open().typed("linux type ")
	for i := range 20 {
		long.typed(fmt.Sprintf("word %d with ümläuts — ", i))
	}
	long.Press(Press{Key: Left, Ctrl: true, Shift: true})
	return map[string]*Model{
		"empty": open(), "understood": open().typed("linux press ctrl+alt+del"), "offers": open().typed("s"),
		"ambiguous": ambiguous, "wrong": wrong, "long": long, "asked": full,
	}
}

// shot draws a panel on the desktop's colour.
func shot(m *Model, scale geom.Scale, scheme theme.Scheme) render.Pixels {
	var c Canvas
	v := m.View(geom.Size{W: theme.PromptWidth, H: 600})
	c.Draw(v, scale.ApplyRect(v.Size.Rect()).Size(), scale, scheme)
	p := c.Pixels()
	out := render.NewPixels(p.W, p.H, render.XRGB8888)
	vector.FillRect(&out, out.Size().Rect(), theme.For(scheme).Desktop)
	for i := 0; i < len(p.Data); i += 4 {
		a := 255 - uint32(p.Data[i+3])
		for k := range 4 {
			out.Data[i+k] = uint8(uint32(p.Data[i+k]) + (uint32(out.Data[i+k])*a+127)/255)
		}
	}
	return out
}

func TestPanelLooks(t *testing.T) {
	for name, m := range panels() {
		golden.Pixels(t, name, shot(m, 120, theme.Dark))
		golden.Pixels(t, name+"-light", shot(m, 120, theme.Light))
	}
	for _, scale := range []geom.Scale{180, 240, 360} {
		golden.Pixels(t, fmt.Sprintf("asked-%v", scale.Float()), shot(panels()["asked"], scale, theme.Dark))
		golden.Pixels(t, fmt.Sprintf("asked-%v-light", scale.Float()), shot(panels()["asked"], scale, theme.Light))
	}
}

// TestOnlyWhatChangedIsDrawn: a picture that was brought up to date is that of
// a canvas that has never seen anything else.
func TestOnlyWhatChangedIsDrawn(t *testing.T) {
	m := panels()["asked"]
	var c Canvas
	room := geom.Size{W: theme.PromptWidth, H: 600}
	draw := func(c *Canvas) *geom.Region {
		v := m.View(room)
		return c.Draw(v, geom.ScaleOne.ApplyRect(v.Size.Rect()).Size(), geom.ScaleOne, theme.Dark)
	}
	if got := draw(&c); got != nil {
		t.Errorf("a new picture: damage %v; want all", got)
	}
	if got := draw(&c); got == nil || !got.Empty() {
		t.Errorf("nothing has changed: damage %v", got)
	}
	for _, p := range []Press{{Text: "n"}, {Key: Left}, {Key: Left, Shift: true}, {Key: Backspace}, {Key: Home}, {Text: "x"}, {Key: Enter}} {
		m.Press(p)
		damage := draw(&c)
		var fresh Canvas
		draw(&fresh)
		if !bytes.Equal(c.Pixels().Data, fresh.Pixels().Data) {
			t.Fatalf("after %+v the picture is another than a new one", p)
		}
		if damage != nil && (damage.Empty() || damage.Area() > int64(room.W*(inputH+chipsH))) {
			t.Errorf("after %+v: damage %v", p, damage.Rects())
		}
	}
}
