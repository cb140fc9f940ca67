package proctest

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rayos/shell/control"
)

// configure writes a file below the session's XDG_CONFIG_HOME.
func (s *Session) configure(name, text string) {
	s.T.Helper()
	path := filepath.Join(s.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.T.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.T.Fatal(err)
	}
}

// begin is what each test of a tool begins with.
func begin(t *testing.T, names ...string) *Session {
	t.Helper()
	t.Parallel()
	Need(t, names...)
	return Start(t)
}

// terminal starts a terminal with a background of its own.
func (s *Session) terminal(title, background string) uint32 {
	s.T.Helper()
	return s.Window(s.Launch("foot", "-T", title, "-o", "colors.background="+background, "-D", s.Dir, "sh")).ID
}

// TestWaybar: a bar takes its place, lists the windows, shows which is active,
// and activates the one that is clicked.
func TestWaybar(t *testing.T) {
	s := begin(t, "waybar", "foot")
	s.configure("waybar/config", `{"layer": "top", "height": 30, "modules-left": ["wlr/taskbar"],
		"wlr/taskbar": {"format": "{title}", "on-click": "activate", "on-click-middle": "close"}}`)
	s.configure("waybar/style.css", `* { font-size: 14px; border: none; border-radius: 0; min-height: 0 }
		window#waybar { background: #103010 }
		#taskbar button { padding: 0 20px; background: #500050; color: #ffffff }
		#taskbar button.active { background: #d000d0 }`)
	bar := s.Launch("waybar")
	if place := s.Spot("the bar", 0, 0x103010); place != image.Rect(0, 0, 1280, 30) {
		t.Errorf("the bar is at %v", place)
	}
	one := s.terminal("one", "302010")
	two := s.terminal("two", "102030")
	const idle, active = 0x500050, 0xd000d0
	s.Until("the second window is active", func() bool { return s.Get(two).Focused })
	button := s.Spot("the button of the first window", 0, idle)
	if other := s.Spot("the button of the second window", 0, active); other.Min.X < button.Max.X || other.Dy() != 30 {
		t.Errorf("the buttons are at %v and %v", button, other)
	}
	s.key("super+Up")
	s.Until("a maximised window leaves the bar free", func() bool { return has(s.Get(two), "maximized") && s.Get(two).Frame.Y == 30 })
	s.click(Middle(button).Sub(image.Pt(button.Dx()/2-8, 0)))
	s.Until("a click activates the first window", func() bool { return s.Get(one).Focused })
	s.Until("its button shows it", func() bool {
		now, _ := s.Shoot(nil).Find(active)
		return now.Min.X == button.Min.X
	})
	s.Call("input click", Args{"at": at(Middle(button)), "button": "middle"})
	s.Until("a middle click closes it", func() bool { return s.Get(one) == nil })
	bar.Signal(syscall.SIGINT)
	bar.Ended(s)
	s.Until("the window takes the bar's place", func() bool { return s.Get(two).Frame.Y == 0 })
}

// TestFuzzel starts a program by its name.
func TestFuzzel(t *testing.T) {
	s := begin(t, "fuzzel", "foot")
	under := s.terminal("under", "302010")
	s.configure("data/applications/touch.desktop", "[Desktop Entry]\nType=Application\nName=Touchstone\nExec=touch started\n")
	c := s.LaunchWith(t, []string{"XDG_DATA_HOME=" + filepath.Join(s.Dir, "data"), "XDG_DATA_DIRS=/nowhere"},
		"fuzzel", "--background=00a0a0ff", "--selection-color=ffe000ff", "--no-icons")
	box := s.Spot("the launcher", 0, 0x00a0a0)
	if m, want := Middle(box), image.Pt(640, 360); abs(m.X-want.X) > 2 || abs(m.Y-want.Y) > 2 {
		t.Errorf("the launcher at %v is not in the middle", box)
	}
	s.Spot("the program that is offered", 0, 0xffe000)
	s.Call("input type", Args{"text": "Touchst\n"})
	c.Ends(s)
	s.Until("the program has been started", func() bool {
		_, err := os.Stat(filepath.Join(s.Dir, "started"))
		return err == nil
	})
	s.Until("the launcher is gone, and the terminal has the keys", func() bool {
		_, n := s.Shoot(nil).Find(0x00a0a0)
		return n == 0 && s.Get(under).Focused
	})
}

// TestBemenu chooses a line.
func TestBemenu(t *testing.T) {
	s := begin(t, "bemenu")
	c := s.LaunchWith(t, []string{"BEMENU_BACKEND=wayland"}, "sh", "-c",
		`printf 'alpha\nbeta\ngamma\n' | exec bemenu --nb '#008080' --fb '#008080' --tb '#800080' --hb '#c0c000' --prompt choose`)
	if strip := s.Spot("the menu", 0, 0x008080); strip.Dx() < 800 || strip.Min.Y != 0 {
		t.Errorf("the menu is at %v", strip)
	}
	chosen := s.Spot("the line that is chosen", 0, 0xc0c000)
	s.Call("input type", Args{"text": "bet"})
	s.Until("another line is chosen", func() bool {
		now, n := s.Shoot(nil).Find(0xc0c000)
		return n > 0 && now != chosen
	})
	s.Call("input key", Args{"chord": "Return"})
	if got := strings.TrimSpace(c.Wait()); got != "beta" {
		t.Errorf("bemenu printed %q; want beta", got)
	}
	c.Ends(s)
}

// TestSwaylock: a locker hides everything, has the keys, and the session stays
// locked when it dies.
func TestSwaylock(t *testing.T) {
	s := begin(t, "swaylock", "foot")
	const secret = 0x302010
	id := s.terminal("secret", "302010")
	s.Spot("the terminal", id, secret)
	s.Until("it has the focus", func() bool { return s.Get(id).Focused })
	lock := func() *Client {
		return s.Launch("swaylock", "-c", "006060", "--key-hl-color", "ff00ff", "--ring-color", "808080", "--indicator-radius", "100", "--indicator-thickness", "20")
	}
	covered := func() {
		s.Until("the locker covers all", func() bool {
			p := s.Shoot(nil)
			_, n := p.Find(0x006060)
			_, left := p.Find(secret)
			return left == 0 && n > 1280*720/2
		})
	}
	c := lock()
	covered()
	s.Call("input type", Args{"text": "echo leaked >leak"})
	s.Spot("a key's mark on the ring", 0, 0xff00ff)
	c.Kill()
	s.Until("the dead locker's picture is gone, and nothing else shows", func() bool {
		p := s.Shoot(nil)
		_, lock := p.Find(0x006060)
		_, left := p.Find(secret)
		return lock == 0 && left == 0
	})
	c = lock()
	covered()
	c.Signal(syscall.SIGUSR1) // unlock
	c.Ends(s)
	s.Spot("the terminal again", id, secret)
	s.Until("it has the focus again", func() bool { return s.Get(id).Focused })
	s.Call("input type", Args{"text": "\necho open >free\n"})
	s.Until("it takes what is typed", fileSays(filepath.Join(s.Dir, "free"), "open"))
	if _, err := os.Stat(filepath.Join(s.Dir, "leak")); err == nil {
		t.Error("what was typed to the locker reached the terminal")
	}
}

// output waits until the only output fulfils a condition.
func (s *Session) output(what string, holds func(o *control.Output) bool) {
	s.T.Helper()
	s.Until(what, func() bool {
		list := s.Outputs()
		return len(list) == 1 && holds(&list[0])
	})
}

func TestWlrRandr(t *testing.T) {
	s := begin(t, "wlr-randr")
	name := s.Outputs()[0].Name
	said := string(s.Run(t, "wlr-randr"))
	for _, want := range []string{name, "1280x720 px", "Scale: 1.000000", "Transform: normal"} {
		if !strings.Contains(said, want) {
			t.Errorf("wlr-randr lacks %q:\n%s", want, said)
		}
	}
	s.Run(t, "wlr-randr", "--output", name, "--scale", "1.5")
	s.output("the output has the scale 1.5", func(o *control.Output) bool { return o.Scale == 1.5 && o.Logical.W == 853 })
	s.Run(t, "wlr-randr", "--output", name, "--custom-mode", "1024x768", "--scale", "1")
	s.output("the output has another mode", func(o *control.Output) bool { return o.Width == 1024 && o.Logical.W == 1024 })
	s.Run(t, "wlr-randr", "--output", name, "--transform", "90")
	s.output("the output is turned", func(o *control.Output) bool { return o.Logical.W == 768 && o.Logical.H == 1024 })
}

func TestKanshi(t *testing.T) {
	s := begin(t, "kanshi")
	s.configure("kanshi/config", fmt.Sprintf("profile desk {\n\toutput %s scale 2.0\n}\n", s.Outputs()[0].Name))
	c := s.Launch("kanshi")
	s.output("kanshi has set the scale", func(o *control.Output) bool { return o.Scale == 2 })
	c.Signal(syscall.SIGTERM)
	c.Ended(s)
}

// TestWlsunset: gamma is the hardware's business, so no picture shows it; the
// program is told that it has the output. Which of the two temperatures it sets
// is the hour's business.
func TestWlsunset(t *testing.T) {
	s := begin(t, "wlsunset")
	c := s.Launch("wlsunset", "-t", "3000", "-T", "3001", "-l", "0", "-L", "0")
	c.Said(s, "setting temperature to 300")
	c.Signal(syscall.SIGTERM)
	c.Ended(s)
	if strings.Contains(c.Output(), "gamma control of output") {
		t.Errorf("wlsunset was refused: %s", c.Output())
	}
}

func TestSwayidle(t *testing.T) {
	s := begin(t, "swayidle")
	c := s.Launch("swayidle", "timeout", "1", "touch idle", "resume", "touch resumed")
	exists := func(name string) func() bool {
		return func() bool {
			_, err := os.Stat(filepath.Join(s.Dir, name))
			return err == nil
		}
	}
	s.Until("it knows that nobody is there", exists("idle"))
	if exists("resumed")() {
		t.Error("it knows of a return before there is one")
	}
	s.Call("input pointer", Args{"x": 50, "y": 50})
	s.Until("it knows that somebody is back", exists("resumed"))
	c.Signal(syscall.SIGTERM)
	c.Ended(s)
}

// bus starts a message bus of the test's own and returns what leads to it.
func (s *Session) bus() []string {
	s.T.Helper()
	Need(s.T, "dbus-daemon")
	address := "unix:path=" + filepath.Join(s.Dir, "bus")
	c := s.Launch("dbus-daemon", "--session", "--nofork", "--print-address", "--address="+address)
	c.Said(s, address)
	return []string{"DBUS_SESSION_BUS_ADDRESS=" + address}
}

// TestMako shows a notification, which a click takes away.
func TestMako(t *testing.T) {
	s := begin(t, "mako", "notify-send")
	bus := s.bus()
	s.configure("mako/config", "background-color=#600060\nborder-color=#00e0e0\ntext-color=#ffffff\nborder-size=4\nborder-radius=0\ndefault-timeout=0\n")
	c := s.LaunchWith(t, bus, "mako")
	n := s.LaunchWith(t, bus, "sh", "-c", "until notify-send --wait Title 'A body of text'; do :; done")
	box := s.Spot("the notification's edge", 0, 0x00e0e0)
	if p := s.Shoot(nil); box.Max.X < 1200 || box.Min.Y > 60 || !p.Is(image.Rectangle{box.Min.Add(image.Pt(4, 4)), box.Min.Add(image.Pt(8, 8))}, 0x600060) {
		t.Errorf("the notification is at %v", box)
	}
	s.click(Middle(box))
	s.Until("a click takes it away", func() bool { _, n := s.Shoot(nil).Find(0x00e0e0); return n == 0 })
	n.Ends(s)
	c.Signal(syscall.SIGTERM)
	c.Ended(s)
}

// TestClipman keeps what was copied after the program that copied has gone.
func TestClipman(t *testing.T) {
	s := begin(t, "clipman", "wl-paste", "wl-copy")
	if err := os.MkdirAll(filepath.Join(s.Dir, ".local", "share"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.Launch("wl-paste", "--type", "text", "--watch", "clipman", "store", "--no-persist")
	history := func() string {
		out, err := s.Attempt("clipman", "pick", "--tool", "STDOUT")
		if err != nil {
			return ""
		}
		return string(out)
	}
	for _, text := range []string{"first", "second"} {
		c := s.Launch("wl-copy", "--foreground", text)
		s.Until(text+" is kept", func() bool { return strings.Contains(history(), text) })
		c.Kill()
	}
	if h := history(); !strings.Contains(h, "first") {
		t.Errorf("the history is %s", h)
	}
	s.Run(t, "clipman", "restore")
	s.Until("the last copy is back", func() bool {
		out, err := s.Attempt("wl-paste", "--no-newline")
		return err == nil && bytes.Equal(out, []byte("second"))
	})
}

// TestSlurpAndGrim take a picture of what a person marks with the mouse.
func TestSlurpAndGrim(t *testing.T) {
	s := begin(t, "slurp", "grim", "foot")
	id := s.terminal("picture", "103050")
	s.Spot("the terminal", id, 0x103050)
	s.Settle()
	want := s.Shoot(nil)
	r := image.Rect(0, 0, 300, 200).Add(s.content(id).Min.Add(image.Pt(-40, -60)))
	c := s.Launch("slurp", "-b", "40404080", "-c", "ff00ffff", "-s", "00000000")
	s.Until("the screen is dimmed", func() bool { return Diff(want, s.Shoot(nil)) == want.Rect })
	s.Call("input click", Args{"at": at(r.Min), "press": true})
	s.Call("input pointer", Args{"x": r.Max.X, "y": r.Max.Y})
	s.Spot("the edge of what is marked", 0, 0xff00ff)
	s.Call("input click", Args{"release": true})
	marked := strings.TrimSpace(c.Wait())
	var x, y, w, h int
	if n, err := fmt.Sscanf(marked, "%d,%d %dx%d", &x, &y, &w, &h); n != 4 || err != nil {
		t.Fatalf("slurp printed %q", marked)
	}
	if got := image.Rect(x, y, x+w, y+h); got.Min != r.Min || abs(got.Dx()-300) > 1 || abs(got.Dy()-200) > 1 {
		t.Errorf("slurp printed %v; marked was %v", got, r)
	}
	s.Until("the screen is as it was", func() bool { return Diff(want, s.Shoot(nil)).Empty() })
	if d := Diff(want.Part(image.Rect(x, y, x+w, y+h)), Decode(t, s.Run(t, "grim", "-g", marked, "-"))); !d.Empty() {
		t.Errorf("the picture differs in %v", d)
	}
}

// TestWfRecorder records a window that changes its colour, and finds both
// colours in the film.
func TestWfRecorder(t *testing.T) {
	s := begin(t, "wf-recorder", "mpv", "foot")
	s.Call("output add", Args{"size": "320x240"})
	name := s.Outputs()[1].Name
	film := filepath.Join(s.Dir, "film.mkv")
	c := s.Launch("wf-recorder", "-o", name, "-c", "ffv1", "-x", "bgr0", "-f", film)
	c.Said(s, "Output #0")
	id := s.Window(s.Launch("foot", "-T", "film", "-o", "colors.background=c000c0", "cat")).ID
	s.Call("move", Args{"window": id, "x": 1290, "y": 10})
	s.Spot("the terminal", id, 0xc000c0)
	// It writes large blocks, so many frames go by before the first.
	s.Until("the film grows", func() bool {
		s.Call("input type", Args{"text": "moving pictures "})
		info, err := os.Stat(film)
		return err == nil && info.Size() > 0
	})
	c.Signal(syscall.SIGINT)
	c.Ends(s)
	frames := filepath.Join(s.Dir, "frames")
	if out, err := exec.Command("mpv", "--no-config", "--vo=image", "--vo-image-format=png", "--vo-image-outdir="+frames, "--no-audio", film).CombinedOutput(); err != nil {
		t.Fatalf("mpv: %v\n%s", err, out)
	}
	list, err := filepath.Glob(frames + "/*.png")
	if err != nil || len(list) == 0 {
		t.Fatalf("the film has no pictures: %v", err)
	}
	b, err := os.ReadFile(list[len(list)-1])
	if err != nil {
		t.Fatal(err)
	}
	if p := Decode(t, b); p.Rect.Max != image.Pt(320, 240) {
		t.Errorf("pictures of the film have %v pixels", p.Rect.Max)
	} else if _, n := p.Find(0xc000c0); n < 10000 {
		t.Errorf("the last picture of the film shows %d pixels of the terminal", n)
	}
}
