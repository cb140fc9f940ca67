package session

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"rayos/rayapps/applink"
	"rayos/rayapps/atspi"
	"rayos/rayapps/ui"
)

// This file lets screen readers read confined apps. These have no bus, on which
// they could read and press everything of everybody: they describe their windows
// to the session, which tells readers. Apps that aren't confined are on the
// accessibility bus by themselves.

// appAccess is the window of a confined app as readers see it.
type appAccess struct {
	window *atspi.Window // nil before it was described
	in     *ui.Info
}

// listening is told whether a reader listens, now or no longer.
func (a *installed) listening(on bool) {
	for _, r := range a.runs {
		if r.link != nil {
			r.link.beRead(on)
		}
	}
}

// beRead has the app describe its window, or no longer.
func (l *appLink) beRead(on bool) {
	if l.run.app.Trusted() {
		return
	}
	say := applink.AccessOff
	if on {
		say = applink.AccessOn
	}
	l.send(applink.Event{Access: say}, -1)
	if !on {
		l.unread()
	}
}

// unread takes the window away from readers.
func (l *appLink) unread() {
	if l.access.window != nil {
		l.access.window.Close()
	}
	l.access = appAccess{}
}

// described takes what an app says of its window. It is read beside the loop:
// there may be much of it.
func (l *appLink) described(f *os.File) {
	go func() {
		in, err := applink.ReadTree(f)
		err = errors.Join(err, f.Close())
		l.a.s.loop.Post(func() { l.read(in, err) })
	}()
}

func (l *appLink) read(in *ui.Info, err error) {
	s := l.a.s
	switch {
	case l.fd < 0:
		return // it has ended
	case err != nil:
		s.log.Warn("a screen reader can't read an app", "id", l.run.app.ID, "err", err)
		return // it isn't asked for more
	case s.access.bridge == nil || !s.access.listening:
		return
	}
	l.access.in = in
	if l.access.window == nil {
		l.access.window = s.access.bridge.Open(appReadable{l}, l.run.app.Name)
	}
	if w := l.shown(); w != nil {
		l.access.window.Place(w.spot.Content.Min())
	}
	l.access.window.Activate(l.inFront())
	l.access.window.Changed()
	l.send(applink.Event{Seen: true}, -1)
}

// shown is the app's window, if it has one only.
func (l *appLink) shown() (one *window) {
	for _, w := range l.a.s.windows {
		if w.mapped && l.run.owns(l.a.s, w) {
			if one != nil {
				return nil
			}
			one = w
		}
	}
	return one
}

// appReadable is what the app said last: nothing while the session is locked.
type appReadable struct{ l *appLink }

// Semantics implements atspi.Tree.
func (r appReadable) Semantics() *ui.Info {
	if r.l.access.in == nil || r.l.a.s.lock.on {
		return &ui.Info{}
	}
	return r.l.access.in
}

// Do implements atspi.Tree. What comes of it the app shows, or doesn't.
func (r appReadable) Do(id uint64, act ui.Action, value string) bool {
	if r.l.a.s.lock.on || r.l.fd < 0 || len(value) > applink.MaxMessage/2 {
		return false
	}
	r.l.send(applink.Event{Act: &applink.Act{ID: id, Do: act, Value: value}}, -1)
	return true
}

// receiveRequest reads a message and the file that may come with it.
func receiveRequest(fd int, buf []byte) (n int, f *os.File, err error) {
	oob := make([]byte, unix.CmsgSpace(4))
	n, k, flags, _, err := unix.Recvmsg(fd, buf, oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return 0, nil, err
	}
	if k > 0 {
		msgs, err := unix.ParseSocketControlMessage(oob[:k])
		if err != nil {
			return 0, nil, err
		}
		for i := range msgs {
			fds, err := unix.ParseUnixRights(&msgs[i])
			if err != nil {
				continue // not what is waited for
			}
			for _, fd := range fds {
				if f == nil {
					f = os.NewFile(uintptr(fd), "message")
					continue
				}
				_ = unix.Close(fd) // one too many
			}
		}
	}
	if n == 0 || flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0 {
		err = os.ErrClosed
		if f != nil {
			err = errors.Join(err, f.Close())
		}
		return 0, nil, err
	}
	return n, f, nil
}
