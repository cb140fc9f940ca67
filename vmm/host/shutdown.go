package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"rayos/vmm"
)

const (
	defaultDeadline = 30 * time.Second
	agreeWithin     = 3 * time.Second // an agent that has heard
	quitWithin      = 5 * time.Second
)

// shutdown ends the guest in order, by steps that each are told: its agent is
// asked; where that doesn't help, the power button is pressed; after the
// deadline QEMU is told to quit.
func (h *Host) shutdown(ctx context.Context, deadline time.Duration) Answer {
	h.unwait()
	state := h.now()
	l := h.link
	if l == nil {
		if state == vmm.Stopped || state == vmm.Suspended || state == vmm.Failed {
			return done("already %s", state)
		}
		return refuse(ErrState, "it is %s", state)
	}
	h.happen(vmm.Shutdown, "")
	h.input.releaseAll()
	if deadline <= 0 {
		deadline = defaultDeadline
	}
	begin := time.Now()
	by := h.shutdownBy(ctx, l, deadline)
	switch {
	case context.Cause(ctx) == errKilled:
		<-l.proc.done
		by = StageKill
	case by == "":
		// Rayos-vm is to end. The next finds the guest as it is by then.
		return refuse(ErrCancelled, "rayos-vm ends")
	}
	h.gone(l)
	if err := os.Remove(h.machine.RAM); err != nil {
		h.log.Warn("guest memory", "err", err)
	}
	took := time.Since(begin).Round(time.Millisecond)
	h.stage(StageOff, nil, fmt.Sprintf("by %s in %v", by, took))
	h.happen(vmm.Exited, "shut down by "+by)
	return done("by %s in %v", by, took)
}

func (h *Host) stage(name string, err error, detail string) {
	ev := Event{Event: EventStage, Stage: name, OK: err == nil, Detail: detail}
	if err != nil {
		ev.Detail = err.Error()
	}
	h.tell(ev)
}

// shutdownBy returns the step that worked, "" when it was not let finish.
func (h *Host) shutdownBy(ctx context.Context, l *link, deadline time.Duration) string {
	late, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	gone := func(ctx context.Context) bool {
		select {
		case <-l.proc.done:
			return true
		case <-ctx.Done():
			return false
		}
	}
	err := h.askAgent(late)
	h.stage(StageAgent, err, "the guest has agreed")
	if err == nil {
		half, cancel := context.WithTimeout(late, deadline/2)
		ok := gone(half)
		cancel()
		if ok {
			return StageAgent
		}
	}
	if late.Err() == nil {
		err := l.monitor.Execute(late, "system_powerdown", nil, nil)
		h.stage(StageACPI, err, "the power button was pressed")
		if gone(late) {
			return StageACPI
		}
	}
	if ctx.Err() != nil {
		return ""
	}
	h.stage(StageDeadline, nil, fmt.Sprintf("still running after %v", deadline))
	quit, stop := context.WithTimeout(ctx, quitWithin)
	defer stop()
	err = l.monitor.Execute(quit, "quit", nil, nil)
	if gone(quit) {
		err = nil
	}
	h.stage(StageQuit, err, "QEMU has ended")
	if err == nil {
		return StageQuit
	}
	kill, stop := context.WithTimeout(context.Background(), answerTime)
	defer stop()
	h.stage(StageKill, l.proc.kill(kill), "QEMU was killed")
	return StageKill
}

func (h *Host) askAgent(ctx context.Context) error {
	h.mu.Lock()
	own, other := h.guest, h.guestAgent
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, agreeWithin)
	defer cancel()
	switch {
	case own != nil:
		return own.Shutdown(ctx)
	case other != nil:
		return other.Shutdown(ctx)
	}
	return errors.New("the guest's agent has not answered")
}
