// Package rfb is a client of the Remote Framebuffer protocol, better known as
// VNC (RFC 6143 and the community specification at rfbproto/rfbproto).
//
//	conn, err := net.Dial("tcp", "host:5900")
//	c, err := rfb.Connect(ctx, conn, rfb.Options{Credentials: ask})
//	err = c.Run(rfb.Handler{
//		Resize: func(d rfb.Desktop) rfb.Framebuffer { return rfb.NewFramebuffer(d.Size) },
//		Frame:  func(damage *geom.Region) { present(damage) },
//	})
//
// Connect shakes hands and Run reads until the connection ends. Run's goroutine
// makes every call of the Handler; the methods that send (Key, Pointer,
// SetDesktopSize, SetClipboard, …) may be called from any goroutine and never
// wait for the network: they fail with ErrSlow when the server doesn't read.
//
// Pixels are asked for as 32-bit BGRX, the layout of wl_shm's XRGB8888, and
// decoded into a Framebuffer that belongs to the caller. Nothing touches it
// while a Handler function runs, so Frame may read it or hand over another by
// SetFramebuffer. Small rectangles are decoded where they are read; large ones
// of ZRLE and Tight on up to four workers. A rectangle waits for earlier ones
// that it overlaps and for earlier ones of its zlib stream, so the result is
// that of decoding in order.
//
// All that a server sends has a limit (Limits), and an error names the
// message, the rectangle, its encoding and the position in the stream. No
// input makes the package panic; every decoder has a fuzz target.
package rfb
