package proctest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rayos/rayapps/ui/theme"
)

// TestModuleFromABundle: a WebAssembly app is packed, installed and run as any
// other; it draws, is clicked, and keeps its state.
func TestModuleFromABundle(t *testing.T) {
	t.Parallel()
	Need(t, "go")
	dir := t.TempDir()
	app := filepath.Join(dir, "clock")
	if err := os.Mkdir(app, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(app, "clock.wasm"), "./rayapps/examples/clockface")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	manifest := "api = 1\nid = \"org.example.Clock\"\nname = \"Clock\"\nversion = \"1.0.0\"\nexec = \"clock.wasm\"\n"
	if err := os.WriteFile(filepath.Join(app, "rayapp.toml"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	s := StartWith(t, Options{
		Env:  []string{"XDG_DATA_HOME=" + data, "XDG_CONFIG_HOME=" + filepath.Join(dir, "config")},
		Args: []string{"--headless", "--output", "800x600", "--no-shell"},
	})
	file := filepath.Join(dir, "clock.rayapp")
	rayctl := func(args ...string) string {
		t.Helper()
		c := exec.Command(Binary("rayctl"), args...)
		c.Env = append(s.Env(), "XDG_DATA_HOME="+data, "XDG_CONFIG_HOME="+filepath.Join(dir, "config"))
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("rayctl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	rayctl("app", "pack", app, "--out", file, "--key", filepath.Join(dir, "key"))
	rayctl("app", "install", file, "--trust", fingerprint(rayctl("app", "verify", file)))
	rayctl("run", "clock")
	s.Until("it is ready", func() bool { return strings.Contains(s.Log(), "RAYOS_GUI_APP_READY:clock") })
	if !strings.Contains(s.Log(), "RAYOS_GUI_APP_CONFINED:org.example.Clock:") {
		t.Error("it isn't confined")
	}
	windows := s.Windows()
	if len(windows) != 1 || windows[0].AppID != "org.example.Clock" || windows[0].Title != "Clock" || windows[0].Owner != "sandboxed" {
		t.Fatalf("%+v", windows)
	}
	accent := uint32(theme.New(theme.Dark, 0).Accent & 0xffffff)
	hand := func() int {
		_, n := s.Shoot(Args{"window": windows[0].ID}).Find(accent)
		return n
	}
	s.Until("the second hand is there", func() bool { return hand() > 300 })
	c := windows[0].Content
	s.Call("input pointer", Args{"x": c.X + 34, "y": c.Y + c.H - 30}) // on the switch
	s.Call("input click", Args{})
	s.Until("the second hand has gone", func() bool { return hand() < 150 })
	home := filepath.Join(data, "rayos", "home", "org.example.Clock")
	s.Until("that is kept", func() bool {
		state, err := os.ReadFile(filepath.Join(home, "state", "rayapps", "org.example.Clock", "state"))
		return err == nil && string(state) == "still"
	})
	s.Call("close", Args{"window": windows[0].ID})
	s.Until("it has ended", func() bool { return strings.Contains(s.Log(), "RAYOS_GUI_APP_ENDED:org.example.Clock") })
	if n := len(s.Windows()); n != 0 {
		t.Errorf("%d windows are left", n)
	}
}

// fingerprint finds the key in what rayctl says of a bundle.
func fingerprint(said string) string {
	for line := range strings.Lines(said) {
		if _, after, ok := strings.Cut(line, "key"); ok {
			return strings.TrimSpace(after)
		}
	}
	return ""
}
