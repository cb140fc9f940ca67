package manifest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"rayos/internal/strictoml"
)

// Name is the file's, at the top of a bundle.
const Name = "rayapp.toml"

// API is the version of what apps and session agree on. An app that needs a
// later one is refused.
const API = 1

// Limits of a manifest.
const (
	MaxSize     = 64 << 10 // of the file, in bytes
	maxText     = 200      // of a text for people, in bytes
	maxList     = 32       // entries
	maxIDLength = 200
	maxPath     = 200
)

// Manifest is what an app says about itself.
type Manifest struct {
	API            int      `toml:"api"`
	ID             string   `toml:"id"`
	Name           string   `toml:"name"`
	About          string   `toml:"about"`
	Version        string   `toml:"version"`
	Exec           string   `toml:"exec"`
	Icon           string   `toml:"icon"`
	Keywords       []string `toml:"keywords"`
	SingleInstance bool     `toml:"single-instance"`
	Restore        bool     `toml:"restore"`
	MIME           []string `toml:"mime"`
	Schemes        []string `toml:"schemes"`
	// Permissions are names of the table, each with the reason that the person
	// is told.
	Permissions map[string]string `toml:"permissions"`
	// Network is where an app with that permission connects to, as host:port;
	// "loopback" is this machine, "*" any. Without, anywhere.
	Network   []string  `toml:"network"`
	Resources Resources `toml:"resources"`
}

// Resources are what an app may use at most. 0 is the usual limit.
type Resources struct {
	MemoryMiB  int `toml:"memory-mib"`
	Files      int `toml:"files"`       // descriptors
	CPUPercent int `toml:"cpu-percent"` // of one processor
	Tasks      int `toml:"tasks"`       // threads
}

// The usual limits.
var Usual = Resources{MemoryMiB: 512, Files: 256, CPUPercent: 200, Tasks: 256}

// Module reports whether the program is a WebAssembly module.
func (m *Manifest) Module() bool { return path.Ext(m.Exec) == ".wasm" }

// Limits are the app's resources, the usual where it doesn't say.
func (m *Manifest) Limits() Resources {
	r := m.Resources
	for _, f := range []struct {
		v *int
		u int
	}{{&r.MemoryMiB, Usual.MemoryMiB}, {&r.Files, Usual.Files}, {&r.CPUPercent, Usual.CPUPercent}, {&r.Tasks, Usual.Tasks}} {
		if *f.v == 0 {
			*f.v = f.u
		}
	}
	return r
}

// Short is the name by which lines run the app: the last part of its id in
// lower case.
func (m *Manifest) Short() string { return ShortOf(m.ID) }

// ShortOf is the short name of an id.
func ShortOf(id string) string { return strings.ToLower(id[strings.LastIndexByte(id, '.')+1:]) }

// Parse reads a manifest. Its error is a *strictoml.Error.
func Parse(data []byte) (*Manifest, error) { return parse(data, false) }

// ParseOwn reads the manifest of an app that is part of the session: it may ask
// for what is the shell's alone.
func ParseOwn(data []byte) (*Manifest, error) { return parse(data, true) }

// Session is the permission of apps that are part of the session: they run as
// the person, unconfined.
const Session = "session"

func parse(data []byte, own bool) (*Manifest, error) {
	var m Manifest
	if err := strictoml.Decode(data, MaxSize, &m); err != nil {
		return nil, err
	}
	for _, k := range Keys {
		if detail := k.check(&m); detail != "" {
			return nil, strictoml.At(data, k.Name, detail)
		}
	}
	names := make([]string, 0, len(m.Permissions))
	for name := range m.Permissions {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if detail := checkPermission(name, m.Permissions[name], own); detail != "" {
			return nil, strictoml.At(data, "permissions."+name, detail)
		}
	}
	return &m, nil
}

func checkPermission(name, reason string, own bool) string {
	p := Find(name)
	switch {
	case p == nil:
		return "there is no such permission"
	case p.Kind == ShellOnly && !own:
		return "no app can have it: only the shell may " + p.What
	}
	return text(reason, 1)
}

// Key is a key of the file.
type Key struct {
	Name  string
	Form  string // TOML's type, and "needed" or what holds without
	What  string // for the reference
	check func(*Manifest) string
}

// Keys are those that there are, as the reference has them.
var Keys = []Key{
	{"api", "integer, needed", "the version of this contract that the app was made for: 1", func(m *Manifest) string {
		switch {
		case m.API == 0:
			return "missing; this is version 1"
		case m.API < 0 || m.API > API:
			return fmt.Sprintf("%d: this session knows version %d", m.API, API)
		}
		return ""
	}},
	{"id", "string, needed", "reverse DNS, as `org.example.Tally`: letters, digits, `_`; it is the window's app id and names everything that is kept for the app", func(m *Manifest) string {
		return checkID(m.ID)
	}},
	{"name", "string, needed", "what people call it, up to 200 bytes", func(m *Manifest) string { return text(m.Name, 1) }},
	{"about", "string, empty", "one line for people", func(m *Manifest) string { return text(m.About, 0) }},
	{"version", "string, needed", "three numbers, as `1.2.0`; a lower one than what is installed is refused", func(m *Manifest) string {
		_, err := ParseVersion(m.Version)
		if err != nil {
			return err.Error()
		}
		return ""
	}},
	{"exec", "string, needed", "the program, a path inside the bundle; one that ends in `.wasm` is a WebAssembly module", func(m *Manifest) string { return inside(m.Exec, true) }},
	{"icon", "string, none", "a PNG or SVG file inside the bundle", func(m *Manifest) string {
		if ext := path.Ext(m.Icon); m.Icon != "" && ext != ".png" && ext != ".svg" {
			return "want a .png or .svg file"
		}
		return inside(m.Icon, false)
	}},
	{"keywords", "strings, none", "more words by which the launcher finds it, up to 32", func(m *Manifest) string {
		return list(m.Keywords, func(s string) string { return text(s, 1) })
	}},
	{"single-instance", "boolean, false", "a second start shows the window that there is, and hands it files and addresses", func(*Manifest) string { return "" }},
	{"restore", "boolean, false", "after a crash it is started again, with its saved state", func(*Manifest) string { return "" }},
	{"mime", "strings, none", "types of files that it opens, as `text/plain`", func(m *Manifest) string {
		return list(m.MIME, func(s string) string {
			if !mimeForm().MatchString(s) {
				return fmt.Sprintf("%.40q: want a type like text/plain", s)
			}
			return ""
		})
	}},
	{"schemes", "strings, none", "schemes of addresses that it opens, as `vnc`; not `file`", func(m *Manifest) string {
		return list(m.Schemes, func(s string) string {
			if !schemeForm().MatchString(s) || s == "file" {
				return fmt.Sprintf("%.40q: want a scheme like vnc", s)
			}
			return ""
		})
	}},
	{"permissions", "table, none", "`name = \"reason\"`: what it may do beyond showing a window; the person reads the reason", func(*Manifest) string { return "" }},
	{"network", "strings, anywhere", "with the permission `network`, where it connects to: `host:port`, `loopback:port`, `*:port`; up to 32. The kernel holds the ports; hosts are for the person to read", func(m *Manifest) string {
		if _, asks := m.Permissions["network"]; len(m.Network) > 0 && !asks {
			return "it doesn't ask for the permission"
		}
		return list(m.Network, func(s string) string {
			if _, err := ParseEndpoint(s); err != nil {
				return err.Error()
			}
			return ""
		})
	}},
	{"resources.memory-mib", "integer, 512", "memory of its own, 64 to 16384 MiB; what it shares, as pictures of windows, isn't counted", func(m *Manifest) string {
		return between(m.Resources.MemoryMiB, 64, 16384)
	}},
	{"resources.files", "integer, 256", "descriptors, 16 to 4096", func(m *Manifest) string {
		return between(m.Resources.Files, 16, 4096)
	}},
	{"resources.cpu-percent", "integer, 200", "processor time, in percent of one processor, 10 to 6400; where there is a cgroup", func(m *Manifest) string {
		return between(m.Resources.CPUPercent, 10, 6400)
	}},
	{"resources.tasks", "integer, 256", "threads, 32 to 4096", func(m *Manifest) string {
		return between(m.Resources.Tasks, 32, 4096)
	}},
}

var (
	mimeForm   = form(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$`)
	schemeForm = form(`^[a-z][a-z0-9+.-]{0,31}$`)
	partForm   = form(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// form is an expression that is compiled when it is first needed: no start of a
// program that links this package waits for it.
func form(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// ValidID reports whether an id is safe as a name of a file, a window and a
// service.
func ValidID(id string) bool { return checkID(id) == "" }

func checkID(id string) string {
	if id == "" {
		return "missing"
	}
	parts := strings.Split(id, ".")
	ok := len(id) <= maxIDLength && len(parts) >= 2
	for _, p := range parts {
		ok = ok && partForm().MatchString(p)
	}
	if !ok {
		return fmt.Sprintf("%.60q: want a name like org.example.Tally", id)
	}
	return ""
}

// text checks what people read: one line that shows what it says.
func text(s string, least int) string {
	switch {
	case len(s) < least:
		return "missing"
	case len(s) > maxText:
		return fmt.Sprintf("%d bytes: at most %d", len(s), maxText)
	case !utf8.ValidString(s):
		return "no text"
	case strings.TrimSpace(s) != s:
		return "begins or ends with space"
	}
	for _, r := range s {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) {
			return fmt.Sprintf("has the character %U, which can't be seen", r)
		}
	}
	return ""
}

func inside(p string, needed bool) string {
	if p == "" {
		if needed {
			return "missing"
		}
		return ""
	}
	if !ValidPath(p) {
		return fmt.Sprintf("%.60q: want a path inside the bundle, without \"..\"", p)
	}
	return ""
}

// ValidPath reports whether a path stays inside a bundle, on every system, and
// is written in the one way there is: no dots, no backslashes, nothing that
// can't be seen.
func ValidPath(p string) bool {
	if p == "" || len(p) > maxPath || path.IsAbs(p) || path.Clean(p) != p || p == "." || p == ".." || strings.HasPrefix(p, "../") {
		return false
	}
	for _, r := range p {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`\:*?"<>|`, r) {
			return false
		}
	}
	return true
}

func list(all []string, check func(string) string) string {
	if len(all) > maxList {
		return fmt.Sprintf("%d entries: at most %d", len(all), maxList)
	}
	for i, s := range all {
		if detail := check(s); detail != "" {
			return detail
		}
		if slices.Contains(all[:i], s) {
			return fmt.Sprintf("%.60q is there twice", s)
		}
	}
	return ""
}

func between(v, lo, hi int) string {
	if v != 0 && (v < lo || v > hi) {
		return fmt.Sprintf("%d: want %d to %d", v, lo, hi)
	}
	return ""
}
