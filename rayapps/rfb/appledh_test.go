package rfb

import (
	"bytes"
	"crypto/aes"
	"crypto/md5"
	"crypto/rand"
	"encoding/binary"
	"io"
	"math/big"
	"strings"
	"testing"
)

// Apple's login, with a server written from the specification: it finds name and
// password, and noise behind them.
func TestAppleDH(t *testing.T) {
	prime, err := rand.Prime(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	own := big.NewInt(0).SetBytes(bytes.Repeat([]byte{0x35}, 60))
	public := new(big.Int).Exp(big.NewInt(2), own, prime).FillBytes(make([]byte, 128))
	c, err := converse(t, Options{Credentials: secret}, func(s script) {
		s.send("RFB 003.008\n")
		s.want("RFB 003.008\n")
		s.send("\x01\x1e")
		s.want("\x1e")
		s.send("\x00\x02\x00\x80", string(prime.FillBytes(make([]byte, 128))), string(public))
		said := make([]byte, 256)
		if _, err := io.ReadFull(s, said); err != nil {
			s.t.Error(err)
		}
		shared := new(big.Int).Exp(new(big.Int).SetBytes(said[128:]), own, prime)
		key := md5.Sum(shared.FillBytes(make([]byte, 128)))
		block, err := aes.NewCipher(key[:])
		if err != nil {
			s.t.Error(err)
			return
		}
		for i := 0; i < 128; i += 16 {
			block.Decrypt(said[i:], said[i:])
		}
		if !bytes.HasPrefix(said, []byte("me\x00")) || !bytes.HasPrefix(said[64:], []byte("password\x00")) {
			s.t.Errorf("the server has heard %q", said[:128])
		}
		if bytes.Equal(said[16:32], said[32:48]) {
			s.t.Error("no noise is behind the name")
		}
		s.send("\x00\x00\x00\x00")
		s.want("\x01")
		s.send(serverInit)
		s.setup()
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Security != AppleDH || c.Security.Encrypted() || c.Security.Authenticated() || !c.Security.Named() {
		t.Errorf("security %v", c.Security)
	}
}

// Numbers from which all could tell the secret are refused before a password is asked
// for, as is what has no room.
func TestAppleDHRefuses(t *testing.T) {
	prime := make([]byte, 64)
	prime[0], prime[63] = 0xff, 0x61
	number := func(v byte) []byte { return append(make([]byte, 63), v) }
	less := bytes.Clone(prime)
	less[63]--
	for name, v := range map[string]struct {
		n      uint16
		g      byte
		p, pub []byte
		want   string
	}{
		"short prime":    {32, 2, prime, prime, "a prime of 32 bytes"},
		"long prime":     {2000, 2, prime, prime, "a prime of 2000 bytes"},
		"no prime":       {64, 2, make([]byte, 64), number(9), "no secret"},
		"public 0":       {64, 2, prime, number(0), "no secret"},
		"public 1":       {64, 2, prime, number(1), "no secret"},
		"public p-1":     {64, 2, prime, less, "no secret"},
		"public beyond":  {64, 2, prime, bytes.Repeat([]byte{0xff}, 64), "no secret"},
		"generator 1":    {64, 1, prime, number(9), "no secret"},
		"breaks off":     {64, 2, prime, nil, "unexpected EOF"},
		"a password ...": {64, 2, prime, number(9), "more than 63 bytes"},
	} {
		said := binary.BigEndian.AppendUint16([]byte{0, v.g}, v.n)
		said = append(append(said, v.p...), v.pub...)
		head := []byte("RFB 003.008\n\x01\x1e")
		_, err := Connect(t.Context(), tape{Reader: bytes.NewReader(append(head, said...))}, Options{
			Security: []Security{AppleDH}, Credentials: longSecret,
		})
		if !strings.Contains(errorText(err), v.want) {
			t.Errorf("%s: %v; want %s", name, err, v.want)
		}
	}
}
