package vncserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"rayos/internal/atomicfile"
)

const certificateName = "vnc.pem"

// certificate returns the server's, made when there is none. Nobody has signed it:
// viewers remember it, and its fingerprint is logged for them to compare.
func certificate(dir string, log *slog.Logger) (*tls.Config, error) {
	path := filepath.Join(dir, certificateName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = makeCertificate(); err == nil {
			err = errors.Join(os.MkdirAll(dir, 0o700), atomicfile.Write(path, data))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("certificate for viewers: %w", err)
	}
	pair, err := tls.X509KeyPair(data, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; remove it to have another one made", path, err)
	}
	sum := sha256.Sum256(pair.Certificate[0])
	log.Info("certificate for viewers", "sha256", fmt.Sprintf("%x", sum))
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// tenYears is how long a certificate holds.
const tenYears = 10 * 365 * 24 * time.Hour

// makeCertificate returns key and certificate, in PEM.
func makeCertificate() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	now := time.Now()
	form := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: host}, DNSNames: []string{host, "localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(tenYears),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...), nil
}
