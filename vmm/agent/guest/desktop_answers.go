package guest

import (
	"path/filepath"

	"rayos/vmm/agent"
)

// socket is where the compositor listens.
func (d *desktop) socket() string { return filepath.Join(d.runtime, display) }

// answer carries out what the host asks of a desktop.
func (d *desktop) answer(op string, m *agent.Message) (any, error) {
	switch op {
	case agent.OpType, agent.OpSetClipboard:
		var q agent.Clipboard
		if err := m.Decode(&q); err != nil {
			return nil, err
		}
		if err := agent.CheckText(q.Text); err != nil {
			return nil, err
		}
		if op == agent.OpType {
			return nil, typeText(d.socket(), q.Text)
		}
		return nil, d.clipboard.keep(q.Text)
	case agent.OpClipOffer:
		var o agent.ClipOffer
		if err := m.Decode(&o); err != nil {
			return nil, err
		}
		return nil, d.clipboard.offered(o)
	case agent.OpClipRead:
		var q agent.ClipRead
		if err := m.Decode(&q); err != nil {
			return nil, err
		}
		return d.clipboard.copied(q)
	case agent.OpClipPart:
		var p agent.ClipPart
		if err := m.Decode(&p); err != nil {
			return nil, err
		}
		return nil, d.clipboard.part(p)
	}
	return nil, agent.Refusal(agent.ErrUnknown)
}
