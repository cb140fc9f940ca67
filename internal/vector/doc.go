// Package vector fills anti-aliased paths. It uses integer arithmetic only, so
// a picture has the same bytes on every architecture, and it knows nothing of
// fonts, icons or windows.
//
// A Path is a list of straight lines, quadratic and cubic curves in 24.8
// fixed-point pixels; x grows right, y down, and a pixel's corners are whole
// numbers. A Rasterizer turns it into exact area coverage and paints it OVER
// premultiplied ARGB8888 or XRGB8888 pixels:
//
//	var path vector.Path
//	path.RoundRect(vector.Px(0), vector.Px(0), vector.Px(80), vector.Px(28), vector.Px(6))
//	var r vector.Rasterizer
//	r.Fill(&pixels, pixels.Size().Rect(), &path, vector.Solid(colour))
//
// Winding is nonzero: coverages of contours that run the same way add up and
// saturate, contours that run the other way cut holes. Stroke makes an outline
// that is filled like any other path.
//
// Coordinates saturate at ±Limit pixels and a path takes MaxPoints points;
// what comes after is dropped and Full reports it. The work of a fill is
// bounded by the points and by the clip. A Rasterizer reuses its memory and is
// used by one goroutine.
package vector
