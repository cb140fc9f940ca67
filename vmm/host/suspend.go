package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rayos/internal/atomicfile"
	"rayos/vmm"
	"rayos/vmm/qemu"
)

// A suspended machine is two files: its memory, which QEMU has mapped all the
// time, and the state of its devices, a few MiB, which QEMU writes as a
// migration that leaves shared memory out (x-ignore-shared).

const (
	saveWithin = 2 * time.Minute
	maxReasons = 8 // blockers that are told
)

func migrationStatus(data json.RawMessage) string {
	var m struct{ Status string }
	if json.Unmarshal(data, &m) != nil || len(m.Status) > 32 {
		return ""
	}
	return m.Status
}

// migration is what query-migrate says.
type migration struct {
	Status         string
	BlockedReasons []string `json:"blocked-reasons"`
	ErrorDesc      string   `json:"error-desc"`
}

// askBlockers finds what stands in the way of suspend and tells when that has
// changed.
func (h *Host) askBlockers(ctx context.Context) {
	if h.link == nil || !h.now().Suspendable() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var m migration
	if err := h.link.monitor.Execute(ctx, "query-migrate", nil, &m); err != nil {
		h.log.Warn("blockers of suspend", "err", err)
		return
	}
	reasons := m.BlockedReasons
	if len(reasons) > maxReasons {
		reasons = reasons[:maxReasons]
	}
	for i, r := range reasons {
		reasons[i] = fmt.Sprintf("%.200s", strings.ToValidUTF8(r, "?"))
	}
	h.mu.Lock()
	changed := !slices.Equal(reasons, h.blockers)
	h.blockers = reasons
	h.mu.Unlock()
	if changed {
		h.tell(Event{Event: EventBlockers, Blockers: reasons})
	}
}

// suspend writes the machine to disk and ends its process.
func (h *Host) suspend(ctx context.Context) Answer {
	state := h.now()
	if h.link == nil || !state.Suspendable() {
		return refuse(ErrState, "it is %s", state)
	}
	h.askBlockers(ctx)
	h.mu.Lock()
	blockers := h.blockers
	h.mu.Unlock()
	if len(blockers) > 0 {
		return refuse(ErrBlocked, "%s", strings.Join(blockers, "; "))
	}
	l := h.link
	h.happen(vmm.Suspend, "")
	h.input.releaseAll()
	begin := time.Now()
	saved, err := h.save(ctx, l)
	if err != nil {
		if context.Cause(ctx) == errKilled {
			return refuse(ErrCancelled, "killed")
		}
		if cerr := h.carryOn(l); cerr != nil {
			return refuse(ErrFailed, "%v; %v", err, cerr)
		}
		after := vmm.Unheard
		if state == vmm.Running {
			after = vmm.Unsaved
		}
		h.happen(after, err.Error())
		return refuse(ErrFailed, "%v", err)
	}
	h.mu.Lock()
	h.saved = saved
	h.mu.Unlock()
	h.end(ctx, l)
	took := time.Since(begin).Round(time.Millisecond)
	h.happen(vmm.Saved, saved.Tag)
	a := done("%s in %v", saved.Tag, took)
	a.Saved = saved
	return a
}

// save stops the guest and leaves its state on the disk, whole.
func (h *Host) save(ctx context.Context, l *link) (*vmm.SavedState, error) {
	ctx, cancel := context.WithTimeout(ctx, saveWithin)
	defer cancel()
	part := h.dir.State("saved.part")
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := capabilities(ctx, l.monitor); err != nil {
		return nil, err
	}
	if err := l.monitor.Execute(ctx, "stop", nil, nil); err != nil {
		return nil, err
	}
	if err := h.migrate(ctx, l, "migrate", f); err != nil {
		return nil, err
	}
	if err := errors.Join(f.Sync(), syncFile(h.machine.RAM)); err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	h.mu.Lock()
	s := &vmm.SavedState{
		Tag: "suspend-" + now.Format("20060102T150405.000Z"), Created: now, Generation: h.count,
		QEMU: l.monitor.Version, Arguments: h.machine.Fingerprint(),
		File: filepath.Join(h.dir.Rel, "state", "saved"), RAM: filepath.Join(h.dir.Rel, "state", "ram"),
	}
	h.mu.Unlock()
	if err := os.Rename(part, h.dir.State("saved")); err != nil {
		return nil, err
	}
	// From here on the state can be resumed: it is the last step.
	return s, writeJSON(h.dir.State("saved.json"), s)
}

// carryOn lets a guest run that could not be saved.
func (h *Host) carryOn(l *link) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	_ = l.monitor.Execute(ctx, "migrate_cancel", nil, nil) // there may be none
	for _, name := range []string{"saved.json", "saved", "saved.part"} {
		if err := removeIfThere(h.dir.State(name)); err != nil {
			return err
		}
	}
	return l.monitor.Execute(ctx, "cont", nil, nil)
}

// capabilities readies QEMU for a migration without memory, that tells of its
// states.
func capabilities(ctx context.Context, m *qemu.Monitor) error {
	type capability struct {
		Capability string `json:"capability"`
		State      bool   `json:"state"`
	}
	return m.Execute(ctx, "migrate-set-capabilities", map[string]any{
		"capabilities": []capability{{"x-ignore-shared", true}, {"events", true}},
	}, nil)
}

// stateSet is the number of the set of descriptors that a state's file is in.
const stateSet = 1

// give hands QEMU the file of a state, and returns what QEMU knows it by and
// how it is taken back. QEMU opens no files of its own.
func (h *Host) give(ctx context.Context, l *link, f *os.File) (uri string, back func() error, err error) {
	if h.machine.Major < 9 { // file: came with 8.2, and fd: is for sockets since 9.1
		return "fd:state", func() error { return nil }, l.monitor.SendFile(ctx, "state", f)
	}
	path, err := l.monitor.AddFile(ctx, stateSet, f)
	return "file:" + path, func() error { return l.monitor.RemoveFile(ctx, stateSet) }, err
}

// migrate runs a migration to or from a file until it is complete.
func (h *Host) migrate(ctx context.Context, l *link, command string, f *os.File) (err error) {
	for len(l.migration) > 0 {
		<-l.migration
	}
	uri, back, err := h.give(ctx, l, f)
	if err != nil {
		return err
	}
	defer func() {
		if berr := back(); err == nil {
			err = berr
		}
	}()
	if err := l.monitor.Execute(ctx, command, map[string]string{"uri": uri}, nil); err != nil {
		return err
	}
	for {
		select {
		case status := <-l.migration:
			switch status {
			case "completed":
				return nil
			case "failed", "cancelled":
				var m migration
				if err := l.monitor.Execute(ctx, "query-migrate", nil, &m); err != nil {
					return err
				}
				return fmt.Errorf("%s: %s", status, m.ErrorDesc)
			}
		case <-l.proc.done:
			return fmt.Errorf("QEMU has ended: %s", l.proc.stderr.last())
		case <-l.monitor.Done():
			return errors.New("QEMU's monitor has closed")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// resume continues a suspended machine. A saved state that can't be used is
// put aside, and the machine boots from its disks.
func (h *Host) resume(ctx context.Context) Answer {
	state := h.now()
	if state.Alive() {
		return done("already %s", state)
	}
	h.mu.Lock()
	saved := h.saved
	h.mu.Unlock()
	if saved == nil {
		return refuse(ErrNoSaved, "it is %s and was not suspended", state)
	}
	h.unwait()
	h.restarts.forget()
	if state != vmm.Suspended { // consumed, or unreadable
		h.mu.Lock()
		h.state = vmm.Suspended
		h.mu.Unlock()
	}
	h.happen(vmm.Resume, saved.Tag)
	begin := time.Now()
	consumed, err := h.restore(ctx, saved)
	switch {
	case err == nil:
		return done("%s in %v", saved.Tag, time.Since(begin).Round(time.Millisecond))
	case context.Cause(ctx) == errKilled:
		h.happen(vmm.Exited, "killed")
		return refuse(ErrCancelled, "killed")
	case consumed:
		// The guest may have run: what is on the disk is old from now on.
		h.happen(vmm.Exited, err.Error())
		return refuse(ErrFailed, "%v", err)
	}
	if aerr := h.putAside(saved); aerr != nil {
		h.happen(vmm.Exited, aerr.Error())
		return refuse(ErrFailed, "%v; %v", err, aerr)
	}
	h.tell(Event{Event: EventRefused, What: saved.Tag, Detail: err.Error()})
	h.happen(vmm.Refused, "the saved state can't be used: "+err.Error())
	a := h.boot(ctx, "")
	if a.OK {
		a.Detail = "refused: " + err.Error() + "; cold boot, " + a.Detail
	}
	return a
}

// usable reports why a saved state can't be resumed.
func (h *Host) usable(s *vmm.SavedState) error {
	h.mu.Lock()
	count := h.count
	h.mu.Unlock()
	ram, err := os.Stat(h.machine.RAM)
	switch {
	case s.Consumed:
		return errors.New("it was used before")
	case s.Generation != count:
		return fmt.Errorf("the disks have been in use since (generation %d, now %d)", s.Generation, count)
	case s.QEMU != h.machine.Version:
		return fmt.Errorf("it is of QEMU %s, this is %s", s.QEMU, h.machine.Version)
	case s.Arguments != h.machine.Fingerprint():
		return errors.New("the machine is another: its devices or files have changed")
	case err != nil:
		return err
	case ram.Size() != int64(h.machine.MemMiB)<<20:
		return fmt.Errorf("its memory has %d bytes; want %d MiB", ram.Size(), h.machine.MemMiB)
	}
	return nil
}

// restore reads a saved state. It reports whether the state has been marked as
// consumed.
func (h *Host) restore(ctx context.Context, s *vmm.SavedState) (consumed bool, err error) {
	if err := h.usable(s); err != nil {
		return false, err
	}
	f, err := os.Open(h.dir.State("saved"))
	if err != nil {
		return false, err
	}
	defer f.Close()
	l, err := h.launch(ctx, true)
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			h.end(ctx, l)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, saveWithin)
	defer cancel()
	if err := capabilities(ctx, l.monitor); err != nil {
		return false, err
	}
	if err := h.migrate(ctx, l, "migrate-incoming", f); err != nil {
		return false, err
	}
	used := *s
	used.Consumed = true
	if err := writeJSON(h.dir.State("saved.json"), &used); err != nil {
		return false, err
	}
	h.mu.Lock()
	h.saved = &used
	h.mu.Unlock()
	h.tell(Event{Event: EventConsumed, Detail: s.Tag})
	l.proc.Incoming = false
	if err := writeJSON(h.runFile(), &l.proc.run); err != nil {
		return true, err
	}
	if err := l.monitor.Execute(ctx, "cont", nil, nil); err != nil {
		return true, err
	}
	// Only now, so that QEMU has nothing to draw meanwhile.
	if err := h.openScreen(ctx, l); err != nil {
		return true, err
	}
	// What is left has no use: the memory goes on from here.
	for _, name := range []string{"saved", "saved.json"} {
		if err := removeIfThere(h.dir.State(name)); err != nil {
			return true, err
		}
	}
	h.mu.Lock()
	h.saved = nil
	h.mu.Unlock()
	h.happen(vmm.Ready, "resumed "+s.Tag)
	h.screen.veil(false)
	l.slept = true
	return true, h.meet(ctx, l)
}

// putAside keeps a saved state for inspection, under names that nothing else
// has.
func (h *Host) putAside(s *vmm.SavedState) error {
	suffix := ".refused-" + s.Tag + "-" + time.Now().UTC().Format("20060102T150405.000Z")
	for _, name := range []string{"saved", "saved.json", "ram"} {
		path := h.dir.State(name)
		if err := os.Rename(path, path+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	h.mu.Lock()
	h.saved = nil
	h.mu.Unlock()
	return atomicfile.SyncDir(filepath.Dir(h.dir.State("saved")))
}

// forget puts a saved state aside, so that the machine can boot.
func (h *Host) forget() Answer {
	h.mu.Lock()
	saved, state := h.saved, h.state
	h.mu.Unlock()
	if saved == nil || state.Alive() {
		return refuse(ErrNoSaved, "it is %s", state)
	}
	if err := h.putAside(saved); err != nil {
		return refuse(ErrFailed, "%v", err)
	}
	if state == vmm.Suspended {
		h.happen(vmm.Forget, saved.Tag)
	}
	return done("%s was put aside", saved.Tag)
}
