package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The network that QEMU makes for a machine (its "user" network): the same for
// each, and nobody else is on it.
var (
	netAddress = [4]byte{10, 0, 2, 15}
	netMask    = [4]byte{255, 255, 255, 0}
	netGateway = [4]byte{10, 0, 2, 2}
	netNames   = "10.0.2.3"
)

// route is struct rtentry of linux/route.h.
type route struct {
	_                             uint64
	destination, gateway, genmask unix.RawSockaddrInet4
	flags                         uint16
	_                             int16
	_                             uint64
	_                             uintptr
	metric                        int16
	device                        uintptr
	mtu, window                   uint64
	irtt                          uint16
}

// networkCard is the name of the machine's network card, "" for none.
func networkCard(sys string) string {
	dirs, _ := filepath.Glob(filepath.Join(sys, "class/net/*/device")) // the pattern is good
	if len(dirs) == 0 {
		return ""
	}
	return filepath.Base(filepath.Dir(dirs[0]))
}

// startNetwork brings up the network within the machine, and the card if policy
// has given it one. It reports whether it has.
func startNetwork(sys, run string) (bool, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	if err := upLink(fd, "lo"); err != nil {
		return false, err
	}
	card := networkCard(sys)
	if card == "" {
		return false, nil
	}
	for _, set := range []struct {
		request uint
		to      [4]byte
	}{{unix.SIOCSIFADDR, netAddress}, {unix.SIOCSIFNETMASK, netMask}} {
		req, err := unix.NewIfreq(card)
		if err != nil {
			return false, err
		}
		if err := req.SetInet4Addr(set.to[:]); err != nil {
			return false, err
		}
		if err := unix.IoctlIfreq(fd, set.request, req); err != nil {
			return false, fmt.Errorf("address of %s: %w", card, err)
		}
	}
	if err := upLink(fd, card); err != nil {
		return false, err
	}
	all := unix.RawSockaddrInet4{Family: unix.AF_INET}
	r := route{destination: all, gateway: all, genmask: all, flags: unix.RTF_UP | unix.RTF_GATEWAY}
	r.gateway.Addr = netGateway
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCADDRT, uintptr(unsafe.Pointer(&r))); errno != 0 {
		return false, fmt.Errorf("route by %s: %w", card, errno)
	}
	return true, os.WriteFile(filepath.Join(run, "resolv.conf"), []byte("nameserver "+netNames+"\n"), 0o644)
}

// upLink turns an interface on.
func upLink(fd int, name string) error {
	req, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	req.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, req); err != nil {
		return fmt.Errorf("turn %s on: %w", name, err)
	}
	return nil
}
