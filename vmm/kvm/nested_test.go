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

	"rayos/geom"
	"rayos/vmm"
	"rayos/vmm/confine"
	"rayos/vmm/host"
	"rayos/vmm/image"
	"rayos/vmm/kvm"
	"rayos/vmm/qemu"
)

// result begins the line that the nested system writes.
const result = "NESTED-RESULT:"

// report is what it finds.
type report struct {
	Verdict kvm.Verdict
	Support confine.Support
	CPU     string // cgroup v2's controllers
	Machine machineReport
	Failed  string // why it found no more
	Stages  []string
}

// stage notes that something is done, and when, since the kernel's start.
func (r *report) stage(format string, args ...any) {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_BOOTTIME, &now) // there is such a clock
	line := fmt.Sprintf("%.1f s ", time.Duration(now.Nano()).Seconds()) + fmt.Sprintf(format, args...)
	r.Stages = append(r.Stages, line)
	fmt.Println("nested:", line)
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
	var r report
	err := r.look()
	if err == nil {
		err = r.machine(context.Background()) // who has booted us has a clock
	}
	if err != nil {
		r.Failed = err.Error()
	}
	line, err := json.Marshal(&r)
	if err != nil {
		line = fmt.Appendf(nil, "%q", err.Error())
	}
	fmt.Printf("\n%s%s\n", result, line)
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF) // nobody is left to be told
	select {}
}

// mountSystem mounts below root what a kernel tells of itself.
func mountSystem(root string) error {
	for _, m := range []struct{ at, kind string }{
		{"dev", "devtmpfs"}, {"proc", "proc"}, {"sys", "sysfs"}, {"sys/fs/cgroup", "cgroup2"},
	} {
		if err := unix.Mount(m.kind, filepath.Join(root, m.at), m.kind, 0, ""); err != nil {
			return fmt.Errorf("mount %s: %w", filepath.Join(root, m.at), err)
		}
	}
	return nil
}

func (r *report) look() error {
	if err := mountSystem("/"); err != nil {
		return err
	}
	files, err := filepath.Glob("/modules/*.ko")
	if err != nil {
		return err
	}
	slices.Sort(files)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		err = errors.Join(unix.FinitModule(int(f.Fd()), "", 0), f.Close())
		if err != nil && !errors.Is(err, unix.EEXIST) {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	controllers, err := os.ReadFile("/sys/fs/cgroup/cgroup.controllers")
	if err != nil {
		return err
	}
	r.CPU = strings.TrimSpace(string(controllers))
	r.Support = confine.Detect()
	r.stage("kernel and modules")
	r.Verdict = kvm.Probe(kvm.Device)
	r.stage("probe: %s", r.Verdict.Reason)
	return nil
}

// nestedWithin is how long the system may take: a quarter of a minute, as a
// rule.
const nestedWithin = 5 * time.Minute

// boot runs this test as the first process of a system on a processor that
// QEMU emulates with its virtualisation, and returns what it reports. The
// system sees the files of this one, but can't change them.
func boot(t *testing.T) (r report) {
	t.Helper()
	program, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		t.Skip("qemu-system-x86_64 is not installed (package qemu-system-x86)")
	}
	dir := t.TempDir()
	build := func(args ...string) {
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
	}
	init := filepath.Join(dir, "init")
	build("test", "-c", "-o", init, ".")
	build("build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", dir+"/", "rayos/cmd/rayos-vm", "rayos/cmd/rayos-agent")
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
	b := image.Builder{Cache: cache, Agent: filepath.Join(dir, "rayos-agent")}
	system, err := b.Nested(ctx, dir, init)
	if err != nil {
		t.Fatal(err)
	}
	micro, err := b.System(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// The emulated interrupt controller can lose the one-shot timer's interrupt
	// when guests run in it; the periodic one comes again (nohz=off highres=off).
	// The time stamp counter is the host's and is measured wrongly on a busy one;
	// the clock of ACPI is right (clocksource=acpi_pm).
	// Words with "=" that the kernel doesn't know are its first process's
	// environment.
	words := []string{
		"console=ttyS0", "quiet", "panic=-1", "tsc=unstable", "clocksource=acpi_pm", "nohz=off", "highres=off", "lsm=landlock",
		envProgram + "=" + filepath.Join(dir, "rayos-vm"), envQEMU + "=" + program,
		envKernel + "=" + micro.Kernel, envInitrd + "=" + micro.Initrd,
	}
	cmd := exec.CommandContext(ctx, program, "-accel", "tcg,thread=multi", "-cpu", "max", "-machine", "q35", "-m", "1536", "-smp", "2",
		"-nodefaults", "-no-user-config", "-display", "none", "-vga", "none", "-no-reboot", "-serial", "stdio", "-monitor", "none",
		"-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap", "-device", "virtio-9p-pci,fsdev=host,mount_tag="+hostTag,
		"-kernel", system.Kernel, "-initrd", system.Initrd, "-append", strings.Join(words, " "))
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	_, line, ok := strings.Cut(string(out), result)
	line, _, _ = strings.Cut(line, "\n")
	if err != nil || !ok {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("off after %v", time.Since(begin))
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	for _, s := range r.Stages {
		t.Log(s)
	}
	if r.Failed != "" {
		t.Fatalf("%s\n%s", r.Failed, out)
	}
	return r
}

// TestNestedGuestsRun boots a system that can run stock guests: the probe has
// to see that, and a machine has to run by it.
func TestNestedGuestsRun(t *testing.T) {
	r := boot(t)
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
	m := r.Machine
	t.Logf("%+v", m)
	if m.Means.Accel != qemu.KVM || m.Means.AccelReason != r.Verdict.Reason {
		t.Errorf("status: %s (%s); want kvm (%s)", m.Means.Accel, m.Means.AccelReason, r.Verdict.Reason)
	}
	if !m.KVM.Present || !m.KVM.Enabled {
		t.Errorf("QEMU's query-kvm: %+v; want present and enabled", m.KVM)
	}
	if m.Means.Confined.State == host.ConfinedNothing {
		t.Errorf("confinement: %+v", m.Means.Confined)
	}
	if m.Screen == (geom.Size{}) || m.Screen != m.Size || m.Lit == 0 {
		t.Errorf("screen of %v with %d bytes that aren't black, status says %v; want the same, and text", m.Screen, m.Lit, m.Size)
	}
	if m.State != vmm.Stopped || !slices.Equal(m.Shutdown, []string{host.StageAgent, host.StageOff}) {
		t.Errorf("%s by %v; want stopped by its agent", m.State, m.Shutdown)
	}
}
