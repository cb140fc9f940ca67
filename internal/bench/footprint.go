package bench

import (
	"errors"
	"fmt"

	"rayos/internal/bench/rawclient"
)

const settleFrames = 30

// footprintProbe measures memory with 0, 50 and 200 mapped 640×480 windows. They
// are translucent, so that none is skipped for lying under another. Each
// window's pixels are shared with the client: PSS counts them half, private
// dirty memory not at all. With the last count it also measures what opening
// them and drawing beside them costs.
func footprintProbe() Probe {
	counts := []int{0, 50, 200}
	p := Probe{Name: "footprint", Setup: Setup{NoScanout: true}}
	for _, n := range counts {
		pss := Row{Key: fmt.Sprintf("pss.%d", n), Name: fmt.Sprintf("PSS, %d toplevels", n), Unit: "MiB", Bar: ratioBar(1)}
		if n == 0 {
			pss.Bar = limitBar(24)
		}
		p.Rows = append(p.Rows, pss,
			Row{Key: fmt.Sprintf("dirty.%d", n), Name: fmt.Sprintf("private dirty, %d toplevels", n), Unit: "MiB", Bar: ratioBar(1)})
	}
	p.Rows = append(p.Rows,
		Row{Key: "many.open", Name: "CPU per toplevel opened, from 50 to 200", Unit: "ms", Bar: ratioBar(1)},
		Row{Key: "many.frame", Name: "CPU per frame beside 200 toplevels, 16x16 damage", Unit: "ms", Bar: ratioBar(1)})
	p.Run = func(s *Session, _ Effort) (Values, error) {
		v := Values{}
		err := s.withClient(func(c *rawclient.Conn) error {
			var windows []*rawclient.Window
			err := func() error {
				for _, n := range counts {
					opened := n - len(windows)
					open, err := s.spent(func() error {
						for len(windows) < n {
							w, err := c.NewWindow(rawclient.WindowOptions{Title: "footprint", Width: 640, Height: 480, Buffers: 1, Format: rawclient.ARGB8888, Color: 0x80302820})
							if err != nil {
								return fmt.Errorf("window %d: %w", len(windows)+1, err)
							}
							windows = append(windows, w)
						}
						return nil
					})
					if err != nil {
						return err
					}
					if err := settled(c, windows); err != nil {
						return err
					}
					if n == counts[len(counts)-1] {
						draw, err := s.spent(func() error { return frames(windows[n-1], settleFrames, patch) })
						if err != nil {
							return err
						}
						v["many.open"] = open.Seconds() * 1e3 / float64(opened)
						v["many.frame"] = draw.Seconds() * 1e3 / settleFrames
					}
					m, err := s.Memory()
					if err != nil {
						return err
					}
					v[fmt.Sprintf("pss.%d", n)] = float64(m.PSS) / 1024
					v[fmt.Sprintf("dirty.%d", n)] = float64(m.PrivateDirty) / 1024
				}
				return nil
			}()
			for _, w := range windows {
				err = errors.Join(err, w.Release())
			}
			return err
		})
		return v, err
	}
	return p
}

// settled draws frames for half a second, with the last window or one opened for
// that: by then the compositor's own helpers are up and all windows are shown.
func settled(c *rawclient.Conn, windows []*rawclient.Window) error {
	if len(windows) > 0 {
		return frames(windows[len(windows)-1], settleFrames, patch)
	}
	w, err := c.NewWindow(rawclient.WindowOptions{Title: "footprint", Width: 640, Height: 480, Buffers: 1, Format: rawclient.ARGB8888, Color: 0x80302820})
	if err != nil {
		return err
	}
	err = frames(w, settleFrames, patch)
	return errors.Join(err, w.Destroy(), c.Sync())
}
