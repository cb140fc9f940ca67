package qemu

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/geom"
	"rayos/vmm"
)

// firmware starts a machine that has nothing to boot: its firmware draws on the
// screen.
func firmware(t *testing.T, more ...string) (*Monitor, *exec.Cmd) {
	t.Helper()
	return firmwareOf(t, func(*Config) {}, more...)
}

// firmwareOf is firmware of a machine that has been changed.
func firmwareOf(t *testing.T, change func(*Config), more ...string) (*Monitor, *exec.Cmd) {
	t.Helper()
	binary, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		t.Skip("qemu-system-x86_64 is not installed (package qemu-system-x86)")
	}
	dir := t.TempDir()
	socket := func(name string) string { return filepath.Join(dir, name) }
	c := Config{
		Major: 7, Accel: TCG, ID: "firmware", UUID: "12345678-1234-4234-8234-123456789abc", Kind: vmm.Windows,
		CPUs: 1, MemMiB: 256, RAM: socket("ram"), Sockets: socket, GPU: true, Input: true,
	}
	const code, vars = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"
	data, err := os.ReadFile(vars)
	if err != nil {
		t.Skip("OVMF is not installed (package ovmf)")
	}
	c.FirmwareCode, c.FirmwareVars = code, socket("vars.fd")
	if err := os.WriteFile(c.FirmwareVars, data, 0o600); err != nil {
		t.Fatal(err)
	}
	change(&c)
	cmd := exec.Command(binary, append(c.Arguments(), more...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-exited
	})
	ctx := testContext(t)
	// QEMU makes its sockets in its own time, and listens a moment later; there
	// is nothing to wait on but that.
	var m *Monitor
	for {
		if m, err = DialMonitor(ctx, socket("qmp"), nil); err == nil {
			break
		}
		select {
		case err := <-exited:
			exited <- err
			t.Fatalf("qemu: %v\n%s", err, stderr.String())
		case <-ctx.Done():
			t.Fatalf("no monitor: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	t.Cleanup(func() { m.Close() })
	return m, cmd
}

// canvas is a Screen that holds the guest's picture.
type canvas struct {
	mu      sync.Mutex
	changed *sync.Cond
	size    geom.Size
	pix     []byte
	frames  int

	disabled int
}

func newCanvas() *canvas {
	c := &canvas{}
	c.changed = sync.NewCond(&c.mu)
	return c
}

func (c *canvas) put(r geom.Rect, stride int, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for y := range int(r.H()) {
		at := 4 * ((int(r.Y0)+y)*int(c.size.W) + int(r.X0))
		copy(c.pix[at:at+4*int(r.W())], data[y*stride:])
	}
	c.frames++
	c.changed.Broadcast()
}

func (c *canvas) Scanout(p Picture, data []byte) {
	c.mu.Lock()
	c.size, c.pix = p.Size, make([]byte, 4*p.Size.W*p.Size.H)
	c.mu.Unlock()
	c.put(geom.XYWH(0, 0, p.Size.W, p.Size.H), p.Stride, data)
}
func (c *canvas) Update(r geom.Rect, stride int, data []byte) { c.put(r, stride, data) }
func (c *canvas) ScanoutMap(p Picture, f *os.File, offset int64) {
	data := make([]byte, p.bytes())
	_, err := f.ReadAt(data, offset)
	f.Close()
	if err == nil {
		c.Scanout(p, data)
	}
}
func (c *canvas) UpdateMap(geom.Rect) {}
func (c *canvas) Disable() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.disabled++
	c.changed.Broadcast()
}
func (c *canvas) CursorImage(Cursor)           {}
func (c *canvas) CursorMoved(geom.Point, bool) {}

// lit counts pixels that are not black.
func (c *canvas) lit() (n int) {
	for i := 0; i+3 < len(c.pix); i += 4 {
		if c.pix[i]|c.pix[i+1]|c.pix[i+2] != 0 {
			n++
		}
	}
	return n
}

// wait waits until the picture is as cond says.
func (c *canvas) wait(t *testing.T, cond func() bool) {
	t.Helper()
	timer := time.AfterFunc(deadline, c.changed.Broadcast)
	defer timer.Stop()
	start := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !cond() {
		if time.Since(start) > deadline {
			t.Fatalf("after %v: %v with %d lit pixels, %d frames", deadline, c.size, c.lit(), c.frames)
		}
		c.changed.Wait()
	}
}

func TestDisplayOfARealMachine(t *testing.T) {
	m, _ := firmware(t)
	ctx := testContext(t)
	first := newCanvas()
	d, err := OpenDisplay(ctx, m, first)
	if err != nil {
		t.Fatal(err)
	}
	first.wait(t, func() bool { return first.lit() > 500 })
	if _, err := d.Absolute(ctx); err != nil {
		t.Error(err)
	}
	for _, err := range []error{
		d.SetSize(geom.Size{W: 1024, H: 768}, geom.Size{W: 270, H: 200}),
		d.Pointer(geom.Point{X: 10, Y: 10}), d.Button(ButtonLeft, true), d.Button(ButtonLeft, false),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if known, err := d.Key(28, true); !known || err != nil {
		t.Errorf("Key(enter) = %v, %v", known, err)
	}
	d.Key(28, false)
	if known, _ := d.Key(0x2ff, true); known {
		t.Error("a PC keyboard has no key 0x2ff")
	}
	d.Close()
	if err := d.Err(); err != nil {
		t.Errorf("after Close: %v", err)
	}

	// Another look at the same machine begins with a whole picture.
	second := newCanvas()
	d, err = OpenDisplay(ctx, m, second)
	if err != nil {
		t.Fatal(err)
	}
	second.wait(t, func() bool { return second.frames > 0 && second.lit() > 500 })
	if err := m.Execute(ctx, "quit", nil, nil); err != nil && !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
	select {
	case <-d.Done():
	case <-ctx.Done():
		t.Error("the screen outlives the machine")
	}
	d.Close()
}
