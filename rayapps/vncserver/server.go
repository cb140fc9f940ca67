package vncserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/rayapps/rfb/rfbserver"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// Options say what is shown to whom.
type Options struct {
	Listen   string // host:port, or a path
	Output   string // its name; "" is the first
	Name     string // of the desktop
	Password string // see rfbserver.Options
	Keys     string // folder for the certificate that a password needs
	ViewOnly bool
	Clip     bool // viewers share the clipboard of their seat
	Log      *slog.Logger
	// Ready is called when viewers can come, with where they find the server. It may
	// be nil.
	Ready func(address net.Addr)
}

// server is a connection with a compositor.
type server struct {
	o       Options
	ctx     context.Context // of Run
	conn    *client.Display
	loop    *loop
	globals *client.Globals

	shm      *client.WlShm
	captures *client.ExtImageCopyCaptureManagerV1
	sources  *client.ExtOutputImageCaptureSourceManagerV1
	seats    *client.ExtTransientSeatManagerV1 // nil without
	keys     *client.ZwpVirtualKeyboardManagerV1
	pointers *client.ZwlrVirtualPointerManagerV1
	data     *client.ExtDataControlManagerV1 // nil without
	output   *client.WlOutput
	first    *client.WlSeat
	keymap   *keymap
	heads    *heads // nil without

	screen *rfbserver.Screen
	rfb    *rfbserver.Server
	camera *camera
}

// Run serves until ctx ends or the compositor has gone.
func Run(ctx context.Context, o Options) error {
	conn, err := client.Connect("")
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{o: o, ctx: ctx, conn: conn}
	if s.loop, err = newLoop(conn); err != nil {
		return err
	}
	defer s.loop.close() // a file that nothing is written to
	if err := s.open(); err != nil {
		return err
	}
	ln, err := listener(o.Listen)
	if err != nil {
		return err
	}
	// The socket's other end is shut, so that the loop ends.
	stop := context.AfterFunc(ctx, func() { _ = unix.Shutdown(conn.FD(), unix.SHUT_RDWR) })
	defer stop()
	var serving sync.WaitGroup
	serving.Go(func() { s.accept(ctx, ln, &serving) })
	if o.Ready != nil {
		o.Ready(ln.Addr())
	}
	err = s.loop.run()
	asked := ctx.Err() != nil
	cancel()
	cerr := ln.Close()
	serving.Wait()
	if asked {
		return cerr
	}
	return errors.Join(fmt.Errorf("the compositor has gone: %w", err), cerr)
}

// listen opens the socket that viewers come to. One in the file system is the
// person's alone.
func listen(address string) (net.Listener, error) {
	if !strings.Contains(address, "/") {
		return net.Listen("tcp", address)
	}
	if st, err := os.Lstat(address); err == nil && st.Mode().Type() == os.ModeSocket {
		if conn, err := net.Dial("unix", address); err == nil {
			return nil, errors.Join(fmt.Errorf("%s: somebody listens there", address), conn.Close())
		}
		if err := os.Remove(address); err != nil {
			return nil, err
		}
	}
	old := unix.Umask(0o177)
	defer unix.Umask(old)
	return net.Listen("unix", address)
}

func (s *server) accept(ctx context.Context, ln net.Listener, serving *sync.WaitGroup) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
				s.o.Log.Error("viewers can't come any more", "err", err)
			}
			return
		}
		serving.Go(func() {
			if err := s.rfb.Serve(ctx, conn); err != nil && ctx.Err() == nil {
				s.o.Log.Warn("viewer", "err", err)
			}
		})
	}
}

func bind[T any](g *client.Globals, iface *wire.Interface, ctor func(*client.WlRegistry, uint32, uint32) *T) (*T, error) {
	name, version, ok := g.Find(iface)
	if !ok {
		return nil, fmt.Errorf("the compositor has no %s", iface.Name)
	}
	return ctor(g.Registry, name, version), nil
}

// open finds out what the compositor has.
func (s *server) open() error {
	g, err := s.conn.Globals()
	if err != nil {
		return err
	}
	s.globals = g
	var errs [6]error
	s.shm, errs[0] = bind(g, &protocol.WlShmInterface, client.BindWlShm)
	s.captures, errs[1] = bind(g, &protocol.ExtImageCopyCaptureManagerV1Interface, client.BindExtImageCopyCaptureManagerV1)
	s.sources, errs[2] = bind(g, &protocol.ExtOutputImageCaptureSourceManagerV1Interface, client.BindExtOutputImageCaptureSourceManagerV1)
	s.first, errs[3] = bind(g, &protocol.WlSeatInterface, client.BindWlSeat)
	s.keys, errs[4] = bind(g, &protocol.ZwpVirtualKeyboardManagerV1Interface, client.BindZwpVirtualKeyboardManagerV1)
	s.pointers, errs[5] = bind(g, &protocol.ZwlrVirtualPointerManagerV1Interface, client.BindZwlrVirtualPointerManagerV1)
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	// These it may lack.
	s.seats, _ = bind(g, &protocol.ExtTransientSeatManagerV1Interface, client.BindExtTransientSeatManagerV1)
	s.data, _ = bind(g, &protocol.ExtDataControlManagerV1Interface, client.BindExtDataControlManagerV1)
	s.openHeads()
	if s.keymap, err = s.readKeymap(); err != nil {
		return err
	}
	if err := s.findOutput(); err != nil {
		return err
	}
	if s.camera, err = newCamera(s); err != nil {
		return err
	}
	want := s.camera.want
	ro := rfbserver.Options{
		Name: s.o.Name, Password: s.o.Password, Log: s.o.Log,
		Seat:   func(v *rfbserver.Viewer) (rfbserver.Seat, error) { return s.sit(v) },
		Hungry: func() { s.loop.do(want) },
	}
	if s.o.Password != "" {
		if ro.TLS, err = certificate(s.o.Keys, s.o.Log); err != nil {
			return err
		}
	}
	s.rfb, err = rfbserver.New(s.screen, ro)
	return err
}

// findOutput binds the one that is to be shown.
func (s *server) findOutput() error {
	var names []string
	for _, gl := range s.globals.All() {
		if gl.Interface != protocol.WlOutputInterface.Name || gl.Version < 4 {
			continue
		}
		o := client.BindWlOutput(s.globals.Registry, gl.Name, 4)
		name := ""
		o.OnName = func(n string) { name = n }
		if err := s.conn.Roundtrip(); err != nil {
			return err
		}
		if s.o.Output == "" || s.o.Output == name {
			s.output, s.o.Output = o, name
			return nil
		}
		names = append(names, name)
		o.Release()
	}
	return fmt.Errorf("there is no output %q; there is: %s", s.o.Output, strings.Join(names, ", "))
}
