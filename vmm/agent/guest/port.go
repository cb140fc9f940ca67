package guest

import (
	"bytes"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

const portName = "org.rayos.agent.0"

// findPort finds the device of a virtio-serial port by its name.
func findPort(sys, dev, name string) (string, error) {
	files, err := filepath.Glob(filepath.Join(sys, "class/virtio-ports/*/name"))
	if err != nil {
		return "", err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil && string(bytes.TrimSpace(text)) == name {
			return filepath.Join(dev, filepath.Base(filepath.Dir(f))), nil
		}
	}
	return "", errors.New("there is no port " + name)
}

// listen serves the host for as long as the guest lives.
func (s *system) listen() {
	path, err := findPort("/sys", "/dev", portName)
	if err != nil {
		s.say("rayos-agent: %v", err)
		return
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		s.say("rayos-agent: open %s: %v", path, err)
		return
	}
	port := &port{fd: fd, woken: make(chan os.Signal, 1)}
	// The driver tells by SIGIO that the host has come or gone.
	signal.Notify(port.woken, unix.SIGIO)
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETOWN, os.Getpid()); err != nil {
		s.say("rayos-agent: %v", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFL, unix.O_ASYNC); err != nil {
		s.say("rayos-agent: %v", err)
	}
	server := agent.NewServer(port, s.answer)
	s.mu.Lock()
	s.server = server
	s.mu.Unlock()
	s.say("rayos-agent: %v", server.Serve())
}

// port is a virtio-serial port. It has no end: while no host is there, reads
// wait and writes are dropped.
type port struct {
	fd    int
	woken chan os.Signal
}

func (p *port) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(p.fd, b)
		switch {
		case n > 0:
			return n, nil
		case err == nil, err == unix.EAGAIN, err == unix.EINTR:
			// Nothing: the host has gone. A signal says when it is back; should
			// one get lost, a look each second finds it.
			select {
			case <-p.woken:
			case <-time.After(time.Second):
			}
		default:
			return 0, err
		}
	}
}

func (p *port) Write(b []byte) (int, error) {
	for done := 0; done < len(b); {
		n, err := unix.Write(p.fd, b[done:])
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
			continue
		case err != nil:
			return done, err
		case n == 0:
			return done, errors.New("no host")
		}
		done += n
	}
	return len(b), nil
}
