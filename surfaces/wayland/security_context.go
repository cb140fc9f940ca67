package wayland

import (
	"slices"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

func (s *Server) addSecurityContext() {
	// Privileged: contexts don't nest.
	s.addPrivilegedGlobal(&protocol.WpSecurityContextManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpSecurityContextManagerV1(c.conn, id, version).Handler = &contextManager{c}
	})
}

// maxContexts bounds the contexts, each of which has two descriptors.
const maxContexts = 256

type contextManager struct{ c *Client }

func (*contextManager) Destroy(*server.WpSecurityContextManagerV1) {}

// CreateListener takes over a socket of a sandbox.
func (m *contextManager) CreateListener(res *server.WpSecurityContextManagerV1, id *server.WpSecurityContextV1, listen, stop *wire.FD) {
	x := &securityContext{c: m.c, listen: -1, stop: -1}
	id.Handler = x
	x.listen = listen.Take()
	x.stop = stop.Take()
	on, err := unix.GetsockoptInt(x.listen, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	if err == nil {
		err = unix.SetNonblock(x.listen, true)
	}
	if err != nil || on == 0 {
		res.PostError(protocol.WpSecurityContextManagerV1ErrorInvalidListenFd, "the descriptor is no listening socket")
	}
}

// securityContext is wp_security_context_v1: what is said about a sandbox
// before its clients come.
type securityContext struct {
	c                                *Client
	listen, stop                     int // -1 once given away
	engine                           string
	appID                            string
	instance                         string
	setEngine, setAppID, setInstance bool
	committed                        bool
}

func (*securityContext) Destroy(*server.WpSecurityContextV1) {}

// ResourceDestroyed gives up a context that was not committed.
func (x *securityContext) ResourceDestroyed() { x.close() }

func (x *securityContext) close() {
	for _, fd := range []*int{&x.listen, &x.stop} {
		if *fd >= 0 {
			_ = unix.Close(*fd)
			*fd = -1
		}
	}
}

// set keeps one piece of metadata.
func (x *securityContext) set(res *server.WpSecurityContextV1, to *string, was *bool, value string) {
	switch {
	case x.committed:
		res.PostError(protocol.WpSecurityContextV1ErrorAlreadyUsed, "the context was committed")
	case *was:
		res.PostError(protocol.WpSecurityContextV1ErrorAlreadySet, "%q was set already", *to)
	default:
		*to, *was = cleanText(value), true
	}
}

// SetSandboxEngine names what runs the sandbox.
func (x *securityContext) SetSandboxEngine(res *server.WpSecurityContextV1, name string) {
	x.set(res, &x.engine, &x.setEngine, name)
}

// SetAppId names the program.
func (x *securityContext) SetAppId(res *server.WpSecurityContextV1, id string) { //nolint:revive // generated name
	x.set(res, &x.appID, &x.setAppID, id)
}

// SetInstanceId names this run of it.
func (x *securityContext) SetInstanceId(res *server.WpSecurityContextV1, id string) { //nolint:revive // generated name
	x.set(res, &x.instance, &x.setInstance, id)
}

// Commit opens the socket to the sandbox.
func (x *securityContext) Commit(res *server.WpSecurityContextV1) {
	if x.committed {
		res.PostError(protocol.WpSecurityContextV1ErrorAlreadyUsed, "the context was committed")
		return
	}
	x.committed = true
	srv := x.c.srv
	if len(srv.sandboxes) >= maxContexts {
		x.c.tooMany("too many security contexts")
		return
	}
	b := &sandbox{srv: srv, listen: x.listen, stop: x.stop, label: x.label()}
	x.listen, x.stop = -1, -1
	if err := b.open(); err != nil {
		srv.log.Info("security context", "app", b.label, "err", err)
		b.close()
		return
	}
	srv.sandboxes = append(srv.sandboxes, b)
}

// label is how its windows are signed.
func (x *securityContext) label() string {
	switch {
	case x.appID != "":
		return x.appID
	case x.engine != "":
		return x.engine
	}
	return "sandbox"
}

// sandbox accepts the clients of a context, until its stop descriptor hangs up.
// It outlives the client that made it.
type sandbox struct {
	srv          *Server
	listen, stop int
	label        string
	in, end      *loop.Source
	paused       bool
}

func (b *sandbox) open() (err error) {
	if b.in, err = b.srv.Loop.Add(b.listen, loop.Readable, b); err != nil {
		return err
	}
	b.end, err = b.srv.Loop.Add(b.stop, 0, stopped{b})
	return err
}

// Ready accepts one who waits.
func (b *sandbox) Ready(ev loop.Events) {
	if ev&loop.Hangup != 0 {
		b.remove()
		return
	}
	fd, _, err := unix.Accept4(b.listen, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
	switch err {
	case nil:
		o := ownerOf(fd)
		o.Trust, o.Label = surfaces.TrustSandboxed, b.label
		if _, err := b.srv.addClient(fd, o); err != nil {
			b.srv.log.Error("new client", "err", err)
		}
	case unix.EAGAIN, unix.EINTR, unix.ECONNABORTED:
	case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
		b.srv.log.Error("accept", "app", b.label, "err", err)
		b.watch(0)
	default:
		b.srv.log.Info("security context", "app", b.label, "err", err)
		b.remove()
	}
}

func (b *sandbox) watch(ev loop.Events) {
	b.paused = ev == 0
	if err := b.in.SetEvents(ev); err != nil {
		b.srv.log.Error("watch a sandbox", "err", err)
	}
}

// stopped hears of the end of a sandbox.
type stopped struct{ b *sandbox }

// Ready: there is nothing to read, so it has hung up.
func (s stopped) Ready(loop.Events) { s.b.remove() }

func (b *sandbox) remove() {
	b.srv.sandboxes = remove(b.srv.sandboxes, b)
	b.close()
}

func (b *sandbox) close() {
	for _, src := range []*loop.Source{b.in, b.end} {
		if src == nil {
			continue
		}
		if err := src.Remove(); err != nil {
			b.srv.log.Error("remove a sandbox", "err", err)
		}
	}
	_ = unix.Close(b.listen)
	_ = unix.Close(b.stop)
}

// goOnAccepting looks at the sockets of sandboxes again after descriptors were
// freed.
func (s *Server) goOnAccepting() {
	for _, b := range s.sandboxes {
		if b.paused {
			b.watch(loop.Readable)
		}
	}
}

// closeSandboxes ends all.
func (s *Server) closeSandboxes() {
	for _, b := range slices.Clone(s.sandboxes) {
		b.remove()
	}
}
