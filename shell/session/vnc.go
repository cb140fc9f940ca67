package session

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// VNCOptions say where VNC viewers come to, and what they may do.
type VNCOptions struct {
	Listen       string // host:port or the path of a socket; "" for nowhere
	PasswordFile string
	ViewOnly     bool
	NoClipboard  bool
}

func (o *VNCOptions) args() []string {
	args := []string{"--listen", o.Listen}
	if o.PasswordFile != "" {
		args = append(args, "--password-file", o.PasswordFile)
	}
	if o.ViewOnly {
		args = append(args, "--view-only")
	}
	if o.NoClipboard {
		args = append(args, "--no-clipboard")
	}
	return args
}

// vncProgram serves viewers. It lies beside the session.
const vncProgram = "rayos-vnc"

// viewers is the process that serves VNC viewers: what they send is nothing that the
// session reads.
type viewers struct {
	s    *Session
	stop context.CancelFunc
	wg   sync.WaitGroup
}

// How long the process stays away after it has failed: twice as long each time, and
// the first again when it has lived for a while.
const (
	vncFirst  = time.Second
	vncLast   = 30 * time.Second
	vncSettle = time.Minute
)

// start serves viewers until close.
func (v *viewers) start(o VNCOptions) {
	if o.Listen == "" {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	v.stop = stop
	v.wg.Go(func() {
		wait := vncFirst
		for {
			begin := time.Now()
			err := v.serve(ctx, &o)
			if ctx.Err() != nil {
				return
			}
			if time.Since(begin) > vncSettle {
				wait = vncFirst
			}
			v.s.log.Warn("VNC viewers can't come", "err", err, "again_in", wait)
			v.s.loop.Post(func() { v.s.console.marker("RAYOS_VNC:gone") })
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
			wait = min(2*wait, vncLast)
		}
	})
}

// serve runs the process once.
func (v *viewers) serve(ctx context.Context, o *VNCOptions) error {
	cmd := exec.CommandContext(ctx, vncProgram, o.args()...)
	cmd.Env = append(os.Environ(), "WAYLAND_DISPLAY="+v.s.socket)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "RAYOS_VNC_READY:"); ok {
			v.s.loop.Post(func() { v.s.console.marker("RAYOS_VNC:ready:" + address) })
		}
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	return errors.New("rayos-vnc has ended")
}

func (v *viewers) close() {
	if v.stop != nil {
		v.stop()
		v.wg.Wait()
	}
}
