package vmm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Root is the folder that holds everything of a person's machines.
type Root struct {
	Dir string // absolute
	run string // where sockets go that the kernel would find too long
}

// sockaddrMax is the longest path of a Unix socket (unix(7)).
const sockaddrMax = 107

// DefaultRoot finds the data root: $RAYOS_DATA, else $XDG_STATE_HOME/rayos,
// else ~/.local/state/rayos. It creates nothing.
func DefaultRoot(getenv func(string) string) (Root, error) {
	run := getenv("XDG_RUNTIME_DIR")
	if dir := getenv("RAYOS_DATA"); dir != "" {
		return NewRoot(dir, run)
	}
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return NewRoot(filepath.Join(dir, "rayos"), run)
	}
	home := getenv("HOME")
	if home == "" {
		return Root{}, errors.New("no data folder: set RAYOS_DATA, XDG_STATE_HOME or HOME")
	}
	return NewRoot(filepath.Join(home, ".local", "state", "rayos"), run)
}

// NewRoot is a data root at dir, which must be absolute. Sockets whose path
// would be too long below dir go below run, which may be empty.
func NewRoot(dir, run string) (Root, error) {
	if !filepath.IsAbs(dir) {
		return Root{}, fmt.Errorf("data folder %q: want an absolute path", dir)
	}
	return Root{Dir: filepath.Clean(dir), run: run}, nil
}

// Policy is the path of the policy file.
func (r Root) Policy() string { return filepath.Join(r.Dir, "policy", "rayos-policy.toml") }

// Registry is the path of the registry.
func (r Root) Registry() string { return filepath.Join(r.Dir, "vm", "registry.json") }

// Path is the path of a file named relative to the root, as registry and
// policy name them. It fails for names that [CheckPath] refuses.
func (r Root) Path(rel string) (string, error) {
	if err := CheckPath(rel); err != nil {
		return "", err
	}
	return filepath.Join(r.Dir, rel), nil
}

// VM is the folder of a machine.
func (r Root) VM(kind Kind, id ID) Dir {
	return Dir{root: r, id: id, Rel: filepath.Join("vm", string(kind), string(id))}
}

// Dir is the folder of one machine.
type Dir struct {
	root Root
	id   ID
	Rel  string // relative to the root
}

// Path is the machine's folder.
func (d Dir) Path() string { return filepath.Join(d.root.Dir, d.Rel) }

// File is the path of a file in the machine's folder.
func (d Dir) File(name string) string { return filepath.Join(d.Path(), name) }

// Disk, State and Logs are paths of files in the folders of that name.
func (d Dir) Disk(name string) string { return filepath.Join(d.Path(), "disk", name) }

// State is the path of a file that belongs to the machine's saved state.
func (d Dir) State(name string) string { return filepath.Join(d.Path(), "state", name) }

// Logs is the path of a log.
func (d Dir) Logs(name string) string { return filepath.Join(d.Path(), "logs", name) }

// Run is the folder for sockets and locks. It lies in the machine's folder,
// or below the runtime folder where the paths would be too long for sockets.
func (d Dir) Run() string {
	dir := filepath.Join(d.Path(), "run")
	if longest := len(dir) + len("/display.sock"); longest > sockaddrMax && d.root.run != "" {
		return filepath.Join(d.root.run, "rayos-vm", string(d.id))
	}
	return dir
}

// Socket is the path of a socket in Run: "vm", "qmp", "qmp2", "agent", "qga",
// "tpm".
func (d Dir) Socket(name string) string { return filepath.Join(d.Run(), name+".sock") }

// Create makes the machine's folders, Run for its owner alone.
func (d Dir) Create() error {
	for _, dir := range []string{filepath.Dir(d.Disk("x")), filepath.Dir(d.State("x")), filepath.Dir(d.Logs("x")), d.Run()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("folders of %s: %w", d.id, err)
		}
	}
	if err := os.Chmod(d.Run(), 0o700); err != nil {
		return fmt.Errorf("folders of %s: %w", d.id, err)
	}
	if len(d.Socket("display")) > sockaddrMax {
		return fmt.Errorf("%s is too long a path for sockets (%d bytes, at most %d): choose a shorter data folder or set XDG_RUNTIME_DIR",
			d.Socket("display"), len(d.Socket("display")), sockaddrMax)
	}
	return nil
}

// CheckPath refuses names that could lead out of the data root: absolute
// ones, and such with empty, "." or ".." parts or control characters.
func CheckPath(rel string) error {
	switch {
	case rel == "":
		return errors.New("empty path")
	case len(rel) > 1024:
		return fmt.Errorf("path of %d bytes: at most 1024", len(rel))
	case strings.HasPrefix(rel, "/") || strings.HasPrefix(rel, "~"):
		return fmt.Errorf("path %q: want one relative to the data folder", rel)
	}
	for part := range strings.SplitSeq(rel, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("path %q: empty, \".\" and \"..\" parts are not allowed", rel)
		}
	}
	for i := range len(rel) {
		// A comma would start another option on a QEMU command line.
		if c := rel[i]; c < ' ' || c == 0x7f || c == ',' || c == '\\' {
			return fmt.Errorf("path %q: the character %q is not allowed", rel, c)
		}
	}
	return nil
}
