package wayland

import (
	"golang.org/x/sys/unix"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addPresentation() {
	s.addGlobal(&protocol.WpPresentationInterface, 2, func(c *Client, id, version uint32) {
		res := server.NewWpPresentation(c.conn, id, version)
		res.Handler = &presentation{c}
		res.SendClockId(unix.CLOCK_MONOTONIC)
	})
}

type presentation struct{ c *Client }

func (*presentation) Destroy(*server.WpPresentation) {}

// Feedback asks when the next commit reaches the screen.
func (h *presentation) Feedback(_ *server.WpPresentation, surf *server.WlSurface, id *server.WpPresentationFeedback) {
	p := surfaceOf(surf).pending()
	p.Feedback = append(p.Feedback, &feedback{h.c, id})
	p.Set |= surfaces.FieldFeedback
}

type feedback struct {
	c   *Client
	res *server.WpPresentationFeedback
}

// Presented tells where and when.
func (f *feedback) Presented(p surfaces.Presentation) {
	res := f.take()
	if o, ok := p.Output.(*Output); ok {
		for _, b := range f.c.outputs {
			if b.output == o {
				res.SendSyncOutput(b.res)
			}
		}
	}
	var flags protocol.WpPresentationFeedbackKind
	if p.VSync {
		flags |= protocol.WpPresentationFeedbackKindVsync
	}
	if p.HWClock {
		flags |= protocol.WpPresentationFeedbackKindHwClock
	}
	if p.ZeroCopy {
		flags |= protocol.WpPresentationFeedbackKindZeroCopy
	}
	sec, nsec := uint64(p.Time/1e9), uint32(p.Time%1e9)
	res.SendPresented(uint32(sec>>32), uint32(sec), nsec, uint32(p.Refresh), uint32(p.Seq>>32), uint32(p.Seq), flags)
}

// Discarded tells that the content was never shown.
func (f *feedback) Discarded() { f.take().SendDiscarded() }

// take lets go of the object, which is recycled once it has had its answer.
func (f *feedback) take() *server.WpPresentationFeedback {
	res := f.res
	f.res = nil
	return res
}
