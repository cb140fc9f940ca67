// Package mimetype tells what files are, by their names and the database of
// shared-mime-info (Shared MIME-info Database specification 0.21), and which
// programs the person has for them (MIME Applications Associations 1.0.1).
//
//	db := mimetype.Load(mimetype.Folders(os.Getenv))
//	db.OfName("report.pdf")     // application/pdf
//	db.OfFile("/tmp/Makefile")  // text/x-makefile
//
// Files of the database are bounded and those that can't be read are left out. A
// DB is immutable.
package mimetype

import (
	"bytes"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Types that the specification names.
const (
	Unknown   = "application/octet-stream"
	Text      = "text/plain"
	Empty     = "application/x-zerosize"
	Directory = "inode/directory"
)

// Limits of a database.
const (
	maxText  = 4 << 20 // of a file, in bytes
	maxGlobs = 20_000
	maxParts = 16 // dots of a name that are looked at
)

// rule is a pattern that names fit.
type rule struct {
	mime   string
	weight int
	exact  bool // letters count as they are written
}

// DB is a database.
type DB struct {
	literal map[string]rule // whole names
	suffix  map[string]rule // "*.tar.gz", without the star
	globs   []glob
}

type glob struct {
	rule
	pattern string
}

// Folders are where databases lie, by the environment: the person's own first.
func Folders(getenv func(string) string) (list []string) {
	home := getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(home) && filepath.IsAbs(getenv("HOME")) {
		home = filepath.Join(getenv("HOME"), ".local/share")
	}
	data := getenv("XDG_DATA_DIRS")
	if data == "" {
		data = "/usr/local/share:/usr/share"
	}
	for _, dir := range append([]string{home}, filepath.SplitList(data)...) {
		if filepath.IsAbs(dir) && len(list) < 32 {
			list = append(list, filepath.Join(dir, "mime"))
		}
	}
	return list
}

// Load reads the databases of folders; of equal rules those of the first folder
// hold. It takes reading files.
func Load(folders []string) *DB {
	db := &DB{literal: map[string]rule{}, suffix: map[string]rule{}}
	for _, dir := range folders {
		db.add(readText(filepath.Join(dir, "globs2")))
	}
	return db
}

// readText reads a regular file up to maxText; nil if there is none.
func readText(name string) []byte {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return nil
	}
	return text
}

// add reads a globs2 file: weight:type:pattern[:flags] a line.
func (db *DB) add(text []byte) {
	for line := range bytes.Lines(text) {
		parts := strings.Split(strings.TrimSpace(string(line)), ":")
		if len(parts) < 3 || strings.HasPrefix(parts[0], "#") || len(db.literal)+len(db.suffix)+len(db.globs) >= maxGlobs {
			continue
		}
		weight, err := strconv.Atoi(parts[0])
		if err != nil || !Valid(parts[1]) || parts[2] == "" {
			continue
		}
		r := rule{parts[1], weight, len(parts) > 3 && strings.Contains(","+parts[3]+",", ",cs,")}
		pattern := parts[2]
		switch rest := strings.TrimPrefix(pattern, "*"); {
		case !strings.ContainsAny(pattern, `*?[\`):
			put(db.literal, pattern, r)
		case rest != pattern && strings.HasPrefix(rest, ".") && !strings.ContainsAny(rest, `*?[\`):
			put(db.suffix, rest, r)
		default:
			if _, err := path.Match(pattern, ""); err == nil {
				db.globs = append(db.globs, glob{r, pattern})
			}
		}
	}
}

func put(m map[string]rule, key string, r rule) {
	if !r.exact {
		key = strings.ToLower(key)
	}
	if old, ok := m[key]; !ok || r.weight > old.weight {
		m[key] = r
	}
}

// Valid reports whether a type has the form of one: two parts, letters that
// can be seen.
func Valid(mime string) bool {
	major, minor, ok := strings.Cut(mime, "/")
	return ok && major != "" && minor != "" && len(mime) <= 255 && !strings.ContainsFunc(mime, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"[]?=`, r)
	}) && !strings.Contains(minor, "/")
}

// OfName returns the type of a file by its name alone; Unknown if no rule fits.
func (db *DB) OfName(name string) string {
	low := strings.ToLower(name)
	for _, try := range []string{name, low} {
		if r, ok := db.literal[try]; ok && (try == name || !r.exact) {
			return r.mime
		}
	}
	// The longest ending counts, as it is written before in small letters.
	best := rule{weight: -1}
	length := 0
	from := 0
	for range maxParts {
		dot := strings.IndexByte(name[from:], '.')
		if dot < 0 {
			break
		}
		at := from + dot
		for _, try := range []string{name[at:], low[min(at, len(low)):]} {
			r, ok := db.suffix[try]
			if ok && (!r.exact || try == name[at:]) && (r.weight > best.weight || r.weight == best.weight && len(try) > length) {
				best, length = r, len(try)
			}
		}
		from = at + 1
	}
	for _, g := range db.globs {
		if ok, _ := path.Match(g.pattern, name); ok && g.weight > best.weight { // its form was checked
			best = g.rule
		}
	}
	if best.weight < 0 {
		return Unknown
	}
	return best.mime
}

// sniffed is how much of a file is looked at, in bytes.
const sniffed = 512

// OfFile returns the type of a file by its name or, where that says nothing, by
// what it begins with.
func (db *DB) OfFile(file string) string {
	st, err := os.Stat(file)
	switch {
	case err != nil:
		return Unknown
	case st.IsDir():
		return Directory
	case !st.Mode().IsRegular():
		return Unknown
	}
	if mime := db.OfName(filepath.Base(file)); mime != Unknown {
		return mime
	}
	if st.Size() == 0 {
		return Empty
	}
	f, err := os.OpenFile(file, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return Unknown
	}
	defer f.Close()
	var buf [sniffed]byte
	n, err := io.ReadFull(f, buf[:])
	if err != nil && n == 0 {
		return Unknown
	}
	return OfText(buf[:n])
}

// OfText is Text for what can be read, else Unknown: no control characters but
// those of lines.
func OfText(data []byte) string {
	for _, c := range data {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b || c == 0x7f {
			return Unknown
		}
	}
	return Text
}
