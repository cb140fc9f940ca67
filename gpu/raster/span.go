package raster

// Spans are rows of pixels, premultiplied 0xAARRGGBB, for painters that draw
// into memory of their own with the arithmetic of a Renderer. Sources are at
// least as long as destinations. Any goroutine may call these functions.

var spans = bestKernels()

// FillSpan sets all of dst to c.
func FillSpan(dst []uint32, c uint32) { spans.fill(dst, c) }

// FillSpanOver composites c onto dst.
func FillSpanOver(dst []uint32, c uint32) { spans.fillOver(dst, c) }

// OverSpan composites src onto dst.
func OverSpan(dst, src []uint32) { spans.over(dst, src) }

// FadeSpan composites src times alpha/255 onto dst.
func FadeSpan(dst, src []uint32, alpha uint8) { spans.overAlpha(dst, src, alpha, 0) }

// CoverSpan composites c times coverage/255 onto dst.
func CoverSpan(dst []uint32, cover []uint8, c uint32) { spans.cover(dst, cover, c) }
