package vncserver

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/client"
	"rayos/vmm/confine"
)

// listenEnv names the descriptor of the socket that viewers come to, for a process
// that is confined: it can't make one any more.
const listenEnv = "RAYOS_VNC_LISTEN"

// maxFiles is how many descriptors there may be: each viewer has a few.
const maxFiles = 512

// rules are what a server may do that has its sockets already: read its password and
// certificate, and find out whose a connection is. It makes no sockets and no
// processes, and writes no files.
func rules(self, password, keys string) (r confine.Rules, err error) {
	r = confine.Rules{
		Read:  []string{"/proc/net", "/etc/localtime", "/usr/share/zoneinfo"},
		Files: maxFiles,
	}
	for _, path := range []string{password, keys} {
		if path != "" {
			r.Read = append(r.Read, path)
		}
	}
	if r.Run, err = confine.Programs(self); len(r.Run) > 1 { // it has shared libraries
		r.Read = append(r.Read, "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
	}
	return r, err
}

// confined starts this program anew, in this process, with sockets and without most
// rights: what viewers send is read by code that could be wrong.
func confined(o *Options, password string, args []string) error {
	if o.Password != "" {
		// It is made where there is none yet, which can't be done later.
		if _, err := certificate(o.Keys, slog.New(slog.DiscardHandler)); err != nil {
			return err
		}
	}
	conn, err := client.Connect("")
	if err != nil {
		return err
	}
	ln, err := listen(o.Listen)
	if err != nil {
		return err
	}
	if u, ok := ln.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // it is open still, elsewhere
	}
	file, err := ln.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	wayland, err := unix.Dup(conn.FD()) // the connection has said nothing so far
	if err != nil {
		return fmt.Errorf("the compositor's socket: %w", err)
	}
	r, err := rules(self, absolute(password), keysFile(o))
	if err != nil {
		return err
	}
	env := append(os.Environ(), listenEnv+"="+strconv.Itoa(int(file.Fd())), "WAYLAND_SOCKET="+strconv.Itoa(wayland))
	return confine.Exec(&r, append([]string{self}, args...), env, []int{int(file.Fd()), wayland})
}

func absolute(path string) string {
	if path == "" {
		return ""
	}
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

func keysFile(o *Options) string {
	if o.Password == "" {
		return ""
	}
	return absolute(filepath.Join(o.Keys, certificateName))
}

// listener is the socket that viewers come to: the one that was inherited, or a new
// one.
func listener(address string) (net.Listener, error) {
	text, ok := os.LookupEnv(listenEnv)
	if !ok {
		return listen(address)
	}
	fd, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%s is %q", listenEnv, text)
	}
	syscall.CloseOnExec(fd)
	file := os.NewFile(uintptr(fd), "viewers")
	ln, err := net.FileListener(file)
	return ln, errors.Join(err, file.Close())
}
