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
	CoRRE    Encoding = 4
	Hextile  Encoding = 5
	Zlib     Encoding = 6
	Tight    Encoding = 7
	TRLE     Encoding = 15
	ZRLE     Encoding = 16
	JPEG     Encoding = 21
	TightPNG Encoding = -260 // Tight with pictures in PNG in place of what is deflated

	PseudoDesktopSize         Encoding = -223
	PseudoLastRect            Encoding = -224
	PseudoCursor              Encoding = -239
	PseudoXCursor             Encoding = -240
	PseudoPointerMotion       Encoding = -257
	PseudoQEMUKey             Encoding = -258
	PseudoQEMUAudio           Encoding = -259
	PseudoLED                 Encoding = -261
	PseudoDesktopName         Encoding = -307
	PseudoExtendedDesktopSize Encoding = -308
	PseudoFence               Encoding = -312
	PseudoContinuousUpdates   Encoding = -313
	PseudoCursorWithAlpha     Encoding = -314
	PseudoMouseButtons        Encoding = -316
	PseudoTightNoZlib         Encoding = -317
	PseudoExtendedClipboard   Encoding = -0x3f5e1a32 // 0xC0A1E5CE

	PseudoVMwareCursor         Encoding = 0x574d5664
	PseudoVMwareCursorPosition Encoding = 0x574d5666
	PseudoVMwareLED            Encoding = 0x574d5668

	PseudoQuality0     Encoding = -32  // Tight's JPEG quality 0; to -23
	PseudoCompress0    Encoding = -256 // zlib level 0; to -247
	PseudoFineQuality0 Encoding = -512 // JPEG quality 0; to -412, 100
	PseudoSubsampling1 Encoding = -768 // colours of JPEG whole; see Subsampling
)

// pseudo reports whether rectangles with an encoding bring no pixels.
func (e Encoding) pseudo() bool {
	switch e {
	case TightPNG:
		return false
	case PseudoVMwareCursor, PseudoVMwareCursorPosition, PseudoVMwareLED:
		return true
	}
	return e < 0
}

var encodingNames = map[Encoding]string{
	Raw: "Raw", CopyRect: "CopyRect", RRE: "RRE", CoRRE: "CoRRE", Zlib: "Zlib", JPEG: "JPEG", TightPNG: "TightPNG", Hextile: "Hextile", Tight: "Tight", TRLE: "TRLE", ZRLE: "ZRLE",
	PseudoDesktopSize: "DesktopSize", PseudoLastRect: "LastRect", PseudoCursor: "Cursor", PseudoXCursor: "XCursor",
	PseudoPointerMotion: "pointer motion change", PseudoQEMUKey: "QEMU extended key", PseudoLED: "LED state",
	PseudoDesktopName: "DesktopName", PseudoExtendedDesktopSize: "ExtendedDesktopSize", PseudoFence: "Fence",
	PseudoContinuousUpdates: "ContinuousUpdates", PseudoCursorWithAlpha: "CursorWithAlpha",
	PseudoVMwareCursor: "VMware cursor", PseudoVMwareCursorPosition: "VMware cursor position", PseudoVMwareLED: "VMware LED state",
	PseudoTightNoZlib: "Tight without zlib", PseudoQEMUAudio: "QEMU audio", PseudoMouseButtons: "ExtendedMouseButtons", PseudoExtendedClipboard: "ExtendedClipboard",
}

func (e Encoding) String() string {
	if s, ok := encodingNames[e]; ok {
		return s
	}
	return fmt.Sprintf("encoding %d", int32(e))
}

// defaultEncodings is the order of preference when Options names none.
var defaultEncodings = []Encoding{Tight, ZRLE, TRLE, Zlib, Hextile, CopyRect, CoRRE, RRE, TightPNG, Raw}

// encodings is what SetEncodings sends.
func (o *Options) encodings() []Encoding {
	list := []Encoding{
		PseudoCursorWithAlpha, PseudoVMwareCursor, PseudoCursor, PseudoXCursor, PseudoExtendedDesktopSize, PseudoDesktopSize, PseudoLED, PseudoVMwareLED,
		PseudoDesktopName, PseudoLastRect, PseudoExtendedClipboard, PseudoContinuousUpdates, PseudoFence,
		PseudoQEMUKey, PseudoMouseButtons, PseudoPointerMotion, PseudoVMwareCursorPosition, PseudoTightNoZlib,
	}
	if o.Audio != nil {
		list = append(list, PseudoQEMUAudio)
	}
	if o.Encodings == nil {
		list = append(list, defaultEncodings...)
	} else {
		list = append(list, o.Encodings...)
	}
	if o.Quality > 0 {
		if o.Encodings == nil {
			list = append(list, JPEG)
		}
		list = append(list, PseudoQuality0+Encoding(min(o.Quality, 10)-1))
		if o.FineQuality > 0 {
			list = append(list, PseudoFineQuality0+Encoding(min(o.FineQuality, 100)))
		}
		if o.Subsampling != SubsamplingAny {
			list = append(list, PseudoSubsampling1+Encoding(o.Subsampling-Subsampling1))
		}
	}
	if o.Compress > 0 {
		list = append(list, PseudoCompress0+Encoding(min(o.Compress, 9)))
	}
	return list
}
