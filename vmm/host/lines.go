package host

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// maxFiles bounds the descriptors that a peer may have in flight.
const maxFiles = 4

// lines reads lines of at most MaxLine bytes, and the descriptors that come
// with them.
type lines struct {
	conn  *net.UnixConn
	buf   []byte
	used  int // bytes of buf that are read
	at    int // bytes of them that were returned
	files []*os.File
	oob   []byte
}

func newLines(conn *net.UnixConn) *lines {
	return &lines{conn: conn, buf: make([]byte, MaxLine), oob: make([]byte, unix.CmsgSpace(4*(maxFiles+1)))}
}

var errLong = fmt.Errorf("a line of more than %d bytes", MaxLine)

// next returns the next line without its end, borrowed until the next call.
func (l *lines) next() ([]byte, error) {
	for {
		if i := bytes.IndexByte(l.buf[l.at:l.used], '\n'); i >= 0 {
			line := l.buf[l.at : l.at+i]
			l.at += i + 1
			return line, nil
		}
		copy(l.buf, l.buf[l.at:l.used])
		l.used, l.at = l.used-l.at, 0
		if l.used == len(l.buf) {
			return nil, errLong
		}
		n, oobn, flags, _, err := l.conn.ReadMsgUnix(l.buf[l.used:], l.oob)
		if perr := l.descriptors(l.oob[:oobn]); perr != nil && err == nil {
			err = perr
		}
		switch {
		case err != nil:
			return nil, err
		case flags&unix.MSG_CTRUNC != 0 || len(l.files) > maxFiles:
			return nil, fmt.Errorf("more than %d descriptors at once", maxFiles)
		case n == 0:
			return nil, io.EOF
		}
		l.used += n
	}
}

func (l *lines) descriptors(oob []byte) error {
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return err
	}
	for i := range msgs {
		fds, err := unix.ParseUnixRights(&msgs[i])
		if err != nil {
			continue // no descriptors
		}
		for _, fd := range fds {
			l.files = append(l.files, os.NewFile(uintptr(fd), "vm.sock"))
		}
	}
	return nil
}

// file takes the descriptor that came first.
func (l *lines) file() (*os.File, error) {
	if len(l.files) == 0 {
		return nil, errors.New("no descriptor came with it")
	}
	f := l.files[0]
	l.files = l.files[1:]
	return f, nil
}

func (l *lines) close() {
	l.conn.Close()
	for _, f := range l.files {
		f.Close()
	}
	l.files = nil
}

// writeLine writes a line, with a descriptor beside its first byte.
func writeLine(conn *net.UnixConn, line []byte, file *os.File) error {
	if len(line) >= MaxLine {
		return errLong
	}
	line = append(line[:len(line):len(line)], '\n') // others may have the same line
	if file == nil {
		_, err := conn.Write(line)
		return err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var n int
	var sendErr error
	err = raw.Control(func(fd uintptr) {
		n, _, sendErr = conn.WriteMsgUnix(line, unix.UnixRights(int(fd)), nil)
	})
	if err := errors.Join(err, sendErr); err != nil {
		return err
	}
	if n < len(line) {
		_, err = conn.Write(line[n:])
	}
	return err
}

// credentials are who made the other end of conn.
func credentials(conn *net.UnixConn) (cred *unix.Ucred, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	var credErr error
	if err := raw.Control(func(fd uintptr) {
		cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}); err != nil {
		return nil, err
	}
	return cred, credErr
}

// sameUser reports whether the other end of conn is a process of ours.
func sameUser(conn *net.UnixConn) error {
	cred, err := credentials(conn)
	if err != nil {
		return err
	}
	if int(cred.Uid) != os.Getuid() {
		return fmt.Errorf("user %d is another", cred.Uid)
	}
	return nil
}
