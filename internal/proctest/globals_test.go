package proctest

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestWaylandInfoSeesTheGlobals compares what a program of other people is
// announced with the table of the server's own tests.
func TestWaylandInfoSeesTheGlobals(t *testing.T) {
	Need(t, "wayland-info")
	s := Start(t)
	cmd := exec.Command("wayland-info")
	cmd.Env = s.Env()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("wayland-info: %v\n%s", err, out)
	}
	seen := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^interface: '(\w+)',\s+version:\s+(\d+),`).FindAllStringSubmatch(string(out), -1) {
		seen[m[1]] = m[2]
	}
	table, err := os.ReadFile("../../surfaces/wayland/testdata/globals.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		// Those with a reason may be there with another renderer.
		if got := seen[f[0]]; got != f[1] && (got != "" || len(f) == 2) {
			t.Errorf("%s: wayland-info sees version %q; want %s", f[0], got, f[1])
		}
		delete(seen, f[0])
	}
	for name, version := range seen {
		t.Errorf("wayland-info sees %s %s, which is not in the table", name, version)
	}
}
