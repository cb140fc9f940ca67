package keyring

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"

	"github.com/godbus/dbus/v5"
)

// The ways in which secrets cross the bus.
const (
	sealedWay = "dh-ietf1024-sha256-aes128-cbc-pkcs7"
	plainWay  = "plain"
)

// group is the prime of the second Oakley group (RFC 2409, 6.2). Its generator is 2.
var group, _ = new(big.Int).SetString("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"+
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)

const groupBytes = 128

// session is how secrets are sealed.
type session struct {
	path dbus.ObjectPath
	key  []byte // of AES; nil for plain
}

// exchange makes the key of a session from our number and the other side's.
func exchange(own, theirs *big.Int) ([]byte, error) {
	last := new(big.Int).Sub(group, big.NewInt(1))
	if theirs.Cmp(big.NewInt(2)) < 0 || theirs.Cmp(last) >= 0 {
		return nil, errors.New("a number of which no secret comes")
	}
	shared := new(big.Int).Exp(theirs, own, group).FillBytes(make([]byte, groupBytes))
	return hkdf.Key(sha256.New, shared, nil, "", aes.BlockSize)
}

// newNumber is a secret number and what is told of it.
func newNumber() (own *big.Int, public []byte, err error) {
	if own, err = rand.Int(rand.Reader, group); err != nil {
		return nil, nil, err
	}
	return own, new(big.Int).Exp(big.NewInt(2), own, group).FillBytes(make([]byte, groupBytes)), nil
}

// openSession agrees on how secrets are sealed.
func openSession(ctx context.Context, service dbus.BusObject) (*session, error) {
	own, public, err := newNumber()
	if err != nil {
		return nil, err
	}
	s := &session{}
	var theirs dbus.Variant
	err = service.CallWithContext(ctx, serviceFace+".OpenSession", 0, sealedWay, dbus.MakeVariant(public)).Store(&theirs, &s.path)
	var refused dbus.Error
	if errors.As(err, &refused) && refused.Name == "org.freedesktop.DBus.Error.NotSupported" {
		err = service.CallWithContext(ctx, serviceFace+".OpenSession", 0, plainWay, dbus.MakeVariant("")).Store(&theirs, &s.path)
		return s, err
	}
	if err != nil {
		return nil, err
	}
	number, ok := theirs.Value().([]byte)
	if !ok || len(number) > groupBytes {
		return nil, fmt.Errorf("the keyring's number is a %s", theirs.Signature())
	}
	s.key, err = exchange(own, new(big.Int).SetBytes(number))
	return s, err
}

// secret is one as it crosses the bus.
type secret struct {
	Session dbus.ObjectPath
	Params  []byte // the first block of AES in CBC
	Value   []byte
	Type    string
}

func (s *session) seal(value []byte) (secret, error) {
	k := secret{Session: s.path, Params: []byte{}, Value: value, Type: "text/plain; charset=utf8"}
	if s.key == nil {
		return k, nil
	}
	c, err := aes.NewCipher(s.key)
	if err != nil {
		return k, err
	}
	k.Params = make([]byte, aes.BlockSize)
	if _, err := rand.Read(k.Params); err != nil {
		return k, err
	}
	pad := aes.BlockSize - len(value)%aes.BlockSize
	k.Value = append(bytes.Clone(value), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(c, k.Params).CryptBlocks(k.Value, k.Value)
	return k, nil
}

var errSealed = errors.New("a secret that is sealed in no way that was agreed on")

// open takes a secret out. The bus carries it for us alone, so what is wrong with the
// padding tells nobody anything.
func (s *session) open(k secret) ([]byte, error) {
	if s.key == nil {
		return k.Value, nil
	}
	n := len(k.Value)
	if len(k.Params) != aes.BlockSize || n == 0 || n%aes.BlockSize != 0 {
		return nil, errSealed
	}
	c, err := aes.NewCipher(s.key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, n)
	cipher.NewCBCDecrypter(c, k.Params).CryptBlocks(out, k.Value)
	pad := int(out[n-1])
	if pad < 1 || pad > aes.BlockSize || !bytes.Equal(out[n-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, errSealed
	}
	return out[:n-pad], nil
}
