package rayapps

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
	"rayos/rayapps/applink"
)

// Pick says what file an app would like the person to choose.
type Pick struct {
	// Save asks for a file to write, which may be a new one; Name is proposed
	// for it.
	Save bool
	Name string
	// Grant is of a file that the app was given in this life or one before: it
	// comes without a question, unless the person has taken it back.
	Grant string
	// Granted is told the grant of the file, before done is called; nil for
	// an app that doesn't keep it.
	Granted func(grant string)
}

// Errors of PickFile.
var (
	// ErrCancelled says that the person has chosen none.
	ErrCancelled = errors.New("rayapps: no file was chosen")
	// ErrNoPicker says that nobody can be asked: the app wasn't installed and
	// started by a RayOS session.
	ErrNoPicker = errors.New("rayapps: there is no session to ask for a file")
)

// PickFile lets the person choose a file, in a window of the session; choosing
// grants it. done is called on the window's goroutine, after this has returned,
// with the open file, which is the app's from then on, and its name without
// folders. An app needs the permission "files" and the focus.
func (w *Window) PickFile(p Pick, done func(f *os.File, name string, err error)) {
	l := w.link
	err := error(ErrNoPicker)
	if l != nil {
		err = l.ask(p, done)
	}
	if err != nil {
		w.Post(func() { done(nil, "", err) })
	}
}

// link is the app's end of its own socket with the session.
type link struct {
	w       *Window
	fd      int
	src     *loop.Source
	last    uint64
	waiting map[uint64]asked
}

// asked is a request that has no answer yet.
type asked struct {
	done    func(*os.File, string, error)
	granted func(string)
}

// openLink takes the socket from the environment, if there is one.
func (w *Window) openLink() error {
	text, ok := os.LookupEnv(applink.Variable)
	if !ok {
		return nil
	}
	if err := os.Unsetenv(applink.Variable); err != nil {
		return err
	}
	fd, err := strconv.Atoi(text)
	if err != nil || fd <= unix.Stderr {
		return fmt.Errorf("%s is %.20q", applink.Variable, text)
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		return fmt.Errorf("%s: %w", applink.Variable, err)
	}
	l := &link{w: w, fd: fd, waiting: map[uint64]asked{}}
	if l.src, err = w.loop.Add(fd, loop.Readable, l); err != nil {
		return fmt.Errorf("%s: %w", applink.Variable, err)
	}
	w.link = l
	return nil
}

func (l *link) ask(p Pick, done func(*os.File, string, error)) error {
	l.last++
	data, err := json.Marshal(applink.Request{ID: l.last, Save: p.Save, Name: cut(p.Name, maxName), Grant: cut(p.Grant, maxName)})
	if err != nil {
		return err
	}
	if err := unix.Sendmsg(l.fd, data, nil, nil, unix.MSG_NOSIGNAL); err != nil {
		return fmt.Errorf("rayapps: ask for a file: %w", err)
	}
	l.waiting[l.last] = asked{done, p.Granted}
	return nil
}

// describe sends a description of the window.
func (l *link) describe(f *os.File) error {
	data, err := json.Marshal(applink.Request{Tree: true})
	if err != nil {
		return err
	}
	return unix.Sendmsg(l.fd, data, unix.UnixRights(int(f.Fd())), nil, unix.MSG_NOSIGNAL)
}

// Ready implements loop.Handler: a message has come.
func (l *link) Ready(loop.Events) {
	e, f, err := receive(l.fd)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return
	case err != nil:
		if !errors.Is(err, io.EOF) {
			l.w.opts.Log.Warn("the session", "err", err)
		}
		l.close()
		return
	}
	wanted := l.waiting[e.ID]
	done := wanted.done
	delete(l.waiting, e.ID)
	switch {
	case done != nil && f != nil:
		if wanted.granted != nil {
			wanted.granted(e.Grant)
		}
		done(f, e.Name, nil)
	case done != nil && e.Why == "no picker":
		done(nil, "", ErrNoPicker)
	case done != nil && e.Why == "cancelled":
		done(nil, "", ErrCancelled)
	case done != nil:
		done(nil, "", fmt.Errorf("rayapps: no file: %s", e.Why))
	case f != nil && e.ID == 0:
		l.w.given(f, e)
	case f != nil:
		_ = f.Close() // nobody asked for it
	case e.Access != "" || e.Seen || e.Act != nil:
		l.w.heard(&e)
		return
	case e.Looks != "":
		l.w.settings.begin(e.Looks)
		l.w.root.SetTheme(l.w.settings.theme())
	case e.ID == 0:
		l.w.activated(e)
	}
	l.w.Invalidate()
}

// receive reads a message and the file that comes with it.
func receive(fd int) (e applink.Event, f *os.File, err error) {
	buf, oob := make([]byte, applink.MaxMessage), make([]byte, unix.CmsgSpace(4))
	n, k, flags, _, err := unix.Recvmsg(fd, buf, oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return e, nil, err
	}
	if k > 0 {
		msgs, err := unix.ParseSocketControlMessage(oob[:k])
		if err == nil && len(msgs) == 1 {
			fds, err := unix.ParseUnixRights(&msgs[0])
			if err == nil && len(fds) == 1 {
				f = os.NewFile(uintptr(fds[0]), "chosen")
			}
		}
	}
	if n == 0 {
		err = io.EOF
	} else if err = json.Unmarshal(buf[:n], &e); err == nil && flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0 {
		err = applink.ErrSize
	}
	if err != nil && f != nil {
		return e, nil, errors.Join(err, f.Close())
	}
	return e, f, err
}

// given is told of a file that the person opens with the app.
func (w *Window) given(f *os.File, e applink.Event) {
	op, ok := as[FileOpener](w.app)
	if !ok {
		w.opts.Log.Warn("the app takes no files", "name", e.Name)
		_ = f.Close() // nothing was read
		return
	}
	op.OpenFile(w, f, e.Name, e.Grant)
}

// activated is told that the app was started again, while it runs.
func (w *Window) activated(e applink.Event) {
	if w.host.activation != nil && w.wl != nil && e.Token != "" {
		w.host.activation.Activate(cut(e.Token, maxName), w.wl)
	}
	if op, ok := as[Opener](w.app); ok && len(e.Open) > 0 {
		op.Open(w, e.Open)
	}
}

// close ends the link; who waits hears of it.
func (l *link) close() {
	if l.fd < 0 {
		return
	}
	if err := l.src.Remove(); err != nil {
		l.w.opts.Log.Warn("the session", "err", err)
	}
	_ = unix.Close(l.fd)
	l.fd, l.w.link = -1, nil
	for _, wanted := range l.waiting {
		wanted.done(nil, "", ErrNoPicker)
	}
	l.waiting = nil
}
