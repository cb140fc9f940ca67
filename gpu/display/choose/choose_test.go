package choose

import (
	"os"
	"strings"
	"testing"

	"rayos/gpu/display/internal/displaytest"
	"rayos/gpu/display/window"
	"rayos/internal/loop"
)

func TestOpen(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir()) // no host answers
	for _, c := range []struct {
		what    string
		display string
		env     map[string]string
		name    string
		line    []string // parts of the line or the error
	}{
		{"nothing", "", nil, "headless", []string{"display headless: neither"}},
		{"console", "", map[string]string{"TERM": "linux"}, "headless", []string{"text console"}},
		{"asked for", "headless", map[string]string{"WAYLAND_DISPLAY": "wayland-9"}, "headless", []string{"asked for"}},
		{
			"dead hosts", "",
			map[string]string{"WAYLAND_DISPLAY": "wayland-9", "DISPLAY": ":65001"},
			"headless",
			[]string{"no host could be used", "wayland-9", "window display"},
		},
		{"asked for a dead host", "nested", map[string]string{"WAYLAND_DISPLAY": "wayland-9"}, "", []string{"wayland-9"}},
		{"unknown", "drm", nil, "", []string{`unknown display "drm"`, "nested, window, headless"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			for _, name := range []string{"WAYLAND_SOCKET", "WAYLAND_DISPLAY", "DISPLAY", "TERM"} {
				t.Setenv(name, c.env[name])
				if c.env[name] == "" {
					os.Unsetenv(name)
				}
			}
			l := displaytest.Loop(t, loop.NewVirtual)
			d, line, err := Open(l, Options{Display: c.display})
			if err != nil {
				line = err.Error()
			} else {
				defer d.Close()
			}
			if got := err == nil; got != (c.name != "") {
				t.Fatalf("Open = %v", err)
			}
			if err == nil && d.Name() != c.name {
				t.Errorf("opened %s; want %s", d.Name(), c.name)
			}
			for _, part := range c.line {
				if !strings.Contains(line, part) {
					t.Errorf("line %q lacks %q", line, part)
				}
			}
			if strings.Contains(line, "\n") {
				t.Errorf("%q is more than one line", line)
			}
		})
	}
}

func TestOpenRenderer(t *testing.T) {
	l := displaytest.Loop(t, loop.NewVirtual)
	d, _, err := Open(l, Options{Display: "headless"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, c := range []struct{ asked, name, line string }{
		{"", "raster", "software renderer: a display that takes memory"},
		{"auto", "raster", "software renderer: a display that takes memory"},
		{"software", "raster", "asked for"},
		{"gl", "gl", "gl renderer: "},
		{"vulkan", "", "auto, software, gl"},
	} {
		r, line, err := OpenRenderer(d, Options{Renderer: c.asked})
		if err != nil {
			line = err.Error()
			if c.asked == "gl" {
				t.Logf("there is no OpenGL: %v", err)
				continue
			}
		} else {
			r.Close()
		}
		if err == nil && r.Name() != c.name || err != nil && c.name != "" || !strings.Contains(line, c.line) {
			t.Errorf("%q: %v, %q, %v; want %q, %q", c.asked, r, line, err, c.name, c.line)
		}
	}
}

// TestOpenGLNeedsAGPU: without one, nothing of OpenGL is loaded.
func TestOpenGLNeedsAGPU(t *testing.T) {
	dir := t.TempDir()
	none := dir + "/renderD*"
	if err := os.WriteFile(dir+"/card0", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		asked, nodes string
		want         window.OpenGL
	}{
		{"auto", none, window.Never},
		{"", none, window.Never},
		{"auto", dir + "/card*", window.IfHardware},
		{"software", dir + "/card*", window.Never},
		{"gl", none, window.Always},
	} {
		if got := (&Options{Renderer: c.asked, nodes: c.nodes}).openGL(); got != c.want {
			t.Errorf("%q with %s: %v; want %v", c.asked, c.nodes, got, c.want)
		}
	}
}

func TestCandidates(t *testing.T) {
	for _, c := range []struct{ env, want string }{
		{"WAYLAND_SOCKET=4 DISPLAY=:0", "nested window headless"},
		{"WAYLAND_DISPLAY=wayland-1", "nested headless"},
		{"DISPLAY=:0 TERM=linux", "window headless"},
	} {
		env := map[string]string{}
		for _, kv := range strings.Fields(c.env) {
			k, v, _ := strings.Cut(kv, "=")
			env[k] = v
		}
		var names []string
		for _, cand := range candidates("", func(k string) string { return env[k] }) {
			names = append(names, cand.name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: %s; want %s", c.env, got, c.want)
		}
	}
}
