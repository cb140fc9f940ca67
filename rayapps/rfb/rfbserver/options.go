package rfbserver

import (
	"crypto/tls"
	"log/slog"
	"time"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// Options say who may look, and what a viewer can do.
type Options struct {
	Name string // of the desktop
	// Password lets viewers in, within TLS: the protocol's own hides neither it nor
	// anything else. Only its first 8 bytes count. Without one, viewers of this
	// machine and user are let in, and nobody else.
	Password string
	TLS      *tls.Config // with a certificate; needed with a password
	// Seat gives a viewer what they point and type with. Its error turns them away.
	Seat func(*Viewer) (Seat, error)
	// Hungry is called when a viewer could be sent pixels and lacks none, from
	// whatever goroutine. It may be nil.
	Hungry func()
	// Viewers is how many there are at a time, 0 for 16.
	Viewers int
	Log     *slog.Logger
}

// Seat is what a viewer does. Its methods are called from the goroutine of Serve,
// Close as the last of them.
type Seat interface {
	// Key is a key that went down or up: an X11 keysym, 0 for none, and the code of
	// linux/input-event-codes.h, 0 if the viewer can't tell.
	Key(keysym, code uint32, down bool)
	// Pointer says where the pointer is, within the screen, and what is held.
	Pointer(at geom.Point, down rfb.Button)
	// Resize asks for another size of the screen. ResizeDone promises one, unless
	// it is the size that there is.
	Resize(geom.Size) rfb.ResizeStatus
	// Offer tells which formats the viewer's clipboard has; Viewer.Request fetches
	// them.
	Offer(rfb.Formats)
	// Clipboard brings what the viewer's clipboard has. It may keep it.
	Clipboard(rfb.Clip)
	// Wanted asks for formats of what SetClipboard has offered; Viewer.Provide
	// sends them.
	Wanted(rfb.Formats)
	Close()
}

// Limits.
const (
	maxViewers  = 16
	maxEncoding = 1024    // numbers in SetEncodings
	maxClip     = 4 << 20 // bytes, deflated and not
	maxQueued   = 8 << 20 // bytes that wait to be sent beside pictures
	maxCursor   = 512     // pixels, either way
	shakeWithin = 30 * time.Second
)
