package image_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/image"
)

// Environment of the test's own program: buildEnv is the folder that it is to
// build a desktop in, with the agent agentName there, and slowEnv has it build
// one at all.
const (
	buildEnv = "RAYOS_BUILD_DESKTOP_IN"
	slowEnv  = "RAYOS_SLOW_TESTS"
)

const agentName = "rayos-agent"

// nobody is a user whom every system has.
const nobody = 65534

func TestMain(m *testing.M) {
	dir := os.Getenv(buildEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	b := image.Builder{
		Cache: filepath.Join(dir, "images"), Agent: filepath.Join(dir, agentName),
		Note: func(step string) { fmt.Fprintln(os.Stderr, step) },
	}
	_, err := b.System(context.Background())
	var d image.Desktop
	if err == nil {
		d, err = b.Desktop(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(d.Disk)
	os.Exit(0)
}

// asNobody is the command that runs a program as a user without rights, who
// has a range of ids for namespaces. The test's user has to be root, or has to
// have such a range.
func asNobody(t *testing.T, dir, program string) *exec.Cmd {
	t.Helper()
	if os.Geteuid() != 0 {
		return exec.Command(program)
	}
	for _, need := range []string{"unshare", "setpriv", "newuidmap"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skip(err)
		}
	}
	ids := filepath.Join(dir, "subid")
	if err := os.WriteFile(ids, []byte("nobody:100000:65536\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	// The files of ranges are others for this one process and its children.
	script := fmt.Sprintf(`mount --bind %[1]q /etc/subuid && mount --bind %[1]q /etc/subgid &&
exec setpriv --reuid %[2]d --regid %[2]d --clear-groups env HOME=%[3]q TMPDIR=%[3]q %[4]q`, ids, nobody, dir, program)
	return exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-c", script)
}

// TestDesktopWithoutRoot builds a desktop, its kernel too, as a user who can't
// become root, and looks whether owners and rights on its disk are those of a
// system.
func TestDesktopWithoutRoot(t *testing.T) {
	if os.Getenv(slowEnv) == "" {
		t.Skipf("unpacks a system: set %s=1, as `make test` does", slowEnv)
	}
	for _, need := range []string{"mmdebstrap", "mke2fs", "fakeroot", "debugfs"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skip(err)
		}
	}
	dir, err := os.MkdirTemp("", "rayos-image")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	// The other user can neither read go's folders nor write there.
	program := filepath.Join(dir, "builder")
	copyFile(t, program, "/proc/self/exe")
	if os.Geteuid() == 0 {
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	agent := exec.Command("go", "build", "-o", filepath.Join(dir, agentName), "rayos/cmd/rayos-agent")
	agent.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := agent.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := asNobody(t, dir, program)
	cmd.Env, cmd.Dir = append(os.Environ(), buildEnv+"="+dir), "/"
	cmd.SysProcAttr = &unix.SysProcAttr{Pdeathsig: unix.SIGKILL}
	cmd.WaitDelay = time.Second
	var said strings.Builder
	cmd.Stderr = &said
	begin := time.Now()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	disk := strings.TrimSpace(string(out))
	t.Logf("%s after %.0f s:\n%s", disk, time.Since(begin).Seconds(), said.String())

	var st unix.Stat_t
	if err := unix.Stat(disk, &st); err != nil {
		t.Fatal(err)
	}
	if want := uint32(nobody); os.Geteuid() == 0 && st.Uid != want {
		t.Errorf("the disk belongs to %d; it was to be built by %d", st.Uid, want)
	}
	if out, err := exec.Command("e2fsck", "-f", "-n", disk).CombinedOutput(); err != nil {
		t.Errorf("the file system isn't whole: %v: %s", err, out)
	}
	for _, f := range []struct{ path, mode, owner string }{
		{"/usr/bin/sudo", "04755", "0:0"},
		{"/usr/bin/foot", "0755", "0:0"},
		{"/etc/shadow", "0640", "0:42"},
		{"/etc/sudoers.d/rayos", "0440", "0:0"},
		{"/home/rayos/.config/labwc/rc.xml", "0644", "1000:1000"},
		{"/.rayos_desktop_rootfs_ready", "0644", "0:0"},
	} {
		out, err := exec.Command("debugfs", "-R", "stat "+f.path, disk).Output()
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`Mode:\s+(\d+)[\s\S]*User:\s+(\d+)\s+Group:\s+(\d+)`).FindStringSubmatch(string(out))
		if m == nil || m[1] != f.mode || m[2]+":"+m[3] != f.owner {
			t.Errorf("%s: %.200s; want mode %s of %s", f.path, out, f.mode, f.owner)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "images", ".building-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func copyFile(t *testing.T, to, from string) {
	t.Helper()
	src, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(dst, src); err != nil {
		t.Fatal(err)
	}
	if err := dst.Close(); err != nil {
		t.Fatal(err)
	}
}
