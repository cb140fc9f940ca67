package session

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/geom"
	"rayos/internal/bustest"
	"rayos/shell/control"
)

// mediaPlayer is a player on the bus of a test.
type mediaPlayer struct{ keys chan string }

// GetAll says what it plays.
func (*mediaPlayer) GetAll(string) (map[string]dbus.Variant, *dbus.Error) {
	return map[string]dbus.Variant{
		"PlaybackStatus": dbus.MakeVariant("Playing"), "CanPlay": dbus.MakeVariant(true),
		"Metadata": dbus.MakeVariant(map[string]dbus.Variant{"xesam:title": dbus.MakeVariant("song")}),
	}, nil
}

// PlayPause notes the key.
func (p *mediaPlayer) PlayPause() *dbus.Error { p.keys <- "play-pause"; return nil }

// Next notes the key.
func (p *mediaPlayer) Next() *dbus.Error { p.keys <- "next"; return nil }

func TestKeysGoToThePlayer(t *testing.T) {
	address := bustest.New(t)
	d := newDeskWith(t, Options{Shell: true, Bus: address})
	c := d.connect()
	c.open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	c.keys = nil
	d.session.keyboard.Key(d.loop.Now(), keyPlayPause, true)
	d.session.keyboard.Key(d.loop.Now(), keyPlayPause, false)
	d.talk()
	if len(c.keys) != 2 {
		t.Errorf("without a player the window hears %q; want a press and a release", c.keys)
	}
	if err := d.ctl.Media().Press("next"); err == nil {
		t.Error("a key was pressed of no player")
	}
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p := &mediaPlayer{make(chan string, 16)}
	for _, iface := range []string{"org.mpris.MediaPlayer2.Player", "org.freedesktop.DBus.Properties"} {
		if err := conn.Export(p, "/org/mpris/MediaPlayer2", iface); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName("org.mpris.MediaPlayer2.test", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	d.eventually("the player isn't found", func() bool { return len(d.ctl.Media().Players()) == 1 })
	if got := d.ctl.Media().Players()[0]; got != (control.Player{Name: "test", Status: "playing", Title: "song", Current: true}) {
		t.Errorf("%+v", got)
	}
	c.keys = nil
	d.session.keyboard.Key(d.loop.Now(), keyPlayPause, true)
	d.session.keyboard.Key(d.loop.Now(), keyPlayPause, false)
	if err := d.ctl.Media().Press("next"); err != nil {
		t.Error(err)
	}
	var got []string
	d.eventually("the player hears nothing", func() bool {
		for len(p.keys) > 0 {
			got = append(got, <-p.keys)
		}
		return len(got) == 2
	})
	if !slices.Contains(got, "play-pause") || !slices.Contains(got, "next") || len(c.keys) != 0 {
		t.Errorf("the player hears %q, the window %q", got, c.keys)
	}
	conn.Close()
	d.eventually("the player stays", func() bool { return len(d.ctl.Media().Players()) == 0 })
	d.session.keyboard.Key(d.loop.Now(), keyPlayPause, true)
	d.session.keyboard.Key(d.loop.Now(), keyPlayPause, false)
	d.talk()
	if len(c.keys) != 2 {
		t.Errorf("when it has gone the window hears %q", c.keys)
	}
}

// Codes of keys (linux/input-event-codes.h).
const (
	keyVolumeUp  = 115
	keyPlayPause = 164
)

// TestVolumeKeys: they are the session's from when there is a sound server.
func TestVolumeKeys(t *testing.T) {
	if _, err := exec.LookPath("pulseaudio"); err != nil {
		t.Skip("pulseaudio is not installed (package pulseaudio)")
	}
	dir := t.TempDir()
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(dir, "pulse", "native"))
	d := barDesk(t)
	c := d.connect()
	c.open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	c.keys = nil
	tap := func() {
		d.session.keyboard.Key(d.loop.Now(), keyVolumeUp, true)
		d.session.keyboard.Key(d.loop.Now(), keyVolumeUp, false)
		d.talk()
	}
	tap()
	if len(c.keys) != 2 {
		t.Errorf("without a sound server the window hears %q", c.keys)
	}
	none := error(nil)
	d.ctl.Media().Volume(control.Change{}, func(_ control.Level, err error) { none = err })
	if none == nil || !strings.Contains(none.Error(), "sound server") {
		t.Errorf("%v", none)
	}
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink sink_name=test", "-L", "module-native-protocol-unix")
	cmd.Env = []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=/usr/bin:/bin"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	v := &d.session.volume
	d.eventually("the sound server isn't found", func() bool { return v.server != nil && v.state.Level == 1 })
	half := 0.5
	var level control.Level
	d.ctl.Media().Volume(control.Change{Set: &half}, func(l control.Level, err error) {
		if level = l; err != nil {
			t.Error(err)
		}
	})
	d.eventually("the volume isn't set", func() bool { return level.Percent == 50 })
	c.keys = nil
	tap()
	d.eventually("the key does nothing", func() bool { return v.state.Level > 0.549 && v.state.Level < 0.551 && d.session.osd.shown() })
	if len(c.keys) != 0 {
		t.Errorf("the window hears %q", c.keys)
	}
	// One that is held goes on.
	d.session.keyboard.Key(d.loop.Now(), keyVolumeUp, true)
	d.eventually("a key that is held is one press", func() bool { return v.state.Level > 0.69 })
	d.session.keyboard.Key(d.loop.Now(), keyVolumeUp, false)
	d.pass(2 * time.Second)
	if v.keys.timer.Armed() {
		t.Error("it goes on when it was let go")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	d.eventually("the end isn't seen", func() bool { return v.server == nil })
	c.keys = nil
	tap()
	if len(c.keys) != 2 {
		t.Errorf("when it has gone the window hears %q", c.keys)
	}
}
