package wayland

import (
	"fmt"
	"log/slog"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/capture"
	"rayos/surfaces/places"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/wire"
)

// Shell is the session's policy, as the protocols need it.
type Shell interface {
	PanelShell
	LockShell
	PowerShell
	HeadShell
	SeatShell
	BellShell
	CarryShell
	WorkspaceShell
	PlaceShell
	GammaShell
	// WindowOpened: a toplevel made its first commit. The shell sends its
	// first Configure before it returns.
	WindowOpened(g *surfaces.GuestSurface)
	// WindowMapped: the toplevel has its first pixels.
	WindowMapped(g *surfaces.GuestSurface)
	// WindowUnmapped: it has none any more. It may be mapped again.
	WindowUnmapped(g *surfaces.GuestSurface)
	// WindowClosed: the toplevel is gone.
	WindowClosed(g *surfaces.GuestSurface)
	// WindowChanged: something about it is new.
	WindowChanged(g *surfaces.GuestSurface, what Change)
	// WindowRequest: the client asks for something.
	WindowRequest(g *surfaces.GuestSurface, r Request)
	// WindowAcked: a commit that answers a configure is about to be taken.
	// The shell may hold it back with g.Surface.Block.
	WindowAcked(g *surfaces.GuestSurface, serial uint32)
	// SurfaceCommitted: a surface has a new state.
	SurfaceCommitted(s *surfaces.Surface, set surfaces.Fields)
	// PopupBounds returns the area that popups of g may use, relative to
	// the origin of g's geometry.
	PopupBounds(g *surfaces.GuestSurface) geom.Rect
	// Decorates reports whether the session draws a frame around g.
	Decorates(g *surfaces.GuestSurface) bool
	// SetCursor shows a surface as the cursor of a seat, with its hot spot;
	// nil hides it.
	SetCursor(st *seat.Seat, s *surfaces.Surface, hot geom.Point)
	// SetCursorShape shows a cursor of the session's own by its name in
	// wp_cursor_shape_v1.
	SetCursorShape(st *seat.Seat, name string)
	// Picture returns what an output shows. While nothing was drawn yet it
	// has no Front; OutputDrawn will say when.
	Picture(o *Output) capture.Source
	// CursorImage returns the picture of a seat's cursor and its hot spot, nil
	// when there is none. The session calls Server.CursorChanged after a
	// change.
	CursorImage(st *seat.Seat) (*render.Pixels, geom.Point)
	// WindowState returns what others may know of a mapped window's state.
	// After a change the session calls Server.WindowsChanged.
	WindowState(g *surfaces.GuestSurface) WindowState
	// InputTree returns the tree that popups of input methods hang in, above
	// the windows. Its origin is that of the layout.
	InputTree() *scene.Tree
	// DragIcon shows a surface at an offset from the seat's pointer; nil ends
	// it.
	DragIcon(st *seat.Seat, s *surfaces.Surface, at geom.Point)
}

// Change says what is new about a window.
type Change uint16

// Changes.
const (
	ChangeTitle Change = 1 << iota
	ChangeAppID
	ChangeParent
	ChangeLimits
	ChangeGeometry
	ChangeDecoration
	ChangeAck
	ChangeModal
	ChangeTag
	ChangeIcon
	ChangeCapture // it is captured, or not any more
)

// Request is what a client asks of the window manager.
type Request struct {
	Kind   RequestKind
	Edges  surfaces.Edges // of RequestResize
	Output *Output        // of RequestFullscreen, nil for any
	At     geom.Point     // of RequestMenu, relative to the geometry
	Serial uint32         // of the event that caused a move or resize
	Client any            // that asks, as the seat knows it
	Seat   *seat.Seat     // of the person who is asked for, nil for any
}

// RequestKind is a kind of Request.
type RequestKind uint8

// Requests.
const (
	RequestMove RequestKind = iota
	RequestResize
	RequestMaximize
	RequestUnmaximize
	RequestFullscreen
	RequestUnfullscreen
	RequestMinimize
	RequestMenu
	RequestUnminimize
	RequestActivate
	RequestAttention // it would like to be activated, and may not
)

// Server is a Wayland display.
type Server struct {
	Loop *loop.Loop
	Core *surfaces.Core
	Seat *seat.Seat
	// Places is what applications' sessions remember.
	Places *places.Store

	shell   Shell
	log     *slog.Logger
	globals []*global
	names   uint32 // last global name
	removed int    // globals that are gone and still known
	clients []*Client
	outputs []*Output
	limbo   *scene.Tree // where surfaces without a role hang
	nextID  uint64      // of GuestSurfaces

	listener  *listener
	main      *seatGlobal       // of Seat
	seats     []*seatGlobal     // all, main first
	lastSeat  int               // number of the seat that was made last
	tokens    []activationToken // oldest first
	idle      *idleness
	capture   []*screencopyFrame // waiting for damage or a redraw
	copiers   []*screencopy      // managers that count damage
	windows   *windowList
	pictures  pictures
	barriers  barriers
	exports   map[string]*exported
	sandboxes []*sandbox
	xdg       map[*surfaces.GuestSurface]*toplevel
	owed      []*toplevel // asked for a state and were not answered in this turn
	mappings  int         // of client memory, of all clients
	copies    int64       // limit of copied bytes of one client
	lenient   bool        // see Options
	panels    panels
	lock      locking
	heads     heads

	workspaces workspaces
	sessions   map[string]*xdgSession // in use, by id
}

// Options are what a Server is made with.
type Options struct {
	Loop  *loop.Loop
	Core  *surfaces.Core
	Seat  *seat.Seat
	Shell Shell
	Log   *slog.Logger
	// Places may be nil: then nothing outlives the server.
	Places *places.Store
	// Lenient serves programs that are older than xdg_shell or draw before
	// they are told to: wl_shell is advertised, a buffer may be committed
	// before the first configure was acknowledged, and a selection may be
	// set with serial 0.
	Lenient bool
}

// New returns a server with all globals and no socket.
func New(o Options) *Server {
	s := &Server{
		Loop: o.Loop, Core: o.Core, Seat: o.Seat, shell: o.Shell, log: o.Log,
		xdg: map[*surfaces.GuestSurface]*toplevel{}, copies: maxCopies, lenient: o.Lenient,
		Places: o.Places, sessions: map[string]*xdgSession{},
	}
	if s.Places == nil {
		s.Places = places.New("")
	}
	o.Core.Abandoned = func(f surfaces.FrameCallback) {
		if cb, ok := f.(*server.WlCallback); ok {
			cb.Conn().End(cb)
		}
	}
	s.windows = newWindowList(s)
	s.barriers.init(s)
	s.pictures.pace.init(s)
	s.pictures.camera = capture.Camera{Scene: o.Core.Scene, Renderer: o.Core.Renderer}
	s.limbo = o.Core.Scene.Root().NewTree()
	s.limbo.SetEnabled(false)
	s.addGlobals()
	if s.lenient {
		s.addWlShell()
	}
	return s
}

// addGlobals lists every global, in the order that registries announce them.
func (s *Server) addGlobals() {
	s.addCompositor()
	s.addSubcompositor()
	s.addShm()
	s.addFixes()
	s.addSeat()
	s.addDataDeviceManager()
	s.addPrimarySelection()
	s.addExtDataControl()
	s.addWlrDataControl()
	s.addXdgShell()
	s.addXdgDecoration()
	s.addKdeDecoration()
	s.addToplevelIcon()
	s.addToplevelTag()
	s.addSystemBell()
	s.addDialog()
	s.addToplevelDrag()
	s.addSessionManager()
	s.addForeign()
	s.addActivation()
	s.addXdgOutput()
	s.addViewporter()
	s.addFractionalScale()
	s.addPresentation()
	s.addFifo()
	s.addCommitTiming()
	s.addSinglePixelBuffer()
	s.addLinuxDmabuf()
	s.addContentType()
	s.addAlphaModifier()
	s.addCursorShape()
	s.addRelativePointer()
	s.addPointerConstraints()
	s.addPointerGestures()
	s.addPointerWarp()
	s.addTablets()
	s.addShortcutsInhibit()
	s.addIdleNotifier()
	s.addIdleInhibit()
	s.addScreencopy()
	s.addForeignToplevelList()
	s.addForeignToplevelManagement()
	s.addImageCaptureSources()
	s.addImageCopyCapture()
	s.addSecurityContext()
	s.addVirtualPointer()
	s.addVirtualKeyboard()
	s.addTransientSeat()
	s.addTextInput()
	s.addInputMethod()
	s.addLayerShell()
	s.addSessionLock()
	s.addWorkspaceManager()
	s.addOutputManager()
	s.addOutputPower()
	s.addGammaControl()
	s.addXwaylandShell()
	s.addRayosGuest()
}

// nextGuestID returns a new GuestSurface id.
func (s *Server) nextGuestID() uint64 {
	s.nextID++
	return s.nextID
}

// Clients returns how many clients are connected.
func (s *Server) Clients() int { return len(s.clients) }

// ClientInfo is what there is to say about a client.
type ClientInfo struct {
	Owner    surfaces.Owner
	Since    time.Duration // when it connected, by the loop's clock
	Surfaces int
	Bytes    int64 // of its pictures that are kept as copies, at most
}

// EachClient tells of all clients, those that came first in front.
func (s *Server) EachClient(fn func(*ClientInfo)) {
	for _, c := range s.clients {
		if !c.gone {
			fn(&ClientInfo{Owner: c.owner, Since: c.since, Surfaces: len(c.surfaces), Bytes: c.copied})
		}
	}
}

// Flush sends what is queued for all clients. The session calls it at the end
// of a turn.
func (s *Server) Flush() {
	s.answerOwed()
	s.windows.refresh()
	s.refreshWorkspaces()
	s.refreshHeads()
	s.refreshCaptures()
	s.pictures.pace.look()
	for i := 0; i < len(s.clients); i++ {
		s.clients[i].flush()
	}
	s.reap()
}

// reap ends the clients that died in this turn.
func (s *Server) reap() {
	for i := 0; i < len(s.clients); {
		// What a dead client has not taken by now it will never read.
		if c := s.clients[i]; c.gone || c.conn.Dead() {
			c.close()
			continue
		}
		i++
	}
}

// Close ends all clients and the socket.
func (s *Server) Close() {
	if s.listener != nil {
		s.listener.close()
		s.listener = nil
	}
	s.closeSandboxes()
	for len(s.clients) > 0 {
		s.clients[0].close()
	}
}

func millis(t time.Duration) uint32 { return uint32(t / time.Millisecond) }

// Client is one connection.
type Client struct {
	sessions int // that it uses

	srv        *Server
	conn       *wire.Conn
	source     *loop.Source
	owner      surfaces.Owner
	since      time.Duration // when it connected
	writing    bool
	gone       bool
	eof        bool            // the client will send no more
	more       bool            // requests that were read wait for the next turn
	posted     bool            // resume will be called
	resume     func()          // goOn
	xwayland   *Xwayland       // nil for all but the X server
	guest      *Guest          // nil for all but virtual machines
	app        string          // id of an application, "" for all others
	allowed    map[string]bool // interfaces that the application sees
	bound      func(iface string)
	registries []*registry
	seat       seatClient    // of the first seat
	guests     []*seatClient // of others
	outputs    []outputBinding
	surfaces   []*surface
	mappings   int   // of its memory
	copied     int64 // bytes of its textures, at most; see mayCopy
	remembered int   // bytes, see budget.go
	iconBytes  int   // of its windows' icons
}

// AddClient serves a connected socket; fd belongs to the server from here on.
func (s *Server) AddClient(fd int) (*Client, error) { return s.addClient(fd, ownerOf(fd)) }

func (s *Server) addClient(fd int, owner surfaces.Owner) (*Client, error) {
	c := &Client{srv: s, owner: owner, since: s.Loop.Now()}
	c.seat.c, c.seat.g = c, s.main
	conn, err := wire.NewConn(fd, wire.Options{Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("client socket: %w", err)
	}
	c.conn, c.resume = conn, c.goOn
	conn.Data = c
	newDisplay(c)
	src, err := s.Loop.Add(fd, loop.Readable, c)
	if err != nil {
		c.conn.Close()
		return nil, fmt.Errorf("client socket: %w", err)
	}
	c.source = src
	s.clients = append(s.clients, c)
	return c, nil
}

// Surface returns a wl_surface by its id in the client, nil if there is none.
func (c *Client) Surface(id uint32) *surfaces.Surface {
	if r, ok := c.conn.Object(id).(*server.WlSurface); ok {
		return surfaceOf(r).core
	}
	return nil
}

// ConnectedAt returns when the client of a window connected. Programs behind the
// X server come and go unseen: it is now for them.
func (s *Server) ConnectedAt(g *surfaces.GuestSurface) time.Duration {
	if g.Surface != nil {
		if sf, ok := g.Surface.Data.(*surface); ok && sf.c.xwayland == nil {
			return sf.c.since
		}
	}
	return s.Loop.Now()
}

// Owner tells who the kernel says the client is.
func (c *Client) Owner() surfaces.Owner { return c.owner }

// Ready reads and serves requests, or goes on writing.
func (c *Client) Ready(ev loop.Events) {
	if ev&loop.Writable != 0 {
		c.flush()
	}
	if ev&(loop.Readable|loop.Hangup) == 0 {
		return
	}
	var err error
	if !c.more {
		c.eof, err = c.conn.Read()
	}
	c.serve(err)
}

// slice is how long the requests of one client may take in one turn. What is
// left waits for the next, so that a flood delays nobody else for longer.
const slice = 2 * time.Millisecond

// serve handles what was read.
func (c *Client) serve(err error) {
	var derr error
	if c.more, derr = c.conn.DispatchFor(slice); err == nil {
		err = derr
	}
	if err != nil {
		c.srv.log.Debug("client", "pid", c.owner.PID, "err", err)
	}
	switch {
	case c.more && !c.posted:
		c.posted = true
		c.srv.Loop.Post(c.resume)
	case !c.more && c.eof:
		c.close()
	}
}

// goOn serves what the last turn has left.
func (c *Client) goOn() {
	c.posted = false
	if c.source != nil && c.more {
		c.serve(nil)
	}
}

func (c *Client) flush() {
	if c.gone || !c.conn.Pending() && !c.writing {
		return
	}
	if err := c.conn.Flush(); err != nil {
		c.gone = true
		return
	}
	if more := c.conn.Pending(); more != c.writing {
		c.writing = more
		ev := loop.Readable
		if more {
			ev |= loop.Writable
		}
		if err := c.source.SetEvents(ev); err != nil {
			c.gone = true
		}
	}
}

// close ends the connection and everything that the client made.
func (c *Client) close() {
	if c.source == nil {
		return
	}
	if err := c.source.Remove(); err != nil {
		c.srv.log.Error("remove client", "err", err)
	}
	c.source = nil
	c.gone = true
	for _, g := range c.srv.seats {
		if d := g.data.drag; d != nil && d.c == c {
			d.cancel()
		}
	}
	c.conn.Close()
	for _, g := range c.srv.seats {
		g.seat.ForgetClient(c)
	}
	if l := c.srv.listener; l != nil {
		l.goOn()
	}
	if c.guest != nil {
		c.guest.host.GuestGone()
	}
	c.srv.goOnAccepting()
	c.srv.clients = remove(c.srv.clients, c)
}

// Surfaces returns how many wl_surfaces there are.
func (s *Server) Surfaces() int {
	n := 0
	for _, c := range s.clients {
		n += len(c.surfaces)
	}
	return n
}
