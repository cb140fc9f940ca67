package vncserver

import (
	"context"
	"time"

	"rayos/geom"
	"rayos/rayapps/rfb"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// heads are the outputs as they can be configured.
type heads struct {
	manager *client.ZwlrOutputManagerV1
	serial  uint32
	known   map[*client.ZwlrOutputHeadV1]*headState
}

type headState struct {
	name    string
	enabled bool
	virtual bool // it has no size of its own: it is no monitor
}

func (s *server) openHeads() {
	m, err := bind(s.globals, &protocol.ZwlrOutputManagerV1Interface, client.BindZwlrOutputManagerV1)
	if err != nil {
		return // sizes stay as they are
	}
	s.heads = &heads{manager: m, known: map[*client.ZwlrOutputHeadV1]*headState{}}
	m.OnDone = func(serial uint32) { s.heads.serial = serial }
	m.OnHead = func(h *client.ZwlrOutputHeadV1) {
		state := &headState{virtual: true}
		s.heads.known[h] = state
		h.OnName = func(n string) { state.name = n }
		h.OnEnabled = func(on int32) { state.enabled = on != 0 }
		h.OnPhysicalSize = func(w, _ int32) { state.virtual = w == 0 }
		h.OnFinished = func() { delete(s.heads.known, h) }
	}
}

// resizeWithin is how long a compositor may take for another size.
const resizeWithin = 5 * time.Second

// resize asks the compositor for another size of the output: only for one that is
// no monitor, whose size is nobody else's.
func (s *server) resize(size geom.Size) rfb.ResizeStatus {
	if s.heads == nil {
		return rfb.ResizeProhibited
	}
	answer := make(chan rfb.ResizeStatus, 1)
	s.loop.do(func() { s.configure(size, func(st rfb.ResizeStatus) { answer <- st }) })
	ctx, cancel := context.WithTimeout(context.Background(), resizeWithin)
	defer cancel()
	select {
	case st := <-answer:
		return st
	case <-ctx.Done():
		return rfb.ResizeOutOfResources
	}
}

// configure answers once, at once or later.
func (s *server) configure(size geom.Size, answer func(rfb.ResizeStatus)) {
	cfg := s.heads.manager.CreateConfiguration(s.heads.serial)
	found := false
	for h, state := range s.heads.known {
		switch {
		case !state.enabled:
			cfg.DisableHead(h)
		case state.name == s.o.Output && state.virtual:
			found = true
			cfg.EnableHead(h).SetCustomMode(size.W, size.H, 0)
		default:
			cfg.EnableHead(h)
		}
	}
	if !found {
		cfg.Destroy()
		answer(rfb.ResizeProhibited)
		return
	}
	end := func(st rfb.ResizeStatus) func() {
		return func() {
			cfg.Destroy()
			answer(st)
		}
	}
	cfg.OnSucceeded, cfg.OnFailed, cfg.OnCancelled = end(rfb.ResizeDone), end(rfb.ResizeInvalid), end(rfb.ResizeOutOfResources)
	cfg.Apply()
}
