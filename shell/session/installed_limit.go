package session

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"

	"rayos/rayapps/sandbox"
	"rayos/shell/sessionbus"
)

// limiter holds apps to their limits: by a scope of the person's systemd, or by
// a cgroup of our own where there is none. It is called on any goroutine.
func limiter(address string, log *slog.Logger) func(pid int, l sandbox.Limits) (sandbox.Hold, error) {
	var last atomic.Uint64
	return func(pid int, l sandbox.Limits) (sandbox.Hold, error) {
		name := fmt.Sprintf("app-rayos-%d-%d", os.Getpid(), last.Add(1))
		serr := errors.New("there is no message bus")
		if address != "" {
			serr = sessionbus.MakeScope(address, sessionbus.Scope{
				Name: name + ".scope", PID: pid, Memory: uint64(l.MemoryMiB) << 20, CPUPercent: l.CPUPercent, Tasks: uint64(l.Tasks),
			})
		}
		if serr == nil {
			// It ends with its processes. What it can't hold it doesn't say.
			return sandbox.Hold{By: "systemd's " + name + ".scope", Lacks: sandbox.Unheld(pid, l)}, nil
		}
		g, err := sandbox.NewGroup(name, l)
		if err != nil {
			return sandbox.Hold{}, fmt.Errorf("no scope: %w; %w", serr, err)
		}
		release := func() {
			if err := g.Close(); err != nil {
				log.Warn("cgroup of an app", "err", err)
			}
		}
		if err := g.Add(pid); err != nil {
			release()
			return sandbox.Hold{}, fmt.Errorf("no scope: %w; %w", serr, err)
		}
		return sandbox.Hold{By: "cgroup", Lacks: g.Lacks, Release: release}, nil
	}
}
