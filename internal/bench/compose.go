package bench

import (
	"errors"
	"fmt"
	"time"

	"rayos/internal/bench/rawclient"
)

// Outputs larger than the window, so that no compositor can scan the window
// out and none places it partly outside.
var (
	roomFor1080p = Setup{Width: 2560, Height: 1440, NoScanout: true}
	roomFor4K    = Setup{Width: 4480, Height: 2520, NoScanout: true}
)

// patch lies inside every window that is drawn with it.
var patch = rawclient.Damage{X: 128, Y: 128, W: 16, H: 16}

// composition is one way to draw frame after frame.
type composition struct {
	row    Row
	setup  Setup
	window rawclient.WindowOptions
	damage rawclient.Damage
	// covers says that the window hides the middle of the output wherever a
	// compositor may place it, so that a capture can prove that it was drawn.
	covers bool
}

const (
	paintColor = 0xff40a060
	warmFrames = 8 // each buffer twice: its pages are mapped, the output's buffers too
)

func composeProbes() []Probe {
	plain := func(w, h int32) rawclient.WindowOptions {
		return rawclient.WindowOptions{Title: "compose", Width: w, Height: h, Buffers: 4, Format: rawclient.XRGB8888, Color: paintColor}
	}
	fullscreen := rawclient.WindowOptions{Title: "compose", Buffers: 4, Format: rawclient.XRGB8888, Color: paintColor, Fullscreen: true}
	full := rawclient.FullDamage
	return []Probe{
		composeProbe(composition{
			Row{Key: "compose.256", Name: "CPU per frame 256x256, full damage", Unit: "ms", Bar: ratioBar(1)},
			Setup{NoScanout: true},
			plain(256, 256), full, false,
		}),
		composeProbe(composition{
			Row{Key: "compose.1080p", Name: "CPU per frame 1080p toplevel, full damage", Unit: "ms", Bar: ratioBar(0.9)},
			roomFor1080p, plain(1920, 1080), full, true,
		}),
		composeProbe(composition{
			Row{Key: "compose.4k", Name: "CPU per frame 4K toplevel, full damage", Unit: "ms", Bar: ratioBar(0.9)},
			roomFor4K, plain(3840, 2160), full, true,
		}),
		composeProbe(composition{
			Row{Key: "compose.layers", Name: "CPU per frame, 10 translucent 640x480 layers", Unit: "ms", Bar: ratioBar(1)},
			roomFor1080p, layered(), full, false,
		}),
		composeProbe(composition{
			Row{Key: "damage.1080p", Name: "CPU per frame 1080p, 16x16 damage", Unit: "ms", Bar: ratioBar(1)},
			roomFor1080p, plain(1920, 1080), patch, true,
		}),
		composeProbe(composition{
			Row{Key: "damage.4k", Name: "CPU per frame 4K, 16x16 damage", Unit: "ms", Bar: ratioBar(1)},
			roomFor4K, plain(3840, 2160), patch, true,
		}),
		composeProbe(composition{
			Row{Key: "scanout.1080p", Name: "CPU per frame 1080p fullscreen, scan-out allowed", Unit: "ms", Bar: ratioBar(1)},
			Setup{Width: 1920, Height: 1080},
			fullscreen, full, true,
		}),
		composeProbe(composition{
			Row{Key: "scanout.4k", Name: "CPU per frame 4K fullscreen, scan-out allowed", Unit: "ms", Bar: ratioBar(1)},
			Setup{Width: 3840, Height: 2160},
			fullscreen, full, true,
		}),
	}
}

// layered is an opaque window under ten overlapping half-transparent layers.
// They are subsurfaces, because a client cannot choose where toplevels overlap
// and the figure would be one of placement.
func layered() rawclient.WindowOptions {
	o := rawclient.WindowOptions{Title: "layers", Width: 1280, Height: 960, Buffers: 4, Format: rawclient.XRGB8888, Color: paintColor}
	for i := range int32(10) {
		o.Layers = append(o.Layers, rawclient.Layer{
			X: 64 * i, Y: 48 * i, Width: 640, Height: 480,
			Format: rawclient.ARGB8888, Color: 0x80402010,
		})
	}
	return o
}

// composeProbe measures the compositor's CPU per frame. The client answers
// every frame callback with the next of its buffers and does not redraw them.
func composeProbe(p composition) Probe {
	return Probe{
		Name:  p.row.Key,
		Rows:  []Row{p.row},
		Setup: p.setup,
		Run: func(s *Session, e Effort) (Values, error) {
			var v Values
			err := s.withWindow(p.window, func(c *rawclient.Conn, w *rawclient.Window) error {
				if err := frames(w, warmFrames, rawclient.FullDamage); err != nil {
					return err
				}
				cpu, err := s.spent(func() error { return frames(w, e.Frames, p.damage) })
				v = Values{p.row.Key: cpu.Seconds() * 1e3 / float64(e.Frames)}
				if err == nil && p.covers {
					err = shows(c, w.Pixel())
				}
				return err
			})
			return v, err
		},
	}
}

func frames(w *rawclient.Window, n int, d rawclient.Damage) error {
	for range n {
		if err := w.Frame(d); err != nil {
			return err
		}
	}
	return nil
}

// showsWithin bounds how far the screen may lag behind the frame callback.
const showsWithin = 6 * refresh

// shows checks by capture, where there is one, that the middle of the output
// has the colour of the last frame. A figure for frames that were not drawn would
// be a lie.
func shows(c *rawclient.Conn, color uint32) error {
	if !c.CanCapture() {
		return nil
	}
	w, h := c.OutputSize()
	capture, err := c.NewCapture(w/2-8, h/2-8, 16, 16)
	if err != nil {
		return err
	}
	var got uint32
	for begin := time.Now(); time.Since(begin) < showsWithin; {
		if err = capture.Start(false); err != nil {
			break
		}
		if got, err = capture.Wait(); err != nil || got == color&0xffffff {
			break
		}
	}
	if err == nil && got != color&0xffffff {
		err = fmt.Errorf("the output's middle shows %06x, want the window's %06x: the last frame was not drawn", got, color&0xffffff)
	}
	return errors.Join(err, capture.Close())
}
