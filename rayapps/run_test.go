package rayapps

import (
	"errors"
	"os"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
)

func TestLife(t *testing.T) {
	r := newRoom(t)
	s := r.start(Options{ID: "org.example.Life", Title: "first", Names: []string{"a.txt", "b.txt"}}, &probe{state: "one", keep: true})
	if line := <-s.ready; line != "RAYOS_GUI_APP_READY:life" {
		t.Errorf("the marker is %q", line)
	}
	if frames := s.requests("wp_presentation_feedback"); len(frames) == 0 || !strings.Contains(frames[len(frames)-1], "presented") {
		t.Errorf("ready without a frame that was presented: %q", frames)
	}
	if got := s.life(); got != "create start open:a.txt,b.txt resume" && got != "create start open:a.txt,b.txt resume save" {
		t.Errorf("the life began with %q", got)
	}
	s.do(func(w *Window) { w.toplevel.OnClose() })
	if s.do(func(w *Window) {}); !s.heard("close") {
		t.Error("the app was not asked whether it closes")
	}
	s.do(func(w *Window) {
		s.keep = false
		w.toplevel.OnClose()
	})
	if err := <-s.done; err != nil {
		t.Errorf("Run = %v", err)
	}
	if got := s.life(); !strings.HasSuffix(got, "close pause save destroy") && !strings.HasSuffix(got, "close pause save save destroy") {
		t.Errorf("the life ended with %q", got)
	}

	again := r.show(Options{ID: "org.example.Life"}, &probe{})
	if again.state != "one" {
		t.Errorf("the next life began with the state %q; want one", again.state)
	}
}

func TestHooksThatFail(t *testing.T) {
	for _, hook := range []string{"create", "start"} {
		r := newRoom(t)
		s := r.start(Options{ID: "org.example.Fails"}, &probe{fail: hook})
		if err := <-s.done; !errors.Is(err, errHook) {
			t.Errorf("Run of an app whose %s fails = %v", hook, err)
		}
		if got := s.life(); !strings.HasSuffix(got, "destroy") {
			t.Errorf("the life was %q; want destroy in the end", got)
		}
	}
}

func TestNoCompositor(t *testing.T) {
	if err := Run(Options{ID: "org.example.Nowhere", Socket: t.TempDir() + "/none"}, &probe{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Run without a compositor = %v", err)
	}
	if err := Run(Options{ID: "nowhere"}, &probe{}); !errors.Is(err, ErrID) {
		t.Errorf("Run of an app without a name = %v", err)
	}
}

func TestCompositorThatGoes(t *testing.T) {
	r := newRoom(t)
	s := r.show(Options{}, &probe{state: "kept"})
	s.do(func(w *Window) { w.end(errHook) })
	if err := <-s.done; !errors.Is(err, errHook) {
		t.Errorf("Run = %v", err)
	}
	if !s.heard("save") {
		t.Error("the state was not saved")
	}
}

// drawer draws by itself.
type drawer struct {
	probe
	size geom.Size
}

func (d *drawer) Draw(_ *Window, b *paint.Builder, size geom.Size) {
	d.size = size
	b.Fill(size.Rect().Fixed(), render.RGBA(200, 40, 40, 255))
}

func TestDrawn(t *testing.T) {
	d := new(drawer)
	p, err := NewPreview(Options{ID: "org.example.Drawn", Size: geom.Size{W: 60, H: 40}}, Drawn(d), Look{})
	if err != nil {
		t.Fatal(err)
	}
	pixels, err := p.Picture()
	if err != nil {
		t.Fatal(err)
	}
	if c := pixels.Data[4*(20*60+30):][:3]; d.size != (geom.Size{W: 60, H: 40}) || c[2] != 200 || c[1] != 40 {
		t.Errorf("it has drawn in %v; the middle is %v", d.size, c)
	}
	if p.Press(ui.KeyF2, 0); !d.heard("key:") {
		t.Error("the app did not hear of a key: interfaces are not looked for in a Drawer")
	}
	if err := p.Close(); err != nil || !d.heard("destroy") {
		t.Errorf("Close() = %v; told %q", err, d.life())
	}
}

func TestIDs(t *testing.T) {
	for id, want := range map[string]bool{
		"org.example.Notes": true, "a.b": true, "org.x-y.Z_1": true,
		"": false, "notes": false, "org..x": false, ".a.b": false, "a.b.": false, "org.1x": false, "org.ex/ample": false,
		"org.ex ample.x": false, "../../x": false, "a." + strings.Repeat("x", 300): false,
	} {
		if got := validID(id); got != want {
			t.Errorf("validID(%q) = %v", id, got)
		}
	}
}

func TestPlainNames(t *testing.T) {
	for name, want := range map[string]string{"counter": "counter", "My App": "My_App", "a:b\nRAYOS_READY": "a_b_RAYOS_READY", "Zähler": "Z_hler"} {
		if got := plain(name); got != want {
			t.Errorf("plain(%q) = %q; want %q", name, got, want)
		}
	}
}

func TestPostIsBounded(t *testing.T) {
	p, err := NewPreview(Options{ID: "org.example.Post"}, &probe{}, Look{})
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for i := range maxPosts + 1 {
		if ok := p.Window().Post(func() { ran++ }); ok != (i < maxPosts) {
			t.Fatalf("Post number %d = %v", i+1, ok)
		}
	}
	if p.Settle(); ran != maxPosts {
		t.Errorf("%d functions ran; want %d", ran, maxPosts)
	}
	if !p.Window().Post(func() {}) {
		t.Error("nothing can be posted any more")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
