package anontls

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// The vector for TLS 1.2 with SHA-256 that was sent to the TLS working group.
func TestPRF(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	h := &handshake{suite: suites[1]}
	got := h.prf(unhex("9b be 43 6b a9 40 f0 17 b1 76 52 84 9a 71 db 35"), "test label", unhex("a0 ba 9f 93 6c da 31 18 27 a6 f7 96 ff d5 19 8c"), 32)
	if want := unhex("e3 f2 29 ba 72 7b e1 7b 8d 12 26 20 55 7c d4 53 c2 aa b2 1d 07 c3 d4 95 32 9b 52 d4 e6 1e db 5a"); !bytes.Equal(got, want) {
		t.Errorf("prf = %x; want %x", got, want)
	}
}

func number(b []byte, v *big.Int) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(v.Bytes())))
	return append(b, v.Bytes()...)
}

func TestParameters(t *testing.T) {
	prime := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 2048), big.NewInt(1)) // odd, which is all that is looked at
	last := new(big.Int).Sub(prime, big.NewInt(1))
	for _, c := range []struct {
		name    string
		p, g, y *big.Int
		more    string
		want    bool
	}{
		{"good", prime, big.NewInt(2), big.NewInt(77), "", true},
		{"small group", big.NewInt(23), big.NewInt(5), big.NewInt(7), "", false},
		{"even group", last, big.NewInt(5), big.NewInt(7), "", false},
		{"huge group", new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 9000), big.NewInt(1)), big.NewInt(5), big.NewInt(7), "", false},
		{"value 1", prime, big.NewInt(2), big.NewInt(1), "", false},
		{"value p-1", prime, big.NewInt(2), last, "", false},
		{"value beyond", prime, big.NewInt(2), prime, "", false},
		{"generator 1", prime, big.NewInt(1), big.NewInt(7), "", false},
		{"more", prime, big.NewInt(2), big.NewInt(7), "x", false},
	} {
		b := append(number(number(number(nil, c.p), c.g), c.y), c.more...)
		if _, err := parseParameters(b); (err == nil) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
		for i := range len(b) - len(c.more) {
			if _, err := parseParameters(b[:i]); err == nil {
				t.Fatalf("%s: %d of %d bytes are taken", c.name, i, len(b))
			}
		}
	}
}

// pair is two Conns that have each other's keys.
func pair(t *testing.T) (a, b *Conn, wire net.Conn) {
	t.Helper()
	x, y := net.Pipe()
	t.Cleanup(func() { x.Close(); y.Close() })
	dir := func(k byte) *direction {
		d, err := newCipher(bytes.Repeat([]byte{k}, 16), []byte{k, 1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	return &Conn{Conn: x, in: dir(1), out: dir(2)}, &Conn{Conn: y, in: dir(2), out: dir(1)}, x
}

func TestRecords(t *testing.T) {
	a, b, _ := pair(t)
	sent := bytes.Repeat([]byte("abc"), 20000)
	failed := make(chan error, 1)
	go func() {
		_, err := a.Write(sent)
		if err == nil {
			err = a.send(recordAlert, []byte{1, 0})
		}
		failed <- err
	}()
	got, err := io.ReadAll(b)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("read %d bytes, %v; want %d", len(got), err, len(sent))
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
}

// flip changes a bit of what is written.
type flip struct{ net.Conn }

func (f flip) Write(p []byte) (int, error) {
	q := bytes.Clone(p)
	q[len(q)-20] ^= 1
	return f.Conn.Write(q)
}

func TestChangedRecord(t *testing.T) {
	a, b, wire := pair(t)
	a.Conn = flip{wire}
	go func() { _, _ = a.Write([]byte("some text that is long enough")) }() // the pipe is closed at the end
	var p [64]byte
	if n, err := b.Read(p[:]); err == nil || n > 0 {
		t.Errorf("Read = %d, %v; want an error", n, err)
	}
	if _, err := b.Read(p[:]); err == nil {
		t.Error("the error is forgotten")
	}
}

// canned is a server that says what it says.
type canned struct {
	net.Conn
	io.Reader
}

func (c canned) Read(p []byte) (int, error)    { return c.Reader.Read(p) }
func (c canned) Write(p []byte) (int, error)   { return len(p), nil }
func (c canned) SetDeadline(t time.Time) error { return nil }

func hello(suite uint16) []byte {
	m := append([]byte{3, 3}, make([]byte, 33)...)
	m = binary.BigEndian.AppendUint16(m, suite)
	m = append(m, 0, 0, 4, 0, extensionMaster, 0, 0)
	m = append([]byte{serverHello, 0, 0, byte(len(m))}, m...)
	return append([]byte{recordHandshake, 3, 3, 0, byte(len(m))}, m...)
}

func TestServerThatIsNone(t *testing.T) {
	for name, said := range map[string][]byte{
		"nothing":       nil,
		"no record":     []byte("HTTP/1.1 400"),
		"another suite": hello(0x0035),
		"fatal alert":   {recordAlert, 3, 3, 0, 2, 2, 40},
		"data":          {recordData, 3, 3, 0, 1, 0},
		"long record":   {recordHandshake, 3, 3, 0xff, 0xff},
		"long message":  {recordHandshake, 3, 3, 0, 4, 2, 1, 0, 0},
		"warnings":      bytes.Repeat([]byte{recordAlert, 3, 3, 0, 2, 1, 90}, 100),
		"hangs up":      hello(0x00a6),
	} {
		if _, err := Client(canned{Reader: bytes.NewReader(said)}); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzClient(f *testing.F) {
	f.Add(hello(0x00a6))
	prime := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1024), big.NewInt(1))
	m := number(number(number(nil, prime), big.NewInt(2)), big.NewInt(77))
	m = append([]byte{serverKeyExchange, 0, byte(len(m) >> 8), byte(len(m))}, m...)
	m = append(m, serverHelloDone, 0, 0, 0)
	all := append(hello(0x00a7), recordHandshake, 3, 3, byte(len(m)>>8), byte(len(m)))
	f.Add(append(append(all, m...), recordChange, 3, 3, 0, 1, 1))
	f.Fuzz(func(t *testing.T, said []byte) {
		if _, err := Client(canned{Reader: bytes.NewReader(said)}); err == nil {
			t.Error("shook hands with noise")
		}
	})
}
