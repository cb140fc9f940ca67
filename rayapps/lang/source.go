package lang

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed po
var files embed.FS

// sources are where catalogs come from, in the order in which they are asked.
var sources = struct {
	sync.Mutex
	list  []fs.FS
	asked Locale // of Set, last
}{list: []fs.FS{files}, asked: Locale{Language: "en"}}

// Set makes the process speak a language. One without a catalog is shown in
// English, with the dates of its territory. The error names a catalog that can't
// be read; the language stays then.
func Set(l Locale) error {
	sources.Lock()
	defer sources.Unlock()
	return speak(sources.list, l)
}

// Add gives the process an app's own catalogs: the files po/xx/*.po of f, where xx
// is a language of ISO 639 and the first file by name has the head with
// Plural-Forms. Their messages are found before those of the SDK, and a language
// that only they have can be spoken. Any goroutine may call it, before Set or
// after; as a rule it is the first thing that main does. The error names what
// can't be read, in any language; nothing is added then.
func Add(f fs.FS) error {
	languages, err := folders(f)
	if err != nil {
		return err
	}
	for _, l := range languages {
		if Parse(l) != (Locale{Language: l}) {
			return fmt.Errorf("lang: po/%s is named like no language", l)
		}
		if _, err := load(f, l); err != nil {
			return err
		}
	}
	sources.Lock()
	defer sources.Unlock()
	list := append([]fs.FS{f}, sources.list...)
	if err := speak(list, sources.asked); err != nil {
		return err
	}
	sources.list = list
	return nil
}

// Languages lists what there are catalogs for, sorted; English needs none.
func Languages() []string {
	sources.Lock()
	defer sources.Unlock()
	var all []string
	for _, f := range sources.list {
		languages, err := folders(f)
		if err != nil {
			continue // Add has read them; a folder that has gone since has no languages
		}
		all = append(all, languages...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// speak speaks a language by the catalogs of a list. The lock is held.
func speak(list []fs.FS, l Locale) error {
	s := &spoken{locale: l}
	for _, f := range list {
		c, err := load(f, l.Language)
		if err != nil {
			return err
		}
		if c != nil {
			s.catalogs = append(s.catalogs, c)
		}
	}
	if len(s.catalogs) == 0 {
		s.locale.Language = "en"
	}
	sources.asked = l
	now.Store(s)
	return nil
}

// folders lists the languages of f.
func folders(f fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(f, "po")
	if err != nil {
		return nil, fmt.Errorf("lang: %w", err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// load reads the catalog of a language, which is nil if f has none.
func load(f fs.FS, language string) (*catalog, error) {
	text, err := read(f, language)
	if err != nil || text == "" {
		return nil, err
	}
	c, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("lang: po/%s: %w", language, err)
	}
	return c, nil
}

// read joins the files of a language, in the order of their names.
func read(f fs.FS, language string) (string, error) {
	var out strings.Builder
	folder := path.Join("po", language)
	entries, err := fs.ReadDir(f, folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("lang: %w", err)
	}
	for _, e := range entries {
		if path.Ext(e.Name()) != ".po" {
			continue
		}
		file, err := fs.ReadFile(f, path.Join(folder, e.Name()))
		if err != nil {
			return "", fmt.Errorf("lang: %w", err)
		}
		out.Write(file)
		out.WriteByte('\n')
	}
	return out.String(), nil
}
