package host_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm/confine"
	"rayos/vmm/host"
	"rayos/vmm/qemu"
)

// home makes a home with folders to share for the machine's rayos-vm.
func (v *vm) home() string {
	v.t.Helper()
	home := proctest.RuntimeDir(v.t)
	for _, dir := range []string{"docs", "work", "secret"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o700); err != nil {
			v.t.Fatal(err)
		}
	}
	for file, text := range map[string]string{"docs/letter": "Dear guest", "work/draft": "Once upon a time", "secret/diary": "Dear diary"} {
		if err := os.WriteFile(filepath.Join(home, file), []byte(text), 0o600); err != nil {
			v.t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"docs/near": "../secret/diary", "docs/far": home + "/secret/diary", "work/up": "../secret"} {
		if err := os.Symlink(to, filepath.Join(home, link)); err != nil {
			v.t.Fatal(err)
		}
	}
	v.env = append(os.Environ(), "HOME="+home)
	return home
}

const sharePolicy = `version = 0
[linux]
shares = [{ path = "docs", tag = "docs" }, { path = "work", tag = "work", writable = true }]
`

// TestGuestSharesFolders has a guest read and write the folders that policy
// gives it, and try what it was not given. Such a machine can't be suspended,
// and says so.
func TestGuestSharesFolders(t *testing.T) {
	v := newVM(t)
	home := v.home()
	v.policy(sharePolicy)
	v.run()
	v.ask(host.Request{Op: host.OpStart})
	v.heard("what stands in the way of suspend", 0, func(e host.Event) bool {
		return e.Event == host.EventBlockers && len(e.Blockers) > 0
	})
	ctx, cancel := context.WithTimeout(context.Background(), 2*proctest.Patience)
	defer cancel()
	_, err := v.Call(ctx, host.Request{Op: host.OpSuspend}, nil)
	var no *host.Error
	if !errors.As(err, &no) || no.Code != host.ErrBlocked || !strings.Contains(no.Detail, "docs") {
		t.Errorf("suspend: %v; want it blocked by docs", err)
	}
	pid := v.status().Process.PID
	v.kill() // the console is ours now

	serial, err := net.Dial("unix", v.dir.Socket("serial"))
	if err != nil {
		t.Fatal(err)
	}
	serial.SetDeadline(time.Now().Add(2 * proctest.Patience))
	lines := bufio.NewScanner(serial)
	ask := func(command string) string {
		fmt.Fprintln(serial, command)
		for lines.Scan() {
			if _, answer, ok := strings.Cut(strings.TrimSpace(lines.Text()), "RAYOS_LINUX_SHARE_TEST"); ok {
				return strings.TrimSpace(answer)
			}
		}
		t.Fatalf("%s: no answer: %v", command, lines.Err())
		return ""
	}
	sum := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	for _, c := range []struct{ path, want string }{
		{"docs/letter", "read=" + sum("Dear guest") + " write=EROFS"},
		{"work/draft", "read=" + sum("Once upon a time") + " write=ok"},
		{"docs/near", "read=ENOENT write=EROFS"}, // links are followed in the guest
		{"docs/far", "read=ENOENT write=EROFS"},
		{"work/up/diary", "read=ELOOP write=ELOOP"},
		{"docs/../secret/diary", "_ERR not_allowed"},
		{"secret/diary", "_ERR not_allowed"},
	} {
		if got := ask("SHARE_TEST:" + c.path); got != c.want {
			t.Errorf("%s: %s; want %s", c.path, got, c.want)
		}
	}
	if text, err := os.ReadFile(filepath.Join(home, "work", "draft.guest")); err != nil || string(text) != "Once upon a time" {
		t.Errorf("what the guest has written: %q, %v", text, err)
	}
	serial.Close()

	if confine.Detect().Whole() {
		v.qemuTries(ctx, home)
	}
	// A folder that goes away doesn't take the machine along.
	if err := os.Rename(filepath.Join(home, "docs"), filepath.Join(home, "gone")); err != nil {
		t.Fatal(err)
	}
	v.run()
	if s := v.status(); s.Process == nil || s.Process.PID != pid {
		t.Errorf("after a folder has gone: %+v; want pid %d", s, pid)
	}
	v.ask(host.Request{Op: host.OpShutdown, DeadlineMS: 60000})
	_, err = v.Call(ctx, host.Request{Op: host.OpStart}, nil)
	if !errors.As(err, &no) || no.Code != host.ErrLaunch || no.Detail != `policy shares: "docs" is not there` {
		t.Errorf("start without the folder: %v", err)
	}
}

// qemuTries has the machine's QEMU reach for files as one would that its guest
// has taken over.
func (v *vm) qemuTries(ctx context.Context, home string) {
	v.t.Helper()
	m, err := qemu.DialMonitor(ctx, v.dir.Socket("qmp2"), func(qemu.MonitorEvent) {})
	if err != nil {
		v.t.Fatal(err)
	}
	defer m.Close()
	for i, c := range []struct{ path, want string }{
		{"secret/new", "Permission denied"},
		{"secret/diary", "Permission denied"},
		{"docs/new", "Permission denied"},
		{"docs/letter", "Permission denied"},
		{"docs/near", "Permission denied"},
		{"work/new", ""},
	} {
		err := m.Execute(ctx, "chardev-add", map[string]any{"id": fmt.Sprintf("try%d", i), "backend": map[string]any{
			"type": "file", "data": map[string]any{"out": filepath.Join(home, c.path)},
		}}, nil)
		if c.want == "" && err == nil {
			continue
		}
		var refused *qemu.CommandError
		if !errors.As(err, &refused) || c.want == "" || !strings.Contains(refused.Detail, c.want) {
			v.t.Errorf("QEMU writes %s: %v; want %q", c.path, err, c.want)
		}
	}
}

// TestShareMustBeThere: a machine doesn't start without a folder that its guest
// counts on.
func TestShareMustBeThere(t *testing.T) {
	v := newVM(t)
	home := v.home()
	for _, c := range []struct{ path, want string }{
		{"missing", `policy shares: "missing" is not there`},
		{"docs/letter", `policy shares: "docs/letter" is no folder`},
		{"away", `policy shares: "away" leads out of your home`},
	} {
		if c.path == "away" {
			if err := os.Symlink("/etc", filepath.Join(home, "away")); err != nil {
				t.Fatal(err)
			}
		}
		v.policy("version = 0\n[linux]\nshares = [{ path = '" + c.path + "', tag = 'docs' }]\n")
		cmd := exec.Command(filepath.Join(binaries, "rayos-vm"), "--root", v.root.Dir, "--start", string(id))
		cmd.Env = v.env
		out, err := cmd.CombinedOutput()
		if want := fmt.Sprintf("rayos-vm: %s: %s\n", id, c.want); err == nil || string(out) != want {
			t.Errorf("%s: %v, %s; want %s", c.path, err, out, want)
		}
	}
}
