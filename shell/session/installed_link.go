package session

import (
	"encoding/json"
	"errors"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
	"rayos/rayapps/applink"
)

// appLink is the session's end of an app's own socket: the app is told what to
// open, and asks for files that the person chooses.
type appLink struct {
	a    *installed
	run  *appRun
	fd   int
	src  *loop.Source
	err  error
	busy bool // the person is choosing

	access appAccess
}

func newAppLink(a *installed, r *appRun, fd int) *appLink {
	l := &appLink{a: a, run: r, fd: fd}
	l.src, l.err = a.s.loop.Add(fd, loop.Readable, l)
	if a.s.access.listening {
		l.beRead(true)
	}
	return l
}

// Ready reads a message. One that isn't to be understood ends the connection.
func (l *appLink) Ready(loop.Events) {
	var buf [applink.MaxMessage]byte
	n, f, err := receiveRequest(l.fd, buf[:])
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return
	}
	var m applink.Request
	if err == nil {
		err = json.Unmarshal(buf[:n], &m)
	}
	if f != nil && (err != nil || !m.Tree) {
		err = errors.Join(err, f.Close()) // it was not asked for
		f = nil
	}
	switch {
	case err != nil:
		l.close()
	case m.Tree && f != nil:
		l.described(f)
	case !m.Tree:
		l.pick(m)
	}
}

// open tells the app what to open.
func (l *appLink) open(names []string, token string) {
	l.send(applink.Event{Open: names, Token: token}, -1)
}

// look tells all apps how to look.
func (a *installed) look(words string) {
	for _, r := range a.runs {
		if r.link != nil {
			r.link.send(applink.Event{Looks: words}, -1)
		}
	}
}

// send writes a message, with a descriptor if it isn't negative. An app that
// doesn't read misses it.
func (l *appLink) send(e applink.Event, fd int) {
	data, err := json.Marshal(e)
	if err == nil && len(data) > applink.MaxMessage {
		err = applink.ErrSize
	}
	var rights []byte
	if fd >= 0 {
		rights = unix.UnixRights(fd)
	}
	if err == nil && l.fd >= 0 {
		err = unix.Sendmsg(l.fd, data, rights, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
	}
	if err != nil {
		l.a.s.log.Info("an app isn't told", "id", l.run.app.ID, "err", err)
	}
}

func (l *appLink) close() {
	l.unread()
	if l.src != nil {
		if err := l.src.Remove(); err != nil {
			l.a.s.log.Error("link of an app", "err", err)
		}
		l.src = nil
	}
	if l.fd >= 0 {
		_ = unix.Close(l.fd)
		l.fd = -1
	}
}
