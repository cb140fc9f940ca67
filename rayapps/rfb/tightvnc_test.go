package rfb

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// newTightDesk starts TightVNC's X server, which tells nobody which display and port
// are free.
func newTightDesk(t *testing.T, args ...string) (d *desk, address string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an X server")
	}
	if _, err := exec.LookPath("Xtightvnc"); err != nil {
		t.Skip("tightvncserver isn't installed")
	}
	if _, err := os.Stat("/usr/share/fonts/X11/misc/fonts.dir"); err != nil {
		t.Skip("xfonts-base isn't installed, without which Xtightvnc doesn't start")
	}
	number := 200 + os.Getpid()%500
	for ; ; number++ {
		if _, err := os.Lstat(fmt.Sprintf("/tmp/.X11-unix/X%d", number)); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(address, ":")
	d = &desk{t: t, number: strconv.Itoa(number), rnd: rand.New(rand.NewPCG(8, 8))}
	t.Cleanup(func() { // it is killed, and leaves these
		for _, name := range []string{"/tmp/.X" + d.number + "-lock", "/tmp/.X11-unix/X" + d.number} {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		}
	})
	process(t, "Listening for VNC connections", "sh", append([]string{
		"-c", `exec "$0" "$@" 2>&1`, "Xtightvnc", ":" + d.number, "-rfbport", port, "-localhost", "-geometry", "333x217", "-depth", "24", "-nolisten", "tcp", "-alwaysshared", "-ac",
	}, args...)...)
	// It says so before it does.
	for end := time.Now().Add(patience); ; {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			d.check(conn.Close())
			return d, address
		}
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Now().After(end) {
			t.Fatal(err)
		}
		runtime.Gosched()
	}
}

// With each encoding of its own the client shows what TightVNC's X server shows, and
// agrees with it by its security type.
func TestTightVNC(t *testing.T) {
	d, address := newTightDesk(t)
	for _, enc := range []Encoding{Raw, RRE, CoRRE, Hextile, Zlib, Tight} {
		t.Run(enc.String(), func(t *testing.T) {
			v := view(t, "tcp", address, Options{Security: []Security{TightVNC}, Encodings: []Encoding{enc, CopyRect}})
			if v.c.Security != None {
				t.Errorf("security %v", v.c.Security)
			}
			if d.x == nil {
				d.open() // there is a display when a viewer was answered
			}
			for range 2 {
				d.draw(333, 217)
				v.shows(d.pixels(333, 217))
			}
			v.spoke(enc)
		})
	}
}

// A password goes the same way.
func TestTightVNCPassword(t *testing.T) {
	cmd := exec.Command("vncpasswd", "-f")
	cmd.Stdin = strings.NewReader("password\n")
	hidden, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("tigervnc-tools isn't installed")
	} else if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pass")
	if err := os.WriteFile(file, hidden, 0o600); err != nil {
		t.Fatal(err)
	}
	d, address := newTightDesk(t, "-rfbauth", file)
	v := view(t, "tcp", address, Options{Security: []Security{TightVNC}, Credentials: secret})
	if v.c.Security != VncAuth {
		t.Errorf("security %v", v.c.Security)
	}
	d.open()
	d.draw(333, 217)
	v.shows(d.pixels(333, 217))
	conn, err := net.Dial("tcp", address)
	d.check(err)
	if _, err := Connect(t.Context(), conn, Options{Security: []Security{TightVNC}, Credentials: longSecret}); !errors.Is(err, ErrRefused) {
		t.Errorf("Connect with a wrong password: %v", err)
	}
}
