// Package wallpaper computes the desktop's background from a palette: a soft
// gradient of the accent and rays that fan out of one point. The same palette
// and size give the same bytes on every machine.
//
// The picture is small and meant to be stretched over the output with a
// bilinear filter: nothing in it is sharper than that, and a quarter of the
// side is a sixteenth of the memory. It is dithered, so that stretching shows
// no bands.
//
//	px := wallpaper.Render(output.Size, theme.For(theme.Dark))
//	// import px, draw it on the whole output with render.Bilinear
package wallpaper
