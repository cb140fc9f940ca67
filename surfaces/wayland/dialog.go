package wayland

import (
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addDialog() {
	s.addGlobal(&protocol.XdgWmDialogV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXdgWmDialogV1(c.conn, id, version).Handler = dialogManager{}
	})
}

type dialogManager struct{}

func (dialogManager) Destroy(*server.XdgWmDialogV1) {}

// GetXdgDialog makes the one dialog object of a toplevel.
func (dialogManager) GetXdgDialog(res *server.XdgWmDialogV1, id *server.XdgDialogV1, top *server.XdgToplevel) {
	d := &dialog{}
	id.Handler = d
	t := top.Handler.(*toplevel)
	if t.dialog != nil {
		res.PostError(protocol.XdgWmDialogV1ErrorAlreadyUsed, "xdg_toplevel@%d is a dialog already", top.ID())
		return
	}
	d.t, t.dialog = t, d
}

// dialog is xdg_dialog_v1. It counts for windows with a parent.
type dialog struct {
	t     *toplevel // that it was made for
	modal bool
}

func (*dialog) Destroy(*server.XdgDialogV1) {}

// ResourceDestroyed takes back what it said.
func (d *dialog) ResourceDestroyed() {
	if d.t != nil {
		d.set(false)
		d.t.dialog = nil
	}
}

// SetModal says that the parent waits for this window.
func (d *dialog) SetModal(*server.XdgDialogV1) { d.set(true) }

// UnsetModal says that it doesn't.
func (d *dialog) UnsetModal(*server.XdgDialogV1) { d.set(false) }

func (d *dialog) set(on bool) {
	if d.modal != on {
		d.modal = on
		d.t.tell(ChangeModal)
	}
}

// Modal reports whether a window says that its parent waits for it.
func (s *Server) Modal(g *surfaces.GuestSurface) bool {
	if m, ok := g.Window.(interface{ Modal() bool }); ok {
		return m.Modal()
	}
	t := s.xdg[g]
	return t != nil && t.dialog != nil && t.dialog.modal
}
