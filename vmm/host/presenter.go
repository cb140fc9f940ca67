package host

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol/client"
	"rayos/vmm"
	"rayos/vmm/qemu"
)

// presenter shows the machine by whichever compositor it is given. Its methods
// may be called from any goroutine.
type presenter struct {
	host  *Host
	touch atomic.Bool // the guest has a touch screen

	attaching sync.Mutex // held while one window takes the place of another

	mu     sync.Mutex
	window *window // nil while nobody shows the machine
	title  string
	now    vmm.State
	detail string
	// closed is called when the person has closed a window.
	closed func()
}

func newPresenter(h *Host) *presenter {
	return &presenter{host: h, now: h.state, title: h.machine.Name}
}

// attach shows the machine by the compositor behind f, which it owns. A
// compositor that showed it before doesn't any more.
func (p *presenter) attach(f *os.File) Answer {
	fd, err := ownSocket(f)
	if err != nil {
		return refuse(ErrBadRequest, "%v", err)
	}
	if err := p.show(fd); err != nil {
		return refuse(ErrNoDisplay, "%v", err)
	}
	return done("attached")
}

// ownSocket takes the descriptor out of a file, which is closed.
func ownSocket(f *os.File) (fd int, err error) {
	defer f.Close()
	raw, err := f.SyscallConn()
	if err != nil {
		return -1, err
	}
	var dupErr error
	if err := raw.Control(func(old uintptr) { fd, dupErr = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return -1, err
	}
	if dupErr != nil {
		return -1, dupErr
	}
	if domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err != nil || domain != unix.AF_UNIX {
		unix.Close(fd)
		return -1, fmt.Errorf("not a Unix socket")
	}
	return fd, nil
}

// show opens a window by the compositor behind the socket fd, which it owns.
func (p *presenter) show(fd int) error {
	conn, err := client.New(fd)
	if err != nil {
		return err
	}
	return p.open(conn)
}

func (p *presenter) open(conn *client.Display) error {
	p.attaching.Lock()
	defer p.attaching.Unlock()
	p.leave()
	w, err := newWindow(p, conn)
	if err != nil {
		conn.Close()
		return err
	}
	p.mu.Lock()
	p.window = w
	p.mu.Unlock()
	go w.run()
	if err := <-w.opened; err != nil {
		<-w.done
		return err
	}
	return nil
}

// leave ends the window there is.
func (p *presenter) leave() {
	p.mu.Lock()
	w := p.window
	p.mu.Unlock()
	if w != nil {
		w.end()
		<-w.done
	}
}

// detach takes the machine off the screen.
func (p *presenter) detach() Answer {
	p.attaching.Lock()
	defer p.attaching.Unlock()
	p.leave()
	return done("detached")
}

func (p *presenter) close() { p.detach() }

// lost is called on the window's goroutine when its compositor has gone.
func (p *presenter) lost(w *window, err error) {
	p.mu.Lock()
	if p.window == w {
		p.window = nil
	}
	p.mu.Unlock()
	p.host.log.Info("window has gone", "err", err)
	p.host.tell(Event{Event: EventDetached, Detail: fmt.Sprintf("%.200s", err.Error())})
}

// post runs fn on the goroutine of the window, if there is one.
func (p *presenter) post(fn func(w *window)) {
	p.mu.Lock()
	w := p.window
	p.mu.Unlock()
	if w != nil {
		w.conn.Do(func() { fn(w) })
	}
}

// clips has the window look at the clipboard.
func (p *presenter) clips() {
	p.mu.Lock()
	w := p.window
	p.mu.Unlock()
	if w != nil && w.clipped.CompareAndSwap(false, true) {
		w.conn.Do(w.passClips)
	}
}

// guest tells that the guest's display is d, or has gone.
func (p *presenter) guest(d *qemu.Display) {
	p.touch.Store(d != nil && d.Touch)
	if d != nil {
		p.post(func(w *window) {
			w.asked = geom.Size{}
			w.askSize()
		})
	}
}

// state tells the window of the machine's.
func (p *presenter) state(s vmm.State, detail string) {
	p.mu.Lock()
	p.now, p.detail = s, detail
	p.mu.Unlock()
	p.post((*window).describe)
}

// description is what a window says of the machine.
func (p *presenter) description() (title string, s vmm.State, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.title, p.now, p.detail
}

// closeWindow is called when the person closes the window: the machine runs
// on, unseen.
func (p *presenter) closeWindow(w *window) {
	p.mu.Lock()
	fn := p.closed
	p.mu.Unlock()
	w.end()
	if fn != nil {
		fn()
	}
}

func (p *presenter) status() (attached, visible bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.window == nil {
		return false, false
	}
	return true, p.window.seen.Load()
}
