package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/files"
)

// enter types into whatever has the keyboard.
func (d *desk) enter(text string) {
	d.t.Helper()
	if err := d.ctl.Type(text); err != nil {
		d.t.Fatal(err)
	}
	d.talk()
}

// line is what is typed.
func (p *promptPanel) line() string {
	line, _ := p.model.Line()
	return line
}

func TestThePromptTakesTheKeyboard(t *testing.T) {
	history := filepath.Join(t.TempDir(), "state", "history")
	d := newDeskWith(t, Options{History: history})
	c := d.connect()
	c.open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	c.keys = nil
	d.key("super+space")
	p := &d.session.prompt
	if !p.shown() || c.keys[len(c.keys)-1] != "leave" {
		t.Fatalf("open: %v; the window was told %q", p.shown(), c.keys)
	}
	c.keys = nil
	d.enter("show windows desktop")
	if got := p.line(); got != "show windows desktop" {
		t.Errorf("the line is %q", got)
	}
	d.key("Return")
	answered := false
	for end := time.Now().Add(20 * time.Second); !answered && time.Now().Before(end); {
		if err := d.loop.Dispatch(time.Second); err != nil {
			t.Fatal(err)
		}
		asked := p.model.Asked()
		answered = asked.Op == "SHOW_WINDOWS_DESKTOP" && asked.Why != ""
	}
	if !answered || p.line() != "" {
		t.Errorf("asked %+v, line %q", p.model.Asked(), p.line())
	}
	if len(c.keys) != 0 {
		t.Errorf("the window was told %q", c.keys)
	}
	d.key("Escape")
	if p.shown() || strings.Join(c.keys, "|") != "enter" {
		t.Errorf("after Escape: open %v; the window was told %q", p.shown(), c.keys)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if data, _ := os.ReadFile(history); string(data) == "show windows desktop\n" {
			return
		}
		if err := d.loop.Dispatch(10 * time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	t.Error("the history was not written")
}

func TestAnIdlePromptDrawsNothing(t *testing.T) {
	d := newDesk(t)
	d.key("super+space")
	d.enter("show l")
	d.pass(uitheme.CaretStill + time.Second)
	drawn, turns := d.session.presented, d.loop.Wakeups()
	d.loop.Advance(time.Minute)
	if d.session.presented != drawn || d.loop.Wakeups() != turns {
		t.Errorf("%d frames and %d wakeups in a minute of nothing", d.session.presented-drawn, d.loop.Wakeups()-turns)
	}
}

func TestThePromptFollowsKeysAndPointer(t *testing.T) {
	d := newDesk(t)
	d.key("super+space")
	p := &d.session.prompt
	d.enter("abc def")
	d.key("ctrl+Left")
	d.enter("x")
	d.key("shift+End")
	if got := p.line(); got != "abc xdef" {
		t.Errorf("the line is %q", got)
	}
	d.key("ctrl+c")
	d.key("Home")
	d.key("ctrl+v")
	for end := time.Now().Add(20 * time.Second); p.line() != "defabc xdef"; {
		if time.Now().After(end) {
			t.Fatalf("pasted: %q", p.line())
		}
		if err := d.loop.Dispatch(time.Second); err != nil {
			t.Fatal(err)
		}
	}
	press := func(x, y float64) {
		t.Helper()
		if err := d.ctl.PointerMove(geom.FPoint{X: x, Y: y}, false); err != nil {
			t.Fatal(err)
		}
		if err := d.ctl.Button(btnLeft, control.Tap); err != nil {
			t.Fatal(err)
		}
		d.talk()
	}
	at := p.panel.Strip()
	press(float64(at.X0)+53, float64(at.Y0)+24)
	d.enter("_")
	if got := p.line(); got != "_defabc xdef" {
		t.Errorf("after a click at the start of the line: %q", got)
	}
	press(float64(at.X0)-10, float64(at.Y0))
	if p.shown() {
		t.Error("a click beside the prompt leaves it open")
	}
}

func TestAHeldKeyRepeatsInThePrompt(t *testing.T) {
	d := newDesk(t)
	d.key("super+space")
	c, err := control.ParseChord("a")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.Key(c, control.Press); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second)
	if got := len(d.session.prompt.line()); got < 8 || got > 14 {
		t.Errorf("a key held for a second came %d times", got)
	}
	if err := d.ctl.Key(c, control.Release); err != nil {
		t.Fatal(err)
	}
	n := len(d.session.prompt.line())
	d.pass(time.Second)
	if got := len(d.session.prompt.line()); got != n {
		t.Error("it goes on after its release")
	}
}

func TestSuperAloneOpensThePrompt(t *testing.T) {
	for _, c := range []struct {
		shell bool
		keys  []string
		opens bool
	}{
		{true, []string{""}, true},
		{true, []string{"", ""}, false},
		{true, []string{"super+t"}, false},
		{true, []string{"ctrl+super+a"}, false},
		{false, []string{""}, false},
	} {
		d := newDeskWith(t, Options{Shell: c.shell})
		for _, k := range c.keys {
			if k != "" {
				d.key(k)
				continue
			}
			d.session.Key(d.loop.Now(), keyLeftMeta, true)
			d.session.Key(d.loop.Now(), keyLeftMeta, false)
			d.talk()
		}
		if got := d.session.prompt.shown(); got != c.opens {
			t.Errorf("shell %v, %q: open %v", c.shell, c.keys, got)
		}
		d.close()
	}
}

// TestThePromptGoesToWorkspacesAndBack: what was done can be taken back.
func TestThePromptGoesToWorkspacesAndBack(t *testing.T) {
	d := newDeskWith(t, Options{Shell: true})
	p := &d.session.prompt
	d.key("super+space")
	d.enter("workspace 2")
	d.key("Return")
	if n := d.session.wm.Current(); n != 1 || p.shown() || !p.undo.shown() {
		t.Fatalf("workspace %d; the prompt is open: %v; it can be undone: %v", n, p.shown(), p.undo.shown())
	}
	d.key("super+z")
	if n := d.session.wm.Current(); n != 0 || p.undo.shown() {
		t.Errorf("afterwards: workspace %d, undo shown %v", n, p.undo.shown())
	}
	d.key("super+z") // nothing
	d.key("super+space")
	d.enter("workspace 2")
	d.key("Return")
	d.pass(undoFor + time.Second)
	if p.undo.shown() || p.undo.back != nil {
		t.Error("it can be undone for ever")
	}
}

func TestCommandsBehindAColon(t *testing.T) {
	d := newDesk(t)
	p := &d.session.prompt
	d.key("super+space")
	for _, c := range []struct{ line, out, why string }{
		{":outputs", "HEADLESS-1", ""},
		{":focus x", "", "No window"},
	} {
		d.enter(c.line)
		d.key("Return")
		q := p.model.Asked()
		if got := strings.Join(q.Out, "|"); !strings.Contains(got, c.out) || c.out == "" && len(q.Out) > 0 || !strings.Contains(q.Why, c.why) {
			t.Errorf("%s: %+v", c.line, q)
		}
	}
	d.enter(":no such thing")
	d.key("Return")
	if p.line() != ":no such thing" {
		t.Errorf("the line is %q", p.line())
	}
}

func TestThePromptFindsFiles(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "quarterly report.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDeskWith(t, Options{Files: files.Config{Home: "/nowhere", Folds: []string{home}}})
	p := &d.session.prompt
	d.key("super+space")
	d.enter("quarterly")
	for end := time.Now().Add(20 * time.Second); p.askers.busy(); {
		if time.Now().After(end) {
			t.Fatal("the search doesn't end")
		}
		if err := d.loop.Dispatch(time.Second); err != nil {
			t.Fatal(err)
		}
	}
	d.key("ctrl+k")
	d.key("Up") // Copy its path
	d.key("Return")
	if c, ok := d.session.server.Selection().(*textSource); !ok || c.text != filepath.Join(home, "quarterly report.txt") || p.shown() {
		t.Errorf("the clipboard has %+v", c)
	}
}

func TestThePromptAsksBeforeTheEnd(t *testing.T) {
	d := newDeskWith(t, Options{Shell: true})
	d.key("super+space")
	d.enter("log out")
	d.key("Return")
	d.pass(time.Second / 10)
	if !d.session.leave.sheet.shown() || d.session.done {
		t.Fatal("the session ends, and nobody agreed")
	}
	d.key("Return") // log out
	d.await("the end", func() bool { return d.session.done })
}

func TestALockedSessionHasNoPrompt(t *testing.T) {
	d := newDesk(t)
	d.key("super+space")
	d.enter("secret")
	d.session.Lock()
	d.talk()
	if p := &d.session.prompt; p.shown() {
		t.Error("it stays open")
	}
	d.key("super+space")
	if d.session.prompt.shown() {
		t.Error("it opens")
	}
	d.session.Unlock()
	d.talk()
	d.key("super+space")
	if p := &d.session.prompt; !p.shown() || p.line() != "" {
		t.Errorf("afterwards: open %v with %q", p.shown(), p.line())
	}
}

func TestThePromptGoesWithItsOutput(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 640, H: 480})
	if err := d.ctl.PointerMove(geom.FPoint{X: 900, Y: 100}, false); err != nil {
		t.Fatal(err)
	}
	d.key("super+space")
	p := &d.session.prompt
	at := p.panel.Strip()
	if !p.shown() || at.X0 < 800 || at.X1 > 1440 {
		t.Fatalf("open %v at %v; want it where the pointer is", p.shown(), at)
	}
	if err := d.ctl.RemoveOutput(p.out.info.Name); err != nil {
		t.Fatal(err)
	}
	d.pass(50 * time.Millisecond)
	if p.shown() {
		t.Error("it is open on an output that is gone")
	}
}

func TestPasteGivesUpWhoHasTooMuch(t *testing.T) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		t.Fatal(err)
	}
	w := os.NewFile(uintptr(fds[1]), "owner")
	go func() {
		defer w.Close()
		for {
			if _, err := w.WriteString(strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}()
	text, err := readPaste(os.NewFile(uintptr(fds[0]), "clipboard"))
	if err != nil || len(text) != maxPaste {
		t.Errorf("%d bytes, %v; want %d", len(text), err, maxPaste)
	}
}

func TestThePromptOffersWhatMakesSense(t *testing.T) {
	tests := []struct {
		verb  grammar.Verb
		vm    control.VM
		makes bool
	}{
		{grammar.Show, control.VM{State: "running", Shown: true}, true},
		{grammar.Show, control.VM{State: "stopped"}, true},
		{grammar.Hide, control.VM{State: "running"}, false},
		{grammar.Hide, control.VM{State: "failed", Shown: true}, true},
		{grammar.Start, control.VM{State: "running"}, false},
		{grammar.Start, control.VM{State: "failed"}, true},
		{grammar.Resume, control.VM{State: "stopped"}, false},
		{grammar.Resume, control.VM{State: "suspended"}, true},
		{grammar.Suspend, control.VM{State: "stopped"}, false},
		{grammar.Shutdown, control.VM{State: "running"}, true},
		{grammar.Type, control.VM{State: "suspended"}, false},
	}
	for _, tt := range tests {
		if got := sensible(&grammar.Command{Verb: tt.verb, Kind: grammar.Linux}, &tt.vm); got != tt.makes {
			t.Errorf("%s of %+v: %v; want %v", tt.verb, tt.vm, got, tt.makes)
		}
	}
	if !sensible(&grammar.Command{Verb: grammar.Suspend, Kind: grammar.Linux}, nil) {
		t.Error("of a machine that isn't known nothing is offered")
	}
}
