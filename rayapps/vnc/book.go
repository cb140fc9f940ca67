package vnc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rayos/internal/atomicfile"
)

// Limits of the address book.
const (
	maxServers = 32
	maxBook    = 64 << 10 // bytes
)

// server is one that was looked at.
type server struct {
	Address string `json:"address"`
	Name    string `json:"name,omitempty"` // as it calls its desktop
	Key     string `json:"key,omitempty"`  // SHA-256 of the certificate or the RSA key that the person trusts
	User    string `json:"user,omitempty"` // as the server knows the person, if it asks
	// Ring tells that the person's keyring has the password.
	Ring bool `json:"keyring,omitempty"`
	// Password is there if the person wants it remembered and there is no keyring;
	// nobody else can read the file.
	Password string `json:"password,omitempty"`
}

// book is the servers that were looked at, the last first.
type book struct {
	path    string   // "" keeps nothing
	Servers []server `json:"servers"`
}

// openBook reads a book. What can't be read is no book, and stays as it is until
// something is written.
func openBook(path string) (*book, error) {
	b := &book{path: path}
	if path == "" {
		return b, nil
	}
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err == nil && st.Size() > maxBook {
		err = errors.New("it is too large")
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err == nil {
		err = json.Unmarshal(data, b)
	}
	if err != nil {
		return &book{path: path}, fmt.Errorf("address book %s: %w", path, err)
	}
	b.Servers = b.Servers[:min(len(b.Servers), maxServers)]
	return b, nil
}

// get returns what is known of a server.
func (b *book) get(address string) server {
	for _, s := range b.Servers {
		if s.Address == address {
			return s
		}
	}
	return server{Address: address}
}

// has reports whether a server is in the book.
func (b *book) has(address string) bool {
	return slices.ContainsFunc(b.Servers, func(s server) bool { return s.Address == address })
}

// put writes a server down as the last one.
func (b *book) put(s server) error {
	b.remove(s.Address)
	b.Servers = slices.Insert(b.Servers, 0, s)
	b.Servers = b.Servers[:min(len(b.Servers), maxServers)]
	return b.save()
}

// forget removes a server with all that is known of it.
func (b *book) forget(address string) error {
	b.remove(address)
	return b.save()
}

func (b *book) remove(address string) {
	b.Servers = slices.DeleteFunc(b.Servers, func(s server) bool { return s.Address == address })
}

func (b *book) save() error {
	if b.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(b.path, data)
}

// bookPath is where the book is: in the person's state, "" if there is none.
func bookPath(getenv func(string) string) string {
	dir := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "rayos", "vnc.json")
}
