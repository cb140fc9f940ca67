package client

import (
	"slices"

	"rayos/surfaces/wire"
)

// Global is one object the server offers.
type Global struct {
	Interface     string
	Name, Version uint32
}

// Globals keeps the list of what the server offers, in the order it was
// announced.
type Globals struct {
	Registry *WlRegistry
	// OnAdd and OnRemove are called for changes after Globals returned.
	OnAdd    func(Global)
	OnRemove func(Global)
	list     []Global
}

// Globals returns the server's globals, after one round trip.
func (d *Display) Globals() (*Globals, error) {
	g := &Globals{Registry: d.GetRegistry()}
	g.Registry.OnGlobal = g.add
	g.Registry.OnGlobalRemove = g.remove
	if err := d.Roundtrip(); err != nil {
		return nil, err
	}
	return g, nil
}

func (g *Globals) add(name uint32, iface string, version uint32) {
	gl := Global{iface, name, version}
	g.list = append(g.list, gl)
	if g.OnAdd != nil {
		g.OnAdd(gl)
	}
}

func (g *Globals) remove(name uint32) {
	i := slices.IndexFunc(g.list, func(gl Global) bool { return gl.Name == name })
	if i < 0 {
		return
	}
	gl := g.list[i]
	g.list = slices.Delete(g.list, i, i+1)
	if g.OnRemove != nil {
		g.OnRemove(gl)
	}
}

// All returns the globals, borrowed until the next dispatch.
func (g *Globals) All() []Global { return g.list }

// Find returns the first global of the interface, with the highest version
// that both ends know.
func (g *Globals) Find(iface *wire.Interface) (name, version uint32, ok bool) {
	for _, gl := range g.list {
		if gl.Interface == iface.Name {
			return gl.Name, min(gl.Version, iface.Version), true
		}
	}
	return 0, 0, false
}
