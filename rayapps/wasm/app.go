package wasm

import (
	"rayos/geom"
	"rayos/rayapps/ui"
)

// App is what a window shows. View is called when the state may have changed, at
// most once a frame.
type App interface {
	View(w *Window) ui.Node
}

// What else an app can take part in, as in package rayapps.
type (
	// Creator is told first of all, with what Save returned in the life before,
	// nil if there was none.
	Creator interface {
		Create(w *Window, saved []byte) error
	}
	// Resumer is told whenever the window can be seen from now on.
	Resumer interface{ Resume(w *Window) }
	// Pauser is told whenever it can't be seen any more.
	Pauser interface{ Pause(w *Window) }
	// Saver has a state that outlives it, of at most 1 MiB.
	Saver interface{ Save() ([]byte, error) }
	// Titler names its window anew whenever it changes.
	Titler interface{ Title() string }
	// KeyHandler gets keystrokes that no widget has taken. It returns whether the
	// key meant something.
	KeyHandler interface {
		Key(w *Window, k *ui.Keystroke) bool
	}
	// Closer is asked when the person closes the window; false keeps it.
	Closer interface{ Close(w *Window) bool }
	// Opener gets the addresses that the app was started for.
	Opener interface {
		Open(w *Window, names []string)
	}
)

// Options says how the window begins.
type Options struct {
	// Title is the window's until a Titler says otherwise.
	Title string
	// Size is the window's at first, in logical pixels; 0 is 800×600. MinSize is
	// the least that the view makes sense at.
	Size, MinSize geom.Size
}
