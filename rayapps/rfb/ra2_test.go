package rfb

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Vectors of the paper's appendix.
func TestEAX(t *testing.T) {
	for _, v := range []struct{ msg, key, nonce, header, cipher string }{
		{"", "233952DEE4D5ED5F9B9C6D6FF80FF478", "62EC67F9C3A4A407FCB2A8C49031A8B3", "6BFB914FD07EAE6B", "E037830E8389F27B025A2D6527E79D01"},
		{"F7FB", "91945D3F4DCBEE0BF45EF52255F095A4", "BECAF043B0A23D843194BA972C66DEBD", "FA3BFD4806EB53FA", "19DD5C4C9331049D0BDAB0277408F67967E5"},
		{"1A47CB4933", "01F74AD64077F2E704C0F60ADA3DD523", "70C3DB4F0D26368400A10ED05D2BFF5E", "234A3463C1264AC6", "D851D5BAE03A59F238A23E39199DC9266626C40F80"},
	} {
		e, err := newEAX(unhex(t, v.key))
		if err != nil {
			t.Fatal(err)
		}
		nonce, header := unhex(t, v.nonce), unhex(t, v.header)
		got := e.seal(nil, nonce, header, unhex(t, v.msg))
		if want := unhex(t, v.cipher); !bytes.Equal(got, want) {
			t.Errorf("seal(%s) = %X; want %s", v.msg, got, v.cipher)
		}
		text, err := e.open(nonce, header, bytes.Clone(got))
		if err != nil || !bytes.Equal(text, unhex(t, v.msg)) {
			t.Errorf("open = %X, %v", text, err)
		}
		got[0] ^= 1
		if _, err := e.open(nonce, header, got); err == nil {
			t.Errorf("a changed message is taken")
		}
	}
}

// ra2Server is the other side, written from the specification.
type ra2Server struct {
	conn  net.Conn
	key   *rsa.PrivateKey
	kind  Security
	asks  byte   // for what
	wrong string // what it does wrong
	heard string // the credentials
}

func (s *ra2Server) serve() error {
	bits := 128
	if s.kind == RA2x256 || s.kind == RA2ne256 {
		bits = 256
	}
	r := &ra2{bits: bits}
	in := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(s.conn, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	if _, err := s.conn.Write([]byte("RFB 003.008\n")); err != nil {
		return err
	}
	in(12)
	if _, err := s.conn.Write([]byte{1, byte(s.kind)}); err != nil {
		return err
	}
	in(1)
	raw := publicKey(&s.key.PublicKey)
	if _, err := s.conn.Write(raw); err != nil {
		return err
	}
	head := in(4)
	n := int(binary.BigEndian.Uint32(head)+7) / 8
	client := append(head, in(2*n)...)
	pub := &rsa.PublicKey{N: new(big.Int).SetBytes(client[4 : 4+n]), E: int(new(big.Int).SetBytes(client[4+n:]).Int64())}
	ours := make([]byte, bits/8)
	if _, err := rand.Read(ours); err != nil {
		return err
	}
	//lint:ignore SA1019 the protocol has this padding
	box, err := rsa.EncryptPKCS1v15(rand.Reader, pub, ours)
	if err != nil {
		return err
	}
	if _, err := s.conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(box))), box...)); err != nil {
		return err
	}
	box = in(int(binary.BigEndian.Uint16(in(2))))
	//lint:ignore SA1019 the protocol has this padding
	theirs, err := rsa.DecryptPKCS1v15(nil, s.key, box)
	if err != nil {
		return err
	}
	c, err := r.seal(ours, theirs) // the keys of a server are those of a client, seen from there
	if err != nil {
		return err
	}
	c.Conn = s.conn
	hash := r.digest(raw, client)
	if s.wrong == "hash" {
		hash[0] ^= 1
	}
	go c.Write(append(hash, s.asks)) // the client sends at the same time
	got := make([]byte, len(hash))
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	if want := r.digest(client, raw); !bytes.Equal(got, want) {
		return errors.New("the client's hash is wrong")
	}
	for range 2 {
		var size [1]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return err
		}
		text := make([]byte, size[0])
		if _, err := io.ReadFull(c, text); err != nil {
			return err
		}
		s.heard += "/" + string(text)
	}
	var w net.Conn = c
	if s.kind == RA2ne || s.kind == RA2ne256 {
		w = s.conn
	}
	result := []byte{0, 0, 0, 0}
	if s.wrong == "password" {
		result = []byte("\x00\x00\x00\x01\x00\x00\x00\x02no")
	}
	if _, err := w.Write(result); err != nil || s.wrong != "" {
		return err
	}
	if _, err := io.ReadFull(w, make([]byte, 1)); err != nil { // ClientInit
		return err
	}
	_, err = w.Write([]byte("\x00\x04\x00\x02\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x04desk"))
	if err == nil {
		_, err = io.ReadFull(w, make([]byte, 100)) // SetPixelFormat, SetEncodings
	}
	return err
}

// sockets are two ends that hold what wasn't read yet: in RA2 both sides send at once.
func sockets(t *testing.T) (a, b net.Conn) {
	t.Helper()
	ln, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if a, err = net.Dial("unix", ln.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if b, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

func TestRA2(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		kind  Security
		asks  byte
		wrong string
		heard string
		want  string // of the error
	}{
		{RA2, ra2UserPass, "", "/me/password", ""},
		{RA2, ra2Pass, "", "//password", ""},
		{RA2x256, ra2UserPass, "", "/me/password", ""},
		{RA2ne, ra2Pass, "", "//password", ""},
		{RA2ne256, ra2UserPass, "", "/me/password", ""},
		{RA2, ra2UserPass, "password", "/me/password", `refused by the server: "no"`},
		{RA2x256, ra2UserPass, "hash", "", "somebody has changed the keys"},
		{RA2, 3, "", "", "credentials of kind 3"},
		{RA2, ra2Pass, "key", "", "another key"},
	} {
		t.Run(v.kind.String()+v.wrong, func(t *testing.T) {
			a, b := sockets(t)
			s := &ra2Server{conn: b, key: key, kind: v.kind, asks: v.asks, wrong: v.wrong}
			done := make(chan error, 1)
			go func() { done <- s.serve(); b.Close() }()
			c, err := Connect(t.Context(), a, Options{Credentials: secret, PinKey: func(k *rsa.PublicKey) error {
				if !k.Equal(&key.PublicKey) || v.wrong == "key" {
					return errors.New("another key")
				}
				return nil
			}})
			if got := errorText(err); v.want == "" && err != nil || !strings.Contains(got, v.want) {
				t.Fatalf("Connect: %v; want %q", err, v.want)
			}
			serr := <-done
			if s.heard != v.heard {
				t.Errorf("the server has heard %q; want %q", s.heard, v.heard)
			}
			if v.want != "" {
				return
			}
			if serr != nil {
				t.Error(serr)
			}
			if c.Security != v.kind || c.Name != "desk" {
				t.Errorf("%v with %q", c.Security, c.Name)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Without somebody who judges keys RA2 isn't chosen.
func TestRA2NeedsJudge(t *testing.T) {
	_, err := converse(t, Options{Security: []Security{RA2, RA2x256}}, func(s script) {
		s.send("RFB 003.008\n")
		s.want("RFB 003.008\n")
		s.send("\x02\x05\x81")
	})
	if !errors.Is(err, ErrSecurity) {
		t.Errorf("Connect: %v", err)
	}
}

// Whatever a server says, RA2 ends.
func FuzzRA2(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(publicKey(&key.PublicKey), 1, 0))
	f.Add([]byte{0, 0, 4, 0})
	f.Fuzz(func(t *testing.T, said []byte) {
		head := []byte("RFB 003.008\n\x01\x05")
		_, err := Connect(context.Background(), tape{Reader: bytes.NewReader(append(head, said...))}, Options{
			Security: []Security{RA2}, Credentials: secret, PinKey: func(k *rsa.PublicKey) error {
				if k.Size() > 2048 {
					t.Errorf("a key of %d bytes", k.Size())
				}
				return errors.New("enough")
			},
		})
		if err == nil {
			t.Error("connected")
		}
	})
}

// Messages that were sealed arrive, in pieces of any size; others don't.
func FuzzSealed(f *testing.F) {
	f.Add([]byte{0, 3, 1, 2, 3})
	f.Fuzz(func(t *testing.T, said []byte) {
		e, err := newEAX(make([]byte, 16))
		if err != nil {
			t.Fatal(err)
		}
		s := &sealed{Conn: tape{Reader: bytes.NewReader(said)}, in: e}
		if got, err := io.ReadAll(s); err == nil && len(got) > 0 {
			t.Errorf("noise says %x", got)
		}
	})
}
