package guest

import (
	"slices"
	"testing"
)

func TestShareTags(t *testing.T) {
	const driver = "bus/virtio/drivers/9pnet_virtio/"
	for _, tt := range []struct {
		files map[string]string
		want  []string
		fails bool
	}{
		{map[string]string{"bus/virtio/drivers/virtio_blk/virtio0/mount_tag": "x"}, nil, false},
		{map[string]string{driver + "virtio3/mount_tag": "docs\x00", driver + "virtio4/mount_tag": "work\n", driver + "bind": ""}, []string{"docs", "work"}, false},
		{map[string]string{driver + "virtio3/mount_tag": "../etc\x00"}, nil, true},
		{map[string]string{driver + "virtio3/mount_tag": "..\x00"}, nil, true},
		{map[string]string{driver + "virtio3/mount_tag": "\x00"}, nil, true},
	} {
		got, err := shareTags(tree(t, tt.files))
		if !slices.Equal(got, tt.want) || (err != nil) != tt.fails {
			t.Errorf("%q: %q, %v; want %q", tt.files, got, err, tt.want)
		}
	}
}

func TestShareLineStaysInShares(t *testing.T) {
	s := newSystem()
	s.shares = []string{"docs"}
	for _, path := range []string{"", "docs", "docs/", "docs/../../tmp/x", "docs//tmp/x", "tmp/x", "../tmp/x", "/tmp/x"} {
		if got := s.line("SHARE_TEST:" + path); got != "RAYOS_LINUX_SHARE_TEST_ERR not_allowed\n" {
			t.Errorf("%q: %q", path, got)
		}
	}
}
