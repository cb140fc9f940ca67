package client

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/wire"
)

// Display is a connection to a server.
type Display struct {
	*wire.Client
	display WlDisplay
}

// Connect connects to the named server: an absolute path, or a socket in
// XDG_RUNTIME_DIR. The empty name means the socket inherited by WAYLAND_SOCKET
// if there is one, or else the server named by WAYLAND_DISPLAY, or else
// wayland-0.
func Connect(name string) (*Display, error) {
	if name == "" {
		if s, ok := os.LookupEnv("WAYLAND_SOCKET"); ok {
			return inherited(s)
		}
		if name = os.Getenv("WAYLAND_DISPLAY"); name == "" {
			name = "wayland-0"
		}
	}
	if !filepath.IsAbs(name) {
		dir := os.Getenv("XDG_RUNTIME_DIR")
		if dir == "" {
			return nil, errors.New("connect to wayland: XDG_RUNTIME_DIR is not set")
		}
		name = filepath.Join(dir, name)
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("connect to wayland: %w", err)
	}
	if err := connect(fd, name); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to wayland at %s: %w", name, err), unix.Close(fd))
	}
	return New(fd)
}

func connect(fd int, path string) error {
	for {
		err := unix.Connect(fd, &unix.SockaddrUnix{Name: path})
		if err != unix.EINTR {
			return err
		}
	}
}

// inherited makes a connection of the descriptor in WAYLAND_SOCKET, which is
// there for one connection only.
func inherited(s string) (*Display, error) {
	fd, err := strconv.Atoi(s)
	if err != nil || fd < 0 {
		return nil, fmt.Errorf("connect to wayland: WAYLAND_SOCKET is %q", s)
	}
	if err := os.Unsetenv("WAYLAND_SOCKET"); err != nil {
		return nil, fmt.Errorf("connect to wayland: %w", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
		return nil, fmt.Errorf("connect to wayland: WAYLAND_SOCKET %d: %w", fd, err)
	}
	return New(fd)
}

// New makes a connection of the socket fd, which it owns from then on, also if
// it fails.
func New(fd int) (*Display, error) { return NewWithOptions(fd, wire.ClientOptions{}) }

// NewWithOptions is New with other limits and hooks.
func NewWithOptions(fd int, opts wire.ClientOptions) (*Display, error) {
	d := new(Display)
	c, err := wire.NewClient(fd, &d.display, &protocol.WlDisplayInterface, opts)
	if err != nil {
		return nil, fmt.Errorf("connect to wayland: %w", err)
	}
	d.Client = c
	return d, nil
}

// Sync asks for an event when the server has handled all requests before.
func (d *Display) Sync() *WlCallback { return d.display.Sync() }

// GetRegistry returns a new registry. Most clients want Globals instead.
func (d *Display) GetRegistry() *WlRegistry { return d.display.GetRegistry() }
