package bench

import (
	"errors"
	"fmt"

	"rayos/internal/bench/rawclient"
)

// camera is a way to capture frame after frame.
type camera interface {
	Start() error
	Wait() (uint32, error)
	Close() error
}

// screencopy waits for damage.
type screencopy struct{ *rawclient.Capture }

func (s screencopy) Start() error { return s.Capture.Start(true) }

// captureProbe measures the CPU per frame of a 640×480 window that draws all of
// itself while each frame is captured: that window alone, and the whole 1080p
// output. Where a compositor can't capture a window, a program that wants one
// has to take the output, so its figure stands in both rows.
func captureProbe() Probe {
	return Probe{
		Name: "capture",
		Rows: []Row{
			{Key: "capture.window", Name: "CPU per frame, a 640x480 window captured (else: its output)", Unit: "ms", Bar: ratioBar(1)},
			{Key: "capture.output", Name: "CPU per frame, its 1080p output captured", Unit: "ms", Bar: ratioBar(1)},
		},
		Setup: Setup{Width: 1920, Height: 1080, NoScanout: true},
		Run: func(s *Session, e Effort) (Values, error) {
			v := Values{}
			o := rawclient.WindowOptions{Title: "captured", Width: 640, Height: 480, Buffers: 4, Format: rawclient.XRGB8888, Color: paintColor}
			err := s.withWindow(o, func(_ *rawclient.Conn, w *rawclient.Window) error {
				var err error
				if v["capture.output"], err = s.perCapture(w, e.Frames, outputCamera, false); err != nil {
					return err
				}
				v["capture.window"], err = s.perCapture(w, e.Frames, windowCamera, true)
				var missing *rawclient.MissingError
				if errors.As(err, &missing) {
					v["capture.window"], err = v["capture.output"], nil
				}
				return err
			})
			return v, err
		},
	}
}

func windowCamera(c *rawclient.Conn) (camera, error) { return c.NewWindowCopy() }

// outputCamera is the best that there is for an output.
func outputCamera(c *rawclient.Conn) (camera, error) {
	k, err := c.NewOutputCopy()
	var missing *rawclient.MissingError
	if !errors.As(err, &missing) {
		return k, err
	}
	width, height := c.OutputSize()
	old, err := c.NewCapture(0, 0, width, height)
	if errors.Is(err, rawclient.ErrNoCapture) {
		return nil, &UnfitError{"it has no capture"}
	}
	return screencopy{old}, err
}

// perCapture is the CPU, in ms, of a frame that is drawn and captured. What is
// captured must be the window if it is all that there is to see.
func (s *Session) perCapture(w *rawclient.Window, n int, open func(*rawclient.Conn) (camera, error), alone bool) (ms float64, err error) {
	err = s.withClient(func(c *rawclient.Conn) error {
		k, err := open(c)
		if err != nil {
			return err
		}
		var seen uint32
		shoot := func(n int) error {
			for range n {
				if err := k.Start(); err != nil {
					return err
				}
				if err := w.Frame(rawclient.FullDamage); err != nil {
					return err
				}
				if seen, err = k.Wait(); err != nil {
					return err
				}
			}
			return nil
		}
		if err := shoot(warmFrames); err != nil {
			return err
		}
		cpu, err := s.spent(func() error { return shoot(n) })
		ms = cpu.Seconds() * 1e3 / float64(n)
		if last := w.Pixel(); err == nil && alone && (seen^last)&0xfffff0 != 0 {
			err = fmt.Errorf("the capture shows %06x, want the window's %06x", seen, last&0xffffff)
		}
		return errors.Join(err, k.Close())
	})
	return ms, err
}
