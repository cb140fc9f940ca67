package vms

import (
	"fmt"
	"strings"
	"time"

	"rayos/shell/control/grammar"
	"rayos/vmm"
)

// This file tells what nobody has asked for, when it is so.

// tell acknowledges something that has happened by itself.
func (m *Machine) tell(op string, ok bool, detail grammar.Detail) {
	m.s.o.Tell(grammar.Ack{Op: op, OK: ok, Detail: string(detail)})
}

// launched is called when the machine has got a QEMU: it is on its way, and
// with a network or without.
func (m *Machine) launched() {
	rec, err := m.s.reg.Get(m.id)
	if err != nil {
		m.s.o.Log.Error("machine", "err", err)
		return
	}
	e := m.s.policy.Effective(&rec)
	m.s.o.Marker(e.NetworkMarker(m.kind, false))
	if m.state == vmm.Running {
		return // it was found so
	}
	m.tell(m.desktop(), true, grammar.Starting)
	m.expectAnswer()
}

// expectAnswer lets the guest's time run.
func (m *Machine) expectAnswer() {
	if m.late != nil {
		return
	}
	var t *time.Timer
	t = time.AfterFunc(m.s.patience, func() {
		m.s.o.Desktop.Post(func() {
			if m.late == t {
				m.late = nil
				m.unanswered()
			}
		})
	})
	m.late = t
}

// awaitAnswer ends a start when the guest has answered.
func (m *Machine) awaitAnswer(done Done) {
	switch {
	case m.state == vmm.Running:
		done(string(grammar.Running), nil)
	case !m.state.Alive():
		done("", fmt.Errorf("%w: it is %s: %s", ErrNotRunning, m.state, m.detail))
	default:
		m.starts = append(m.starts, done)
		m.expectAnswer()
	}
}

// answered is called when the guest answers.
func (m *Machine) answered() {
	m.s.o.Marker("RAYOS_" + strings.ToUpper(string(m.kind)) + "_VM_READY")
	if !m.wanted {
		m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + "_HIDDEN:running:" + string(m.id))
		m.tell(m.desktop()+"_HIDDEN_READY", true, grammar.Hidden)
	}
	m.endStarts(nil)
}

// unanswered is called when the guest should have answered.
func (m *Machine) unanswered() {
	if !m.wanted {
		m.tell(m.desktop()+"_HIDDEN_READY", false, grammar.Timeout)
	}
	m.endStarts(fmt.Errorf("%w within %v; it is %s", ErrNoAnswer, m.s.patience, m.state))
}

// endStarts answers those who wait for the guest.
func (m *Machine) endStarts(err error) {
	if m.late != nil {
		m.late.Stop()
		m.late = nil
	}
	list := m.starts
	m.starts = nil
	for _, done := range list {
		done(string(grammar.Running), err)
	}
}

// tellPresentation tells that the machine's window came or went.
func (m *Machine) tellPresentation(on bool) {
	word, payload := "off", "HIDDEN"
	if on {
		word, payload = "on", "PRESENTED"
	}
	m.s.o.Marker(fmt.Sprintf("RAYOS_PRESENTATION:%s vm=%s kind=%s", word, m.id, m.kind))
	if op := grammar.OpNamed(strings.ToUpper(string(m.kind)) + "_PRESENTATION"); op != nil {
		m.s.o.Notify(grammar.Event{Op: op, Payload: payload})
	}
}

// provisions tells that a machine's image is being made, for which packages are
// fetched.
func (s *Supervisor) provisions(image string) {
	rec, ok := blueprints[image]
	if !ok {
		return
	}
	rec.ID = vmm.ID(image + "-001")
	e := s.policy.Effective(&rec)
	if e.Network(true) {
		s.o.Marker(e.NetworkMarker(rec.Kind, true))
	}
}
