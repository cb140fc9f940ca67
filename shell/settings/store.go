package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"rayos/internal/atomicfile"
)

// maxFile is more than all keys with their longest values.
const maxFile = 64 << 10

// Store is the values that are set.
type Store struct {
	path   string // "" keeps nothing
	values map[string]string
	broken []byte // the file that couldn't be read whole, until it was put aside
}

// Value is a setting and what it is.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Set   bool   `json:"set"` // it is not the default
}

// Open reads the file at a path; "" is no file. The Store can be used whatever
// the error is, which names everything that wasn't taken.
func Open(path string) (*Store, error) {
	s := &Store{path: path, values: map[string]string{}}
	if path == "" {
		return s, nil
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return s, fmt.Errorf("settings: %w", err)
	}
	if err := s.parse(data); err != nil {
		s.broken = data
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// parse takes what is right of a file.
func (s *Store) parse(data []byte) error {
	if len(data) > maxFile {
		return fmt.Errorf("%d bytes: want at most %d", len(data), maxFile)
	}
	var all map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("it has to be an object of texts: %w", err)
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(all)) {
		k := Lookup(name)
		if k == nil {
			errs = append(errs, fmt.Errorf("there is no setting %.60q", name))
			continue
		}
		v, err := k.Check(all[name])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.take(k, v)
	}
	return errors.Join(errs...)
}

func (s *Store) take(k *Key, v string) {
	if v == k.Default {
		delete(s.values, k.Name)
		return
	}
	s.values[k.Name] = v
}

// Get returns the value of a key that is in the table.
func (s *Store) Get(name string) string {
	if v, ok := s.values[name]; ok {
		return v
	}
	return Lookup(name).Default
}

// Bool returns the value of a Bool.
func (s *Store) Bool(name string) bool { return s.Get(name) == On }

// Number returns the value of a Number.
func (s *Store) Number(name string) int {
	n, err := strconv.Atoi(s.Get(name))
	if err != nil {
		panic(err) // only numbers are taken
	}
	return n
}

// All returns every setting, in the table's order.
func (s *Store) All() []Value {
	list := make([]Value, len(Table))
	for i := range Table {
		_, set := s.values[Table[i].Name]
		list[i] = Value{Name: Table[i].Name, Value: s.Get(Table[i].Name), Set: set}
	}
	return list
}

// Set checks a value, takes it and writes the file. changed says that it is
// another one than before. What can't be written isn't taken.
func (s *Store) Set(name, value string) (changed bool, err error) {
	k := Lookup(name)
	if k == nil {
		return false, fmt.Errorf("there is no setting %.60q; settings lists them", name)
	}
	v, err := k.Check(value)
	if err != nil {
		return false, err
	}
	before := maps.Clone(s.values)
	old := s.Get(name)
	if s.take(k, v); v == old {
		return false, nil
	}
	if err := s.save(); err != nil {
		s.values = before
		return false, err
	}
	return true, nil
}

func (s *Store) save() error {
	if s.path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if s.broken != nil {
		if err := atomicfile.Write(s.path+".broken", s.broken); err != nil {
			return fmt.Errorf("settings: keep what couldn't be read: %w", err)
		}
		s.broken = nil
	}
	data, err := json.MarshalIndent(s.values, "", "  ")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if err := atomicfile.Write(s.path, append(data, '\n')); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}
