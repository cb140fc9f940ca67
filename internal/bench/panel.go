package bench

import (
	"errors"
	"math"
	"time"

	"rayos/internal/bench/rawclient"
)

// panelProbe measures from the connect of a panel, a layer-shell client, to the
// callback of its first frame, with connects spread evenly over the phase of the
// refresh.
func panelProbe() Probe {
	return Probe{
		Name: "panel",
		Rows: []Row{{Key: "panel.map", Name: "layer-shell panel: connect to first frame", Unit: "ms", Bar: ratioBar(1)}},
		Run: func(s *Session, e Effort) (Values, error) {
			var ms []float64
			for i := range e.Latencies {
				_, phase := math.Modf(float64(i) * 0.6180339887)
				time.Sleep(time.Duration(phase * float64(refresh)))
				begin := time.Now()
				err := s.withClient(func(c *rawclient.Conn) error {
					p, err := c.NewPanel(32, paintColor)
					if err != nil {
						return err
					}
					ms = append(ms, time.Since(begin).Seconds()*1e3)
					return errors.Join(p.Destroy(), c.Sync())
				})
				var missing *rawclient.MissingError
				if errors.As(err, &missing) {
					return nil, &UnfitError{"it has no " + missing.Interface}
				}
				if err != nil {
					return nil, err
				}
			}
			return Values{"panel.map": Median(ms)}, nil
		},
	}
}
