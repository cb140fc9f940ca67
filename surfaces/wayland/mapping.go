package wayland

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
)

// Bounds of mappings: the kernel lets a process have 65530, and the session
// needs some for itself.
const (
	maxClientMappings = 1 << 14
	maxMappings       = 3 << 14
)

// mayMap reports whether the client may have one more mapping, and posts an
// error if not.
func (c *Client) mayMap() bool {
	if c.mappings < maxClientMappings && c.srv.mappings < maxMappings {
		return true
	}
	c.conn.PostError(1, uint32(protocol.WlDisplayErrorNoMemory), "too many shared memory pools")
	return false
}

// mapping is a piece of a client's memory, shared by a pool and the buffers
// made while the pool had that size. It ends with the last of them.
type mapping struct {
	c    *Client
	data []byte
	refs int
	// sealed memory can't shrink under a reader: it may be read where it
	// is. All other is copied under guard.
	sealed bool
	// writable memory can take captures.
	writable bool
}

// mapFile maps size bytes of a file. The caller keeps fd.
func mapFile(c *Client, fd int, size int32) (*mapping, error) {
	m := &mapping{c: c, refs: 1, sealed: cannotShrink(fd, int64(size)), writable: true}
	prot := uintptr(unix.PROT_READ | unix.PROT_WRITE)
	addr, errno := mmap(fd, size, prot)
	if errno != 0 {
		m.writable = false
		addr, errno = mmap(fd, size, unix.PROT_READ)
	}
	if errno != 0 {
		return nil, fmt.Errorf("mmap of %d bytes: %w", size, errno)
	}
	return m.hold(addr, int(size)), nil
}

func mmap(fd int, size int32, prot uintptr) (uintptr, unix.Errno) {
	addr, _, errno := unix.RawSyscall6(unix.SYS_MMAP, 0, uintptr(size), prot, unix.MAP_SHARED, uintptr(fd), 0)
	return addr, errno
}

// cannotShrink reports whether the file has size bytes and will keep them.
func cannotShrink(fd int, size int64) bool {
	seals, _, errno := unix.RawSyscall(unix.SYS_FCNTL, uintptr(fd), unix.F_GET_SEALS, 0)
	if errno != 0 || seals&unix.F_SEAL_SHRINK == 0 {
		return false
	}
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Size >= size
}

// grow maps the same memory a second time with a new size. The first mapping
// stays for those who read it. How large the file is now is not known, so what
// grew is read under guard.
func (m *mapping) grow(size int) (*mapping, error) {
	// An old size of 0 asks for a duplicate of a shared mapping (mremap(2)).
	from := uintptr(unsafe.Pointer(unsafe.SliceData(m.data)))
	addr, _, errno := unix.Syscall6(unix.SYS_MREMAP, from, 0, uintptr(size), unix.MREMAP_MAYMOVE, 0, 0)
	if errno != 0 {
		return nil, fmt.Errorf("mremap to %d bytes: %w", size, errno)
	}
	n := &mapping{c: m.c, refs: 1, writable: m.writable}
	return n.hold(addr, size), nil
}

// hold takes over a fresh mapping.
func (m *mapping) hold(addr uintptr, size int) *mapping {
	// The address is outside of Go's heap; the detour keeps vet from
	// reading it as arithmetic on a Go pointer.
	p := *(*unsafe.Pointer)(unsafe.Pointer(&addr))
	m.data = unsafe.Slice((*byte)(p), size)
	m.c.mappings++
	m.c.srv.mappings++
	return m
}

func (m *mapping) unref() {
	if m.refs--; m.refs > 0 {
		return
	}
	addr := uintptr(unsafe.Pointer(unsafe.SliceData(m.data)))
	if _, _, errno := unix.Syscall(unix.SYS_MUNMAP, addr, uintptr(len(m.data)), 0); errno != 0 {
		m.c.srv.log.Error("munmap", "err", errno)
	}
	m.data = nil
	m.c.mappings--
	m.c.srv.mappings--
}
