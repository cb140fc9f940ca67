package places

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"rayos/internal/atomicfile"
)

// file is the form on disk.
type file struct {
	Version  int                 `json:"version"`
	Sessions map[string]*session `json:"sessions"`
}

const version = 1

var errTooLarge = fmt.Errorf("larger than %d bytes", maxFile)

// load reads the file once. One that can't be read is set aside, so that it is
// neither lost nor in the way.
func (s *Store) load() {
	if s.loaded {
		return
	}
	s.loaded = true
	list, err := read(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		s.loadErr = fmt.Errorf("windows' places: %w", err)
		if err := os.Rename(s.path, s.path+".bad"); err != nil {
			s.loadErr = errors.Join(s.loadErr, err)
		}
		return
	}
	s.sessions = list
	s.evict()
}

// LoadError returns why nothing could be read, once.
func (s *Store) LoadError() error {
	err := s.loadErr
	s.loadErr = nil
	return err
}

func read(path string) (map[string]*session, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	return decode(b)
}

// decode reads the form on disk and leaves out what could not have been
// written.
func decode(b []byte) (map[string]*session, error) {
	if len(b) > maxFile {
		return nil, errTooLarge
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, err
	}
	if f.Version != version {
		return nil, fmt.Errorf("version is %d; want %d", f.Version, version)
	}
	list := map[string]*session{}
	for id, v := range f.Sessions {
		if v == nil || !validID(id) || len(v.Windows) == 0 {
			continue
		}
		n := &session{Used: v.Used, Owner: cut(v.Owner, maxText), Windows: map[string]Place{}}
		for name, p := range v.Windows {
			if len(name) <= MaxName && utf8.ValidString(name) && len(n.Windows) < MaxWindows {
				n.Windows[name] = p.sane()
			}
		}
		if len(n.Windows) > 0 {
			list[id] = n
		}
	}
	return list, nil
}

// validID reports whether an id is one that Create makes.
func validID(id string) bool {
	if len(id) != 32 {
		return false
	}
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// encode returns the form on disk. Sessions without windows are not kept; what
// does not fit goes, in the order of evict.
func (s *Store) encode() ([]byte, error) {
	for {
		f := file{Version: version, Sessions: map[string]*session{}}
		for id, v := range s.sessions {
			if len(v.Windows) > 0 {
				f.Sessions[id] = v
			}
		}
		b, err := json.Marshal(&f)
		if err != nil || len(b) <= maxFile {
			return b, err
		}
		s.shrink()
	}
}

// shrink gives up one session for the size of the file, even one in use: its
// windows' places are lost, the session is not.
func (s *Store) shrink() {
	size := func(v *session) int {
		n := 0
		for name := range v.Windows {
			n += len(name) + 200
		}
		return n
	}
	var largest *session
	for _, v := range s.sessions {
		if largest == nil || size(v) > size(largest) {
			largest = v
		}
	}
	clear(largest.Windows)
}

// Save returns a function that writes what is remembered now. It may run on
// another goroutine; of several, an older one never replaces a newer.
func (s *Store) Save() func() error {
	s.dirty = false
	s.seq++
	seq, path := s.seq, s.path
	b, err := s.encode()
	return func() error {
		s.write.Lock()
		defer s.write.Unlock()
		if err != nil || path == "" || seq <= s.done {
			return err
		}
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = atomicfile.Write(path, b)
		}
		if err != nil {
			return fmt.Errorf("windows' places: %w", err)
		}
		s.done = seq
		return nil
	}
}
