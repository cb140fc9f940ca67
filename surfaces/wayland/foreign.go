package wayland

import (
	"crypto/rand"
	"slices"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addForeign() {
	s.addGlobal(&protocol.ZxdgExporterV2Interface, 1, func(c *Client, id, version uint32) {
		server.NewZxdgExporterV2(c.conn, id, version).Handler = exporter{s}
	})
	s.addGlobal(&protocol.ZxdgImporterV2Interface, 1, func(c *Client, id, version uint32) {
		server.NewZxdgImporterV2(c.conn, id, version).Handler = importer{s}
	})
}

type exporter struct{ srv *Server }

func (exporter) Destroy(*server.ZxdgExporterV2) {}

// ExportToplevel gives a window a name that other clients can use. Who has not
// been told it can't guess it.
func (h exporter) ExportToplevel(res *server.ZxdgExporterV2, id *server.ZxdgExportedV2, surf *server.WlSurface) {
	e := &exported{srv: h.srv}
	id.Handler = e
	t, ok := surfaceOf(surf).role.(*toplevel)
	if !ok {
		res.PostError(protocol.ZxdgExporterV2ErrorInvalidSurface, "wl_surface@%d is no toplevel", surf.ID())
		return
	}
	e.t, e.handle = t, rand.Text()
	if h.srv.exports == nil {
		h.srv.exports = map[string]*exported{}
	}
	h.srv.exports[e.handle] = e
	id.SendHandle(e.handle)
}

// exported is zxdg_exported_v2.
type exported struct {
	srv     *Server
	t       *toplevel
	handle  string
	imports []*imported
}

func (*exported) Destroy(*server.ZxdgExportedV2) {}

// ResourceDestroyed takes the window's name back.
func (e *exported) ResourceDestroyed() { e.revoke() }

// revoke ends what others have made of the name.
func (e *exported) revoke() {
	delete(e.srv.exports, e.handle)
	for _, i := range slices.Clone(e.imports) {
		i.drop()
		i.res.SendDestroyed()
	}
}

// revokeExports ends all names of a window that is gone.
func (s *Server) revokeExports(t *toplevel) {
	for _, e := range s.exports {
		if e.t == t {
			e.revoke()
		}
	}
}

type importer struct{ srv *Server }

func (importer) Destroy(*server.ZxdgImporterV2) {}

// ImportToplevel refers to a window of another client by its name.
func (h importer) ImportToplevel(_ *server.ZxdgImporterV2, id *server.ZxdgImportedV2, handle string) {
	i := &imported{res: id}
	id.Handler = i
	if i.from = h.srv.exports[handle]; i.from == nil {
		id.SendDestroyed()
		return
	}
	i.from.imports = append(i.from.imports, i)
}

// imported is zxdg_imported_v2.
type imported struct {
	res      *server.ZxdgImportedV2
	from     *exported   // nil once it is of no use
	children []*toplevel // that were given the window as their parent
}

func (*imported) Destroy(*server.ZxdgImportedV2) {}

// ResourceDestroyed ends the relations that were made by it.
func (i *imported) ResourceDestroyed() { i.drop() }

func (i *imported) drop() {
	e := i.from
	if e == nil {
		return
	}
	i.from = nil
	e.imports = remove(e.imports, i)
	for _, t := range i.children {
		if t.parent == e.t {
			t.setParent(nil)
		}
	}
	i.children = nil
}

// SetParentOf makes a window of this client a dialog of the imported one.
func (i *imported) SetParentOf(res *server.ZxdgImportedV2, surf *server.WlSurface) {
	t, ok := surfaceOf(surf).role.(*toplevel)
	if !ok {
		res.PostError(protocol.ZxdgImportedV2ErrorInvalidSurface, "wl_surface@%d is no toplevel", surf.ID())
		return
	}
	if i.from == nil {
		return
	}
	p := i.from.t
	if p.hasAncestor(t) {
		return // two clients can make a circle that neither knows of
	}
	if !p.x.mapped {
		t.setParent(nil)
		return
	}
	t.setParent(p)
	if !slices.Contains(i.children, t) {
		i.children = append(i.children, t)
	}
}

// hasAncestor reports whether a is t or above it.
func (t *toplevel) hasAncestor(a *toplevel) bool {
	for ; t != nil; t = t.parent {
		if t == a {
			return true
		}
	}
	return false
}
