package nested

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is whom hosts run as that refuse to run as root.
const nobody = 65534

// realHost is a compositor in a process of its own.
type realHost struct {
	dir    string
	socket string // absolute path
	env    []string
	asUser *syscall.Credential
}

// startHost runs a compositor. It gets a private runtime directory in which
// configs are written, and must write its WAYLAND_DISPLAY to the fifo "ready"
// there.
func startHost(t *testing.T, bin string, args, env []string, configs map[string]string) *realHost {
	t.Helper()
	path, err := exec.LookPath(bin)
	if err != nil {
		t.Skipf("%s is not installed", bin)
	}
	// Not t.TempDir: its path is too long for a socket, and closed to nobody.
	dir, err := os.MkdirTemp("/tmp", "nested-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for name, text := range configs {
		text = strings.ReplaceAll(text, "$DIR", dir)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	fifo := filepath.Join(dir, "ready")
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	h := &realHost{dir: dir}
	if os.Getuid() == 0 {
		h.asUser = &syscall.Credential{Uid: nobody, Gid: nobody}
		for _, p := range append([]string{dir, fifo}, paths(configs, dir)...) {
			if err := os.Chown(p, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	ready, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "$DIR", dir)
	}
	h.env = append([]string{"XDG_RUNTIME_DIR=" + dir, "HOME=" + dir, "PATH=" + os.Getenv("PATH")}, env...)
	var log strings.Builder
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.Dir = h.env, &log, &log, dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.asUser, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", bin, log.String())
		}
	})
	if err := ready.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	name, err := bufio.NewReader(ready).ReadString('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v", bin, err)
	}
	h.socket = filepath.Join(dir, strings.TrimSpace(name))
	h.env = append(h.env, "WAYLAND_DISPLAY="+strings.TrimSpace(name))
	return h
}

func paths(m map[string]string, dir string) (list []string) {
	for k := range m {
		list = append(list, filepath.Join(dir, k))
	}
	return list
}

func startWeston(t *testing.T) *realHost {
	t.Helper()
	return startHost(t, "weston",
		[]string{
			"--backend=headless-backend.so", "--socket=host", "--width=800", "--height=600",
			"--idle-time=0", "--config=$DIR/weston.ini",
		}, nil,
		map[string]string{
			"weston.ini": "[core]\nidle-time=0\n[autolaunch]\npath=$DIR/launched\n[shell]\npanel-position=none\n",
			"launched":   "#!/bin/sh\necho \"$WAYLAND_DISPLAY\" > $DIR/ready\n",
		})
}

func startSway(t *testing.T) *realHost {
	t.Helper()
	return startHost(t, "sway", []string{"-c", "$DIR/config"},
		[]string{"WLR_BACKENDS=headless", "WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman"},
		map[string]string{
			"config": "xwayland disable\ndefault_border none\noutput HEADLESS-1 mode 800x600\nexec echo \"$WAYLAND_DISPLAY\" > $DIR/ready\n",
		})
}

// run starts a client of the host and waits for it.
func (h *realHost) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = h.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.asUser}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// screenshot returns what grim sees.
func (h *realHost) screenshot(t *testing.T) image.Image {
	t.Helper()
	file := filepath.Join(h.dir, fmt.Sprintf("shot-%d.png", time.Now().UnixNano()))
	h.run(t, "grim", file)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func rgb(img image.Image, x, y int) uint32 {
	c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
	return uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)
}
