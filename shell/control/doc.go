// Package control is the one table of commands that a session obeys, and the
// socket over which they come. rayctl, the prompt and scripts use the same
// names, arguments and answers; usage, completion and man page are made from
// the table.
//
// # Socket
//
// A session listens on $XDG_RUNTIME_DIR/rayos-<display>.sock. Only processes
// of the same user are served (SO_PEERCRED). A request is one line of JSON, at
// most 64 KiB, and so is its answer:
//
//	→ {"id":1,"cmd":"resize","args":{"window":"foot","size":"800x600"}}
//	← {"id":1,"ok":true}
//	→ {"id":2,"cmd":"focus","args":{"window":99}}
//	← {"id":2,"ok":false,"error":{"code":"no-window","message":"no window 99"}}
//
// An answer says ok only after the effect: focus when the state has changed,
// resize when the client has committed the size, close when the window has
// gone. Answers come as effects happen, so they may overtake each other. A
// client may have 16 requests under way; the server reads no more until one is
// answered. One that does not read its answers is disconnected.
//
// # Goroutines
//
// Each connection has a goroutine that reads and one that writes; they own
// nothing of the session. Every call of a Session method is posted to the
// session's loop. PNG encoding happens beside the loop.
//
// # Example
//
//	srv, err := control.Listen(control.SocketPath(dir, "wayland-1"), loop, session)
//	defer srv.Close()
//
//	c, err := control.Dial(path)
//	var windows []control.Window
//	err = c.Call(ctx, "windows", nil, &windows)
package control
