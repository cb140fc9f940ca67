package bench

import (
	"errors"
	"fmt"
	"time"

	"rayos/internal/bench/rawclient"
)

// refresh is the period of a headless output at 60 Hz.
const refresh = time.Second / 60

// latencyProbe measures from a commit to the first capture that shows it, with
// commits spread evenly over the phase of the refresh.
func latencyProbe() Probe {
	return Probe{
		Name: "latency",
		Rows: []Row{
			{Key: "pixels.p50", Name: "commit to pixels p50 (fullscreen, screencopy)", Unit: "ms", Bar: ratioBar(1)},
			{Key: "pixels.p99", Name: "commit to pixels p99 (fullscreen, screencopy)", Unit: "ms", Bar: ratioBar(1)},
		},
		Run: func(s *Session, e Effort) (Values, error) {
			var ms []float64
			o := rawclient.WindowOptions{Title: "latency", Buffers: 4, Format: rawclient.XRGB8888, Color: 0xff000000, Fullscreen: true}
			err := s.withWindow(o, func(c *rawclient.Conn, w *rawclient.Window) error {
				width, height := c.OutputSize()
				capture, err := c.NewCapture(width/2-8, height/2-8, 16, 16)
				if errors.Is(err, rawclient.ErrNoCapture) {
					return &UnfitError{"it has no wlr-screencopy"}
				}
				if err != nil {
					return err
				}
				ms, err = commitsToPixels(w, capture, e.Latencies)
				return errors.Join(err, capture.Close())
			})
			if err != nil {
				return nil, err
			}
			return Values{"pixels.p50": Quantile(ms, 0.5), "pixels.p99": Quantile(ms, 0.99)}, nil
		},
	}
}

func commitsToPixels(w *rawclient.Window, capture *rawclient.Capture, n int) ([]float64, error) {
	if err := frames(w, warmFrames, rawclient.FullDamage); err != nil {
		return nil, err
	}
	ms := make([]float64, n)
	for i := range ms {
		color := uint32(0xff000000 | (i+1)*0x010305)
		w.Paint(color)
		if err := capture.Start(true); err != nil {
			return nil, err
		}
		// The wait moves the commit along the refresh period by the golden
		// ratio, so that few samples cover all phases.
		phase := float64(i) * 0.6180339887
		time.Sleep(time.Duration((phase - float64(int(phase))) * float64(refresh)))
		took, err := untilSeen(w, capture, color)
		if err != nil {
			return nil, err
		}
		ms[i] = took.Seconds() * 1e3
	}
	return ms, nil
}

// untilSeen commits the painted buffer and captures until the colour is there.
func untilSeen(w *rawclient.Window, capture *rawclient.Capture, color uint32) (time.Duration, error) {
	begin := time.Now()
	w.Commit(rawclient.FullDamage)
	if err := w.Flush(); err != nil {
		return 0, err
	}
	for time.Since(begin) < rawclient.Timeout {
		got, err := capture.Wait()
		if err != nil {
			return 0, err
		}
		if got == color&0xffffff {
			return time.Since(begin), nil
		}
		// A change since the last copy counts, even if it lies behind already.
		if err := capture.Start(true); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("no capture showed colour %06x within %v", color&0xffffff, rawclient.Timeout)
}
