package proctest

import (
	"image"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// webPage has a square that a click turns green, a line for text with a bar
// below that grows with it, and stripes as fine as the screen's pixels.
const webPage = `<!doctype html>
<meta charset="utf-8"><title>page</title>
<style>
body { margin: 0; background: #204060; overflow: hidden }
body > * { position: absolute; left: 20px; border: 0 }
#square { top: 20px; width: 100px; height: 100px; background: #ff8000 }
input { top: 140px; width: 300px; font-size: 20px }
#bar { top: 200px; height: 20px; background: #ffff00 }
#stripes { top: 240px; left: 0 }
</style>
<div id="square"></div><input><div id="bar"></div><canvas id="stripes"></canvas>
<script>
const get = (id) => document.getElementById(id), input = document.querySelector("input");
get("square").onclick = () => { get("square").style.background = "#00ff00"; input.focus() };
input.oninput = () => { get("bar").style.width = 12 * input.value.length + "px" };
const draw = () => {
	const canvas = get("stripes"), scale = window.devicePixelRatio;
	canvas.width = 90; canvas.height = 30;
	canvas.style.width = 90 / scale + "px"; canvas.style.height = 30 / scale + "px";
	const ink = canvas.getContext("2d");
	for (let x = 0; x < 90; x++) {
		ink.fillStyle = x % 2 ? "#ffffff" : "#c000c0";
		ink.fillRect(x, 0, 1, 30);
	}
};
draw();
window.onresize = draw;
</script>
`

// browse clicks and types in the page, in a session whose only output has a
// scale of tenths/10.
func browse(t *testing.T, s *Session, id uint32, tenths int) {
	t.Helper()
	physical := func(n int) int { return n * tenths / 10 }
	square := s.Spot("the square", 0, 0xff8000)
	if side := physical(100); square.Dx() != side || square.Dy() != side {
		t.Errorf("the square has %v pixels; want %d of each", square.Size(), side)
	}
	s.Call("focus", Args{"window": id})
	middle := Middle(square).Mul(10).Div(tenths)
	s.click(middle)
	if now := s.Spot("the square after a click", 0, 0x00ff00); now != square {
		t.Errorf("the clicked square is at %v; want %v", now, square)
	}
	s.Call("input type", Args{"text": "browser"})
	s.Until("a bar as long as the text", func() bool {
		bar, _ := s.Shoot(nil).Find(0xffff00)
		return bar.Dx() == physical(12*len("browser"))
	})
	s.Until("stripes of one pixel each, sharp", func() bool {
		p := s.Shoot(nil)
		box, n := p.Find(0xc000c0)
		return n == 45*30 && box.Size() == image.Pt(89, 30) && p.stripes(box, 0xc000c0, 0xffffff)
	})
}

// stripes reports whether the columns of a part have two colours in turn.
func (p Picture) stripes(r image.Rectangle, colors ...uint32) bool {
	for x := r.Min.X; x < r.Max.X; x++ {
		if !p.Is(image.Rect(x, r.Min.Y, x+1, r.Max.Y), colors[(x-r.Min.X)%len(colors)]) {
			return false
		}
	}
	return true
}

func pageURL(t *testing.T) string {
	t.Helper()
	return (&url.URL{Scheme: "file", Path: writeFile(t, "page.html", webPage)}).String()
}

func chromium(t *testing.T, output string, tenths int) {
	t.Parallel()
	Need(t, "chromium")
	s := StartWith(t, Options{Args: []string{"--headless", "--output", output}})
	// Chromium's sandbox wants another user than root.
	c := s.Launch("chromium", "--ozone-platform=wayland", "--no-sandbox", "--test-type", "--no-first-run", "--disable-gpu",
		"--disable-background-networking", "--disable-component-update", "--disable-breakpad", "--user-data-dir="+filepath.Join(s.Dir, "profile"),
		"--window-size=500,400", "--app="+pageURL(t))
	id := s.Window(c).ID
	browse(t, s, id, tenths)
	c.Close(s, id)
}

func TestChromium(t *testing.T) { chromium(t, "1280x720", 10) }

// TestFractionalScale: at a scale of 1.5 a program that knows fractional scales
// draws in the screen's own pixels.
func TestFractionalScale(t *testing.T) { chromium(t, "1280x720@1.5", 15) }

// firefoxPrefs keep Firefox from what it does when it runs for the first time.
const firefoxPrefs = `
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.normandy.enabled", false);
user_pref("browser.tabs.warnOnClose", false);
user_pref("extensions.autoDisableScopes", 15);
`

func TestFirefox(t *testing.T) {
	t.Parallel()
	Need(t, "firefox-esr")
	s := Start(t)
	profile := filepath.Join(s.Dir, "profile")
	if err := os.Mkdir(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPrefs), 0o600); err != nil {
		t.Fatal(err)
	}
	c := s.LaunchWith(t, []string{"MOZ_ENABLE_WAYLAND=1", "MOZ_CRASHREPORTER_DISABLE=1"},
		"firefox-esr", "--no-remote", "--profile", profile, pageURL(t))
	id := s.Window(c).ID
	browse(t, s, id, 10)
	c.Close(s, id)
}
