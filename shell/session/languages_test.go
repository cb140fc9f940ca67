package session

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/notify"
	"rayos/shell/osd"
	"rayos/shell/theme"
)

// dejavu are the fonts with Arabic letters that the pictures are made with, of
// version 2.37, the last one.
var dejavu = [2]struct{ file, digest string }{
	{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322"},
	{"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", "0d977336a6d5fba34eab8e3199eb218327161b5143749f802982c2bc34df0c96"},
}

// arabic returns the fonts' files, or skips the test where they aren't.
func arabic(t *testing.T) (files [2][]string) {
	t.Helper()
	for weight, f := range dejavu {
		data, err := os.ReadFile(f.file)
		if err != nil {
			t.Skip(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.digest {
			t.Skipf("%s is another version", f.file)
		}
		files[weight] = []string{f.file}
	}
	return files
}

// screens are what the pictures of the languages show.
var screens = []struct {
	name string
	show func(t *testing.T, d *desk)
}{
	{"launcher", func(_ *testing.T, d *desk) {
		d.session.prompt.toggle()
		d.pass(time.Second / 10)
		d.enter("s")
	}},
	{"help", func(_ *testing.T, d *desk) {
		d.session.prompt.toggle()
		d.pass(time.Second / 10)
		d.enter("?")
	}},
	{"card", func(_ *testing.T, d *desk) {
		d.session.prompt.toggle()
		d.pass(time.Second / 10)
		d.enter("shutdown linux desktop")
		d.key("Return")
	}},
	{"leave", func(t *testing.T, d *desk) {
		if err := d.ctl.Guard().AskLeave(true); err != nil {
			t.Fatal(err)
		}
	}},
	{"lock", func(t *testing.T, d *desk) {
		d.session.screenLock.name = "Ada Lovelace"
		if err := d.lockNow(); err != nil {
			t.Fatal(err)
		}
		d.try("wrong")
	}},
	{"notices", func(_ *testing.T, d *desk) {
		n := &d.session.notices
		n.tell(notify.Notification{App: lang.T("Screenshot"), Summary: lang.T("Screenshot taken"), Body: []notify.Span{{Text: "/home/ada/Pictures/Screenshot 2026-11-23.png"}}}, nil)
		n.machineFailed("linux-desktop", "Linux desktop", "QEMU exited with status 1", theme.Linux)
	}},
	{"drawer", func(_ *testing.T, d *desk) {
		n := &d.session.notices
		n.machineFailed("linux-desktop", "Linux desktop", "QEMU exited with status 1", theme.Linux)
		n.open(true)
	}},
	{"capture", func(t *testing.T, d *desk) {
		if err := d.ctl.Desk().Capture("region", false); err != nil {
			t.Fatal(err)
		}
	}},
	{"muted", func(_ *testing.T, d *desk) { d.session.osd.say("microphone", osd.Microphone(true)) }},
	{"overview", func(t *testing.T, d *desk) {
		if err := d.ctl.Desk().Overview(control.OverviewOn); err != nil {
			t.Fatal(err)
		}
	}},
}

// TestLanguages shows the shell in German and Arabic.
func TestLanguages(t *testing.T) {
	if os.Getenv("RAYOS_EMULATED") != "" {
		t.Skip("the windows' frames name the program, and that is the emulator")
	}
	fonts := arabic(t)
	t.Cleanup(func() {
		if err := lang.Set(lang.Parse("C")); err != nil {
			t.Error(err)
		}
	})
	for _, locale := range []string{"de_DE", "ar_EG"} {
		for _, screen := range screens {
			t.Run(screen.name+"-"+locale, func(t *testing.T) {
				d := lockDesk(t, Options{
					FontFiles: fonts, Locale: lang.Parse(locale),
					Wall: func() time.Time { return time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC) },
				}, geom.Size{W: 1280, H: 720})
				c := d.connect()
				for _, title := range []string{"*Notizen.txt – Editor", "رسالة إلى آدا"} {
					w := c.prepare(geom.Size{W: 400, H: 240})
					w.top.SetTitle(title)
					w.show()
				}
				if err := d.ctl.PointerMove(geom.FPoint{X: 1, Y: 1}, false); err != nil {
					t.Fatal(err)
				}
				d.pass(time.Second)
				screen.show(t, d)
				d.pass(time.Second)
				var picture render.Pixels
				done := false
				d.ctl.Screenshot(control.Target{}, func(p render.Pixels, err error) {
					if picture, done = p, true; err != nil {
						t.Error(err)
					}
				})
				d.until(&done)
				golden.Pixels(t, screen.name+"-"+locale, picture)
			})
		}
	}
}
