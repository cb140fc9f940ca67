package kvm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/confine"
	"rayos/vmm/image"
	"rayos/vmm/kvm"
)

// result begins the line that the nested system writes.
const result = "NESTED-RESULT:"

// report is what it finds.
type report struct {
	Verdict kvm.Verdict
	Support confine.Support
	CPU     string // cgroup v2's controllers
}

// TestMain is the test, or the first process of a system within it.
func TestMain(m *testing.M) {
	if os.Getpid() == 1 {
		inside()
	}
	os.Exit(m.Run())
}

// inside looks at the system that it is the first process of, says what it
// sees and turns it off.
func inside() {
	line, err := look()
	if err != nil {
		line = fmt.Sprintf("{%q}", err.Error())
	}
	fmt.Printf("\n%s%s\n", result, line)
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF) // nobody is left to be told
	select {}
}

func look() (string, error) {
	for _, m := range []struct{ what, at, kind string }{
		{"devtmpfs", "/dev", "devtmpfs"}, {"proc", "/proc", "proc"}, {"sysfs", "/sys", "sysfs"}, {"cgroup2", "/sys/fs/cgroup", "cgroup2"},
	} {
		if err := unix.Mount(m.what, m.at, m.kind, 0, ""); err != nil {
			return "", fmt.Errorf("mount %s: %w", m.at, err)
		}
	}
	files, err := filepath.Glob("/modules/*.ko")
	if err != nil {
		return "", err
	}
	slices.Sort(files)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return "", err
		}
		err = errors.Join(unix.FinitModule(int(f.Fd()), "", 0), f.Close())
		if err != nil && !errors.Is(err, unix.EEXIST) {
			return "", fmt.Errorf("%s: %w", path, err)
		}
	}
	controllers, err := os.ReadFile("/sys/fs/cgroup/cgroup.controllers")
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(report{kvm.Probe(kvm.Device), confine.Detect(), strings.TrimSpace(string(controllers))})
	return string(text), err
}

// nestedWithin is how long the system may take: seconds, as a rule.
const nestedWithin = 3 * time.Minute

// TestNestedGuestsRun boots a system on a processor that QEMU emulates with
// its virtualisation, where stock guests run: the probe has to see that. The
// system is Debian's kernel and this test as its first process.
func TestNestedGuestsRun(t *testing.T) {
	qemu, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		t.Skip("qemu-system-x86_64 is not installed (package qemu-system-x86)")
	}
	dir := t.TempDir()
	init := filepath.Join(dir, "init")
	build := exec.Command("go", "test", "-c", "-o", init, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cache := os.Getenv("RAYOS_IMAGE_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(user, "rayos", "images")
	}
	ctx, cancel := context.WithTimeout(context.Background(), nestedWithin)
	defer cancel()
	b := image.Builder{Cache: cache}
	system, err := b.Nested(ctx, dir, init)
	if err != nil {
		t.Fatal(err)
	}
	// The emulated interrupt controller can lose the one-shot timer's interrupt
	// when guests run in it; the periodic one comes again (nohz=off highres=off).
	cmd := exec.CommandContext(ctx, qemu, "-accel", "tcg", "-cpu", "max", "-machine", "q35", "-m", "512", "-smp", "1",
		"-nodefaults", "-no-user-config", "-display", "none", "-vga", "none", "-no-reboot", "-serial", "stdio", "-monitor", "none",
		"-kernel", system.Kernel, "-initrd", system.Initrd, "-append", "console=ttyS0 quiet panic=-1 tsc=reliable nohz=off highres=off lsm=landlock")
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	_, line, ok := strings.Cut(string(out), result)
	line, _, _ = strings.Cut(line, "\n")
	if err != nil || !ok {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s after %v", line, time.Since(begin))
	var r report
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	if !r.Verdict.Usable || !r.Verdict.Ran {
		t.Errorf("probe: %+v; want guests that run", r.Verdict)
	}
	// Debian 12's kernel: an older Landlock than ours, and cgroups that can cap.
	if r.Support.Landlock < 1 || !r.Support.Seccomp {
		t.Errorf("confinement by %v; want Landlock and seccomp", r.Support)
	}
	if !strings.Contains(" "+r.CPU+" ", " cpu ") {
		t.Errorf("cgroup controllers %q; want cpu", r.CPU)
	}
}
