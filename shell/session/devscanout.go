package session

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/devscanout"
	"rayos/shell/vms"
	"rayos/surfaces"
)

// DevScanoutOptions say whether there is a moving test picture from the start.
type DevScanoutOptions struct {
	Enabled bool
	Size    geom.Size // pixels; zero for the producer's own
	// AutoHide is how long it is shown each time, 0 for as long as it is
	// wanted.
	AutoHide time.Duration
}

// scanout is the moving test picture: the connection of a machine that isn't
// one.
type scanout struct {
	s        *Session
	producer *devscanout.Producer // nil while there is none
	view     vms.View
	hide     *loop.Timer
}

var _ vms.Viewer = (*scanout)(nil)

// tell writes down what happens.
func (d *scanout) tell(what string) {
	line, err := grammar.Marker("DEV_SCANOUT", grammar.Value(" "+what))
	if err != nil {
		d.s.log.Error("marker", "err", err)
		return
	}
	d.s.console.marker(line)
}

// show puts the picture on the desktop, starting its producer if need be.
func (d *scanout) show(size geom.Size) error {
	if d.producer == nil {
		if err := d.start(size); err != nil {
			return err
		}
	}
	d.view.Show()
	d.tell("toggle presented")
	if after := d.s.opt.DevScanout.AutoHide; after > 0 {
		d.hide.Arm(d.s.loop.Now() + after)
	}
	return nil
}

func (d *scanout) start(size geom.Size) error {
	if size.Empty() {
		size = devscanout.DefaultSize
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("dev scanout: %w", err)
	}
	owner := surfaces.Owner{
		PID: int32(os.Getpid()), UID: uint32(os.Getuid()), GID: uint32(os.Getgid()),
		Label: "Dev scanout", Trust: surfaces.TrustSession,
	}
	view, err := d.s.AddMachine(fds[0], owner, nil, d)
	if err != nil {
		return errors.Join(fmt.Errorf("dev scanout: %w", err), unix.Close(fds[1]))
	}
	p, err := devscanout.Start(fds[1], size)
	if err != nil {
		view.Close()
		return fmt.Errorf("dev scanout: %w", err)
	}
	d.producer, d.view = p, view
	if d.hide == nil {
		d.hide = d.s.loop.NewTimer(func() {
			d.tell("auto-hide")
			d.takeOff()
		})
	}
	d.tell("enabled")
	d.s.waiters.add(func() bool {
		if d.producer != p {
			return true
		}
		if id, _ := view.Window(); id == 0 {
			return false
		}
		d.tell("publish surface")
		return true
	})
	return nil
}

// takeOff takes the window off the desktop; the producer hears no frame
// callbacks then.
func (d *scanout) takeOff() {
	d.hide.Disarm()
	d.view.Hide()
	d.tell("toggle hidden")
}

// stop ends the producer.
func (d *scanout) stop() {
	if d.producer == nil {
		return
	}
	p := d.producer
	d.producer = nil
	d.hide.Disarm()
	d.view.Close()
	if err := p.Close(); err != nil {
		d.s.log.Error("dev scanout", "err", err)
	}
}

// ViewClosed implements vms.Viewer.
func (d *scanout) ViewClosed() { d.takeOff() }

// ViewPresented implements vms.Viewer.
func (*scanout) ViewPresented() {}

// ViewAction implements vms.Viewer: there is no card to act on.
func (*scanout) ViewAction() {}

// ViewGone implements vms.Viewer: the producer has ended by itself.
func (d *scanout) ViewGone() {
	if d.producer != nil {
		d.s.loop.Idle(d.stop)
	}
}

// developer carries out what helps whoever works on the session.
type developer struct{ s *Session }

var _ control.Developer = developer{}

// Developer implements control.Session.
func (c *commands) Developer() control.Developer { return developer{c.s} }

// DevScanout implements control.Developer.
func (d developer) DevScanout(size geom.Size) error { return d.s.scanout.show(size) }

// HideDevScanout implements control.Developer.
func (d developer) HideDevScanout() error {
	if d.s.scanout.producer == nil {
		return errNoScanout
	}
	d.s.scanout.takeOff()
	return nil
}

// StopDevScanout implements control.Developer.
func (d developer) StopDevScanout() error {
	if d.s.scanout.producer == nil {
		return errNoScanout
	}
	d.s.scanout.stop()
	return nil
}

var errNoScanout = control.Errorf(control.CodeFailed, "there is no dev scanout: rayctl dev scanout show")

// Overlay implements control.Developer.
func (d developer) Overlay(on bool) { d.s.overlay.set(on) }
