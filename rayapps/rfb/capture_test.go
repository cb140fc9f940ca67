package rfb

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var record = flag.Bool("record", false, "record testdata/captures from the servers that are installed")

const captures = "testdata/captures"

// A capture is what a real server sent after its ServerInit, deflated: width and
// height in 2 bytes each, then messages, of 32-bit pixels as ours. Its name ends in
// the hash of the last picture as the server itself had it.

// taped is a connection that keeps what comes, once it has begun.
type taped struct {
	net.Conn
	on   bool
	tape []byte
}

func (c *taped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.on {
		c.tape = append(c.tape, p[:n]...)
	}
	return n, err
}

func sum(pix []byte) string {
	plain := bytes.Clone(pix)
	for i := 3; i < len(plain); i += 4 {
		plain[i] = 0
	}
	h := sha256.Sum256(plain)
	return hex.EncodeToString(h[:8])
}

// Our decoder makes the same picture of what servers once sent as they had.
func TestCaptures(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(captures, "*.rfb.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			z, err := gzip.NewReader(file)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			parts := strings.Split(strings.TrimSuffix(filepath.Base(name), ".rfb.gz"), "-")
			for _, workers := range []int{-1, 2} {
				if got, want := decodeCapture(t, data, workers), parts[len(parts)-1]; got != want {
					t.Errorf("with %d workers the picture is %s; want %s", workers, got, want)
				}
			}
		})
	}
}

// tape is a connection that gives what was recorded and takes anything.
type tape struct {
	net.Conn
	*bytes.Reader
}

func (c tape) Read(p []byte) (int, error)  { return c.Reader.Read(p) }
func (c tape) Write(p []byte) (int, error) { return len(p), nil }
func (c tape) Close() error                { return nil }

func decodeCapture(t *testing.T, data []byte, workers int) string {
	t.Helper()
	be := binary.BigEndian
	head := append([]byte("RFB 003.008\n\x01\x01\x00\x00\x00\x00"), data[:4]...)
	head = append(head, make([]byte, 16)...)
	head = be.AppendUint32(head, 0) // no name
	c, err := Connect(t.Context(), tape{Reader: bytes.NewReader(append(head, data[4:]...))}, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	var fb Framebuffer
	err = c.Run(Handler{Resize: func(d Desktop) Framebuffer { fb = NewFramebuffer(d.Size); return fb }})
	if !errors.Is(err, io.EOF) {
		t.Fatalf("Run = %v; want the end", err)
	}
	return sum(fb.Pix)
}

// TestRecord makes the captures: make captures.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("without -record")
	}
	for _, pattern := range []string{"*.rfb.gz"} {
		old, err := filepath.Glob(filepath.Join(captures, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range old {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.MkdirAll(captures, 0o755); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, "-SecurityTypes", "None")
	for _, enc := range pixelEncodings {
		recordFrom(t, "tigervnc", enc, "unix", d.socket, d.draw, func() *picture { return d.pixels(333, 217) })
	}
	if _, err := exec.LookPath("x11vnc"); err == nil {
		port := process(t, "PORT=", "x11vnc", "-display", ":"+d.number, "-localhost", "-autoport", "5950", "-nopw", "-forever", "-shared", "-noshm", "-nocursor", "-quiet", "-no6")
		for _, enc := range []Encoding{RRE, CoRRE, Hextile, Zlib, ZRLE, Tight} {
			recordFrom(t, "x11vnc", enc, "tcp", "127.0.0.1:"+port, d.draw, func() *picture { return d.pixels(333, 217) })
		}
	}
	if q := newQEMU(t); q != nil {
		for _, enc := range []Encoding{Hextile, Zlib, ZRLE, Tight, TightPNG} {
			recordFrom(t, "qemu", enc, "unix", q.socket, nil, q.pixels)
		}
	}
}

func recordFrom(t *testing.T, server string, enc Encoding, network, address string, draw func(w, h int32), pixels func() *picture) {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	c := &taped{Conn: conn}
	k, err := Connect(t.Context(), c, Options{Encodings: []Encoding{enc, CopyRect}, Workers: -1})
	if err != nil {
		t.Fatal(err)
	}
	c.on = true
	size := k.Desktop.Size
	c.tape = binary.BigEndian.AppendUint16(c.tape, uint16(size.W))
	c.tape = binary.BigEndian.AppendUint16(c.tape, uint16(size.H))
	v := follow(t, k)
	v.shows(pixels())
	if draw != nil {
		draw(333, 217)
		v.shows(pixels())
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	end := <-v.ended
	v.ended <- end
	m := pixels()
	pix := make([]byte, 0, 4*len(m.px))
	for _, px := range m.px {
		pix = binary.LittleEndian.AppendUint32(pix, px)
	}
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(c.tape)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(captures, strings.ToLower(server+"-"+enc.String())+"-"+sum(pix)+".rfb.gz")
	if err := os.WriteFile(name, z.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes", name, z.Len())
}
