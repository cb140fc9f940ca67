package bench

import "errors"

// startProbe times exec → first connection, and exec → registry read. The first
// launch of a round only warms the page cache.
func startProbe() Probe {
	return Probe{
		Name: "start",
		Rows: []Row{
			{Key: "start.accept", Name: "start: socket accepts", Unit: "ms", Bar: ratioBar(1)},
			{Key: "start.answer", Name: "start: first registry answer", Unit: "ms", Bar: ratioBar(1)},
		},
		Start: func(l *Launcher, c *Compositor, e Effort) (Values, error) {
			var accept, answer []float64
			for i := range e.Starts + 1 {
				s, err := l.Start(c, Setup{})
				if err != nil {
					return nil, err
				}
				if i > 0 {
					accept = append(accept, s.Accepted.Seconds()*1e3)
					answer = append(answer, s.Answered.Seconds()*1e3)
				}
				if err := errors.Join(s.Alive(), s.Stop()); err != nil {
					return nil, err
				}
			}
			return Values{"start.accept": Median(accept), "start.answer": Median(answer)}, nil
		},
	}
}
