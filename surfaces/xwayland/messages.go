package xwayland

import (
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

// event is what the manager tells the loop. Rectangles are in X pixels,
// relative to the root window.
type event interface{ isEvent() }

type (
	// evReady: the X server serves programs.
	evReady struct{}
	// evFailed: the connection to the X server has ended, err is why.
	evFailed struct{ err error }
	// evIdle: no program is connected any more.
	evIdle struct{}

	// evCreated: a top-level window is there. Override says that the program
	// wants it left alone.
	evCreated struct {
		id       xproto.Window
		rect     geom.Rect
		override bool
	}
	// evMap: the program wants its window shown, or has shown one that is not
	// managed.
	evMap struct {
		id       xproto.Window
		props    props
		rect     geom.Rect
		override bool
	}
	// evUnmapped: it is not shown any more.
	evUnmapped  struct{ id xproto.Window }
	evDestroyed struct{ id xproto.Window }
	// evMoved: where the X server has it now.
	evMoved struct {
		id       xproto.Window
		rect     geom.Rect
		override bool
	}
	// evRaised: the program wants it above all others.
	evRaised struct{ id xproto.Window }
	// evAsksRect: the program wants another place or size for a window that is
	// shown. mask has the ConfigWindow bits that count.
	evAsksRect struct {
		id   xproto.Window
		mask uint16
		rect geom.Rect
	}
	evProps struct {
		id    xproto.Window
		props props
	}
	// evSurface: the window's pixels are those of a wl_surface, named by its
	// id or by a serial.
	evSurface struct {
		id      xproto.Window
		surface uint32
		serial  uint64
	}
	// evAsks: the program asks for a state. to is 0 to remove, 1 to add, 2 to
	// toggle.
	evAsksState struct {
		id     xproto.Window
		to     uint32
		states states
	}
	// evActivate: somebody asks for the focus. user says that it was the
	// person, by a pager; by is the program's active window.
	evActivate struct {
		id   xproto.Window
		by   xproto.Window
		user bool
	}
	evClose      struct{ id xproto.Window }
	evMinimize   struct{ id xproto.Window }
	evMoveResize struct {
		id        xproto.Window
		direction uint32
	}
	// evHung: the program has not answered a ping; evPong: it has.
	evHung struct {
		id xproto.Window
		on bool
	}
)

func (evReady) isEvent()      {}
func (evFailed) isEvent()     {}
func (evIdle) isEvent()       {}
func (evCreated) isEvent()    {}
func (evMap) isEvent()        {}
func (evUnmapped) isEvent()   {}
func (evDestroyed) isEvent()  {}
func (evMoved) isEvent()      {}
func (evRaised) isEvent()     {}
func (evAsksRect) isEvent()   {}
func (evProps) isEvent()      {}
func (evSurface) isEvent()    {}
func (evAsksState) isEvent()  {}
func (evActivate) isEvent()   {}
func (evClose) isEvent()      {}
func (evMinimize) isEvent()   {}
func (evMoveResize) isEvent() {}
func (evHung) isEvent()       {}

// command is what the loop tells the manager.
type command interface{ isCommand() }

type (
	// cmdQuit ends the connection.
	cmdQuit struct{}
	// cmdScreen describes the outputs.
	cmdScreen struct{ screen screen }
	// cmdMap shows a managed window.
	cmdMap struct {
		id      xproto.Window
		extents extents // of the frame around it
	}
	// cmdPlace moves and resizes a window; a program that is not told of a
	// change by the X server is told by a message.
	cmdPlace struct {
		id   xproto.Window
		rect geom.Rect
		tell bool // even if nothing changes
	}
	// cmdState sets what the window is told of itself.
	cmdState struct {
		id     xproto.Window
		states states
	}
	cmdExtents struct {
		id      xproto.Window
		extents extents
	}
	// cmdFocus gives the X focus to a window, 0 to none.
	cmdFocus struct{ id xproto.Window }
	// cmdStack is the order of the managed windows, bottom to top.
	cmdStack struct{ ids []xproto.Window }
	// cmdClose asks a window to close; kill ends its program.
	cmdClose struct {
		id   xproto.Window
		kill bool
	}
)

func (cmdQuit) isCommand()    {}
func (cmdScreen) isCommand()  {}
func (cmdMap) isCommand()     {}
func (cmdPlace) isCommand()   {}
func (cmdState) isCommand()   {}
func (cmdExtents) isCommand() {}
func (cmdFocus) isCommand()   {}
func (cmdStack) isCommand()   {}
func (cmdClose) isCommand()   {}

// screen is what X11 programs know of the outputs. Rectangles are in X pixels.
type screen struct {
	scale    int32
	size     geom.Size
	workarea geom.Rect
}
