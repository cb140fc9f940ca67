package explorer

import (
	"time"

	"rayos/internal/procstat"
)

// span is how many samples charts show: a minute.
const span = 120

// history is how figures went.
type history struct {
	frames  map[string][]float64 // ms for a frame, by output
	rate    map[string][]float64 // frames in a second
	cpu     []float64            // of the session, in hundredths of a processor
	memory  []float64            // of the session, MiB
	wakeups []float64            // of the session, in a second
	queue   []float64            // commands
}

func push(list []float64, v float64) []float64 {
	if len(list) >= span {
		list = append(list[:0], list[len(list)-span+1:]...)
	}
	return append(list, v)
}

// add takes the figures between two samples.
func (h *history) add(before, now *sample) {
	if h.frames == nil {
		h.frames, h.rate = map[string][]float64{}, map[string][]float64{}
	}
	passed := now.at.Sub(before.at)
	if passed <= 0 {
		return
	}
	for _, o := range now.procs.Outputs {
		for _, b := range before.procs.Outputs {
			if b.Name != o.Name || o.Frames < b.Frames {
				continue
			}
			n, ms := o.Frames-b.Frames, 0.0
			if n > 0 {
				ms = (o.Spent - b.Spent).Seconds() * 1e3 / float64(n)
			}
			h.frames[o.Name] = push(h.frames[o.Name], ms)
			h.rate[o.Name] = push(h.rate[o.Name], float64(n)/passed.Seconds())
		}
	}
	pid := int32(now.procs.Session.PID)
	h.cpu = push(h.cpu, share(before.usage[pid], now.usage[pid], passed))
	h.memory = push(h.memory, float64(now.usage[pid].Memory)/(1<<20))
	h.wakeups = push(h.wakeups, float64(now.procs.Session.Wakeups-before.procs.Session.Wakeups)/passed.Seconds())
	h.queue = push(h.queue, float64(len(now.procs.Tasks)+len(now.procs.Work)))
}

// share returns how much of a processor was used, in hundredths.
func share(before, now procstat.Stat, passed time.Duration) float64 {
	if passed <= 0 || now.CPU < before.CPU {
		return 0
	}
	return 100 * float64(now.CPU-before.CPU) / float64(passed)
}
