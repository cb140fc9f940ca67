// Package choose picks the display and the renderer that fit the environment a
// session was started in.
package choose

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/display/nested"
	"rayos/gpu/display/window"
	"rayos/internal/loop"
)

// Names are what --display takes, in the order in which they are tried.
var Names = []string{"nested", "window", "headless"}

// Options are what the person asked for.
type Options struct {
	Display string         // one of Names, or "" for the first that fits
	Title   string         // of windows; "" is the display's default
	Outputs []display.Spec // none: one of the default size
	// Renderer is one of Renderers; "" is auto.
	Renderer string
	Log      *slog.Logger // nil discards
	// Getenv replaces os.Getenv if it is not nil.
	Getenv func(string) string

	nodes string // replaces renderNodes in tests
}

// Open opens a display and returns a line that says which and why. Asked for
// by name it is that one or an error. Else it is a window on the Wayland host
// of WAYLAND_DISPLAY or WAYLAND_SOCKET, or one on the X server of DISPLAY, or
// headless; a host that does not answer is passed over, and the line says so.
// Wherever the windows go, package window's rules for goroutines hold.
func Open(l *loop.Loop, o Options) (display.Display, string, error) {
	getenv := o.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	var passed []string
	for _, c := range candidates(o.Display, getenv) {
		d, err := c.open(l, o)
		if err == nil {
			return d, line(c, passed), nil
		}
		if o.Display != "" {
			return nil, "", err
		}
		passed = append(passed, err.Error())
	}
	if o.Display != "" {
		return nil, "", fmt.Errorf("unknown display %q (--display takes %s)", o.Display, strings.Join(Names, ", "))
	}
	return nil, "", errors.New(strings.Join(passed, "; "))
}

func line(c candidate, passed []string) string {
	s := "display " + c.name + ": " + c.why
	for _, p := range passed {
		s += "; passed over: " + p
	}
	return s
}

// candidate is a display that the environment speaks for.
type candidate struct {
	name, why string
	open      func(*loop.Loop, Options) (display.Display, error)
}

func candidates(name string, getenv func(string) string) []candidate {
	switch name {
	case "nested":
		return []candidate{{name, "asked for", openNested}}
	case "window":
		return []candidate{{name, "asked for", openWindow}}
	case "headless":
		return []candidate{{name, "asked for", openHeadless}}
	case "":
	default:
		return nil
	}
	var list []candidate
	if getenv("WAYLAND_SOCKET") != "" {
		list = append(list, candidate{"nested", "a Wayland host is connected by WAYLAND_SOCKET", openNested})
	} else if v := getenv("WAYLAND_DISPLAY"); v != "" {
		list = append(list, candidate{"nested", "a Wayland host is at WAYLAND_DISPLAY=" + v, openNested})
	}
	if v := getenv("DISPLAY"); v != "" {
		list = append(list, candidate{"window", "an X server is at DISPLAY=" + v, openWindow})
	}
	why := "neither WAYLAND_DISPLAY nor DISPLAY is set"
	switch {
	case len(list) > 0:
		why = "no host could be used"
	case onConsole(getenv):
		why = "this is a text console, whose screen cannot be driven yet"
	}
	return append(list, candidate{"headless", why, openHeadless})
}

// onConsole reports whether the session was started on a virtual terminal of
// the kernel. TERM is what getty sets there.
func onConsole(getenv func(string) string) bool { return getenv("TERM") == "linux" }

func openNested(l *loop.Loop, o Options) (display.Display, error) {
	d, err := nested.New(l, nested.Options{Title: o.Title, Outputs: o.Outputs})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func openWindow(l *loop.Loop, o Options) (display.Display, error) {
	d, err := window.New(l, window.Options{Title: o.Title, Outputs: o.Outputs, OpenGL: o.openGL(), Log: o.Log})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func openHeadless(l *loop.Loop, o Options) (display.Display, error) {
	d, err := headless.New(l, o.Outputs...)
	if err != nil {
		return nil, err
	}
	return d, nil
}
