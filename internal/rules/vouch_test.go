package rules

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// hostReaders are the rooms that read a channel which only the host can write.
// Nobody else may vouch for a line: a guest could ask the session for
// something.
var hostReaders = []string{"shell/control/channel"}

func TestOnlyTheHostsChannelGivesEvents(t *testing.T) {
	for _, p := range tree(t) {
		if slices.Contains(hostReaders, p.room()) || p.room() == "shell/control/grammar" {
			continue
		}
		for _, f := range p.GoFiles {
			b, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b, []byte("grammar.FromHost")) {
				t.Errorf("%s/%s calls grammar.FromHost: only a room that reads the host's own channel may, and is listed here", p.room(), f)
			}
		}
	}
}
