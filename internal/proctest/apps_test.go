package proctest

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/counter"
	"rayos/rayapps/ui/theme"
)

// counts starts the counter in a session and waits until it has been seen.
func (s *Session) counts() (*Client, uint32) {
	s.T.Helper()
	env := []string{"XDG_STATE_HOME=" + filepath.Join(s.Dir, "state"), "RAYOS_THEME=light"}
	c := s.LaunchWith(s.T, env, Binary("rayos-apps"), "counter")
	c.Said(s, "RAYOS_GUI_APP_READY:counter\n")
	return c, s.Window(c).ID
}

// TestAppSurvivesAKill: what an app has saved comes back after it was killed,
// and after it was closed, on an output of any scale.
func TestAppSurvivesAKill(t *testing.T) {
	s := StartWith(t, Options{Args: []string{"--headless", "--output", "1280x720@1.5", "--no-shell"}})
	c, id := s.counts()
	if w := s.Get(id); w.Title != "Counter" || w.AppID != counter.Options.ID {
		t.Errorf("the window is %+v", *w)
	}
	s.Call("input type", Args{"text": "+++-+"})
	file := filepath.Join(s.Dir, "state", "rayapps", counter.Options.ID, "state")
	s.Until("the count is saved", func() bool {
		data, err := os.ReadFile(file)
		return err == nil && string(data) == "3"
	})
	c.Kill()
	s.Until("its window has gone", func() bool { return len(s.Windows()) == 0 })

	c, id = s.counts()
	got := s.Shoot(Args{"window": id})
	want := preview(t, 180, "+++")
	if d := Diff(got, want); !d.Empty() {
		t.Errorf("after a kill the window (%v) differs from a counter that has counted to three (%v) in %v", got.Rect, want.Rect, d)
	}
	s.Call("input type", Args{"text": "++"})
	c.Signal(syscall.SIGTERM)
	c.Ends(s)
	if data, err := os.ReadFile(file); string(data) != "5" || err != nil {
		t.Errorf("after SIGTERM the saved count is %q, %v; want 5", data, err)
	}

	c, id = s.counts()
	c.Close(s, id)
	if out := c.Output(); strings.Count(out, "\n") != 1 {
		t.Errorf("the app wrote %q; want its marker and nothing else", out)
	}
}

// preview draws a counter of which some keys were pressed, without a session.
func preview(t *testing.T, scale geom.Scale, keys string) Picture {
	t.Helper()
	p, err := rayapps.NewPreview(counter.Options, new(counter.Counter), rayapps.Look{Scale: scale, Scheme: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	p.Type(keys)
	pixels, err := p.Picture()
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, int(pixels.W), int(pixels.H)))
	for i := 0; i < len(pixels.Data); i += 4 {
		b := pixels.Data[i:]
		copy(img.Pix[i:], []byte{b[2], b[1], b[0], 255})
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	return Picture{img}
}

// TestAppIsClicked: the pointer's way from the session to a button.
func TestAppIsClicked(t *testing.T) {
	s := Start(t)
	_, id := s.counts()
	w := s.Get(id)
	box, n := s.Shoot(Args{"window": id}).Find(uint32(theme.New(theme.Light, 0).Accent & 0xffffff))
	if n == 0 {
		t.Fatal("the button that counts is nowhere")
	}
	// Its text is in the middle of it, its edge isn't.
	s.Call("input pointer", Args{"x": int(w.Content.X) + box.Min.X + 6, "y": int(w.Content.Y) + Middle(box).Y})
	s.Call("input click", Args{})
	s.Until("it has counted", func() bool {
		data, err := os.ReadFile(filepath.Join(s.Dir, "state", "rayapps", counter.Options.ID, "state"))
		return err == nil && string(data) == "1"
	})
}
