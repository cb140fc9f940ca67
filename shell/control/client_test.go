package control_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

func TestClientDecodesResults(t *testing.T) {
	s, l, srv := start(t)
	c := dial(t, srv.Path())
	ctx := context.Background()
	var windows []control.Window
	if err := c.Call(ctx, "windows", nil, &windows); err != nil || len(windows) != 2 || windows[1].Content.W != 300 {
		t.Errorf("Call(windows) = %v, %+v", err, windows)
	}
	var pic control.Picture
	if err := c.Call(ctx, "screenshot", map[string]any{"window": 1}, &pic); err != nil || pic.Height != 1 || len(pic.PNG) == 0 {
		t.Errorf("Call(screenshot) = %v, %+v", err, pic)
	}
	l.Do(func() { s.Err = control.Errorf(control.CodeNoOutput, "no output") })
	err := c.Call(ctx, "workspace", map[string]any{"n": 1}, nil)
	var e *control.Error
	if !errors.As(err, &e) || e.Code != control.CodeNoOutput {
		t.Errorf("Call = %v; want %s", err, control.CodeNoOutput)
	}
	l.Do(func() { s.Hold = true })
	ended, cancel := context.WithCancel(ctx)
	go func() { <-s.Changed; cancel() }()
	if err := c.Call(ended, "wait", map[string]any{"idle": true}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Call(wait) = %v; want %v", err, context.Canceled)
	}
}

func TestFindSocket(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"XDG_RUNTIME_DIR": dir}
	find := func() (string, error) { return control.FindSocket(func(k string) string { return env[k] }) }
	if _, err := find(); !errors.Is(err, control.ErrNoSession) {
		t.Errorf("FindSocket without sessions = %v", err)
	}
	l := controltest.NewLoop()
	defer l.Stop()
	var paths []string
	for _, display := range []string{"wayland-1", "wayland-2"} {
		srv, err := control.Listen(control.SocketPath(dir, display), l, controltest.New())
		if err != nil {
			t.Fatal(err)
		}
		defer srv.Close()
		paths = append(paths, srv.Path())
		if len(paths) == 1 {
			if got, err := find(); got != paths[0] || err != nil {
				t.Errorf("FindSocket = %q, %v; want the only one", got, err)
			}
		}
	}
	if _, err := find(); err == nil || !strings.Contains(err.Error(), paths[0]) || !strings.Contains(err.Error(), paths[1]) {
		t.Errorf("FindSocket with two sessions = %v; want a list", err)
	}
	for _, display := range []string{"wayland-2", "/run/user/7/wayland-2"} {
		env["WAYLAND_DISPLAY"] = display
		if got, err := find(); got != paths[1] || err != nil {
			t.Errorf("FindSocket(WAYLAND_DISPLAY=%s) = %q, %v", display, got, err)
		}
	}
	env["RAYOS_SOCKET"] = "/else/where"
	if got, err := find(); got != "/else/where" || err != nil {
		t.Errorf("FindSocket(RAYOS_SOCKET) = %q, %v", got, err)
	}
	delete(env, "RAYOS_SOCKET")
	delete(env, "XDG_RUNTIME_DIR")
	if _, err := find(); !errors.Is(err, control.ErrNoSession) {
		t.Errorf("FindSocket without XDG_RUNTIME_DIR = %v", err)
	}
}
