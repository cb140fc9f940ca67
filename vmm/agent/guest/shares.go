package guest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// sharesAt is where folders of the host are, by the tags that policy gave them.
const sharesAt = "/mnt"

// shareTags are the tags of the folders that the host shares.
func shareTags(sys string) (tags []string, err error) {
	files, _ := filepath.Glob(filepath.Join(sys, "bus/virtio/drivers/9pnet_virtio/virtio*/mount_tag")) // the pattern is good
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return tags, err
		}
		tag := strings.TrimRight(string(text), "\x00\n")
		if tag == "" || tag == "." || tag == ".." || strings.Contains(tag, "/") {
			return tags, fmt.Errorf("share with the tag %q", tag)
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

// mountShares mounts what the host shares. The system is of use without.
func (s *system) mountShares(sys, at string) {
	tags, err := shareTags(sys)
	if err != nil {
		s.say("rayos-agent: %v", err)
	}
	for _, tag := range tags {
		dir := filepath.Join(at, tag)
		err := os.MkdirAll(dir, 0o755)
		if err == nil {
			// Nothing is kept but what programs map, so that both sides see the same.
			err = unix.Mount(tag, dir, "9p", unix.MS_NOSUID|unix.MS_NODEV, "trans=virtio,version=9p2000.L,msize=262144,cache=mmap")
		}
		if err != nil {
			s.say("RAYOS_LINUX_SHARE_ERR tag=%s reason=%v", tag, err)
			continue
		}
		s.shares = append(s.shares, tag)
		s.say("RAYOS_LINUX_SHARE_OK tag=%s", tag)
	}
}

// maxShared is the most that a test of a share reads.
const maxShared = 1 << 20

// shareLine tests a share by one of its files: "docs/file" reads it, and makes
// docs/file.guest beside it with the same content.
func (s *system) shareLine(path string) string {
	tag, name, _ := strings.Cut(path, "/")
	if s.kind != "micro" || !slices.Contains(s.shares, tag) || !filepath.IsLocal(name) {
		return "RAYOS_LINUX_SHARE_TEST_ERR not_allowed\n"
	}
	path = filepath.Join(sharesAt, path)
	data, err := readAtMost(path, maxShared)
	read := fmt.Sprintf("%x", sha256.Sum256(data))
	if err != nil {
		read = reason(err)
	}
	write := "ok"
	if err := os.WriteFile(path+".guest", data, 0o600); err != nil {
		write = reason(err)
	}
	return "RAYOS_LINUX_SHARE_TEST read=" + read + " write=" + write + "\n"
}

func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// reason is an error as one word: "ENOENT", "EROFS".
func reason(err error) string {
	if errno := unix.Errno(0); errors.As(err, &errno) {
		return unix.ErrnoName(errno)
	}
	return "error"
}
