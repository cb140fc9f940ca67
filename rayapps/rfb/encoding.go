package rfb

import "fmt"

// Encoding is a number of the registry of encodings and pseudo-encodings.
type Encoding int32

// The encodings that the client knows. Those named Pseudo bring no pixels: they say
// what a viewer takes, and some come as rectangles with something else.
const (
	Raw      Encoding = 0
	CopyRect Encoding = 1
	RRE      Encoding = 2
	Hextile  Encoding = 5
	Tight    Encoding = 7
	TRLE     Encoding = 15
	ZRLE     Encoding = 16

	PseudoDesktopSize         Encoding = -223
	PseudoLastRect            Encoding = -224
	PseudoCursor              Encoding = -239
	PseudoXCursor             Encoding = -240
	PseudoPointerMotion       Encoding = -257
	PseudoQEMUKey             Encoding = -258
	PseudoLED                 Encoding = -261
	PseudoDesktopName         Encoding = -307
	PseudoExtendedDesktopSize Encoding = -308
	PseudoFence               Encoding = -312
	PseudoContinuousUpdates   Encoding = -313
	PseudoCursorWithAlpha     Encoding = -314
	PseudoMouseButtons        Encoding = -316
	PseudoExtendedClipboard   Encoding = -0x3f5e1a32 // 0xC0A1E5CE

	PseudoQuality0  Encoding = -32  // Tight's JPEG quality 0; to -23
	PseudoCompress0 Encoding = -256 // zlib level 0; to -247
)

var encodingNames = map[Encoding]string{
	Raw: "Raw", CopyRect: "CopyRect", RRE: "RRE", Hextile: "Hextile", Tight: "Tight", TRLE: "TRLE", ZRLE: "ZRLE",
	PseudoDesktopSize: "DesktopSize", PseudoLastRect: "LastRect", PseudoCursor: "Cursor", PseudoXCursor: "XCursor",
	PseudoPointerMotion: "pointer motion change", PseudoQEMUKey: "QEMU extended key", PseudoLED: "LED state",
	PseudoDesktopName: "DesktopName", PseudoExtendedDesktopSize: "ExtendedDesktopSize", PseudoFence: "Fence",
	PseudoContinuousUpdates: "ContinuousUpdates", PseudoCursorWithAlpha: "CursorWithAlpha",
	PseudoMouseButtons: "ExtendedMouseButtons", PseudoExtendedClipboard: "ExtendedClipboard",
}

func (e Encoding) String() string {
	if s, ok := encodingNames[e]; ok {
		return s
	}
	return fmt.Sprintf("encoding %d", int32(e))
}

// defaultEncodings is the order of preference when Options names none.
var defaultEncodings = []Encoding{Tight, ZRLE, TRLE, Hextile, CopyRect, RRE, Raw}

// encodings is what SetEncodings sends.
func (o *Options) encodings() []Encoding {
	list := []Encoding{
		PseudoCursorWithAlpha, PseudoCursor, PseudoXCursor, PseudoExtendedDesktopSize, PseudoDesktopSize, PseudoLED,
		PseudoDesktopName, PseudoLastRect, PseudoExtendedClipboard, PseudoContinuousUpdates, PseudoFence,
		PseudoQEMUKey, PseudoMouseButtons, PseudoPointerMotion,
	}
	if o.Encodings == nil {
		list = append(list, defaultEncodings...)
	} else {
		list = append(list, o.Encodings...)
	}
	if o.Quality > 0 {
		list = append(list, PseudoQuality0+Encoding(min(o.Quality, 10)-1))
	}
	if o.Compress > 0 {
		list = append(list, PseudoCompress0+Encoding(min(o.Compress, 9)))
	}
	return list
}
