package image

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// backingName reads from a qcow2 disk (QEMU's docs/interop/qcow2.txt) which
// file it lies on; "" if none, or if the disk is another kind of file.
func backingName(disk io.ReaderAt) (string, error) {
	head := make([]byte, 20)
	n, err := disk.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if n < len(head) || string(head[:4]) != "QFI\xfb" {
		return "", nil
	}
	at, size := binary.BigEndian.Uint64(head[8:]), binary.BigEndian.Uint32(head[16:])
	switch {
	case at == 0:
		return "", nil
	case size == 0 || size > maxBacking || at > 1<<62:
		return "", fmt.Errorf("the name of its backing file has %d bytes at %d", size, at)
	}
	name := make([]byte, size)
	if _, err := disk.ReadAt(name, int64(at)); err != nil {
		return "", fmt.Errorf("the name of its backing file: %w", err)
	}
	text, ok := strings.CutPrefix(string(name), "file:")
	if scheme, _, has := strings.Cut(text, ":"); !ok && has && !strings.Contains(scheme, "/") {
		return "", fmt.Errorf("its backing file is by %q", scheme)
	}
	return text, nil
}
