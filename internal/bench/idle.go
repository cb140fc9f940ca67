package bench

import (
	"errors"
	"time"

	"rayos/internal/bench/rawclient"
)

const (
	staticWindows = 50
	// settle is the part after a change that an idle window leaves out.
	settle = 500 * time.Millisecond
)

// idleProbe counts how often threads of the compositor wake: with no client,
// under fifty windows that do not change, and per blink of a client that commits
// 16×16 pixels once a second.
func idleProbe() Probe {
	return Probe{
		Name: "idle",
		Rows: []Row{
			{Key: "idle.none", Name: "idle wakeups, no client", Unit: "1/s", Bar: limitBar(0)},
			{Key: "idle.static", Name: "idle wakeups, 50 static windows", Unit: "1/s", Bar: limitBar(0)},
			{Key: "idle.blink", Name: "wakeups per blink of a 1 Hz client", Unit: "1", Bar: ratioBar(1)},
		},
		Run: func(s *Session, e Effort) (Values, error) {
			v := Values{}
			window := time.Duration(e.IdleSeconds) * time.Second
			var err error
			if v["idle.none"], err = s.wakeupsPerSecond(window); err != nil {
				return nil, err
			}
			o := rawclient.WindowOptions{Title: "static", Width: 320, Height: 240, Buffers: 1, Format: rawclient.XRGB8888, Color: 0xff8080a0}
			crowd, err := newCrowd(s, staticWindows, o)
			if err != nil {
				return nil, err
			}
			if err = crowd.settle(); err == nil {
				v["idle.static"], err = s.wakeupsPerSecond(window)
			}
			if err = errors.Join(err, crowd.close()); err != nil {
				return nil, err
			}
			o.Title, o.Buffers = "blink", 2
			err = s.withWindow(o, func(_ *rawclient.Conn, w *rawclient.Window) error {
				v["idle.blink"], err = s.wakeupsPerBlink(w, e.IdleSeconds)
				return err
			})
			return v, err
		},
	}
}

func (s *Session) wakeupsPerSecond(window time.Duration) (float64, error) {
	time.Sleep(settle)
	before, err := s.Wakeups()
	if err != nil {
		return 0, err
	}
	time.Sleep(window)
	after, err := s.Wakeups()
	return float64(after-before) / window.Seconds(), err
}

func (s *Session) wakeupsPerBlink(w *rawclient.Window, blinks int) (float64, error) {
	time.Sleep(settle)
	before, err := s.Wakeups()
	if err != nil {
		return 0, err
	}
	for range blinks {
		w.Commit(rawclient.Damage{X: 16, Y: 16, W: 16, H: 16})
		if err := w.Flush(); err != nil {
			return 0, err
		}
		time.Sleep(time.Second)
	}
	after, err := s.Wakeups()
	return float64(after-before) / float64(blinks), err
}
