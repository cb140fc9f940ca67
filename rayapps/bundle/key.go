package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rayos/internal/atomicfile"
)

// keyHeader begins a file with a key.
const keyHeader = "rayapp signing key 1: keep it, and keep it to yourself\n"

// LoadKey reads the key in a file that only its owner may read. If there is none
// it makes one.
func LoadKey(path string) (key ed25519.PrivateKey, made bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = makeKey(path)
		return key, err == nil, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("signing key: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, false, fmt.Errorf("signing key: %w", err)
	}
	if m := st.Mode(); !m.IsRegular() || m.Perm()&0o077 != 0 {
		return nil, false, fmt.Errorf("signing key: others may read %s: chmod 600 it, or make a new one if they have", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return nil, false, fmt.Errorf("signing key: %w", err)
	}
	text, ok := strings.CutPrefix(string(data), keyHeader)
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if !ok || err != nil || len(seed) != ed25519.SeedSize {
		return nil, false, fmt.Errorf("signing key: %s is none", path)
	}
	return ed25519.NewKeyFromSeed(seed), false, nil
}

func makeKey(path string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	text := keyHeader + base64.StdEncoding.EncodeToString(key.Seed()) + "\n"
	if err := atomicfile.Write(path, []byte(text)); err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return key, nil
}

// Fingerprint is what people compare: 128 bits of the key's hash.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	var parts []string
	for i := 0; i < 16; i += 2 {
		parts = append(parts, fmt.Sprintf("%02x%02x", sum[i], sum[i+1]))
	}
	return strings.Join(parts, "-")
}

// context keeps a signature from meaning anything else.
const context = "rayapp bundle 1\x00"

// sign is the entry SIGNATURE: key and signature.
func sign(list []byte, key ed25519.PrivateKey) []byte {
	sig := ed25519.Sign(key, append([]byte(context), list...))
	pub := key.Public().(ed25519.PublicKey)
	return []byte(base64.StdEncoding.EncodeToString(pub) + "\n" + base64.StdEncoding.EncodeToString(sig) + "\n")
}

// signatureSize is that of the entry.
var signatureSize = int64(base64.StdEncoding.EncodedLen(ed25519.PublicKeySize) + base64.StdEncoding.EncodedLen(ed25519.SignatureSize) + 2)

// ErrSignature says that a bundle isn't what its maker has signed.
var ErrSignature = errors.New("the signature is wrong: the bundle was changed, or damaged")

func checkSignature(entry, list []byte) (ed25519.PublicKey, error) {
	first, second, ok := bytes.Cut(entry, []byte("\n"))
	pub, err := base64.StdEncoding.DecodeString(string(first))
	sig, err2 := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(second), "\n"))
	if !ok || err != nil || err2 != nil || len(pub) != ed25519.PublicKeySize || int64(len(entry)) != signatureSize {
		return nil, ErrSignature
	}
	if !ed25519.Verify(pub, append([]byte(context), list...), sig) {
		return nil, ErrSignature
	}
	return pub, nil
}
