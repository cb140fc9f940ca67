package host

import (
	"errors"
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"

	"rayos/geom"
)

// picture is memory with a guest's screen in it, XRGB8888, that a compositor
// may map. Ours is sealed: it keeps its size, and nobody else can write it.
type picture struct {
	file   *os.File
	total  int64 // bytes of the file
	offset int64 // of the first row in the file
	size   geom.Size
	stride int

	data []byte // mapped by us; nil for memory of QEMU
	// stale is what the newest picture has and this one doesn't.
	stale geom.Region
	// busy is set while the compositor may read it.
	busy bool
	// key tells memory of QEMU again when it is sent another time.
	key fileKey
}

type fileKey struct{ dev, ino uint64 }

func newPicture(size geom.Size) (*picture, error) {
	stride := 4 * int(size.W)
	total := stride * int(size.H)
	fd, err := unix.MemfdCreate("rayos-guest", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate("rayos-guest", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return nil, fmt.Errorf("memory for a picture: %w", err)
	}
	file := os.NewFile(uintptr(fd), "rayos-guest")
	fail := func(err error) (*picture, error) {
		return nil, errors.Join(fmt.Errorf("memory for a picture: %w", err), file.Close())
	}
	if err := unix.Ftruncate(fd, int64(total)); err != nil {
		return fail(err)
	}
	data, err := unix.Mmap(fd, 0, total, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fail(err)
	}
	const seals = unix.F_SEAL_GROW | unix.F_SEAL_SHRINK | unix.F_SEAL_SEAL
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals|unix.F_SEAL_FUTURE_WRITE); err != nil {
		return fail(errors.Join(err, unix.Munmap(data)))
	}
	return &picture{file: file, total: int64(total), size: size, stride: stride, data: data}, nil
}

// mappedPicture is memory that QEMU draws into. It owns file, which must have
// the whole picture: a compositor ends the connection of who gives it less.
func mappedPicture(file *os.File, offset int64, size geom.Size, stride int) (*picture, error) {
	var st unix.Stat_t
	total := offset + int64(stride)*int64(size.H)
	err := unix.Fstat(int(file.Fd()), &st)
	switch {
	case err != nil:
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		err = fmt.Errorf("not memory but a file of mode %#o", st.Mode)
	case total > math.MaxInt32 || total > st.Size:
		err = fmt.Errorf("a picture up to byte %d in memory of %d bytes", total, st.Size)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &picture{file: file, total: total, offset: offset, size: size, stride: stride, key: fileKey{st.Dev, st.Ino}}, nil
}

// free gives the memory back. The compositor keeps its own mapping.
func (p *picture) free() error {
	var err error
	if p.data != nil {
		err = unix.Munmap(p.data)
		p.data = nil
	}
	return errors.Join(err, p.file.Close())
}

// row is the part of a row from x0 to x1.
func (p *picture) row(y, x0, x1 int) []byte { return p.data[y*p.stride+4*x0 : y*p.stride+4*x1] }

// copyRect copies r from another picture of the same size and returns how many
// bytes that were.
func (p *picture) copyRect(from *picture, r geom.Rect) int {
	for y := int(r.Y0); y < int(r.Y1); y++ {
		copy(p.row(y, int(r.X0), int(r.X1)), from.row(y, int(r.X0), int(r.X1)))
	}
	return 4 * int(r.W()) * int(r.H())
}
