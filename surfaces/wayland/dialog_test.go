package wayland

import (
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestDialogSaysThatItIsModal(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	m := bind[client.XdgWmDialogV1](c, &protocol.XdgWmDialogV1Interface, 1)
	d := m.GetXdgDialog(w.top)
	m.Destroy()
	c.ok()
	f.shell.take()
	g := w.guest()
	want := func(what string, on bool, told string) {
		t.Helper()
		c.ok()
		if got := f.srv.Modal(g); got != on {
			t.Errorf("%s: modal %v; want %v", what, got, on)
		}
		compare(t, what, f.shell.take(), told)
	}
	want("at first", false, "")
	d.SetModal()
	d.SetModal()
	want("set", true, "changed modal")
	d.UnsetModal()
	want("unset", false, "changed modal")
	d.SetModal()
	want("set again", true, "changed modal")
	d.Destroy()
	want("destroyed", false, "changed modal")
	// Another may be made; it is inert without its window.
	m = bind[client.XdgWmDialogV1](c, &protocol.XdgWmDialogV1Interface, 1)
	d = m.GetXdgDialog(w.top)
	w.top.Destroy()
	c.ok()
	f.shell.take()
	d.SetModal()
	d.Destroy()
	want("without its window", false, "")
	two := c.window("two", 20, 20, 0)
	m.GetXdgDialog(two.top)
	m.GetXdgDialog(two.top)
	c.wantError("xdg_wm_dialog_v1", uint32(protocol.XdgWmDialogV1ErrorAlreadyUsed))
}
