package rfbserver

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// errStranger is why somebody isn't let in without a password.
var errStranger = errors.New("viewers of other machines need a password, which isn't set")

// local returns nil for a connection that needs no password: of a unix socket, whose
// mode says who may come, or of this user by the loopback interface.
func local(conn net.Conn) error {
	at, ok := conn.LocalAddr().(*net.TCPAddr)
	from, too := conn.RemoteAddr().(*net.TCPAddr)
	if !ok || !too {
		if conn.LocalAddr().Network() == "unix" {
			return nil
		}
		return errStranger
	}
	if !at.IP.IsLoopback() || !from.IP.IsLoopback() {
		return errStranger
	}
	uid, err := ownerOf(from.AddrPort(), at.AddrPort())
	if err != nil {
		return fmt.Errorf("whose connection it is: %w", err)
	}
	if own := os.Getuid(); uid != own && uid != 0 {
		return fmt.Errorf("user %d needs a password, which isn't set: the session is of user %d", uid, own)
	}
	return nil
}

// ownerOf returns the user of a connection's other end, which is on this machine, as
// proc_net_tcp(5) tells it.
func ownerOf(from, to netip.AddrPort) (uid int, err error) {
	name := "/proc/net/tcp6"
	if from.Addr().Unmap().Is4() {
		name = "/proc/net/tcp"
		if uid, err = findOwner(name, from, to); err == nil {
			return uid, nil
		}
		name = "/proc/net/tcp6" // a socket for both
	}
	return findOwner(name, from, to)
}

func findOwner(name string, from, to netip.AddrPort) (uid int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 8 || !sameAddress(fields[1], from) || !sameAddress(fields[2], to) {
			continue
		}
		return strconv.Atoi(fields[7])
	}
	return 0, fmt.Errorf("%s doesn't have it", name)
}

// sameAddress compares "0100007F:1770", words of an address in the machine's order.
func sameAddress(s string, a netip.AddrPort) bool {
	host, port, _ := strings.Cut(s, ":")
	raw, err := hex.DecodeString(host)
	n, perr := strconv.ParseUint(port, 16, 16)
	if err != nil || perr != nil || uint16(n) != a.Port() || len(raw)%4 != 0 {
		return false
	}
	for w := raw; len(w) > 0; w = w[4:] {
		binary.NativeEndian.PutUint32(w, binary.BigEndian.Uint32(w))
	}
	addr, ok := netip.AddrFromSlice(raw)
	return ok && addr.Unmap() == a.Addr().Unmap()
}
