package rayapps

import (
	"errors"
	"os"

	"rayos/geom"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
)

// App is what a window shows. View is called when the state may have changed,
// at most once a frame. What else an app takes part in it says by the
// interfaces below.
//
// All methods are called on the window's goroutine.
type App interface {
	View(w *Window) ui.Node
}

// Drawer draws its window itself, in logical pixels from the top-left corner.
// Drawn makes an App of it.
type Drawer interface {
	Draw(w *Window, b *paint.Builder, size geom.Size)
}

// Drawn returns the app that shows what d draws. The other interfaces are looked
// for in d.
func Drawn(d Drawer) App { return drawn{d} }

type drawn struct{ d Drawer }

func (a drawn) View(w *Window) ui.Node {
	c := ui.Canvas{Draw: func(b *paint.Builder, size geom.Size) { a.d.Draw(w, b, size) }}
	if h, ok := a.d.(EventHandler); ok {
		c.OnEvent = func(ev ui.Event) bool { return h.Event(w, ev) }
	}
	return c
}

// as looks for an interface of an app.
func as[T any](a App) (T, bool) {
	if d, ok := a.(drawn); ok {
		t, ok := d.d.(T)
		return t, ok
	}
	t, ok := a.(T)
	return t, ok
}

// The life of an app: Create, Start, then Resume and Pause in turns, Stop and
// Destroy.
type (
	// Creator is told first of all, before there is a window. Saved is what
	// Save returned in the life before, nil if there was none.
	Creator interface {
		Create(w *Window, saved []byte) error
	}
	// Starter is told when the compositor has the window, before its first
	// frame.
	Starter interface {
		Start(w *Window) error
	}
	// Resumer is told whenever the window can be seen from now on.
	Resumer interface {
		Resume(w *Window)
	}
	// Pauser is told whenever it can't be seen any more. What only makes the
	// picture move can rest.
	Pauser interface {
		Pause(w *Window)
	}
	// Saver has a state that outlives it. Save is called when the app pauses
	// or stops, and a second after something has changed, so that little is
	// lost when it is killed. The bytes are at most MaxState and the caller's.
	Saver interface {
		Save() ([]byte, error)
	}
	// Destroyer is told last of all, when there is no window any more.
	Destroyer interface {
		Destroy()
	}
)

// What an app can take part in.
type (
	// Titler names its window anew whenever it changes.
	Titler interface {
		Title() string
	}
	// KeyHandler gets keystrokes that no widget has taken. It returns whether
	// the key meant something.
	KeyHandler interface {
		Key(w *Window, k *ui.Keystroke) bool
	}
	// RawKeyHandler gets keys before everything else, modifiers and all: their X
	// keysym, their code of linux/input-event-codes.h, and whether they went down
	// or up. Those that it takes aren't repeated and mean nothing to widgets.
	RawKeyHandler interface {
		RawKey(w *Window, sym ui.Sym, code uint32, down bool) bool
	}
	// EventHandler gets the events of a Drawer's window, in its coordinates.
	EventHandler interface {
		Event(w *Window, ev ui.Event) bool
	}
	// Focuser is told when the window gets the keyboard or loses it.
	Focuser interface {
		Focus(w *Window, has bool)
	}
	// Readier shows something else until it has what it is for; only then a
	// frame of it is told as ready.
	Readier interface {
		Ready() bool
	}
	// Closer is asked when the person closes the window; false keeps it.
	Closer interface {
		Close(w *Window) bool
	}
	// Opener gets the files and addresses that the app was started for, after
	// Start.
	Opener interface {
		Open(w *Window, names []string)
	}
	// FileOpener gets the files that the person opens with an app that can't see
	// any: those that it was started for, and later ones. The file is the app's,
	// to be closed by it. Name is for people; Grant asks for the file again
	// (Pick.Grant).
	FileOpener interface {
		OpenFile(w *Window, f *os.File, name, grant string)
	}
)

// MaxState bounds what an app may save, in bytes.
const MaxState = 1 << 20

// ErrState says that an app wants to save more.
var ErrState = errors.New("rayapps: state is larger than 1 MiB")
