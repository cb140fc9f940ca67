package vms_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rayos/internal/proctest"
	"rayos/vmm"
)

// TestSharedMachineEndsWithItsSession: a machine that has a folder of the host
// says that it can't be suspended, and is shut down when the session ends.
func TestSharedMachineEndsWithItsSession(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	home := proctest.RuntimeDir(t)
	docs := filepath.Join(home, "docs")
	if err := os.Mkdir(docs, 0o700); err != nil {
		t.Fatal(err)
	}
	w := newWorldWith(t, microID, proctest.Options{Env: []string{"HOME=" + home}})
	if err := w.Try("vm build", proctest.Args{"image": "linux-micro"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	w.policy("[defaults]\nautoboot_vms = false\n[linux]\nshares = [{ path = \"docs\", tag = \"docs\" }]\n")
	w.begin()
	if got := w.do("start"); got != "running" {
		t.Fatalf("start says %q", got)
	}
	w.Until("what stands in the way of suspend", func() bool {
		b := w.vm().Blockers
		return len(b) == 1 && strings.Contains(b[0], "docs")
	})
	if err := w.Try("vm suspend", proctest.Args{"machine": microID}, nil); err == nil || !strings.Contains(err.Error(), "docs") {
		t.Errorf("suspend: %v; want it refused for docs", err)
	}
	pid := w.vm().PID
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	if line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); err == nil && bytes.Contains(line, []byte(w.data)) {
		t.Errorf("QEMU %d runs on without a session", pid)
	}
	root, err := vmm.NewRoot(w.data, w.dir)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := vmm.ReadRecord(root, microID)
	if err != nil || rec.State != vmm.Stopped {
		t.Errorf("after the session it is %s, %v; want stopped", rec.State, err)
	}

	// Without the folder it doesn't start, and the session says why.
	if err := os.Remove(docs); err != nil {
		t.Fatal(err)
	}
	w.begin()
	if err := w.Try("vm start", proctest.Args{"machine": microID}, nil); err == nil || err.Error() != "denied:shares" {
		t.Errorf("start without the folder: %v", err)
	}
	w.Until("the marker", func() bool { return strings.Contains(w.Log(), `RAYOS_POLICY_VIOLATION:shares:"docs" is not there`) })
}
