//go:build cgo && !wayland

package window

/*
#cgo LDFLAGS: -lX11
#include <stdlib.h>
#include <X11/Xlib.h>

static int connection_lost;

static int on_io_error(Display *d) { return 0; }

// Xlib locks the display for the thread that is to exit now. As this one does
// not, the lock is given back: libGLX takes it in its destructor, which may
// run on any thread.
static void on_io_error_exit(Display *d, void *data) {
	connection_lost = 1;
	XUnlockDisplay(d);
}

// watch_connection keeps Xlib from ending the process when the server goes.
static void watch_connection(Display *d) {
	connection_lost = 0;
	XSetIOErrorHandler(on_io_error);
	XSetIOErrorExitHandler(d, on_io_error_exit, NULL);
}

static int lost(void) { return connection_lost; }
static int queued(Display *d) { return XEventsQueued(d, QueuedAlready); }
static int visual(Display *d) { return XVisualIDFromVisual(DefaultVisual(d, DefaultScreen(d))); }
static int number(Display *d) { return ConnectionNumber(d); }
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"

	"rayos/gpu/display/internal/keys"
)

// x11 is GLFW's connection to the X server, for what GLFW does not tell.
type x11 struct{ dpy *C.Display }

// probeX11 reports whether the X server of the environment answers. GLFW only
// logs when it does not.
func probeX11() error {
	d := C.XOpenDisplay(nil)
	if d == nil {
		return fmt.Errorf("cannot open the X display %q (DISPLAY)", os.Getenv("DISPLAY"))
	}
	C.XCloseDisplay(d)
	return nil
}

func newX11(dpy unsafe.Pointer) x11 {
	x := x11{(*C.Display)(dpy)}
	C.watch_connection(x.dpy)
	return x
}

// fd is the connection's descriptor, for the loop.
func (x x11) fd() int { return int(C.number(x.dpy)) }

// visual is the id of the visual that windows get.
func (x x11) visual() int { return int(C.visual(x.dpy)) }

// flush sends buffered requests.
func (x x11) flush() { C.XFlush(x.dpy) }

// queued reports whether Xlib has read events that nobody has taken, for
// which the descriptor will not become readable.
func (x x11) queued() bool { return C.queued(x.dpy) > 0 }

// lost reports whether the server went away.
func (x x11) lost() bool { return C.lost() != 0 }

// down returns the keys that are down on the server's keyboard.
func (x x11) down() (set keys.Set) {
	var state [32]C.char
	C.XQueryKeymap(x.dpy, &state[0])
	for code := uint32(x11KeyOffset); code < 256; code++ {
		if uint8(state[code/8])>>(code%8)&1 != 0 {
			set.Change(code-x11KeyOffset, true)
		}
	}
	return set
}
