package rfb

import "fmt"

// Encoding is a number of the registry of encodings and pseudo-encodings.
type Encoding int32

// The encodings that the client knows.
const (
	Raw      Encoding = 0
	CopyRect Encoding = 1
	RRE      Encoding = 2
	Hextile  Encoding = 5
	Tight    Encoding = 7
	TRLE     Encoding = 15
	ZRLE     Encoding = 16

	encDesktopSize         Encoding = -223
	encLastRect            Encoding = -224
	encCursor              Encoding = -239
	encXCursor             Encoding = -240
	encPointerMotion       Encoding = -257
	encQEMUKey             Encoding = -258
	encLED                 Encoding = -261
	encDesktopName         Encoding = -307
	encExtendedDesktopSize Encoding = -308
	encFence               Encoding = -312
	encContinuousUpdates   Encoding = -313
	encCursorWithAlpha     Encoding = -314
	encMouseButtons        Encoding = -316
	encExtendedClipboard   Encoding = -0x3f5e1a32 // 0xC0A1E5CE

	encQuality0  Encoding = -32  // Tight's JPEG quality 0; to -23
	encCompress0 Encoding = -256 // zlib level 0; to -247
)

var encodingNames = map[Encoding]string{
	Raw: "Raw", CopyRect: "CopyRect", RRE: "RRE", Hextile: "Hextile", Tight: "Tight", TRLE: "TRLE", ZRLE: "ZRLE",
	encDesktopSize: "DesktopSize", encLastRect: "LastRect", encCursor: "Cursor", encXCursor: "XCursor",
	encPointerMotion: "pointer motion change", encQEMUKey: "QEMU extended key", encLED: "LED state",
	encDesktopName: "DesktopName", encExtendedDesktopSize: "ExtendedDesktopSize", encFence: "Fence",
	encContinuousUpdates: "ContinuousUpdates", encCursorWithAlpha: "CursorWithAlpha",
	encMouseButtons: "ExtendedMouseButtons", encExtendedClipboard: "ExtendedClipboard",
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
		encCursorWithAlpha, encCursor, encXCursor, encExtendedDesktopSize, encDesktopSize, encLED,
		encDesktopName, encLastRect, encExtendedClipboard, encContinuousUpdates, encFence,
		encQEMUKey, encMouseButtons, encPointerMotion,
	}
	if o.Encodings == nil {
		list = append(list, defaultEncodings...)
	} else {
		list = append(list, o.Encodings...)
	}
	if o.Quality > 0 {
		list = append(list, encQuality0+Encoding(min(o.Quality, 10)-1))
	}
	if o.Compress > 0 {
		list = append(list, encCompress0+Encoding(min(o.Compress, 9)))
	}
	return list
}
