package guest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Groups of the kernel's socket for events of devices.
const (
	groupKernel = 1 // what the kernel tells
	groupUdev   = 2 // what udev tells, which libudev listens to
)

// uevents is the socket.
type uevents struct{ fd int }

func openUevents() (*uevents, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, fmt.Errorf("device events: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groupKernel}); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("device events: %w", err)
	}
	return &uevents{fd}, nil
}

// maxUevent is more than the kernel writes into one event.
const maxUevent = 8 << 10

// next waits for an event of the kernel's. What is none is passed over.
func (u *uevents) next(buf []byte) (uevent, error) {
	for {
		n, from, err := unix.Recvfrom(u.fd, buf, 0)
		switch {
		case err == unix.EINTR || err == unix.ENOBUFS: // events were lost; those that come say enough
			continue
		case err != nil:
			return uevent{}, fmt.Errorf("device events: %w", err)
		}
		if a, ok := from.(*unix.SockaddrNetlink); !ok || a.Pid != 0 {
			continue // not the kernel
		}
		if e, ok := parseUevent(buf[:n]); ok {
			return e, nil
		}
	}
}

// tell passes an event on as udev would.
func (u *uevents) tell(e uevent) error {
	err := unix.Sendto(u.fd, e.libudev(), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groupUdev})
	if err == unix.ECONNREFUSED || err == unix.ESRCH {
		return nil // nobody listens
	}
	return err
}

// awaitFile waits until a device has its file.
func (u *uevents) awaitFile(path string, within time.Duration) error {
	buf := make([]byte, maxUevent)
	for end := time.Now().Add(within); ; {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		left := time.Until(end)
		if left <= 0 {
			return fmt.Errorf("there is no %s", path)
		}
		fds := []unix.PollFd{{Fd: int32(u.fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, int(left/time.Millisecond)+1)
		if err != nil && err != unix.EINTR {
			return fmt.Errorf("device events: %w", err)
		}
		if n > 0 {
			if _, _, err := unix.Recvfrom(u.fd, buf, unix.MSG_DONTWAIT); err != nil && err != unix.EAGAIN && err != unix.ENOBUFS {
				return fmt.Errorf("device events: %w", err)
			}
		}
	}
}

// uevent is an event of a device: what the kernel says of it, in its order.
type uevent struct {
	values []string // KEY=VALUE
}

// parseUevent reads "action@path\0KEY=VALUE\0…".
func parseUevent(b []byte) (e uevent, ok bool) {
	head, rest, ok := bytes.Cut(b, []byte{0})
	if !ok || !bytes.ContainsRune(head, '@') {
		return e, false
	}
	for part := range bytes.SplitSeq(rest, []byte{0}) {
		if i := bytes.IndexByte(part, '='); i > 0 {
			e.values = append(e.values, string(part))
		}
	}
	return e, e.value("ACTION") != "" && e.value("SUBSYSTEM") != ""
}

func (e uevent) value(key string) string {
	for _, v := range e.values {
		if rest, ok := strings.CutPrefix(v, key); ok && strings.HasPrefix(rest, "=") {
			return rest[1:]
		}
	}
	return ""
}

// hotplug reports whether something was plugged into, or out of, a card.
func (e uevent) hotplug() bool { return e.value("SUBSYSTEM") == "drm" && e.value("HOTPLUG") == "1" }

// libudevHeader is the length of the header that libudev wants.
const libudevHeader = 40

// libudev writes the event as udev sends it: a header with hashes of subsystem
// and type of the device, by which listeners filter, and the values.
func (e uevent) libudev() []byte {
	body := strings.Join(e.values, "\x00") + "\x00"
	be, native := binary.BigEndian, binary.NativeEndian
	b := append(make([]byte, 0, libudevHeader+len(body)), "libudev\x00"...)
	b = be.AppendUint32(b, 0xfeedcafe)
	b = native.AppendUint32(b, libudevHeader)
	b = native.AppendUint32(b, libudevHeader) // where the values begin
	b = native.AppendUint32(b, uint32(len(body)))
	for _, key := range []string{"SUBSYSTEM", "DEVTYPE"} {
		hash := uint32(0)
		if v := e.value(key); v != "" {
			hash = murmur2(v)
		}
		b = be.AppendUint32(b, hash)
	}
	b = append(b, make([]byte, 8)...) // a filter of tags; it has none
	return append(b, body...)
}

// murmur2 is MurmurHash2 of Austin Appleby, seed 0.
func murmur2(s string) uint32 {
	const m = 0x5bd1e995
	h := uint32(len(s))
	for ; len(s) >= 4; s = s[4:] {
		k := binary.LittleEndian.Uint32([]byte(s[:4])) * m
		h = h*m ^ (k^k>>24)*m
	}
	for i := len(s) - 1; i >= 0; i-- {
		h ^= uint32(s[i]) << (8 * i)
	}
	if len(s) > 0 {
		h *= m
	}
	h = (h ^ h>>13) * m
	return h ^ h>>15
}
