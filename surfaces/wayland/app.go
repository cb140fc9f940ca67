package wayland

import (
	"os"

	"rayos/internal/procstat"
	"rayos/surfaces"
)

// App is an installed application that the session has started, with what it
// may see.
type App struct {
	// ID is its app id, whatever its windows say.
	ID string
	// PID is its first process.
	PID int32
	// Globals are the interfaces that it is told of; all others are unknown to
	// it, also those that sandboxes of others see.
	Globals []string
	// Bound is told when it binds one; nil for nobody.
	Bound func(iface string)
}

// AddApp serves the connected socket of an application; fd belongs to the server
// from here on. Its windows are signed with its id, and can't call themselves
// otherwise.
func (s *Server) AddApp(fd int, a App) (*Client, error) {
	o := surfaces.Owner{
		PID: a.PID, UID: uint32(os.Getuid()), GID: uint32(os.Getgid()), Trust: surfaces.TrustSandboxed, Label: a.ID,
	}
	if st, err := procstat.Read(int(a.PID)); err == nil { // else it has just ended
		o.Start = st.Start
	}
	allowed := make(map[string]bool, len(a.Globals))
	for _, name := range a.Globals {
		allowed[name] = true
	}
	c, err := s.addClient(fd, o)
	if c != nil {
		c.app, c.allowed, c.bound = a.ID, allowed, a.Bound
	}
	return c, err
}

// AppOf returns the id of the application that a window is of, "" for others.
func (s *Server) AppOf(g *surfaces.GuestSurface) string {
	if g.Surface != nil {
		if sf, ok := g.Surface.Data.(*surface); ok {
			return sf.c.app
		}
	}
	return ""
}

// App returns the id of the application that the client is, "" for others.
func (c *Client) App() string { return c.app }
