// Package headless is a display without a screen: outputs of any number, size,
// scale and refresh rate that live in memory. Screenshots, remote viewers and
// tests look at them through Output.Shown.
//
// Each output has one framebuffer, mapped when it is first drawn into, so its
// age is 1 as long as nothing is scanned out; a reader looks at it between
// frames on the loop. Scanned out pixels are held, not copied. A frame is
// presented at the next point of a fixed grid of retraces; between frames no
// timer runs. On a virtual loop a test steps from frame to frame:
//
//	l, _ := loop.NewVirtual()
//	d := headless.New(l, display.Spec{Size: geom.Size{W: 1280, H: 720}})
//	d.Start(session)
//	l.Advance(time.Second / 60)
//
// There are no devices. Input puts events where a device's would go.
package headless
