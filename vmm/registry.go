package vmm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/internal/atomicfile"
)

// registryVersion is the only version that is read and written.
const registryVersion = 1

// Limits of a registry file.
const (
	maxRegistry = 1 << 20
	maxVMs      = 256
)

// ErrRegistryBusy is returned when another process has the registry open.
var ErrRegistryBusy = errors.New("the VM registry is in use by another session")

// ErrNoVM is returned for ids that the registry doesn't have.
var ErrNoVM = errors.New("no such VM")

// Registry is the list of machines. It may be used from any goroutine.
type Registry struct {
	root Root
	lock *os.File
	// Recovered says why the backup was read instead of the file; "" when
	// the file was good.
	Recovered string

	mu      sync.Mutex
	vms     map[ID]*Record
	damaged bool // the file; it is kept under another name at the first write
}

// registryFile is the file's shape. Sum is the SHA-256 of the compact form of
// vms; somebody who edits the file by hand removes it.
type registryFile struct {
	Version int             `json:"version"`
	Sum     string          `json:"sha256,omitempty"`
	VMs     json.RawMessage `json:"vms"`
}

// OpenRegistry opens the registry below root and holds its lock until Close.
// A missing file is an empty registry. A file that can't be understood is
// left as it is: when its backup can be, that is used and Recovered says so,
// else there is an error, and no machine may be run.
func OpenRegistry(root Root) (*Registry, error) {
	path := root.Registry()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open VM registry: %w", err)
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open VM registry: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, ErrRegistryBusy
		}
		return nil, fmt.Errorf("lock VM registry: %w", err)
	}
	r := &Registry{root: root, lock: lock}
	if err := r.load(path); err != nil {
		lock.Close()
		return nil, err
	}
	return r, nil
}

func (r *Registry) load(path string) error {
	vms, err := readRegistry(path)
	if err == nil {
		r.vms = vms
		return nil
	}
	vms, bakErr := readRegistry(path + ".bak")
	switch {
	case bakErr == nil:
		r.vms, r.Recovered, r.damaged = vms, err.Error(), true
		return nil
	case errors.Is(err, fs.ErrNotExist) && errors.Is(bakErr, fs.ErrNotExist):
		r.vms = map[ID]*Record{}
		return nil
	}
	return fmt.Errorf("VM registry: %w; nothing was changed: repair the file, or move it and its .bak away to start with none", err)
}

// ReadRecord reads one machine's record for whoever runs that machine, while
// somebody else may have the registry open. It takes the backup where that one
// did.
func ReadRecord(root Root, id ID) (Record, error) {
	vms, err := readRegistry(root.Registry())
	if err != nil {
		var bakErr error
		if vms, bakErr = readRegistry(root.Registry() + ".bak"); bakErr != nil {
			return Record{}, fmt.Errorf("VM registry: %w", err)
		}
	}
	rec := vms[id]
	if rec == nil {
		return Record{}, fmt.Errorf("%s: %w", id, ErrNoVM)
	}
	return *rec, nil
}

func readRegistry(path string) (map[ID]*Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRegistry+1))
	if err != nil {
		return nil, err
	}
	vms, err := decodeRegistry(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return vms, nil
}

// decodeRegistry reads what encodeRegistry wrote.
func decodeRegistry(data []byte) (map[ID]*Record, error) {
	if len(data) > maxRegistry {
		return nil, fmt.Errorf("larger than %d bytes", maxRegistry)
	}
	var file registryFile
	if err := strictJSON(data, &file); err != nil {
		return nil, err
	}
	if file.Version != registryVersion {
		return nil, fmt.Errorf("version %d: this program reads version %d", file.Version, registryVersion)
	}
	if file.Sum != "" {
		sum, err := sumOf(file.VMs)
		if err != nil {
			return nil, err
		}
		if sum != file.Sum {
			return nil, errors.New("damaged: the content doesn't match its sha256 (after an edit by hand, remove that line)")
		}
	}
	vms := map[ID]*Record{}
	if err := strictJSON(file.VMs, &vms); err != nil {
		return nil, err
	}
	if len(vms) > maxVMs {
		return nil, fmt.Errorf("%d VMs: at most %d", len(vms), maxVMs)
	}
	for id, rec := range vms {
		if rec == nil || rec.ID != id {
			return nil, fmt.Errorf("VM %q: its id says otherwise", id)
		}
		if err := rec.Check(); err != nil {
			return nil, err
		}
	}
	return vms, nil
}

// strictJSON decodes one value, and nothing may follow or be unknown.
func strictJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("data after the end")
	}
	return nil
}

func sumOf(vms json.RawMessage) (string, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, vms); err != nil {
		return "", err
	}
	sum := sha256.Sum256(compact.Bytes())
	return hex.EncodeToString(sum[:]), nil
}

func encodeRegistry(vms map[ID]*Record) ([]byte, error) {
	raw, err := json.Marshal(vms)
	if err != nil {
		return nil, err
	}
	sum, err := sumOf(raw)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(registryFile{registryVersion, sum, raw}, "", "  ")
	if err != nil {
		return nil, err
	}
	data = append(data, '\n')
	if len(data) > maxRegistry {
		return nil, fmt.Errorf("VM registry would be larger than %d bytes", maxRegistry)
	}
	return data, nil
}

// Close gives the lock back.
func (r *Registry) Close() error { return r.lock.Close() }

// Root is the data root of the registry.
func (r *Registry) Root() Root { return r.root }

// Get returns a copy of a record.
func (r *Registry) Get(id ID) (Record, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.vms[id]
	if rec == nil {
		return Record{}, fmt.Errorf("%s: %w", id, ErrNoVM)
	}
	return rec.clone(), nil
}

// List returns copies of all records, by id.
func (r *Registry) List() []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]Record, 0, len(r.vms))
	for _, id := range slices.Sorted(maps.Keys(r.vms)) {
		list = append(list, r.vms[id].clone())
	}
	return list
}

// Add puts a new machine on the disk.
func (r *Registry) Add(rec Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vms[rec.ID] != nil {
		return fmt.Errorf("%s: there is one already", rec.ID)
	}
	if len(r.vms) >= maxVMs {
		return fmt.Errorf("%s: there are %d VMs already", rec.ID, maxVMs)
	}
	return r.put(rec)
}

// Update changes a record by f and has written it when it returns. When f or
// the write fails, nothing has changed.
func (r *Registry) Update(id ID, f func(*Record) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.vms[id]
	if old == nil {
		return fmt.Errorf("%s: %w", id, ErrNoVM)
	}
	rec := old.clone()
	if err := f(&rec); err != nil {
		return err
	}
	if rec.ID != id {
		return fmt.Errorf("%s: an id never changes", id)
	}
	return r.put(rec)
}

// Apply moves a machine's state by e and then changes its record by f, which
// may be nil.
func (r *Registry) Apply(id ID, e Event, f func(*Record)) (State, error) {
	var state State
	err := r.Update(id, func(rec *Record) error {
		next, err := rec.State.After(e)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		rec.State, state = next, next
		if f != nil {
			f(rec)
		}
		return nil
	})
	return state, err
}

func (r *Registry) put(rec Record) error {
	rec = rec.clone()
	if err := rec.Check(); err != nil {
		return err
	}
	vms := maps.Clone(r.vms)
	vms[rec.ID] = &rec
	data, err := encodeRegistry(vms)
	if err != nil {
		return err
	}
	path := r.root.Registry()
	if r.damaged {
		// The backup is the good one: it stays until the new file is there.
		if err := os.Rename(path, path+".damaged"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write VM registry: %w", err)
		}
		r.damaged = false
	}
	if err := writeFile(path, data); err != nil {
		return fmt.Errorf("write VM registry: %w", err)
	}
	r.vms = vms
	return nil
}

// keep gives a file a second name, which another file may have had until now.
// There need not be a file.
func keep(path, as string) error {
	tmp := as + ".tmp"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(path, tmp); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return os.Rename(tmp, as)
}

// writeFile replaces a file and keeps the one before as .bak. At every moment
// there is an old or a new file under the name.
func writeFile(path string, data []byte) error {
	if err := keep(path, path+".bak"); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}
