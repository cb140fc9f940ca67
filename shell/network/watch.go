package network

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Class is where the kernel has network devices.
const Class = "/sys/class/net"

const (
	maxDatagram = 64 << 10
	patience    = 5 * time.Second // that the kernel has for an answer
)

// Kind is what kind of network there is.
type Kind uint8

// Kinds.
const (
	Unknown Kind = iota // nobody has looked
	None
	Wired // or what behaves like it
	Wireless
)

// Watcher follows the network until it is closed.
type Watcher struct {
	class  string
	events *os.File
	done   sync.WaitGroup
}

// Watch follows the default route; class is a folder like Class. changed is
// called on a goroutine of the watcher: with the kind now, and whenever it is
// another.
func Watch(class string, changed func(Kind)) (*Watcher, error) {
	events, err := open(unix.RTMGRP_LINK | unix.RTMGRP_IPV4_ROUTE | unix.RTMGRP_IPV6_ROUTE)
	if err != nil {
		return nil, err
	}
	w := &Watcher{class: class, events: events}
	w.done.Go(func() { w.work(changed) })
	return w, nil
}

// Close ends it. changed isn't called afterwards.
func (w *Watcher) Close() error {
	err := w.events.Close()
	w.done.Wait()
	return err
}

func open(groups uint32) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("socket of the kernel's routes: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups}); err != nil {
		return nil, errors.Join(fmt.Errorf("kernel's routes: %w", err), unix.Close(fd))
	}
	return os.NewFile(uintptr(fd), "routes"), nil
}

func (w *Watcher) work(changed func(Kind)) {
	kind := Unknown
	buf := make([]byte, maxDatagram)
	for seq := uint32(1); ; seq++ {
		// What the message says is asked for as a whole: some may be lost.
		if now, err := w.look(seq, buf); err == nil && now != kind {
			kind = now
			changed(kind)
		}
		if _, err := w.events.Read(buf); err != nil && !errors.Is(err, unix.ENOBUFS) {
			return // closed
		}
	}
}

// look asks the kernel for the routes.
func (w *Watcher) look(seq uint32, buf []byte) (Kind, error) {
	f, err := open(0)
	if err != nil {
		return Unknown, err
	}
	defer f.Close()
	if err := f.SetDeadline(time.Now().Add(patience)); err != nil {
		return Unknown, err
	}
	if _, err := f.Write(question(seq)); err != nil {
		return Unknown, err
	}
	r := reply{seq: seq}
	for !r.done {
		n, err := f.Read(buf)
		if err == nil {
			err = r.add(buf[:n])
		}
		if err != nil {
			return Unknown, err
		}
	}
	if r.best == nil {
		return None, nil
	}
	dev, err := net.InterfaceByIndex(int(r.best.device))
	if err != nil {
		return None, nil // it has just gone; the kernel will say so
	}
	return kindOf(w.class, dev), nil
}

// kindOf returns the kind of a device that has the default route.
func kindOf(class string, dev *net.Interface) Kind {
	if dev.Flags&net.FlagRunning == 0 {
		return None // no cable
	}
	for _, mark := range []string{"wireless", "phy80211"} {
		if _, err := os.Stat(filepath.Join(class, filepath.Base(dev.Name), mark)); err == nil {
			return Wireless
		}
	}
	return Wired
}
