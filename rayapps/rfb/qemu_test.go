package rfb

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// qemu is a machine without a system, whose screen says so.
type qemu struct {
	t      *testing.T
	dir    string
	socket string
	conn   net.Conn
	in     *bufio.Scanner
}

// newQEMU starts one with what else its VNC server is to have, and what that needs.
func newQEMU(t *testing.T, vnc ...string) *qemu {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a virtual machine")
	}
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		t.Skip("qemu-system-x86 isn't installed")
	}
	q := &qemu{t: t, dir: t.TempDir()}
	q.socket = filepath.Join(q.dir, "vnc")
	options := ""
	var more []string
	if len(vnc) > 0 {
		options, more = vnc[0], vnc[1:]
	}
	ln, err := net.Listen("unix", filepath.Join(q.dir, "qmp"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	args := append([]string{
		"-nodefaults", "-no-user-config", "-machine", "pc,accel=tcg", "-m", "16", "-S", "-display", "none", "-vga", "std",
		"-vnc", "unix:" + q.socket + options, "-qmp", "unix:" + filepath.Join(q.dir, "qmp"),
	}, more...)
	cmd := exec.Command("qemu-system-x86_64", args...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = cmd.Process.Kill(), cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("qemu:\n%s", &log)
		}
	})
	if err := ln.(*net.UnixListener).SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if q.conn, err = ln.Accept(); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	t.Cleanup(func() { q.conn.Close() })
	if err := q.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	q.in = bufio.NewScanner(q.conn)
	q.do("qmp_capabilities", nil)
	return q
}

// do executes a command of QMP.
func (q *qemu) do(command string, args map[string]any) {
	q.t.Helper()
	line, err := json.Marshal(map[string]any{"execute": command, "arguments": args})
	if args == nil {
		line, err = json.Marshal(map[string]any{"execute": command})
	}
	if err != nil {
		q.t.Fatal(err)
	}
	if _, err := q.conn.Write(append(line, '\n')); err != nil {
		q.t.Fatal(err)
	}
	for q.in.Scan() {
		var answer struct {
			Return json.RawMessage `json:"return"`
			Error  json.RawMessage `json:"error"`
		}
		if err := json.Unmarshal(q.in.Bytes(), &answer); err != nil {
			q.t.Fatal(err)
		}
		if answer.Error != nil {
			q.t.Fatalf("%s: %s", command, answer.Error)
		}
		if answer.Return != nil {
			return
		}
	}
	q.t.Fatalf("%s: no answer: %v", command, q.in.Err())
}

// pixels are the machine's own.
func (q *qemu) pixels() *picture {
	q.t.Helper()
	name := filepath.Join(q.dir, "dump.ppm")
	q.do("screendump", map[string]any{"filename": name})
	data, err := os.ReadFile(name)
	if err != nil {
		q.t.Fatal(err)
	}
	var w, h, most int
	if _, err := fmt.Fscanf(bytes.NewReader(data), "P6\n%d %d\n%d\n", &w, &h, &most); err != nil {
		q.t.Fatal(err)
	}
	m := newPicture(w, h)
	data = data[len(data)-3*w*h:]
	for i := range m.px {
		m.px[i] = uint32(data[3*i])<<16 | uint32(data[3*i+1])<<8 | uint32(data[3*i+2])
	}
	return m
}

// With each encoding that QEMU has the client shows what its screen dump shows.
func TestQEMUEncodings(t *testing.T) {
	q := newQEMU(t)
	for _, enc := range []Encoding{Raw, Hextile, Zlib, ZRLE, Tight, TightPNG} {
		t.Run(enc.String(), func(t *testing.T) {
			v := view(t, "unix", q.socket, Options{Encodings: []Encoding{enc, CopyRect}})
			v.shows(q.pixels())
			v.spoke(enc)
		})
	}
}

// QEMU's passwords, and TLS without and with a certificate.
func TestQEMUSecurity(t *testing.T) {
	dir := t.TempDir()
	cert, pems := testCertificate(t)
	for name, data := range map[string][]byte{"ca-cert.pem": pems[0], "server-cert.pem": pems[0], "server-key.pem": pems[1]} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pin := func(s tls.ConnectionState) error {
		if !bytes.Equal(s.PeerCertificates[0].Raw, cert) {
			return fmt.Errorf("another certificate")
		}
		return nil
	}
	for _, c := range []struct {
		want    Security
		options string
		object  string
	}{
		{VncAuth, ",password=on", ""},
		{TLSNone, ",tls-creds=t", "tls-creds-anon,id=t,endpoint=server"},
		{TLSVnc, ",tls-creds=t,password=on", "tls-creds-anon,id=t,endpoint=server"},
		{X509None, ",tls-creds=t", "tls-creds-x509,id=t,endpoint=server,verify-peer=off,sanity-check=off,dir=" + dir},
		{X509Vnc, ",tls-creds=t,password=on", "tls-creds-x509,id=t,endpoint=server,verify-peer=off,sanity-check=off,dir=" + dir},
	} {
		t.Run(c.want.String(), func(t *testing.T) {
			args := []string{c.options}
			if c.object != "" {
				args = append(args, "-object", c.object)
			}
			q := newQEMU(t, args...)
			if c.want == VncAuth || c.want == TLSVnc || c.want == X509Vnc {
				q.do("set_password", map[string]any{"protocol": "vnc", "password": "password"})
			}
			v := view(t, "unix", q.socket, Options{Credentials: secret, Pin: pin})
			if v.c.Security != c.want {
				t.Errorf("security %v; want %v", v.c.Security, c.want)
			}
			v.shows(q.pixels())
		})
	}
}

// The PC's speaker, which is told to sound through QEMU's port for tests, arrives as a
// stream of whole frames that aren't silent.
func TestQEMUSound(t *testing.T) {
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "qtest"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	q := newQEMU(t, ",audiodev=snd", "-audiodev", "none,id=snd", "-machine", "pcspk-audiodev=snd", "-qtest", "unix:"+ln.Addr().String(), "-qtest-log", "none")
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(conn)
	out := func(port, v int) {
		t.Helper()
		if _, err := fmt.Fprintf(conn, "outb %#x %#x\n", port, v); err != nil {
			t.Fatal(err)
		}
		if !answers.Scan() || answers.Text() != "OK" {
			t.Fatalf("outb: %q, %v", answers.Text(), answers.Err())
		}
	}
	q.do("cont", nil)
	on, loud := make(chan bool, 16), make(chan int, 1)
	c := connect(t, "unix", q.socket, Options{Audio: &AudioFormat{SampleS16, 2, 44100}})
	ended := make(chan error, 1)
	go func() {
		ended <- c.Run(Handler{
			Resize:  func(d Desktop) Framebuffer { return NewFramebuffer(d.Size) },
			AudioOn: func(v bool) { on <- v },
			Audio: func(p []byte) {
				for _, v := range p {
					if v != 0 {
						select {
						case loud <- len(p):
						default: // it was told
						}
						return
					}
				}
			},
		})
	}()
	defer func() { _, _ = c.Close(), <-ended }() // the test closes it
	wait, again := time.After(patience), time.NewTicker(200*time.Millisecond)
	defer again.Stop()
	for begun, heard := false, false; !begun || !heard; {
		out(0x43, 0xb6) // the timer's third channel, a square wave of 1 kHz; the firmware may turn it off once
		out(0x42, 1193&0xff)
		out(0x42, 1193>>8)
		out(0x61, 3)
		select {
		case begun = <-on:
		case n := <-loud:
			heard = true
			if n%4 != 0 {
				t.Errorf("%d bytes are no frames", n)
			}
		case <-again.C:
		case <-wait:
			t.Fatalf("a stream has begun: %v; it is loud: %v", begun, heard)
		}
	}
	out(0x61, 0)
}
