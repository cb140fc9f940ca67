package wayland

import (
	"testing"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// export gives a window of c a name.
func (c *testClient) export(s *client.WlSurface) (*client.ZxdgExportedV2, string) {
	c.t.Helper()
	handle := ""
	e := bind[client.ZxdgExporterV2](c, &protocol.ZxdgExporterV2Interface, 1).ExportToplevel(s)
	e.OnHandle = func(h string) { handle = h }
	c.ok()
	c.take()
	return e, handle
}

func (c *testClient) imported(handle string) *client.ZxdgImportedV2 {
	i := bind[client.ZxdgImporterV2](c, &protocol.ZxdgImporterV2Interface, 1).ImportToplevel(handle)
	c.label(i, "imported")
	return i
}

func TestForeignParents(t *testing.T) {
	f := newFixture(t)
	a, b := f.connect(), f.connect()
	parent, child := a.window("parent", 50, 50, 0), b.window("child", 20, 20, 0)
	pg, cg := parent.guest(), child.guest()
	want := func(what string, p *surfaces.GuestSurface) {
		t.Helper()
		f.settle()
		if got := f.srv.Parent(cg); got != p {
			t.Fatalf("%s: parent %v; want %v", what, got, p)
		}
	}
	e, handle := a.export(parent.surf)
	_, again := a.export(parent.surf)
	if len(handle) < 20 || handle == again {
		t.Fatalf("handles %q and %q", handle, again)
	}
	i := b.imported(handle)
	i.SetParentOf(child.surf)
	i.SetParentOf(child.surf)
	want("imported", pg)
	// A circle between clients is not made.
	_, back := b.export(child.surf)
	a.imported(back).SetParentOf(parent.surf)
	f.settle()
	if p := f.srv.Parent(pg); p != nil {
		t.Fatal("a window is above its own parent")
	}
	// The import ends: so does the relation.
	i.Destroy()
	want("import destroyed", nil)
	i = b.imported(handle)
	i.SetParentOf(child.surf)
	want("imported again", pg)
	b.take()
	// The name is taken back.
	e.Destroy()
	want("export destroyed", nil)
	b.expect("imported.destroyed()")
	i.SetParentOf(child.surf)
	want("of no use", nil)
	b.imported(handle)
	b.expect("imported.destroyed()")
	// A relation that was changed since is left alone.
	other := b.window("other", 20, 20, 0)
	i = b.imported(again)
	i.SetParentOf(child.surf)
	want("second name", pg)
	child.top.SetParent(other.top)
	b.take()
	want("changed", other.guest())
	i.Destroy()
	want("left alone", other.guest())
	// The window goes.
	i = b.imported(again)
	i.SetParentOf(child.surf)
	want("third time", pg)
	b.take()
	parent.surf.Attach(nil, 0, 0)
	parent.surf.Commit()
	want("unmapped", nil)
	i.SetParentOf(child.surf)
	want("not mapped", nil)
	parent.top.Destroy()
	f.settle()
	b.expect("imported.destroyed()")
}

func TestForeignErrors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		iface string
		do    func(c *testClient)
	}{
		{"export of a bare surface", "zxdg_exporter_v2", func(c *testClient) {
			bind[client.ZxdgExporterV2](c, &protocol.ZxdgExporterV2Interface, 1).ExportToplevel(c.surface("bare"))
		}},
		{"parent of a bare surface", "zxdg_imported_v2", func(c *testClient) {
			c.imported("nobody").SetParentOf(c.surface("bare"))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newFixture(t).connect()
			tc.do(c)
			c.wantError(tc.iface, 0)
		})
	}
}
