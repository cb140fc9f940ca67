package explorer

import (
	"context"
	"time"

	"rayos/internal/procstat"
	"rayos/shell/control"
)

// sample is what the session said at a time, and what the kernel says of its
// programs.
type sample struct {
	at    time.Time
	procs control.Processes
	vms   []control.VM
	usage map[int32]procstat.Stat // by process
}

// take asks the session and the kernel.
func take(ctx context.Context, c *control.Client) (*sample, error) {
	s := &sample{at: time.Now(), usage: map[int32]procstat.Stat{}}
	if err := c.Call(ctx, "processes", nil, &s.procs); err != nil {
		return nil, err
	}
	if err := c.Call(ctx, "vm list", nil, &s.vms); err != nil {
		s.vms = nil // machines are off; everything else can be seen
	}
	note := func(pid int32) {
		// One that has just ended uses nothing.
		if u, err := procstat.Read(int(pid)); err == nil {
			s.usage[pid] = u
		}
	}
	note(int32(s.procs.Session.PID))
	for i := range s.procs.Clients {
		note(s.procs.Clients[i].PID)
	}
	for i := range s.vms {
		if pid := s.vms[i].PID; pid > 0 {
			note(int32(pid))
		}
	}
	return s, nil
}
