// Package rfbserver is the server's side of the Remote Framebuffer protocol, better
// known as VNC (RFC 6143 and the community specification at rfbproto/rfbproto).
//
//	screen := rfbserver.NewScreen(size)
//	srv := rfbserver.New(screen, rfbserver.Options{Name: "desk", Seat: seatFor})
//	go srv.Serve(ctx, conn)                  // once for each connection
//	screen.Update(pixels, stride, damage)    // whenever something was drawn
//
// A Screen keeps a copy of what is shown. Each viewer has what it has not been sent
// yet as a region of it, and is sent the newest pixels of that region as soon as it
// has taken what was sent before: one that is slow misses pictures and holds nobody
// up. Update compares what it is given with its copy, so that damage which changes
// nothing costs nobody anything, and finds what has only moved up or down.
//
// Pixels are 32 bits in memory order blue, green, red, unused, as wl_shm's XRGB8888;
// coordinates are pixels of the screen. Serve reads on the goroutine that calls it,
// from which all calls of a Seat come, and writes on another. The methods of Screen
// and Viewer may be called from any goroutine and don't wait for the network.
//
// All that a viewer sends has a limit, and nothing it sends makes the package panic.
package rfbserver
