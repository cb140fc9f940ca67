package bench

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAFamilyIsAllThatAProcessHasStarted counts a shell and
// its child.
func TestAFamilyIsAllThatAProcessHasStarted(t *testing.T) {
	cmd := exec.Command("/bin/sh", "-c", `exec 3<&0; sh -c 'echo up; read line <&3; :' & wait`)
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin = in
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := out.Close(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	if _, err := bufio.NewReader(said).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	var pids []int
	err = family{Process{cmd.Process.Pid}}.each(func(p Process) error {
		pids = append(pids, p.PID)
		return nil
	})
	if err != nil || len(pids) != 2 || pids[0] != cmd.Process.Pid {
		t.Errorf("family of %d: %v, %v", cmd.Process.Pid, pids, err)
	}
	if _, err := (&desktop{Session: &Session{Process: Process{cmd.Process.Pid}}}).pss(); err != nil {
		t.Error(err)
	}
}

func TestEntriesAreFilesOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	if err := writeEntries(dir, 70); err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(filepath.Join(dir, "applications", "*.desktop"))
	if err != nil || len(list) != 70 {
		t.Errorf("%d files, %v", len(list), err)
	}
}
