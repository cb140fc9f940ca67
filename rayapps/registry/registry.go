package registry

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/internal/atomicfile"
	"rayos/rayapps/bundle"
	"rayos/rayapps/manifest"
)

// Registry is the apps below a folder.
type Registry struct {
	Root string // absolute
	// Desktop is the folder for .desktop files, by which launchers find apps;
	// "" writes none.
	Desktop string
	// Run is the program and its arguments that .desktop files start apps with,
	// in front of the id; rayctl run if nil.
	Run []string
	// Own are the apps that come with the session. They are found like the
	// others and can't be replaced or removed; what they ask for holds without
	// a question, until the person takes it away.
	Own []*App
}

// Default is the person's registry: $XDG_DATA_HOME/rayos, or .local/share in the
// home. It writes to the applications folder beside it.
func Default(getenv func(string) string) (*Registry, error) {
	data := getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(data) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return nil, errors.New("no place for apps: set HOME or XDG_DATA_HOME")
		}
		data = filepath.Join(home, ".local", "share")
	}
	return &Registry{Root: filepath.Join(data, "rayos"), Desktop: filepath.Join(data, "applications")}, nil
}

// App is one that is installed.
type App struct {
	manifest.Manifest
	Dir  string // of its bundle; of one that comes along, that of the program
	Home string // its own folder
	// Command is the first argument of the program for one of Own: by it lines
	// name the app, too. It is "" for one that was installed.
	Command string
}

// Program is the path of what is run.
func (a *App) Program() string { return filepath.Join(a.Dir, filepath.FromSlash(a.Exec)) }

// Argv are the program's arguments that run the app with some of its own.
func (a *App) Argv(args []string) []string {
	if a.Command == "" {
		return args
	}
	return append([]string{a.Command}, args...)
}

// Trusted reports whether the app is part of the session and runs unconfined.
func (a *App) Trusted() bool {
	_, ok := a.Permissions[manifest.Session]
	return ok && a.Command != ""
}

// Called reports whether a line's word names the app.
func (a *App) Called(name string) bool {
	return name != "" && (name == a.ID || name == a.Short() || name == a.Command)
}

// own returns one of Own with its folder, nil if there is none of that id.
func (r *Registry) own(id string) *App {
	for _, a := range r.Own {
		if a.ID == id {
			return r.housed(a)
		}
	}
	return nil
}

func (r *Registry) housed(a *App) *App {
	b := *a
	b.Home = filepath.Join(r.Root, "home", a.ID)
	return &b
}

// maxApps bounds what is looked at.
const maxApps = 1000

// ErrNone says that there is no such app.
var ErrNone = errors.New("there is no such app")

// Get returns an app by its id.
func (r *Registry) Get(id string) (*App, error) {
	if !manifest.ValidID(id) {
		return nil, fmt.Errorf("%.60q: %w", id, ErrNone)
	}
	if a := r.own(id); a != nil {
		return a, nil
	}
	dir := filepath.Join(r.Root, "apps", id)
	f, err := os.Open(filepath.Join(dir, manifest.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", id, ErrNone)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, manifest.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	m, err := manifest.Parse(data)
	if err == nil && m.ID != id {
		err = fmt.Errorf("it is %s", m.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s:%w", id, manifest.Name, err)
	}
	return &App{Manifest: *m, Dir: dir, Home: filepath.Join(r.Root, "home", id)}, nil
}

// List returns all apps, those of Own first and the others by id, and what is
// wrong with those that can't be read.
func (r *Registry) List() (apps []*App, err error) {
	for _, a := range r.Own {
		apps = append(apps, r.housed(a))
	}
	entries, err := os.ReadDir(filepath.Join(r.Root, "apps"))
	if errors.Is(err, fs.ErrNotExist) {
		return apps, nil
	}
	if err != nil {
		return apps, err
	}
	var bad []error
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || len(apps) == maxApps || r.own(e.Name()) != nil {
			continue
		}
		a, err := r.Get(e.Name())
		if err != nil {
			bad = append(bad, err)
			continue
		}
		apps = append(apps, a)
	}
	return apps, errors.Join(bad...)
}

// Find returns the app of exactly this id or short name. A short name that
// several have means none of them.
func (r *Registry) Find(name string) (*App, error) {
	if strings.Contains(name, ".") {
		return r.Get(name)
	}
	for _, a := range r.Own {
		if a.Called(name) {
			return r.housed(a), nil
		}
	}
	apps, err := r.List()
	var found *App
	for _, a := range apps {
		if a.Short() != name {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("%s and %s are called %s: give the id", found.ID, a.ID, name)
		}
		found = a
	}
	if found == nil {
		return nil, errors.Join(fmt.Errorf("%.60q: %w", name, ErrNone), err)
	}
	return found, nil
}

// Opens returns the first app that opens files of a type, or addresses of a
// scheme.
func (r *Registry) Opens(mime, scheme string) (*App, error) {
	apps, err := r.List()
	for _, a := range apps {
		if mime != "" && slices.Contains(a.MIME, mime) || scheme != "" && slices.Contains(a.Schemes, scheme) {
			return a, nil
		}
	}
	return nil, errors.Join(ErrNone, err)
}

// Errors of Install that callers tell apart.
var (
	ErrKey       = errors.New("it is signed with another key than what is installed")
	ErrDowngrade = errors.New("a later version is installed")
	ErrVersion   = errors.New("another bundle of the same version is installed")
	ErrUntrusted = errors.New("the key isn't trusted")
	ErrOwn       = errors.New("it comes with the session")
)

// Install takes in a bundle. trust is asked whether the key of an id that was
// never installed is to be believed.
func (r *Registry) Install(b *bundle.Bundle, trust func(fingerprint string) bool) error {
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	id := b.Manifest.ID
	if err := r.admit(b, trust); err != nil {
		return fmt.Errorf("%s %s: %w", id, b.Manifest.Version, err)
	}
	apps := filepath.Join(r.Root, "apps")
	fresh, err := os.MkdirTemp(apps, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := b.Extract(fresh); err != nil {
		return err
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	if err := r.pin(id, b.Key); err != nil {
		return err
	}
	dir := filepath.Join(apps, id)
	err = unix.Renameat2(unix.AT_FDCWD, fresh, unix.AT_FDCWD, dir, unix.RENAME_EXCHANGE)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.Rename(fresh, dir)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	if err := atomicfile.SyncDir(apps); err != nil {
		return err
	}
	a, err := r.Get(id)
	if err != nil {
		return err
	}
	return r.writeEntry(a)
}

// admit reports what speaks against a bundle.
func (r *Registry) admit(b *bundle.Bundle, trust func(string) bool) error {
	id := b.Manifest.ID
	pinned, err := r.pinned(id)
	switch {
	case r.own(id) != nil:
		return ErrOwn
	case err != nil:
		return err
	case pinned != nil && !pinned.Equal(b.Key):
		return fmt.Errorf("%w: %s, and not %s", ErrKey, bundle.Fingerprint(b.Key), bundle.Fingerprint(pinned))
	case pinned == nil && !trust(bundle.Fingerprint(b.Key)):
		return fmt.Errorf("%w: %s", ErrUntrusted, bundle.Fingerprint(b.Key))
	}
	old, err := r.Get(id)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	is, err := manifest.ParseVersion(old.Version)
	if err != nil {
		return err
	}
	will, err := manifest.ParseVersion(b.Manifest.Version)
	if err != nil {
		return err
	}
	switch c := will.Compare(is); {
	case c < 0:
		return fmt.Errorf("%w: %s", ErrDowngrade, old.Version)
	case c == 0:
		list, err := os.ReadFile(filepath.Join(old.Dir, "FILES"))
		if err != nil {
			return err
		}
		if !b.Same(list) {
			return ErrVersion
		}
	}
	return nil
}

// Remove takes an app away. Of its own folder, what the person has decided and
// whose bundles are taken nothing is left, unless keep is set: then all of that
// stays, so that nobody else's app gets the folder.
func (r *Registry) Remove(id string, keep bool) error {
	if !manifest.ValidID(id) {
		return fmt.Errorf("%.60q: %w", id, ErrNone)
	}
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if r.own(id) != nil {
		return fmt.Errorf("%s: %w", id, ErrOwn)
	}
	dir := filepath.Join(r.Root, "apps", id)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", id, ErrNone)
	}
	gone := filepath.Join(r.Root, "apps", ".old-"+id)
	if err := errors.Join(os.RemoveAll(gone), os.Rename(dir, gone), os.RemoveAll(gone), r.removeEntry(id)); err != nil || keep {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(r.Root, "home", id)), gonefile(r.grantsPath(id)), gonefile(r.filesPath(id)), gonefile(filepath.Join(r.Root, "keys", id)))
}

// gonefile removes a file that may not be there.
func gonefile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// lock keeps others from changing anything, and takes away what one who was
// interrupted has left.
func (r *Registry) lock() (unlock func(), err error) {
	for _, dir := range []string{"apps", "keys", "grants", "home"} {
		if err := os.MkdirAll(filepath.Join(r.Root, dir), 0o700); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(filepath.Join(r.Root, "apps", ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock: %w", err), f.Close())
	}
	for _, form := range []string{".new-*", ".old-*"} {
		left, err := filepath.Glob(filepath.Join(r.Root, "apps", form))
		for _, dir := range left {
			err = errors.Join(err, os.RemoveAll(dir))
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return func() { _ = f.Close() }, nil // which unlocks it
}

// pinned returns the key that an id belongs to, nil for none.
func (r *Registry) pinned(id string) (ed25519.PublicKey, error) {
	data, err := os.ReadFile(filepath.Join(r.Root, "keys", id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(data)))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("keys/%s is no key", id)
	}
	return key, nil
}

func (r *Registry) pin(id string, key ed25519.PublicKey) error {
	return atomicfile.Write(filepath.Join(r.Root, "keys", id), []byte(base64.StdEncoding.EncodeToString(key)+"\n"))
}
