// Package capture takes pictures: of what an output shows, or of one node of
// the scene, such as a window, wherever it is and whatever covers it. Every way
// to copy the screen ends in its one call.
//
//	cam := &capture.Camera{Scene: sc, Renderer: r}
//	err := cam.Take(capture.Source{Node: window, Scale: scale}, &capture.Shot{Into: pixels, Box: box})
//
// It knows no protocol and no windows. It belongs to the loop goroutine.
package capture
