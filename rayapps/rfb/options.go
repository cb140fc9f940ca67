package rfb

import (
	"context"
	"crypto/rsa"
	"crypto/tls"

	"rayos/geom"
)

// Options says how to connect and what to ask for. The zero value connects
// without credentials, decodes all encodings on two workers and trusts X.509
// certificates that the system trusts.
type Options struct {
	// Security is what may be agreed on, the most wanted first. Of VeNCrypt's types,
	// which the server tells only when VeNCrypt was chosen, the best is taken. Nil
	// stands for VeNCrypt, RA2x256, RA2, None, RA2ne256, RA2ne, VncAuth.
	Security []Security
	// Credentials is asked once when the server wants some. The user's name
	// is empty for methods that know none.
	Credentials func(ctx context.Context, method Security) (user, password string, err error)
	// TLS is the configuration for VeNCrypt; its ServerName must be set unless
	// Pin is. Nil is an empty one.
	TLS *tls.Config
	// Pin, when set, judges the server's certificates in place of the system's
	// roots and the name: a caller that remembers keys checks them here.
	Pin func(tls.ConnectionState) error
	// PinKey judges the server's key in RA2, which is not spoken without it.
	PinKey func(*rsa.PublicKey) error
	// Exclusive asks the server to send other viewers away.
	Exclusive bool
	// Encodings are the pixel encodings to ask for, in order; nil is all.
	Encodings []Encoding
	// Quality 1 to 10 allows lossy JPEG in Tight; 0 doesn't.
	Quality int
	// FineQuality 1 to 100 and Subsampling say more of that JPEG to servers that
	// listen (TurboVNC, libvncserver): its quality in percent, and how much of its
	// colours is kept. They count with Quality alone.
	FineQuality int
	Subsampling Subsampling
	// Compress 1 to 9 asks for a zlib level; 0 leaves it to the server.
	Compress int
	// Workers decode large rectangles beside Run's goroutine: at most 4, 0
	// stands for 2, negative for none.
	Workers int
	// Audio is the sound to ask QEMU for, which Handler.Audio brings; nil asks for
	// none.
	Audio  *AudioFormat
	Limits Limits
}

// Subsampling is how much of the colours JPEG keeps, in the order of the registry.
type Subsampling uint8

// One value of colour for so many pixels.
const (
	SubsamplingAny  Subsampling = iota // the server chooses
	Subsampling1                       // every one
	Subsampling4                       // 2×2
	Subsampling2                       // 2×1
	SubsamplingGrey                    // no colours
	Subsampling8                       // 4×2
	Subsampling16                      // 4×4
)

// Screen is one screen of a desktop, in pixels of its framebuffer.
type Screen struct {
	ID    uint32
	Rect  geom.Rect
	Flags uint32 // as the server sent them
}

// Desktop is what a framebuffer shows.
type Desktop struct {
	Size    geom.Size // pixels
	Screens []Screen  // empty when the server doesn't tell
}

// ResizeStatus is a server's answer to SetDesktopSize.
type ResizeStatus uint16

// The answers of ExtendedDesktopSize.
const (
	ResizeDone ResizeStatus = iota
	ResizeProhibited
	ResizeOutOfResources
	ResizeInvalid
	ResizeForwarded
)

func (s ResizeStatus) String() string {
	names := [...]string{"done", "prohibited", "out of resources", "invalid layout", "forwarded"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// Cursor is a pointer's picture: 4 bytes a pixel in the order blue, green, red,
// alpha, the colours multiplied by alpha, rows without gaps. A size of zero
// hides it.
type Cursor struct {
	Size geom.Size
	Hot  geom.Point // pixels from the picture's corner
	Pix  []byte     // borrowed until the call returns
}

// LED is the state of a keyboard's lock lights.
type LED uint8

// The lights.
const (
	LEDScroll LED = 1 << iota
	LEDNum
	LEDCaps
)

// Handler is told what arrives. All calls come from Run's goroutine, which
// reads nothing meanwhile; a nil function is skipped, except Resize.
type Handler struct {
	// Resize gives the framebuffer for a desktop, at the start and when its
	// size or its screens change. What was in the old one isn't copied: the
	// server sends everything anew after a change of size.
	Resize func(Desktop) Framebuffer
	// Frame ends an update, or several of which the next had begun to come
	// within 8 ms of the last frame. The damage is in pixels of the framebuffer
	// and borrowed until the call returns.
	Frame func(damage *geom.Region)
	// Resized tells how a SetDesktopSize of this client went.
	Resized func(ResizeStatus)
	Cursor  func(Cursor)
	// Warp tells that the server has moved the pointer there (VMware).
	Warp func(geom.Point)
	Bell func()
	Name func(string)
	LED  func(LED)
	// Relative tells that pointer positions are to be movements (QEMU).
	Relative func(bool)
	// Offer tells which formats the server's clipboard has; RequestClipboard
	// fetches them.
	Offer func(Formats)
	// Clipboard brings data: all that an old server has, or what was requested.
	Clipboard func(Clip)
	// Audio brings sound in the format of Options.Audio, whole frames, borrowed until
	// the call returns; AudioOn tells when a stream begins and when it ends.
	Audio   func(samples []byte)
	AudioOn func(bool)
}
